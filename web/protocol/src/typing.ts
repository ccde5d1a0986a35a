/**
 * Who types now.
 *
 * Rules: pure; times are the caller's milliseconds. Typing is told again every few seconds, and is
 * over when it is not, or when the message is there.
 */
import { filtered, isSame } from "./immutable";
import type { Person, Typing } from "./types";

/** Who does not type on is forgotten after this. */
export const TYPING_MS = 6_000;

export interface Typist {
  readonly person: Person;
  /** What was typed so far, if that is shown. */
  readonly text: string;
  /** It becomes a note. */
  readonly internal: boolean;
  readonly until_ms: number;
}

export type Typists = readonly Typist[];

export function hearTyping(typing: Typists, signal: Typing, nowMs: number): Typists {
  const { person, text = "", internal = false } = signal;
  return [...stopTyping(typing, person), { person, text, internal, until_ms: nowMs + TYPING_MS }];
}

export function stopTyping(typing: Typists, person: Person): Typists {
  return filtered(typing, (one) => !isSame(one.person, person));
}

/** Forgets who has not typed any more. */
export function stillTyping(typing: Typists, nowMs: number): Typists {
  return filtered(typing, (one) => one.until_ms > nowMs);
}
