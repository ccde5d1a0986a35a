import { readdirSync, readFileSync } from "node:fs";
import { LANGUAGES } from "shared/i18n/languages";
import { describe, expect, it } from "vitest";
import { words as english } from "./en";
import { words as chinese } from "./zh-CN";

const WORDS = { en: english, "zh-CN": chinese } as Readonly<
  Record<string, Readonly<Record<string, Readonly<Record<string, string>>>>>
>;
const LATER = import.meta.glob<Readonly<Record<string, string>>>("./*/later/*.json", {
  eager: true,
  import: "default",
});
const PLURAL = /_(zero|one|two|few|many|other)$/;

const laterOf = (language: string) =>
  Object.entries(LATER).flatMap(([path, texts]) => {
    const [, spoken, part] = /^\.\/(.+)\/later\/(.+)\.json$/.exec(path) ?? [];
    return part && spoken === language ? [[part, texts] as const] : [];
  });
const textsOf = (language: string) =>
  new Map(
    [...Object.entries(WORDS[language] ?? {}), ...laterOf(language)].flatMap(([part, texts]) =>
      Object.entries(texts).map(([key, text]) => [`${part}:${key}`, text] as const),
    ),
  );
const bases = (language: string) =>
  new Set([...textsOf(language).keys()].map((key) => key.replace(PLURAL, "")));
const blanksIn = (text: string) => [...text.matchAll(/\{\w+\}/g)].map(String).sort();

describe("the dictionary", () => {
  it.each(LANGUAGES)("has every text in %s", (language) => {
    expect([...bases(language)].sort()).toEqual([...bases("en")].sort());
    expect([...textsOf(language).values()].filter((text) => !text.trim())).toEqual([]);
  });

  it.each(LANGUAGES)("has for a number the forms that %s has, and no other", (language) => {
    const forms = [...new Intl.PluralRules(language).resolvedOptions().pluralCategories].sort();
    const plurals = [...textsOf(language).keys()].filter((key) => PLURAL.test(key));
    for (const base of new Set(plurals.map((key) => key.replace(PLURAL, "")))) {
      const own = plurals.filter((key) => key.replace(PLURAL, "") === base);
      expect(own.map((key) => key.slice(base.length + 1)).sort(), base).toEqual(forms);
    }
  });

  it("has the same blanks in every language", () => {
    const english = textsOf("en");
    for (const [key, text] of textsOf("zh-CN")) {
      const other = english.get(key) ?? "";
      expect(blanksIn(text), key).toEqual(blanksIn(other));
    }
  });

  it("has no text that nobody says", () => {
    const here = new URL("..", import.meta.url);
    const sources = readdirSync(here, { recursive: true, encoding: "utf8" })
      .filter((name) => /\.tsx?$/.test(name) && !name.includes(".test."))
      .map((name) => readFileSync(new URL(name, here), "utf8"))
      .join("\n");
    // Keys are written out, or made of a beginning and a word (`${…}`).
    const made = [...sources.matchAll(/`([a-z]+:[\w.-]*)\$\{/g)].map(([, start = ""]) => start);
    const isSaid = (key: string) =>
      sources.includes(`"${key}"`) || made.some((start) => key.startsWith(start));
    expect([...bases("en")].filter((key) => !isSaid(key))).toEqual([]);
  });
});
