import { expect, it } from "vitest";
import { hueOf } from "./hues";

it("a tag has the colour that was chosen for it", () => {
  expect(hueOf("invoice", { id: 1, name: "invoice", color: "teal" })).toBe("teal");
});

it("a tag without one has always the same for its word, and so has one of a newer server", () => {
  expect(hueOf("invoice")).toBe(hueOf("invoice"));
  expect(hueOf("invoice", { id: 1, name: "invoice" })).toBe(hueOf("invoice"));
  expect(hueOf("invoice", { id: 1, name: "invoice", color: "ultraviolet" })).toBe(hueOf("invoice"));
});
