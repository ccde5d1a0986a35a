import { expect, it } from "vitest";
import { cut } from "./cut";

it("cuts no character in two", () => {
  expect(cut(`${"a".repeat(1_999)}😀b`, 2_000)).toBe("a".repeat(1_999));
  expect(cut(`${"a".repeat(1_998)}😀b`, 2_000)).toBe(`${"a".repeat(1_998)}😀`);
  expect(cut("😀", 1)).toBe("");
});

it("leaves a short text as it is", () => {
  expect(cut("a😀", 3)).toBe("a😀");
  expect(cut("", 3)).toBe("");
});
