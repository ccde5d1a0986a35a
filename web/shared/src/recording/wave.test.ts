import { describe, expect, it } from "vitest";
import { barsOf, clockOf, waveOf } from "./wave";

it("a time is minutes and seconds", () => {
  expect([0, 5.9, 65, 600, -1].map(clockOf)).toEqual(["0:00", "0:05", "1:05", "10:00", "0:00"]);
});

describe("a waveform", () => {
  it("has as many bars as asked, each the loudest of its part", () => {
    expect(barsOf([1, 9, 2, 4], 2)).toEqual([9, 4]);
    expect(barsOf([7, 3], 4)).toEqual([7, 7, 3, 3]);
    expect(barsOf([], 2)).toEqual([0, 0]);
  });

  it("stands in the middle of its height", () => {
    expect(waveOf([0, 100])).toBe("M2 13.0v2.0M7 1.0v26.0");
    expect(waveOf([0], 3)).toBe("M17 13.0v2.0");
  });
});
