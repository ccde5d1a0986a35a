import type { Conversation } from "protocol";
import { describe, expect, it } from "vitest";
import { patchOf, tagsAfter, undoOf, undosOf } from "./doing";

const AT = "2026-11-30T10:00:00Z";
const ME = { role: "agent", id: 3, name: "Lin" } as const;
const WEI = { role: "agent", id: 4, name: "Wei" } as const;

function conversation(id: number, more: Partial<Conversation> = {}): Conversation {
  return { id, kind: "desk", last_seq: 1, created_at: AT, updated_at: AT, status: "open", ...more };
}

describe("what takes something back", () => {
  it("is how the conversation stood before", () => {
    const resolve = { do: "resolve" } as const;
    expect(undoOf(conversation(1), resolve)).toEqual({ do: "reopen" });
    expect(undoOf(conversation(1, { status: "pending" }), resolve)).toEqual({ do: "pending" });
    const snoozed = conversation(1, { status: "snoozed", snoozed_until: AT });
    expect(undoOf(snoozed, resolve)).toEqual({ do: "snooze", until: AT });
    expect(undoOf(conversation(1, { status: "resolved" }), { do: "reopen" })).toEqual(resolve);
  });

  it("gives a conversation back to who had it, or to its team's queue", () => {
    const assign = { do: "assign", agent: 3 } as const;
    const held = conversation(1, { assignee: WEI, team: 7 });
    expect(undoOf(held, assign)).toEqual({ do: "assign", agent: 4, team: 7 });
    const queued = conversation(1, { status: "queued", team: 7 });
    expect(undoOf(queued, assign)).toEqual({ do: "assign", team: 7 });
    expect(undoOf(conversation(1, { status: "queued" }), assign)).toBeNull();
  });

  it("takes away only the tags that came, and gives back only those that went", () => {
    const tag = { do: "tag", add: ["a", "b"], remove: ["c", "d"] } as const;
    expect(undoOf(conversation(1, { tags: ["a", "c"] }), tag)).toEqual({
      do: "tag",
      add: ["c"],
      remove: ["b"],
    });
    expect(undoOf(conversation(1, { tags: ["a", "b"] }), tag)).toBeNull();
  });

  it("is reading for what was marked as unread, and nothing for what was read", () => {
    expect(undoOf(conversation(1), { do: "unread" })).toEqual({ do: "read" });
    expect(undoOf(conversation(1), { do: "read" })).toBeNull();
  });

  it("is one act for all who stood alike", () => {
    const all = [
      conversation(1),
      conversation(2, { status: "pending" }),
      conversation(3),
      conversation(4, { status: "queued" }),
    ];
    expect(undosOf(all, { do: "resolve" })).toEqual([
      { doing: { do: "reopen" }, ids: [1, 3] },
      { doing: { do: "pending" }, ids: [2] },
    ]);
  });
});

describe("what is shown at once", () => {
  const people = new Map([[4, { name: "Wei" }]]);

  it("is one's own when one takes it, and a colleague's by name", () => {
    const queued = conversation(1, { status: "queued" });
    const taken = patchOf(queued, { do: "assign", agent: 3 }, ME, people);
    expect(taken).toEqual({ assignee: ME, status: "open" });
    const given = patchOf(conversation(1), { do: "assign", agent: 4 }, ME, people);
    expect(given).toEqual({ assignee: WEI, status: "open" });
  });

  it("has each tag once, without those that go", () => {
    expect(tagsAfter(["a", "b"], ["b", "c"], ["a"])).toEqual(["b", "c"]);
  });
});
