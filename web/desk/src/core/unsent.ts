/**
 * What the browser keeps of a message until the server has it, so that a reload loses nothing.
 *
 * Rules: pure; what was kept may be anything, and what is not of this form is none. Ids are drawn by
 * the caller. The same id is sent again, which the server stores once, so two tabs that both send
 * what was kept do no harm.
 * Not here: keeping it (link/outbox), what becomes of it in the thread (protocol's sending).
 */
import type { Draft, ErrorCode, Sending } from "protocol";

export type Answers = Readonly<Record<string, string | number | boolean>>;

/** Where a message goes, and what goes with it. */
export interface Order {
  /** null: it begins a conversation, or follows the message that does. */
  readonly conversation: number | null;
  /** To the form before the chat. */
  readonly answers?: Answers;
  readonly email?: string;
  /** To what the inbox asks. */
  readonly consent?: boolean;
}

export interface Unsent extends Order {
  readonly sending: Sending;
  /** Its place: what was written later has a higher number, whatever the clock says. */
  readonly place: number;
}

export function written({ sending, ...more }: Unsent): string {
  return JSON.stringify({ ...sending, ...more });
}

/**
 * The kept message; null: it cannot be read. What was on its way is on its way again; what the
 * server had taken is looked for first (`lost`).
 */
export function readUnsent(kept: string): Unsent | null {
  const fields = parse(kept);
  if (!fields || !["client_id", "text", "at"].every((name) => typeof fields[name] === "string")) {
    return null;
  }
  const { client_id, text, at, conversation, place, answers, email, consent } = fields;
  const draft = { client_id, text, at } as Draft;
  return {
    sending: { ...draft, ...becameOf(fields) },
    conversation: Number.isSafeInteger(conversation) ? (conversation as number) : null,
    place: Number.isSafeInteger(place) ? (place as number) : 0,
    ...(typeof answers === "object" && answers !== null && { answers: answers as Answers }),
    ...(typeof email === "string" && { email }),
    ...(consent === true && { consent }),
  };
}

/** In the order in which they were written. */
export function inOrder(unsent: readonly Unsent[]): Unsent[] {
  return [...unsent].sort((a, b) => a.place - b.place);
}

/** The place of what is written after all these. */
export function nextPlace(unsent: readonly Pick<Unsent, "place">[]): number {
  return Math.max(0, ...unsent.map(({ place }) => place)) + 1;
}

function becameOf({ delivery, error, seq }: Record<string, unknown>): Omit<Sending, keyof Draft> {
  if (typeof error === "string") {
    return { delivery: "failed", error: error as ErrorCode };
  }
  const isStored = (delivery === "sent" || delivery === "lost") && Number.isSafeInteger(seq);
  return isStored ? { delivery, seq: seq as number } : { delivery: "pending" };
}

function parse(kept: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(kept);
    return typeof value === "object" && value !== null ? { ...value } : null;
  } catch {
    return null;
  }
}
