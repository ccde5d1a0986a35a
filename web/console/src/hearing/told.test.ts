import type { Activity, Event, Person } from "protocol";
import { describe, expect, it } from "vitest";
import { toldBy, unreadIn, withRead, withTold } from "./told";

const ME = 7;
const MEI: Person = { role: "agent", id: ME, name: "Mei" };
const BEN: Person = { role: "agent", id: 8, name: "Ben" };

function happened(activity: Activity, sender: Person, assignee: Person = MEI): Event {
  const at = "2026-11-01T08:00:00Z";
  const message = { conversation: 1, seq: 4, type: "activity", sender, text: "", at, activity };
  const state = { id: 1, kind: "desk", last_seq: 4, created_at: at, updated_at: at, assignee };
  return {
    on: "message.added",
    cursor: "a-1",
    conversation: 1,
    seq: 4,
    prev: 3,
    message,
    state,
  } as Event;
}

const kindOf = (...given: Parameters<typeof happened>) => toldBy(happened(...given), ME)?.kind;

describe("what was told to oneself", () => {
  it("is a chat given by a colleague, one that woke, and an offer that one let pass", () => {
    expect(kindOf({ what: "transferred", agent: MEI }, BEN)).toBe("given");
    expect(kindOf({ what: "reopened" }, { role: "visitor", name: "Li" })).toBe("woken");
    const missed = { reason: "missed", from: ME } as const;
    expect(kindOf({ what: "queued", values: missed }, { role: "system", name: "" })).toBe("missed");
  });

  it("is nothing that one did oneself, nor what concerns others", () => {
    expect(kindOf({ what: "assigned", agent: MEI }, MEI)).toBeUndefined();
    expect(kindOf({ what: "transferred", agent: BEN }, BEN)).toBeUndefined();
    expect(kindOf({ what: "reopened" }, { role: "visitor", name: "Li" }, BEN)).toBeUndefined();
    expect(
      kindOf(
        { what: "queued", values: { reason: "missed", from: 8 } },
        { role: "system", name: "" },
      ),
    ).toBeUndefined();
  });

  it("is told once, and read when one says so", () => {
    const one = toldBy(happened({ what: "transferred", agent: MEI }, BEN), ME);
    const all = one ? withTold([], one) : [];
    expect(one && withTold(all, one)).toBe(all);
    expect(unreadIn(all)).toBe(1);
    const read = withRead(all, ({ conversation }) => conversation === 1);
    expect(unreadIn(read)).toBe(0);
    expect(withRead(read, () => true)).toBe(read);
  });
});
