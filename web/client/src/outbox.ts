/**
 * What oneself says, until it is among the messages: kept over a reload, sent until it is answered.
 *
 * Rules: each under a key of its own, so that two tabs do not overwrite each other's; in the order of a
 * counter, whatever the clock says; one at a time in each conversation. A message keeps its id, so that
 * a repeat is stored once. What a visitor says to no conversation goes into the one that goes on, which
 * is known once all is level, or begins one; what is `isNew`, or was for a conversation that is over for
 * good or not there any more, begins another. What another tab left is sent here.
 * Not here: what it looks like beside the messages (client).
 */
import type { CommandName, ErrorCode, Message, Sent, Started } from "protocol";
import { drawId } from "./device";
import type { Memory } from "./memory";
import type { Ports } from "./ports";
import { GONE, isCode, Unanswered } from "./wire";

/** What goes with a message, as `message.send` and `conversation.start` have it. */
export interface More {
  /** One's own id of it, drawn if it is left out: what is said again under the same is stored once. */
  readonly client_id?: string;
  readonly files?: readonly number[];
  readonly quote?: number;
  readonly answers?: Readonly<Record<string, string | number | boolean>>;
  readonly blocks?: readonly unknown[];
  readonly email?: string;
  readonly mentions?: readonly number[];
  /** Begins a conversation, also beside one that goes on. */
  readonly isNew?: boolean;
  /** The following go with a first message alone. To what the inbox asks. */
  readonly consent?: boolean;
  readonly invitation?: string;
  readonly page?: string;
  readonly title?: string;
  readonly referrer?: string;
  /** What the page says of the visitor, unverified. */
  readonly attributes?: Readonly<Record<string, unknown>>;
  readonly locale?: string;
  readonly time_zone?: string;
}

export interface Unsent {
  readonly client_id: string;
  readonly text: string;
  readonly at: string;
  /** null: for the one that goes on, or it begins one, or follows the message that does. */
  readonly conversation: number | null;
  /** What was written later has a higher one. */
  readonly place: number;
  /**
   * sent: the server has it, under `seq`. failed: it was refused, and would be again. lost: the server
   * had it and has it no more.
   */
  readonly delivery: "pending" | "sent" | "failed" | "lost";
  readonly isNote: boolean;
  /** It begins a conversation in any case. */
  readonly isNew?: boolean;
  /** The server was asked to begin one with it, and may have. */
  readonly isAsked?: boolean;
  readonly more: More;
  readonly seq?: number;
  readonly error?: ErrorCode | (string & {});
  /** What the server said to that. */
  readonly reason?: string;
}

export interface OutboxEvents {
  ask(name: CommandName, form: object): Promise<unknown>;
  /** The conversation that goes on; null: there is none. Throws `gone`: that is not known now. */
  live(): number | null;
  /** What goes with a first message. */
  about(): object;
  /** The first message is stored. */
  begun(started: Started): void;
  /** Stored under this number. True: its message will be told, and then it goes. */
  sent(answer: Sent): boolean;
  /** It takes no more: what is to go there begins another. */
  over(conversation: number, code: string): void;
  changed(): void;
}

const KEY = "unsent.";
const RETRY_MS = 1_000;

export class Outbox {
  private readonly ports: Ports;
  private readonly memory: Memory;
  private readonly events: OutboxEvents;
  private readonly canBegin: boolean;
  private readonly entries = new Map<string, Unsent>();
  /** Of another page: gone as soon as that page, or another, is done with it. */
  private readonly adopted = new Set<string>();
  /** Of somebody who was here before: nobody else says it. */
  private readonly foreign = new Set<string>();
  private readonly busy = new Set<number | null>();
  private readonly again = new Set<number | null>();
  private readonly waits = new Set<() => void>();
  private isOver = false;

  constructor(ports: Ports, memory: Memory, canBegin: boolean, events: OutboxEvents) {
    this.ports = ports;
    this.memory = memory;
    this.canBegin = canBegin;
    this.events = events;
    this.adopt();
  }

  /** In the order in which it was written. */
  get all(): readonly Unsent[] {
    return [...this.entries.values()].sort((a, b) => a.place - b.place);
  }

  say(text: string, conversation: number | null, what: More = {}, isNote = false): string {
    const { client_id = drawId(this.ports.random), isNew = false, ...more } = what;
    this.adopt();
    const place = Math.max(0, ...this.all.map((one) => one.place)) + 1;
    const at = new Date(this.ports.clock.wall()).toISOString();
    const delivery = "pending";
    this.put({ client_id, text, at, conversation, place, delivery, isNote, isNew, more });
    this.events.changed();
    this.pump();
    return client_id;
  }

  /** Another try of what was refused or lost, as if it were new; `conversation`: where. */
  retry(clientId: string, conversation: number | null): void {
    const one = this.entries.get(clientId);
    if (one) {
      const { seq: _, error: __, reason: ___, isAsked: ____, ...rest } = one;
      this.put({ ...rest, conversation, delivery: "pending" });
      this.events.changed();
      this.pump();
    }
  }

  drop(clientId: string): void {
    if (this.entries.delete(clientId)) {
      this.memory.remove(KEY + clientId);
      this.adopted.delete(clientId);
      this.events.changed();
    }
  }

  /** Messages that are here: what announced them goes. */
  here(messages: readonly Message[]): void {
    for (const { client_id = "", conversation } of messages) {
      const one = this.entries.get(client_id);
      if (one?.conversation === null && one.delivery === "pending") {
        this.follow(one, conversation); // it began this one, though no answer said so
      }
      this.drop(client_id);
    }
  }

  /** Words that the server had and has no more; they wait for their writer, in `conversation`. */
  lose(
    words: readonly Pick<Unsent, "client_id" | "text" | "at">[],
    conversation: number | null,
  ): void {
    for (const word of words) {
      const place = this.entries.get(word.client_id)?.place ?? 0;
      const lost = { delivery: "lost", isNote: false, more: {}, conversation } as const;
      this.put({ ...word, place, ...lost });
    }
  }

  /** Takes what an earlier page, or another tab, left behind. */
  adopt(): void {
    for (const id of this.memory.keys(KEY)) {
      const kept = this.entries.has(id) ? null : read(this.memory.get(KEY + id));
      if (kept) {
        this.entries.set(id, kept);
        this.adopted.add(id);
      }
    }
  }

  /** Sends what waits. */
  pump(): void {
    const places = new Set(
      this.all.filter((one) => one.delivery === "pending").map((one) => one.conversation),
    );
    for (const conversation of places) {
      if (this.busy.has(conversation)) {
        this.again.add(conversation); // it may be about to give up
      } else {
        void this.run(conversation);
      }
    }
  }

  /** The conversation is over for good, or not there: what is to go there begins another. */
  release(conversation: number): void {
    for (const one of this.all.filter((each) => each.conversation === conversation)) {
      if (this.foreign.has(one.client_id)) {
        this.drop(one.client_id);
      } else if (one.delivery !== "failed") {
        this.put({ ...one, conversation: null, isNew: true, delivery: "pending" });
      }
    }
  }

  /**
   * Somebody else is here now. What was to begin a conversation goes, and whatever an agent wrote; a
   * visitor's is still sent where it belongs, if that is theirs (an anonymous contact became a person).
   */
  estrange(): void {
    for (const { client_id, conversation } of this.all) {
      if (conversation === null || !this.canBegin) {
        this.drop(client_id);
      } else {
        this.foreign.add(client_id);
      }
    }
  }

  close(): void {
    this.isOver = true;
    for (const stop of [...this.waits]) {
      stop();
    }
    this.entries.clear();
  }

  private async run(conversation: number | null): Promise<void> {
    this.busy.add(conversation);
    this.again.delete(conversation);
    for (let isGoing = true; isGoing && !this.isOver; ) {
      const next = this.all.find(
        (one) => one.conversation === conversation && one.delivery === "pending",
      );
      isGoing = next !== undefined && (await this.attempt(next));
    }
    this.busy.delete(conversation);
    if (this.again.delete(conversation) && !this.isOver) {
      void this.run(conversation);
    }
  }

  /** Sends one; false: there is no way now. */
  private async attempt(one: Unsent): Promise<boolean> {
    const { client_id } = one;
    if (this.adopted.has(client_id) && this.memory.get(KEY + client_id) === null) {
      this.drop(client_id);
      return true;
    }
    try {
      await (one.conversation === null ? this.begin(one) : this.send(one, one.conversation));
      return true;
    } catch (error) {
      if (!(error instanceof Unanswered)) {
        throw error;
      }
      return !this.isOver && this.failed(error, one);
    }
  }

  private async begin(first: Unsent): Promise<void> {
    const { client_id, text, more, isNew, isAsked } = first;
    const mustBegin = isNew || isAsked || !(text || more.files); // answers alone are no message
    const live = mustBegin ? null : this.events.live();
    if (live !== null) {
      this.put({ ...first, conversation: live });
      this.events.changed();
      this.pump();
      return;
    }
    this.put({ ...first, isAsked: true });
    const form = { client_id, ...(text && { text }), ...more, ...this.events.about() };
    const started = (await this.events.ask("conversation.start", form)) as Started;
    if (this.isOver) {
      return;
    }
    this.follow(first, started.conversation.id);
    this.drop(client_id);
    this.events.begun(started);
    this.pump();
  }

  /** What was written after the first message goes where that one began. */
  private follow({ place, isNew }: Unsent, conversation: number): void {
    for (const one of this.all) {
      const isLater = one.conversation === null && one.place > place;
      if (isLater && one.delivery === "pending" && one.isNew === isNew) {
        this.put({ ...one, conversation });
      }
    }
  }

  private async send(one: Unsent, conversation: number): Promise<void> {
    const { client_id, text, more, isNote } = one;
    const form = { conversation, client_id, ...(text && { text }), ...fitting(more) };
    const name = isNote ? "message.note" : "message.send";
    const answer = (await this.events.ask(name, form)) as Sent;
    if (this.isOver || !this.entries.has(client_id)) {
      this.memory.remove(KEY + client_id);
      return;
    }
    this.put({ ...one, delivery: "sent", seq: answer.seq, at: answer.at });
    if (!this.events.sent(answer)) {
      this.drop(client_id);
    }
    this.events.changed();
  }

  /** False: no more for now. */
  private async failed(error: Unanswered, one: Unsent): Promise<boolean> {
    const { code, retryMs } = error;
    if (code === GONE.code || code === "unauthenticated") {
      return false;
    }
    if (code === "unavailable" || (code === "too_many" && retryMs !== null)) {
      await this.pause(retryMs ?? RETRY_MS);
      return true;
    }
    const { conversation } = one;
    if (this.foreign.has(one.client_id) && isCode(error, "not_found")) {
      this.drop(one.client_id);
      return true;
    }
    if (this.canBegin && conversation !== null && isCode(error, "not_found", "illegal_state")) {
      this.release(conversation);
      this.events.over(conversation, code);
      this.pump();
      return false;
    }
    if (this.entries.has(one.client_id)) {
      this.put({ ...one, delivery: "failed", error: code, reason: error.message });
      this.events.changed();
    }
    return true; // the next one may be taken
  }

  private put(one: Unsent): void {
    this.entries.set(one.client_id, one);
    this.memory.set(KEY + one.client_id, JSON.stringify(one));
  }

  private pause(delayMs: number): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        stop();
        this.waits.delete(done);
        resolve();
      };
      const stop = this.ports.clock.after(delayMs, done);
      this.waits.add(done);
    });
  }
}

/** What of it goes with a message where a conversation is: the rest was said for one that begins. */
function fitting({ files, quote, answers, blocks, mentions }: More): More {
  const isAnswer = quote !== undefined && answers;
  return {
    ...(files && { files }),
    ...(quote !== undefined && { quote }),
    ...(isAnswer && { answers }),
    ...(blocks && { blocks }),
    ...(mentions && { mentions }),
  };
}

/** What was kept may be anything. What the server had taken is asked again: it stores an id once. */
function read(kept: string | null): Unsent | null {
  const fields = parse(kept);
  const { client_id, text, at, conversation, place, more, isNote, isNew, isAsked } = fields;
  const { delivery, error, reason } = fields;
  if (![client_id, text, at].every((one) => typeof one === "string")) {
    return null;
  }
  const draft = { client_id, text, at } as Pick<Unsent, "client_id" | "text" | "at">;
  const isFailed = delivery === "failed" && typeof error === "string";
  return {
    ...draft,
    conversation: Number.isSafeInteger(conversation) ? (conversation as number) : null,
    place: Number.isSafeInteger(place) ? (place as number) : 0,
    isNote: !!isNote,
    isNew: !!isNew,
    isAsked: !!isAsked,
    more: typeof more === "object" && more !== null ? more : {},
    ...(isFailed
      ? { delivery: "failed", error: error as string, reason: String(reason ?? "") }
      : { delivery: delivery === "lost" ? "lost" : "pending" }),
  };
}

function parse(kept: string | null): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(kept ?? "");
    return typeof value === "object" && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
}
