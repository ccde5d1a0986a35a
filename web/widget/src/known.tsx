/**
 * What follows from who this browser's visitor is: what the host's page is told of their conversations,
 * what home shows of them.
 *
 * Rules: the host is told a thing when it changes. It is told that something was said and by whom, and
 * no words but those that it is to show beside its button. Of somebody who has no conversation nothing
 * is told to anybody.
 * Not here: the conversation that is shown (talk), who they are to the site (identity), what of its page
 * is told to the team (reports).
 */
import type { Unsent } from "client";
import type { Client } from "client/core";
import { Unanswered } from "client/wire";
import type { FromFrame } from "loader/bridge";
import type { Event, Message, Person } from "protocol";
import type { App } from "./app";
import type { Lazy } from "./lazy";
import { plainly } from "./marked";
import type { Reports } from "./reports";

type Said = FromFrame extends infer Word
  ? Word extends FromFrame
    ? Omit<Word, "kefu">
    : never
  : never;

/** What came in last, as it is shown beside the site's button. */
export interface Preview {
  readonly who: Person;
  readonly text: string;
  readonly at: string;
}

export class Known {
  /** The site vouches for them, and calls them so. */
  isVerified = false;
  name = "";
  private readonly app: App;
  private readonly client: Client;
  private readonly list: Lazy<typeof import("./screens/earlier")>;
  /** What the host was told last, by what it is about. */
  private readonly told = new Map<string, string>();
  /** Of this connection it is known who one is. */
  private isAsked = false;
  private isTold = false;
  /** First messages that were refused, and looked at. */
  private readonly refused = new Set<string>();
  /** Once there is something to report of where they are. */
  reports: Reports | null = null;

  constructor(app: App, client: Client) {
    this.app = app;
    this.list = app.part(() => import("./screens/earlier"));
    this.client = client;
    client.on("event", (event) => this.heard(event));
    client.on("begun", () => this.begun());
  }

  /** Something goes on. */
  get isLive(): boolean {
    return this.client.live !== undefined;
  }

  get unread(): number {
    return this.client.conversations.reduce((sum, { unread = 0 }) => sum + unread, 0);
  }

  /** At home: what goes on, and what was before. */
  earlier() {
    const { app, client } = this;
    const list = client.conversations.length > 0 && this.list.now;
    return list && <list.Earlier app={app} conversations={client.conversations} />;
  }

  changed(): void {
    const isUp = this.client.status === "live";
    if (isUp && !this.isAsked) {
      void this.ask();
    }
    this.isAsked = isUp;
    if (isUp) {
      this.keep("live", this.isLive);
      this.tellHost();
    }
    this.app.form.value?.follow();
    for (const one of this.client.unsent(null)) {
      if (one.delivery === "failed" && !this.refused.has(one.client_id)) {
        this.refused.add(one.client_id);
        void this.askAfter(one);
      }
    }
  }

  /** The site says who is here; null: nobody. Rejects with `Unanswered`. */
  async identify(token: string | null): Promise<void> {
    await (await this.app.identity.get()).be(this.app, this.client, token);
    this.isAsked = false; // one is somebody else to the server now
    this.changed();
  }

  /** Somebody else is here. */
  become(): void {
    this.told.clear();
    this.reports?.become();
    this.isTold = this.isAsked = this.isVerified = false;
    this.name = "";
  }

  /** A first message was refused: since it was written the inbox may have begun to ask something. */
  private async askAfter(one: Unsent): Promise<void> {
    const { app } = this;
    if (["bad_input", "illegal_state"].includes(one.error ?? "")) {
      await app.speak(app.locale);
      const form = app.mayAsk ? await app.form.get() : null;
      if (
        form?.asked &&
        this.client.unsent(null).some((each) => each.client_id === one.client_id)
      ) {
        form.refuse(one);
      }
    }
  }

  private begun(): void {
    this.app.invitation = null; // it is answered
    if (this.app.inbox.consent) {
      this.keep("agreed", true);
    }
  }

  /** Who one is to the server, and what it need not ask. */
  private async ask(): Promise<void> {
    const { app } = this;
    const { scope } = app;
    const me = await this.client.call("session.me", {}).catch(gone);
    if (me?.visitor && scope === app.scope) {
      this.isVerified = me.visitor.verified ?? false;
      this.name = (this.isVerified && me.visitor.name) || "";
      app.memory.set("known", (me.visitor.known ?? []).join(" "));
      this.keep("agreed", me.visitor.consented_at !== undefined);
      app.changed();
    }
  }

  private heard({ on, message }: Event): void {
    if (on === "message.added" && message?.type === "message") {
      const { conversation, seq, sender } = message;
      const detail = { conversation, seq, from: fromOf(sender), name: sender.name };
      this.app.host.tell({ kefu: 1, type: "event", name: "message", detail });
      this.ring(sender);
    }
  }

  /** Who turned sound on hears of what they do not see. */
  private ring({ role }: Person): void {
    const { app } = this;
    if (role !== "visitor" && !app.isSeen && app.memory.get("sound") === "1") {
      void app.rich.get().then((rich) => rich.ring());
    }
  }

  private tellHost(): void {
    const { app, unread: count } = this;
    this.tell("live", { type: "live", isLive: this.isLive });
    const preview = this.preview();
    if (app.host.isFrame && (preview || app.offers.value)) {
      void app.offers.get().then((offers) => offers.preview(preview));
    }
    const label = count ? app.text("unread", { n: count }) : undefined;
    this.tell("unread", { type: "unread", count, ...(label && { label }) });
    // Who wants to hear of messages wants to see them in the site's title, too.
    const isWanted = app.memory.get("sound") === "1";
    this.tell("title", { type: "title", count: isWanted ? count : 0 });
    for (const { id, status, rating } of this.client.conversations) {
      this.tellEvent(`status.${id}`, "conversation", { id, status });
      if (rating !== undefined) {
        this.tellEvent(`rated.${id}`, "rated", { conversation: id, score: rating });
      }
    }
    this.isTold = true;
    if (!app.host.isFrame) {
      document.title = count ? `(${count}) ${app.inbox.name}` : app.inbox.name;
    }
  }

  /** What came in last, while nobody looks. */
  private preview(): Preview | null {
    const last = this.client.conversations.find(({ unread }) => unread)?.last_message;
    if (!last || last.sender.role === "visitor" || last.deleted_at) {
      return null;
    }
    return { who: last.sender, text: textOf(this.app, last), at: last.at };
  }

  private tellEvent(key: string, name: "conversation" | "rated", detail: object): void {
    const event = { type: "event", name, detail: { ...detail } } as const;
    this.tell(key, event, this.isTold);
  }

  /** Says it if it is another than before; `isSaid`: what is so from the beginning is no event. */
  private tell(key: string, told: Said, isSaid = true): void {
    const text = JSON.stringify(told);
    if (this.told.get(key) !== text) {
      this.told.set(key, text);
      isSaid && this.app.host.tell({ kefu: 1, ...told });
    }
  }

  private keep(key: string, isSo: boolean): void {
    const { memory } = this.app;
    isSo ? memory.set(key, "1") : memory.remove(key);
  }
}

/** The words of a message; of one that has none, the names of its files. */
export function textOf(app: App, { text, files = [] }: Message): string {
  return plainly(app, text) || files.map(({ name }) => name).join(", ");
}

function fromOf({ role }: Person): "me" | "team" | "bot" {
  return role === "visitor" ? "me" : role === "bot" ? "bot" : "team";
}

function gone(error: unknown): null {
  if (error instanceof Unanswered) {
    return null;
  }
  throw error;
}
