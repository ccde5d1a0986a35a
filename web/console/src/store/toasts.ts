/** What is said for a few seconds: that something is done, with a way back, or that it was refused. */
import type { Ports } from "client";
import type { TextKey, Values } from "../texts/texts";

export interface Toast {
  readonly id: number;
  readonly key: TextKey;
  readonly values?: Values;
  /** It stays until it is put away. */
  readonly isFault?: boolean;
  readonly undo?: () => void;
}

const SHOWN_MS = 8_000;

export class Toasts {
  all: readonly Toast[] = [];
  private next = 1;
  private readonly clock: Ports["clock"];
  private readonly changed: () => void;

  constructor(clock: Ports["clock"], changed: () => void) {
    this.clock = clock;
    this.changed = changed;
  }

  show(said: Omit<Toast, "id">): void {
    const toast = { ...said, id: this.next };
    this.next += 1;
    // The same said twice is said once, anew.
    this.all = [...this.all.filter(({ key, isFault }) => !isFault || key !== said.key), toast];
    if (!toast.isFault) {
      this.clock.after(SHOWN_MS, () => this.putAway(toast.id));
    }
    this.changed();
  }

  putAway(id: number): void {
    this.all = this.all.filter((one) => one.id !== id);
    this.changed();
  }
}
