/**
 * Follows one conversation: finds it, hears it, asks for what was missed.
 *
 * Rules: what is heard goes through the reducer (protocol). After a loss one goes on with the number
 * that one has; where the server cannot tell what was missed, one begins afresh.
 * Not here: sockets (connection), sending (sender).
 */
import { type Message, thread as threads } from "protocol";
import { type Connection, isCode, type Told, Unanswered } from "./connection";
import type { ChatCopy, Thread } from "./copy";

const PAGE = 50;
const RETRY_MS = 2_000;

type ToldEvent = Extract<Told, { kind: "event" }>;

export class Following {
  private readonly copy: ChatCopy;
  private readonly connection: Connection;
  /** The conversation that is being opened, and what was heard of it meanwhile. */
  private opening: { readonly id: number; readonly early: ToldEvent[] } | null = null;
  private isCatchingUp = false;

  constructor(copy: ChatCopy, connection: Connection) {
    this.copy = copy;
    this.connection = connection;
    copy.onOtherTab(() => this.join());
  }

  hear(told: Told): void {
    if (told.kind === "event" && told.event.conversation === this.opening?.id) {
      this.opening.early.push(told);
      return;
    }
    this.copy.change((thread) => heard(thread, told));
    if (this.copy.thread && threads.gap(this.copy.thread) !== null) {
      void this.catchUp();
    }
  }

  /** The connection is gone: what was being opened is opened anew on the next. */
  down(): void {
    this.opening = null;
  }

  /** Follows the conversation that is to be shown, if there is one. */
  async find(): Promise<void> {
    try {
      const id = this.copy.preferred() ?? (await this.latest());
      if (id !== null) {
        await this.follow(id);
      }
      this.copy.setKnown();
    } catch (error) {
      this.notFound(error);
    }
  }

  /** Begins to follow; rejects with `Unanswered`. */
  async follow(id: number): Promise<void> {
    const opening = { id, early: [] };
    this.opening = opening;
    const { conversation, seq } = await this.connection.call("conversation.open", {
      conversation: id,
    });
    const messages = await this.page(id, seq + 1);
    if (this.opening !== opening) {
      return; // lost, or another one by now
    }
    this.opening = null;
    const { me, sending } = this.copy;
    const blank = { ...threads.openThread({ side: "contact", me }, conversation), sending };
    const whole = threads.reopen(blank, conversation, messages);
    this.copy.show(opening.early.reduce(heard, whole));
    await this.askPlace();
  }

  /** Asks for what was missed, until nothing is missing. */
  async catchUp(): Promise<void> {
    if (this.isCatchingUp) {
      return;
    }
    this.isCatchingUp = true;
    try {
      await this.askOn();
      await this.askPlace();
    } catch (error) {
      if (isCode(error, "expired") || isCode(error, "not_found")) {
        await this.find();
      } else if (!(error instanceof Unanswered)) {
        throw error;
      }
    } finally {
      this.isCatchingUp = false;
    }
  }

  async loadEarlier(): Promise<void> {
    const first = this.copy.thread?.messages[0];
    if (first) {
      const before = await this.page(first.conversation, first.seq);
      this.copy.change((thread) => threads.addMessages(thread, before));
    }
  }

  /** Another tab has begun a conversation: with it this browser has become somebody. */
  private join(): void {
    const { online, thread, sending, me } = this.copy;
    if (!online || thread || sending.length) {
      return;
    }
    if (me.id) {
      void this.find();
    } else {
      this.connection.renew();
    }
  }

  private async askOn(): Promise<void> {
    for (let more = true; more && this.copy.thread; ) {
      const { level, conversation } = this.copy.thread;
      const form = { conversation: conversation.id, since: level };
      const page = await this.connection.call("conversation.open", form);
      this.copy.change((thread) => threads.hearPage(thread, level, page));
      more = page.more ?? false;
    }
  }

  private async latest(): Promise<number | null> {
    if (!this.copy.me.id) {
      return null; // nobody has written here yet
    }
    const { items } = await this.connection.call("conversation.list", { limit: 1 });
    return items[0]?.id ?? null;
  }

  private async page(conversation: number, before: number): Promise<readonly Message[]> {
    const form = { conversation, before, limit: PAGE };
    const { items, next } = await this.connection.call("message.list", form);
    this.copy.hasEarlier = next !== undefined;
    return items;
  }

  private async askPlace(): Promise<void> {
    const { conversation } = this.copy.thread ?? {};
    if (conversation?.status === "queued") {
      const form = { conversation: conversation.id };
      const { position } = await this.connection.call("conversation.queue_position", form);
      const signal = { on: "queue.position", ...form, position: position ?? 0 } as const;
      this.copy.change((thread) => threads.hearSignal(thread, signal, Date.now()));
    }
  }

  private notFound(error: unknown): void {
    if (isCode(error, "not_found")) {
      this.copy.leave();
      this.copy.setKnown();
    } else if (!(error instanceof Unanswered)) {
      throw error;
    } else if (error.code !== "gone") {
      setTimeout(() => this.copy.online && void this.find(), error.retryMs ?? RETRY_MS);
    }
  }
}

function heard(thread: Thread, told: Told): Thread {
  switch (told.kind) {
    case "event":
      return threads.hearEvent(thread, told.event);
    case "signal":
      return threads.hearSignal(thread, told.signal, Date.now());
    case "heartbeat":
      return threads.hearHead(thread, told.heads.get(thread.conversation.id) ?? 0);
  }
}
