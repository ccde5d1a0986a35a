import { checkDictionary } from "shared/testing/dictionary";
import { describe, expect, it } from "vitest";
import { TEXTS, type TextKey } from "./texts";

const PAGES = import.meta.glob<string>(["../../*.html", "../../../shared/parts/languages.html"], {
  eager: true,
  query: "?raw",
  import: "default",
});

checkDictionary(TEXTS);

describe("the page's words", () => {
  const keys = Object.keys(TEXTS["zh-CN"]) as TextKey[];

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
