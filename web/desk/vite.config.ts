/// Builds the desk's pages beside the others, into the Python package.
import { fileURLToPath } from "node:url";
import { defineConfig } from "vite";
import { parts } from "../shared/parts.ts";

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig({
  root: here("."),
  publicDir: false,
  plugins: [parts],
  build: {
    outDir: here("../../src/kefu/pages"),
    // The build of `classic`, which comes first, has emptied it.
    emptyOutDir: false,
    // The pages run under `default-src 'self'`: nothing may be inlined.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: { input: [here("account.html")] },
  },
});
