/** A question before a letter's link is used: it may be somebody else's. */
import { byId } from "shared/view/dom";

/** Whether the person wants to go on with the letter's conversation in this browser. */
export function askToOpen(): Promise<boolean> {
  const panel = byId("asking", HTMLElement);
  byId("opening", HTMLElement).hidden = true;
  panel.hidden = false;
  document.querySelector("main")?.removeAttribute("aria-busy");
  const yes = byId("asking-yes", HTMLButtonElement);
  yes.focus();
  return new Promise((resolve) => {
    const say = (answer: boolean) => {
      panel.hidden = true;
      byId("opening", HTMLElement).hidden = false;
      resolve(answer);
    };
    yes.addEventListener("click", () => say(true), { once: true });
    byId("asking-no", HTMLButtonElement).addEventListener("click", () => say(false), {
      once: true,
    });
  });
}
