import { expect, it } from "vitest";
import { loudest } from "./peaks";

it("each part is as loud as its loudest moment, beside the loudest of all", () => {
  expect(loudest([0, 0.1, -0.4, 0.2, 0.05, 0], 3)).toEqual([25, 100, 13]);
});

it("what is shorter than its parts has fewer, and silence none that is loud", () => {
  expect(loudest([0.5], 64)).toEqual([100]);
  expect(loudest([0, 0, 0, 0], 2)).toEqual([0, 0]);
  expect(loudest([], 4)).toEqual([]);
});
