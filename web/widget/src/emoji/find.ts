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

/** Those of which every word that was written begins, or is in, a word; names count first. */
export function find(groups: readonly Group[], asked: string): readonly Emoji[] {
  const parts = asked.toLowerCase().split(/\s+/).filter(Boolean);
  const fits = ({ words }: Emoji) => parts.every((part) => words.includes(part));
  const found = groups.flatMap(({ emoji }) => emoji).filter(fits);
  const rank = ({ name }: Emoji) => (name.toLowerCase().includes(parts[0] ?? "") ? 0 : 1);
  return [...found].sort((a, b) => rank(a) - rank(b));
}

function read(line: string): Emoji {
  const [sign = "", name = ""] = line.split("|");
  return { sign, name, words: line.toLowerCase() };
}
