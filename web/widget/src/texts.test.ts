import {
  cpSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "vite";
import { describe, expect, it } from "vitest";
import { partOf } from "../parts";
import { unsaid } from "./testing/said";
import { nearest, say, type Texts } from "./texts";

type Said = string | Readonly<Record<string, string>>;

const web = fileURLToPath(new URL("../..", import.meta.url));
const folder = join(web, "../src/kefu/widget/locales");
const files = readdirSync(folder).map((file) => {
  const { texts } = JSON.parse(readFileSync(join(folder, file), "utf8"));
  return [file.replace(".json", ""), texts as Readonly<Record<string, Said>>] as const;
});
const english = files.find(([locale]) => locale === "en")?.[1] ?? {};

const sources = new Map(
  readdirSync(join(web, "widget/src"), { recursive: true, encoding: "utf8" })
    .filter((path) => /\.tsx?$/.test(path) && !/\.test\.|^testing/.test(path))
    .map((path) => [path, readFileSync(join(web, "widget/src", path), "utf8")]),
);

const formsOf = (said: Said) => (typeof said === "string" ? [said] : Object.values(said));
const blanksOf = (text: string) => [...text.matchAll(/\{\w+\}/g)].map(String).sort();

describe.each(files)("the file of %s", (locale, texts) => {
  it("has the same texts as every other, sorted", () => {
    expect(Object.keys(texts)).toEqual(Object.keys(english).sort());
  });

  it("has the same blanks in each text", () => {
    const blanks = (all: typeof texts) =>
      Object.entries(all).map(([key, said]) => [key, ...new Set(formsOf(said).flatMap(blanksOf))]);
    expect(blanks(texts)).toEqual(blanks(english));
  });

  it("has a form for each of its kinds of number, and no other", () => {
    const kinds = new Intl.PluralRules(locale).resolvedOptions().pluralCategories.sort();
    for (const said of Object.values(texts).filter((one) => typeof one !== "string")) {
      expect(Object.keys(said).sort()).toEqual(kinds);
    }
    const plural = (all: typeof texts) =>
      Object.keys(all).filter((key) => typeof all[key] !== "string");
    expect(plural(texts)).toEqual(plural(english));
  });
});

it("no text is there that nothing says, and none is said that is not there", () => {
  const all = [...sources.values()].join("\n");
  const isSaid = (key: string) => {
    const parts = key.split(".");
    // A key may be put together of what it is about: `talk.${what}`.
    const starts = parts.slice(1).map((_, index) => `${parts.slice(0, index + 1).join(".")}.\${`);
    const end = `}.${parts.at(-1)}\``;
    return (
      [`"${key}"`, end].some((one) => all.includes(one)) ||
      starts.some((start) => all.includes(start))
    );
  };
  expect(Object.keys(english).filter((key) => !isSaid(key))).toEqual([]);
});

it("each part says what it brought words for, or what loads it did", () => {
  expect(unsaid(sources, Object.keys(english), "main.ts")).toEqual([]);
});

it.each([
  [
    "in a module that a part shares",
    "rich/measures.ts",
    'app.text("talk.new")',
    "upload/index.tsx",
  ],
  ["put together of what it is about", "parts/icon.tsx", `app.text(\`talk.\${what}\`)`, "main.ts"],
  [
    "in a part that anything may load",
    "offers/index.tsx",
    'app.text("talk.new")',
    "offers/index.tsx",
  ],
])("a text without its words is found: %s", (_, path, said, part) => {
  const planted = new Map(sources).set(path, `${sources.get(path)}\n${said};`);
  const missing = unsaid(planted, Object.keys(english), "main.ts");
  expect(missing).toContainEqual(expect.stringMatching(`^${part} → ${path}: talk\\.`));
});

it("a number is written as the language writes it, and chooses the form", () => {
  const texts = { left: { one: "{n} character", other: "{n} characters" } } as Texts;
  expect([1, 2, 1_500].map((n) => say(texts, "en", "left", { n }))).toEqual([
    "1 character",
    "2 characters",
    "1,500 characters",
  ]);
});

it("what no server says is the nearest language that there is", () => {
  expect(["zh-TW", "en-GB", "fr", ""].map(nearest)).toEqual(["zh-CN", "en", "en", "en"]);
});

it("the first screen's words have no prefix, or home", () => {
  expect(["send", "home.here", "rich.menu", "talk.new"].map(partOf)).toEqual([
    "first",
    "first",
    "rich",
    "talk",
  ]);
});

it("one file more is one language more", { timeout: 60_000 }, async () => {
  const root = mkdtempSync(join(tmpdir(), "kefu-"));
  try {
    const notBuilt = (path: string) => !path.includes("node_modules");
    for (const name of ["widget", "client", "shared", "protocol", "loader", "tsconfig.json"]) {
      cpSync(join(web, name), join(root, "web", name), { recursive: true, filter: notBuilt });
    }
    const modules = join(root, "web/node_modules");
    cpSync(join(web, "node_modules/preact"), join(modules, "preact"), { recursive: true });
    for (const name of ["client", "shared", "protocol", "loader"]) {
      symlinkSync(join(root, "web", name), join(modules, name));
    }
    symlinkSync(join(web, "node_modules/vite"), join(modules, "vite"));
    const locales = join(root, "src/kefu/widget/locales");
    cpSync(folder, locales, { recursive: true });
    const arabic = Object.keys(english).map((key) => [key, `عربي ${key}`]);
    writeFileSync(
      join(locales, "ar.json"),
      JSON.stringify({ name: "العربية", dir: "rtl", texts: Object.fromEntries(arabic) }),
    );
    const configFile = join(root, "web/widget/vite.config.ts");
    const built = await build({ configFile, logLevel: "silent", build: { write: false } });
    const [{ output }] = [built].flat() as { output: { fileName: string; code?: string }[] }[] as [
      { output: { fileName: string; code?: string }[] },
    ];
    const said = output.filter(({ fileName }) => /\/ar-/.test(fileName)).map(({ code }) => code);
    const all = said.join("");
    expect(Object.keys(english).filter((key) => !all.includes(`عربي ${key}`))).toEqual([]);
  } finally {
    rmSync(root, { recursive: true });
  }
});
