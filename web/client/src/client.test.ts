/** The cases of other people's clients that broke, and that this one has to withstand. */
import type { Conversation } from "protocol";
import { describe, expect, it } from "vitest";
import type { Chat } from "./chat";
import { Browser } from "./testing/browser";
import { Server, TEAM } from "./testing/server";
import { chatting, textsOf, visit, work } from "./testing/world";

const HTTP = { WebSocket: null };
const WAYS = [
  ["a WebSocket", {}],
  ["HTTP", HTTP],
] as const;

describe.each(WAYS)("over %s", (_, other) => {
  it("a conversation is begun, told and answered, each message once", async () => {
    const { server, chat, heard, pass, client } = await chatting(other);
    server.say(1, "welcome");
    chat.say("thanks");
    await pass(1_000);
    expect(textsOf(chat)).toEqual(["hello", "welcome", "thanks"]);
    expect([heard, chat.unsent, client.status]).toEqual([
      ["hello", "welcome", "thanks"],
      [],
      "live",
    ]);
  });

  it("closing inside a handler brings nothing after it", async () => {
    const { server, client, chat, heard, pass } = await chatting(other);
    client.on("event", ({ message }) => message?.text === "two" && client.dispose());
    for (const text of ["one", "two", "three"]) {
      server.say(1, text);
    }
    await pass(60_000);
    expect(heard).toEqual(["hello", "one", "two"]);
    expect([client.status, chat.thread, server.ears.size]).toEqual(["stopped", null, 0]);
  });

  it("what is opened as soon as it is known is read once, and nothing said meanwhile is lost", async () => {
    const { browser, server, pass, client: before } = await chatting(other);
    before.dispose();
    const { client, notices } = visit(browser, {}, other);
    const name = "WebSocket" in other ? "conversation.get" : "conversation.open";
    const count = server.count(name);
    let chat: Chat | null = null;
    client.on("change", () => {
      if (!chat && client.conversations.length) {
        chat = client.open(1);
        chat.say("at once");
      }
    });
    await pass(5_000);
    expect([server.count(name) - count, client.unsent(null), notices]).toEqual([1, [], []]);
    expect(textsOf(chat as unknown as Chat)).toEqual(["hello", "at once"]);
  });

  it("reopening inside a handler brings nothing twice", async () => {
    const { server, client, heard, pass } = await chatting(other);
    const again: Chat[] = [];
    client.on("event", ({ conversation, message }) => {
      if (message?.text === "two") {
        again.push(client.open(conversation));
      }
    });
    for (const text of ["one", "two", "three"]) {
      server.say(1, text);
    }
    await pass(1_000);
    expect(heard).toEqual(["hello", "one", "two", "three"]);
    expect(again.map(textsOf)).toEqual([["hello", "one", "two", "three"]]);
  });

  it("a position is ahead of whoever is told, and a slow handler never moves it back", async () => {
    const { server, client, heard, pass } = await chatting(other);
    const positions: number[] = [];
    client.on("event", async () => {
      positions.push(Number(client.position?.split("-")[1]));
      await new Promise<void>((resolve) => server.clock.after(5_000, resolve));
      positions.push(Number(client.position?.split("-")[1]));
    });
    server.say(1, "one");
    await pass(100);
    server.closeAll(1012);
    await pass(1_100);
    server.say(1, "two");
    await pass(20_000);
    expect(positions).toEqual([2, 3, 3, 3]);
    expect(heard).toEqual(["hello", "one", "two"]);
  });

  it("a position of another past takes all afresh, says so, and keeps what is unsent", async () => {
    const { server, client, chat, notices, pass } = await chatting(other);
    server.say(1, "lost");
    server.set(1, { status: "queued" });
    await pass(100);
    expect(chat.thread?.position).toBe(2);
    server.network = "down";
    server.putBack(1);
    await pass(100);
    chat.say("unsent");
    server.say(1, "since");
    server.set(1, { status: "queued" });
    const places = server.count("conversation.queue_position");
    server.network = "fine";
    await pass(120_000);
    expect(textsOf(chat)).toEqual(["hello", "since", "", "unsent"]);
    expect(notices).toEqual(["expired"]);
    expect([client.status, chat.unsent]).toEqual(["live", []]);
    expect(client.conversations.map((one) => one.last_seq)).toEqual([4]);
    expect(server.count("conversation.queue_position")).toBeGreaterThan(places);
    expect(server.texts(1)).toEqual(["hello", "since", "", "unsent"]);
  });

  it("one's own words that the server lost wait for their writer", async () => {
    const { server, client, chat, pass } = await chatting(other);
    chat.say("mine, lost");
    await pass(100);
    server.putBack(1);
    await pass(120_000);
    expect(textsOf(chat)).toEqual(["hello"]);
    const [word] = client.unsent(null);
    expect([word?.text, word?.delivery]).toEqual(["mine, lost", "lost"]);
    client.retry(word?.client_id ?? "", 1);
    await pass(1_000);
    expect([textsOf(chat), client.unsent(null)]).toEqual([["hello", "mine, lost"], []]);
  });

  it("the team's words that the server lost wait in their conversation", async () => {
    const { server, browser, pass } = await chatting(other);
    const { client } = work(browser);
    await pass(1_000);
    const chat = client.open(1);
    await pass(1_000);
    chat.say("ours, lost");
    await pass(1_000);
    server.putBack(1);
    await pass(120_000);
    const [word] = chat.unsent;
    expect([word?.text, word?.delivery, client.unsent(null)]).toEqual(["ours, lost", "lost", []]);
    client.retry(word?.client_id ?? "", chat.id);
    await pass(1_000);
    expect([textsOf(chat), chat.unsent]).toEqual([["hello", "ours, lost"], []]);
  });

  it("many messages are marked as read in few commands, and a refused one is asked again", async () => {
    const { server, chat, client, pass } = await chatting(other);
    client.on("change", () => chat.mark(true));
    server.refusals.set("conversation.read", ["too_many", { retry_ms: 3_000 }]);
    for (let number = 0; number < 100; number++) {
      server.say(1, `${number}`);
      await pass(10);
    }
    server.refusals.clear();
    await pass(5_000);
    const marks = server.asked.filter(([name]) => name === "conversation.read");
    expect(marks.length).toBeLessThan(6);
    expect(marks.at(-1)?.[1].seq).toBe(101);
  });

  it("what a restored server has is marked anew, though it is less than before", async () => {
    const { server, chat, client, pass } = await chatting(other);
    client.on("change", () => chat.mark(true));
    server.say(1, "lost");
    await pass(1_000);
    server.putBack(1);
    await pass(60_000);
    const marks = server.asked.filter(([name]) => name === "conversation.read");
    expect(marks.map(([, { seq }]) => seq)).toEqual([2, 1]);
  });

  it("an answer that tells of more than is here starts a catch-up", async () => {
    const { server, chat, pass } = await chatting(other);
    server.isMute = true;
    server.say(1, "lost on the way");
    chat.say("mine");
    await pass(2_000);
    expect(textsOf(chat)).toEqual(["hello", "lost on the way", "mine"]);
  });

  it("a gap that stays after two snapshots is a visible fault, and asking is capped", async () => {
    const { server, client, pass } = await chatting(other);
    const asked = server.asked.length;
    for (let n = 0; n < 600; n++) {
      server.lie(1);
      await pass(100);
    }
    expect(client.status).toBe("fault");
    expect(server.asked.length - asked).toBeLessThan(80);
    client.mend();
    await pass(5_000);
    expect(client.status).toBe("live");
  });

  it("a server that is gone is asked after longer and longer, and found when it is back", async () => {
    const { server, client, chat, pass } = await chatting(other);
    server.network = "down";
    server.closeAll(1012);
    await pass(600_000);
    expect(client.status).toBe("connecting");
    expect(server.sockets).toBeLessThan(40);
    server.say(1, "meanwhile");
    server.network = "fine";
    await pass(31_000);
    expect([textsOf(chat), client.status]).toEqual([["hello", "meanwhile"], "live"]);
  });

  it.each(["online", "shown", "back"] as const)("%s reconnects at once", async (sign) => {
    const { server, client, signals, pass } = await chatting(other);
    server.network = "down";
    server.closeAll(1012);
    await pass(300_000);
    expect(client.status).toBe("connecting");
    server.network = "fine";
    signals.give(sign);
    await pass(200);
    expect(client.status).toBe("live");
  });

  it("a page that is shown again after it was kept aside has a new connection", async () => {
    const { server, client, chat, signals, pass } = await chatting(other);
    server.ears.clear(); // dead, and nobody was told
    server.say(1, "meanwhile");
    signals.give("back");
    await pass(200);
    expect([textsOf(chat), client.status]).toEqual([["hello", "meanwhile"], "live"]);
  });

  it.each(["visitor", "team"] as const)(
    "a black hole is noticed in 45 s by the %s",
    async (side) => {
      const { server, client, browser, pass } = await chatting(other);
      const agent = work(new Browser(server), {}, other);
      await pass(1_000);
      const one = side === "team" ? agent.client : client;
      server.network = "hole";
      await pass(45_000);
      expect(one.status).toBe("connecting");
      server.network = "fine";
      await pass(45_000);
      expect(one.status).toBe("live");
      expect(browser.clock.waiting).toBeGreaterThan(0);
    },
  );

  it("what a banner says hangs on the feed alone", async () => {
    const { server, client, chat, signals, pass } = await chatting(other);
    server.refusals.set("message.send", ["unavailable", { retry_ms: 60_000 }]);
    server.refusals.set("conversation.typing", ["too_many", { retry_ms: 60_000 }]);
    chat.say("not now");
    chat.type("not now");
    signals.give("offline"); // whatever the browser believes
    await pass(1_000);
    expect([client.status, chat.unsent.length]).toEqual(["live", 1]);
    server.network = "hole";
    await pass(45_000);
    signals.give("online");
    expect(client.status).toBe("connecting");
  });

  it("dispose leaves no timer, listener or promise", async () => {
    const server = new Server();
    const browser = new Browser(server);
    const idle = server.clock.waiting;
    for (const ms of [0, 3, 7, 20, 1_000, 30_000]) {
      const { client, signals } = visit(browser, { scope: `s${ms}` }, other);
      client.say("hello");
      await server.clock.pass(ms);
      if (server.states.size) {
        client.open(1).type();
      }
      server.network = ms === 30_000 ? "hole" : "fine";
      const asked = client.call("conversation.list", {}).then(
        () => "answered",
        (error: Error) => error.name,
      );
      await server.clock.pass(1);
      client.dispose();
      client.dispose();
      server.network = "fine";
      expect(await Promise.race([asked, server.clock.pass(100).then(() => "pending")])).not.toBe(
        "pending",
      );
      await server.clock.pass(2_000);
      expect([signals.listeners, browser.openChannels, server.ears.size]).toEqual([0, 0, 0]);
      expect(server.clock.waiting).toBe(idle);
    }
  });

  it("a kept token that the server knows no more: begins afresh, with one line and no loop", async () => {
    const { server, client, chat, browser, notices, pass } = await chatting(other);
    const [token = ""] = server.contacts.keys();
    chat.say("said before");
    await pass(100);
    server.ended.add(token);
    server.network = "down";
    server.closeAll(4101);
    chat.say("unsent");
    server.network = "fine";
    const asked = server.asked.length;
    await pass(60_000);
    expect([client.status, notices]).toEqual(["live", ["afresh"]]);
    expect(server.asked.length - asked).toBeLessThan(20);
    expect(server.contacts.size).toBe(2);
    expect(server.texts(2)).toEqual(["unsent"]);
    expect(browser.store.kept.get("kefu.wk_1.device")).not.toBe(token);
  });

  it("who is not let in stops, with the reason, and asks no more", async () => {
    const server = new Server();
    server.ended.add(TEAM);
    const { client } = work(new Browser(server), {}, other);
    await server.clock.pass(1_000);
    expect([client.status, client.reason]).toEqual(["stopped", "unauthenticated"]);
    const { sockets } = server;
    await server.clock.pass(600_000);
    expect([server.sockets, server.asked.length]).toEqual([sockets, 0]);
  });
});

describe("a WebSocket", () => {
  it("that dies late changes nothing of the one in its place", async () => {
    const { server, client, chat, pass } = await chatting();
    const [old] = server.ears;
    server.network = "hole"; // its end does not come through
    await pass(45_000);
    server.network = "fine";
    await pass(31_000);
    expect(client.status).toBe("live");
    const { sockets } = server;
    old?.push({ on: "message.added", conversation: 1, seq: 2, prev: 1, cursor: "z-99" });
    old?.close(4001);
    server.say(1, "on the new one");
    await pass(1_000);
    expect([client.status, server.sockets]).toEqual(["live", sockets]);
    expect(textsOf(chat)).toEqual(["hello", "on the new one"]);
  });

  it("that is barred leads to HTTP, and is tried again later", async () => {
    const server = new Server();
    server.network = "barred";
    const { client } = visit(new Browser(server));
    const pass = (ms: number) => server.clock.pass(ms);
    client.say("hello");
    await pass(8_000);
    const chat = client.open(1);
    expect([client.transport, client.status]).toEqual(["http", "live"]);
    server.network = "fine";
    await pass(300_000);
    server.closeAll(1012);
    await pass(5_000);
    expect(client.transport).toBe("socket");
    server.say(1, "back");
    await pass(100);
    expect(textsOf(chat)).toContain("back");
  });
});

describe("an identity that is switched", () => {
  it.each(WAYS)(
    "leaves no byte of A to B, twenty times on a slow network (%s)",
    async (_, other) => {
      const server = new Server();
      const browser = new Browser(server);
      const { client } = visit(browser, { scope: "A" }, other);
      const seen: string[] = [];
      let who = "A";
      const look = () => {
        const all = JSON.stringify([
          client.conversations,
          client.unsent(null),
          client.unsent(1),
          client.me,
        ]);
        const wrong = who === "A" ? /of B/ : /of A/;
        if (wrong.test(all)) {
          seen.push(all);
        }
      };
      client.on("change", look);
      client.on(
        "event",
        ({ message }) =>
          (message && RegExp(`of ${who}|^$`).test(message.text)) || seen.push("event"),
      );
      for (let n = 0; n < 20; n++) {
        client.say(`${n} of ${who}`);
        server.latencyMs = [1, 400, 1_500][n % 3] ?? 1;
        await server.clock.pass([0, 700, 3_100][(n * 7) % 3] ?? 0);
        who = who === "A" ? "B" : "A";
        client.become({ widget: "wk_1", scope: who });
        look();
        expect(
          [client.conversations, client.unsent(null)].flat().filter((one) => "id" in one),
        ).toEqual([]);
      }
      server.latencyMs = 5;
      await server.clock.pass(60_000);
      who = "B";
      client.become({ widget: "wk_1", scope: who });
      await server.clock.pass(60_000);
      look();
      expect(seen).toEqual([]);
      const owners = [...server.states.keys()].map((id) =>
        server.texts(id).map((text) => text.slice(-4)),
      );
      for (const texts of owners) {
        expect(new Set(texts).size).toBe(1); // no conversation of both
      }
    },
  );

  it("on the same connection takes nothing along either", async () => {
    const { server, client, chat, browser, pass } = await chatting();
    const [token = ""] = server.contacts.keys();
    server.contacts.set(token, 7);
    server.begin(7, "of B");
    server.refusals.set("message.send", ["unavailable", { retry_ms: 200 }]);
    chat.say("typed by A");
    client.say("begun by A");
    server.refusals.set("conversation.start", ["unavailable", { retry_ms: 200 }]);
    server.closeAll(4102);
    await pass(100);
    server.refusals.clear();
    await pass(5_000);
    expect(chat.thread).toBe(null);
    expect(client.conversations.map(({ id }) => id)).toEqual([2]);
    expect(server.texts(2)).toEqual(["of B"]);
    expect([...browser.store.kept.keys()].filter((key) => key.includes("unsent"))).toEqual([]);
  });
});

describe("who is here", () => {
  it("keeps what is open when an anonymous visitor turns out to be a person", async () => {
    const { server, client, chat, notices, pass } = await chatting();
    const [token = ""] = server.contacts.keys();
    server.contacts.set(token, 7);
    server.owners.set(1, 7);
    server.network = "down";
    server.closeAll(4102);
    chat.say("on the way");
    server.network = "fine";
    await pass(5_000);
    expect(textsOf(chat)).toEqual(["hello", "on the way"]);
    expect([client.me.id, notices, chat.unsent]).toEqual([7, [], []]);
  });

  it("gets nothing of what another agent left unsent in the same browser", async () => {
    const server = new Server();
    const id = server.begin(5);
    const browser = new Browser(server);
    const first = work(browser, { scope: "team" });
    await server.clock.pass(1_000);
    server.network = "down";
    server.closeAll(4101);
    await server.clock.pass(100);
    first.client.say("of A", id);
    first.client.dispose();
    server.network = "fine";
    expect(browser.store.kept.get("kefu.team.who")).toBe("3");
    browser.store.setItem("kefu.team.who", "99"); // it was another one's
    const next = work(browser, { scope: "team" });
    await server.clock.pass(1_000);
    expect([next.client.status, server.texts(id)]).toEqual(["live", ["hello"]]);
    expect([...browser.store.kept.keys()].filter((key) => key.includes("unsent"))).toEqual([]);
  });
});

describe("a change that is shown at once", () => {
  it.each(["unread", "tag"])("goes back once, without flicker, if it fails (%s)", async (what) => {
    const server = new Server();
    const id = server.begin(5);
    server.states.set(id, { ...(server.states.get(id) as Conversation), unread: 3, tags: ["old"] });
    const { client } = work(new Browser(server));
    await server.clock.pass(1_000);
    const chat = client.open(id);
    await server.clock.pass(1_000);
    const shown: unknown[] = [];
    client.on("change", () => {
      const [one] = client.conversations;
      shown.push(what === "unread" ? one?.unread : one?.tags?.[0]);
    });
    server.refusals.set("conversation.read", ["unavailable"]);
    server.refusals.set("conversation.set_tags", ["not_allowed"]);
    if (what === "unread") {
      chat.mark(true);
    } else {
      const form = { conversation: id, tags: ["new"] };
      client.change(id, { tags: ["new"] }, "conversation.set_tags", form).catch(() => undefined);
    }
    server.tell(id, { on: "typing", conversation: id, person: { role: "visitor", name: "Li" } });
    await server.clock.pass(1_000);
    const runs = shown.filter((value, at) => value !== shown[at - 1]);
    expect(runs).toEqual(what === "unread" ? [0, 3] : ["new", "old"]);
  });

  it("stays, without flicker, if it is done", async () => {
    const server = new Server();
    const id = server.begin(5);
    server.states.set(id, { ...(server.states.get(id) as Conversation), unread: 3, tags: ["old"] });
    const { client } = work(new Browser(server));
    await server.clock.pass(1_000);
    const chat = client.open(id);
    await server.clock.pass(1_000);
    const shown: unknown[] = [];
    client.on("change", () => {
      const [one] = client.conversations;
      shown.push(`${one?.unread ?? 0} ${one?.tags?.[0]}`);
    });
    chat.mark(true);
    const form = { conversation: id, tags: ["new"] };
    await Promise.all([
      client.change(id, { tags: ["new"] }, "conversation.set_tags", form),
      server.clock.pass(1_000),
    ]);
    expect(new Set(shown)).toEqual(new Set(["0 old", "0 new"]));
    expect(shown.at(-1)).toBe("0 new");
  });
});

describe("a command that is larger than the server takes", () => {
  it("is refused here, and the connection goes on", async () => {
    const { server, client, chat, pass } = await chatting();
    const text = "中".repeat(server.mostBytes / 3);
    const asked = client.call("conversation.page", { conversation: 1, title: text });
    await expect(asked).rejects.toMatchObject({ code: "too_large" });
    chat.say("still here");
    await pass(1_000);
    expect([textsOf(chat).at(-1), client.status, server.sockets]).toEqual([
      "still here",
      "live",
      1,
    ]);
  });

  it("is carried out where it is no larger", async () => {
    const { server, client, pass } = await chatting();
    const frame = { id: 9, do: "conversation.page", conversation: 1, title: "" };
    const title = "x".repeat(server.mostBytes - JSON.stringify(frame).length - 1);
    client.call("conversation.page", { conversation: 1, title }).catch(() => undefined);
    await pass(1_000);
    expect([server.count("conversation.page"), client.status]).toEqual([1, "live"]);
  });

  it("is a first message that failed, and waits for its writer", async () => {
    const server = new Server();
    const { client } = visit(new Browser(server));
    await server.clock.pass(1_000);
    client.say("hello", null, { attributes: { about: "x".repeat(server.mostBytes) } });
    await server.clock.pass(1_000);
    expect(client.unsent(null)).toMatchObject([{ delivery: "failed", error: "too_large" }]);
    expect(client.status).toBe("live");
  });

  it("is a proof that does not hold, and what was said is nobody's in particular", async () => {
    const server = new Server();
    const { client } = visit(new Browser(server));
    const proved = client.identify("x".repeat(server.mostBytes));
    client.say("hello");
    await Promise.all([
      expect(proved).rejects.toMatchObject({ code: "too_large" }),
      server.clock.pass(5_000),
    ]);
    expect(server.texts(1)).toEqual(["hello"]);
  });
});

describe("a proof of who a visitor is", () => {
  it("goes before what is said meanwhile, however long it takes", async () => {
    const server = new Server();
    const { client } = visit(new Browser(server));
    server.refusals.set("contact.identify", ["unavailable"]);
    const proved = client.identify("7");
    client.say("it is me");
    await server.clock.pass(5_000);
    expect(server.count("conversation.start")).toBe(0);
    server.refusals.delete("contact.identify");
    await server.clock.pass(5_000);
    await expect(proved).resolves.toBeUndefined();
    expect([server.texts(1), server.owners.get(1)]).toEqual([["it is me"], 7]);
  });

  it("makes what nobody in particular said the person's, also what is not sent yet", async () => {
    const { server, client, pass } = await chatting();
    server.set(1, { status: "resolved" });
    const proved = client.identify("7");
    client.say("and another thing");
    await pass(5_000);
    await proved;
    expect([server.owners.get(1), server.texts(2)]).toEqual([7, ["and another thing"]]);
    expect(client.conversations.map(({ id }) => id).sort()).toEqual([1, 2]);
  });

  it("shows what the person said elsewhere", async () => {
    const server = new Server();
    server.begin(7, "from another browser");
    const { client } = visit(new Browser(server));
    await server.clock.pass(1_000);
    const proved = client.identify("7");
    await server.clock.pass(5_000);
    await proved;
    expect(client.conversations.map(({ last_message }) => last_message?.text)).toEqual([
      "from another browser",
    ]);
  });

  it("that is refused says why, and what was said is nobody's in particular", async () => {
    const server = new Server();
    const { client } = visit(new Browser(server));
    const proved = client.identify("none");
    client.say("hello");
    await Promise.all([
      expect(proved).rejects.toMatchObject({ code: "unauthenticated" }),
      server.clock.pass(5_000),
    ]);
    expect(server.texts(1)).toEqual(["hello"]);
  });

  it("of somebody who went is no proof any more", async () => {
    const server = new Server();
    const { client } = visit(new Browser(server), { scope: "a" });
    server.network = "down";
    const proved = client.identify("7");
    client.become({ widget: "wk_1", scope: "b" });
    await expect(proved).rejects.toMatchObject({ code: "gone" });
    server.network = "fine";
    await server.clock.pass(60_000);
    expect(server.count("contact.identify")).toBe(0);
    client.dispose();
  });
});
