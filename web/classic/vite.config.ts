/// Builds the pages into the Python package, together with the official Socket.IO client.
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { defineConfig, type Plugin } from "vite";
import { parts } from "../shared/parts.ts";

const PAGES = ["index", "kefu", "yonghu", "direct", "demo", "licenses", "missing"];

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/// The bundle that the server answers with at /socket.io/socket.io.js. Its last line names a map
/// beside it; that address is Engine.IO's endpoint here, so the line goes.
const officialClient: Plugin = {
  name: "official-socket.io-client",
  generateBundle() {
    const bundle = here("../node_modules/socket.io-client/dist/socket.io.min.js");
    const source = readFileSync(bundle, "utf8").replace(/\n\/\/# sourceMappingURL=.*\s*$/, "\n");
    this.emitFile({ type: "asset", fileName: "socket.io.js", source });
  },
};

export default defineConfig({
  root: here("."),
  publicDir: here("../shared/public"),
  plugins: [parts, officialClient],
  build: {
    outDir: here("../../src/kefu/pages"),
    emptyOutDir: true,
    // The pages run under `default-src 'self'`: nothing may be inlined.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: { input: PAGES.map((page) => here(`${page}.html`)) },
  },
});
