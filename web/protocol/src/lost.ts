/**
 * One's own words that the server had and has no more, because it was put back to an earlier state.
 *
 * Rules: pure; what was kept may be anything, and what is not of this form is none. A store that was
 * put back has lost an end of what it had, so whatever was said after something that is still there,
 * and is not there itself, is lost. What was taken away at the other end, by age, is not. Lost words
 * stay beside the thread until their writer sends them again or drops them; nothing does it for them.
 * Not here: where words are kept, and how many pages are read to find them (the caller).
 */
import { isSame } from "./immutable";
import type { Sending } from "./sending";
import { position, type Thread } from "./thread";
import type { Message, Person } from "./types";

/** Something of one's own that the server stored, under `seq`. */
export interface Word {
  readonly client_id: string;
  readonly text: string;
  readonly at: string;
  readonly seq: number;
}

/**
 * What one knows of a conversation, as it is kept over a reload: one's own words, and how far one
 * had heard (`position` of thread), by which the server tells whether anything is lost.
 */
export interface Known {
  readonly conversation: number;
  readonly since: number;
  readonly mark?: string;
  readonly words: readonly Word[];
}

/** What became of them. `isSure`: no earlier page of the conversation can tell more. */
export interface Finding {
  readonly lost: readonly Word[];
  readonly isSure: boolean;
}

/** So many are kept, the newest. */
export const MOST_KEPT = 30;
/** Older ones are in any backup that is worth its name, and are no business of this browser's. */
export const KEPT_MS = 48 * 3_600_000;

/** What oneself said among `messages`, the oldest first. */
export function wordsOf(messages: readonly Message[], me: Person): readonly Word[] {
  const own = messages.flatMap(({ client_id, text, at, seq, type, sender, deleted_at }) => {
    const isOwn = type === "message" && isSame(sender, me) && !deleted_at;
    return isOwn && client_id && text ? [{ client_id, text, at, seq }] : [];
  });
  return own.slice(-MOST_KEPT);
}

/** Of a thread. */
export function knownOf(thread: Thread): Known {
  const { conversation, messages, me } = thread;
  return { conversation: conversation.id, ...position(thread), words: wordsOf(messages, me) };
}

/** The words that may be lost: all, or where the server has the entry one stood on, later ones. */
export function doubtful({ since, words }: Known, holds: boolean): readonly Word[] {
  return holds ? words.filter(({ seq }) => seq > since) : words;
}

/** What of `words` is not there any more. `messages`: the newest, all that the server has. */
export function findLost(
  words: readonly Word[],
  messages: readonly Message[],
  hasEarlier: boolean,
): Finding {
  const here = new Set(messages.map(({ client_id }) => client_id));
  const last = Math.max(0, ...words.filter((one) => here.has(one.client_id)).map(({ seq }) => seq));
  const first = messages[0]?.seq ?? (hasEarlier ? Number.POSITIVE_INFINITY : 1);
  const missing = words.filter(({ client_id, seq }) => !here.has(client_id) && seq > last);
  const lost = missing.filter(({ seq }) => seq >= first);
  return { lost, isSure: last > 0 || !hasEarlier || lost.length === missing.length };
}

/** Puts lost words among what is to be sent, where they wait for their writer. */
export function withLost<T extends { readonly sending: readonly Sending[] }>(
  thread: T,
  lost: readonly Word[],
): T {
  if (!lost.length) {
    return thread;
  }
  const ids = new Set(lost.map(({ client_id }) => client_id));
  const found = lost.map((word): Sending => ({ ...word, delivery: "lost" }));
  return {
    ...thread,
    sending: [...found, ...thread.sending.filter(({ client_id }) => !ids.has(client_id))],
  };
}

/** What of these, among what is to be sent, the server has answered to be stored. */
export function stored(sending: readonly Sending[]): readonly Word[] {
  return sending.flatMap(({ client_id, text, at, delivery, seq }) =>
    delivery === "sent" && seq !== undefined ? [{ client_id, text, at, seq }] : [],
  );
}

export function writtenKnown(known: Known): string {
  return JSON.stringify(known);
}

/** What was kept of `conversation`, without words that are too old at `nowMs`; null: nothing. */
export function readKnown(kept: string, conversation: number, nowMs: number): Known | null {
  const { conversation: of, since, mark, words } = parse(kept);
  if (of !== conversation || !Number.isSafeInteger(since) || !Array.isArray(words)) {
    return null;
  }
  const young = words.filter(isWord).filter(({ at }) => nowMs - Date.parse(at) < KEPT_MS);
  const isMarked = typeof mark === "string";
  return { conversation, since: since as number, ...(isMarked && { mark }), words: young };
}

function parse(kept: string): Partial<Record<keyof Known, unknown>> {
  try {
    return (JSON.parse(kept) as object | null) ?? {};
  } catch {
    return {};
  }
}

function isWord(value: unknown): value is Word {
  const { client_id, text, at, seq } = (value ?? {}) as Partial<Record<keyof Word, unknown>>;
  return [client_id, text, at].every((one) => typeof one === "string") && Number.isSafeInteger(seq);
}
