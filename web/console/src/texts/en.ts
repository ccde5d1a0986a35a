/** Every part's words in this language, as one file of the build. */
const files = import.meta.glob<object>("./en/*.json", { eager: true, import: "default" });

export const words = Object.fromEntries(
  Object.entries(files).map(([path, texts]) => [
    path.slice("./en/".length, -".json".length),
    texts,
  ]),
);
