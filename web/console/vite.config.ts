/// Builds the console beside the other pages: what the first screen needs in a few pieces, the rest
/// when it is used.
import { fileURLToPath } from "node:url";
import { defineConfig, type Plugin } from "vite";

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/// What React Aria brings and the console has no use for, as one empty module: its own words ("dismiss")
/// in languages that the console does not speak, and a marker for servers that draw.
const LEFT_OUT = /^client-only$|\/intl\/\w+\/(?!en-US|zh-CN)[a-z]{2}-[A-Z]{2}\.mjs$/;

const leftOut: Plugin = {
  name: "left-out",
  enforce: "pre",
  resolveId: (id) => (LEFT_OUT.test(id) ? here("src/empty.ts") : null),
};

/// React Aria puts a `<style>` into the page unless an element of this id is there; the policy forbids
/// that, so the sheet, which says the same, bears the id.
const pressable: Plugin = {
  name: "pressable-style",
  transformIndexHtml: {
    order: "post",
    handler(html) {
      const marked = html.replace(
        '<link rel="stylesheet"',
        '<link id="react-aria-pressable-style" rel="stylesheet"',
      );
      if (marked === html) {
        throw new Error("a page of the console has no sheet");
      }
      return marked;
    },
  },
};

export default defineConfig({
  root: here("."),
  publicDir: false,
  plugins: [leftOut, pressable],
  css: { modules: { generateScopedName: "[name]-[local]-[hash:4]" } },
  build: {
    outDir: here("../../src/kefu/pages"),
    // The build of `classic`, which comes first, has emptied it.
    emptyOutDir: false,
    target: "es2022",
    // Nothing may be inlined: `style-src 'self'`.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      input: [here("console.html"), here("account.html"), here("try.html")],
      output: {
        codeSplitting: {
          // What changes with a package's version alone is kept over an update of Kefu.
          groups: [{ name: "console-react", test: /node_modules\/(react|react-dom|scheduler)\// }],
        },
      },
    },
  },
});
