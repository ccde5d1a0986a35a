/**
 * What the page has of its conversation: the thread, or while there is none, what is on its way.
 *
 * Rules: every change is kept in the browser (outbox) and told to the page, at once.
 * Not here: what is heard and asked (following), what is sent (sender).
 */
import type { Person, Sending, thread as threads } from "protocol";
import { forget, recall, remember } from "shared/view/memory";
import { Outbox } from "./outbox";

export type Thread = threads.Thread;

/** What a thread says of oneself. */
export type Holder = Pick<Thread, "me" | "level" | "sending">;

/** What became of the past. `back`: of the last messages; `gone`: of the whole conversation. */
export type Loss = "back" | "gone";

function again(one: Sending): Sending {
  const { client_id, text, at } = one;
  return one.delivery === "sent" ? { client_id, text, at, delivery: "pending" } : one;
}

export class ChatCopy {
  thread: Thread | null = null;
  online = false;
  /** What is here is what the server has, as far as this connection was told. */
  isLevel = false;
  /** Something is missing, though it was asked for again. */
  isStuck = false;
  /** The server was put back to an earlier state: to be told. */
  loss: Loss | null = null;
  hasEarlier = false;
  /** Whether there is a conversation is known. */
  isKnown = false;
  readonly outbox: Outbox;
  private readonly key: string;
  private readonly changed: () => void;
  private idle: Holder = { me: { role: "visitor", name: "" }, level: 0, sending: [] };

  /** `widget`: the key of the inbox. What an earlier page did not get sent is on its way again. */
  constructor(widget: string, changed: () => void) {
    this.key = `conversation.${widget}`;
    this.changed = changed;
    this.outbox = new Outbox(widget);
    this.idle = { ...this.idle, sending: this.outbox.load() };
  }

  get sending(): readonly Sending[] {
    return (this.thread ?? this.idle).sending;
  }

  get me(): Person {
    return this.idle.me;
  }

  /** Who one is from now on. */
  become(me: Person): void {
    this.idle = { ...this.idle, me };
  }

  setOnline(online: boolean): void {
    this.online = online;
    this.isLevel = this.isStuck = false;
    this.changed();
  }

  setLevel(isLevel: boolean, isStuck: boolean): void {
    this.isLevel = isLevel;
    this.isStuck = isStuck;
    this.changed();
  }

  /** What the server had taken, and is not there, is on its way again; a repeat is stored once. */
  lose(loss: Loss): void {
    this.loss = loss;
    this.update((holder) => ({ ...holder, sending: holder.sending.map(again) }));
  }

  setKnown(): void {
    this.isKnown = true;
    this.changed();
  }

  /** Shows a conversation. What is among its messages is not on its way any more. */
  show(thread: Thread): void {
    const here = new Set(thread.sending.map(({ client_id }) => client_id));
    const first = this.sending.find(
      ({ client_id }) =>
        !here.has(client_id) && this.outbox.orderOf(client_id).conversation === null,
    );
    if (first) {
      // It began this conversation, though no answer said so; what was written after it follows.
      this.outbox.settle(thread.conversation.id, first.client_id, thread.sending);
    }
    this.thread = thread;
    this.isLevel = true;
    this.prefer(thread.conversation.id);
    this.told();
  }

  /** Shows none; what is on its way stays. */
  leave(): void {
    if (this.thread) {
      this.idle = { ...this.idle, sending: this.thread.sending };
      this.thread = null;
      this.hasEarlier = false;
    }
    forget(this.key);
    this.changed();
  }

  /** The conversation is not there any more, or over: what is on its way to it begins another. */
  abandon(conversation: number): void {
    this.outbox.release(conversation);
    if (!this.thread || this.thread.conversation.id === conversation) {
      this.leave();
    }
    this.outbox.keep(this.sending);
  }

  /** Changes what a thread says of oneself, whether there is one or not. */
  update(change: <T extends Holder>(holder: T) => T): void {
    if (this.thread) {
      this.thread = change(this.thread);
    } else {
      this.idle = change(this.idle);
    }
    this.told();
  }

  change(change: (thread: Thread) => Thread): void {
    const next = this.thread && change(this.thread);
    if (next !== this.thread) {
      this.thread = next;
      this.told();
    }
  }

  /** Which conversation the next page is to show. */
  prefer(conversation: number): void {
    remember(this.key, String(conversation));
  }

  /** The conversation that is to be shown; null: whichever there is. */
  preferred(): number | null {
    const here = this.thread?.conversation.id;
    const orders = this.sending.map(({ client_id }) => this.outbox.orderOf(client_id).conversation);
    const waits = orders.find((id) => id !== null);
    return here ?? waits ?? (Number(recall(this.key)) || null);
  }

  /** Calls back when another tab of this browser has come to show a conversation. */
  onOtherTab(look: () => void): void {
    addEventListener("storage", ({ key, newValue }) => {
      if (key === `kefu.${this.key}` && newValue) {
        look();
      }
    });
  }

  private told(): void {
    this.outbox.keep(this.sending);
    this.changed();
  }
}
