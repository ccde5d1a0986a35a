/** Why there is no chat here, and what one can do. */
import { byId } from "shared/view/dom";
import { words } from "../i18n/language";
import type { TextKey } from "../i18n/texts";

export type Stop = "missing" | "identity" | "blocked" | "stopped";

export function showStopped(why: Stop): void {
  const about: TextKey = `chat.${why}.about`;
  words.setText(byId("stopped-title", HTMLElement), `chat.${why}`);
  words.setText(byId("stopped-about", HTMLElement), about);
  byId("chat", HTMLElement).hidden = true;
  byId("stopped", HTMLElement).hidden = false;
  document.querySelector("main")?.removeAttribute("aria-busy");
}
