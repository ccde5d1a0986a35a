import type { Unsent } from "client";
import type { Message, Person } from "protocol";
import { expect, it } from "vitest";
import { type Row, rowsOf } from "./lines";

const visitor: Person = { role: "visitor", name: "Ada", id: 9 };
const agent: Person = { role: "agent", name: "Lin", id: 3 };

const said = (seq: number, sender: Person, at = "10:00:00", more: Partial<Message> = {}) => ({
  conversation: 1,
  seq,
  type: "message" as const,
  sender,
  text: `no. ${seq}`,
  at: `2026-11-30T${at}Z`,
  ...more,
});

const rows = (messages: readonly Message[], more: object = {}) =>
  rowsOf({ messages, unsent: [], receipts: undefined, newAfter: null, ...more });

const line = (all: readonly Row[], seq: number) =>
  all
    .flatMap((row) => (row.kind === "said" ? [row.line] : []))
    .find(({ message }) => message?.seq === seq);

it("what one person says within two minutes is one group", () => {
  const all = rows([
    said(1, visitor),
    said(2, visitor, "10:01:00"),
    said(3, visitor, "10:04:00"),
    said(4, agent, "10:04:01"),
  ]);
  const ends = [1, 2, 3, 4].map((seq) => [line(all, seq)?.isFirst, line(all, seq)?.isLast]);
  expect(ends).toEqual([
    [true, false],
    [false, true],
    [true, true],
    [true, true],
  ]);
});

it("what the team said is as far as the visitor's receipts say", () => {
  const all = rows([said(1, agent), said(2, agent), said(3, agent), said(4, visitor)], {
    receipts: { delivered: 2, read: 1 },
  });
  expect([1, 2, 3, 4].map((seq) => line(all, seq)?.state)).toEqual([
    "read",
    "delivered",
    "sent",
    null,
  ]);
});

it("a note has no receipt", () => {
  expect(line(rows([said(1, agent, "10:00:00", { type: "note" })]), 1)?.state).toBeNull();
});

it("new is what the visitor said after the number, once", () => {
  const all = rows([said(1, visitor), said(2, agent), said(3, visitor), said(4, visitor)], {
    newAfter: 1,
  });
  expect(all.map(({ key }) => key)).toEqual([
    expect.stringMatching(/^d/),
    "m1",
    "m2",
    "new",
    "m3",
    "m4",
  ]);
});

it("each day begins with its date", () => {
  const all = rows([said(1, visitor), { ...said(2, visitor), at: "2026-12-02T10:00:00Z" }]);
  expect(all.map(({ kind }) => kind)).toEqual(["day", "said", "day", "said"]);
});

it("a row keeps its key when it is stored", () => {
  const unsent: Unsent = {
    client_id: "k",
    text: "Yes",
    at: "2026-11-30T10:00:00Z",
    conversation: 1,
    place: 1,
    delivery: "pending",
    isNote: false,
    more: {},
  };
  const before = rows([], { unsent: [unsent] }).at(-1);
  const after = rows([said(1, agent, "10:00:00", { client_id: "k" })]).at(-1);
  expect(before).toMatchObject({ key: "ck", line: { state: "waiting" } });
  expect(after).toMatchObject({ key: "ck", line: { state: "sent" } });
});
