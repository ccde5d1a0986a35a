/// A language's words by the parts of the program that say them: `XX.json?rich` has those whose keys
/// begin with `rich.`; `?first` those of the first screen, which begin with `home.` or have no prefix.
import { readFile } from "node:fs/promises";
import type { Plugin } from "vite";

const FILE = /^(.*\/locales\/[\w-]+\.json)\?(\w+)$/;

export function partOf(key: string): string {
  const [prefix = "", more] = key.split(".");
  return more === undefined || prefix === "home" ? "first" : prefix;
}

export const parts: Plugin = {
  name: "parts-of-languages",
  enforce: "pre",
  async load(id) {
    const [, path, part] = FILE.exec(id) ?? [];
    if (!path) {
      return null;
    }
    this.addWatchFile(path);
    const { texts } = JSON.parse(await readFile(path, "utf8"));
    const words = Object.entries(texts).filter(([key]) => partOf(key) === part);
    if (!words.length) {
      this.error(`${path} has no words of ${part}`);
    }
    return {
      code: `export default ${JSON.stringify(Object.fromEntries(words))}`,
      moduleType: "js",
    };
  },
};
