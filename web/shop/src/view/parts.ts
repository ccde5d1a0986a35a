/** What pages are made of: copies of the document's templates, products, prices. */
import type { Product } from "../core/products";
import { words } from "../i18n/language";

const DRAWINGS = import.meta.glob<string>("../drawings/*.svg", {
  eager: true,
  query: "?url",
  import: "default",
});

/** A copy of the template with this id. Throws if the page has none: a page's bug. */
export function copyOf(id: string): DocumentFragment {
  const template = document.querySelector<HTMLTemplateElement>(`template#${id}`);
  if (!template) {
    throw new Error(`the page has no template #${id}`);
  }
  return document.importNode(template.content, true);
}

/** The first of `inside` that is so. Throws if there is none: a page's bug. */
export function find<T extends HTMLElement>(
  inside: ParentNode,
  selector: string,
  kind: new () => T,
): T {
  const found = inside.querySelector(selector);
  if (!(found instanceof kind)) {
    throw new Error(`there is no ${kind.name} ${selector}`);
  }
  return found;
}

/** Draws a product on its ground. */
export function draw(inside: ParentNode, product: Product): void {
  find(inside, ".tile", HTMLElement).dataset.tile = product.tile;
  find(inside, ".tile img", HTMLImageElement).src =
    DRAWINGS[`../drawings/${product.name}.svg`] ?? "";
}

/** Draws and names a product where it links to its page. */
export function introduce(inside: ParentNode, product: Product): void {
  draw(inside, product);
  find(inside, "a", HTMLAnchorElement).href = `/shop/${product.name}`;
  words.setText(find(inside, "strong", HTMLElement), product.name);
}

/** Shows a price, in the page's language by `sayPrices`. */
export function setPrice(inside: ParentNode, cents: number): void {
  find(inside, ".price", HTMLElement).dataset.cents = String(cents);
}

/** Writes every price on the page as the page's language does. */
export function sayPrices(): void {
  for (const element of document.querySelectorAll<HTMLElement>("[data-cents]")) {
    const cents = Number(element.dataset.cents);
    element.textContent = new Intl.NumberFormat(words.language, {
      style: "currency",
      currency: "EUR",
      minimumFractionDigits: cents % 100 ? 2 : 0,
    }).format(cents / 100);
  }
}

/** Fills a grid with cards of products. */
export function fillGrid(inside: ParentNode, products: readonly Product[]): void {
  const cards = products.map((product) => {
    const card = copyOf("card");
    introduce(card, product);
    words.setText(find(card, ".what", HTMLElement), `${product.name}.what`);
    setPrice(card, product.cents);
    return card;
  });
  find(inside, ".grid", HTMLUListElement).replaceChildren(...cards);
}
