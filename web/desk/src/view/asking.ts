/** What is asked and told about a letter's link before the chat: it may be somebody else's, or damaged. */
import { byId } from "shared/view/dom";

/** Whether the person wants to go on with the letter's conversation in this browser. */
export async function askToOpen(): Promise<boolean> {
  return (await answered("asking", ["asking-yes", "asking-no"])) === "asking-yes";
}

/** Says that the link cannot be read, until the person goes on without it. */
export async function tellDamaged(): Promise<void> {
  await answered("damaged", ["damaged-on"]);
}

/** Shows a panel until one of its buttons is pressed; returns which. */
function answered(panelId: string, buttons: readonly string[]): Promise<string> {
  const panel = byId(panelId, HTMLElement);
  byId("opening", HTMLElement).hidden = true;
  panel.hidden = false;
  document.querySelector("main")?.removeAttribute("aria-busy");
  byId(buttons[0] ?? "", HTMLButtonElement).focus();
  return new Promise((resolve) => {
    for (const id of buttons) {
      const press = () => {
        panel.hidden = true;
        byId("opening", HTMLElement).hidden = false;
        resolve(id);
      };
      byId(id, HTMLButtonElement).addEventListener("click", press, { once: true });
    }
  });
}
