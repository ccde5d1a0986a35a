import type { Unsent } from "client";
import {
  type Activity,
  type Conversation,
  type Message,
  type Person,
  thread as threads,
} from "protocol";
import { describe, expect, it } from "vitest";
import { countAfter, isRich, type Line, putBackBy, type Row, rowsOf } from "./lines";

const ME: Person = { role: "visitor", name: "Li", id: 9 };
const ANN: Person = { role: "agent", name: "Ann", id: 3 };
const BOB: Person = { role: "agent", name: "Bob", id: 4 };
const BOT: Person = { role: "bot", name: "Echo", id: 5 };
const AT = "2026-03-04T12:00:00Z";
const NOW = new Date(AT);

const STATE: Conversation = {
  id: 17,
  kind: "desk",
  last_seq: 9,
  created_at: AT,
  updated_at: AT,
  team_receipts: { read: 2, delivered: 3 },
  contact_receipts: { read: 4, delivered: 5 },
};

function message(seq: number, more: Partial<Message> = {}): Message {
  return { conversation: 17, seq, type: "message", sender: ME, text: `t${seq}`, at: AT, ...more };
}

function happened(seq: number, what: Activity["what"], by: Person, agent?: Person): Message {
  const activity = { what, ...(agent && { agent }) };
  return message(seq, { type: "activity", text: "", sender: by, activity });
}

const SYSTEM: Person = { role: "system", name: "" };

function unsent(client_id: string, more: Partial<Unsent> = {}): Unsent {
  const rest = { conversation: 17, place: 1, isNote: false, more: {} };
  return { client_id, text: client_id, at: AT, delivery: "pending", ...rest, ...more };
}

function rows(
  messages: readonly Message[],
  waiting: readonly Unsent[] = [],
  newAfter: number | null = null,
): readonly Row[] {
  const thread = threads.openThread({ side: "contact", me: ME }, STATE, messages);
  return rowsOf(thread, waiting, { now: NOW, newAfter });
}

function saidIn(all: readonly Row[]) {
  return all.flatMap((row) => (row.kind === "said" ? [row] : []));
}

function lines(...given: Parameters<typeof rows>): readonly Line[] {
  return saidIn(rows(...given)).map(({ line }) => line);
}

describe("what was said", () => {
  it("is one's own, the team's, a program's or the system's, and as far as it has come", () => {
    const senders = [ME, ME, ME, ANN, BOT, SYSTEM];
    const all = lines(senders.map((sender, index) => message(index + 2, { sender })));
    expect(all.map(({ from, state }) => [from, state])).toEqual([
      ["me", "read"],
      ["me", "delivered"],
      ["me", "sent"],
      ["team", "delivered"],
      ["bot", "delivered"],
      ["system", "delivered"],
    ]);
    expect(lines([message(4, { sender: ANN })])[0]?.state).toBe("read");
  });

  it("keeps its key from the moment it is written, and nobody else's has it", () => {
    const waiting = rowsOf(null, [unsent("c1")], { now: NOW, newAfter: null });
    const [mine, theirs] = rows([
      message(2, { client_id: "c1" }),
      message(3, { client_id: "c1", sender: ANN }),
    ]);
    expect(waiting[0]?.key).toBe(mine?.key);
    expect(theirs?.key).not.toBe(mine?.key);
  });

  it("stands under its sender's name once, in a group that ends with another or a pause", () => {
    const later = new Date(NOW.getTime() + 6 * 60_000).toISOString();
    const all = rows([
      message(1, { sender: ANN }),
      message(2, { sender: ANN }),
      message(3, { sender: BOB }),
      message(4),
      message(5),
      message(6, { at: later }),
    ]);
    expect(saidIn(all).map(({ isFirst, isLast }) => [isFirst, isLast])).toEqual([
      [true, false],
      [false, true],
      [true, true],
      [true, false],
      [false, true],
      [true, true],
    ]);
  });

  it("has a receipt under the newest of one's own that was not refused", () => {
    const all = rows(
      [message(2), message(3), message(4, { sender: ANN })],
      [unsent("a"), unsent("b"), unsent("c", { delivery: "failed", error: "bad_input" })],
    );
    expect(saidIn(all).map(({ hasReceipt }) => hasReceipt)).toEqual([
      false,
      false,
      false,
      false,
      true,
      false,
    ]);
    expect(saidIn(all).at(-1)?.line.state).toBe("failed");
  });

  it("that was refused or lost is no part of a group", () => {
    const all = rows([message(2)], [unsent("a", { delivery: "failed" }), unsent("b")]);
    expect(saidIn(all).every(({ isFirst, isLast }) => isFirst && isLast)).toBe(true);
  });

  it("and was lost stands where it was said", () => {
    const at = (minute: number) => `2026-03-04T12:0${minute}:00Z`;
    const lost = unsent("lost", { delivery: "lost", at: at(3), conversation: null });
    const all = lines(
      [message(2, { at: at(2) }), message(3, { at: at(4), sender: ANN })],
      [unsent("next", { at: at(1) }), lost],
    );
    expect(all.map(({ text }) => text)).toEqual(["t2", "lost", "t3", "next"]);
    expect(all[1]).toMatchObject({ key: "clost", state: "failed", from: "me" });
  });

  it("with a press is shown by its label", () => {
    const options = [{ label: "Send it back", value: "return" }];
    const asked = { sender: BOT, blocks: [{ type: "quick_replies", options }] } as const;
    const all = lines([message(2, asked), message(3, { client_id: "c3", text: "return" })]);
    expect(all.map(({ text, chosen }) => [text, chosen])).toEqual([
      ["t2", "return"],
      ["Send it back", undefined],
    ]);
    const waiting = unsent("c9", { text: "return" });
    expect(lines([message(2, asked)], [waiting])[1]?.text).toBe("Send it back");
  });

  it("is more than words if it has files, cards, a quote, reactions or answers", () => {
    const file = { id: 1, name: "a", type: "text/plain", size: 1 };
    const more: Partial<Message>[] = [
      {},
      { files: [file] },
      { quote: 1 },
      { blocks: [{ type: "quick_replies", options: [] }] },
      { reactions: [{ emoji: "👍", people: [] }] },
      { answers: { a: 1 } },
      { files: [file], deleted_at: AT },
    ];
    const all = lines(more.map((one, index) => message(index + 1, one)));
    expect(all.map(isRich)).toEqual([false, true, true, true, true, true, false]);
    expect(lines([], [unsent("a", { more: { files: [1] } })]).map(isRich)).toEqual([true]);
  });
});

describe("what happened", () => {
  const told = (...messages: Message[]) =>
    rows(messages).flatMap((row) =>
      row.kind === "event" ? [[row.what, row.who?.name, row.before?.name]] : [],
    );

  it("is told as far as it concerns a visitor", () => {
    const all = told(
      happened(1, "began", ME),
      happened(2, "assigned", SYSTEM, ANN),
      happened(3, "pending", ANN),
      happened(4, "transferred", ANN, BOB),
      happened(5, "resolved", BOB),
      happened(6, "rated", ME),
      happened(7, "reopened", ME),
      happened(8, "resolved", ME),
    );
    expect(all).toEqual([
      ["joined", "Ann", undefined],
      ["took-over", "Bob", "Ann"],
      ["closed", "Bob", "Bob"],
      ["reopened", undefined, undefined],
      ["ended", undefined, undefined],
    ]);
  });

  it("says who took over from a program, and that one asked for it", () => {
    const begun = [happened(1, "began", ME), message(2), message(3, { sender: BOT })];
    expect(told(...begun, happened(4, "queued", ME), happened(5, "assigned", ANN, ANN))).toEqual([
      ["asked", undefined, "Echo"],
      ["joined", "Ann", undefined],
    ]);
    expect(told(...begun, happened(4, "assigned", ANN, ANN))).toEqual([
      ["took-over", "Ann", "Echo"],
    ]);
  });

  it("says that one was put back into the queue, and nothing of a first wait", () => {
    const back = [happened(1, "assigned", ANN, ANN), happened(2, "queued", SYSTEM)];
    expect(told(happened(1, "queued", SYSTEM))).toEqual([]);
    expect(told(...back)).toContainEqual(["put-back", undefined, "Ann"]);
    expect(putBackBy(back)?.before?.name).toBe("Ann");
    expect(putBackBy([...back, happened(3, "assigned", BOB, BOB)])).toBeNull();
  });
});

describe("between the rows", () => {
  const on = (day: number, seq: number, more: Partial<Message> = {}) =>
    message(seq, { at: new Date(2026, 2, day, 12).toISOString(), ...more });
  const kinds = (messages: readonly Message[], now: Date, newAfter: number | null = null) => {
    const thread = threads.openThread({ side: "contact", me: ME }, STATE, messages);
    return rowsOf(thread, [], { now, newAfter }).map(({ kind }) => kind);
  };

  it("each day begins with its date, unless all is of today", () => {
    const all = [on(3, 1), on(4, 2), on(4, 3)];
    expect(kinds(all, new Date(2026, 2, 4))).toEqual(["date", "said", "date", "said", "said"]);
    expect(kinds(all.slice(1), new Date(2026, 2, 4))).toEqual(["said", "said"]);
    expect(kinds(all.slice(1), new Date(2026, 2, 5))[0]).toBe("date");
  });

  it("no day begins twice, whatever a clock says", () => {
    const all = rows([on(3, 1), on(4, 2), on(3, 3)]);
    expect(new Set(all.map(({ key }) => key)).size).toBe(all.length);
  });

  it("what is new begins with a line, before the first that others said", () => {
    const all = [on(4, 1), on(4, 2, { sender: ANN }), on(4, 3), on(4, 4, { sender: ANN })];
    const now = new Date(2026, 2, 4);
    expect(kinds(all, now, 2)).toEqual(["said", "said", "said", "new", "said"]);
    expect(kinds(all, now, 4)).not.toContain("new");
    expect(kinds(all, now)).not.toContain("new");
  });

  it("a line parts a group", () => {
    const all = rows([message(1, { sender: ANN }), message(2, { sender: ANN })], [], 1);
    expect(saidIn(all).map(({ isFirst, isLast }) => [isFirst, isLast])).toEqual([
      [true, true],
      [true, true],
    ]);
  });
});

it("counts what the others said after a number", () => {
  const all = [message(1, { sender: ANN }), message(2), happened(3, "queued", ANN)];
  expect(countAfter([...all, message(4, { sender: BOT })], 1)).toBe(1);
});
