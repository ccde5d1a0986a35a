import { describe, expect, it } from "vitest";
import { NAMES, pageAt } from "./pages";
import { beside, newProducts, onShelf, PRODUCTS, SHELVES } from "./products";

describe("an address", () => {
  it.each(["/shop", "/shop/"])("%s is where one comes in", (path) => {
    expect(pageAt(path)).toEqual({ kind: "home" });
  });

  it.each(NAMES)("has a page of its own for %s", (name) => {
    const page = pageAt(`/shop/${name}`);
    const named = {
      home: "",
      care: "care",
      basket: "basket",
      shelf: page.kind === "shelf" && page.shelf,
      product: page.kind === "product" && page.product.name,
    };
    expect(named[page.kind]).toBe(name);
  });

  it("is no one's twice", () => {
    expect(new Set(NAMES).size).toBe(NAMES.length);
  });
});

describe("the shop", () => {
  it("fills its rows of four", () => {
    for (const shelf of SHELVES) {
      expect(onShelf(shelf)).toHaveLength(4);
    }
    expect(newProducts()).toHaveLength(8);
  });

  it("shows four others beside each", () => {
    for (const product of PRODUCTS) {
      expect(new Set([product, ...beside(product)]).size).toBe(5);
    }
  });
});
