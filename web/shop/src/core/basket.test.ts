import { describe, expect, it } from "vitest";
import { basketOf, centsOf, countAll, MOST, productsIn, withCount } from "./basket";

const BASKET = withCount(withCount({}, "tea-tray", 1), "round-teapot", 2);

describe("a basket", () => {
  it("counts what is in it and what that costs", () => {
    expect(countAll(BASKET)).toBe(3);
    expect(centsOf(BASKET)).toBe(2 * 6400 + 4900);
    expect(productsIn(BASKET).map(({ name }) => name)).toEqual(["round-teapot", "tea-tray"]);
  });

  it("has no more of one thing than there may be", () => {
    expect(withCount({}, "leaf-jar", MOST + 1)).toEqual({ "leaf-jar": MOST });
  });

  it("forgets what there is none of", () => {
    expect(withCount(BASKET, "tea-tray", 0)).toEqual({ "round-teapot": 2 });
  });

  it("is kept as a text", () => {
    expect(basketOf(JSON.stringify(BASKET))).toEqual(BASKET);
  });

  it.each([
    "",
    "{",
    "null",
    "3",
    '["tea-tray"]',
    '{"tea-tray": "many"}',
    '{"tea-tray": -1}',
    '{"tea-tray": 1.5}',
    '{"__proto__": 3, "constructor": 3, "gold": 3}',
  ])("is empty where %j was kept", (kept) => {
    expect(basketOf(kept)).toEqual({});
  });
});
