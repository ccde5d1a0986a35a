/** The demo's shop: which page this is, in which language, and what is in the basket. */
import { speak } from "./chat";
import { type Page, pageAt } from "./core/pages";
import { words } from "./i18n/language";
import { basketPage, fill, sayCount } from "./view/basket";
import { carePage, homePage, productPage, shelfPage } from "./view/pages";
import { find, sayPrices } from "./view/parts";

function show(page: Page): DocumentFragment {
  switch (page.kind) {
    case "home":
      return homePage();
    case "care":
      return carePage();
    case "basket":
      return basketPage();
    case "shelf":
      return shelfPage(page.shelf);
    case "product":
      return productPage(page.product);
  }
}

function titleOf(page: Page): string {
  if (page.kind === "home") {
    return words.textOf("shop.title");
  }
  const key =
    page.kind === "shelf" ? page.shelf : page.kind === "product" ? page.product.name : page.kind;
  return words.textOf("shop.page", { page: words.textOf(key) });
}

const page = pageAt(location.pathname);
const main = find(document, "main", HTMLElement);
main.replaceChildren(show(page));
for (const link of document.querySelectorAll<HTMLAnchorElement>(".top a")) {
  if (link.pathname === location.pathname) {
    link.ariaCurrent = "page";
  }
}
words.start(() => {
  document.title = titleOf(page);
  refresh();
  speak(words.language);
});
main.removeAttribute("aria-busy");

/** Shows what another tab, or a later page that was gone back from, has put into the basket. */
function refresh(): void {
  sayCount();
  if (page.kind === "basket") {
    fill(main);
  }
  sayPrices();
}

addEventListener("storage", refresh);
addEventListener("pageshow", refresh);
