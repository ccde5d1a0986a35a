import { describe, expect, it } from "vitest";
import { discard, refused, send, sent } from "./sending";
import { AGENT, markOf, Server, type Told, VISITOR } from "./testing/server";
import {
  addMessages,
  expireTyping,
  gap,
  hearEvent,
  hearHead,
  hearPage,
  hearSent,
  hearSignal,
  hearState,
  MOST_HELD,
  openThread,
  position,
  reopen,
  type Thread,
} from "./thread";
import type { Event, Message } from "./types";
import { TYPING_MS } from "./typing";

const TEAM = { side: "team", me: AGENT } as const;
const CONTACT = { side: "contact", me: VISITOR } as const;
const DRAFT = { client_id: "c1", text: "Hello", at: "2026-01-01T00:00:00Z" };

function team(told: Told | null): Event {
  return told?.team as Event;
}

function texts(thread: Thread): string[] {
  return thread.messages.map(({ seq, text }) => `${seq} ${text}`);
}

/** A conversation of three messages, and the thread that an agent opened. */
function opened(): { server: Server; thread: Thread } {
  const server = new Server();
  for (const text of ["one", "two", "three"]) {
    server.say(VISITOR, text);
  }
  return { server, thread: openThread(TEAM, server.state("team"), server.page("team")) };
}

describe("a thread", () => {
  it("appends what it hears", () => {
    const { server, thread } = opened();
    const after = hearEvent(thread, team(server.say(AGENT, "four")));
    expect(texts(after)).toEqual(["1 one", "2 two", "3 three", "4 four"]);
    expect(after.level).toBe(4);
  });

  it("shows a change in the message's place", () => {
    const { server, thread } = opened();
    const after = hearEvent(thread, team(server.edit(2, "TWO")));
    expect(texts(after)).toEqual(["1 one", "2 TWO", "3 three"]);
    expect(after.level).toBe(4);
  });

  it("ignores what it has heard, and what is of another conversation", () => {
    const { server, thread } = opened();
    const event = team(server.say(AGENT, "four"));
    const once = hearEvent(thread, event);
    expect(hearEvent(once, event)).toBe(once);
    expect(hearEvent(once, { ...event, conversation: 2, seq: 5 })).toBe(once);
  });

  it("holds what comes too early, and says from where to ask", () => {
    const { server, thread } = opened();
    const [four, five] = [team(server.say(AGENT, "four")), team(server.say(AGENT, "five"))];
    const early = hearEvent(thread, five);
    expect(texts(early)).toEqual(texts(thread));
    expect(gap(early)).toBe(3);
    expect(hearEvent(early, five)).toBe(early);
    const whole = hearEvent(early, four);
    expect(texts(whole).slice(3)).toEqual(["4 four", "5 five"]);
    expect([gap(whole), whole.held]).toEqual([null, []]);
  });

  it("does not miss what a contact may not see", () => {
    const { server } = opened();
    const thread = openThread(CONTACT, server.state("contact"), server.page("contact"));
    server.note("secret");
    const after = hearEvent(thread, server.say(AGENT, "five").contact as Event);
    expect(gap(after)).toBeNull();
    expect(texts(after).slice(3)).toEqual(["5 five"]);
  });

  it("holds a bounded number of events, and asks for the rest", () => {
    const { server, thread } = opened();
    server.say(AGENT, "lost");
    const told = Array.from({ length: MOST_HELD + 10 }, (_, n) => team(server.say(AGENT, `${n}`)));
    const early = told.reduce(hearEvent, thread);
    expect(early.held).toHaveLength(MOST_HELD);
    const filled = hearPage(early, 3, server.open("team", 3, 1));
    expect(gap(filled)).toBe(4 + MOST_HELD);
    const whole = hearPage(filled, filled.level, server.open("team", filled.level, 100));
    expect(gap(whole)).toBeNull();
    expect(whole.messages).toHaveLength(4 + MOST_HELD + 10);
  });

  it("learns from a heartbeat that the end was lost", () => {
    const { server, thread } = opened();
    server.say(AGENT, "lost");
    expect(gap(hearHead(thread, 3))).toBeNull();
    expect(gap(hearHead(thread, server.head("team")))).toBe(3);
  });

  it("is level after a page that ends in numbers that it does not see", () => {
    const { server } = opened();
    const thread = openThread(CONTACT, server.state("contact"), server.page("contact"));
    for (const text of ["a", "b", "c"]) {
      server.note(text);
    }
    server.say(AGENT, "seven");
    const first = hearPage(hearHead(thread, 7), 3, server.open("contact", 3, 2));
    expect(gap(first)).toBe(5);
    const second = hearPage(first, 5, server.open("contact", 5, 2));
    expect([gap(second), texts(second).at(-1)]).toEqual([null, "7 seven"]);
  });

  it("learns from the answer to a send of its own that something was lost", () => {
    const { server, thread } = opened();
    server.say(VISITOR, "lost");
    server.say(AGENT, "mine", "c1");
    const answer = { conversation: 1, seq: 5, at: DRAFT.at, client_id: "c1" };
    const after = hearSent(send(thread, DRAFT), answer);
    expect(gap(after)).toBe(3);
    expect(after.sending).toMatchObject([{ delivery: "sent", seq: 5 }]);
    const whole = hearPage(after, 3, server.open("team", 3, 10));
    expect([gap(whole), whole.sending, texts(whole).at(-1)]).toEqual([null, [], "5 mine"]);
    expect(gap(hearSent(whole, answer))).toBeNull();
  });

  it("says which very entry it stands on, however it got there", () => {
    const { server } = opened();
    const at = (seq: number) => ({ since: seq, mark: markOf(seq) });
    const thread = openThread(TEAM, server.state("team"), server.page("team"), markOf(3));
    expect(position(thread)).toEqual(at(3));
    const heard = hearEvent(thread, team(server.say(AGENT, "four")));
    expect(position(heard)).toEqual(at(4));
    const [five, six] = [team(server.say(AGENT, "five")), team(server.say(AGENT, "six"))];
    const early = hearEvent(heard, six);
    expect(position(early)).toEqual(at(4));
    expect(position(hearEvent(early, five))).toEqual(at(6));
    expect(position(hearPage(early, 4, server.open("team", 4, 1)))).toEqual(at(6));
    server.note("seven");
    const page = server.open("team", 6, 1);
    expect(position(hearPage(hearEvent(early, five), 6, page))).toEqual(at(7));
    const late = server.open("team", 3, 1);
    expect(position(hearPage(heard, 3, late))).toEqual(at(4));
    expect(position(reopen(heard, server.state("team"), [], markOf(7)))).toEqual(at(7));
    expect(position(openThread(TEAM, server.state("team")))).toEqual({ since: 7 });
  });

  it("ignores a page that begins after what it has", () => {
    const { server, thread } = opened();
    server.say(AGENT, "four");
    server.say(AGENT, "five");
    expect(hearPage(thread, 4, server.open("team", 4, 10))).toBe(thread);
  });

  it("shows an older page as it stands, though its messages changed before it came", () => {
    const { server } = opened();
    const thread = openThread(TEAM, server.state("team"), server.page("team", undefined, 1));
    const page = server.page("team", 3);
    const changed = hearEvent(thread, team(server.edit(1, "ONE")));
    expect(texts(changed)).toEqual(["3 three"]);
    const whole = addMessages(changed, page);
    expect(texts(whole)).toEqual(["1 ONE", "2 two", "3 three"]);
    expect(whole.apart).toEqual([]);
    expect(addMessages(whole, page)).toBe(whole);
  });

  it("takes the state that a command answered, unless it is older", () => {
    const { server, thread } = opened();
    const answered = server.state("team");
    const event = team(server.become("open"));
    expect(hearState(thread, server.state("team")).conversation.status).toBe("open");
    const after = hearEvent(thread, event);
    expect(hearState(after, answered)).toBe(after);
  });

  it("shows people as they are called now, also the contact of two that were merged", () => {
    const { server, thread } = opened();
    const both = hearEvent(thread, team(server.say(AGENT, "four")));
    const contact = { ...VISITOR, id: 10, name: "Li Lei" };
    const merged = hearState(both, { ...server.state("team"), contact });
    expect(merged.messages.map(({ sender }) => sender)).toEqual([contact, contact, contact, AGENT]);
    expect(merged.messages[3]).toBe(both.messages[3]);

    const agent = { ...AGENT, name: "Anna" };
    const told = team(server.become("open"));
    const activity = { what: "renamed", agent } as const;
    const renamed = { ...told, message: { ...(told.message as Message), activity } };
    expect(hearEvent(both, renamed).messages[3]?.sender).toEqual(agent);
  });

  it("begins afresh, but for what oneself is sending", () => {
    const { server, thread } = opened();
    let sending = send(thread, DRAFT);
    sending = send(sending, { ...DRAFT, client_id: "c2" });
    server.say(AGENT, "Hello", "c1");
    const fresh = reopen(sending, server.state("team"), server.page("team"));
    expect(fresh.sending.map(({ client_id }) => client_id)).toEqual(["c2"]);
    expect([fresh.level, texts(fresh).at(-1)]).toEqual([4, "4 Hello"]);
  });
});

describe("what oneself sends", () => {
  const stored = { conversation: 1, client_id: "c1", seq: 4, at: "2026-01-01T00:00:01Z" };

  function shown(thread: Thread): string[] {
    return [...texts(thread).slice(3), ...thread.sending.map((one) => one.delivery)];
  }

  it("is shown once when the answer comes before the event", () => {
    const { server, thread } = opened();
    const pending = send(thread, DRAFT);
    expect(shown(pending)).toEqual(["pending"]);
    const answered = sent(pending, stored);
    expect(shown(answered)).toEqual(["sent"]);
    expect(answered.sending[0]).toMatchObject({ seq: 4, at: stored.at });
    const heard = hearEvent(answered, team(server.say(AGENT, "Hello", "c1")));
    expect(shown(heard)).toEqual(["4 Hello"]);
  });

  it("is shown once when the event comes before the answer", () => {
    const { server, thread } = opened();
    const heard = hearEvent(send(thread, DRAFT), team(server.say(AGENT, "Hello", "c1")));
    expect(shown(heard)).toEqual(["4 Hello"]);
    expect(shown(sent(heard, stored))).toEqual(["4 Hello"]);
  });

  it("is shown once when it is sent again because no answer came", () => {
    const { server, thread } = opened();
    const again = send(send(thread, DRAFT), DRAFT);
    expect(shown(again)).toEqual(["pending"]);
    server.say(AGENT, "Hello", "c1");
    const resumed = hearPage(again, 3, server.open("team", 3, 10));
    expect(shown(sent(resumed, stored))).toEqual(["4 Hello"]);
  });

  it("stays when somebody else used the same id", () => {
    const { server, thread } = opened();
    const heard = hearEvent(send(thread, DRAFT), team(server.say(VISITOR, "Hello", "c1")));
    expect(shown(heard)).toEqual(["4 Hello", "pending"]);
  });

  it("fails when it is refused, can be tried again, and can be dropped", () => {
    const failed = refused(send(opened().thread, DRAFT), "c1", "too_large");
    expect(failed.sending).toEqual([{ ...DRAFT, delivery: "failed", error: "too_large" }]);
    expect(send(failed, DRAFT).sending).toEqual([{ ...DRAFT, delivery: "pending" }]);
    const dropped = discard(failed, "c1");
    expect(dropped.sending).toEqual([]);
    expect(discard(dropped, "c1")).toBe(dropped);
  });
});

describe("signals in a thread", () => {
  const typing = { on: "typing", conversation: 1, person: VISITOR } as const;

  it("show who types until that is over", () => {
    const { thread } = opened();
    const now = hearSignal(thread, { ...typing, text: "My ord" }, 1_000);
    expect(now.typing).toMatchObject([{ person: VISITOR, text: "My ord", internal: false }]);
    const still = hearSignal(now, typing, 4_000);
    expect(expireTyping(still, 1_000 + TYPING_MS)).toBe(still);
    expect(expireTyping(still, 4_000 + TYPING_MS).typing).toEqual([]);
  });

  it("show nobody typing whose message is there, nor oneself", () => {
    const { server, thread } = opened();
    const now = hearSignal(thread, typing, 0);
    expect(hearEvent(now, team(server.say(AGENT, "four"))).typing).toHaveLength(1);
    const [five] = [server.say(VISITOR, "five")];
    expect(hearPage(now, 3, server.open("team", 3, 9)).typing).toEqual([]);
    expect(five.team.seq).toBe(5);
    expect(hearSignal(thread, { ...typing, person: AGENT }, 0)).toBe(thread);
  });

  it("leave somebody typing whose older message is changed", () => {
    const { server, thread } = opened();
    const now = hearSignal(thread, typing, 0);
    expect(hearEvent(now, team(server.edit(3, "3"))).typing).toHaveLength(1);
  });

  it("give the place in the queue until it is left", () => {
    const { server, thread } = opened();
    const signal = { on: "queue.position", conversation: 1, position: 2 } as const;
    const placed = hearSignal(thread, signal, 0);
    expect(placed).toMatchObject({ position: 2, staffed: false });
    expect(hearSignal(placed, { ...signal, staffed: true }, 0).staffed).toBe(true);
    expect(hearEvent(placed, team(server.say(VISITOR, "four"))).position).toBe(2);
    server.say(VISITOR, "four");
    const open = hearPage(placed, 3, server.open("team", 3, 9));
    expect(open.position).toBe(2);
    server.become("open");
    expect(hearPage(open, open.level, server.open("team", open.level, 9)).position).toBeNull();
  });

  it("are ignored if they are about something else", () => {
    const { thread } = opened();
    expect(hearSignal(thread, { ...typing, conversation: 2 }, 0)).toBe(thread);
    const presence = { on: "presence", agent: 3, availability: "busy", connected: true } as const;
    expect(hearSignal(thread, presence, 0)).toBe(thread);
  });
});

it("messages of a page that are here already keep their order", () => {
  const { server, thread } = opened();
  const page: Message[] = server.page("team").reverse();
  expect(openThread(TEAM, server.state("team"), page).messages).toEqual(thread.messages);
});
