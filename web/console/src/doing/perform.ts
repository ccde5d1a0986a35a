/**
 * Does something to conversations: to one at once, to many in parts, and says what came of it.
 *
 * Rules: one is shown as it will be before the server has answered. Of many each is done or refused by
 * itself; what was refused is said, with the first reason. What can be taken back can be for some seconds.
 */
import { Unanswered } from "client/wire";
import type { CommandName, Commands, Conversation } from "protocol";
import type { Store } from "../store/store";
import type { TextKey, Values } from "../texts/texts";
import { type Doing, patchOf, tagsAfter, undosOf } from "./doing";

/** So many at a time; the server takes up to 100. */
const PART = 50;

export interface Told {
  /** What is said when it is done; null: nothing. */
  readonly done?: { readonly key: TextKey; readonly values?: Values } | null;
  readonly onProgress?: (done: number) => void;
}

/** How many were done. */
export async function perform(
  store: Store,
  ids: readonly number[],
  doing: Doing,
  { done, onProgress }: Told = {},
): Promise<number> {
  const before = ids.flatMap((id) => store.conversation(id) ?? []);
  const undos = undosOf(before, doing);
  const refused = new Map<number, string>();
  const refuse = (id: number, reason: string) => refused.set(id, reason);
  if (ids.length === 1 || doing.do === "pending") {
    for (const one of before) {
      await doOne(store, one, doing, refuse);
    }
  } else {
    for (let at = 0; at < ids.length; at += PART) {
      await doMany(store, ids.slice(at, at + PART), doing, refuse);
      onProgress?.(Math.min(ids.length, at + PART));
    }
  }
  const count = ids.length - refused.size;
  if (count && done !== null) {
    const said = done ?? { key: `list:done.${doing.do}` as const, values: { count } };
    const undo = () => {
      for (const one of undos) {
        const own = one.ids.filter((id) => !refused.has(id));
        if (own.length) {
          void perform(store, own, one.doing, { done: null });
        }
      }
    };
    store.toasts.show({ ...said, ...(undos.length && { undo }) });
  }
  if (refused.size) {
    const reason = [...refused.values()][0] ?? "";
    const values = { count: refused.size, reason };
    store.toasts.show({ key: "list:done.refused", values, isFault: true });
  }
  return count;
}

type Refuse = (id: number, reason: string) => void;

async function doOne(store: Store, one: Conversation, doing: Doing, refuse: Refuse): Promise<void> {
  const patch = patchOf(one, doing, store.me, store.directory.agents);
  const [name, form] = commandOf(one, doing);
  try {
    await store.client.change(one.id, patch, name, form);
  } catch (error) {
    refuse(one.id, reasonOf(error));
  }
}

async function doMany(
  store: Store,
  conversations: readonly number[],
  act: Exclude<Doing, { readonly do: "pending" }>,
  refuse: Refuse,
): Promise<void> {
  try {
    const { results } = await store.client.call("conversation.bulk", { conversations, act });
    for (const { conversation, error } of results) {
      if (error) {
        refuse(conversation, error.message);
      }
    }
  } catch (error) {
    for (const id of conversations) {
      refuse(id, reasonOf(error));
    }
  }
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Unanswered)) {
    throw error;
  }
  return error.message;
}

/** The command of one conversation, which answers how it stands then. */
function commandOf(one: Conversation, doing: Doing): Command {
  const conversation = one.id;
  switch (doing.do) {
    case "assign": {
      const { agent, team } = doing;
      const to = { ...(agent && { agent }), ...(team && { team }) };
      return command("conversation.assign", { conversation, ...to });
    }
    case "tag": {
      const tags = tagsAfter(one.tags ?? [], doing.add, doing.remove);
      return command("conversation.set_tags", { conversation, tags });
    }
    case "priority":
      return command("conversation.set_priority", { conversation, priority: doing.priority });
    case "snooze":
      return command("conversation.set_status", {
        conversation,
        status: "snoozed",
        ...(doing.until && { until: doing.until }),
      });
    case "read":
      return command("conversation.read", { conversation, seq: one.last_seq });
    case "unread":
      return command("conversation.unread", { conversation });
    default:
      return command("conversation.set_status", { conversation, status: STATUS[doing.do] });
  }
}

const STATUS = { resolve: "resolved", reopen: "open", pending: "pending" } as const;

type Command = readonly [CommandName, Commands[CommandName]["form"]];

function command<Name extends CommandName>(name: Name, form: Commands[Name]["form"]): Command {
  return [name, form];
}
