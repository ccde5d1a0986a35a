/**
 * What the timeline shows: a row for each message, note and activity, for what is on its way, and the
 * separators between days and before what is new.
 *
 * Rules: pure. A row keeps its key from the moment its message is written until it is an old one.
 */
import type { Unsent } from "client";
import type { Message, Person, Receipts } from "protocol";

export type State = "waiting" | "sent" | "delivered" | "read" | "failed" | "lost";

/** Something that was said, or is on its way. */
export interface Line {
  readonly key: string;
  readonly type: "message" | "note";
  /** null: it is on its way, and one's own. */
  readonly sender: Person | null;
  readonly isOurs: boolean;
  readonly text: string;
  readonly at: string;
  readonly message?: Message;
  readonly unsent?: Unsent;
  /** Of what the team said: how far it has got. */
  readonly state: State | null;
  /** Of several in a row by one person. */
  readonly isFirst: boolean;
  readonly isLast: boolean;
}

export type Row =
  | { readonly kind: "said"; readonly key: string; readonly line: Line }
  | { readonly kind: "happened"; readonly key: string; readonly message: Message }
  | { readonly kind: "day" | "new"; readonly key: string; readonly at: string };

/** Later than this is not in the same breath. */
const GROUP_MS = 2 * 60_000;

export interface Told {
  readonly messages: readonly Message[];
  readonly unsent: readonly Unsent[];
  readonly receipts: Receipts | undefined;
  /** What a visitor said after this number is new; null: nothing is. */
  readonly newAfter: number | null;
}

export function rowsOf({ messages, unsent, receipts, newAfter }: Told): readonly Row[] {
  const stored = messages.map((message) => storedRow(message, receipts));
  const waiting = unsent.map((one) => saidRow(waitingLine(one)));
  return grouped(withDays(withNew([...stored, ...waiting], newAfter)));
}

/** The time that a row stands at. */
export function timeOf(row: Row): string {
  return row.kind === "said" ? row.line.at : row.kind === "happened" ? row.message.at : row.at;
}

function storedRow(message: Message, receipts: Receipts = {}): Row {
  if (message.type !== "message" && message.type !== "note") {
    return { kind: "happened", key: `e${message.seq}`, message };
  }
  const { sender, text, at, client_id, seq, type } = message;
  const isOurs = sender.role === "agent" || sender.role === "bot";
  return saidRow({
    key: client_id ? `c${client_id}` : `m${seq}`,
    type,
    sender,
    isOurs,
    text,
    at,
    message,
    state: isOurs && type === "message" ? stateOf(seq, receipts) : null,
    isFirst: true,
    isLast: true,
  });
}

function stateOf(seq: number, { delivered = 0, read = 0 }: Receipts): State {
  return seq <= read ? "read" : seq <= delivered ? "delivered" : "sent";
}

function waitingLine(unsent: Unsent): Line {
  const { client_id, text, at, isNote, delivery } = unsent;
  const state = delivery === "failed" || delivery === "lost" ? delivery : "waiting";
  const type = isNote ? "note" : "message";
  const key = `c${client_id}`;
  const place = { isFirst: true, isLast: true };
  return { key, type, sender: null, isOurs: true, text, at, unsent, state, ...place };
}

function saidRow(line: Line): Row {
  return { kind: "said", key: line.key, line };
}

function withNew(rows: readonly Row[], newAfter: number | null): readonly Row[] {
  const at = rows.findIndex(
    (row) =>
      newAfter !== null &&
      row.kind === "said" &&
      !row.line.isOurs &&
      (row.line.message?.seq ?? 0) > newAfter,
  );
  const first = rows[at];
  return first
    ? [...rows.slice(0, at), { kind: "new", key: "new", at: timeOf(first) }, ...rows.slice(at)]
    : rows;
}

function withDays(rows: readonly Row[]): readonly Row[] {
  let day = "";
  return rows.flatMap((row) => {
    const at = timeOf(row);
    const own = new Date(at).toDateString();
    if (own === day) {
      return [row];
    }
    day = own;
    return [{ kind: "day", key: `d${own}`, at }, row];
  });
}

function grouped(rows: readonly Row[]): readonly Row[] {
  return rows.map((row, index) => {
    if (row.kind !== "said") {
      return row;
    }
    const isFirst = !isOneBreath(rows[index - 1], row);
    const isLast = !isOneBreath(row, rows[index + 1]);
    return { ...row, line: { ...row.line, isFirst, isLast } };
  });
}

function isOneBreath(a: Row | undefined, b: Row | undefined): boolean {
  if (a?.kind !== "said" || b?.kind !== "said") {
    return false;
  }
  const [one, two] = [a.line, b.line];
  return (
    one.type === "message" &&
    two.type === "message" &&
    one.isOurs === two.isOurs &&
    (one.state === "failed") === (two.state === "failed") &&
    (one.state === "waiting") === (two.state === "waiting") &&
    one.sender?.id === two.sender?.id &&
    Date.parse(two.at) - Date.parse(one.at) < GROUP_MS
  );
}
