/**
 * Follows one conversation: finds it, hears it, asks for what was missed.
 *
 * Rules: what is heard goes through the reducer (protocol). After a loss one goes on with the number
 * and mark that one has; where the server cannot tell what was missed, one begins afresh and says
 * so. What stays missing is asked for after longer and longer, and that is said, too.
 * Not here: sockets (connection), sending (sender).
 */
import { lost, type Message, thread as threads } from "protocol";
import { retryDelayMs } from "shared/core/backoff";
import { type Connection, isCode, type Told, Unanswered } from "./connection";
import type { ChatCopy, Loss, Thread } from "./copy";

const PAGE = 50;
/** So many are read to find out which of one's own words are lost. */
const MOST_PAGES = 10;
const RETRY_MS = 2_000;

type ToldEvent = Extract<Told, { kind: "event" }>;

export class Following {
  private readonly copy: ChatCopy;
  private readonly connection: Connection;
  /** The conversation that is being opened, and what was heard of it meanwhile. */
  private opening: { readonly id: number; readonly early: ToldEvent[] } | null = null;
  private isCatchingUp = false;
  /** How often in a row something was still missing after it was asked for. */
  private attempt = 0;
  private timer = 0;

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
    this.mend();
  }

  /** Asks for what is missing, if anything is and was not asked for a moment ago. */
  mend(): void {
    if (this.isBehind() && !this.timer) {
      void this.catchUp();
    }
  }

  /** The connection is gone: what was being opened is opened anew on the next. */
  down(): void {
    this.opening = null;
    this.rest(null);
  }

  /** Follows the conversation that is to be shown, if there is one. `loss`: why it is done again. */
  async find(loss: Loss | null = null): Promise<void> {
    const preferred = this.copy.preferred();
    try {
      const id = preferred ?? (await this.latest());
      if (id !== null) {
        await this.follow(id, loss);
      }
      this.copy.setKnown();
    } catch (error) {
      this.notFound(error, preferred, loss);
    }
  }

  /** Begins to follow; rejects with `Unanswered`. `loss`: known already. */
  async follow(id: number, loss: Loss | null = null): Promise<void> {
    const opening = { id, early: [] };
    this.opening = opening;
    const known = this.copy.knownOf(id);
    const [{ conversation, seq, mark }, holds] = await Promise.all([
      this.connection.call("conversation.open", { conversation: id }),
      loss === null && this.holds(known),
    ]);
    const doubtful = known ? lost.doubtful(known, holds) : [];
    const { messages, missing } = await this.newest(id, seq, doubtful);
    if (this.opening !== opening) {
      return; // lost, or another one by now
    }
    this.opening = null;
    const { me, sending } = this.copy;
    const blank = { ...threads.openThread({ side: "contact", me }, conversation), sending };
    const whole = threads.reopen(blank, conversation, messages, mark);
    this.copy.show(opening.early.reduce(heard, whole), missing, known?.words ?? []);
    if (!holds) {
      this.copy.lose(loss ?? "back");
    }
    await this.askPlace();
  }

  /** Asks for what was missed, until nothing is missing. */
  async catchUp(): Promise<void> {
    if (this.isCatchingUp) {
      return;
    }
    this.isCatchingUp = true;
    let isMissing = true;
    try {
      await this.askOn();
      isMissing = this.isBehind();
      this.rest(isMissing ? retryDelayMs(this.attempt, Math.random()) : null);
      this.copy.setLevel(!isMissing, this.attempt > 1);
      await this.askPlace();
    } catch (error) {
      await this.notCaughtUp(error, isMissing);
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
    const { online, thread, isWaiting, me } = this.copy;
    if (!online || thread || isWaiting) {
      return;
    }
    if (me.id) {
      void this.find();
    } else {
      this.connection.renew();
    }
  }

  private isBehind(): boolean {
    return this.copy.thread !== null && threads.gap(this.copy.thread) !== null;
  }

  /** Asks again after a while; null: nothing is missing. */
  private rest(delayMs: number | null): void {
    clearTimeout(this.timer);
    this.attempt = delayMs === null ? 0 : this.attempt + 1;
    this.timer =
      delayMs === null
        ? 0
        : setTimeout(() => {
            this.timer = 0;
            void this.catchUp();
          }, delayMs);
  }

  private async notCaughtUp(error: unknown, isMissing: boolean): Promise<void> {
    if (isCode(error, "expired") || isCode(error, "not_found")) {
      this.rest(null);
      await this.find(isCode(error, "expired") ? "back" : null);
    } else if (!(error instanceof Unanswered)) {
      throw error;
    } else if (error.code !== "gone" && isMissing) {
      this.rest(error.retryMs ?? retryDelayMs(this.attempt, Math.random()));
    }
  }

  private async askOn(): Promise<void> {
    for (let more = true; more && this.copy.thread; ) {
      const { level, conversation } = this.copy.thread;
      const form = { conversation: conversation.id, ...threads.position(this.copy.thread) };
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

  /** Whether the server has the entry that one stood on: then all before it is there, too. */
  private async holds(known: lost.Known | null): Promise<boolean> {
    if (known === null) {
      return true;
    }
    const { conversation, since, mark } = known;
    const form = { conversation, since, ...(mark !== undefined && { mark }) };
    try {
      await this.connection.call("conversation.open", form);
      return true;
    } catch (error) {
      if (isCode(error, "expired")) {
        return false;
      }
      throw error;
    }
  }

  /** The newest messages up to `seq`, so many that they tell which of one's own are missing. */
  private async newest(id: number, seq: number, words: readonly lost.Word[]) {
    let messages = await this.page(id, seq + 1);
    let found = lost.findLost(words, messages, this.copy.hasEarlier);
    for (let page = 1; !found.isSure && page < MOST_PAGES; page += 1) {
      messages = [...(await this.page(id, messages[0]?.seq ?? 0)), ...messages];
      found = lost.findLost(words, messages, this.copy.hasEarlier);
    }
    return { messages, missing: found.lost };
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

  private notFound(error: unknown, preferred: number | null, loss: Loss | null): void {
    if (isCode(error, "not_found")) {
      if (preferred !== null) {
        this.copy.miss(preferred);
      }
      this.copy.setKnown();
    } else if (!(error instanceof Unanswered)) {
      throw error;
    } else if (error.code !== "gone") {
      setTimeout(() => this.copy.online && void this.find(loss), error.retryMs ?? RETRY_MS);
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
