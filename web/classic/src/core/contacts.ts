/**
 * The direct page's people: who is online, the conversation with each, what is unread.
 *
 * Rules: pure; a change returns a new value. Names are the identity, as in the protocol
 * (docs/protocol/direct.md).
 * Not here: sockets, the page, what becomes of one line (core/thread).
 */
import {
  append,
  confirm,
  failPending,
  type Line,
  oldestPending,
  refuseOldest,
  type Thread,
} from "./thread";

export interface Contacts {
  readonly me: string;
  readonly online: ReadonlySet<string>;
  /** Conversations by the other's name; the one spoken in last is last. */
  readonly threads: ReadonlyMap<string, Thread>;
  readonly unread: ReadonlyMap<string, number>;
  /** Whose conversation is open. */
  readonly open: string | null;
}

export interface Person {
  readonly name: string;
  readonly online: boolean;
  readonly unread: number;
  readonly lastText: string;
}

/** What the server's `message` event carries. */
export interface DirectMessage {
  readonly from: string;
  readonly to: string;
  readonly message: string;
  readonly self: boolean;
}

export function noContacts(me: string): Contacts {
  return { me, online: new Set(), threads: new Map(), unread: new Map(), open: null };
}

export function threadWith(contacts: Contacts, name: string): Thread {
  return contacts.threads.get(name) ?? [];
}

export function openThread(contacts: Contacts, name: string | null): Contacts {
  const unread = new Map(contacts.unread);
  if (name !== null) {
    unread.delete(name);
  }
  return { ...contacts, unread, open: name };
}

/** Takes a message of the server: the echo of one's own line, or another's. */
export function receive(
  contacts: Contacts,
  said: DirectMessage,
  id: number,
  atMs: number,
): Contacts {
  const other = said.self ? said.to : said.from;
  const thread = threadWith(contacts, other);
  const confirmed = said.self ? confirm(thread, said.message) : null;
  if (confirmed) {
    return withThread(contacts, other, confirmed);
  }
  const line: Line = {
    id,
    from: said.self ? "me" : "peer",
    sender: said.from,
    text: said.message,
    atMs,
    delivery: "sent",
  };
  const next = spokenIn(contacts, other, append(thread, line));
  if (said.self || contacts.open === other) {
    return next;
  }
  const unread = new Map(contacts.unread).set(other, (contacts.unread.get(other) ?? 0) + 1);
  return { ...next, unread };
}

export function sayTo(contacts: Contacts, name: string, line: Line): Contacts {
  return spokenIn(contacts, name, append(threadWith(contacts, name), line));
}

/** The server refused a message: in order, the oldest in any conversation without an echo. */
export function refuseOldestAnywhere(contacts: Contacts): Contacts {
  const waiting = [...contacts.threads]
    .map(([name, thread]) => ({ name, thread, id: oldestPending(thread)?.id ?? Infinity }))
    .reduce((a, b) => (b.id < a.id ? b : a), { name: "", thread: [] as Thread, id: Infinity });
  return waiting.id === Infinity
    ? contacts
    : withThread(contacts, waiting.name, refuseOldest(waiting.thread));
}

export function failAllPending(contacts: Contacts): Contacts {
  const threads = new Map([...contacts.threads].map(([name, t]) => [name, failPending(t)]));
  return { ...contacts, threads };
}

export function withThread(contacts: Contacts, name: string, thread: Thread): Contacts {
  return { ...contacts, threads: new Map(contacts.threads).set(name, thread) };
}

/** Everybody to show: conversations first, the latest on top, then who else is online, by name. */
export function people(contacts: Contacts, filter: string): Person[] {
  const wanted = filter.trim().toLocaleLowerCase();
  const spoken = [...contacts.threads.keys()].reverse();
  const others = [...contacts.online]
    .filter((name) => name !== contacts.me && !contacts.threads.has(name))
    .sort((a, b) => a.localeCompare(b));
  return [...spoken, ...others]
    .filter((name) => name.toLocaleLowerCase().includes(wanted))
    .map((name) => ({
      name,
      online: contacts.online.has(name),
      unread: contacts.unread.get(name) ?? 0,
      lastText: threadWith(contacts, name).at(-1)?.text ?? "",
    }));
}

function spokenIn(contacts: Contacts, name: string, thread: Thread): Contacts {
  const threads = new Map(contacts.threads);
  threads.delete(name);
  return { ...contacts, threads: threads.set(name, thread) };
}
