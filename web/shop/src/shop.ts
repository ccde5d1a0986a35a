/** The demo's shop: which page this is, in which language, and what is in the basket. */
import { speak } from "./chat";
import { type Page, pageAt } from "./core/pages";
import { words } from "./i18n/language";
import { basketPage, fill, onChangeElsewhere, sayCount } from "./view/basket";
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

/** The shop's, and of any page but the first what stands above it. */
function titleOf(page: Page): string {
  const name = find(main, "h1", HTMLElement).textContent;
  return page.kind === "home"
    ? words.textOf("shop.title")
    : words.textOf("shop.page", { page: name });
}

/** Shows what is in the basket now, and all prices. */
function refresh(): void {
  sayCount();
  if (page.kind === "basket") {
    fill(main);
  }
  sayPrices();
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
onChangeElsewhere(refresh);
main.removeAttribute("aria-busy");
