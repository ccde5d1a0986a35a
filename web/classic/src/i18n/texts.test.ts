import { LANGUAGES } from "shared/i18n/languages";
import { describe, expect, it } from "vitest";
import { TEXTS, type TextKey } from "./texts";

const PAGES = import.meta.glob<string>(["../../*.html", "../../../shared/parts/*.html"], {
  eager: true,
  query: "?raw",
  import: "default",
});

function blanks(text: string): string[] {
  return [...text.matchAll(/\{\w+\}/g)].map(String).sort();
}

describe("the dictionary", () => {
  const keys = Object.keys(TEXTS["zh-CN"]) as TextKey[];

  it.each(LANGUAGES)("has every text in %s", (language) => {
    expect(Object.keys(TEXTS[language]).sort()).toEqual([...keys].sort());
    expect(Object.values(TEXTS[language]).filter((text) => !text.trim())).toEqual([]);
  });

  it("has the same blanks in every language", () => {
    for (const key of keys) {
      expect(blanks(TEXTS.en[key]), key).toEqual(blanks(TEXTS["zh-CN"][key]));
    }
  });

  const named = Object.entries(PAGES).flatMap(([page, html]) =>
    [...html.matchAll(/data-(?:text|label|placeholder)="([^"]*)"/g)].map((match) => [
      page,
      match[1],
    ]),
  );

  it("has every text that a page names", () => {
    expect(named.length).toBeGreaterThan(10);
    expect(named.filter(([, key]) => !keys.some((one) => one === key))).toEqual([]);
  });
});
