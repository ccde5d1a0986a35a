import { describe, expect, it } from "vitest";
import { sinceOf, whenOf, zoneOf } from "./days";
import { habitOf, lengthOf } from "./times";

const NOW = new Date(2026, 2, 4, 22, 40); // a Wednesday

const plain = (text: string): string => text.replace(/\s/gu, " ");

describe("a length of time", () => {
  it.each([
    [10, "en", "1 min"],
    [110, "en", "2 min"],
    [3600, "en", "1 hr"],
    [10 * 3600 + 20 * 60, "en", "10 hr 20 min"],
    [10 * 3600 + 20 * 60, "zh-CN", "10 小时 20 分钟"],
    [2 * 86_400 + 3 * 3600 + 60, "en", "2 days 3 hr"],
  ])("of %d s is in %s: %s", (seconds, locale, said) => {
    expect(plain(lengthOf(seconds, locale))).toBe(said);
  });

  it("is not broken over lines", () => {
    expect(lengthOf(10 * 3600 + 20 * 60, "zh-CN")).toBe(
      "10 小时 20 分钟".replaceAll(" ", "\u00a0"),
    );
  });
});

describe("the next opening", () => {
  it.each([
    [new Date(2026, 2, 4, 23, 30), "en-GB", "today", "23:30"],
    [new Date(2026, 2, 5, 9, 0), "en-GB", "tomorrow", "9:00"],
    [new Date(2026, 2, 5, 9, 0), "en-US", "tomorrow", "9:00 AM"],
    [new Date(2026, 2, 5, 9, 0), "zh-CN", "明天", "9:00"],
    [new Date(2026, 2, 9, 9, 0), "en-GB", "Monday", "9:00"],
    [new Date(2026, 2, 20, 9, 0), "en-GB", "20 Mar", "9:00"],
  ])("%s is said in %s as %s, %s", (at, locale, day, time) => {
    const said = whenOf(at, NOW, locale);
    expect([said.day, plain(said.time).replace(/^0/, "")]).toEqual([day, time]);
  });
});

describe("a message of the past", () => {
  it.each([
    [NOW, "en", "now"],
    [new Date(2026, 2, 4, 22, 38), "en", "2 min. ago"],
    [new Date(2026, 2, 4, 20, 5), "en-GB", "20:05"],
    [new Date(2026, 1, 18, 9, 0), "en-GB", "18 Feb"],
    [new Date(2025, 1, 18, 9, 0), "en-GB", "18 Feb 2025"],
  ])("of %s is in %s: %s", (at, locale, said) => {
    expect(sinceOf(at, NOW, locale)).toBe(said);
  });
});

it("a zone is named by its city, or in the letters of a language that has others", () => {
  const zones = ["Europe/Lisbon", "America/Argentina/Buenos_Aires", "UTC"];
  const named = (locale: string) => zones.map((zone) => zoneOf(zone, locale));
  expect(named("en")).toEqual(["Lisbon", "Buenos Aires", "UTC"]);
  expect(named("zh-CN")).toEqual(["西欧时间", "阿根廷标准时间", "UTC"]);
  expect(zoneOf("Asia/Shanghai", "zh-CN")).toBe("中国标准时间");
});

it("an English clock has as many hours as the browser's English", () => {
  expect(habitOf("en", ["de", "en-US", "en-GB"])).toBe("en-US");
  expect(habitOf("en", ["de"])).toBe("en-GB");
  expect(habitOf("ar", ["en-US"])).toBe("ar");
});
