import { describe, expect, it } from "vitest";
import { chatting, textsOf, visit } from "./testing/world";

const DAY_MS = 86_400_000;

describe.each([
  ["over WebSocket", {}],
  ["over HTTP", { WebSocket: null }],
])("after a reload, %s,", (_, other) => {
  /** The page is closed, something happens, and it is opened again. */
  async function reloaded(act: (server: Awaited<ReturnType<typeof begun>>["server"]) => void) {
    const world = await begun();
    world.client.dispose();
    act(world.server);
    const later = visit(world.browser, {}, other);
    await world.pass(5_000);
    return { ...world, ...later, open: () => later.client.open(1) };
  }

  async function begun() {
    const world = await chatting(other);
    for (const text of ["mine", "also mine"]) {
      world.chat.say(text);
      await world.pass(500);
    }
    return world;
  }

  it("one's own words that the server lost wait for their writer, and it is said", async () => {
    const { server, client, open, notices, pass } = await reloaded((one) => one.putBack(1));
    const chat = open();
    await pass(5_000);
    expect(textsOf(chat)).toEqual(["hello"]);
    const lost = client.unsent(null);
    expect(lost.map(({ text, delivery }) => [text, delivery])).toEqual([
      ["mine", "lost"],
      ["also mine", "lost"],
    ]);
    expect([notices, server.texts(1)]).toEqual([["expired"], ["hello"]]);
    client.retry(lost[1]?.client_id ?? "", 1);
    await pass(1_000);
    expect(server.texts(1)).toEqual(["hello", "also mine"]);
  });

  it("they are found in earlier pages, too", async () => {
    const { client, open, pass } = await reloaded((one) => {
      one.putBack(2);
      for (let number = 0; number < 120; number++) {
        one.say(1, `since ${number}`);
      }
    });
    const chat = open();
    await pass(5_000);
    expect(client.unsent(null).map(({ text }) => text)).toEqual(["also mine"]);
    expect(textsOf(chat)).toContain("mine");
  });

  it("nothing is said and nothing lost if the server was not put back", async () => {
    const { client, open, notices, pass } = await reloaded((one) => {
      one.say(1, "meanwhile");
    });
    const chat = open();
    await pass(5_000);
    expect(textsOf(chat)).toEqual(["hello", "mine", "also mine", "meanwhile"]);
    expect([notices, client.unsent(null), client.unsent(1)]).toEqual([[], [], []]);
  });

  it("what is older than two days is nobody's business", async () => {
    const { client, open, notices, pass } = await reloaded((one) => {
      one.clock.wallMs += 3 * DAY_MS;
      one.putBack(1);
    });
    open();
    await pass(5_000);
    expect([notices, client.unsent(null)]).toEqual([[], []]);
  });

  it("a conversation that is lost as a whole leaves one's words, and what follows begins another", async () => {
    const { server, client, notices, pass } = await reloaded((one) => one.putBack(0));
    await pass(5_000);
    expect(notices).toContain("gone");
    expect(client.unsent(null).map(({ text, delivery }) => [text, delivery])).toEqual([
      ["hello", "lost"],
      ["mine", "lost"],
      ["also mine", "lost"],
    ]);
    client.say("again");
    await pass(1_000);
    expect([...server.states.keys()].map((id) => server.texts(id))).toEqual([["again"]]);
  });

  it("nobody who came to have the same token finds anything of it", async () => {
    const { browser, client, notices, pass } = await reloaded((one) => {
      for (const token of one.contacts.keys()) {
        one.contacts.set(token, 7);
      }
      one.putBack(1);
    });
    await pass(5_000);
    expect([notices, client.unsent(null)]).toEqual([[], []]);
    const kept = [...browser.store.kept].filter(([key]) => key.includes("words"));
    expect(kept).toEqual([]);
  });

  it("nor is anything left of somebody whom the server has no more, but their own words", async () => {
    const { client, notices, pass } = await reloaded((one) => {
      one.contacts.clear();
      one.putBack(0);
    });
    await pass(5_000);
    expect(client.me.id).toBe(undefined);
    expect(notices).toEqual(["gone"]);
    expect(client.unsent(null).every(({ delivery }) => delivery === "lost")).toBe(true);
  });
});
