/**
 * What is asked for by a sign in the text: `/` a canned response, `@` a colleague. Pure.
 *
 * Rules: a `/` counts at a word's beginning alone, so that addresses and "and/or" ask nothing; an `@` not
 * after a Latin letter or a digit, where it is an e-mail address. The signs of Chinese input methods,
 * which give `、` for the key of `/`, count too.
 */
import type { Mode } from "../store/drafts";

export interface Asked {
  readonly what: "canned" | "mention";
  /** Where the sign stands. */
  readonly from: number;
  /** Where the caret is. */
  readonly to: number;
  readonly query: string;
}

const CANNED = /(?:^|\s)([/／]|(?<=^|\n)、)([^\s/／]{0,64})$/u;
const MENTION = /(?:^|[^A-Za-z0-9._%+-])([@＠])([^\s@＠]{0,64})$/u;

/** null: nothing is asked for at the caret. */
export function askedAt(text: string, caret: number, mode: Mode): Asked | null {
  const before = text.slice(0, Math.max(0, caret));
  const canned = CANNED.exec(before);
  const found = canned ?? (mode === "note" ? MENTION.exec(before) : null);
  if (!found) {
    return null;
  }
  const query = found[2] ?? "";
  const what = canned ? "canned" : "mention";
  return { what, from: before.length - query.length - 1, to: before.length, query };
}
