/**
 * What only the team is told beside conversations: what one has read oneself, mentions, who looks, which
 * contacts are here.
 *
 * Rules: pure; what changes nothing returns the same object. It begins with the last page of
 * `feed.open`, and goes on with signals. A mark grows, unless it was set back. Apart from the list,
 * since a widget needs none of it.
 * Not here: conversations (list), preferences, views and tags, which are kept as they are told.
 */
import type {
  ContactsHere,
  Conversation,
  FeedPage,
  MentionsChanged,
  Person,
  ReadMark,
  Signal,
} from "./types";

export interface Team {
  /** How far one has read oneself, by conversation. */
  readonly marks: ReadonlyMap<number, ReadMark>;
  /** How many notes name one that one has not read. */
  readonly mentions: number;
  /** Who of the team looks at which conversation. */
  readonly looking: ReadonlyMap<number, readonly Person[]>;
  /** Which contacts are here, by inbox. */
  readonly here: ReadonlyMap<number, ReadonlySet<number>>;
}

export function emptyTeam(): Team {
  return { marks: new Map(), mentions: 0, looking: new Map(), here: new Map() };
}

/** A part of what was missed; the last one tells all of this anew. */
export function hearPage(team: Team, page: FeedPage): Team {
  if (page.more) {
    return team;
  }
  const { marks = [], mentions = 0, looking = [], here = [] } = page;
  const anew = { ...team, mentions, looking: new Map(), here: new Map() };
  return here.reduce(hearHere, [...marks, ...looking].reduce(hearTold, anew));
}

/** A signal; what concerns other things changes nothing. */
export function hearSignal(team: Team, signal: Signal): Team {
  if (signal.on === "here") {
    return hearHere(team, signal);
  }
  return signal.on === "read" || signal.on === "looking" || signal.on === "mentions"
    ? hearTold(team, signal)
    : team;
}

/** How many messages of the contact one has not read oneself. */
export function unreadOf(team: Team, conversation: Conversation): number {
  const mark = team.marks.get(conversation.id);
  return mark
    ? Math.max(0, (conversation.contact_messages ?? 0) - (mark.messages ?? 0))
    : (conversation.unread ?? 0);
}

/** Whether whoever wrote is here now. In the tutorials' protocols a conversation ends when they leave. */
export function isHere(team: Team, { kind, status, inbox, contact }: Conversation): boolean {
  return kind === "rooms"
    ? status !== "resolved"
    : team.here.get(inbox ?? 0)?.has(contact?.id ?? 0) === true;
}

function hearHere(team: Team, { inbox, contacts = [], gone = [] }: ContactsHere): Team {
  const here = new Set([...(team.here.get(inbox) ?? []), ...contacts]);
  for (const one of gone) {
    here.delete(one);
  }
  return { ...team, here: new Map(team.here).set(inbox, here) };
}

type Told = Extract<Signal, { on: "read" | "looking" | "mentions" }>;

/** `on` is left out within a page: there the fields tell which it is. */
function hearTold(team: Team, told: Told | ReadMark | MentionsChanged): Team {
  if ("people" in told || told.on === "looking") {
    return { ...team, looking: new Map(team.looking).set(told.conversation, told.people ?? []) };
  }
  if (told.on === "mentions") {
    return { ...team, mentions: told.unread ?? 0 };
  }
  const known = team.marks.get(told.conversation);
  return isNewer(told, known)
    ? { ...team, marks: new Map(team.marks).set(told.conversation, told) }
    : team;
}

/** Of two marks that were set back equally often the further one. */
function isNewer({ read = 0, back = 0 }: ReadMark, known: ReadMark | undefined): boolean {
  const more = back - (known?.back ?? 0);
  return more > 0 || (more === 0 && read > (known?.read ?? 0));
}
