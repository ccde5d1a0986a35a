import { expect, it } from "vitest";
import { clockOf, latenessOf, waitOf } from "./waiting";

it("a wait turns amber after two minutes and red after five", () => {
  expect([0, 119, 120, 299, 300].map(latenessOf)).toEqual([
    "calm",
    "calm",
    "amber",
    "amber",
    "red",
  ]);
});

it("nobody waits less than nothing, whatever this machine's clock says", () => {
  expect(waitOf("2026-11-30T10:00:10Z", Date.parse("2026-11-30T10:00:00Z"))).toBe(0);
  expect(waitOf("2026-11-30T10:00:00Z", Date.parse("2026-11-30T10:02:05.900Z"))).toBe(125);
});

it("a wait is written as a clock writes it, from a day on in days", () => {
  expect([42, 727, 11_045].map((wait) => clockOf(wait, "en"))).toEqual([
    "0:42",
    "12:07",
    "3:04:05",
  ]);
  expect(clockOf(2 * 86_400, "en")).toBe("2d");
  expect(clockOf(2 * 86_400, "zh-CN")).toBe("2天");
});
