/// What the built pages carry is in the list of licences. Needs the built pages.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "vite";
import { beforeAll, expect, it, vi } from "vitest";
import { asHtml, folderOf } from "./licences.mjs";

const web = fileURLToPath(new URL("..", import.meta.url));
const listed = readFileSync(`${web}../src/kefu/pages/licenses.txt`, "utf8");

const WORKSPACES = readdirSync(web).filter((name) => existsSync(`${web}${name}/vite.config.ts`));

// Some packages have other files for whoever tests.
beforeAll(() => {
  vi.stubEnv("NODE_ENV", "production");
});

/// The name of the package whose file this is; folders in it may have a package.json of their own.
function owner(file) {
  return JSON.parse(readFileSync(`${folderOf(file)}/package.json`, "utf8")).name;
}

/// The files that a workspace's bundles were made of, by the maps of its scripts.
async function sources(workspace) {
  const built = await build({
    configFile: `${web}${workspace}/vite.config.ts`,
    logLevel: "silent",
    build: { write: false, sourcemap: "hidden" },
  });
  const [{ output }] = [built].flat(); // of a library there is one for each format
  const assets = resolve(web, "../src/kefu/pages");
  return output
    .filter((chunk) => chunk.map)
    .flatMap(({ fileName, map }) =>
      map.sources.map((source) => resolve(assets, dirname(fileName), source)),
    );
}

it.each(WORKSPACES)(
  "every package that the pages of %s carry is listed",
  async (workspace) => {
    const carried = (await sources(workspace)).filter(folderOf);
    const missing = carried.filter((file) => !listed.includes(`\n${owner(file)} `));
    expect(missing).toEqual([]);
  },
  60_000,
);

it("the pages' own Socket.IO client is found in their build", async () => {
  const carried = (await sources("classic")).filter(folderOf);
  expect(carried.map(owner)).toContain("socket.io-client");
});

it("each package is listed with its licence", () => {
  for (const part of listed.split(/^-{80}\n/m).slice(1)) {
    expect(part).toMatch(/^\S+ \d+\.\S+ \(\S+\)\n/);
    expect(part).toMatch(/Permission is hereby granted|Apache License\s+Version 2\.0/);
  }
});

it.each([
  ["/w/node_modules/a/dist/a.js", "/w/node_modules/a"],
  ["/w/node_modules/@s/a/a.js?used", "/w/node_modules/@s/a"],
  ["/w/node_modules/a/node_modules/b/b.js", "/w/node_modules/a/node_modules/b"],
  ["/w/src/a.ts", null],
])("%s belongs to %s", (id, folder) => {
  expect(folderOf(id)).toBe(folder);
});

it("the builders' own helpers are theirs", () => {
  expect(folderOf("\0vite/preload-helper.js")).toBe(`${web}node_modules/vite`);
  expect(folderOf("\0rolldown/runtime.js")).toBe(`${web}node_modules/rolldown`);
});

it("a licence is text, whatever it says", () => {
  const html = asHtml("<b>", [{ name: "a&b", version: "1", license: "x", text: "<script>" }]);
  expect(html).not.toMatch(/<b>|<script|a&b/);
});
