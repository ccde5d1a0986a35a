/// Builds the chat's document beside the pages: one small first script, the rest when it is used.
import { fileURLToPath } from "node:url";
import { defineConfig, type Plugin } from "vite";
import { halves } from "./halves.ts";

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/// Loads a part's styles before it, in place of Vite's own helper, which is as long as a screen.
const styles: Plugin = {
  name: "styles-of-parts",
  enforce: "pre",
  load: (id) =>
    id === "\0vite/preload-helper.js"
      ? `export { withStyles as __vitePreload } from ${JSON.stringify(here("src/styles.ts"))};`
      : null,
};

export default defineConfig({
  root: here("."),
  publicDir: false,
  plugins: [halves, styles],
  build: {
    outDir: here("../../src/kefu/pages"),
    // The build of `classic`, which comes first, has emptied it.
    emptyOutDir: false,
    target: "es2022",
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: { input: [here("widget.html")] },
  },
});
