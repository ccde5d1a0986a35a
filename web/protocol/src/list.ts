/**
 * All conversations that one follows, as a console or a widget lists them, under one cursor.
 *
 * Rules: pure; what changes nothing returns the same object. A list begins with what stands
 * (`conversations` of `feed.open`) and goes on with events. What follows something that is not here
 * is not guessed: the conversation becomes `stale`, and is to be fetched.
 * Not here: the conversation's own rules (reducer), messages (thread), order and filters on screen.
 */
import { applyEvent, applyReceipts, applyState, type Copy, type Side } from "./reducer";
import type { Conversation, Event, FeedPage, Presence, Signal } from "./types";

export interface List {
  readonly side: Side;
  readonly copies: ReadonlyMap<number, Copy>;
  /** Ids of conversations to be fetched (`conversation.get`, then `hearStates`). */
  readonly stale: ReadonlySet<number>;
  /** Of the team, by id, as far as it was told. */
  readonly presence: ReadonlyMap<number, Presence>;
  /** From where to go on after a break; null: from the beginning. */
  readonly cursor: string | null;
  /** Pages are still to come: until then events of now do not move the cursor. */
  readonly isBehind: boolean;
}

export function emptyList(side: Side): List {
  return {
    side,
    copies: new Map(),
    stale: new Set(),
    presence: new Map(),
    cursor: null,
    isBehind: true,
  };
}

/** The conversation as it stands; undefined: not in the list. */
export function conversationOf(list: List, id: number): Conversation | undefined {
  return list.copies.get(id)?.conversation;
}

/** A part of what stands or of what was missed: what `feed.open` or `event.list` answered. */
export function hearPage(list: List, page: FeedPage): List {
  const { conversations = [], events = [], receipts = [], more = false, cursor } = page;
  const stands = hearStates({ ...list, isBehind: true }, conversations);
  const level = receipts.reduce(hearSignal, events.reduce(hearEvent, stands));
  return { ...level, cursor, isBehind: more };
}

/** A heartbeat's cursor: everything up to there was sent. */
export function hearCursor(list: List, cursor: string): List {
  return list.isBehind || list.cursor === cursor ? list : { ...list, cursor };
}

/** States that were fetched; events may have overtaken them. */
export function hearStates(list: List, states: readonly Conversation[]): List {
  return states.reduce((known, state) => withCopy(known, stateOf(known, state)), list);
}

/** An event, live or of a replay. */
export function hearEvent(list: List, event: Event): List {
  const moved = list.isBehind ? list : { ...list, cursor: event.cursor };
  const copy = list.copies.get(event.conversation);
  if (event.state) {
    return withCopy(moved, stateOf(list, event.state));
  }
  if (!copy || event.prev > copy.conversation.last_seq) {
    return { ...moved, stale: new Set(list.stale).add(event.conversation) };
  }
  const next = applyEvent(copy, event, list.side);
  return next === copy ? moved : withCopy(moved, next);
}

/** A signal; what concerns one thread alone (typing, places) is not for the list. */
export function hearSignal(list: List, signal: Signal): List {
  if (signal.on === "presence") {
    return { ...list, presence: new Map(list.presence).set(signal.agent, signal) };
  }
  const copy = signal.on === "receipts" && list.copies.get(signal.conversation);
  return copy && signal.on === "receipts"
    ? withCopy(list, applyReceipts(copy, signal, list.side))
    : list;
}

function stateOf({ copies, side }: List, state: Conversation): Copy {
  const copy = copies.get(state.id);
  return copy ? applyState(copy, state, side) : { conversation: state, ahead: null };
}

function withCopy(list: List, copy: Copy): List {
  const { id } = copy.conversation;
  if (list.copies.get(id) === copy) {
    return list;
  }
  const stale = new Set(list.stale);
  stale.delete(id);
  return { ...list, copies: new Map(list.copies).set(id, copy), stale };
}
