/**
 * A page to try an inbox's chat on (`/try/WIDGET_KEY`): the widget as any site has it, and around it the
 * shape of a site. The first run shows it in a frame.
 */
import type { PublicInbox } from "protocol";
import { ask } from "shared/link/api";
import { chat } from "shared/link/chat";
import { Look } from "../shell/theme";
import { chosenLanguage, speak } from "../texts/texts";

/** Beside which the open panel leaves something of the page to be seen; pixels. */
const WIDE = 480;

async function start(): Promise<void> {
  new Look(window);
  const widget = decodeURIComponent(location.pathname.split("/")[2] ?? "");
  const locale = chosenLanguage();
  chat("boot", { widget, locale });
  if (innerWidth >= WIDE) {
    chat("open");
  }
  const path = `/widgets/${encodeURIComponent(widget)}?${new URLSearchParams({ locale })}`;
  const [texts, told] = await Promise.all([
    speak(locale, ["welcome"]),
    ask<PublicInbox>({ method: "GET", path }),
  ]);
  const show = (id: string, text: string) => {
    const place = document.getElementById(id);
    if (place) {
      place.textContent = text;
    }
  };
  show("name", told.kind === "ok" ? told.ok.name : texts.t("welcome:try.none"));
  show("about", told.kind === "ok" ? texts.t("welcome:try.about") : "");
}

void start();
