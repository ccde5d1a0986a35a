/**
 * The line under a name in the list.
 *
 * Rules: pure. What failed stands before what was begun, that before what is being typed, and that
 * before what was said last.
 */
import type { Unsent } from "client";
import type { Conversation, Person } from "protocol";
import { plain } from "shared/core/plain";
import type { Typist } from "../store/typists";

export type Preview =
  | { readonly kind: "failed" | "draft" | "live"; readonly text: string }
  | { readonly kind: "typing" }
  /** `isOurs`: the team said it, `sender` of it; null: oneself, just now. `what`: in place of words. */
  | {
      readonly kind: "said";
      readonly text: string;
      readonly isOurs: boolean;
      readonly sender: Person | null;
      readonly what: "words" | "file" | "deleted" | "more" | "nothing";
    };

export function previewOf(
  conversation: Conversation,
  unsent: readonly Unsent[],
  draft: string,
  typists: Iterable<Typist>,
): Preview {
  const failed = unsent.find(({ delivery }) => delivery === "failed" || delivery === "lost");
  if (failed) {
    return { kind: "failed", text: oneLine(failed.text) };
  }
  if (draft.trim()) {
    return { kind: "draft", text: oneLine(draft) };
  }
  const visitor = [...typists].find(({ person }) => person.role === "visitor");
  if (visitor) {
    return visitor.text ? { kind: "live", text: oneLine(visitor.text) } : { kind: "typing" };
  }
  return lastOf(conversation, unsent);
}

function lastOf({ last_message: last }: Conversation, unsent: readonly Unsent[]): Preview {
  const waiting = unsent.findLast(({ isNote }) => !isNote);
  if (waiting) {
    return { kind: "said", text: oneLine(waiting.text), isOurs: true, sender: null, what: "words" };
  }
  if (!last) {
    return { kind: "said", text: "", isOurs: false, sender: null, what: "nothing" };
  }
  const { sender } = last;
  const isOurs = sender.role === "agent" || sender.role === "bot";
  if (last.deleted_at) {
    return { kind: "said", text: "", isOurs, sender, what: "deleted" };
  }
  const text = oneLine(isOurs ? plain(last.text) : last.text);
  const file = last.files?.[0];
  const other = file ? "file" : "more";
  const what = text ? "words" : other;
  return { kind: "said", text: text || (file?.name ?? ""), isOurs, sender, what };
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, " ").trim();
}
