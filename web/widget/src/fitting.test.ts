import { describe, expect, it, vi } from "vitest";
import { fitAttributes, fitChanges } from "./fitting";

const HALF = "\ud83d";

function attributesOf(all: Readonly<Record<string, unknown>>) {
  const warn = vi.spyOn(console, "warn").mockReturnValue();
  try {
    return fitAttributes(all);
  } finally {
    warn.mockRestore();
  }
}

describe("what a page says of a visitor", () => {
  it("goes as it is, if the server takes it", () => {
    const all = { plan: "gold", 城市: "北京", "a.b-c_1": 0, isNew: false, note: "" };
    expect(fitAttributes(all)).toEqual(all);
  });

  it("goes without what is no attribute, which is told once", () => {
    const warn = vi.spyOn(console, "warn").mockReturnValue();
    const all = {
      user: { name: "Li" },
      "first name": "Li",
      list: [1],
      day: new Date(),
      n: Number.NaN,
    };
    expect(fitAttributes({ ...all, plan: "gold" })).toEqual({ plan: "gold" });
    expect(fitAttributes({ ...all, plan: "gold" })).toEqual({ plan: "gold" });
    expect(warn).toHaveBeenCalledTimes(Object.keys(all).length);
    warn.mockRestore();
  });

  it.each([
    ["a name that means something else", JSON.parse('{"__proto__": 1, "constructor": 2}')],
    ["a half of a character", { text: HALF }],
    ["what no store keeps", { text: "\0" }],
    ["a text that is too long", { text: "x".repeat(1_001) }],
    ["a number that is not exact", { n: 2 ** 53 }],
    ["nothing", { a: null, b: undefined }],
    ["two spellings of one name", { "e\u0301": 1 }],
  ])("goes without %s", (_, all) => {
    expect(attributesOf(all)).toEqual({});
  });

  it("goes as far as there is room for it", () => {
    const many = Object.fromEntries(Array.from({ length: 60 }, (_, at) => [`k${at}`, at]));
    expect(Object.keys(attributesOf(many))).toHaveLength(50);
    const long = Object.fromEntries(
      Array.from({ length: 50 }, (_, at) => [`k${at}`, "中".repeat(990)]),
    );
    expect(JSON.stringify(attributesOf(long)).length).toBeLessThan(9_000);
  });

  it("that is changed is told as it is now, and what is taken away as gone", () => {
    const all = { plan: "gold", city: null, toString: null, seats: 4 };
    expect(fitChanges(all, { plan: "gold", city: null })).toEqual({ plan: "gold", city: null });
    expect(fitChanges(all, { "no name": null })).toEqual({});
  });
});
