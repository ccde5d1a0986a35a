import { LANGUAGES } from "shared/i18n/languages";
import { describe, expect, it } from "vitest";
import languages from "../../../shared/parts/languages.html?raw";
import page from "../../shop.html?raw";
import { CARES, PRODUCTS, SHELVES } from "../core/products";
import { TEXTS, type TextKey } from "./texts";

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

  it("has every text that the page names", () => {
    const named = [...`${page}${languages}`.matchAll(/data-(?:text|label)="([^"]*)"/g)].map(
      (match) => match[1],
    );
    expect(named.length).toBeGreaterThan(20);
    expect(named.filter((key) => !keys.some((one) => one === key))).toEqual([]);
  });

  it("says of everything what it is", () => {
    const names = PRODUCTS.map(({ name }) => name);
    const wanted = [
      ...names.flatMap((name) => [name, `${name}.what`, `${name}.about`]),
      ...[...SHELVES, ...CARES, "care"].flatMap((name) => [name, `${name}.about`]),
    ];
    expect(wanted.filter((key) => !keys.some((one) => one === key))).toEqual([]);
  });
});

describe("the page", () => {
  it("needs no inline script, style or handler", () => {
    expect(page).not.toMatch(/<script(?![^>]*\ssrc=)|<style|\sstyle=|\son\w+=|javascript:/i);
  });

  it("has the widget as any site has it", () => {
    expect(page).toContain(
      '<script src="/kefu.js" data-widget="wk_demo" async vite-ignore></script>',
    );
  });
});
