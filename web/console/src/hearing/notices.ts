/**
 * What the system shows of what concerns oneself, while no tab is in sight.
 *
 * Rules: permission is asked by a press alone. One tab shows for all. A notice leads to its conversation,
 * and goes when there is nothing left to do about it, or with the tab.
 */

import { previewOf } from "../list/preview";
import type { Router } from "../shell/router";
import type { Store } from "../store/store";
import { sayNow } from "../texts/texts";
import { hold } from "./locks";
import { type Kind, type News, type Own, switchOf } from "./news";

const TURN = "kefu.console.notices";

/** `none`: this browser shows none, or not for a page without HTTPS. */
export type Permission = NotificationPermission | "none";

interface Shown {
  readonly news: News;
  readonly notice: Notification;
}

export class Notices {
  private readonly page: Window;
  private readonly store: Store;
  private readonly router: Router;
  private shown: readonly Shown[] = [];
  private isMyTurn = false;

  constructor(page: Window, store: Store, router: Router) {
    this.page = page;
    this.store = store;
    this.router = router;
    hold(page.navigator.locks as LockManager | undefined, TURN, "exclusive", () => {
      this.isMyTurn = true;
    });
    page.addEventListener("pagehide", () => this.close(() => true));
  }

  get permission(): Permission {
    return this.make?.permission ?? "none";
  }

  /** Within a press. */
  async ask(): Promise<void> {
    await this.make?.requestPermission();
    this.store.changed();
  }

  show(all: readonly News[]): void {
    const wanted = this.store.preferences.now.notifications;
    for (const one of all) {
      if (this.isMyTurn && this.permission === "granted" && wanted[switchOf(one.kind)]) {
        this.showOne(one);
      }
    }
  }

  /** A test offer; false: this tab shows nothing. */
  showTest(): boolean {
    const { offer } = this.store.preferences.now.notifications;
    if (!this.isMyTurn || this.permission !== "granted" || !offer) {
      return false;
    }
    const [title, body] = [sayNow("hearing:notice.test"), sayNow("hearing:notice.test.about")];
    return this.open(title, body, "test") !== null;
  }

  /** Takes away what was answered or read. */
  follow({ offers, unread }: Own): void {
    const isDone: Readonly<Record<Kind, (id: number) => boolean>> = {
      offer: (id) => !offers.has(id),
      given: (id) => !unread.has(id),
      message: (id) => !unread.get(id),
      mention: () => this.store.team.mentions === 0,
    };
    this.close(({ kind, conversation }) => isDone[kind](conversation));
  }

  private get make(): typeof Notification | undefined {
    return (this.page as Window & { Notification?: typeof Notification }).Notification;
  }

  private showOne(news: News): void {
    const { kind, conversation } = news;
    const one = this.store.conversation(conversation);
    const name = one?.contact?.name || sayNow("list:visitor");
    const preview = one && kind !== "mention" ? previewOf(one, [], "", []) : null;
    const body = preview && "text" in preview ? preview.text : "";
    const title = sayNow(`hearing:notice.${kind}`, { name });
    const notice = this.open(title, body, `${kind}.${conversation}`);
    if (notice) {
      notice.onclick = () => this.go(news);
      this.shown = [...this.shown, { news, notice }];
    }
  }

  /** null: a telephone's browser shows none that a page makes. */
  private open(title: string, body: string, tag: string): Notification | null {
    try {
      const options = { body, tag: `kefu.${tag}`, icon: "/icon.svg", silent: true };
      return this.make ? new this.make(title, options) : null;
    } catch {
      return null;
    }
  }

  private go({ conversation }: News): void {
    this.page.focus();
    this.router.go({ page: "inbox", view: "mine", team: null, conversation });
    this.close((one) => one.conversation === conversation);
  }

  private close(isDone: (news: News) => boolean): void {
    for (const { news, notice } of this.shown) {
      if (isDone(news)) {
        notice.close();
      }
    }
    this.shown = this.shown.filter(({ news }) => !isDone(news));
  }
}
