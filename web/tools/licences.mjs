/// Which npm packages a build carries, by the modules that it read, and their licences in full.
///
/// Rules: a package without a licence text ends the build, so nothing is given out without one.
import { readdir, readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";

const INSTALLED = fileURLToPath(new URL("../node_modules/", import.meta.url));
/// Greedy: of packages within packages, the innermost.
const FOLDER = /^(.*[\\/]node_modules[\\/](?:@[^\\/]+[\\/])?[^\\/]+)[\\/]/;
/// Code that the builders themselves put in: `\0vite/preload-helper.js`, `\0rolldown/runtime.js`.
const HELPER = /^\0(vite|rolldown)\b/;
/// Data that was made of a package which is not installed (emoji.mjs), with its licence beside it.
const DERIVED = [
  {
    data: "shared/src/emoji/names/",
    name: "emojibase-data",
    version: "17.0.0",
    license: "MIT",
  },
];
/// A bundle that others made; the map beside it says of what, by the folders of its sources.
const BUNDLES = ["socket.io-client/dist/socket.io.min.js"];
const SOURCE = /^\.\.\/\.\.\/([^/]+)\//;
const PACKAGE_OF_SOURCE = { "socket.io-component-emitter": "@socket.io/component-emitter" };
const LICENCE_FILE = /^(licen[cs]e|copying)(\.(md|txt))?$/i;
/// Where a builder's licence goes on about what it is built with itself, which no page carries.
const OF_OTHERS = /^# Licenses of bundled dependencies$/m;

/// The folder of the package that a module belongs to; null if the module is our own.
export function folderOf(id) {
  const helper = HELPER.exec(id)?.[1];
  return helper ? INSTALLED + helper : (FOLDER.exec(id)?.[1] ?? null);
}

/// The folders of the packages that a bundle was made of.
async function foldersIn(bundle) {
  const { sources } = JSON.parse(await readFile(`${INSTALLED}${bundle}.map`, "utf8"));
  const [own] = bundle.split("/");
  const names = sources.map((source) => SOURCE.exec(source)?.[1] ?? own);
  return names.map((name) => INSTALLED + (PACKAGE_OF_SOURCE[name] ?? name));
}

/// What is carried, by the ids of all modules: `{name, version, license, text}`, by name.
export async function packagesOf(ids) {
  const bundled = (await Promise.all(BUNDLES.map(foldersIn))).flat();
  const folders = new Set([...[...ids].map(folderOf).filter(Boolean), ...bundled]);
  const packages = await Promise.all([...folders].map(describe));
  for (const { data, ...about } of DERIVED.filter((one) =>
    [...ids].some((id) => id.includes(one.data)),
  )) {
    const file = fileURLToPath(new URL(`../${data}LICENSE`, import.meta.url));
    packages.push({ ...about, text: (await readFile(file, "utf8")).trim() });
  }
  return packages.sort((a, b) => (a.name < b.name ? -1 : 1));
}

async function describe(folder) {
  const { name, version, license } = JSON.parse(await readFile(`${folder}/package.json`, "utf8"));
  const file = (await readdir(folder)).find((one) => LICENCE_FILE.test(one));
  if (!license || !file) {
    throw new Error(`the pages carry ${name}, which has no licence to go with it`);
  }
  const [text] = (await readFile(`${folder}/${file}`, "utf8")).split(OF_OTHERS);
  return { name, version, license, text: text.trim() };
}

/// All of it as a text; `own` is Kefu's licence.
export function asText(own, packages) {
  const parts = packages.map(
    ({ name, version, license, text }) =>
      `${"-".repeat(80)}\n${name} ${version} (${license})\n\n${text}`,
  );
  return `${[`Kefu\n\n${own.trim()}`, ...parts].join("\n\n")}\n`;
}

/// All of it as the middle of a page.
export function asHtml(own, packages) {
  const kefu = { name: "Kefu", version: "", license: "MIT", text: own.trim() };
  return [kefu, ...packages].map(section).join("\n");
}

function section({ name, version, license, text }) {
  const title = escaped(`${name} ${version}`.trim());
  const body = `<pre class="code licence">${escaped(text)}</pre>`;
  return `<section lang="en"><h2>${title}</h2><p>${escaped(license)}</p>${body}</section>`;
}

function escaped(text) {
  return text.replace(/[&<>"]/g, (char) => `&#${char.codePointAt(0)};`);
}
