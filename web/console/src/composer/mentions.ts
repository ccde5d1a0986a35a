/**
 * Colleagues who are named in a note. Pure.
 *
 * Rules: whom the text names when it is sent is told, however the name came into it: taken from the list,
 * typed, or kept in a draft. Of two names of which one begins with the other the longer counts. Only who
 * may see the conversation can be named.
 */
import type { AgentInfo } from "protocol";

type Named = Pick<AgentInfo, "id" | "name" | "role" | "active" | "inboxes">;

/** Those who see conversations of an inbox, but oneself. */
export function colleagues<T extends Named>(
  agents: Iterable<T>,
  inbox: number | undefined,
  me: number | undefined,
): readonly T[] {
  return [...agents].filter(
    ({ id, active, role, inboxes = [] }) =>
      id !== me && active && (role === "admin" || (inbox !== undefined && inboxes.includes(inbox))),
  );
}

/** A name that begins so comes before one of which another word does, or which has it. */
export function findColleagues<T extends Named>(all: readonly T[], query: string): readonly T[] {
  const asked = query.normalize("NFKC").toLowerCase();
  const rankOf = ({ name }: T) => {
    const at = name.toLowerCase().indexOf(asked);
    return at < 0 ? 2 : at === 0 ? 0 : 1;
  };
  return all
    .map((one) => ({ one, rank: rankOf(one) }))
    .filter(({ rank }) => rank < 2)
    .sort((a, b) => a.rank - b.rank || a.one.name.localeCompare(b.one.name))
    .map(({ one }) => one);
}

/** The ids of those whom a text names. */
export function mentionedIn(text: string, all: readonly Named[]): readonly number[] {
  const longestFirst = [...all].sort((a, b) => b.name.length - a.name.length);
  const found = new Set<number>();
  for (const { 0: sign, index } of text.matchAll(/[@＠]/gu)) {
    const isAddress = /[A-Za-z0-9._%+-]/.test(text.charAt(index - 1));
    const rest = text.slice(index + sign.length);
    const named = isAddress ? undefined : longestFirst.find(({ name }) => beginsWith(rest, name));
    if (named) {
      found.add(named.id);
    }
  }
  return [...found];
}

/** `Mei` is not in `Meier`; Chinese sets no space after a name. */
function beginsWith(text: string, name: string): boolean {
  const isThere = text.slice(0, name.length).toLowerCase() === name.toLowerCase();
  return isThere && !/^[\p{Script=Latin}\p{N}]/u.test(text.slice(name.length));
}
