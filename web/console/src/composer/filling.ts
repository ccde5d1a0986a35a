/**
 * What the variables of a conversation stand for, and that they are filled in when one sends.
 *
 * Rules: a variable that nothing is known of is not sent unawares: it is told first, and sent as it
 * stands if one sends the same once more, since braces may also be meant.
 */
import type { Chat } from "client";
import { useMemo, useState } from "react";
import { useContact, useStore } from "../store/use";
import { fill, type Variable, variablesOf } from "./variables";

const NONE = {};

/** `isNeeded`: only then the contact is read. */
export function useVariables({ id }: Chat, isNeeded: boolean): readonly Variable[] {
  const person = useStore((store) => store.conversation(id)?.contact?.id);
  const contact = useContact(isNeeded ? person : undefined);
  const agent = useStore((store) => store.me.name);
  const inbox = useStore(
    (store) => store.directory.inboxes.get(store.conversation(id)?.inbox ?? 0)?.name ?? "",
  );
  return useMemo(
    () =>
      variablesOf({
        contact: contact?.name ?? "",
        agent,
        conversation: id,
        inbox,
        attributes: contact?.attributes ?? NONE,
      }),
    [contact, agent, id, inbox],
  );
}

export interface Filling {
  /** The variables that nothing is known of, once they are told; "": none. */
  readonly untold: string;
  /** The text to be sent; null: something is to be told first. */
  take(): string | null;
}

export function useFilling(chat: Chat, text: string): Filling {
  const [told, setTold] = useState<string | null>(null);
  const variables = useVariables(chat, text.includes("{{"));
  const filled = fill(text.trim(), variables);
  return {
    untold: told === text ? filled.unknown.join(" ") : "",
    take: () => {
      if (filled.unknown.length && told !== text) {
        setTold(text);
        return null;
      }
      return filled.text;
    },
  };
}
