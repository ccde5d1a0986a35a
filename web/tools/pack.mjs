/// Makes the npm package `@kefu/client` in a folder: the built module, its types, licence and page.
///
///     node tools/pack.mjs FOLDER && npm pack FOLDER
import { execFile } from "node:child_process";
import { copyFile, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { build } from "vite";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const folder = resolve(process.argv[2] ?? here("../client/dist"));
const [, version] = /^__version__ = "(.+)"$/m.exec(
  await readFile(here("../../src/kefu/__init__.py"), "utf8"),
);
/// Another workspace's types; outside of this repository nobody knows its name.
const WORKSPACE = /(from |import\()"protocol"/g;
const BESIDE = /(from |import\()"(\.[^"]*)"/g;

const MANIFEST = {
  name: "@kefu/client",
  version,
  description:
    "A client of Kefu, a live support chat: WebSocket, event stream or polls, resumed without gaps.",
  license: "MIT",
  type: "module",
  exports: { ".": { types: "./types/client/src/index.d.ts", default: "./client.js" } },
  types: "./types/client/src/index.d.ts",
  files: ["client.js", "types"],
  sideEffects: false,
};

async function writeTypes() {
  const types = `${folder}/types`;
  const options = ["--noEmit", "false", "--declaration", "--emitDeclarationOnly"];
  for (const workspace of ["protocol", "client"]) {
    const where = ["--rootDir", here(".."), "--outDir", types, "-p", here(`../${workspace}`)];
    await promisify(execFile)(here("../node_modules/.bin/tsc"), [...options, ...where]);
  }
  const files = await readdir(types, { recursive: true });
  for (const file of files.filter((name) => name.endsWith(".d.ts"))) {
    const path = `${types}/${file}`;
    const up = relative(dirname(path), types);
    const text = (await readFile(path, "utf8"))
      .replace(WORKSPACE, (_, how) => `${how}"${up}/protocol/src/index"`)
      .replace(BESIDE, (_, how, name) => `${how}"${name}.js"`);
    await writeFile(path, text);
  }
}

await rm(folder, { recursive: true, force: true });
await mkdir(folder, { recursive: true });
await build({
  configFile: here("../client/vite.config.ts"),
  logLevel: "warn",
  build: {
    outDir: folder,
    lib: { entry: here("../client/src/index.ts"), formats: ["es"], fileName: () => "client.js" },
  },
});
await writeTypes();
await writeFile(`${folder}/package.json`, `${JSON.stringify(MANIFEST, null, 2)}\n`);
await copyFile(here("../../LICENSE"), `${folder}/LICENSE`);
await copyFile(here("../../docs/client.md"), `${folder}/README.md`);
