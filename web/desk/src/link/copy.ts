/**
 * What the page has of its conversation: the thread, or while there is none, what is on its way.
 *
 * Rules: every change is kept in the browser (outbox) and told to the page, at once.
 * Not here: what is heard and asked (following), what is sent (sender).
 */
import { lost, type Person, type Sending, type thread as threads } from "protocol";
import { forget, recall, remember } from "shared/view/memory";
import { Outbox } from "./outbox";

export type Thread = threads.Thread;

/** What a thread says of oneself. */
export type Holder = Pick<Thread, "me" | "level" | "sending">;

const LOSSES = ["back", "gone", "ended"] as const;

/**
 * What became of the past. `back`: of the last messages; `gone`: of the whole conversation;
 * `ended`: it is there, and this browser was ended.
 */
export type Loss = (typeof LOSSES)[number];

/** Sent once more: the server stores the same id once. */
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
  /** Something of the past is not there any more: to be told until it was read, over reloads. */
  loss: Loss | null;
  hasEarlier = false;
  /** Whether there is a conversation is known. */
  isKnown = false;
  readonly outbox: Outbox;
  private readonly key: string;
  private readonly knownKey: string;
  private readonly lossKey: string;
  private kept = "";
  private readonly changed: () => void;
  private idle: Holder = { me: { role: "visitor", name: "" }, level: 0, sending: [] };

  /**
   * `widget`: the key of the inbox. What an earlier page did not get sent is on its way again.
   * `scope`: whose words are kept; see `scopeOf` of link/device.
   */
  constructor(widget: string, changed: () => void, scope = widget) {
    this.key = `conversation.${widget}`;
    this.knownKey = `known.${scope}`;
    this.lossKey = `loss.${scope}`;
    this.changed = changed;
    this.outbox = new Outbox(scope);
    this.loss = LOSSES.find((loss) => loss === recall(this.lossKey)) ?? null;
    this.idle = { ...this.idle, sending: this.outbox.load() };
  }

  get sending(): readonly Sending[] {
    return (this.thread ?? this.idle).sending;
  }

  /** Whether anything is to be sent, or was refused. */
  get isWaiting(): boolean {
    return this.sending.some(({ delivery }) => delivery !== "lost");
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

  /** Something was lost: to be told until it was `read`. */
  lose(loss: Loss): void {
    this.loss = loss;
    remember(this.lossKey, loss);
    this.changed();
  }

  read(): void {
    this.loss = null;
    forget(this.lossKey);
    this.changed();
  }

  /** What is known of a conversation, also of an earlier page; null: nothing. */
  knownOf(conversation: number): lost.Known | null {
    const { thread } = this;
    const known =
      thread?.conversation.id === conversation
        ? lost.knownOf(thread)
        : lost.readKnown(recall(this.knownKey), conversation, Date.now());
    const answered = this.sending.filter(
      ({ client_id }) => this.outbox.orderOf(client_id).conversation === conversation,
    );
    return known && { ...known, words: [...known.words, ...lost.stored(answered)] };
  }

  setKnown(): void {
    this.isKnown = true;
    this.changed();
  }

  /**
   * Shows a conversation. What is among its messages is not on its way any more; of what was
   * `stored` before, `missing` is lost, and what else is not among them is asked for again.
   */
  show(opened: Thread, missing: readonly lost.Word[], stored: readonly lost.Word[]): void {
    const ids = new Set(stored.map(({ client_id }) => client_id));
    const found = lost.withLost(opened, missing);
    const thread = {
      ...found,
      sending: found.sending.map((one) => (ids.has(one.client_id) ? again(one) : one)),
    };
    this.unbind(missing);
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
    forget(this.knownKey);
    this.kept = "";
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

  /** As `abandon`, of one that the server does not have: one's own words of it are lost. */
  miss(conversation: number): void {
    const words = this.knownOf(conversation)?.words ?? [];
    this.abandon(conversation);
    this.unbind(words);
    this.update((holder) => lost.withLost(holder, words));
    this.lose("gone");
  }

  /** This browser was ended: it shows nothing of what it knew, and keeps what was never sent. */
  end(): void {
    if (this.thread) {
      this.outbox.release(this.thread.conversation.id);
    }
    this.leave();
    const isOwn = ({ delivery }: Sending) => delivery === "pending" || delivery === "failed";
    this.update((holder) => ({ ...holder, sending: holder.sending.filter(isOwn) }));
    this.lose("ended");
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

  /** Lost words belong to no conversation: they are said where their writer is then. */
  private unbind(words: readonly lost.Word[]): void {
    for (const { client_id } of words) {
      this.outbox.direct(client_id, { conversation: null });
    }
  }

  private told(): void {
    this.outbox.keep(this.sending);
    this.keepKnown();
    this.changed();
  }

  private keepKnown(): void {
    const kept = this.thread ? lost.writtenKnown(lost.knownOf(this.thread)) : this.kept;
    if (kept !== this.kept) {
      this.kept = kept;
      remember(this.knownKey, kept);
    }
  }
}
