/**
 * Which conversations a list shows, and in which order.
 *
 * Rules: pure. Mine are those that one has; the queue is whoever waits for somebody; all is everything
 * that is not resolved. An offer stands above the list and not in it. A row that matches no more stays
 * where it is until it is left.
 */
import type { Conversation } from "protocol";

export const VIEWS = ["mine", "queue", "all", "snoozed"] as const;
export type View = (typeof VIEWS)[number];

export const SORTS = ["newest", "oldest", "waiting"] as const;
export type Sort = (typeof SORTS)[number];

/** How much of a conversation one has not read. */
export type UnreadOf = (one: Conversation) => number;

export interface Filter {
  readonly isUnread: boolean;
  /** null: any. */
  readonly inbox: number | null;
  readonly team: number | null;
}

export const NO_FILTER: Filter = { isUnread: false, inbox: null, team: null };

export function isIn(view: View, one: Conversation, me: number): boolean {
  switch (view) {
    case "mine":
      return isMine(one, me) && one.status === "open" && !one.offered;
    case "queue":
      return one.status === "queued";
    case "all":
      return one.status !== "resolved";
    case "snoozed":
      return one.status === "snoozed";
  }
}

/** Given to somebody who has not accepted it yet. */
export function isOfferTo(one: Conversation, me: number): boolean {
  return isMine(one, me) && one.status === "open" && one.offered === true;
}

export function isMine({ assignee }: Conversation, me: number): boolean {
  return assignee?.id === me && assignee.role !== "visitor";
}

export function passes(
  { isUnread, inbox, team }: Filter,
  one: Conversation,
  unreadOf: UnreadOf,
): boolean {
  return (
    (!isUnread || unreadOf(one) > 0) &&
    (inbox === null || one.inbox === inbox) &&
    (team === null || one.team === team)
  );
}

/** Those who wait stand first by how long they have; the others by what was said last. */
export function sorted(all: readonly Conversation[], sort: Sort): readonly Conversation[] {
  const by = { newest: byNewest, oldest: byOldest, waiting: byWaiting }[sort];
  return [...all].sort(by);
}

function byNewest(a: Conversation, b: Conversation): number {
  return compare(b.updated_at, a.updated_at) || b.id - a.id;
}

function byOldest(a: Conversation, b: Conversation): number {
  return compare(a.updated_at, b.updated_at) || a.id - b.id;
}

function byWaiting(a: Conversation, b: Conversation): number {
  if (a.waiting_since && b.waiting_since) {
    return compare(a.waiting_since, b.waiting_since) || a.id - b.id;
  }
  return Number(!a.waiting_since) - Number(!b.waiting_since) || byNewest(a, b);
}

function compare(a: string, b: string): number {
  return a === b ? 0 : a < b ? -1 : 1;
}

/** Puts the row that is open where it was, if it matches no more. */
export function withOpen(
  ids: readonly number[],
  before: readonly number[],
  open: number | null,
): readonly number[] {
  const at = open === null ? -1 : before.indexOf(open);
  if (open === null || at < 0 || ids.includes(open)) {
    return ids;
  }
  return [...ids.slice(0, at), open, ...ids.slice(at)];
}

export interface Counts {
  readonly mine: number;
  readonly queue: number;
  readonly all: number;
  readonly snoozed: number;
  /** To oneself, not answered yet. */
  readonly offers: number;
  /** Of mine, those in which one has not read something oneself. */
  readonly unread: number;
}

export function countOf(all: readonly Conversation[], me: number, unreadOf: UnreadOf): Counts {
  let [mine, queue, open, snoozed, offers, unread] = [0, 0, 0, 0, 0, 0];
  for (const one of all) {
    const isOne = isIn("mine", one, me);
    mine += Number(isOne);
    queue += Number(isIn("queue", one, me));
    open += Number(isIn("all", one, me));
    snoozed += Number(isIn("snoozed", one, me));
    offers += Number(isOfferTo(one, me));
    unread += Number(isOne && unreadOf(one) > 0);
  }
  return { mine, queue, all: open, snoozed, offers, unread };
}
