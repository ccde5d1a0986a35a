/**
 * The box one writes in. Enter sends, Shift+Enter makes a new line, and Enter that only chooses
 * a word of an input method does neither. What is not sent yet survives a reload of the tab.
 */
import { byId } from "./dom";
import { recall, remember, thisTab } from "./memory";

/** Safari reports the Enter that ends a composition after it ended, with this old key code. */
const IN_COMPOSITION = 229;

export class Composer {
  private readonly box = byId("draft", HTMLTextAreaElement);
  private readonly button = byId("send", HTMLButtonElement);
  private readonly onSend: (text: string) => void;
  private key = "";
  private allowed = false;

  constructor(onSend: (text: string) => void) {
    this.onSend = onSend;
    byId("composer", HTMLFormElement).addEventListener("submit", (event) => {
      event.preventDefault();
      this.send();
    });
    this.box.addEventListener("keydown", (event) => {
      const composing = event.isComposing || event.keyCode === IN_COMPOSITION;
      if (event.key === "Enter" && !event.shiftKey && !composing) {
        event.preventDefault();
        this.send();
      }
    });
    this.box.addEventListener("input", () => this.changed());
  }

  /** Shows the draft kept under `key`, such as the name of whom it is for. */
  take(key: string): void {
    this.key = `draft.${key}`;
    this.box.value = recall(this.key, thisTab);
    this.changed();
  }

  /** Whether a message can go anywhere now; one can write at any time. */
  allow(allowed: boolean): void {
    this.allowed = allowed;
    this.changed();
  }

  /** Gives back what was written, before what is being written. */
  put(text: string): void {
    this.box.value = [text, this.box.value].filter(Boolean).join("\n");
    this.changed();
    this.focus();
  }

  focus(): void {
    this.box.focus();
  }

  private send(): void {
    const text = this.box.value;
    if (this.allowed && text.trim()) {
      this.box.value = "";
      this.changed();
      this.onSend(text);
    }
    this.box.focus();
  }

  private changed(): void {
    remember(this.key, this.box.value, thisTab);
    this.button.disabled = !this.allowed || !this.box.value.trim();
  }
}
