/// Builds the scripts of the tests' host pages (tests/browser/hosts/*.js) into a folder.
///
///     node tools/hosts.mjs FOLDER
import { readdir } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { build } from "vite";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const sources = here("../../tests/browser/hosts/");
const [, , outDir] = process.argv;

for (const file of (await readdir(sources)).filter((name) => name.endsWith(".js"))) {
  await build({
    configFile: false,
    publicDir: false,
    logLevel: "error",
    // They stand outside of the folder that has the packages.
    resolve: {
      alias: Object.fromEntries(
        ["react-dom", "react", "@hotwired/turbo"].map((name) => [
          name,
          here(`../node_modules/${name}`),
        ]),
      ),
    },
    define: { "process.env.NODE_ENV": '"development"' },
    build: {
      outDir,
      emptyOutDir: false,
      minify: false,
      lib: { entry: sources + file, formats: ["iife"], name: "host", fileName: () => file },
    },
  });
}
