/**
 * The landing page: links to the pages that this server has, and the language they are in.
 *
 * Rules: a server without a tutorial's protocol has none of its pages, so nothing is shown before
 * that is known. Only a page that the server says it does not have is left out, or one that is
 * about something that it does not have (`data-needs`). The console's door is there for whoever sits
 * at a demo's machine.
 */

import { ask } from "shared/link/api";
import { byId } from "shared/view/dom";
import { words } from "./i18n/language";
import { isMissing } from "./link/site";

const DOOR = "/demo/session";

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

/** Into the console, in this tab: whoever sits at the demo's machine is signed in by the click. */
async function showConsole(): Promise<void> {
  const part = byId("console", HTMLElement);
  part.hidden = (await ask({ method: "GET", path: DOOR })).kind !== "ok";
  for (const button of part.querySelectorAll("button")) {
    button.addEventListener("click", () => void enter(button));
  }
}

async function enter(button: HTMLButtonElement): Promise<void> {
  const fault = byId("console-fault", HTMLElement);
  button.disabled = true;
  const { kind } = await ask({ method: "POST", path: `${DOOR}/${button.value}` });
  button.disabled = false;
  fault.hidden = kind === "ok";
  if (kind === "ok") {
    location.assign("/console");
  } else {
    words.setText(fault, "home.console.fault");
  }
}

words.start();
void showWhatIsThere();
void showConsole();
