/**
 * What of all that changes is news for oneself, so that it is heard and seen.
 *
 * Rules: pure. It is read off what is so before and after, not off single events: what came while the
 * connection was lost is news once, whatever led to it. What stands when one comes is none, but an offer:
 * that still waits for an answer. Mentions are told by a signal of their own.
 */
import type { Conversation } from "protocol";
import { isIn, isOfferTo, type UnreadOf } from "../list/views";

export type Kind = "offer" | "given" | "message" | "mention";

export interface News {
  readonly kind: Kind;
  readonly conversation: number;
}

/** As much of what is one's own as is needed to tell what is new. */
export interface Own {
  readonly offers: ReadonlySet<number>;
  /** Of each chat that one has, how much of it one has not read. */
  readonly unread: ReadonlyMap<number, number>;
}

export function ownOf(all: readonly Conversation[], me: number, unreadOf: UnreadOf): Own {
  const offers = new Set<number>();
  const unread = new Map<number, number>();
  for (const one of all) {
    if (isOfferTo(one, me)) {
      offers.add(one.id);
    } else if (isIn("mine", one, me)) {
      unread.set(one.id, unreadOf(one));
    }
  }
  return { offers, unread };
}

/** `before`: null when one has just come. */
export function newsOf(before: Own | null, after: Own): readonly News[] {
  const offered = [...after.offers].filter((id) => !before?.offers.has(id));
  const news: News[] = offered.map((id) => ({ kind: "offer", conversation: id }));
  for (const [conversation, unread] of before ? after.unread : []) {
    const known = before?.unread.get(conversation);
    if (known === undefined) {
      if (!before?.offers.has(conversation)) {
        news.push({ kind: "given", conversation });
      }
    } else if (unread > known) {
      news.push({ kind: "message", conversation });
    }
  }
  return news;
}

/** What of them makes the sound, if several come at once: whatever presses most. */
export function loudestOf(kinds: readonly Kind[]): Kind | null {
  const byWeight = ["offer", "given", "mention", "message"] as const;
  return byWeight.find((one) => kinds.includes(one)) ?? null;
}

/** Which switch of the preferences it obeys. */
export function switchOf(kind: Kind): "offer" | "message" | "mention" {
  return kind === "given" ? "offer" : kind;
}
