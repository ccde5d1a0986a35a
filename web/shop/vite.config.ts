/// Builds the demo's shop beside the other pages: one document, and a file of it for each address
/// below /shop, so that the server has what there is and nothing else.
import { fileURLToPath } from "node:url";
import { defineConfig, type Plugin } from "vite";
import { parts } from "../shared/parts.ts";
import { NAMES } from "./src/core/pages.ts";

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

const addresses: Plugin = {
  name: "shop-addresses",
  generateBundle: {
    order: "post", // the document is there
    handler(_options, bundle) {
      const document = bundle["shop.html"];
      if (document?.type !== "asset") {
        throw new Error("the build made no shop.html");
      }
      for (const name of NAMES) {
        this.emitFile({ type: "asset", fileName: `shop/${name}.html`, source: document.source });
      }
    },
  },
};

export default defineConfig({
  root: here("."),
  publicDir: false,
  plugins: [parts, addresses],
  build: {
    outDir: here("../../src/kefu/pages"),
    // The build of `classic`, which comes first, has emptied it.
    emptyOutDir: false,
    // The pages run under `default-src 'self'`: nothing may be inlined.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: { input: here("shop.html") },
  },
});
