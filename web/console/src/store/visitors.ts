/**
 * Who is on the sites of inboxes that watch that, by what their pages say.
 *
 * Rules: nothing is asked for as long as no inbox watches. How many there are is told by a signal; who
 * they are is read once when one asks for the number, and again after a signal while somebody shows them:
 * one reading at a time, and what is told meanwhile brings one more.
 */
import type { Client } from "client/core";
import { Unanswered } from "client/wire";
import type { Inbox, Visit } from "protocol";

const MOST = 200;

export class Visitors {
  /** The last to come first; null: it is not known yet. */
  all: readonly Visit[] | null = null;
  /** There are more than are in `all`. */
  isMore = false;
  private readonly counts = new Map<number, number>();
  private readonly client: Client;
  private readonly inboxes: () => ReadonlyMap<number, Inbox>;
  private readonly changed: () => void;
  private shown = 0;
  private isReading = false;
  private isOld = false;

  constructor(client: Client, inboxes: () => ReadonlyMap<number, Inbox>, changed: () => void) {
    this.client = client;
    this.inboxes = inboxes;
    this.changed = changed;
    client.on("signal", (signal) => {
      if (signal.on === "visitors") {
        this.counts.set(signal.inbox, signal.count ?? 0);
        if (this.shown) {
          void this.read();
        }
        changed();
      }
    });
  }

  /** Some inbox of one's own watches who is on its site. */
  get isWatching(): boolean {
    return [...this.inboxes().values()].some(isWatching);
  }

  /** How many are there now. */
  get count(): number {
    return [...this.counts.values()].reduce((sum, one) => sum + one, 0);
  }

  /** A connection is live, and the inboxes are known. */
  follow(): void {
    if (this.isWatching) {
      void this.read();
    }
  }

  /** Keeps them level until what it returns is called. */
  show(): () => void {
    this.shown += 1;
    this.follow();
    return () => {
      this.shown -= 1;
    };
  }

  forget(): void {
    this.all = null;
    this.isMore = false;
    this.counts.clear();
  }

  private async read(): Promise<void> {
    this.isOld = true;
    if (this.isReading) {
      return;
    }
    this.isReading = true;
    try {
      while (this.isOld) {
        this.isOld = false;
        const { items, next } = await this.client.call("visitor.list", { limit: MOST });
        this.all = items;
        this.isMore = next !== undefined;
        if (!this.isMore) {
          this.counts.clear();
          for (const { inbox } of items) {
            this.counts.set(inbox, (this.counts.get(inbox) ?? 0) + 1);
          }
        }
        this.changed();
      }
    } catch (error) {
      if (!(error instanceof Unanswered)) {
        throw error;
      }
    } finally {
      this.isReading = false;
    }
  }
}

export function isWatching({ active, settings }: Inbox): boolean {
  return active && settings.watch_visitors === true;
}
