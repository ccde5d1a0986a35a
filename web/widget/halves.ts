/// A language's words in two halves, so that who opens and looks loads few: `XX.json?first` and `?later`.
import { readFile } from "node:fs/promises";
import type { Plugin } from "vite";

/// What is needed at once has a key without a prefix, or one of these.
const FIRST = ["home"];

const FILE = /^(.*\/locales\/[\w-]+\.json)\?(first|later)$/;

export const isFirst = (key: string): boolean => {
  const [prefix = "", more] = key.split(".");
  return more === undefined || FIRST.includes(prefix);
};

export const halves: Plugin = {
  name: "halves-of-languages",
  enforce: "pre",
  async load(id) {
    const [, path, half] = FILE.exec(id) ?? [];
    if (!path) {
      return null;
    }
    this.addWatchFile(path);
    const { texts } = JSON.parse(await readFile(path, "utf8"));
    const words = Object.entries(texts).filter(([key]) => isFirst(key) === (half === "first"));
    return {
      code: `export default ${JSON.stringify(Object.fromEntries(words))}`,
      moduleType: "js",
    };
  },
};
