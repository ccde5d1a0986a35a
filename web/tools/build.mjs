/// Builds every page into the Python package: the bundles, the licences of what they carry, and
/// each file once more in small. What is there afterwards is all that the server gives out.
import { readFile, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { build } from "vite";
import { compressAll } from "./compress.mjs";
import { asHtml, asText, packagesOf } from "./licences.mjs";

/// The folders with pages, the client library and the loader. `classic` is first: it empties the output.
const WORKSPACES = ["classic", "client", "loader", "widget", "shop", "console"];
const PLACE = "<!-- packages -->";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const pages = here("../../src/kefu/pages/");

/// Notes every module that the build read, in `ids`.
const noted = (ids) => ({
  name: "noted-modules",
  buildEnd() {
    for (const id of this.getModuleIds()) {
      ids.add(id);
    }
  },
});

const ids = new Set();
for (const workspace of WORKSPACES) {
  const configFile = here(`../${workspace}/vite.config.ts`);
  await build({ configFile, logLevel: "warn", plugins: [noted(ids)] });
}

const packages = await packagesOf(ids);
const own = await readFile(here("../../LICENSE"), "utf8");
await writeFile(`${pages}licenses.txt`, asText(own, packages));
const page = await readFile(`${pages}licenses.html`, "utf8");
if (page.split(PLACE).length !== 2) {
  throw new Error(`licenses.html has to have one ${PLACE}`);
}
await writeFile(
  `${pages}licenses.html`,
  page.replace(PLACE, () => asHtml(own, packages)),
);
await compressAll(pages);
