import { describe, expect, it } from "vitest";
import { applyEvent, applyReceipts, applyState, type Copy, type Side } from "./reducer";
import { AGENT, VISITOR } from "./testing/server";
import type { Conversation, Event, Message, Person, ReceiptsChanged } from "./types";

const STATE: Conversation = {
  id: 1,
  kind: "desk",
  last_seq: 8,
  created_at: "2026-01-01T00:00:00Z",
  updated_at: "2026-01-01T00:00:08Z",
  members: [VISITOR],
  unread: 1,
};

function copy(more: Partial<Conversation> = {}): Copy {
  return { conversation: { ...STATE, ...more }, ahead: null };
}

function said(seq: number, sender: Person, type: Message["type"] = "message"): Event {
  const message = { conversation: 1, seq, type, sender, text: `${seq}`, at: `at ${seq}` };
  return { on: "message.added", cursor: `e-${seq}`, conversation: 1, seq, prev: seq - 1, message };
}

function receipts(more: Partial<ReceiptsChanged>): ReceiptsChanged {
  return { on: "receipts", conversation: 1, team: {}, contact: {}, ...more };
}

function after(start: Copy, events: readonly Event[], side: Side = "team"): Conversation {
  return events.reduce((known, event) => applyEvent(known, event, side), start).conversation;
}

describe("a message", () => {
  it("of the other side is unread, and the newest", () => {
    const now = after(copy(), [said(9, VISITOR)]);
    expect(now).toMatchObject({ last_seq: 9, unread: 2, updated_at: "at 9", last_public_seq: 9 });
    expect(now.last_message?.text).toBe("9");
    expect(after(copy(), [said(9, AGENT)], "contact").unread).toBe(2);
  });

  it("of one's own side means that everything was read", () => {
    const now = after(copy(), [said(9, AGENT)]);
    expect(now).toMatchObject({ unread: 0, contact_unread: 1, team_receipts: { read: 9 } });
    const own = after(copy(), [said(9, VISITOR)], "contact");
    expect(own).toMatchObject({ unread: 0, contact_receipts: { delivered: 9, read: 9 } });
  });

  it("of a contact waits for an answer from the first one on", () => {
    const waiting = after(copy(), [said(9, VISITOR), said(10, VISITOR)]);
    expect(waiting.waiting_since).toBe("at 9");
    expect(after(copy(), [said(9, VISITOR), said(10, AGENT)])).not.toHaveProperty("waiting_since");
  });

  it("tells a contact nothing that is the team's", () => {
    const now = after(copy(), [said(9, VISITOR), said(10, AGENT)], "contact");
    expect(now.members).toEqual(STATE.members);
    for (const key of ["waiting_since", "contact_unread", "last_public_seq"]) {
      expect(now).not.toHaveProperty(key);
    }
  });

  it("makes its sender a member, once, but not the system", () => {
    const system: Person = { role: "system", name: "Kefu" };
    const now = after(copy(), [said(9, AGENT), said(10, AGENT), said(11, system)]);
    expect(now.members).toEqual([VISITOR, AGENT]);
  });

  it("counts once, however often it is heard", () => {
    const start = copy();
    const once = applyEvent(start, said(9, VISITOR), "team");
    expect(applyEvent(once, said(9, VISITOR), "team")).toBe(once);
    expect(applyEvent(start, said(8, VISITOR), "team")).toBe(start);
  });

  it("is a note if only the team sees it, and then nobody waits", () => {
    const now = after(copy(), [said(9, AGENT, "note")]);
    expect(now).toMatchObject({ last_seq: 9, unread: 1, members: [VISITOR, AGENT] });
    expect(now).not.toHaveProperty("last_message");
  });

  it("of equals, who have no sides, is counted for nobody", () => {
    const now = after(copy(), [said(9, { role: "peer", name: "Ann" })]);
    expect(now).toMatchObject({ last_seq: 9, unread: 1 });
  });

  it("that was changed is changed as the newest, too", () => {
    const start = applyEvent(copy(), said(9, VISITOR), "team");
    const message = { ...(said(9, VISITOR).message as Message), text: "better" };
    const event: Event = { ...said(10, VISITOR), on: "message.changed", message };
    expect(after(start, [event]).last_message?.text).toBe("better");
    const other: Event = { ...event, message: { ...message, seq: 3 } };
    expect(after(start, [other])).toMatchObject({ last_seq: 10, last_message: { text: "9" } });
  });
});

describe("a state", () => {
  const told = (state: Partial<Conversation>): Event => ({
    ...said(state.last_seq ?? 9, AGENT, "activity"),
    on: "conversation.changed",
    state: { ...STATE, ...state },
  });

  it("replaces what was there", () => {
    const now = after(copy({ tags: ["old"] }), [told({ last_seq: 9, status: "open", unread: 4 })]);
    expect(now).toMatchObject({ last_seq: 9, status: "open", unread: 4 });
    expect(now).not.toHaveProperty("tags");
  });

  it("that is older than what is here does nothing", () => {
    const start = copy();
    expect(applyEvent(start, told({ last_seq: 7, status: "open" }), "team")).toBe(start);
    expect(applyState(start, { ...STATE, last_seq: 7 }, "team")).toBe(start);
  });

  it("of now, told in a replay, is not counted up by the messages before it", () => {
    const now = after(copy(), [
      told({ last_seq: 11, unread: 4 }),
      said(10, VISITOR),
      said(11, AGENT),
    ]);
    expect(now).toMatchObject({ last_seq: 11, unread: 4 });
  });

  it("does not take back how far somebody has read", () => {
    const start = copy({ team_receipts: { read: 8 }, unread: 0, contact_unread: 2 });
    const older = { team_receipts: { read: 2 }, unread: 5, contact_receipts: { read: 8 } };
    const { conversation } = applyState(start, { ...STATE, ...older }, "team");
    expect(conversation).toMatchObject({ team_receipts: { read: 8 }, unread: 0 });
    expect(conversation.contact_receipts?.read).toBe(8);
    expect(conversation.contact_unread).toBeUndefined();
  });
});

describe("receipts", () => {
  it("say what is read and unread on both sides", () => {
    const signal = receipts({ team: { delivered: 8, read: 7 }, team_unread: 1, contact_unread: 3 });
    const { conversation } = applyReceipts(copy({ unread: 5 }), signal, "team");
    expect(conversation).toMatchObject({ unread: 1, contact_unread: 3 });
    expect(conversation.team_receipts).toEqual({ delivered: 8, read: 7 });
  });

  it("say to a contact what the contact has not read", () => {
    const signal = receipts({ contact: { read: 8 }, contact_unread: 0, last_seq: 8 });
    expect(applyReceipts(copy(), signal, "contact").conversation.unread).toBe(0);
  });

  it("never go back", () => {
    const start = copy({ team_receipts: { delivered: 8, read: 8 }, unread: 0 });
    const late = receipts({ team: { delivered: 5, read: 4 }, team_unread: 3, last_seq: 8 });
    const { conversation } = applyReceipts(start, late, "team");
    expect(conversation).toMatchObject({ unread: 0, team_receipts: { delivered: 8, read: 8 } });
  });

  it("of a time that is not reached count once it is", () => {
    const start = copy({ unread: 5 });
    const early = receipts({ team: { read: 10 }, team_unread: 2, last_seq: 12 });
    const told = applyReceipts(start, early, "team");
    expect(told.ahead).toBe(early);
    const news = [9, 10, 11, 12, 13].map((seq) => said(seq, VISITOR));
    expect(after(told, news.slice(0, 4)).unread).toBe(2);
    expect(after(told, news).unread).toBe(3);
  });

  it("of a time that is not reached do not count when a state has passed it", () => {
    const early = receipts({ team: { read: 10 }, team_unread: 2, last_seq: 12 });
    const told = applyReceipts(copy(), early, "team");
    const passed = applyState(
      told,
      { ...STATE, last_seq: 14, unread: 1, team_receipts: { read: 13 } },
      "team",
    );
    expect(passed.ahead).toBeNull();
    expect(passed.conversation).toMatchObject({ unread: 1, team_receipts: { read: 13 } });
  });

  it("of a time that is over do not count what was written since", () => {
    const start = copy({ last_seq: 9, unread: 3 });
    const late = receipts({ team: { read: 8 }, team_unread: 0, last_seq: 8 });
    const { conversation } = applyReceipts(start, late, "team");
    expect(conversation).toMatchObject({ unread: 3, team_receipts: { read: 8 } });
  });

  it("without a time are of now", () => {
    const signal = receipts({ team: { read: 8 }, contact_unread: 1 });
    expect(applyReceipts(copy(), signal, "team").conversation.unread).toBe(0);
  });

  it("keep messages from being unread that were read before they came", () => {
    const start = copy({ unread: 0, team_receipts: { read: 9 } });
    expect(after(start, [said(9, VISITOR)]).unread).toBe(0);
  });
});
