/**
 * Which conversations a list shows, and in which order.
 *
 * Rules: pure. Mine are those that one has; the queue is whoever waits for somebody; all is everything
 * that is not resolved. A filter's states count in place of the list's own; all else of it must hold, too.
 * An offer stands above the list and not in it. A row that matches no more stays where it is until it is
 * left.
 */
import type { Conversation, ConversationFilter, Sort as ServerSort, Status } from "protocol";

export const VIEWS = ["mine", "queue", "all", "mentions", "snoozed", "resolved"] as const;
export type View = (typeof VIEWS)[number];

export type Sort = ServerSort;
export const SORTS: readonly Sort[] = ["newest", "waiting", "priority"];

/** A list as it is shown; `filter` has the team, too. */
export interface List {
  readonly view: View;
  readonly filter: Filter;
  readonly sort: Sort;
}

export type Filter = ConversationFilter;
export const NO_FILTER: Filter = {};
export const STATUSES: readonly Status[] = ["queued", "open", "pending", "snoozed", "resolved"];

/** What only the one who looks can say of a conversation. */
export interface Seeing {
  readonly me: number;
  readonly unreadOf: UnreadOf;
  /** A note in it names them. */
  readonly isMentioned: (id: number) => boolean;
}

/** How much of a conversation one has not read. */
export type UnreadOf = (one: Conversation) => number;

const LIVE = STATUSES.filter((one) => one !== "resolved");
const STATUS: Readonly<Record<View, readonly Status[]>> = {
  mine: ["open"],
  queue: ["queued"],
  all: LIVE,
  mentions: STATUSES,
  snoozed: ["snoozed"],
  resolved: ["resolved"],
};

export function isIn(view: View, one: Conversation, me: number): boolean {
  return STATUS[view].includes(statusOf(one)) && (view !== "mine" || isHeld(one, me));
}

/** Whether a list shows it under a filter. */
export function isShown(view: View, filter: Filter, one: Conversation, seeing: Seeing): boolean {
  const { status, ...rest } = filter;
  const states = status?.length ? status : STATUS[view];
  return (
    states.includes(statusOf(one)) &&
    (view !== "mine" || isHeld(one, seeing.me)) &&
    (view !== "mentions" || seeing.isMentioned(one.id)) &&
    passes(rest, one, seeing)
  );
}

/** The list and its filter as one, as a saved view keeps it and the server is asked for it. */
export function wholeOf(view: View, filter: Filter): Filter {
  const own: Filter = {
    ...(view !== "all" && view !== "mentions" && { status: STATUS[view] }),
    ...(view === "mine" && { assignee: "me" as const }),
    ...(view === "mentions" && { mentioned: true }),
  };
  return { ...own, ...filter };
}

/** What one follows has nothing of it, or not all: the server is asked. */
export function isFarther(view: View, { status, mentioned }: Filter): boolean {
  const states = status?.length ? status : STATUS[view];
  return states.includes("resolved") || view === "mentions" || mentioned === true;
}

function statusOf({ status }: Conversation): Status {
  return status ?? "open";
}

function isHeld(one: Conversation, me: number): boolean {
  return isMine(one, me) && !(one.offered && one.status === "open");
}

/** Given to somebody who has not accepted it yet. */
export function isOfferTo(one: Conversation, me: number): boolean {
  return isMine(one, me) && one.status === "open" && one.offered === true;
}

export function isMine({ assignee }: Conversation, me: number): boolean {
  return assignee?.id === me && assignee.role !== "visitor";
}

function passes(filter: Filter, one: Conversation, { me, unreadOf, isMentioned }: Seeing): boolean {
  const { inbox, team, tag, priority, waiting, unread, assignee, mentioned } = filter;
  return (
    (inbox === undefined || one.inbox === inbox) &&
    (team === undefined || one.team === team) &&
    (tag === undefined || (one.tags ?? []).includes(tag)) &&
    (priority === undefined || (one.priority ?? 0) >= priority) &&
    (!waiting || one.waiting_since !== undefined) &&
    (unread !== "me" || unreadOf(one) > 0) &&
    (unread !== "team" || (one.unread ?? 0) > 0) &&
    (!mentioned || isMentioned(one.id)) &&
    (assignee === undefined || isWith(one, assignee, me))
  );
}

function isWith(one: Conversation, wanted: number | "me" | "none", me: number): boolean {
  const { assignee } = one;
  if (wanted === "none") {
    return assignee === undefined;
  }
  const id = wanted === "me" ? me : wanted;
  return assignee?.id === id && assignee.role !== "visitor";
}

/** Who waits stands first by how long they have; the most urgent before them, if that is asked. */
export function sorted(all: readonly Conversation[], sort: Sort): readonly Conversation[] {
  const by = { newest: byNewest, waiting: byWaiting, priority: byPriority }[sort];
  return [...all].sort(by);
}

function byNewest(a: Conversation, b: Conversation): number {
  return compare(b.updated_at, a.updated_at) || b.id - a.id;
}

function byPriority(a: Conversation, b: Conversation): number {
  return (b.priority ?? 0) - (a.priority ?? 0) || byWaiting(a, b);
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

/** How many live conversations there are of each team, and with each tag. */
export interface Places {
  readonly teams: ReadonlyMap<number, number>;
  readonly tags: ReadonlyMap<string, number>;
}

export function placesOf(all: readonly Conversation[]): Places {
  const teams = new Map<number, number>();
  const tags = new Map<string, number>();
  for (const { team, tags: own = [], status } of all) {
    if (status !== "resolved") {
      if (team !== undefined) {
        teams.set(team, (teams.get(team) ?? 0) + 1);
      }
      for (const tag of own) {
        tags.set(tag, (tags.get(tag) ?? 0) + 1);
      }
    }
  }
  return { teams, tags };
}
