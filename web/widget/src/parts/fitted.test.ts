import { describe, expect, it } from "vitest";
import { fitted } from "./fitted";

describe("a picture's place", () => {
  it("has the picture's proportions, and is no larger than a bubble", () => {
    expect(fitted({ width: 2400, height: 1200 })).toEqual({ width: 240, height: 120 });
    expect(fitted({ width: 600, height: 1200 })).toEqual({ width: 120, height: 240 });
  });

  it("does not make a small picture larger, nor one of a line so small that it cannot be pressed", () => {
    expect(fitted({ width: 100, height: 80 })).toEqual({ width: 100, height: 80 });
    expect(fitted({ width: 4000, height: 10 })).toEqual({ width: 240, height: 48 });
  });

  it("is a usual one where nothing is known", () => {
    expect(fitted({})).toEqual({ width: 240, height: 180 });
    expect(fitted({ width: 0, height: 20 })).toEqual({ width: 240, height: 180 });
  });
});
