/** Without WebSocket: streams and polls, and one of them for all tabs of a browser. */
import { describe, expect, it } from "vitest";
import { Browser } from "./testing/browser";
import { Server } from "./testing/server";
import { chatting, textsOf, visit } from "./testing/world";

const HTTP = { WebSocket: null };

/** So many tabs of one browser that show the same conversation, level. */
async function tabs(count: number) {
  const server = new Server();
  const browser = new Browser(server);
  const first = visit(browser, {}, HTTP);
  first.client.say("hello");
  await server.clock.pass(1_000);
  const others = Array.from({ length: count - 1 }, () => visit(browser, {}, HTTP));
  await server.clock.pass(1_000);
  const all = [first, ...others].map((tab) => ({ ...tab, chat: tab.client.open(1) }));
  await server.clock.pass(1_000);
  return { server, browser, all, pass: (ms: number) => server.clock.pass(ms) };
}

describe("without WebSocket", () => {
  it("a stream tells what happens, signals too", async () => {
    const { server, chat, pass } = await chatting(HTTP);
    server.tell(1, {
      on: "typing",
      conversation: 1,
      person: { role: "agent", name: "Ann", id: 3 },
    });
    await pass(100);
    expect(chat.thread?.typing.map(({ person }) => person.name)).toEqual(["Ann"]);
    await pass(6_000);
    expect(chat.thread?.typing).toEqual([]);
    expect([server.streams, server.polls]).toEqual([1, 0]);
  });

  it("a stream that something holds back gives way to a long poll", async () => {
    const server = new Server();
    server.holdsStreams = true;
    const { client, chat, pass } = await chatting(HTTP, server);
    await pass(11_000);
    server.say(1, "by poll");
    await pass(500);
    expect(textsOf(chat)).toEqual(["hello", "by poll"]);
    await pass(120_000);
    expect([client.status, server.streams]).toEqual(["live", 0]);
    expect(server.polls).toBeLessThan(8); // each waits for 25 s
  });

  it("a poll brings receipts and places in the queue, which are no events", async () => {
    const server = new Server();
    server.holdsStreams = true;
    const { chat, pass } = await chatting(HTTP, server);
    const state = chat.thread?.conversation;
    server.states.set(1, { ...(state as object), team_receipts: { read: 1 } } as never);
    await pass(60_000);
    expect(chat.thread?.conversation.team_receipts?.read).toBe(1);
  });

  it("a hidden page asks now and then, and holds no connection", async () => {
    const { server, chat, signals, pass } = await chatting(HTTP);
    signals.give("hidden");
    await pass(100);
    const { polls } = server;
    await pass(60_000);
    expect(server.streams).toBe(0);
    expect(server.polls - polls).toBe(4);
    server.say(1, "meanwhile");
    await pass(15_100);
    expect(textsOf(chat)).toEqual(["hello", "meanwhile"]);
    signals.give("shown");
    await pass(200);
    expect(server.streams).toBe(1);
  });
});

describe("seven tabs", () => {
  it("have one stream, and each has every message once", async () => {
    const { server, all, pass } = await tabs(7);
    expect(server.streams).toBe(1);
    for (let n = 0; n < 20; n++) {
      server.say(1, `from the team ${n}`);
      all[n % 7]?.chat.say(`from tab ${n % 7}`);
      await pass(50);
    }
    await pass(3_000);
    expect(server.streams).toBe(1);
    for (const { chat, client } of all) {
      expect(textsOf(chat)).toEqual(server.texts(1));
      expect([client.status, chat.unsent]).toEqual(["live", []]);
    }
  });

  it("lose nothing when the one that reads is closed, frozen or hidden", async () => {
    const { server, all, pass } = await tabs(7);
    const [first, second, third, ...rest] = all;
    first?.client.dispose();
    server.say(1, "while nobody reads");
    await pass(1_000);
    second?.signals.give("hidden");
    server.say(1, "while another takes over");
    await pass(1_000);
    expect(server.streams).toBe(1);
    for (const { chat } of [second, third, ...rest].flatMap((one) => one ?? [])) {
      expect(textsOf(chat)).toEqual(server.texts(1));
    }
    third?.client.dispose();
    await pass(45_000);
    server.say(1, "and after that");
    await pass(20_000);
    for (const { chat, client } of rest) {
      expect([textsOf(chat), client.status]).toEqual([server.texts(1), "live"]);
    }
  });

  it("hear of one that is dead, though it holds the lock", async () => {
    const { server, browser, all, pass } = await tabs(3);
    // The one that reads is frozen: it neither passes on nor lets go.
    const [first, second] = all;
    for (const ear of [...server.ears]) {
      server.ears.delete(ear);
    }
    server.say(1, "unheard");
    await pass(45_000);
    await pass(1_000);
    expect(textsOf(second?.chat as never)).toEqual(["hello", "unheard"]);
    expect(browser.openChannels).toBeGreaterThan(0);
    expect(first?.client.status).toBe("live");
  });

  it("when all are hidden, ask together no more than one does", async () => {
    const { server, all, pass } = await tabs(7);
    for (const { signals } of all) {
      signals.give("hidden");
    }
    await pass(1_000);
    const { polls } = server;
    server.say(1, "meanwhile");
    await pass(60_000);
    expect(server.polls - polls).toBeLessThanOrEqual(5);
    expect(server.streams).toBe(0);
    for (const { chat } of all) {
      expect(textsOf(chat)).toEqual(["hello", "meanwhile"]);
    }
  });

  it("without locks have a stream each", async () => {
    const server = new Server();
    const browser = new Browser(server);
    const locks = { request: () => Promise.reject(new Error("a sandboxed page has none")) };
    const all = [1, 2].map(() => visit(browser, {}, { ...HTTP, locks }));
    all[0]?.client.say("hello");
    await server.clock.pass(2_000);
    server.say(1, "welcome");
    await server.clock.pass(2_000);
    expect(server.streams).toBe(2);
    expect(all.map(({ client }) => client.conversations[0]?.last_message?.text)).toEqual([
      "welcome",
      "welcome",
    ]);
  });

  it("of different people share nothing", async () => {
    const server = new Server();
    const browser = new Browser(server);
    const one = visit(browser, { scope: "A" }, HTTP);
    const other = visit(browser, { scope: "B" }, HTTP);
    one.client.say("of A");
    other.client.say("of B");
    await server.clock.pass(2_000);
    expect(server.streams).toBe(2);
    expect([one.heard, other.heard]).toEqual([["of A"], ["of B"]]);
  });

  it("all learn of the conversation that one has begun", async () => {
    const server = new Server();
    const browser = new Browser(server);
    const all = Array.from({ length: 7 }, () => visit(browser, {}, HTTP));
    await server.clock.pass(1_000);
    all[3]?.client.say("hello");
    await server.clock.pass(2_000);
    server.say(1, "welcome");
    await server.clock.pass(2_000);
    for (const { client } of all) {
      expect(client.conversations.map(({ last_message }) => last_message?.text)).toEqual([
        "welcome",
      ]);
    }
    expect(server.streams).toBe(1);
  });
});
