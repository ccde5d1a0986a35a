/**
 * The notification centre's list, kept in this browser for whoever is signed in, the same in every tab.
 *
 * Rules: notes that name one are the server's, read and unread; the rest is what this browser was told. What
 * concerns a conversation is read when that is opened.
 */
import { Unanswered } from "client/wire";
import { recall, remember } from "shared/view/memory";
import type { Router } from "../shell/router";
import type { Store } from "../store/store";
import { type Told, toldBy, unreadIn, withRead, withTold } from "./told";

export class Centre {
  all: readonly Told[] = [];
  private readonly store: Store;
  private me = 0;

  constructor(page: Window, store: Store, router: Router) {
    this.store = store;
    store.subscribe(() => this.follow());
    store.client.on("event", (event) => {
      const told = toldBy(event, this.me);
      if (told) {
        this.keep(withTold(this.load(), told));
      }
    });
    page.addEventListener("storage", ({ key }) => {
      if (key === `kefu.${this.key}`) {
        this.show(this.load());
      }
    });
    router.subscribe(() => {
      const { route } = router;
      if (route.page === "inbox" && route.conversation !== null) {
        const open = route.conversation;
        this.keep(withRead(this.load(), ({ conversation }) => conversation === open));
      }
    });
    this.follow();
  }

  get unread(): number {
    return unreadIn(this.all) + this.store.team.mentions;
  }

  async readAll(): Promise<void> {
    this.keep(withRead(this.load(), () => true));
    try {
      await this.store.client.call("mention.read", {});
    } catch (error) {
      this.store.refused(error);
    }
  }

  /** With the notes that name one, which the server keeps. */
  async mentions(): Promise<readonly Told[]> {
    try {
      const { items = [] } = await this.store.client.call("mention.list", { limit: 50 });
      const notes = items.map(
        ({ conversation, message, read = false }): Told => ({
          kind: "mention",
          conversation,
          seq: message.seq,
          at: message.at,
          by: message.sender.name,
          isRead: read,
        }),
      );
      return notes;
    } catch (error) {
      if (!(error instanceof Unanswered)) {
        throw error;
      }
      return [];
    }
  }

  private get key(): string {
    return `console.${this.me}.told`;
  }

  private follow(): void {
    const me = this.store.me.id ?? 0;
    if (me !== this.me) {
      this.me = me;
      this.all = this.load();
      this.store.changed();
    }
  }

  private load(): readonly Told[] {
    try {
      const kept: unknown = JSON.parse(recall(this.key) || "[]");
      return Array.isArray(kept) ? (kept as readonly Told[]) : [];
    } catch {
      return [];
    }
  }

  private keep(all: readonly Told[]): void {
    remember(this.key, JSON.stringify(all));
    this.show(all);
  }

  private show(all: readonly Told[]): void {
    if (JSON.stringify(all) !== JSON.stringify(this.all)) {
      this.all = all;
      this.store.changed();
    }
  }
}
