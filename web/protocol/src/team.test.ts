import { describe, expect, it } from "vitest";
import { emptyTeam, hearPage, hearSignal, isHere, type Team, unreadOf } from "./team";
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

  it("is unread again where one set the mark back, which what was told before does not undo", () => {
    const all = hearSignal(emptyTeam(), read(3));
    const back = hearSignal(all, { ...read(2), back: 1 });
    expect(unreadOf(back, STATE)).toBe(1);
    expect(hearSignal(back, read(3))).toBe(back);
    const none = hearSignal(back, { ...read(0), back: 2 });
    expect(unreadOf(none, STATE)).toBe(3);
    expect(unreadOf(hearSignal(none, { ...read(3), back: 2 }), STATE)).toBe(0);
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

describe("which contacts are here", () => {
  const written = { ...STATE, inbox: 2, contact: { role: "visitor", name: "Li", id: 9 } } as const;

  it("is told by who comes and goes, and anew with the last page", () => {
    const none = emptyTeam();
    expect(isHere(none, written)).toBe(false);
    const came = hearSignal(none, { on: "here", inbox: 2, contacts: [8, 9] });
    expect(isHere(came, written)).toBe(true);
    expect(isHere(came, { ...written, inbox: 3 })).toBe(false);
    const left = hearSignal(came, { on: "here", inbox: 2, contacts: [7], gone: [9] });
    expect([...(left.here.get(2) ?? [])]).toEqual([8, 7]);
    expect(isHere(hearPage(came, { cursor: "mark-1" }), written)).toBe(false);
    const here = [{ on: "here", inbox: 2, contacts: [9] } as const];
    expect(isHere(hearPage(none, { cursor: "mark-1", here }), written)).toBe(true);
  });

  it("is told of nobody in the tutorials' protocols, where who leaves ends it", () => {
    const talk = { ...written, kind: "rooms", status: "open" } as const;
    expect(isHere(emptyTeam(), talk)).toBe(true);
    expect(isHere(emptyTeam(), { ...talk, status: "resolved" })).toBe(false);
  });
});

describe("another signal", () => {
  it("changes nothing", () => {
    const team = emptyTeam();
    expect(hearSignal(team, { on: "tag", tag: 4, name: "vip" })).toBe(team);
  });
});
