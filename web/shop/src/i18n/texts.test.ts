import { checkDictionary } from "shared/testing/dictionary";
import { describe, expect, it } from "vitest";
import languages from "../../../shared/parts/languages.html?raw";
import page from "../../shop.html?raw";
import { CARES, PRODUCTS, SHELVES } from "../core/products";
import { TEXTS, type TextKey } from "./texts";

checkDictionary(TEXTS);

describe("the page's words", () => {
  const keys = Object.keys(TEXTS["zh-CN"]) as TextKey[];

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
