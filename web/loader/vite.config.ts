/**
 * Builds the loader: the panel's script under the hash of its content, then `kefu.js`, which knows it by
 * name and hash.
 */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { build, defineConfig, type InlineConfig, type Plugin, type Rolldown } from "vite";

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const package_ = readFileSync(here("../../src/kefu/__init__.py"), "utf8");
const version = /^__version__ = "(.+)"$/m.exec(package_)?.[1];

/** `cache`: what the names that both scripts use, those with a $, were made in the other. */
const one = (
  entry: string,
  name: string,
  define: Record<string, string>,
  cache: Record<string, string | false> = {},
): InlineConfig => ({
  configFile: false,
  root: here("."),
  publicDir: false,
  logLevel: "warn",
  define,
  build: {
    outDir: here("../../src/kefu/pages"),
    // The build of `classic`, which comes first, has emptied it.
    emptyOutDir: false,
    target: "es2022",
    rolldownOptions: {
      optimization: { inlineConst: { mode: "all" } },
      output: { minify: { compress: true, mangle: true, mangleProps: { include: /^\$/, cache } } },
    },
    lib: { entry: here(`src/${entry}.ts`), formats: ["iife"], name: "kefu", fileName: () => name },
  },
});

export default defineConfig(async () => {
  const first = one("panel", "kefu-panel.js", { KEFU_VERSION: JSON.stringify(version) });
  const built = await build({ ...first, build: { ...first.build, write: false } });
  const [{ output, mangleCache }] = [built].flat() as [Rolldown.RolldownOutput];
  const { code } = output[0];
  const hash = createHash("sha256").update(code).digest();
  const name = `kefu-panel-${hash.toString("hex").slice(0, 8)}.js`;
  const given: Plugin = {
    name: "panel",
    generateBundle() {
      this.emitFile({ type: "asset", fileName: name, source: code });
    },
  };
  const define = {
    PANEL_NAME: JSON.stringify(name),
    PANEL_HASH: JSON.stringify(`sha256-${hash.toString("base64")}`),
  };
  const { configFile: _, ...rest } = one("loader", "kefu.js", define, mangleCache);
  return { ...rest, plugins: [given] };
});
