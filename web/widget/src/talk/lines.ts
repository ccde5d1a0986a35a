/**
 * What the thread shows: a row for each message, for what is on its way, and for what happened.
 *
 * Rules: pure. A row keeps its key from the moment its message is written until it is an old one. What
 * has happened to the conversation is told as far as it concerns a visitor, and no more than they may
 * know: why it moved is the team's. What was lost stands where it was said.
 * Not here: words and elements (row, thread).
 */
import type { Unsent } from "client";
import { choices, type Message, type Person, type Sending, type thread as threads } from "protocol";

type Thread = threads.Thread;

export type State = "sending" | "sent" | "delivered" | "read" | "failed";

/** Something that was said. */
export interface Line {
  readonly key: string;
  readonly from: "me" | "team" | "bot" | "system";
  readonly name: string;
  readonly text: string;
  readonly at: string;
  /** Of others': how far this side's own mark is. */
  readonly state: State;
  readonly isDeleted: boolean;
  readonly isEdited: boolean;
  readonly seq?: number;
  readonly clientId?: string;
  /** As it is stored. */
  readonly message?: Message;
  /** As it waits; `delivery` "lost": the server had it and has it no more. */
  readonly unsent?: Unsent;
  /** What was chosen of what it offers. */
  readonly chosen?: string;
}

/** What concerns a visitor. `before`: who had it until then. */
export type What = "joined" | "took-over" | "put-back" | "asked" | "ended" | "closed" | "reopened";

export type Row =
  | {
      readonly kind: "said";
      readonly key: string;
      readonly at: string;
      readonly line: Line;
      /** Of several in a row by one person. */
      readonly isFirst: boolean;
      readonly isLast: boolean;
      /** The newest of one's own that is not refused: what became of it stands under it. */
      readonly hasReceipt: boolean;
    }
  | {
      readonly kind: "event";
      readonly key: string;
      readonly at: string;
      readonly what: What;
      readonly who: Person | null;
      readonly before: Person | null;
    }
  | { readonly kind: "date" | "new"; readonly key: string; readonly at: string };

type Said = Extract<Row, { readonly kind: "said" }>;
type Happened = Extract<Row, { readonly kind: "event" }>;

/** Later than this is not in the same breath. */
const GROUP_MS = 5 * 60_000;

/** Whether a message has more than words, which another part of the program shows. */
export function isRich({ message, unsent, isDeleted }: Line): boolean {
  const { files, quote, answers } = message ?? unsent?.more ?? {};
  const has = [files, message?.blocks, message?.reactions].some((all) => all?.length);
  return !isDeleted && (has || quote !== undefined || answers !== undefined);
}

/**
 * The rows of a thread, in order; without one, of what is on its way.
 *
 * `newAfter`: what the others said after this number is new; null: nothing is.
 */
export function rowsOf(
  thread: Thread | null,
  unsent: readonly Unsent[],
  { now, newAfter }: { readonly now: Date; readonly newAfter: number | null },
): readonly Row[] {
  const made = choices.choicesIn(thread?.messages ?? [], unsent.map(asSending));
  const stored = thread ? storedOf(thread, made) : [];
  const waiting = unsent.filter(({ delivery }) => delivery !== "lost");
  const lost = unsent.filter(({ delivery }) => delivery === "lost");
  const said = lost.map((one) => saidOf(waitingLine(one, made))).reduce(withLost, stored);
  const all = [...said, ...waiting.map((one) => saidOf(waitingLine(one, made)))];
  return grouped(withNew(withDates(all, now), newAfter));
}

/** Where the newest of the others' messages after `seq` are counted. */
export function countAfter(messages: readonly Message[], seq: number): number {
  return messages.filter((one) => one.seq > seq && isHeard(one)).length;
}

/** The last that is so. */
export function lastOf<T>(all: readonly T[], isSo: (one: T) => boolean): T | undefined {
  return [...all].reverse().find(isSo);
}

/** Something that the others said. */
export function isHeard({ type, sender }: Message): boolean {
  return type === "message" && sender.role !== "visitor";
}

/** Who had a conversation before it waited, as far as its visitor was told. */
export function putBackBy(messages: readonly Message[]): Happened | null {
  const last = lastOf(happenedIn(messages), ({ what }) => what !== "reopened");
  return last?.what === "put-back" || last?.what === "asked" ? last : null;
}

function storedOf(thread: Thread, made: choices.Choices): readonly Row[] {
  const told = new Map(happenedIn(thread.messages).map((one) => [one.key, one]));
  return thread.messages.flatMap((message): readonly Row[] => {
    if (message.type === "activity") {
      const row = told.get(eventKey(message));
      return row ? [row] : [];
    }
    return [saidOf(lineOf(thread, message, made))];
  });
}

function eventKey({ seq }: Message): string {
  return `e${seq}`;
}

/** What happened, each with who had the conversation before. */
function happenedIn(messages: readonly Message[]): readonly Happened[] {
  let holder: Person | null = null;
  const found: Happened[] = [];
  for (const message of messages) {
    const row = message.activity ? happenedBy(message, holder) : null;
    if (row) {
      found.push(row);
    }
    holder = holderAfter(message, holder);
  }
  return found;
}

function happenedBy(message: Message, before: Person | null): Happened | null {
  const { activity, sender, at } = message;
  const what = whatOf(message, before);
  const who = activity?.agent ?? (sender.role === "agent" ? sender : null);
  return what && { kind: "event", key: eventKey(message), at, what, who, before };
}

function holderAfter({ type, activity, sender }: Message, holder: Person | null): Person | null {
  switch (activity?.what) {
    case undefined: {
      const isTeam = sender.role === "bot" || sender.role === "agent";
      return type === "message" && isTeam ? sender : holder;
    }
    case "assigned":
    case "transferred":
      return activity.agent ?? null;
    case "queued":
    case "resolved":
      return null;
    default:
      return holder;
  }
}

function whatOf({ activity, sender }: Message, holder: Person | null): What | null {
  const isOwn = sender.role === "visitor";
  switch (activity?.what) {
    case "assigned":
    case "transferred":
      return activity.agent ? givenTo(activity.agent, holder) : null;
    case "queued":
      return holder && (isOwn ? "asked" : "put-back");
    case "resolved":
      return isOwn ? "ended" : "closed";
    case "reopened":
      return "reopened";
    default:
      return null;
  }
}

function givenTo(agent: Person, holder: Person | null): What | null {
  if (!holder) {
    return "joined";
  }
  return isSame(agent, holder) ? null : "took-over";
}

function lineOf({ conversation }: Thread, message: Message, made: choices.Choices): Line {
  const { client_id, sender, seq, text, at } = message;
  const { contact_receipts: own = {}, team_receipts: team = {} } = conversation;
  const isMine = sender.role === "visitor";
  const others = sender.role === "bot" || sender.role === "system" ? sender.role : "team";
  const { read = 0, delivered = 0 } = isMine ? team : own;
  const least = isMine && seq > delivered ? "sent" : "delivered";
  const label = isMine && client_id ? made.labels.get(client_id) : undefined;
  const chosen = made.chosen.get(seq);
  return {
    key: isMine && client_id ? `c${client_id}` : `m${seq}`,
    from: isMine ? "me" : others,
    name: sender.name,
    text: label ?? text,
    at,
    state: seq <= read ? "read" : least,
    isDeleted: message.deleted_at !== undefined,
    isEdited: message.edited_at !== undefined && message.deleted_at === undefined,
    seq,
    message,
    ...(isMine && client_id && { clientId: client_id }),
    ...(chosen !== undefined && { chosen }),
  };
}

function waitingLine(unsent: Unsent, made: choices.Choices): Line {
  const { client_id, text, at, delivery } = unsent;
  const states = { pending: "sending", sent: "sent", failed: "failed", lost: "failed" } as const;
  return {
    key: `c${client_id}`,
    from: "me",
    name: "",
    text: made.labels.get(client_id) ?? text,
    at,
    state: states[delivery],
    isDeleted: false,
    isEdited: false,
    clientId: client_id,
    unsent,
  };
}

function asSending({ client_id, text, at, delivery }: Unsent): Sending {
  return { client_id, text, at, delivery };
}

function saidOf(line: Line): Said {
  const { key, at } = line;
  return { kind: "said", key, at, line, isFirst: true, isLast: true, hasReceipt: false };
}

function withLost(rows: readonly Row[], one: Said): readonly Row[] {
  const later = rows.findIndex(({ at }) => Date.parse(at) > Date.parse(one.at));
  const place = later < 0 ? rows.length : later;
  return [...rows.slice(0, place), one, ...rows.slice(place)];
}

/** With a row before the first of each day; what is all of today needs none. */
function withDates(rows: readonly Row[], now: Date): readonly Row[] {
  const days = rows.map(({ at }) => new Date(at).toDateString());
  const isAllToday = days.every((day) => day === now.toDateString());
  const seen = new Set<string>(); // a clock that was put back begins no day twice
  return rows.flatMap((row, index): readonly Row[] => {
    const day = days[index] ?? "";
    if (isAllToday || seen.has(day)) {
      return [row];
    }
    seen.add(day);
    return [{ kind: "date", key: `d${day}`, at: row.at }, row];
  });
}

function withNew(rows: readonly Row[], newAfter: number | null): readonly Row[] {
  const isNew = (row: Row) =>
    row.kind === "said" && row.line.from !== "me" && (row.line.seq ?? 0) > (newAfter ?? 0);
  const place = newAfter === null ? -1 : rows.findIndex(isNew);
  const first = rows[place];
  return first
    ? [...rows.slice(0, place), { kind: "new", key: "new", at: first.at }, ...rows.slice(place)]
    : rows;
}

function grouped(rows: readonly Row[]): readonly Row[] {
  const newest = lastOf(
    rows,
    (row) => row.kind === "said" && row.line.from === "me" && row.line.state !== "failed",
  );
  return rows.map((row, index) =>
    row.kind === "said"
      ? {
          ...row,
          isFirst: !goesOn(rows[index - 1], row),
          isLast: !goesOn(row, rows[index + 1]),
          hasReceipt: row === newest,
        }
      : row,
  );
}

function goesOn(one: Row | undefined, next: Row | undefined): boolean {
  if (one?.kind !== "said" || next?.kind !== "said") {
    return false;
  }
  const [a, b] = [one.line, next.line];
  const isApart = Date.parse(b.at) - Date.parse(a.at) > GROUP_MS;
  const isDone = a.state !== "failed" && b.state !== "failed"; // each says so by itself
  return isDone && !isApart && a.from === b.from && (a.from === "me" || isSameSender(a, b));
}

function isSameSender(a: Line, b: Line): boolean {
  const [one, other] = [a.message?.sender, b.message?.sender];
  return one !== undefined && other !== undefined && isSame(one, other);
}

function isSame(a: Person, b: Person): boolean {
  return a.role === b.role && a.id === b.id && a.name === b.name;
}
