import { describe, expect, it } from "vitest";
import { fill, pickLanguage } from "./languages";

describe("the language", () => {
  it("is the one chosen before, else the browser's first that there is, else English", () => {
    expect(pickLanguage("en", ["zh-CN"])).toBe("en");
    expect(pickLanguage("", ["fr-FR", "zh-TW", "en"])).toBe("zh-CN");
    expect(pickLanguage("", ["en-GB", "zh"])).toBe("en");
    expect(pickLanguage("", ["fr"])).toBe("en");
  });
});

it("fills blanks once, whatever the values look like", () => {
  expect(fill("{a} and {b}", { a: "{b}", b: "$&" })).toBe("{b} and $&");
  expect(fill("{unknown}", {})).toBe("{unknown}");
});
