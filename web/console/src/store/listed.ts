/**
 * Conversations of lists that one does not follow as a whole: resolved ones, and those that name one.
 *
 * Rules: asked page by page, while somebody looks at the list, and anew with each connection. What one
 * follows meanwhile counts before what was read here.
 */
import type { Client } from "client/core";
import { Unanswered } from "client/wire";
import type { Conversation, ConversationFilter, Signal, Sort } from "protocol";

interface Page {
  /** Where the next begins; null: that is all. undefined: it is on its way. */
  next: string | null | undefined;
}

const AT_ONCE = 50;

export class Listed {
  /** By id. */
  readonly all = new Map<number, Conversation>();
  /** In which a note names one. */
  readonly mentioned = new Set<number>();
  private readonly pages = new Map<string, Page>();
  private readonly begun = new Set<string>();
  private readonly client: Client;
  private readonly changed: () => void;
  private isLive = false;

  constructor(client: Client, changed: () => void) {
    this.client = client;
    this.changed = changed;
  }

  /** What was read before a break is not known to be so still: it is read again when it is looked at. */
  follow(): void {
    const isLive = this.client.status === "live";
    if (isLive && !this.isLive) {
      this.pages.clear();
    }
    this.isLive = isLive;
  }

  forget(): void {
    this.all.clear();
    this.mentioned.clear();
    this.pages.clear();
    this.begun.clear();
  }

  hear(signal: Signal): void {
    if (signal.on === "mentions" && signal.conversation !== undefined) {
      this.mentioned.add(signal.conversation);
    }
  }

  /** Whether the first page of a list has been here. */
  isRead(filter: ConversationFilter, sort: Sort): boolean {
    return this.begun.has(keyOf(filter, sort));
  }

  /** Sees to it that its first page is here. */
  want(filter: ConversationFilter, sort: Sort): void {
    if (this.isLive && !this.pages.has(keyOf(filter, sort))) {
      void this.read(filter, sort, null);
    }
  }

  /** The next page, if there is one. */
  more(filter: ConversationFilter, sort: Sort): void {
    const page = this.pages.get(keyOf(filter, sort));
    if (this.isLive && page?.next) {
      void this.read(filter, sort, page.next);
    }
  }

  private async read(filter: ConversationFilter, sort: Sort, cursor: string | null): Promise<void> {
    const key = keyOf(filter, sort);
    const page: Page = { next: undefined };
    this.pages.set(key, page);
    try {
      const form = { ...filter, sort, limit: AT_ONCE, ...(cursor && { cursor }) };
      const { items = [], next } = await this.client.call("conversation.list", form);
      for (const one of items) {
        this.all.set(one.id, one);
        if (filter.mentioned) {
          this.mentioned.add(one.id);
        }
      }
      page.next = next ?? null;
      this.begun.add(key);
      this.changed();
    } catch (error) {
      this.pages.delete(key);
      if (!(error instanceof Unanswered)) {
        throw error;
      }
    }
  }
}

function keyOf(filter: ConversationFilter, sort: Sort): string {
  return JSON.stringify([filter, sort]);
}
