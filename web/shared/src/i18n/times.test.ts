import { describe, expect, it } from "vitest";
import { dayOf, localeOf, momentOf, timeOf } from "./times";

const AT = new Date(2026, 2, 4, 15, 4);

describe("a time", () => {
  it.each([
    ["zh-CN", ["en-US"], "15:04"],
    ["zh-CN", ["zh-TW"], "15:04"],
    ["en", ["en-GB"], "15:04"],
    ["en", ["en-US", "en-GB"], "3:04 PM"],
    ["en", ["de", "en-GB"], "15:04"],
    ["en", ["de"], "15:04"],
  ] as const)("is written in %s for whoever prefers %j as %s", (language, preferred, said) => {
    // Newer versions of the tables put a narrow blank before AM and PM.
    expect(timeOf(AT, localeOf(language, preferred)).replace(/\s/u, " ")).toBe(said);
  });

  it("of a day to come says the day, too", () => {
    expect(momentOf(AT, "en-GB")).toMatch(/Wednesday.* 4 Mar.* 15:04/);
    expect(momentOf(AT, "zh-CN")).toMatch(/3月4日.*星期三.*15:04/);
  });
});

describe("a day", () => {
  it.each([
    [new Date(2026, 2, 4, 0, 1), "Today", "今天"],
    [new Date(2026, 2, 5, 0, 1), "Yesterday", "昨天"],
    [new Date(2026, 2, 6, 0, 1), "Wednesday 4 March", "3月4日星期三"],
    [new Date(2027, 0, 1, 0, 1), "Wednesday 4 March 2026", "2026年3月4日星期三"],
  ])("is called by its distance from %s", (now, english, chinese) => {
    expect(dayOf(AT, now, "en-GB").replace(",", "")).toBe(english);
    expect(dayOf(AT, now, "zh-CN")).toBe(chinese);
  });
});
