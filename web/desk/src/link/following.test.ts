/** How the page follows a server that loses events, answers oddly, or was put back. */
import type { Conversation, ConversationPage, Message } from "protocol";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { storage } from "../testing/storage";
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
  /** Texts of the visitor's, with their ids. */
  readonly own = new Map<string, string>();

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
        return Promise.resolve(this.page(form.before as number));
      case "message.send":
        this.texts.push(form.text as string);
        this.own.set(form.text as string, form.client_id as string);
        return Promise.resolve({ ...form, seq: this.texts.length, at: AT });
      case "conversation.start":
        this.texts = [form.text as string];
        this.own.set(form.text as string, form.client_id as string);
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

  /** A backup was put back, and this is what there is now. */
  putBack(texts: string[]): void {
    this.past = "b";
    this.texts = texts;
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
    const client_id = this.own.get(text);
    const by = client_id ? { sender: ME, client_id } : { sender: ANN };
    return { conversation: this.conversation, seq, type: "message", text, at: AT, ...by };
  }

  private page(before: number) {
    const items = this.texts.map((_, n) => this.message(n + 1)).filter(({ seq }) => seq < before);
    return { items: items.slice(-50), ...(items.length > 50 && { next: "more" }) };
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

/** What waits beside the messages. */
function beside({ sending }: ChatCopy): string[] {
  return sending.map(({ text, delivery }) => `${text}: ${delivery}`);
}

/** What the page told the server to keep. */
function saidTo(store: Store): unknown[] {
  const said = store.asked.filter(([name]) => /send|start/.test(name));
  return said.map(([name, { conversation, text }]) => [name, conversation, text]);
}

function texts({ thread }: ChatCopy): string[] | undefined {
  return thread?.messages.map(({ text }) => text);
}

beforeEach(() => {
  vi.useFakeTimers({ now: Date.parse(AT) });
  vi.stubGlobal("localStorage", storage());
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

  it("keeps one's own words that the server lost, and says none of them by itself", async () => {
    const store = new Store();
    const { copy, follower, sender } = await following(store);
    for (const text of ["mine", "lost 1", "lost 2"]) {
      sender.say(text);
      await vi.advanceTimersByTimeAsync(0);
    }
    expect(texts(copy)).toEqual(["one", "mine", "lost 1", "lost 2"]);
    store.putBack(["one", "mine", "since"]);
    store.asked.length = 0;
    await follower.catchUp();
    await sender.pump();
    expect([texts(copy), copy.loss]).toEqual([["one", "mine", "since"], "back"]);
    expect(beside(copy)).toEqual(["lost 1: lost", "lost 2: lost"]);
    expect(saidTo(store)).toEqual([]);
    sender.sayAgain(copy.sending[1]?.client_id ?? "");
    await vi.advanceTimersByTimeAsync(0);
    expect(saidTo(store)).toEqual([["message.send", 17, "lost 2"]]);
    expect(texts(copy)).toEqual(["one", "mine", "since", "lost 2"]);
    expect(beside(copy)).toEqual(["lost 1: lost"]);
  });

  it("keeps lost words and the notice over a reload, and finds what was lost meanwhile", async () => {
    const store = new Store();
    const before = await following(store);
    before.sender.say("lost 1");
    await vi.advanceTimersByTimeAsync(0);
    store.putBack(["one"]);
    const { copy, sender } = await following(store); // reloaded before it could hear of that
    expect(beside(copy)).toEqual(["lost 1: lost"]);
    expect(copy.loss).toBe("back");
    const next = await following(store);
    expect([beside(next.copy), next.copy.loss]).toEqual([["lost 1: lost"], "back"]);
    next.copy.read();
    sender.drop(copy.sending[0]?.client_id ?? "");
    const last = await following(store);
    expect([beside(last.copy), last.copy.loss]).toEqual([[], null]);
  });

  it("reads no more than the newest messages where nothing is lost", async () => {
    const store = new Store();
    const { sender } = await following(store);
    sender.say("mine");
    await vi.advanceTimersByTimeAsync(0);
    store.texts.push(...Array.from({ length: 120 }, (_, n) => `since ${n}`));
    const { copy } = await following(store);
    expect([copy.thread?.messages.length, copy.hasEarlier, copy.loss]).toEqual([50, true, null]);
  });

  it("looks for its words among as many messages as it takes", async () => {
    const store = new Store();
    const { sender } = await following(store);
    sender.say("mine");
    sender.say("lost");
    await vi.advanceTimersByTimeAsync(0);
    const since = Array.from({ length: 120 }, (_, n) => `since ${n}`);
    store.putBack(["one", "mine", ...since]);
    const { copy } = await following(store);
    expect(beside(copy)).toEqual(["lost: lost"]);
    expect(texts(copy)).toEqual(["one", "mine", ...since]);
  });

  it("takes nothing for lost that was answered and not heard, if it is there", async () => {
    const store = new Store();
    const before = await following(store);
    store.promised = 1; // holds back what is said next
    before.sender.say("mine");
    await vi.advanceTimersByTimeAsync(0);
    store.promised = 0;
    const { copy } = await following(store);
    expect([texts(copy), beside(copy)]).toEqual([["one", "mine"], []]);
  });

  it("says of what was answered and not heard that it is lost, if it is", async () => {
    const store = new Store();
    const { copy, follower, sender } = await following(store);
    copy.setOnline(false);
    sender.say("mine");
    const [one] = copy.sending;
    const answered = { ...one, delivery: "sent", seq: 2 } as never;
    copy.update((holder) => ({ ...holder, sending: [answered] }));
    store.past = "b";
    copy.setOnline(true);
    await follower.catchUp();
    expect(beside(copy)).toEqual(["mine: lost"]);
  });

  it("keeps one's words of a conversation that is gone, to begin another with", async () => {
    const store = new Store();
    const { copy, sender } = await following(store);
    sender.say("lost");
    await vi.advanceTimersByTimeAsync(0);
    store.conversation = 18;
    store.texts = [];
    sender.say("next");
    await vi.advanceTimersByTimeAsync(0);
    expect([texts(copy), beside(copy), copy.loss]).toEqual([["next"], ["lost: lost"], "gone"]);
    store.asked.length = 0;
    sender.sayAgain(copy.sending[0]?.client_id ?? "");
    await vi.advanceTimersByTimeAsync(0);
    expect(saidTo(store)).toEqual([["message.send", 18, "lost"]]);
    expect(texts(copy)).toEqual(["next", "lost"]);
  });

  it("shows nothing of what it knew once its browser was ended, and keeps what was never sent", async () => {
    const store = new Store();
    const { copy, sender } = await following(store);
    sender.say("mine");
    await vi.advanceTimersByTimeAsync(0);
    copy.setOnline(false);
    sender.say("not sent");
    copy.end();
    expect([copy.thread, beside(copy), copy.loss]).toEqual([null, ["not sent: pending"], "ended"]);
    expect([copy.preferred(), copy.knownOf(17)]).toEqual([null, null]);
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
