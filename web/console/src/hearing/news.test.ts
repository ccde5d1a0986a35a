import type { Conversation } from "protocol";
import { describe, expect, it } from "vitest";
import { loudestOf, newsOf, ownOf, switchOf } from "./news";

const ME = 7;

function chat(id: number, more: Partial<Conversation> = {}): Conversation {
  return {
    id,
    kind: "desk",
    last_seq: 1,
    created_at: "2026-11-01T08:00:00Z",
    updated_at: "2026-11-01T08:00:00Z",
    status: "open",
    assignee: { role: "agent", id: ME, name: "Mei" },
    ...more,
  };
}

const own = (...all: Conversation[]) => ownOf(all, ME, (one) => one.unread ?? 0);

describe("news for oneself", () => {
  it("is an offer, also one that stood when one came, and each once", () => {
    const offered = own(chat(1, { offered: true, unread: 3 }));
    expect(newsOf(null, offered)).toEqual([{ kind: "offer", conversation: 1 }]);
    expect(newsOf(offered, offered)).toEqual([]);
  });

  it("is an offer that was taken back and comes again", () => {
    const offered = own(chat(1, { offered: true }));
    expect(newsOf(own(), offered)).toHaveLength(1);
  });

  it("is a chat that one is given, or that wakes, and none that one has accepted", () => {
    const snoozed = own(chat(1, { status: "snoozed" }));
    expect(newsOf(snoozed, own(chat(1)))).toEqual([{ kind: "given", conversation: 1 }]);
    expect(newsOf(own(chat(1, { offered: true })), own(chat(1)))).toEqual([]);
  });

  it("is what is said in a chat of one's own, and not what one reads", () => {
    const [none, two] = [own(chat(1)), own(chat(1, { unread: 2 }))];
    expect(newsOf(none, two)).toEqual([{ kind: "message", conversation: 1 }]);
    expect(newsOf(two, none)).toEqual([]);
  });

  it("is nothing of others', nor what was there when one came", () => {
    const others = chat(1, { assignee: { role: "agent", id: 8, name: "Bo" }, unread: 2 });
    expect(newsOf(own(), own(others))).toEqual([]);
    expect(newsOf(null, own(chat(1, { unread: 2 })))).toEqual([]);
  });

  it("sounds like what presses most, and a chat that one is given obeys the offers' switch", () => {
    expect(loudestOf(["message", "offer", "mention"])).toBe("offer");
    expect(loudestOf([])).toBeNull();
    expect([switchOf("given"), switchOf("message")]).toEqual(["offer", "message"]);
  });
});
