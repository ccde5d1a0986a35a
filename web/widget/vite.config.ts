/// Builds the chat's document beside the pages: one small first script, the rest when it is used.
import { fileURLToPath } from "node:url";
import { defineConfig, type Plugin } from "vite";
import { parts } from "./parts.ts";

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

/// Makes elements by Preact's own `h`, not by the runtime of JSX beside it.
const elements: Plugin = {
  name: "elements-by-h",
  enforce: "pre",
  transform: (code, id) =>
    id.endsWith(".tsx")
      ? { code: `import { Fragment, h } from "preact";${code}`, map: null }
      : null,
};

/// In as few pieces as are loaded together: small ones compress badly.
const FIRST =
  /\/preact\/|\/widget\/src\/(app|bare|first|host|lazy|main|marked|place|styles|texts|theme|times)\.|\/widget\/src\/parts\/(button|composer|heading|icon|tint)\.|\/widget\/src\/screens\/(home|waiting)\.|\/client\/src\/memory\.|\/shared\/src\/(i18n\/languages|view\/(dom|memory)|core\/backoff)\./;
const TALK =
  /\/widget\/src\/(talk\/(?!fallback|index|queue|trouble)|known|places|parts\/(avatar|fitted|later)|rich\/seam)|\/client\/src\/(chat|client|device|known|link|optimistic|outbox|ports|proof|socket|sync|wire)\.|\/protocol\/src\/(?!routes)|\/shared\/src\/(core\/cut|i18n\/times|view\/scroll)\./;

export default defineConfig({
  root: here("."),
  publicDir: false,
  plugins: [parts, styles, elements],
  oxc: { jsx: { runtime: "classic", pragma: "h", pragmaFrag: "Fragment" } },
  build: {
    outDir: here("../../src/kefu/pages"),
    // The build of `classic`, which comes first, has emptied it.
    emptyOutDir: false,
    target: "es2022",
    // These know `light-dark()`, for which others get variables in every sheet.
    cssTarget: ["chrome123", "firefox120", "safari17.5"],
    assetsInlineLimit: 0,
    // Names of scripts that other scripts bring are longer than what they save.
    modulePreload: false,
    rolldownOptions: {
      input: [here("widget.html")],
      output: {
        codeSplitting: {
          groups: [
            { name: "first", test: FIRST, includeDependenciesRecursively: false },
            { name: "chat", test: TALK, includeDependenciesRecursively: false },
          ],
        },
      },
    },
  },
});
