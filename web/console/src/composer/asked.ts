/**
 * What is asked for by a sign in the text: `/` a canned response, `@` a colleague, `{{` a variable, `:` an
 * emoji. Pure.
 *
 * Rules: a `/` counts at a word's beginning alone, so that addresses and "and/or" ask nothing; an `@` not
 * after a Latin letter or a digit, where it is an e-mail address; a `:` at a word's beginning, before two letters or a Chinese one. The signs of Chinese input methods,
 * which give `、` for the key of `/`, count too.
 */
import type { Mode } from "../store/drafts";

export interface Asked {
  readonly what: "canned" | "mention" | "variable" | "emoji";
  /** Where the sign stands. */
  readonly from: number;
  /** Where the caret is. */
  readonly to: number;
  readonly query: string;
}

const CANNED = /(?:^|\s)([/／]|(?<=^|\n)、)([^\s/／]{0,64})$/u;
const MENTION = /(?:^|[^A-Za-z0-9._%+-])([@＠])([^\s@＠]{0,64})$/u;
const VARIABLE = /(\{\{)\s*([\w.]{0,64})$/u;
/** Of one Latin letter there are too many, and `:D` is none of ours. */
const EMOJI = /(?:^|\s)([:：])([a-z][\w+-]{1,31}|\p{Script=Han}{1,16})$/u;

const SIGNS = [
  ["canned", CANNED],
  ["mention", MENTION],
  ["variable", VARIABLE],
  ["emoji", EMOJI],
] as const;

/** null: nothing is asked for at the caret. */
export function askedAt(text: string, caret: number, mode: Mode): Asked | null {
  const before = text.slice(0, Math.max(0, caret));
  for (const [what, sign] of SIGNS) {
    const found = what === "mention" && mode !== "note" ? null : sign.exec(before);
    if (found) {
      const [whole, mark = "", query = ""] = found;
      return { what, from: found.index + whole.indexOf(mark), to: before.length, query };
    }
  }
  return null;
}
