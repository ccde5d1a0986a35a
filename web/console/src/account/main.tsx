/** Starts the pages of one-time links: a small part of the console, without a connection. */
import { createRoot } from "react-dom/client";
import { takeLink } from "shared/link/one-time";
import { Look } from "../shell/theme";
import { chosenLanguage, speak } from "../texts/texts";
import { Account } from "./account";
import { purposeOf } from "./address";
import { WORDS } from "./words";

async function start(): Promise<void> {
  const look = new Look(window);
  const purpose = purposeOf(location.pathname);
  const link = takeLink(purpose);
  const texts = await speak(chosenLanguage(), WORDS);
  const place = document.getElementById("console");
  if (place) {
    createRoot(place).render(<Account {...{ look, purpose, link, texts }} />);
  }
}

void start();
