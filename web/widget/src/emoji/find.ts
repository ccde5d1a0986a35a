/** Emoji by name. Pure. */

export type Names = Readonly<Record<string, readonly string[]>>;

export interface Emoji {
  readonly sign: string;
  readonly name: string;
  /** Its name and what else it goes by, in small letters. */
  readonly words: string;
}

export interface Group {
  readonly name: string;
  readonly emoji: readonly Emoji[];
}

/** Each line of `names`: the sign, its name, and other words, between bars. */
export function groupsOf(names: Names): readonly Group[] {
  return Object.entries(names).map(([name, lines]) => ({ name, emoji: lines.map(read) }));
}

/** Those that have every word that was written, or a word that begins so; the plainest come first. */
export function find(groups: readonly Group[], asked: string): readonly Emoji[] {
  const parts = asked.toLowerCase().split(/\s+/).filter(Boolean);
  const fits = ({ words }: Emoji) => parts.every((part) => words.includes(part));
  const found = groups.flatMap(({ emoji }) => emoji).filter(fits);
  return found
    .map((one) => ({ one, rank: rankOf(one, parts[0] ?? "") }))
    .sort((a, b) => a.rank - b.rank)
    .map(({ one }) => one);
}

/** A whole word is better than the beginning of one, a name better than another word for it. */
function rankOf({ name, words }: Emoji, part: string): number {
  const all = words.split(/[|\s]/);
  const isNamed = name.toLowerCase().includes(part) ? 0 : 1;
  return isNamed + (all.includes(part) ? 0 : 2) + (all.some((one) => one.startsWith(part)) ? 0 : 4);
}

function read(line: string): Emoji {
  const [sign = "", name = ""] = line.split("|");
  return { sign, name, words: line.toLowerCase() };
}
