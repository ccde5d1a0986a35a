/**
 * One conversation as a client has it: what it is, its messages, and what is on its way.
 *
 * Rules: pure; what changes nothing returns the same object. Events take effect in the order of
 * their numbers, each once: one that was heard before is ignored, one that comes too early is held
 * until what it follows (`prev`) is here, and `gap` says from where to ask again. What one asks from
 * is a `position`, so that a server that was put back to an earlier state says so.
 * Not here: the conversation's own rules (reducer), one's own sends (sending), sockets, the clock.
 */
import { filtered, isSame, merged, placed, without } from "./immutable";
import { applyEvent, applyReceipts, applyState, type Copy, type Side } from "./reducer";
import { arrived, type Sending, sent } from "./sending";
import type { Conversation, ConversationPage, Event, Message, Person, Sent, Signal } from "./types";
import { hearTyping, stillTyping, stopTyping, type Typists } from "./typing";

export interface Thread extends Copy {
  readonly side: Side;
  readonly me: Person;
  /** Messages, notes and activities as they stand now, by number; without holes from the first. */
  readonly messages: readonly Message[];
  readonly sending: readonly Sending[];
  readonly typing: Typists;
  /** In the queue; null: not known, or not in it. */
  readonly position: number | null;
  /** Somebody takes from the queue now, as was told with the place. */
  readonly staffed: boolean;
  /** Every event up to this number has taken effect. */
  readonly level: number;
  /** The mark of the entry with that number; null: not known. */
  readonly mark: string | null;
  /** The highest number that is known to exist. */
  readonly head: number;
  /** Events that came too early, by number. */
  readonly held: readonly Event[];
  /** Messages that were changed while the page that they are on was not here. */
  readonly apart: readonly Message[];
}

/** More events than these are not held: a replay brings them again. */
export const MOST_HELD = 200;
const MOST_APART = 500;

/**
 * A conversation and its newest messages. `mark`: of the entry `conversation.last_seq`.
 *
 * The messages are not older than `conversation`: read together with it or afterwards.
 */
export function openThread(
  reader: { readonly side: Side; readonly me: Person },
  conversation: Conversation,
  messages: readonly Message[] = [],
  mark: string | null = null,
): Thread {
  return {
    ...reader,
    conversation,
    ahead: null,
    messages: merged(messages, []),
    sending: [],
    typing: [],
    position: null,
    staffed: false,
    level: conversation.last_seq,
    mark,
    head: conversation.last_seq,
    held: [],
    apart: [],
  };
}

/** Begins afresh with what stands now, because the server cannot tell what was missed. */
export function reopen(
  { side, me, sending }: Thread,
  conversation: Conversation,
  messages: readonly Message[],
  mark: string | null = null,
): Thread {
  const fresh: Thread = { ...openThread({ side, me }, conversation, messages, mark), sending };
  return messages.reduce(arrived, fresh);
}

/** The number after which events are to be asked for; null: none is known to be missing. */
export function gap({ head, level }: Thread): number | null {
  return head > level ? level : null;
}

/** What one has, as `conversation.open` takes it: the number, and which entry it is. */
export function position({ level, mark }: Thread): { since: number; mark?: string } {
  return { since: level, ...(mark !== null && { mark }) };
}

/** The server stored a send: its number is there, though its event may have been lost. */
export function hearSent(thread: Thread, answer: Sent): Thread {
  return hearHead(sent(thread, answer), answer.seq);
}

/** The server says that the newest number is `head`, so that a lost end shows. */
export function hearHead(thread: Thread, head: number): Thread {
  return head > thread.head ? { ...thread, head } : thread;
}

/** An event, live or of a replay, in whatever order. */
export function hearEvent(thread: Thread, event: Event): Thread {
  if (event.conversation !== thread.conversation.id || event.seq <= thread.level) {
    return thread;
  }
  return event.prev > thread.level ? hold(thread, event) : release(take(thread, event));
}

/**
 * What `conversation.open` answered to `since`: events after that number, and the state of now.
 *
 * The page is complete up to its `seq`, even where its last event has a lower number.
 */
export function hearPage(thread: Thread, since: number, page: ConversationPage): Thread {
  if (since > thread.level || page.conversation.id !== thread.conversation.id) {
    return thread;
  }
  const told = (page.events ?? []).reduce(hearEvent, hearState(thread, page.conversation));
  const level = Math.max(told.level, page.seq);
  const mark = page.seq < told.level ? told.mark : page.mark || null;
  return release({
    ...told,
    level,
    mark,
    head: Math.max(told.head, level, page.conversation.last_seq),
  });
}

/** A state that a command answered; events may have overtaken it. */
export function hearState(thread: Thread, state: Conversation): Thread {
  return withCopy(thread, applyState(thread, state, thread.side));
}

/** A signal, heard at `nowMs`. */
export function hearSignal(thread: Thread, signal: Signal, nowMs: number): Thread {
  if (!("conversation" in signal) || signal.conversation !== thread.conversation.id) {
    return thread;
  }
  switch (signal.on) {
    case "receipts":
      return withCopy(thread, applyReceipts(thread, signal, thread.side));
    case "queue.position":
      return { ...thread, position: signal.position, staffed: signal.staffed ?? false };
    case "typing": // unless it is oneself, in another window
      return isSame(signal.person, thread.me)
        ? thread
        : { ...thread, typing: hearTyping(thread.typing, signal, nowMs) };
    default:
      return thread; // the list's
  }
}

/** Forgets who has not typed any more. */
export function expireTyping(thread: Thread, nowMs: number): Thread {
  const typing = stillTyping(thread.typing, nowMs);
  return typing === thread.typing ? thread : { ...thread, typing };
}

/** Another page of messages, older than what is here. What is here already is newer. */
export function addMessages(thread: Thread, page: readonly Message[]): Thread {
  const here = new Set(thread.messages.map(({ seq }) => seq));
  const changed = new Map(thread.apart.map((message) => [message.seq, message]));
  const others = page
    .filter(({ seq }) => !here.has(seq))
    .map((message) => changed.get(message.seq) ?? message);
  if (!others.length) {
    return thread;
  }
  const added = new Set(others.map(({ seq }) => seq));
  const apart = filtered(thread.apart, ({ seq }) => !added.has(seq));
  return { ...thread, messages: merged(thread.messages, others), apart };
}

function hold(thread: Thread, event: Event): Thread {
  if (thread.held.some(({ seq }) => seq === event.seq)) {
    return thread;
  }
  const held = [...thread.held, event].sort((a, b) => a.seq - b.seq).slice(0, MOST_HELD);
  return { ...thread, head: Math.max(thread.head, event.seq), held };
}

/** Lets those take effect that were held for what is here now. */
function release(thread: Thread): Thread {
  const { held } = thread;
  let now = thread;
  let count = 0;
  for (const event of held) {
    if (event.prev > now.level) {
      break;
    }
    count += 1;
    now = event.seq > now.level ? take(now, event) : now;
  }
  return count ? { ...now, held: held.slice(count) } : now;
}

function take(thread: Thread, event: Event): Thread {
  const reached: Thread = {
    ...withCopy(thread, applyEvent(thread, event, thread.side)),
    level: event.seq,
    mark: markOf(event.cursor),
    head: Math.max(thread.head, event.seq),
  };
  const { message } = event;
  const renamed = message?.activity?.what === "renamed" ? message.activity.agent : undefined;
  return rename(message ? show(reached, message) : reached, renamed);
}

function markOf(cursor: string): string {
  return cursor.slice(0, cursor.lastIndexOf("-"));
}

function withCopy(thread: Thread, { conversation, ahead }: Copy): Thread {
  if (conversation === thread.conversation && ahead === thread.ahead) {
    return thread;
  }
  const position = conversation.status === "queued" ? thread.position : null;
  const { contact } = conversation;
  return rename({ ...thread, conversation, ahead, position }, contact);
}

/**
 * Messages show people as they are called now. A conversation has one contact, so whoever wrote as
 * a visitor is that one, also after two were merged.
 */
function rename(thread: Thread, now: Person | undefined): Thread {
  const isOld = ({ sender }: Message) =>
    now !== undefined &&
    sender.role === now.role &&
    (now.role === "visitor" || sender.id === now.id) &&
    !(sender.id === now.id && sender.name === now.name);
  const renamed = (messages: readonly Message[]) =>
    now && messages.some(isOld)
      ? messages.map((one) => (isOld(one) ? { ...one, sender: now } : one))
      : messages;
  const { messages, apart } = thread;
  const after = { messages: renamed(messages), apart: renamed(apart) };
  return after.messages === messages && after.apart === apart ? thread : { ...thread, ...after };
}

/** Puts a message in its place, and takes away what announced it. */
function show(thread: Thread, message: Message): Thread {
  const first = thread.messages[0]?.seq ?? thread.level;
  if (message.seq < first) {
    const apart = [...without(thread.apart, message.seq), message].slice(-MOST_APART);
    return { ...thread, apart };
  }
  const isNew = message.seq === thread.level;
  return arrived(
    {
      ...thread,
      messages: placed(thread.messages, message),
      typing: isNew ? stopTyping(thread.typing, message.sender) : thread.typing,
    },
    message,
  );
}
