import { expect, it } from "vitest";
import { squareOf } from "./square";

it.each([
  [400, 300, 0, { x: 0, y: 0, side: 300 }],
  [400, 300, 0.5, { x: 50, y: 0, side: 300 }],
  [400, 300, 1, { x: 100, y: 0, side: 300 }],
  [300, 500, 1, { x: 0, y: 200, side: 300 }],
  [64, 64, 0.5, { x: 0, y: 0, side: 64 }],
])("of %i × %i, at %f", (width, height, at, square) => {
  expect(squareOf(width, height, at)).toEqual(square);
});
