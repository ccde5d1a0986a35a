/** What oneself says, through reloads, clocks that are set, other tabs and a browser that keeps nothing. */
import { describe, expect, it } from "vitest";
import { Browser } from "./testing/browser";
import { Server } from "./testing/server";
import { chatting, textsOf, visit, work } from "./testing/world";

describe("what is said offline", () => {
  it("is sent after a reload, in the order of a counter, whatever the clock says", async () => {
    const { server, browser, client, chat, pass } = await chatting();
    server.network = "down";
    server.closeAll(1012);
    await pass(100);
    chat.say("first");
    server.clock.wallMs -= 3_600_000;
    chat.say("second");
    client.dispose();
    server.network = "fine";
    const next = visit(browser);
    next.client.open(1);
    await pass(2_000);
    expect(server.texts(1)).toEqual(["hello", "first", "second"]);
    expect(next.client.unsent(1)).toEqual([]);
  });

  it("is stored once, however often its answer is lost", async () => {
    const { server, chat, pass } = await chatting();
    for (let n = 0; n < 5; n++) {
      chat.say(`message ${n}`);
      await pass(7); // it has reached the server, the answer is on its way
      server.closeAll(1012);
      await pass(3_000);
    }
    const expected = ["hello", ...Array.from({ length: 5 }, (_, n) => `message ${n}`)];
    expect([server.texts(1), textsOf(chat), chat.unsent]).toEqual([expected, expected, []]);
  });

  it("in a tab that is closed is sent by another one", async () => {
    const { server, browser, client, pass } = await chatting();
    const other = visit(browser);
    await pass(1_000);
    server.network = "down";
    server.closeAll(1012);
    await pass(100);
    other.client.say("left behind", 1);
    other.client.dispose();
    server.network = "fine";
    await pass(31_000);
    expect(server.texts(1)).toEqual(["hello", "left behind"]);
    expect(client.unsent(1)).toEqual([]);
  });

  it.each(["illegal_state", "not_found"])(
    "obeys the rules of what is new: %s begins anew",
    async (code) => {
      const { server, client, pass } = await chatting();
      server.network = "down";
      server.closeAll(1012);
      await pass(100);
      client.say("first", 1);
      client.say("second", 1);
      server.refusals.set("message.send 1", [code]); // it was resolved too long ago, or is gone
      server.network = "fine";
      await pass(31_000);
      expect(server.texts(2)).toEqual(["first", "second"]);
    },
  );

  it("of an agent is refused with the reason, and the next is sent", async () => {
    const server = new Server();
    const id = server.begin(5);
    const { client } = work(new Browser(server));
    await server.clock.pass(1_000);
    server.refusals.set("message.send", ["illegal_state"]);
    client.say("too late", id);
    await server.clock.pass(1_000);
    server.refusals.clear();
    client.say("in time", id);
    await server.clock.pass(1_000);
    expect(client.unsent(id).map(({ text, delivery, error }) => [text, delivery, error])).toEqual([
      ["too late", "failed", "illegal_state"],
    ]);
    const [failed] = client.unsent(id);
    client.retry(failed?.client_id ?? "", id);
    await server.clock.pass(1_000);
    expect(server.texts(id)).toEqual(["hello", "in time", "too late"]);
  });

  it.each(["unavailable", "too_many"])("waits as long as it is told to (%s)", async (code) => {
    const { server, chat, pass } = await chatting();
    server.refusals.set("message.send", [code, { retry_ms: 5_000 }]);
    chat.say("later");
    await pass(4_000);
    expect([server.count("message.send"), chat.unsent.length]).toEqual([1, 1]);
    server.refusals.clear();
    await pass(1_100);
    expect([server.texts(1), chat.unsent]).toEqual([["hello", "later"], []]);
  });

  it("the first message and what follows it stay together", async () => {
    const server = new Server();
    server.network = "down";
    const { client } = visit(new Browser(server));
    for (const text of ["one", "two", "three"]) {
      client.say(text);
    }
    await server.clock.pass(5_000);
    server.network = "fine";
    await server.clock.pass(31_000);
    expect(server.texts(1)).toEqual(["one", "two", "three"]);
    expect(server.states.size).toBe(1);
  });

  it("what was said for a beginning takes nothing of it into the conversation", async () => {
    const server = new Server();
    const { client } = visit(new Browser(server));
    const beginning = {
      answers: { name: "Li" },
      consent: true,
      locale: "en",
      attributes: { a: 1 },
    };
    client.say("one", null, { ...beginning, client_id: "1" });
    client.say("two", null, { ...beginning, client_id: "2", files: [7] });
    await server.clock.pass(5_000);
    const sent = server.asked.filter(([name]) => name === "message.send");
    const form = { conversation: 1, client_id: "2", text: "two", files: [7] };
    expect(sent).toEqual([["message.send", form]]);
  });

  it("also if the first was stored without an answer, and is found among the messages", async () => {
    const server = new Server();
    const browser = new Browser(server);
    const first = visit(browser);
    first.client.say("one");
    first.client.say("two");
    server.network = "hole"; // what is asked is carried out, its answer is not heard
    await server.clock.pass(1_000);
    first.client.dispose();
    const [token = "", word = ""] = [
      browser.store.kept.get("kefu.wk_1.device"),
      [...browser.store.kept.values()].find((kept) => kept.includes('"one"')),
    ];
    server.contacts.set(token, 1);
    const id = server.begin(1, "");
    const { client_id } = JSON.parse(word);
    server.say(id, "one", { sender: { role: "visitor", name: "Li", id: 1 }, client_id });
    server.network = "fine";
    const { client } = visit(browser);
    client.open(id);
    await server.clock.pass(5_000);
    expect([server.states.size, server.texts(id)]).toEqual([1, ["one", "two"]]);
  });
});

describe.each([
  ["a WebSocket", {}, {}],
  ["a stream", { WebSocket: null }, {}],
  ["a long poll", { WebSocket: null }, { holdsStreams: true }],
] as const)("over %s, what is said to no conversation", (_, other, way) => {
  const start = () => Object.assign(new Server(), way);

  it("before it is known what goes on goes there, also after a reload", async () => {
    const { browser, server, pass, client } = await chatting(other, start());
    client.dispose();
    const next = visit(browser, {}, other);
    next.client.say("two");
    const third = visit(browser, {}, other); // another tab finds it, too
    next.client.say("three");
    await pass(5_000);
    expect([server.texts(1), server.states.size]).toEqual([["hello", "two", "three"], 1]);
    for (const one of [next, third]) {
      expect([one.client.unsent(null), one.client.unsent(1)]).toEqual([[], []]);
    }
  });

  it("as somebody else goes into what they have", async () => {
    const { server, pass, client } = await chatting(other, start());
    server.begin(7, "of B");
    client.become({ widget: "wk_1", scope: "B" });
    const proved = client.identify("7");
    client.say("again B");
    await pass(5_000);
    await proved;
    expect([server.texts(1), server.texts(2)]).toEqual([["hello"], ["of B", "again B"]]);
    client.become({ widget: "wk_1" });
    client.say("again A");
    await pass(5_000);
    expect([server.texts(1), server.states.size]).toEqual([["hello", "again A"], 2]);
  });

  it("begins another one if all is over, or if it is to be new", async () => {
    const { browser, server, pass, client } = await chatting(other, start());
    client.dispose();
    const next = visit(browser, {}, other);
    next.client.say("beside", null, { isNew: true });
    next.client.say("and with it", null, { isNew: true });
    next.client.say("where it was written last");
    await pass(5_000);
    const beside = ["beside", "and with it", "where it was written last"];
    expect([server.texts(1), server.texts(2)]).toEqual([["hello"], beside]);
    server.set(1, { status: "resolved" });
    server.set(2, { status: "resolved" });
    next.client.dispose();
    visit(browser, {}, other).client.say("afresh");
    await pass(5_000);
    expect([server.texts(3), server.states.size]).toEqual([["afresh"], 3]);
  });

  it("is asked again as it was asked, if the answer that it began one is lost", async () => {
    const server = start();
    const { client } = visit(new Browser(server), {}, other);
    const begun: number[] = [];
    client.on("begun", ({ id }) => begun.push(id));
    await server.clock.pass(1_000);
    client.say("one");
    await server.clock.pass(server.latencyMs + 1);
    expect(server.states.size).toBe(1);
    server.network = "hole";
    await server.clock.pass(60_000);
    server.network = "fine";
    await server.clock.pass(60_000);
    expect([server.texts(1), server.states.size, begun]).toEqual([["one"], 1, [1]]);
  });
});

describe("a browser that keeps nothing", () => {
  it.each(["throws", "full", "null"] as const)("chats as any other (%s)", async (fault) => {
    const server = new Server();
    const browser = new Browser(server);
    browser.store.fault = fault === "null" ? "none" : fault;
    const { client, heard } = visit(browser, {}, fault === "null" ? { storage: null } : {});
    client.say("hello");
    await server.clock.pass(1_000);
    const chat = client.open(1);
    await server.clock.pass(1_000);
    server.closeAll(1012);
    await server.clock.pass(5);
    chat.say("again");
    await server.clock.pass(3_000);
    expect([textsOf(chat), heard]).toEqual([
      ["hello", "again"],
      ["hello", "again"],
    ]);
    expect(server.contacts.size).toBe(1);
  });

  it("reads what others have put there for nothing", async () => {
    const server = new Server();
    const browser = new Browser(server);
    for (const [at, junk] of ["", "{", "null", "7", '{"client_id":5}', '{"text":"x"}'].entries()) {
      browser.store.setItem(`kefu.wk_1.unsent.${at}`, junk);
    }
    browser.store.setItem("kefu.wk_1.device", "no token");
    const { client } = visit(browser);
    client.say("hello");
    await server.clock.pass(1_000);
    expect(server.texts(1)).toEqual(["hello"]);
    expect([...server.contacts.keys()][0]).toMatch(/^kd_[\w-]{43}$/);
  });
});
