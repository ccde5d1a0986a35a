/** Who set which emoji at a message. Pure. */
import type { Person, PersonId, Reaction } from "protocol";

/** What is offered first; the picker has the others. */
export const LIKED = ["👍", "❤️", "😂", "🎉", "😮", "🙏"] as const;

/** The same emoji as one of these, if but its style is said otherwise. */
export function asLiked(sign: string): string {
  return LIKED.find((one) => bare(one) === bare(sign)) ?? sign;
}

function bare(sign: string): string {
  return sign.replaceAll("\ufe0f", "");
}

type Who = Pick<Person, "role" | "id">;

export function isSetBy({ people }: Reaction, who: Who): boolean {
  return people.some((one) => isSame(one, who));
}

/** As they are once `who` has set `emoji`, or taken it back; in the order in which they came. */
export function withReaction(
  all: readonly Reaction[],
  emoji: string,
  who: Who,
  isOn: boolean,
): readonly Reaction[] {
  const me: PersonId = { role: who.role, id: who.id ?? 0 };
  const before = all.find((one) => one.emoji === emoji) ?? { emoji, people: [] };
  const others = before.people.filter((one) => !isSame(one, who));
  const after = { emoji, people: isOn ? [...others, me] : others };
  const changed = all.includes(before)
    ? all.map((one) => (one === before ? after : one))
    : [...all, after];
  return changed.filter(({ people }) => people.length);
}

function isSame(one: PersonId, { role, id = 0 }: Who): boolean {
  return one.role === role && one.id === id;
}
