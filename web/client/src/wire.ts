/**
 * One way to the server, for as long as it holds: a socket, or requests with a feed beside them.
 *
 * Rules: it says once that it is up and once that it has ended, and nothing after `close`. What was
 * asked and has no answer by then is rejected as `gone`; whoever asked knows whether to ask again.
 * Not here: coming back (link), what is told (sync).
 */
import type { CommandName, FeedPage, Incoming, Limits, OpenFeed, Refusal, Who } from "protocol";
import type { Ports } from "./ports";

export type Told = Extract<Incoming, { kind: "event" | "signal" | "heartbeat" }>;

/** Why a command has no answer: the server's refusal; `gone`: no answer came. */
export class Unanswered extends Error {
  readonly code: Refusal["code"] | "gone";
  readonly retryMs: number | null;

  constructor({ code, message, retry_ms }: Refusal) {
    super(message || code);
    this.code = code;
    this.retryMs = retry_ms;
  }
}

export const GONE: Refusal = { code: "gone", message: "", retry_ms: null };

export function isCode(error: unknown, ...codes: readonly Unanswered["code"][]): boolean {
  return error instanceof Unanswered && codes.includes(error.code);
}

/** How long an answer may take. */
export const ANSWER_MS = 10_000;
/** A server that follows tells something every 20 seconds; after so much silence it is asked. */
export const SILENCE_MS = 25_000;
export const LOOK_MS = 5_000;

/** `renew`: who one is has changed, or holds no more. `code`: the server's refusal, or "". */
export interface Ending {
  readonly comeback: "stop" | "renew" | "now" | "retry";
  readonly code: string;
}

export interface WireEvents {
  /** Let in. `limits`: where the server says what one may use. */
  up(actor: Who, limits?: Limits): unknown;
  told(told: Told): unknown;
  /** Something may not have been told: ask from where you are. */
  behind(): unknown;
  /** What is no event (receipts, places in the queue) is not told, and is to be looked up now. */
  polled(): unknown;
  ended(ending: Ending): unknown;
}

export interface Wire {
  readonly kind: "socket" | "http";
  ask(name: CommandName, form: object, key?: string): Promise<unknown>;
  /** A part of what was missed, as `feed.open` answers it. */
  page(from: OpenFeed): Promise<FeedPage>;
  /** Tells what happens from `position` on, which grows with what is told. */
  follow(position: () => string | null): void;
  /** Whether the server is still there: to be found out now. */
  check(): void;
  close(): void;
}

/** Where Kefu is, and as whom one comes. */
export interface Whose {
  /** `https://chat.example.com`. */
  readonly url: string;
  readonly token?: string;
  readonly widget?: string;
  /** Tabs of the same name are the same person's. */
  readonly name: string;
}

export type MakeWire = (ports: Ports, whose: Whose, events: WireEvents) => Wire;
