/** The shop's pages but the basket's. */

import { opensChat } from "../chat";
import { countOf } from "../core/basket";
import { beside, CARES, newProducts, onShelf, type Product, type Shelf } from "../core/products";
import { words } from "../i18n/language";
import { keep, keptBasket } from "./basket";
import { copyOf, draw, fillGrid, find, setPrice } from "./parts";

export function homePage(): DocumentFragment {
  const page = copyOf("home");
  fillGrid(page, newProducts());
  return page;
}

export function shelfPage(shelf: Shelf): DocumentFragment {
  const page = copyOf("shelf");
  words.setText(find(page, "h1", HTMLElement), shelf);
  words.setText(find(page, ".lead", HTMLElement), `${shelf}.about`);
  fillGrid(page, onShelf(shelf));
  return page;
}

export function carePage(): DocumentFragment {
  const page = copyOf("keeping");
  const parts = CARES.map((care) => {
    const part = copyOf("keep");
    words.setText(find(part, "h2", HTMLElement), care);
    words.setText(find(part, "p", HTMLElement), `${care}.about`);
    return part;
  });
  find(page, ".cares", HTMLElement).append(...parts);
  return page;
}

export function productPage(product: Product): DocumentFragment {
  const page = copyOf("product");
  const shelf = find(page, "a.shelf", HTMLAnchorElement);
  const added = find(page, ".added", HTMLElement);
  draw(page, product);
  shelf.href = `/shop/${product.shelf}`;
  words.setText(shelf, product.shelf);
  words.setText(find(page, "h1", HTMLElement), product.name);
  words.setText(find(page, ".what", HTMLElement), `${product.name}.what`);
  words.setText(find(page, ".about", HTMLElement), `${product.name}.about`);
  words.setText(find(page, ".keep", HTMLElement), `${product.care}.about`);
  setPrice(find(page, "article", HTMLElement), product.cents);
  find(page, ".add", HTMLButtonElement).addEventListener("click", () => {
    sayAdded(added, keep(product, countOf(keptBasket(), product.name) + 1));
  });
  opensChat(find(page, ".ask", HTMLButtonElement));
  fillGrid(page, beside(product));
  return page;
}

/** Says how many there are now, and leads to the basket. */
function sayAdded(place: HTMLElement, count: number): void {
  const said = document.createElement("span");
  const link = document.createElement("a");
  words.setText(said, "product.added", { count: String(count) });
  link.href = "/shop/basket";
  words.setText(link, "product.basket");
  place.replaceChildren(said, " ", link);
}
