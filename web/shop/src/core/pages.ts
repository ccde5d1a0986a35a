/** Which page of the shop an address is: `/shop`, or `/shop/` and a name. Pure. */
import { PRODUCTS, type Product, productNamed, SHELVES, type Shelf } from "./products.ts";

export type Page =
  | { kind: "home" | "care" | "basket" }
  | { kind: "shelf"; shelf: Shelf }
  | { kind: "product"; product: Product };

/** The names of all pages but the first; the build makes a file of each. */
export const NAMES: readonly string[] = [
  ...SHELVES,
  "care",
  "basket",
  ...PRODUCTS.map((product) => product.name),
];

export function pageAt(path: string): Page {
  const name = path.split("/").filter(Boolean)[1] ?? "";
  const shelf = SHELVES.find((one) => one === name);
  const product = productNamed(name);
  if (shelf) {
    return { kind: "shelf", shelf };
  }
  if (product) {
    return { kind: "product", product };
  }
  return { kind: name === "care" || name === "basket" ? name : "home" };
}
