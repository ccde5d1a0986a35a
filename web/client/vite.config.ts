/** Builds the client as one ESM file, under the name of Kefu's version, beside the pages. */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { defineConfig } from "vite";

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const package_ = readFileSync(here("../../src/kefu/__init__.py"), "utf8");
const version = /^__version__ = "(.+)"$/m.exec(package_)?.[1];

export default defineConfig({
  root: here("."),
  publicDir: false,
  build: {
    outDir: here("../../src/kefu/pages"),
    // The build of `classic`, which comes first, has emptied it.
    emptyOutDir: false,
    target: "es2022",
    rolldownOptions: { output: { minify: true } },
    lib: { entry: here("src/index.ts"), formats: ["es"], fileName: () => `client-${version}.js` },
  },
});
