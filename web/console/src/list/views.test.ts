import { type Conversation, team } from "protocol";
import { describe, expect, it } from "vitest";
import { countOf, isIn, NO_FILTER, passes, sorted, withOpen } from "./views";

const ME = 3;

function conversation(id: number, more: Partial<Conversation> = {}): Conversation {
  const at = `2026-11-30T10:00:0${id}Z`;
  return { id, kind: "desk", last_seq: 1, created_at: at, updated_at: at, status: "open", ...more };
}

const teams = ({ unread = 0 }: Conversation) => unread;
const mine = { assignee: { role: "agent", name: "Lin", id: ME } } as const;

describe("a list", () => {
  it("of mine has what one has accepted and not what is only offered", () => {
    expect(isIn("mine", conversation(1, mine), ME)).toBe(true);
    expect(isIn("mine", conversation(1, { ...mine, offered: true }), ME)).toBe(false);
    expect(isIn("mine", conversation(1, { ...mine, status: "snoozed" }), ME)).toBe(false);
    expect(isIn("mine", conversation(1), ME)).toBe(false);
  });

  it("of the queue has who waits, and of all whatever is not resolved", () => {
    const queued = conversation(1, { status: "queued" });
    const resolved = conversation(2, { ...mine, status: "resolved" });
    expect([queued, resolved].map((one) => isIn("queue", one, ME))).toEqual([true, false]);
    expect([queued, resolved].map((one) => isIn("all", one, ME))).toEqual([true, false]);
  });

  it("counts what its tabs say", () => {
    const all = [
      conversation(1, { ...mine, unread: 2 }),
      conversation(2, mine),
      conversation(3, { status: "queued", unread: 1 }),
      conversation(4, { status: "resolved" }),
      conversation(5, { ...mine, status: "snoozed" }),
      conversation(6, { ...mine, offered: true, unread: 1 }),
    ];
    expect(countOf(all, ME, teams)).toEqual({
      mine: 2,
      queue: 1,
      all: 5,
      snoozed: 1,
      offers: 1,
      unread: 1,
    });
  });

  it("has as unread what one has not read oneself, whoever else of the team has", () => {
    const marks = [{ on: "read", conversation: 1, read: 4, messages: 3 }] as const;
    const own = team.hearPage(team.emptyTeam(), { cursor: "mark-1", marks });
    const unreadOf = (one: Conversation) => team.unreadOf(own, one);
    const one = conversation(1, { ...mine, contact_messages: 5 });
    expect(countOf([one], ME, unreadOf).unread).toBe(1);
    expect(passes({ ...NO_FILTER, isUnread: true }, one, unreadOf)).toBe(true);
    const all = conversation(1, { ...mine, contact_messages: 3, unread: 1 });
    expect(countOf([all], ME, unreadOf).unread).toBe(0);
  });

  it("shows the unread alone, those of one inbox or of one team, if that is asked", () => {
    const one = conversation(1, { inbox: 2, team: 5 });
    expect(passes(NO_FILTER, one, teams)).toBe(true);
    expect(passes({ ...NO_FILTER, isUnread: true }, one, teams)).toBe(false);
    expect(passes({ ...NO_FILTER, isUnread: true }, one, () => 1)).toBe(true);
    expect(passes({ ...NO_FILTER, inbox: 9 }, one, teams)).toBe(false);
    expect(passes({ ...NO_FILTER, inbox: 2, team: 5 }, one, teams)).toBe(true);
  });

  it("by waiting has who waits longest first, then the newest", () => {
    const all = [
      conversation(1),
      conversation(2, { waiting_since: "2026-11-30T09:00:02Z" }),
      conversation(3),
      conversation(4, { waiting_since: "2026-11-30T09:00:01Z" }),
    ];
    expect(sorted(all, "waiting").map(({ id }) => id)).toEqual([4, 2, 3, 1]);
    expect(sorted(all, "newest").map(({ id }) => id)).toEqual([4, 3, 2, 1]);
    expect(sorted(all, "oldest").map(({ id }) => id)).toEqual([1, 2, 3, 4]);
  });
});

describe("a row that matches no more", () => {
  it("stays where it was while it is open", () => {
    expect(withOpen([1, 3], [1, 2, 3], 2)).toEqual([1, 2, 3]);
  });

  it("goes when another is opened", () => {
    expect(withOpen([1, 3], [1, 2, 3], 3)).toEqual([1, 3]);
    expect(withOpen([1, 3], [1, 2, 3], null)).toEqual([1, 3]);
  });

  it("does not come into a list that it was not in", () => {
    expect(withOpen([1, 3], [1, 3], 2)).toEqual([1, 3]);
  });
});
