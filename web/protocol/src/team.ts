/**
 * What only the team is told beside conversations: what one has read oneself, mentions, who looks.
 *
 * Rules: pure; what changes nothing returns the same object. It begins with the last page of
 * `feed.open`, and goes on with signals. Marks only grow. Apart from the list, since a widget needs
 * none of it.
 * Not here: conversations (list), preferences, views and tags, which are kept as they are told.
 */
import type { Conversation, FeedPage, MentionsChanged, Person, ReadMark, Signal } from "./types";

export interface Team {
  /** How far one has read oneself, by conversation. */
  readonly marks: ReadonlyMap<number, ReadMark>;
  /** How many notes name one that one has not read. */
  readonly mentions: number;
  /** Who of the team looks at which conversation. */
  readonly looking: ReadonlyMap<number, readonly Person[]>;
}

export function emptyTeam(): Team {
  return { marks: new Map(), mentions: 0, looking: new Map() };
}

/** A part of what was missed; the last one tells all of this anew. */
export function hearPage(team: Team, page: FeedPage): Team {
  if (page.more) {
    return team;
  }
  const { marks = [], mentions = 0, looking = [] } = page;
  return [...marks, ...looking].reduce(hearTold, { ...team, mentions, looking: new Map() });
}

/** A signal; what concerns other things changes nothing. */
export function hearSignal(team: Team, signal: Signal): Team {
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

type Told = Extract<Signal, { on: "read" | "looking" | "mentions" }>;

/** `on` is left out within a page: there the fields tell which it is. */
function hearTold(team: Team, told: Told | ReadMark | MentionsChanged): Team {
  if ("people" in told || told.on === "looking") {
    return { ...team, looking: new Map(team.looking).set(told.conversation, told.people ?? []) };
  }
  if (told.on === "mentions") {
    return { ...team, mentions: told.unread ?? 0 };
  }
  const known = team.marks.get(told.conversation)?.read ?? 0;
  return (told.read ?? 0) > known
    ? { ...team, marks: new Map(team.marks).set(told.conversation, told) }
    : team;
}
