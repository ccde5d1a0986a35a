/** The basket: where it is kept, how much of it the head of each page shows, and its own page. */

import { byId } from "shared/view/dom";
import { recall, remember } from "shared/view/memory";
import { opensChat } from "../chat";
import {
  type Basket,
  basketOf,
  centsOf,
  countAll,
  countOf,
  MOST,
  productsIn,
  withCount,
} from "../core/basket";
import type { Product } from "../core/products";
import { words } from "../i18n/language";
import { copyOf, find, introduce, sayPrices, setPrice } from "./parts";

const KEPT = "shop.basket";

export const keptBasket = (): Basket => basketOf(recall(KEPT));

/** Has so many of a product in the basket, at most `MOST`; returns how many there are now. */
export function keep(product: Product, count: number): number {
  const basket = withCount(keptBasket(), product.name, count);
  remember(KEPT, JSON.stringify(basket));
  sayCount();
  return countOf(basket, product.name);
}

/** Calls back when another tab, or a later page that was gone back from, has changed the basket. */
export function onChangeElsewhere(changed: () => void): void {
  addEventListener("storage", ({ key }) => {
    if (key === null || key.endsWith(KEPT)) {
      changed();
    }
  });
  addEventListener("pageshow", ({ persisted }) => {
    if (persisted) {
      changed();
    }
  });
}

/** Says in the page's head how much there is. */
export function sayCount(): void {
  const count = countAll(keptBasket());
  const link = byId("basket", HTMLAnchorElement);
  words.setText(link, count ? "basket.some" : "basket", { count: String(count) });
}

export function basketPage(): DocumentFragment {
  const page = copyOf("goods");
  opensChat(find(page, ".ask", HTMLButtonElement));
  fill(page);
  return page;
}

/** Shows in the basket's page what is in it now. */
export function fill(page: ParentNode): void {
  const basket = keptBasket();
  const isEmpty = countAll(basket) === 0;
  const lines = productsIn(basket).map((product) => lineOf(product, countOf(basket, product.name)));
  find(page, ".lines", HTMLUListElement).replaceChildren(...lines);
  find(page, ".empty", HTMLElement).hidden = !isEmpty;
  find(page, ".goods", HTMLElement).hidden = isEmpty;
  sayTotal(page);
}

function lineOf(product: Product, count: number): DocumentFragment {
  const line = copyOf("line");
  const counts = find(line, "select", HTMLSelectElement);
  const price = find(line, ".price", HTMLElement);
  const remove = find(line, "button", HTMLButtonElement);
  introduce(line, product);
  words.setText(remove, "basket.remove");
  for (let count = 1; count <= MOST; count += 1) {
    counts.add(new Option(String(count)));
  }
  counts.value = String(count);
  price.dataset.cents = String(product.cents * count);
  name(counts, "basket.count", product);
  name(remove, "basket.remove.label", product);
  counts.addEventListener("change", () => {
    price.dataset.cents = String(product.cents * keep(product, Number(counts.value)));
    sayTotal(document);
  });
  remove.addEventListener("click", () => {
    keep(product, 0);
    fill(document);
    find(document, "h1", HTMLElement).focus(); // what had the focus is gone
  });
  return line;
}

/** Names a line's control after its product, in the page's language of now. */
function name(
  control: HTMLElement,
  key: "basket.count" | "basket.remove.label",
  product: Product,
): void {
  words.setLabel(control, key, { product: words.textOf(product.name) });
}

function sayTotal(page: ParentNode): void {
  setPrice(find(page, ".total", HTMLElement), centsOf(keptBasket()));
  sayPrices();
}
