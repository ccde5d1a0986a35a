/**
 * What somebody has begun to write, for each conversation a reply and a note, and what it answers.
 *
 * Rules: kept in this browser, each person's under their own id, so that it outlives a reload, a crash
 * and a sign-in in between; put away when it is sent. A storage that throws or is full loses nothing
 * until the page is closed.
 */
import type { Ports } from "client";

export type Mode = "reply" | "note";
/** Beside what is written, the number of the message that it answers. */
type Part = Mode | "quote";

export class Drafts {
  private readonly kept = new Map<string, string>();
  private readonly storage: Ports["storage"];
  private readonly me: () => number;
  private readonly changed: () => void;

  constructor(storage: Ports["storage"], me: () => number, changed: () => void) {
    this.storage = storage;
    this.me = me;
    this.changed = changed;
  }

  get(conversation: number, mode: Part): string {
    const key = this.key(conversation, mode);
    const known = this.kept.get(key);
    if (known !== undefined) {
      return known;
    }
    let text = "";
    try {
      text = this.storage?.getItem(key) ?? "";
    } catch {
      // the browser keeps nothing
    }
    this.kept.set(key, text);
    return text;
  }

  set(conversation: number, mode: Part, text: string): void {
    const key = this.key(conversation, mode);
    if (this.get(conversation, mode) === text) {
      return;
    }
    this.kept.set(key, text);
    try {
      if (text) {
        this.storage?.setItem(key, text);
      } else {
        this.storage?.removeItem(key);
      }
    } catch {
      // it is kept until the page is closed
    }
    this.changed();
  }

  private key(conversation: number, mode: Part): string {
    return `kefu.console.${this.me()}.draft.${conversation}.${mode}`;
  }
}
