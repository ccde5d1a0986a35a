import { expect, it } from "vitest";
import { MOST_CHARS, overBy } from "./length";

it("what is as long as it may be can be sent, and one more is too many", () => {
  expect(overBy("a".repeat(MOST_CHARS))).toBe(0);
  expect(overBy("a".repeat(MOST_CHARS + 1))).toBe(1);
});

it("an emoji is one character, and what is trimmed away is none", () => {
  expect(overBy("😀".repeat(MOST_CHARS))).toBe(0);
  expect(overBy(`${" ".repeat(9)}${"a".repeat(MOST_CHARS)}\n`)).toBe(0);
});
