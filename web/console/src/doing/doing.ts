/**
 * What can be done to one conversation or to many: how it looks at once, and what takes it back.
 *
 * Rules: pure. What takes it back is made of how a conversation stood before, so each may need another;
 * null: nothing can, or nothing has changed. Who was in a queue of no team is not put back into it.
 */
import type { BulkConversations, Conversation, Person } from "protocol";

export type Doing = BulkConversations["act"] | { readonly do: "pending" };

export function undoOf(one: Conversation, doing: Doing): Doing | null {
  switch (doing.do) {
    case "assign":
      return holderOf(one);
    case "tag": {
      const tags = one.tags ?? [];
      const add = (doing.remove ?? []).filter((tag) => tags.includes(tag));
      const remove = (doing.add ?? []).filter((tag) => !tags.includes(tag));
      return add.length || remove.length ? { do: "tag", add, remove } : null;
    }
    case "priority": {
      const priority = priorityOf(one);
      return priority === doing.priority ? null : { do: "priority", priority };
    }
    case "unread":
      return { do: "read" };
    case "read":
      return null;
    default:
      return statusOf(one);
  }
}

function statusOf(one: Conversation): Doing | null {
  switch (one.status) {
    case "open":
      return { do: "reopen" };
    case "pending":
      return { do: "pending" };
    case "snoozed":
      return { do: "snooze", ...(one.snoozed_until && { until: one.snoozed_until }) };
    case "resolved":
      return { do: "resolve" };
    default:
      return holderOf(one);
  }
}

/** As it was given: to an agent, of a team perhaps, or to a team's queue. */
function holderOf({ assignee, team }: Conversation): Doing | null {
  const agent = assignee?.role === "agent" ? assignee.id : undefined;
  const given = { ...(agent !== undefined && { agent }), ...(team !== undefined && { team }) };
  return agent === undefined && team === undefined ? null : { do: "assign", ...given };
}

export function priorityOf({ priority = 0 }: Conversation): 0 | 1 | 2 | 3 | 4 {
  return ([4, 3, 2, 1] as const).find((one) => one === priority) ?? 0;
}

/** How it looks before the server has answered. `people`: colleagues by id. */
export function patchOf(
  one: Conversation,
  doing: Doing,
  me: Person,
  people: ReadonlyMap<number, { readonly name: string }>,
): Partial<Conversation> {
  switch (doing.do) {
    case "assign": {
      const { agent: id, team } = doing;
      const name = id === me.id ? me.name : people.get(id ?? 0)?.name;
      return {
        ...(team && { team }),
        ...(id && name && { assignee: { role: "agent", id, name } }),
        status: id && id === me.id ? "open" : (one.status ?? "open"),
      };
    }
    case "tag":
      return { tags: tagsAfter(one.tags ?? [], doing.add, doing.remove) };
    case "priority":
      return { priority: doing.priority };
    case "snooze":
      return { status: "snoozed", ...(doing.until && { snoozed_until: doing.until }) };
    case "resolve":
      return { status: "resolved" };
    case "reopen":
      return { status: "open" };
    case "pending":
      return { status: "pending" };
    case "read":
    case "unread":
      return {};
  }
}

export function tagsAfter(
  tags: readonly string[],
  add: readonly string[] = [],
  remove: readonly string[] = [],
): readonly string[] {
  return [...new Set([...tags, ...add])].filter((tag) => !remove.includes(tag));
}

/** Those that are undone by the same are undone together. */
export function undosOf(
  all: readonly Conversation[],
  doing: Doing,
): readonly { readonly doing: Doing; readonly ids: readonly number[] }[] {
  const found = new Map<string, { readonly doing: Doing; readonly ids: number[] }>();
  for (const one of all) {
    const undo = undoOf(one, doing);
    const key = JSON.stringify(undo);
    const known = undo && (found.get(key) ?? { doing: undo, ids: [] });
    if (known) {
      known.ids.push(one.id);
      found.set(key, known);
    }
  }
  return [...found.values()];
}
