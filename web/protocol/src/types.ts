/**
 * The protocol's values, commands and error codes. Made of the server's own structs; do not edit.
 *
 * Times are RFC 3339 texts in UTC. A field that is left out has its default, which is null, 0, "",
 * false or empty unless its description says another.
 * To make it again: .venv/bin/python -m scripts.make_types
 */

/** What an event tells. */
export type EventName = "conversation.changed" | "message.added" | "message.changed";

/** Why something was refused. */
export type ErrorCode =
  | "bad_input"
  | "bad_name"
  | "conflict"
  | "expired"
  | "illegal_state"
  | "name_taken"
  | "not_allowed"
  | "not_found"
  | "too_large"
  | "too_many"
  | "unauthenticated"
  | "unavailable"
  | "unsafe_url";

/** What is told but never stored. */
export type Signal = Typing | ReceiptsChanged | Presence | QueuePosition;

/** What a message may hold beside its text. */
export type Block = Card | QuickReplies | Form;

/**
 * What happened to a conversation.
 *
 * `what`: assigned, queued, pending, snoozed, resolved, reopened, transferred, tagged,
 * prioritised, attributes, rated, began, left_email, identified, merged, accepted.
 * `values`: how or why (`how`, `reason`, `from`), or what has changed.
 */
export interface Activity {
  readonly what: string;
  readonly agent?: Person;
  readonly team?: number;
  readonly note?: string;
  readonly status?: Status;
  readonly until?: string;
  readonly values?: Readonly<Record<string, unknown>>;
}

/** One of the team. */
export interface AgentInfo {
  readonly id: number;
  readonly name: string;
  readonly role: AgentRole;
  readonly email?: string;
  /** Default: true. */
  readonly active?: boolean;
  /** Default: "offline". */
  readonly availability?: string;
  readonly connected?: boolean;
  /** Default: 5. */
  readonly chat_limit?: number;
  /** Default: []. */
  readonly skills?: readonly string[];
  /** Default: []. */
  readonly languages?: readonly string[];
  /** Default: []. */
  readonly teams?: readonly number[];
  /** Default: []. */
  readonly inboxes?: readonly number[];
}

/** What an agent is in the team; each may all that those before it may. */
export type AgentRole = "admin" | "agent" | "bot" | "supervisor";

/** What a message holds beside its text, as it is stored. */
export interface Body {
  /** Default: []. */
  readonly files?: readonly number[];
  readonly quote?: number;
  /** Default: []. */
  readonly blocks?: readonly Readonly<Record<string, unknown>>[];
  readonly answers?: Readonly<Record<string, unknown>>;
  /** Default: []. */
  readonly mentions?: readonly number[];
  readonly reactions?: Readonly<Record<string, readonly string[]>>;
}

/** A picture, a few words, and what can be done about them. `image_url`: https. */
export interface Card {
  readonly type: "card";
  readonly title: string;
  /** Markdown. */
  readonly text?: string;
  readonly image_url?: string;
  readonly image_alt?: string;
  /** Default: []. */
  readonly buttons?: readonly (LinkButton | ReplyButton)[];
}

/** A person outside the team. */
export interface Contact {
  readonly id: number;
  readonly name: string;
  readonly created_at: string;
  readonly verified?: boolean;
  readonly user_id?: string;
  readonly email?: string;
  readonly phone?: string;
  readonly locale?: string;
  readonly attributes?: Readonly<Record<string, unknown>>;
  /** Default: []. */
  readonly tags?: readonly string[];
  readonly blocked?: boolean;
  readonly seen_at?: string;
}

/** A conversation as it stands now. */
export interface Conversation {
  readonly id: number;
  readonly kind: Kind;
  readonly last_seq: number;
  readonly created_at: string;
  readonly updated_at: string;
  readonly inbox?: number;
  readonly status?: Status;
  readonly contact?: Person;
  readonly assignee?: Person;
  /** Default: []. */
  readonly members?: readonly Person[];
  readonly team?: number;
  readonly priority?: number;
  /** Default: []. */
  readonly tags?: readonly string[];
  readonly attributes?: Readonly<Record<string, unknown>>;
  readonly waiting_since?: string;
  readonly snoozed_until?: string;
  readonly offered?: boolean;
  readonly page?: string;
  readonly referrer?: string;
  readonly locale?: string;
  readonly rating?: number;
  readonly unread?: number;
  readonly contact_unread?: number;
  readonly last_public_seq?: number;
  readonly team_receipts?: Receipts;
  readonly contact_receipts?: Receipts;
  readonly last_message?: Message;
}

/** What an entry of the timeline is. */
export type Entry = "activity" | "delete" | "edit" | "message" | "note" | "reaction";

/**
 * Something that is stored and numbered, told to whoever may see it.
 *
 * `prev` is the number before it that the receiver may see: a client that has not got that one
 * has missed something and asks again. `message` and `state` are what changed, as it stands
 * now; `state.last_seq` tells up to which number `state` has everything in it. A message that
 * was added comes without a state. `cursor` grows over the whole store.
 */
export interface Event {
  readonly on: EventName;
  readonly cursor: string;
  readonly conversation: number;
  readonly seq: number;
  readonly prev: number;
  readonly private?: boolean;
  readonly message?: Message;
  readonly state?: Conversation;
}

/** One question of a form. `options` are for `select` and for nothing else. */
export interface Field {
  readonly name: string;
  readonly label: string;
  /** Default: "text". */
  readonly type?: "checkbox" | "email" | "number" | "phone" | "select" | "text" | "textarea";
  readonly required?: boolean;
  readonly placeholder?: string;
  /** Default: []. */
  readonly options?: readonly Option[];
}

/** A file of a message. `url` and `preview` are short-lived links. */
export interface FileInfo {
  readonly id: number;
  readonly name: string;
  readonly type: string;
  readonly size: number;
  readonly width?: number;
  readonly height?: number;
  readonly url?: string;
  readonly preview?: string;
}

/** Questions that are answered together. */
export interface Form {
  readonly type: "form";
  readonly fields: readonly Field[];
  readonly title?: string;
  readonly submit?: string;
}

/** One conversation. */
export interface GetConversation {
  /** An id. */
  readonly conversation: number;
}

/** Where a conversation comes from. */
export type Kind = "desk" | "direct" | "rooms";

/** Opens a page. `url`: http, https, mailto or tel. */
export interface LinkButton {
  readonly type: "link";
  readonly label: string;
  readonly url: string;
}

/** A page of a conversation's messages, notes and activities. */
export interface ListMessages {
  /** An id. */
  readonly conversation: number;
  /** A number in a conversation's timeline. */
  readonly after?: number;
  readonly before?: number | null;
  /** How many at most. Default: 100. */
  readonly limit?: number;
}

/** A message, note or activity, as it stands now. */
export interface Message {
  readonly conversation: number;
  readonly seq: number;
  readonly type: Entry;
  readonly sender: Person;
  readonly text: string;
  readonly at: string;
  readonly client_id?: string;
  /** Default: []. */
  readonly files?: readonly FileInfo[];
  readonly quote?: number;
  /** Default: []. */
  readonly blocks?: readonly Block[];
  readonly answers?: Readonly<Record<string, unknown>>;
  /** Default: []. */
  readonly mentions?: readonly number[];
  readonly reactions?: Readonly<Record<string, readonly string[]>>;
  readonly activity?: Activity;
  readonly edited_at?: string;
  readonly deleted_at?: string;
}

/** A part of a list; `next` is the cursor of the next part, left out if this is the last. */
export interface MessagePage {
  readonly items: readonly Message[];
  readonly next?: string;
}

/** One of several. `label` is shown, `value` is sent. */
export interface Option {
  readonly label: string;
  readonly value: string;
}

/** Who wrote or did something. `id`: of the agent or the contact; 0: nobody of the desk. */
export interface Person {
  readonly role: Role;
  readonly name: string;
  readonly id?: number;
}

/** Whether one of the team can be reached; for the team. */
export interface Presence {
  readonly on: "presence";
  readonly agent: number;
  readonly availability: string;
  readonly connected: boolean;
}

/** Where in the queue a visitor waits: 1 is next. */
export interface QueuePosition {
  readonly on: "queue.position";
  readonly conversation: number;
  readonly position: number;
}

/** Answers to pick from, under the message that asks. */
export interface QuickReplies {
  readonly type: "quick_replies";
  readonly options: readonly Option[];
}

/** Up to which number one side got and read the conversation. */
export interface Receipts {
  readonly delivered?: number;
  readonly read?: number;
}

/**
 * How far both sides got and read.
 *
 * The unread numbers are those of the time when the conversation's newest entry was `last_seq`:
 * whoever has not heard of that one yet must count what comes until then no more.
 */
export interface ReceiptsChanged {
  readonly on: "receipts";
  readonly conversation: number;
  readonly team: Receipts;
  readonly contact: Receipts;
  readonly team_unread?: number;
  readonly contact_unread?: number;
  readonly last_seq?: number;
  readonly last_public_seq?: number;
}

/** Sends `value` as the visitor's message. */
export interface ReplyButton {
  readonly type: "reply";
  readonly label: string;
  readonly value: string;
}

/** What somebody is in a conversation. */
export type Role = "agent" | "bot" | "peer" | "system" | "visitor";

/** Where a conversation stands. */
export type Status = "open" | "pending" | "queued" | "resolved" | "snoozed";

/** Somebody types; told again every few seconds, and over when it is not. `text`: so far. */
export interface Typing {
  readonly on: "typing";
  readonly conversation: number;
  readonly person: Person;
  readonly text?: string;
  readonly internal?: boolean;
}

/** Every command: what it takes and what it answers. */
export interface Commands {
  /** A conversation as it stands now. For visitors and the team. */
  readonly "conversation.get": {
    readonly form: GetConversation;
    readonly answer: Conversation;
  };
  /** Messages, notes and activities of a conversation, by number. For visitors and the team. */
  readonly "message.list": {
    readonly form: ListMessages;
    readonly answer: MessagePage;
  };
}

export type CommandName = keyof Commands;
