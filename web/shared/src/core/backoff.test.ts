import { expect, it } from "vitest";
import { FIRST_DELAY_MS, LONGEST_DELAY_MS, retryDelayMs } from "./backoff";

it("waits half a second at first and twice as long each time, up to fifteen", () => {
  const delays = [0, 1, 2, 3, 4, 5, 6].map((attempt) => retryDelayMs(attempt, 0));
  expect(delays).toEqual([500, 1000, 2000, 4000, 8000, 15_000, 15_000]);
});

it("leaves half of each delay to chance", () => {
  expect(retryDelayMs(0, 1)).toBe(FIRST_DELAY_MS / 2);
  expect(retryDelayMs(99, 1)).toBe(LONGEST_DELAY_MS / 2);
});

it("stays bounded however often it was tried", () => {
  expect(retryDelayMs(1_000_000, 0)).toBe(LONGEST_DELAY_MS);
});
