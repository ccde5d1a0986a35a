/**
 * The frames of `kefu.v1`, to and from values (docs/protocol/realtime.md).
 *
 * Rules: pure, and nothing from outside is believed: a frame that is not of the documented form is
 * `malformed`, never an exception; one whose name is not known is `unknown`, to be ignored, since a
 * newer server may tell more. Only what the reducers build upon is checked; the rest is as typed.
 * Not here: sockets, matching answers to commands, when to come back.
 */
import type { CommandName, Commands, ErrorCode, Event, EventName, Signal } from "./types";

export const SUBPROTOCOL = "kefu.v1";

/** Why a command was not carried out. A newer server may have codes that are not typed here. */
export interface Refusal {
  readonly code: ErrorCode | (string & {});
  readonly message: string;
  /** When to try again; null: not said. */
  readonly retry_ms: number | null;
}

export type Incoming =
  | { readonly kind: "answer"; readonly re: number; readonly ok: unknown }
  | { readonly kind: "refusal"; readonly re: number; readonly error: Refusal }
  | { readonly kind: "event"; readonly event: Event }
  | { readonly kind: "signal"; readonly signal: Signal }
  | Heartbeat
  | { readonly kind: "unknown"; readonly on: string }
  | { readonly kind: "malformed" };

/** `heads`: the newest number of each open conversation. `cursor`: of the feed, if it is open. */
export interface Heartbeat {
  readonly kind: "heartbeat";
  readonly heads: ReadonlyMap<number, number>;
  readonly cursor: string | null;
}

type Fields = Readonly<Record<string, unknown>>;

const MALFORMED: Incoming = { kind: "malformed" };

/** A command's frame. `key`: of a command without a client id, so that it can be repeated. */
export function encode<Name extends CommandName>(
  id: number,
  name: Name,
  form: Commands[Name]["form"],
  key?: string,
): string {
  return JSON.stringify({ id, do: name, ...(key !== undefined && { key }), ...form });
}

/** Reads a frame of the server; `data` is what the socket gave. */
export function decode(data: unknown): Incoming {
  const fields = parse(data);
  if (!fields) {
    return MALFORMED;
  }
  if (Object.hasOwn(fields, "re")) {
    return readAnswer(fields);
  }
  return typeof fields.on === "string" ? readTold(fields, fields.on) : MALFORMED;
}

function readAnswer(fields: Fields): Incoming {
  const { re, ok, error } = fields;
  if (!isNumber(re)) {
    return MALFORMED;
  }
  if (error === undefined) {
    return Object.hasOwn(fields, "ok") ? { kind: "answer", re, ok } : MALFORMED;
  }
  if (!isObject(error) || typeof error.code !== "string") {
    return MALFORMED;
  }
  const { code, message, retry_ms } = error;
  return {
    kind: "refusal",
    re,
    error: {
      code,
      message: typeof message === "string" ? message : "",
      retry_ms: isNumber(retry_ms) ? retry_ms : null,
    },
  };
}

function readTold(fields: Fields, on: string): Incoming {
  if (on === "heartbeat") {
    return readHeartbeat(fields);
  }
  if (Object.hasOwn(EVENTS, on)) {
    return isEvent(fields) ? { kind: "event", event: fields as unknown as Event } : MALFORMED;
  }
  if (Object.hasOwn(SIGNALS, on)) {
    return SIGNALS[on as Checked](fields)
      ? { kind: "signal", signal: fields as unknown as Signal }
      : MALFORMED;
  }
  return TEAM.test(on)
    ? { kind: "signal", signal: fields as unknown as Signal }
    : { kind: "unknown", on };
}

function readHeartbeat({ heads = {}, cursor = null }: Fields): Incoming {
  if (!isObject(heads) || !(cursor === null || typeof cursor === "string")) {
    return MALFORMED;
  }
  const numbers = Object.entries(heads).map(([id, head]) => [Number(id), head] as const);
  return numbers.every((pair): pair is readonly [number, number] => pair.every(isNumber))
    ? { kind: "heartbeat", heads: new Map(numbers), cursor }
    : MALFORMED;
}

/** Names as keys, so that the compiler sees whether one is missing. */
const EVENTS: Readonly<Record<EventName, true>> = {
  "message.added": true,
  "message.changed": true,
  "conversation.changed": true,
};

/** The team's own, taken as they are: nothing of a widget builds upon them. */
const TEAM = /^(visitors|read|mentions|here|looking|view|tag|preferences|profile|test_offer)$/;
type Checked = "typing" | "receipts" | "presence" | "queue.position";

const SIGNALS: Readonly<Record<Checked, (fields: Fields) => boolean>> = {
  typing: ({ conversation, person }) => isNumber(conversation) && isPerson(person),
  receipts: ({ conversation, team, contact }) =>
    isNumber(conversation) && isObject(team) && isObject(contact),
  presence: ({ agent }) => isNumber(agent),
  "queue.position": ({ conversation, position }) => isNumber(conversation) && isNumber(position),
};

function isEvent({ conversation, seq, prev, cursor, message, state }: Fields): boolean {
  return (
    [conversation, seq, prev].every(isNumber) &&
    typeof cursor === "string" &&
    (message === undefined || isMessage(message)) &&
    (state === undefined || isState(state))
  );
}

function isMessage(value: unknown): boolean {
  return (
    isObject(value) &&
    isNumber(value.seq) &&
    typeof value.type === "string" &&
    typeof value.text === "string" &&
    isPerson(value.sender)
  );
}

function isState(value: unknown): boolean {
  return isObject(value) && isNumber(value.id) && isNumber(value.last_seq);
}

function isPerson(value: unknown): boolean {
  return isObject(value) && typeof value.role === "string" && typeof value.name === "string";
}

function isNumber(value: unknown): value is number {
  return Number.isSafeInteger(value);
}

function isObject(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function parse(data: unknown): Fields | null {
  try {
    const value: unknown = typeof data === "string" ? JSON.parse(data) : null;
    return isObject(value) ? value : null;
  } catch {
    return null;
  }
}
