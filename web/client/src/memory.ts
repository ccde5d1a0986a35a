/**
 * What a browser keeps over a reload.
 *
 * Rules: a storage that is not there, throws or is full is no error. What could not be kept is still
 * known for as long as the page is there. Keys begin with whose it is, so that nobody reads another's.
 * Not here: what is kept (device, outbox).
 */
import type { Store } from "./ports";

export class Memory {
  private readonly store: Store | null;
  private readonly prefix: string;
  /** What the store did not take; null: taken away. */
  private readonly beside = new Map<string, string | null>();

  constructor(store: Store | null, scope: string) {
    this.store = store;
    this.prefix = `kefu.${scope}.`;
  }

  get(key: string): string | null {
    const kept = this.beside.get(key);
    return kept === undefined ? this.attempt((store) => store.getItem(this.prefix + key)) : kept;
  }

  set(key: string, value: string): void {
    const isKept = this.attempt((store) => {
      store.setItem(this.prefix + key, value);
      return true;
    });
    this.note(key, value, isKept);
  }

  remove(key: string): void {
    const isKept = this.attempt((store) => {
      store.removeItem(this.prefix + key);
      return true;
    });
    this.note(key, null, isKept);
  }

  /** The keys that begin with `start`, without it. */
  keys(start: string): string[] {
    const whole = this.prefix + start;
    const kept = this.attempt((store) =>
      Array.from({ length: store.length }, (_, index) => store.key(index) ?? "")
        .filter((key) => key.startsWith(whole))
        .map((key) => key.slice(whole.length)),
    );
    const here = [...this.beside.keys()]
      .filter((key) => key.startsWith(start))
      .map((key) => key.slice(start.length));
    return [...new Set([...(kept ?? []), ...here])].filter((key) => this.get(start + key) !== null);
  }

  private note(key: string, value: string | null, isKept: boolean | null): void {
    if (isKept) {
      this.beside.delete(key);
    } else {
      this.beside.set(key, value);
    }
  }

  private attempt<T>(act: (store: Store) => T): T | null {
    try {
      return this.store && act(this.store);
    } catch {
      return null;
    }
  }
}
