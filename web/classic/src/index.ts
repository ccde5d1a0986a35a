/**
 * The landing page: links to the pages that this server has, and the language they are in.
 *
 * Rules: a server without a tutorial's protocol has none of its pages, so nothing is shown before
 * that is known. Only a page that the server says it does not have is left out, or one that is
 * about something that it does not have (`data-needs`).
 */

import { byId } from "shared/view/dom";
import { words } from "./i18n/language";
import { isMissing } from "./link/site";

async function showWhatIsThere(): Promise<void> {
  const cards = [...document.querySelectorAll<HTMLAnchorElement>("a.card")];
  await Promise.all(
    cards.map(async (card) => {
      card.hidden = await isMissing(card.dataset.needs ?? card.href);
    }),
  );
  for (const card of cards.filter((card) => !card.hidden)) {
    card.closest("section")?.removeAttribute("hidden");
  }
  byId("off", HTMLElement).hidden = cards.some((card) => !card.hidden);
  document.querySelector("main")?.removeAttribute("aria-busy");
}

words.start();
void showWhatIsThere();
