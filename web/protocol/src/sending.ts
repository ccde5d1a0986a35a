/**
 * What oneself says, shown before the server has it, and shown once.
 *
 * Rules: pure. A send has an id of one's own, `client_id`; it stays here until its message is among
 * the others, whichever comes first, the answer or the event. Without an answer it stays pending
 * and is sent again under the same id, which the server stores once.
 * Not here: when to send again (the caller's connection).
 */
import { filtered, isSame } from "./immutable";
import type { ErrorCode, Message, Person, Sent } from "./types";

export interface Sending {
  readonly client_id: string;
  readonly text: string;
  readonly at: string;
  /**
   * sent: the server has it, under `seq`. failed: it was refused; to be said again or dropped.
   * lost: the server had it, under `seq`, and has it no more (`lost`); to be said again or dropped.
   */
  readonly delivery: "pending" | "sent" | "failed" | "lost";
  readonly seq?: number;
  readonly error?: ErrorCode;
}

export type Draft = Pick<Sending, "client_id" | "text" | "at">;

/** What a thread says of oneself; `level`: up to which number its messages are here. */
interface Outbox {
  readonly me: Person;
  readonly level: number;
  readonly sending: readonly Sending[];
}

/** Shows a send; the same `client_id` again is another try of it. What was lost is said anew. */
export function send<T extends Outbox>(thread: T, draft: Draft): T {
  const sending: Sending = { ...draft, delivery: "pending" };
  const known = thread.sending.find(({ client_id }) => client_id === draft.client_id);
  if (known && known.delivery !== "lost") {
    return withSending(thread, draft.client_id, () => sending);
  }
  return { ...thread, sending: [...thread.sending.filter((one) => one !== known), sending] };
}

/** The server answered a send: it is stored. */
export function sent<T extends Outbox>(thread: T, { client_id, seq, at }: Sent): T {
  return seq <= thread.level
    ? discard(thread, client_id)
    : withSending(thread, client_id, (one) => ({ ...one, delivery: "sent", seq, at }));
}

/** The server refused a send for good. */
export function refused<T extends Outbox>(thread: T, clientId: string, error: ErrorCode): T {
  return withSending(thread, clientId, (one) => ({ ...one, delivery: "failed", error }));
}

/** Takes a send away: it was refused, or its message is here. */
export function discard<T extends Outbox>(thread: T, clientId: string): T {
  const sending = filtered(thread.sending, ({ client_id }) => client_id !== clientId);
  return sending === thread.sending ? thread : { ...thread, sending };
}

/** The message is among the others: what announced it goes. */
export function arrived<T extends Outbox>(thread: T, { client_id, sender }: Message): T {
  return client_id !== undefined && isSame(sender, thread.me) ? discard(thread, client_id) : thread;
}

function withSending<T extends Outbox>(
  thread: T,
  clientId: string,
  change: (one: Sending) => Sending,
): T {
  const sending = thread.sending.map((one) => (one.client_id === clientId ? change(one) : one));
  return { ...thread, sending };
}
