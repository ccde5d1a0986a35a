/**
 * What the log shows: a line for each message, for what is on its way, and for what happened.
 *
 * Rules: pure. A line keeps its key from the moment it is written until it is an old message, so
 * that a screen reader hears it once. What has happened to the conversation is told as far as it
 * concerns a visitor.
 * Not here: words and elements (view/log).
 */
import {
  type Block,
  choices,
  type FileInfo,
  type Message,
  type Sending,
  type thread as threads,
} from "protocol";

type Thread = threads.Thread;

export type Delivery = "pending" | "sent" | "read" | "failed" | "lost";

export interface Line {
  readonly key: string;
  readonly from: "me" | "team" | "event" | "date";
  /** Who wrote it, or whom an event is about. */
  readonly name: string;
  readonly text: string;
  readonly at: string;
  readonly deleted?: boolean;
  readonly edited?: boolean;
  readonly files?: readonly FileInfo[];
  readonly blocks?: readonly Block[];
  /** What was chosen of its blocks. */
  readonly chosen?: string;
  /** Of one's own. */
  readonly delivery?: Delivery;
  readonly error?: string;
  readonly clientId?: string;
  /** Of an event. */
  readonly what?: What;
}

export type What = "assigned" | "resolved" | "reopened";

const TOLD: Readonly<Record<string, What>> = {
  assigned: "assigned",
  transferred: "assigned",
  resolved: "resolved",
  reopened: "reopened",
};

/** What may be taken later as it is. All else has to be written anew, or elsewhere. */
const PASSING: ReadonlySet<string> = new Set(["too_many", "unavailable", "illegal_state"]);

/** Whether to say the same again may help. */
export function canRetry(error: string | undefined): boolean {
  return error !== undefined && PASSING.has(error);
}

/**
 * The lines of a thread, in order; without a thread, of what is on its way. What was lost stands
 * where it was said: before what was said later.
 */
export function linesOf(thread: Thread | null, sending: readonly Sending[]): Line[] {
  const made = choices.choicesIn(thread?.messages ?? [], sending);
  const said = thread?.messages.flatMap((message) => lineOf(thread, message, made)) ?? [];
  const unsent = sending.map((one) => lineOnItsWay(one, made));
  const lost = unsent.filter(({ delivery }) => delivery === "lost");
  const waiting = unsent.filter(({ delivery }) => delivery !== "lost");
  return [...lost.reduce(withLost, said), ...waiting];
}

/** With a line before the first of each day; what is all of today needs none. */
export function withDates(lines: readonly Line[], now: Date): Line[] {
  const days = lines.map(({ at }) => new Date(at).toDateString());
  const isAllToday = days.every((day) => day === now.toDateString());
  return lines.flatMap((line, index) => {
    const day = days[index];
    const isNew = !isAllToday && day !== days[index - 1];
    return isNew ? [dateOf(`d${day}`, line.at), line] : [line];
  });
}

function dateOf(key: string, at: string): Line {
  return { key, from: "date", name: "", text: "", at };
}

function withLost(lines: Line[], one: Line): Line[] {
  const later = lines.findIndex(({ at }) => Date.parse(at) > Date.parse(one.at));
  const place = later < 0 ? lines.length : later;
  return [...lines.slice(0, place), one, ...lines.slice(place)];
}

function lineOf(thread: Thread, message: Message, made: choices.Choices): Line[] {
  return message.type === "activity" ? eventOf(message) : [saidOf(thread, message, made)];
}

function eventOf({ activity, seq, at }: Message): Line[] {
  const what = activity && TOLD[activity.what];
  const name = activity?.agent?.name ?? "";
  const isTold = what && (what !== "assigned" || name);
  return isTold ? [{ key: `e${seq}`, from: "event", what, name, text: "", at }] : [];
}

function saidOf({ conversation }: Thread, message: Message, made: choices.Choices): Line {
  const { client_id, sender, seq, text, at, files = [], blocks = [] } = message;
  const mine = sender.role === "visitor";
  const read = conversation.team_receipts?.read ?? 0;
  const label = mine && client_id ? made.labels.get(client_id) : undefined;
  const chosen = made.chosen.get(seq);
  return {
    key: mine && client_id ? `c${client_id}` : `m${seq}`,
    from: mine ? "me" : "team",
    name: sender.name,
    text: label ?? (text || answersOf(message)),
    at,
    deleted: message.deleted_at !== undefined,
    edited: message.edited_at !== undefined,
    files,
    blocks,
    ...(chosen !== undefined && { chosen }),
    ...(mine && { delivery: seq <= read ? "read" : "sent" }),
  };
}

function lineOnItsWay(one: Sending, made: choices.Choices): Line {
  const { client_id, text, at, delivery, error } = one;
  return {
    key: `c${client_id}`,
    from: "me",
    name: "",
    text: made.labels.get(client_id) ?? text,
    at,
    delivery,
    clientId: client_id,
    ...(error && { error }),
  };
}

/** What was answered to a form, where nothing else was said. */
function answersOf({ answers }: Message): string {
  return Object.values(answers ?? {})
    .filter((answer) => typeof answer !== "boolean")
    .map(String)
    .join("\n");
}
