/**
 * The shop's word with the chat, by the same few calls as any site's. Until the loader is there they
 * are queued; on a server without it nothing happens.
 */
import { chat } from "shared/link/chat";

/** Has the chat speak the page's language. */
export const speak = (locale: string): void => chat("set", { locale });

/** Shows `button`, which opens the chat, once there is one. */
export function opensChat(button: HTMLElement): void {
  button.addEventListener("click", () => chat("open"));
  chat("on", "ready", () => {
    button.hidden = false;
  });
}
