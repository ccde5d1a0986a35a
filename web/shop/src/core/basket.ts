/** What somebody wants to have, and how it is kept as a text. Pure. */
import { PRODUCTS, type Product, type ProductName } from "./products";

/** How many of each. What is not in it stands for none. */
export type Basket = Readonly<Partial<Record<ProductName, number>>>;

/** One finds no more of one thing here. */
export const MOST = 9;

/** `basket` with so many of a product, within what there may be. */
export function withCount(basket: Basket, name: ProductName, count: number): Basket {
  const { [name]: _, ...others } = basket;
  return count > 0 ? { ...basket, [name]: Math.min(count, MOST) } : others;
}

export const countOf = (basket: Basket, name: ProductName): number => basket[name] ?? 0;

/** What is in it, in the shop's order. */
export const productsIn = (basket: Basket): readonly Product[] =>
  PRODUCTS.filter(({ name }) => countOf(basket, name) > 0);

export const countAll = (basket: Basket): number =>
  productsIn(basket).reduce((sum, { name }) => sum + countOf(basket, name), 0);

export const centsOf = (basket: Basket): number =>
  productsIn(basket).reduce((sum, { name, cents }) => sum + cents * countOf(basket, name), 0);

/** A basket of what was kept. What it does not know, or is no count, is left out. */
export function basketOf(kept: string): Basket {
  let said: unknown;
  try {
    said = JSON.parse(kept);
  } catch {
    return {};
  }
  const counts = new Map(Object.entries(Object(said)));
  return PRODUCTS.reduce<Basket>((basket, { name }) => {
    const count = counts.get(name);
    return Number.isInteger(count) ? withCount(basket, name, Number(count)) : basket;
  }, {});
}
