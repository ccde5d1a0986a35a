/**
 * A list's filter and order in its address, both ways, so that a list can be passed on.
 *
 * Rules: pure. `?status=open,pending&inbox=3&assignee=me&tag=vip&priority=3&waiting=yes&unread=me&sort=waiting`.
 * A value that means nothing is left out, as is what is not asked. The team is the route's own.
 */
import { type Filter, SORTS, type Sort, STATUSES } from "./views";

const ID = /^[1-9]\d{0,14}$/;

export function readFilter(query: URLSearchParams): Filter {
  const status = (query.get("status") ?? "").split(",");
  const known = STATUSES.filter((one) => status.includes(one));
  const inbox = idIn(query.get("inbox"));
  const assignee = query.get("assignee");
  const who = assignee === "me" || assignee === "none" ? assignee : idIn(assignee);
  const tag = query.get("tag");
  const priority = ([1, 2, 3, 4] as const).find((one) => String(one) === query.get("priority"));
  const unread = (["me", "team"] as const).find((one) => one === query.get("unread"));
  return {
    ...(known.length && { status: known }),
    ...(inbox && { inbox }),
    ...(who && { assignee: who }),
    ...(tag && { tag }),
    ...(priority && { priority }),
    ...(query.get("waiting") === "yes" && { waiting: true }),
    ...(unread && { unread }),
    ...(query.get("mentioned") === "yes" && { mentioned: true }),
  };
}

export function filterFields(filter: Filter = {}): Readonly<Record<string, string | null>> {
  const { status = [], inbox, assignee, tag, priority, waiting, unread, mentioned } = filter;
  return {
    status: status.join(",") || null,
    inbox: inbox ? String(inbox) : null,
    assignee: assignee ? String(assignee) : null,
    tag: tag ?? null,
    priority: priority ? String(priority) : null,
    waiting: waiting ? "yes" : null,
    unread: unread ?? null,
    mentioned: mentioned ? "yes" : null,
  };
}

export function readSort(query: URLSearchParams): Sort | null {
  return SORTS.find((one) => one === query.get("sort")) ?? null;
}

export function isEmpty(filter: Filter): boolean {
  return Object.values(filterFields(filter)).every((one) => one === null);
}

function idIn(text: string | null): number | null {
  return text && ID.test(text) ? Number(text) : null;
}
