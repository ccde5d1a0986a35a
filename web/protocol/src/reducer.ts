/**
 * What events and receipts do to a copy of a conversation: the rules of docs/protocol/realtime.md.
 *
 * Rules: pure; what changes nothing returns the same object. `last_seq` says up to which number
 * everything is in the copy, so a message counts once, however often and however late it is heard,
 * and an older state never replaces a newer one. Read marks only grow.
 * Not here: what was missed and messages (thread, list).
 */
import { isSame } from "./immutable";
import type { Conversation, Event, Message, Person, Receipts, ReceiptsChanged } from "./types";

/** Whose copy it is: what the other side wrote is unread. */
export type Side = "team" | "contact";

/** A copy of a conversation as its side sees it. */
export interface Copy {
  readonly conversation: Conversation;
  /** Receipts of a time that the copy has not reached: their unread numbers count from there. */
  readonly ahead: ReceiptsChanged | null;
}

type Draft = { -readonly [Key in keyof Conversation]: Conversation[Key] };

const SIDES: readonly Side[] = ["team", "contact"];
const RECEIPTS = { team: "team_receipts", contact: "contact_receipts" } as const;

/** Where the copy of a side has the unread number of each; a contact does not know the team's. */
const UNREAD = {
  team: { team: "unread", contact: "contact_unread" },
  contact: { team: null, contact: "unread" },
} as const;

/** The copy after `event`; nothing before it may be missing, unless it carries a state. */
export function applyEvent(copy: Copy, event: Event, side: Side): Copy {
  if (event.state) {
    return applyState(copy, event.state, side);
  }
  const known = copy.conversation;
  if (event.seq <= known.last_seq || !event.message) {
    return copy;
  }
  const conversation =
    event.on === "message.added"
      ? withMessage(known, event.message, side)
      : withChange(known, event.message, event.seq);
  return reach({ ...copy, conversation }, side);
}

/** The newer of the copy and of a state that was read or told. */
export function applyState(copy: Copy, state: Conversation, side: Side): Copy {
  const known = copy.conversation;
  if (state.last_seq < known.last_seq) {
    return copy;
  }
  const draft: Draft = { ...state };
  for (const of of SIDES) {
    // Marks are told apart from events: of each side the further ones stay, and what goes with it.
    const receipts = RECEIPTS[of];
    const unread = UNREAD[side][of];
    if (unread && readUpTo(known[receipts]) > readUpTo(state[receipts])) {
      draft[unread] = known[unread] ?? 0;
    }
    draft[receipts] = furthest(known[receipts], state[receipts]);
  }
  return reach({ ...copy, conversation: draft }, side);
}

/** The copy once it is known how far both sides got and read. */
export function applyReceipts(copy: Copy, signal: ReceiptsChanged, side: Side): Copy {
  const known = copy.conversation;
  const asOf = signal.last_seq ?? known.last_seq;
  const draft: Draft = { ...known };
  for (const of of SIDES) {
    const receipts = RECEIPTS[of];
    const unread = UNREAD[side][of];
    if (unread && asOf === known.last_seq && readUpTo(signal[of]) >= readUpTo(known[receipts])) {
      draft[unread] = signal[`${of}_unread`] ?? 0;
    }
    draft[receipts] = furthest(known[receipts], signal[of]);
  }
  const isAhead = asOf > known.last_seq && asOf >= (copy.ahead?.last_seq ?? 0);
  return { conversation: draft, ahead: isAhead ? signal : copy.ahead };
}

/** Takes the receipts that were ahead, if the copy has reached their time. */
function reach(copy: Copy, side: Side): Copy {
  const { ahead, conversation } = copy;
  if (!ahead || (ahead.last_seq ?? 0) > conversation.last_seq) {
    return copy;
  }
  return applyReceipts({ conversation, ahead: null }, ahead, side);
}

function withMessage(known: Conversation, message: Message, side: Side): Conversation {
  const draft: Draft = { ...known, last_seq: message.seq };
  if (side === "team") {
    draft.members = joined(known.members ?? [], message.sender);
  }
  if (message.type !== "message") {
    return draft; // a note
  }
  draft.last_message = message;
  draft.updated_at = message.at;
  const writer = sideOf(message.sender);
  if (side === "team") {
    draft.last_public_seq = message.seq;
    wait(draft, message, writer);
    if (writer === "contact") {
      draft.contact_messages = (known.contact_messages ?? 0) + 1;
    }
  }
  if (writer) {
    count(draft, message.seq, { writer, side });
  }
  return draft;
}

function withChange(known: Conversation, message: Message, seq: number): Conversation {
  const isLast = known.last_message?.seq === message.seq;
  return { ...known, last_seq: seq, ...(isLast && { last_message: message }) };
}

/** Since when the contact waits for an answer. */
function wait(draft: Draft, message: Message, writer: Side | null): void {
  if (writer === "contact") {
    draft.waiting_since ??= message.at;
  } else if (writer === "team") {
    delete draft.waiting_since;
  }
}

/** Whoever writes has read everything; the other side has one more to read. */
function count(draft: Draft, seq: number, { writer, side }: { writer: Side; side: Side }): void {
  for (const of of SIDES) {
    const receipts = RECEIPTS[of];
    const unread = UNREAD[side][of];
    if (of === writer) {
      draft[receipts] = furthest(draft[receipts], { delivered: seq, read: seq });
    }
    if (unread) {
      const more = seq > readUpTo(draft[receipts]) ? 1 : 0;
      draft[unread] = of === writer ? 0 : (draft[unread] ?? 0) + more;
    }
  }
}

function sideOf({ role }: Person): Side | null {
  if (role === "visitor") {
    return "contact";
  }
  return role === "agent" || role === "bot" ? "team" : null;
}

function joined(members: readonly Person[], one: Person): readonly Person[] {
  return one.role === "system" || members.some((member) => isSame(member, one))
    ? members
    : [...members, one];
}

function readUpTo(receipts: Receipts | undefined): number {
  return receipts?.read ?? 0;
}

function furthest(a: Receipts = {}, b: Receipts = {}): Receipts {
  return {
    delivered: Math.max(a.delivered ?? 0, b.delivered ?? 0),
    read: Math.max(a.read ?? 0, b.read ?? 0),
  };
}
