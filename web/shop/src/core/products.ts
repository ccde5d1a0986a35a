/**
 * What the shop has. Pure.
 *
 * A product's name is its address, its drawing's file and the middle of its texts' keys. The first
 * `NEW` are shown where one comes in. Prices are in cents of a euro.
 */

export const SHELVES = ["tea", "pots", "cups"] as const;
export type Shelf = (typeof SHELVES)[number];

/** What keeps a product well; each has a paragraph. */
export const CARES = ["glazed", "unglazed", "steel", "wood", "leaf"] as const;
export type Care = (typeof CARES)[number];

export const PRODUCTS = [
  { name: "round-teapot", shelf: "pots", care: "glazed", cents: 6400, tile: "celadon" },
  { name: "thumb-cups", shelf: "cups", care: "glazed", cents: 2800, tile: "clay" },
  { name: "roasted-hojicha", shelf: "tea", care: "leaf", cents: 950, tile: "straw" },
  { name: "lidded-bowl", shelf: "cups", care: "glazed", cents: 3600, tile: "sky" },
  { name: "side-handle-pot", shelf: "pots", care: "unglazed", cents: 5800, tile: "rose" },
  { name: "bowl-and-whisk", shelf: "cups", care: "glazed", cents: 4200, tile: "moss" },
  { name: "tea-tray", shelf: "cups", care: "wood", cents: 4900, tile: "sand" },
  { name: "leaf-jar", shelf: "tea", care: "glazed", cents: 3100, tile: "lilac" },
  { name: "plain-kettle", shelf: "pots", care: "steel", cents: 7200, tile: "sky" },
  { name: "dragon-well", shelf: "tea", care: "leaf", cents: 1250, tile: "moss" },
  { name: "sharing-jug", shelf: "pots", care: "glazed", cents: 3400, tile: "lilac" },
  { name: "white-tea-cake", shelf: "tea", care: "leaf", cents: 1800, tile: "clay" },
] as const satisfies readonly {
  name: string;
  shelf: Shelf;
  care: Care;
  cents: number;
  tile: string;
}[];

export type Product = (typeof PRODUCTS)[number];
export type ProductName = Product["name"];

const NEW = 8;
const BESIDE = 4;

export const newProducts = (): readonly Product[] => PRODUCTS.slice(0, NEW);

export const onShelf = (shelf: Shelf): readonly Product[] =>
  PRODUCTS.filter((product) => product.shelf === shelf);

export const productNamed = (name: string): Product | undefined =>
  PRODUCTS.find((product) => product.name === name);

/** The next in the row, which begins again at its end. */
export function beside(product: Product): readonly Product[] {
  const at = PRODUCTS.indexOf(product);
  return [...PRODUCTS.slice(at + 1), ...PRODUCTS.slice(0, at)].slice(0, BESIDE);
}
