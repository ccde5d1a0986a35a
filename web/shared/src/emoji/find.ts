/** Emoji by name. Pure. */

export type Names = Readonly<Record<string, readonly string[]>>;

export interface Emoji {
  readonly sign: string;
  readonly name: string;
  /** Its name and what else it goes by, in small letters. */
  readonly words: readonly string[];
}

export interface Group {
  readonly name: string;
  readonly emoji: readonly Emoji[];
}

/** Each line of `names`: the sign, its name, and other words, between bars. */
export function groupsOf(names: Names): readonly Group[] {
  return Object.entries(names).map(([name, lines]) => ({ name, emoji: lines.map(read) }));
}

/** As `groups` has them, found by the words of another language as well. */
export function withWords(groups: readonly Group[], others: readonly Group[]): readonly Group[] {
  const words = new Map(
    others.flatMap(({ emoji }) => emoji.map((one) => [one.sign, one.words] as const)),
  );
  return groups.map(({ name, emoji }) => ({
    name,
    emoji: emoji.map((one) => ({ ...one, words: [...one.words, ...(words.get(one.sign) ?? [])] })),
  }));
}

/** Those that have every word that was written, or a word that begins so; the plainest come first. */
export function find(groups: readonly Group[], asked: string): readonly Emoji[] {
  const parts = asked.toLowerCase().split(/\s+/).filter(Boolean);
  const [first = ""] = parts;
  const fits = ({ words }: Emoji) => parts.every((part) => begin(words, part));
  return groups
    .flatMap(({ emoji }) => emoji)
    .filter(fits)
    .map((one) => ({ one, rank: rankOf(one, first) }))
    .sort((a, b) => a.rank - b.rank)
    .map(({ one }) => one);
}

/** A whole word is better than the beginning of one, a name better than another word for it. */
function rankOf({ name, words }: Emoji, part: string): number {
  return (words.includes(part) ? 0 : 2) + (begin(wordsOf(name), part) ? 0 : 1);
}

/** Chinese sets no spaces: a word may begin within another. */
function begin(words: readonly string[], part: string): boolean {
  const isHan = /\p{Script=Han}/u.test(part);
  return words.some((one) => (isHan ? one.includes(part) : one.startsWith(part)));
}

function read(line: string): Emoji {
  const [sign = "", name = "", ...others] = line.split("|");
  return { sign, name, words: [name, ...others].flatMap(wordsOf) };
}

function wordsOf(text: string): readonly string[] {
  return text.toLowerCase().split(/\s+/);
}
