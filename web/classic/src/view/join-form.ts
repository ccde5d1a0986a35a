/** The first thing a chat page shows: a name, a button, and why it did not work. */

import { byId } from "shared/view/dom";
import { recall, remember } from "shared/view/memory";
import { cleanName } from "../core/names";
import { words } from "../i18n/language";
import type { TextKey } from "../i18n/texts";

export class JoinForm {
  readonly section = byId("join", HTMLElement);
  private readonly field = byId("name", HTMLInputElement);
  private readonly button = byId("enter", HTMLButtonElement);
  private readonly error = byId("error", HTMLElement);
  private readonly label: TextKey;

  /** `page` keeps the names of the pages apart; `label` is the button's text. */
  constructor(page: string, label: TextKey, onJoin: (name: string) => void) {
    this.label = label;
    this.field.value = recall(`name.${page}`);
    byId("join-form", HTMLFormElement).addEventListener("submit", (event) => {
      event.preventDefault();
      const name = cleanName(this.field.value);
      if (!name) {
        this.fail("name.empty");
        return;
      }
      remember(`name.${page}`, name);
      this.busy(true);
      onJoin(name);
    });
    this.busy(false);
  }

  /** Asks for a name again, saying what was wrong with the last attempt. */
  fail(key: TextKey, reason = ""): void {
    this.reset();
    words.setText(this.error, key, { reason });
    this.error.hidden = false;
    this.field.setAttribute("aria-invalid", "true");
    this.field.focus();
    this.field.select();
  }

  reset(): void {
    this.busy(false);
    this.section.hidden = false;
  }

  private busy(busy: boolean): void {
    this.button.disabled = busy;
    words.setText(this.button, busy ? "join.connecting" : this.label);
    this.error.hidden = true;
    this.field.removeAttribute("aria-invalid");
  }
}
