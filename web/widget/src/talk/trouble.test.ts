import { expect, it } from "vitest";
import { canRetry } from "./trouble";

it("offers to say again what time mends, and nothing else", () => {
  expect(["too_many", "unavailable", "illegal_state"].every(canRetry)).toBe(true);
  const lasting = ["bad_input", "not_found", "not_allowed", "conflict", "too_large", undefined];
  expect(lasting.some(canRetry)).toBe(false);
});
