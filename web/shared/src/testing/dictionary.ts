/** What holds for the words of every page: the same keys and the same `{blanks}` in each language. */
import { describe, expect, it } from "vitest";
import { LANGUAGES, type Texts } from "../i18n/languages";

export function checkDictionary<Key extends string>(texts: Texts<Key>): void {
  const keys = Object.keys(texts["zh-CN"]) as Key[];

  describe("the dictionary", () => {
    it.each(LANGUAGES)("has every text in %s", (language) => {
      expect(Object.keys(texts[language]).sort()).toEqual([...keys].sort());
      expect(Object.values<string>(texts[language]).filter((text) => !text.trim())).toEqual([]);
    });

    it("has the same blanks in every language", () => {
      for (const key of keys) {
        expect(blanksIn(texts.en[key]), key).toEqual(blanksIn(texts["zh-CN"][key]));
      }
    });
  });
}

function blanksIn(text: string): string[] {
  return [...text.matchAll(/\{\w+\}/g)].map(String).sort();
}
