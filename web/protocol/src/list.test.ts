import { describe, expect, it } from "vitest";
import {
  conversationOf,
  emptyList,
  hearCursor,
  hearEvent,
  hearPage,
  hearSignal,
  hearStates,
  type List,
} from "./list";
import { Server, VISITOR } from "./testing/server";
import type { Event } from "./types";

/** One conversation of one message, listed. */
function listed(): { server: Server; list: List } {
  const server = new Server();
  server.say(VISITOR, "one");
  const page = { cursor: "mark-1", conversations: [server.state("team")] };
  return { server, list: hearPage(emptyList("team"), page) };
}

describe("a list", () => {
  it("begins with what stands", () => {
    const { list } = listed();
    expect(conversationOf(list, 1)).toMatchObject({ last_seq: 1, unread: 1 });
    expect([list.cursor, list.isBehind]).toEqual(["mark-1", false]);
  });

  it("goes on with events, and so does its cursor", () => {
    const { server, list } = listed();
    const now = hearEvent(list, server.say(VISITOR, "two").team);
    expect(conversationOf(now, 1)).toMatchObject({ last_seq: 2, unread: 2 });
    expect(now.cursor).toBe("mark2-2");
    expect(conversationOf(list, 1)?.last_seq).toBe(1);
  });

  it("does not move its cursor past pages that are still to come", () => {
    const { server, list } = listed();
    const first = hearPage(list, { cursor: "mark-1", more: true });
    const told = hearEvent(first, server.become("open").team);
    expect(hearCursor(told, "mark-9").cursor).toBe("mark-1");
    const last = hearPage(told, { cursor: "mark-5" });
    expect([last.cursor, last.isBehind]).toEqual(["mark-5", false]);
    expect(hearCursor(last, "mark-9").cursor).toBe("mark-9");
    expect(hearCursor(last, "mark-5")).toBe(last);
  });

  it("takes in a conversation that begins", () => {
    const { list } = listed();
    const began = new Server().become("queued").team;
    const state = { ...began.state, id: 2 } as NonNullable<Event["state"]>;
    const now = hearEvent(list, { ...began, conversation: 2, state });
    expect(conversationOf(now, 2)?.status).toBe("queued");
  });

  it("wants to fetch what it does not know, or has missed something of", () => {
    const { server, list } = listed();
    const [two, three] = [server.say(VISITOR, "two").team, server.say(VISITOR, "three").team];
    expect([...hearEvent(list, three).stale]).toEqual([1]);
    expect([...hearEvent(list, { ...two, conversation: 2 }).stale]).toEqual([2]);
    const fetched = hearStates(hearEvent(list, three), [server.state("team")]);
    expect(fetched.stale.size).toBe(0);
    expect(conversationOf(fetched, 1)).toMatchObject({ last_seq: 3, unread: 3 });
  });

  it("does not take an older state for a newer one", () => {
    const { server, list } = listed();
    const older = server.state("team");
    const now = hearEvent(list, server.say(VISITOR, "two").team);
    expect(hearStates(now, [older])).toBe(now);
  });

  it("hears who has read what, with the last page and live", () => {
    const { server, list } = listed();
    server.say(VISITOR, "two");
    const { events } = server.open("team", 1, 10);
    const page = { cursor: "mark-2", events, receipts: [server.mark("team", 2).team] };
    const now = hearPage(list, page);
    expect(conversationOf(now, 1)).toMatchObject({ unread: 0, team_receipts: { read: 2 } });
    const live = hearSignal(now, server.mark("contact", 2).team);
    expect(conversationOf(live, 1)).toMatchObject({ contact_receipts: { read: 2 } });
  });

  it("hears who of the team is there", () => {
    const presence = { on: "presence", agent: 3, availability: "busy", connected: true } as const;
    expect(hearSignal(listed().list, presence).presence.get(3)).toBe(presence);
  });

  it("leaves alone what concerns a thread, or a conversation that is not listed", () => {
    const { server, list } = listed();
    expect(hearSignal(list, { on: "queue.position", conversation: 1, position: 1 })).toBe(list);
    const receipts = { ...server.mark("team", 1).team, conversation: 2 };
    expect(hearSignal(list, receipts)).toBe(list);
  });
});
