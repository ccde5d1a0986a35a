/**
 * What of many things is meant by a few typed letters, and in which order. Pure.
 *
 * Rules: every word must be found: in the name, in what it is called in another language, or at the
 * beginning of a word that stands beside it. Letters count without case, width and accents, so `wis` finds Wiśniewska and `ｒｅ`
 * Resolve. A name that begins so comes first, then a word that does, then what was used last.
 */

export interface Findable {
  readonly id: string;
  readonly label: string;
  /** What else it is called. */
  readonly also?: readonly string[];
  /** What stands beside it. */
  readonly about?: string;
}

export interface Piece {
  readonly text: string;
  readonly isHit: boolean;
}

/** Without it, the beginning of a word. */
const IDEOGRAPH = /\p{Script=Han}|\p{Script=Hiragana}|\p{Script=Katakana}|\p{Script=Hangul}/u;
const LETTER = /[\p{L}\p{N}]/u;
const MARKS = /\p{M}/gu;

/** Places from the best on; what is found nowhere has none. */
const [BEGINS, WORD_BEGINS, INSIDE, ELSEWHERE, BESIDE] = [0, 1, 3, 5, 8];

export function fold(text: string): string {
  return text.normalize("NFKD").replace(MARKS, "").toLowerCase();
}

export function wordsOf(query: string): readonly string[] {
  return fold(query).split(/\s+/).filter(Boolean);
}

/** How well it is meant, 0 the best; null: not at all. */
export function rankOf({ label, also = [], about = "" }: Findable, words: readonly string[]) {
  const name = fold(label);
  const names = also.map(fold);
  const beside = fold(about);
  let sum = 0;
  for (const word of words) {
    const inName = placeIn(name, word);
    const others = names.flatMap((one) => placeIn(one, word) ?? []);
    const inOther = others.length ? ELSEWHERE + Math.min(...others) / 10 : null;
    const isBeside = (placeIn(beside, word) ?? INSIDE) < INSIDE;
    const place = inName ?? inOther ?? (isBeside ? BESIDE : null);
    if (place === null) {
      return null;
    }
    sum += place;
  }
  return sum;
}

/** Those that are meant, the best first. `recent`: ids, what was used last first. */
export function found<T extends Findable>(
  all: readonly T[],
  words: readonly string[],
  recent: readonly string[],
): readonly { readonly one: T; readonly rank: number }[] {
  const age = (one: T) => {
    const at = recent.indexOf(one.id);
    return at < 0 ? recent.length : at;
  };
  return all
    .flatMap((one) => {
      const rank = rankOf(one, words);
      return rank === null ? [] : [{ one, rank }];
    })
    .sort((a, b) => a.rank - b.rank || age(a.one) - age(b.one));
}

/** The label in pieces, those marked that were looked for. */
export function piecesOf(label: string, words: readonly string[]): readonly Piece[] {
  const chars = [...label];
  const hits = hitsIn(chars, words);
  const pieces: { text: string; isHit: boolean }[] = [];
  for (const [index, char] of chars.entries()) {
    const isHit = hits.has(index);
    const last = pieces.at(-1);
    if (last?.isHit === isHit) {
      last.text += char;
    } else {
      pieces.push({ text: char, isHit });
    }
  }
  return pieces;
}

/** The places of the characters that were looked for: the first hit of each word. */
function hitsIn(chars: readonly string[], words: readonly string[]): ReadonlySet<number> {
  // A character may be folded to several, so each of these knows where it comes from.
  const folded = chars.flatMap((char, index) => [...fold(char)].map((one) => ({ one, index })));
  const text = folded.map(({ one }) => one).join("");
  return new Set(
    words.flatMap((word) => {
      const at = text.indexOf(word);
      const from = [...text.slice(0, Math.max(0, at))].length;
      const hits = at < 0 ? [] : folded.slice(from, from + [...word].length);
      return hits.map(({ index }) => index);
    }),
  );
}

function placeIn(name: string, word: string): number | null {
  let at = name.indexOf(word);
  if (at < 0) {
    return null;
  }
  if (at === 0) {
    return BEGINS;
  }
  for (; at >= 0; at = name.indexOf(word, at + 1)) {
    const before = name.charAt(at - 1);
    if (!LETTER.test(before) || IDEOGRAPH.test(name.charAt(at))) {
      return WORD_BEGINS;
    }
  }
  return INSIDE;
}
