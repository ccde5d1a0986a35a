/** How the page follows a server that loses events, answers oddly, or was put back. */
import type { Conversation, ConversationPage, Message } from "protocol";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { type Connection, type Told, Unanswered } from "./connection";
import { ChatCopy } from "./copy";
import { Following } from "./following";
import { Sender } from "./sender";

const AT = "2026-01-01T00:00:00Z";
const ME = { role: "visitor", name: "Li", id: 9 } as const;
const ANN = { role: "agent", name: "Ann", id: 3 } as const;

/** The server's side: what is stored, and what was asked. */
class Store {
  texts: string[] = ["one"];
  past = "a";
  conversation = 17;
  /** Numbers that it says are there, and never gives. */
  promised = 0;
  readonly asked: (readonly [string, Record<string, unknown>])[] = [];
  refusal: string | null = null;

  get head(): number {
    return this.texts.length + this.promised;
  }

  call(name: string, form: Record<string, unknown>): Promise<unknown> {
    this.asked.push([name, form]);
    if (this.refusal) {
      return refuse(this.refusal);
    }
    if ("conversation" in form && form.conversation !== this.conversation) {
      return refuse("not_found");
    }
    switch (name) {
      case "conversation.open":
        return this.open(form);
      case "message.list":
        return Promise.resolve({ items: this.texts.map((_, n) => this.message(n + 1)) });
      case "message.send":
        this.texts.push(form.text as string);
        return Promise.resolve({ ...form, seq: this.texts.length, at: AT });
      case "conversation.start":
        this.texts = [form.text as string];
        return Promise.resolve({ conversation: this.state(), message: this.message(1) });
      default:
        return refuse("bad_input");
    }
  }

  opens(): Record<string, unknown>[] {
    return this.asked.filter(([name]) => name === "conversation.open").map(([, form]) => form);
  }

  mark(seq: number): string {
    return `${this.past}${seq}`;
  }

  told(seq: number): Told {
    return { kind: "event", event: this.event(seq) };
  }

  private open({ since, mark }: Record<string, unknown>): Promise<ConversationPage> {
    const from = (since ?? this.texts.length) as number;
    if (from > this.texts.length || (mark && mark !== this.mark(from))) {
      return refuse("expired");
    }
    return Promise.resolve({
      conversation: this.state(),
      seq: this.texts.length,
      mark: this.mark(this.texts.length),
      events: this.texts.slice(from).map((_, n) => this.event(from + n + 1)),
    });
  }

  private event(seq: number) {
    const at = { cursor: `${this.mark(seq)}-${seq}`, conversation: this.conversation, seq };
    return { on: "message.added", ...at, prev: seq - 1, message: this.message(seq) } as const;
  }

  private message(seq: number): Message {
    const text = this.texts[seq - 1] ?? "";
    return { conversation: this.conversation, seq, type: "message", sender: ANN, text, at: AT };
  }

  private state(): Conversation {
    const last_seq = this.head;
    return { id: this.conversation, kind: "desk", last_seq, created_at: AT, updated_at: AT };
  }
}

function refuse(code: string): Promise<never> {
  return Promise.reject(new Unanswered({ code, message: "", retry_ms: null }));
}

/** A page that shows the store's conversation. */
async function following(store: Store) {
  const copy = new ChatCopy("wk", () => undefined);
  const connection = store as unknown as Connection;
  const follower = new Following(copy, connection);
  const parts = { copy, connection, following: follower };
  const about = () => ({ locale: "en", page: "", time_zone: "UTC" });
  const sender = new Sender(parts, about, { notBegun: () => undefined });
  copy.become(ME);
  copy.setOnline(true);
  await follower.follow(store.conversation);
  store.asked.length = 0;
  return { copy, follower, sender };
}

function texts({ thread }: ChatCopy): string[] | undefined {
  return thread?.messages.map(({ text }) => text);
}

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal("addEventListener", () => undefined); // of other tabs
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

describe("a page that follows", () => {
  it("asks at once for what only its own answer shows to be missing", async () => {
    const store = new Store();
    const { copy, sender } = await following(store);
    store.texts.push("lost on the way");
    sender.say("mine");
    await vi.advanceTimersByTimeAsync(0);
    expect(texts(copy)).toEqual(["one", "lost on the way", "mine"]);
    expect(store.opens()).toEqual([{ conversation: 17, since: 1, mark: "a1" }]);
  });

  it("asks for what never comes after longer and longer, and says so", async () => {
    const store = new Store();
    const { copy, follower } = await following(store);
    store.promised = 2;
    const frame = { kind: "heartbeat", heads: new Map([[17, 3]]), cursor: null } as const;
    follower.hear(frame);
    await vi.advanceTimersByTimeAsync(0);
    expect([copy.isStuck, copy.isLevel]).toEqual([false, false]);
    for (let n = 0; n < 600; n++) {
      follower.hear(frame);
      await vi.advanceTimersByTimeAsync(100);
    }
    expect(copy.isStuck).toBe(true);
    expect(store.opens().length).toBeLessThan(15); // in a minute, of 600 frames
    store.promised = 0;
    store.texts.push("two", "three");
    await vi.advanceTimersByTimeAsync(15_000);
    expect(texts(copy)).toEqual(["one", "two", "three"]);
    expect([copy.isStuck, copy.isLevel]).toEqual([false, true]);
  });

  it("asks again after a refusal that passes, though nothing was heard", async () => {
    const store = new Store();
    const { copy, follower } = await following(store);
    copy.setOnline(true); // on another connection
    store.texts.push("two");
    store.refusal = "unavailable";
    await follower.catchUp();
    expect(copy.isLevel).toBe(false);
    store.refusal = null;
    await vi.advanceTimersByTimeAsync(1_000);
    expect([texts(copy), copy.isLevel]).toEqual([["one", "two"], true]);
  });

  it("asks for nothing while there is no connection", async () => {
    const store = new Store();
    const { copy, follower } = await following(store);
    store.promised = 1;
    follower.hear({ kind: "heartbeat", heads: new Map([[17, 2]]), cursor: null });
    await vi.advanceTimersByTimeAsync(0);
    follower.down();
    copy.setOnline(false);
    store.asked.length = 0;
    await vi.advanceTimersByTimeAsync(60_000);
    expect(store.asked).toEqual([]);
  });

  it("begins afresh and says so if the server was put back, however far it has grown", async () => {
    const store = new Store();
    const { copy, follower } = await following(store);
    store.texts.push("lost");
    follower.hear(store.told(2));
    expect(texts(copy)).toEqual(["one", "lost"]);
    copy.setOnline(true);
    store.past = "b";
    store.texts = ["one", "since 1", "since 2"];
    await follower.catchUp();
    expect([texts(copy), copy.loss]).toEqual([["one", "since 1", "since 2"], "back"]);
    expect(store.opens()[0]).toEqual({ conversation: 17, since: 2, mark: "a2" });
  });

  it("sends again what a lost past had taken", async () => {
    const store = new Store();
    const { copy, follower, sender } = await following(store);
    copy.setOnline(false);
    sender.say("mine");
    const [one] = copy.sending;
    copy.update((holder) => ({ ...holder, sending: [{ ...one, delivery: "sent" } as never] }));
    store.past = "b";
    copy.setOnline(true);
    await follower.catchUp();
    expect(copy.sending).toMatchObject([{ text: "mine", delivery: "pending" }]);
  });

  it("begins one conversation with all that was for one that is gone", async () => {
    const store = new Store();
    const { copy, sender } = await following(store);
    copy.setOnline(false);
    sender.say("first");
    sender.say("second");
    copy.setOnline(true);
    store.conversation = 18;
    await sender.pump();
    expect(copy.loss).toBe("gone");
    const done = store.asked.filter(([name]) => name !== "conversation.open");
    expect(done.map(([name, form]) => [name, form.conversation, form.text])).toEqual([
      ["message.send", 17, "first"],
      ["conversation.start", undefined, "first"],
      ["message.list", 18, undefined],
      ["message.send", 18, "second"],
    ]);
    expect(copy.thread?.conversation.id).toBe(18);
  });
});
