import { describe, expect, it } from "vitest";
import { emptyTeam, hearPage, hearSignal, type Team, unreadOf } from "./team";
import { AGENT } from "./testing/server";
import type { Conversation, ReadMark } from "./types";

const STATE: Conversation = {
  id: 1,
  kind: "desk",
  last_seq: 8,
  created_at: "2026-01-01T00:00:00Z",
  updated_at: "2026-01-01T00:00:08Z",
  unread: 1,
  contact_messages: 3,
};

function read(messages: number, upTo = messages): ReadMark {
  return { on: "read", conversation: 1, read: upTo, messages };
}

describe("what one has read oneself", () => {
  it("is what the team has, until one has a mark", () => {
    expect(unreadOf(emptyTeam(), STATE)).toBe(1);
  });

  it("is counted from one's mark, which does not go back", () => {
    const team = hearSignal(emptyTeam(), read(1));
    expect(unreadOf(team, STATE)).toBe(2);
    expect(hearSignal(team, read(0))).toBe(team);
    const all = hearSignal(team, read(3));
    expect(unreadOf(all, STATE)).toBe(0);
    expect(unreadOf(all, { ...STATE, contact_messages: 4 })).toBe(1);
  });

  it("comes with the last page, and so do the mentions of oneself", () => {
    const told = hearSignal(emptyTeam(), { on: "mentions", unread: 2 });
    expect(told.mentions).toBe(2);
    expect(hearPage(told, { cursor: "mark-1", more: true })).toBe(told);
    const last = hearPage(told, { cursor: "mark-1", marks: [read(2)], mentions: 3 });
    expect([unreadOf(last, STATE), last.mentions]).toEqual([1, 3]);
    expect(hearPage(last, { cursor: "mark-1" }).mentions).toBe(0);
  });
});

describe("who looks", () => {
  const at = (team: Team) => team.looking.get(1);

  it("is told as it is now, and anew with the last page", () => {
    const one = hearSignal(emptyTeam(), { on: "looking", conversation: 1, people: [AGENT] });
    expect(at(one)).toEqual([AGENT]);
    expect(at(hearSignal(one, { on: "looking", conversation: 1 }))).toEqual([]);
    const paged = hearPage(one, {
      cursor: "mark-1",
      looking: [{ on: "looking", conversation: 1, people: [AGENT, AGENT] }],
    });
    expect(at(paged)?.length).toBe(2);
    expect(hearPage(one, { cursor: "mark-1" }).looking.size).toBe(0);
  });
});

describe("another signal", () => {
  it("changes nothing", () => {
    const team = emptyTeam();
    expect(hearSignal(team, { on: "tag", tag: 4, name: "vip" })).toBe(team);
  });
});
