/**
 * What was told to oneself: chats given, woken and let pass, and notes that name one, the newest first.
 *
 * Rules: pure. Each is one thing that happened, by the number of its entry, however many tabs hear of it;
 * the newest hundred are kept. Who did it oneself is told nothing.
 */
import type { Activity, Event, Person } from "protocol";

export type ToldKind = "given" | "woken" | "missed" | "mention";

export interface Told {
  readonly kind: ToldKind;
  readonly conversation: number;
  /** The number of its entry. */
  readonly seq: number;
  readonly at: string;
  /** Who did it; "": nobody in particular. */
  readonly by: string;
  readonly isRead: boolean;
}

const MOST = 100;

/** null: it does not concern oneself. */
export function toldBy({ conversation, seq, message, state }: Event, me: number): Told | null {
  const { activity, sender, at } = message ?? {};
  if (!activity || !sender || !at || isOneself(sender, me)) {
    return null;
  }
  const kind = kindOf(activity, state?.assignee, me);
  const by = sender.role === "agent" || sender.role === "bot" ? sender.name : "";
  return kind && { kind, conversation, seq, at, by, isRead: false };
}

function kindOf(
  { what, agent, values }: Activity,
  assignee: Person | undefined,
  me: number,
): ToldKind | null {
  if (what === "assigned" || what === "transferred") {
    return agent?.id === me ? "given" : null;
  }
  if (what === "reopened") {
    return assignee && isOneself(assignee, me) ? "woken" : null;
  }
  return what === "queued" && values?.reason === "missed" && values.from === me ? "missed" : null;
}

const isOneself = ({ role, id }: Person, me: number) => role === "agent" && id === me;

/** The same list if it is known. */
export function withTold(all: readonly Told[], one: Told): readonly Told[] {
  const isKnown = all.some(
    ({ conversation, seq }) => conversation === one.conversation && seq === one.seq,
  );
  const sorted = () => [one, ...all].sort((a, b) => (a.at < b.at ? 1 : -1));
  return isKnown ? all : sorted().slice(0, MOST);
}

/** `isMeant`: which are read now. The same list if that changes nothing. */
export function withRead(all: readonly Told[], isMeant: (one: Told) => boolean): readonly Told[] {
  return all.some((one) => !one.isRead && isMeant(one))
    ? all.map((one) => (isMeant(one) ? { ...one, isRead: true } : one))
    : all;
}

export const unreadIn = (all: readonly Told[]): number =>
  all.filter(({ isRead }) => !isRead).length;
