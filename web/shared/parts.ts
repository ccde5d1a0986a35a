/// What documents have in common: `<!-- part: NAME -->` stands for parts/NAME.html. A part may have
/// parts; one that is not there ends the build.
import { readFileSync } from "node:fs";
import type { Plugin } from "vite";

const MARK = /<!-- part: (\w+) -->/g;

const read = (name: string): string =>
  readFileSync(new URL(`./parts/${name}.html`, import.meta.url), "utf8").trim();

const fill = (html: string): string => html.replace(MARK, (_, name: string) => fill(read(name)));

export const parts: Plugin = {
  name: "parts",
  transformIndexHtml: { order: "pre", handler: fill },
};
