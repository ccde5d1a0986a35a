import { type Conversation, team } from "protocol";
import { describe, expect, it } from "vitest";
import {
  countOf,
  isFarther,
  isIn,
  isShown,
  NO_FILTER,
  placesOf,
  type Seeing,
  sorted,
  wholeOf,
  withOpen,
} from "./views";

const ME = 3;

function conversation(id: number, more: Partial<Conversation> = {}): Conversation {
  const at = `2026-11-30T10:00:0${id}Z`;
  return { id, kind: "desk", last_seq: 1, created_at: at, updated_at: at, status: "open", ...more };
}

const seeing = (more: Partial<Seeing> = {}): Seeing => ({
  me: ME,
  unreadOf: teams,
  isMentioned: () => false,
  ...more,
});
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
    expect(isShown("mine", { unread: "me" }, one, seeing({ unreadOf }))).toBe(true);
    const all = conversation(1, { ...mine, contact_messages: 3, unread: 1 });
    expect(countOf([all], ME, unreadOf).unread).toBe(0);
  });

  it("shows the unread alone, those of one inbox or of one team, if that is asked", () => {
    const one = conversation(1, { inbox: 2, team: 5 });
    expect(isShown("all", NO_FILTER, one, seeing())).toBe(true);
    expect(isShown("all", { unread: "me" }, one, seeing())).toBe(false);
    expect(isShown("all", { unread: "me" }, one, seeing({ unreadOf: () => 1 }))).toBe(true);
    expect(isShown("all", { inbox: 9 }, one, seeing())).toBe(false);
    expect(isShown("all", { inbox: 2, team: 5 }, one, seeing())).toBe(true);
  });

  it("shows what has the tag, the priority or more, waits, or is somebody's, if that is asked", () => {
    const more = { tags: ["vip"], priority: 3, waiting_since: "2026-11-30T09:00:00Z", ...mine };
    const shown = [conversation(1, more), conversation(2)].map(
      (one) => (filter: object) => isShown("all", filter, one, seeing()),
    );
    const asked = [
      { tag: "vip" },
      { priority: 3 as const },
      { priority: 2 as const },
      { waiting: true },
      { assignee: "me" as const },
      { assignee: ME },
    ];
    for (const filter of asked) {
      expect(shown.map((passes) => passes(filter))).toEqual([true, false]);
    }
    expect(shown.map((passes) => passes({ priority: 4 }))).toEqual([false, false]);
    expect(shown.map((passes) => passes({ assignee: "none" }))).toEqual([false, true]);
  });

  it("shows states that are asked for in place of its own", () => {
    const resolved = conversation(1, { status: "resolved" });
    expect(isShown("all", NO_FILTER, resolved, seeing())).toBe(false);
    expect(isShown("all", { status: ["resolved"] }, resolved, seeing())).toBe(true);
    expect(isShown("all", { status: ["resolved"] }, conversation(2), seeing())).toBe(false);
  });

  it("of mentions has what names one, resolved or not", () => {
    const isMentioned = (id: number) => id === 1;
    const all = [conversation(1, { status: "resolved" }), conversation(2)];
    const shown = all.map((one) => isShown("mentions", NO_FILTER, one, seeing({ isMentioned })));
    expect(shown).toEqual([true, false]);
  });

  it("is asked of the server where one does not follow all of it", () => {
    expect(isFarther("mine", NO_FILTER)).toBe(false);
    expect(isFarther("resolved", NO_FILTER)).toBe(true);
    expect(isFarther("mentions", NO_FILTER)).toBe(true);
    expect(isFarther("all", { status: ["open", "resolved"] })).toBe(true);
    expect(wholeOf("mine", { tag: "vip" })).toEqual({
      status: ["open"],
      assignee: "me",
      tag: "vip",
    });
    expect(wholeOf("mentions", NO_FILTER)).toEqual({ mentioned: true });
  });

  it("by priority has the most urgent first, and of these who waits longest", () => {
    const waiting_since = "2026-11-30T09:00:02Z";
    const all = [
      conversation(1, { priority: 1 }),
      conversation(2, { priority: 4 }),
      conversation(3, { priority: 4, waiting_since }),
      conversation(4),
    ];
    expect(sorted(all, "priority").map(({ id }) => id)).toEqual([3, 2, 1, 4]);
  });

  it("counts the live ones of each team and with each tag", () => {
    const all = [
      conversation(1, { team: 5, tags: ["vip", "late"] }),
      conversation(2, { team: 5, tags: ["vip"] }),
      conversation(3, { team: 5, tags: ["vip"], status: "resolved" }),
    ];
    const { teams: byTeam, tags } = placesOf(all);
    expect([...byTeam]).toEqual([[5, 2]]);
    expect([...tags]).toEqual([
      ["vip", 2],
      ["late", 1],
    ]);
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
