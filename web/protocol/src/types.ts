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

/** Use a link. `email` is for the set-up alone; `name` for that, or to join under. */
export interface AcceptLink {
  /** What stands behind the link's #. */
  readonly token: string;
  /** A password. */
  readonly password: string;
  readonly name?: string | null;
  readonly email?: string | null;
  readonly user_agent?: string;
}

/** What can be asked of `may`. */
export type Action =
  | "edit_canned"
  | "edit_contacts"
  | "end"
  | "handle"
  | "manage"
  | "manage_self"
  | "merge_contacts"
  | "moderate"
  | "note"
  | "rate"
  | "read"
  | "read_internal"
  | "send"
  | "serve_room"
  | "set_availability"
  | "start"
  | "supervise"
  | "take_over"
  | "use_desk"
  | "write";

/** Take an agent back. */
export interface Activate {
  /** An id. */
  readonly agent: number;
}

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

/** A part of a list; `next` is the cursor of the next part, left out if this is the last. */
export interface AgentInfoPage {
  readonly items: readonly AgentInfo[];
  readonly next?: string;
}

/** What an agent is in the team; each may all that those before it may. */
export type AgentRole = "admin" | "agent" | "bot" | "supervisor";

/** Something that was done. */
export interface AuditEntry {
  readonly id: number;
  readonly at: string;
  readonly actor: string;
  readonly act: string;
  readonly subject: string;
  readonly details?: Readonly<Record<string, unknown>>;
  readonly address?: string;
}

/** A part of a list; `next` is the cursor of the next part, left out if this is the last. */
export interface AuditEntryPage {
  readonly items: readonly AuditEntry[];
  readonly next?: string;
}

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

/** Take somebody into the team. `email`: of everybody but bots. */
export interface CreateAgent {
  readonly name: string;
  readonly email?: string | null;
  /** Default: "agent". */
  readonly role?: AgentRole;
  /** Default: []. */
  readonly skills?: readonly string[];
  /** Default: []. */
  readonly languages?: readonly string[];
  /** Open chats that are assigned. Default: 5. */
  readonly chat_limit?: number;
  /** Default: []. */
  readonly inboxes?: readonly number[];
}

/** A key for a machine. */
export interface CreateToken {
  /** What it is for. */
  readonly name: string;
  readonly scopes: readonly Scope[];
  /** Whom it acts as; the caller if left out. */
  readonly agent?: number | null;
  readonly expires_at?: string | null;
}

/** Let an agent go. */
export interface Deactivate {
  /** An id. */
  readonly agent: number;
}

/** A message or note whose content is to go. */
export interface DeleteMessage {
  /** An id. */
  readonly conversation: number;
  /** Number of the message. */
  readonly seq: number;
}

/** The command took effect; there is nothing more to say. */
export interface Done {
}

/** Another text for a message or note of one's own. */
export interface EditMessage {
  /** An id. */
  readonly conversation: number;
  /** Number of the message. */
  readonly seq: number;
  /** Markdown, kept as it is. */
  readonly text: string;
}

/** The visitor has no more to ask. */
export interface EndConversation {
  /** An id. */
  readonly conversation: number;
}

/** End the caller's other sessions. */
export interface EndOthers {
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

/** One agent. */
export interface GetAgent {
  /** An id. */
  readonly agent: number;
}

/** One conversation. */
export interface GetConversation {
  /** An id. */
  readonly conversation: number;
}

/** What a message said before. */
export interface GetHistory {
  /** An id. */
  readonly conversation: number;
  /** Number of the message. */
  readonly seq: number;
}

/** Who asks. */
export interface GetMe {
}

/** Where a conversation waits. */
export interface GetQueuePosition {
  /** An id. */
  readonly conversation: number;
}

/** The earlier texts of a message, the oldest first. */
export interface History {
  /** Default: []. */
  readonly versions?: readonly Version[];
}

/** Where a conversation comes from. */
export type Kind = "desk" | "direct" | "rooms";

/** Where an answer can be sent. */
export interface LeaveEmail {
  /** An id. */
  readonly conversation: number;
  readonly email: string;
}

/** Opens a page. `url`: http, https, mailto or tel. */
export interface LinkButton {
  readonly type: "link";
  readonly label: string;
  readonly url: string;
}

/** The team. */
export interface ListAgents {
}

/** A part of the audit trail, the newest first. */
export interface ListAudit {
  /** Only what is older than this one. */
  readonly before?: number | null;
  /** As it is told, e.g. "agent#3". */
  readonly actor?: string | null;
  /** What was done, e.g. "agent.update". */
  readonly act?: string | null;
  /** To what, e.g. "agent#5". */
  readonly subject?: string | null;
  /** How many at most. Default: 100. */
  readonly limit?: number;
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

/** The caller's sessions. */
export interface ListSessions {
}

/** API tokens. */
export interface ListTokens {
  /** Whose; the caller's own if left out. */
  readonly agent?: number | null;
}

/** Sign in. */
export interface Login {
  readonly email: string;
  /** A password. */
  readonly password: string;
  /** What this browser is, for the list. */
  readonly user_agent?: string;
}

/** End this session. */
export interface Logout {
}

/** Everything up to a number has arrived. */
export interface MarkDelivered {
  /** An id. */
  readonly conversation: number;
  /** A number in a conversation's timeline. */
  readonly seq: number;
}

/** Everything up to a number was read. */
export interface MarkRead {
  /** An id. */
  readonly conversation: number;
  /** A number in a conversation's timeline. */
  readonly seq: number;
}

/** Who the caller is, and what they may do somewhere at least. One of the first two is there. */
export interface Me {
  readonly agent?: AgentInfo;
  readonly visitor?: VisitorInfo;
  readonly session?: number;
  readonly scopes?: readonly Scope[];
  /** Default: []. */
  readonly may?: readonly Action[];
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

/** Who was taken in. `link`: where they choose their password; a bot has none. */
export interface NewAgent {
  readonly agent: AgentInfo;
  readonly link?: OneTimeLink;
}

/** A new API token. `secret` is told this once; send it as a bearer token. */
export interface NewToken {
  readonly token: TokenInfo;
  readonly secret: string;
}

/** A way in for whoever has it, told this once. `path`: of a page of this server. */
export interface OneTimeLink {
  readonly path: string;
  readonly expires_at: string;
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

/** `position`: 1 is next; left out, it does not wait. */
export interface QueuePlace {
  readonly position?: number;
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

/** How it was, in the visitor's eyes. */
export interface Rate {
  /** An id. */
  readonly conversation: number;
  /** 5 is best. */
  readonly score: number;
  readonly comment?: string;
}

/** An emoji at a message, or none any more. */
export interface React {
  /** An id. */
  readonly conversation: number;
  /** Number of the message. */
  readonly seq: number;
  readonly emoji: string;
  /** False takes it back. Default: true. */
  readonly on?: boolean;
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

/** A link for an agent to choose a new password. */
export interface ResetLink {
  /** An id. */
  readonly agent: number;
}

/** End an API token. */
export interface RevokeToken {
  /** An id. */
  readonly token: number;
}

/** What somebody is in a conversation. */
export type Role = "agent" | "bot" | "peer" | "system" | "visitor";

/** What an API token may be used for; a session may all that its agent may. */
export type Scope = "admin" | "read" | "write";

/** A message for everybody in the conversation. Text, files, blocks or answers: something. */
export interface SendMessage {
  /** An id. */
  readonly conversation: number;
  /** Your own id of this send: a repeat under the same id is stored once. */
  readonly client_id: string;
  /** Markdown, kept as it is. */
  readonly text?: string;
  /** Uploaded files. Default: []. */
  readonly files?: readonly number[];
  readonly quote?: number | null;
  /** Cards, quick replies, a form; of agents. Default: []. */
  readonly blocks?: readonly (Card | QuickReplies | Form)[];
  /** To the form of the message in `quote`. */
  readonly answers?: Readonly<Record<string, string | number | number | boolean | null>> | null;
}

/** A message that is stored. A repeat gets the first one's answer. */
export interface Sent {
  readonly conversation: number;
  readonly seq: number;
  readonly at: string;
  readonly client_id: string;
}

/** A signed-in browser. */
export interface SessionInfo {
  readonly id: number;
  readonly created_at: string;
  readonly seen_at: string;
  readonly expires_at: string;
  readonly address?: string;
  readonly user_agent?: string;
  readonly current?: boolean;
}

/** A part of a list; `next` is the cursor of the next part, left out if this is the last. */
export interface SessionInfoPage {
  readonly items: readonly SessionInfo[];
  readonly next?: string;
}

/** Change one's own password. */
export interface SetPassword {
  /** A password. */
  readonly old: string;
  /** A password. */
  readonly password: string;
}

/** The actor types, now. */
export interface ShowTyping {
  /** An id. */
  readonly conversation: number;
  /** What a visitor has typed so far, for the team. */
  readonly text?: string | null;
  /** It is a note: for the team alone. */
  readonly internal?: boolean;
}

/** A new session. `token` is told this once; send it as a bearer token. */
export interface SignedIn {
  readonly token: string;
  readonly expires_at: string;
  readonly agent: AgentInfo;
}

/** A first message, answers to the inbox's form, or both. */
export interface StartConversation {
  /** Your own id of this send: a repeat under the same id is stored once. */
  readonly client_id: string;
  /** Markdown, kept as it is. */
  readonly text?: string;
  /** To the form that the inbox asks. */
  readonly answers?: Readonly<Record<string, string | number | number | boolean | null>> | null;
  /** Uploaded files. Default: []. */
  readonly files?: readonly number[];
  /** Where an answer can be sent. */
  readonly email?: string | null;
  /** Where the visitor is. */
  readonly page?: string | null;
  /** Where the visitor came from. */
  readonly referrer?: string | null;
  /** BCP 47, such as `zh-CN`. */
  readonly locale?: string | null;
}

/** The conversation with its first message. `contact`: who the visitor is from now on. */
export interface Started {
  readonly conversation: Conversation;
  readonly message: Message;
  readonly contact: number;
}

/** Where a conversation stands. */
export type Status = "open" | "pending" | "queued" | "resolved" | "snoozed";

/** An API token, but for its secret. */
export interface TokenInfo {
  readonly id: number;
  readonly agent: number;
  readonly name: string;
  readonly scopes: readonly Scope[];
  readonly created_at: string;
  readonly expires_at?: string;
  readonly used_at?: string;
}

/** A part of a list; `next` is the cursor of the next part, left out if this is the last. */
export interface TokenInfoPage {
  readonly items: readonly TokenInfo[];
  readonly next?: string;
}

/** Somebody types; told again every few seconds, and over when it is not. `text`: so far. */
export interface Typing {
  readonly on: "typing";
  readonly conversation: number;
  readonly person: Person;
  readonly text?: string;
  readonly internal?: boolean;
}

/** Change an agent; what is left out stays as it is. */
export interface UpdateAgent {
  /** An id. */
  readonly agent: number;
  readonly name?: string | null;
  readonly email?: string | null;
  readonly role?: AgentRole | null;
  readonly skills?: readonly string[] | null;
  readonly languages?: readonly string[] | null;
  readonly chat_limit?: number | null;
  readonly inboxes?: readonly number[] | null;
}

/** What a message said until it was edited. */
export interface Version {
  readonly text: string;
  readonly until: string;
}

/** A visitor, as they may know themselves. `id`: 0 before the first message. */
export interface VisitorInfo {
  readonly id: number;
  readonly inbox: number;
  readonly name?: string;
  readonly verified?: boolean;
}

/** A message that only the team sees. */
export interface WriteNote {
  /** An id. */
  readonly conversation: number;
  /** Your own id of this send: a repeat under the same id is stored once. */
  readonly client_id: string;
  /** Markdown, kept as it is. */
  readonly text: string;
  /** Uploaded files. Default: []. */
  readonly files?: readonly number[];
  readonly quote?: number | null;
  /** Agents who are to look at it. Default: []. */
  readonly mentions?: readonly number[];
}

/** Every command: what it takes and what it answers. */
export interface Commands {
  /** Take an agent back, as they were; they sign in anew. For the team. */
  readonly "agent.activate": {
    readonly form: Activate;
    readonly answer: AgentInfo;
  };
  /**
   * Take somebody into the team, and get a link for them to choose their password. For the team.
   */
  readonly "agent.create": {
    readonly form: CreateAgent;
    readonly answer: NewAgent;
  };
  /**
   * Let an agent go: their connections and sessions end, their open chats are queued again. For the team.
   */
  readonly "agent.deactivate": {
    readonly form: Deactivate;
    readonly answer: AgentInfo;
  };
  /** One agent. For the team. */
  readonly "agent.get": {
    readonly form: GetAgent;
    readonly answer: AgentInfo;
  };
  /** The team, those who left included. Only admins see the others' addresses. For the team. */
  readonly "agent.list": {
    readonly form: ListAgents;
    readonly answer: AgentInfoPage;
  };
  /**
   * Get a link for an agent to choose a new password; until it is used the old one holds. For the team.
   */
  readonly "agent.reset_link": {
    readonly form: ResetLink;
    readonly answer: OneTimeLink;
  };
  /** Change one's own password; the caller's other sessions end. For the team. */
  readonly "agent.set_password": {
    readonly form: SetPassword;
    readonly answer: Done;
  };
  /** Change an agent. For the team. */
  readonly "agent.update": {
    readonly form: UpdateAgent;
    readonly answer: AgentInfo;
  };
  /** The audit trail, the newest first; `next` is the `before` of the next page. For the team. */
  readonly "audit.list": {
    readonly form: ListAudit;
    readonly answer: AuditEntryPage;
  };
  /** Leave an e-mail address, to be told of an answer. For visitors. */
  readonly "contact.leave_email": {
    readonly form: LeaveEmail;
    readonly answer: Done;
  };
  /**
   * Say up to which number the actor's side has got everything; never goes back. For visitors and the team.
   */
  readonly "conversation.delivered": {
    readonly form: MarkDelivered;
    readonly answer: Done;
  };
  /** End a conversation as its visitor; to end what is over changes nothing. For visitors. */
  readonly "conversation.end": {
    readonly form: EndConversation;
    readonly answer: Conversation;
  };
  /** A conversation as it stands now. For visitors and the team. */
  readonly "conversation.get": {
    readonly form: GetConversation;
    readonly answer: Conversation;
  };
  /** Where in the queue a conversation waits. For visitors and the team. */
  readonly "conversation.queue_position": {
    readonly form: GetQueuePosition;
    readonly answer: QueuePlace;
  };
  /** Rate a conversation, or change the rating while that is still allowed. For visitors. */
  readonly "conversation.rate": {
    readonly form: Rate;
    readonly answer: Conversation;
  };
  /**
   * Say up to which number the actor's side has read; never goes back. For visitors and the team.
   */
  readonly "conversation.read": {
    readonly form: MarkRead;
    readonly answer: Done;
  };
  /** Begin a conversation; a repeat under the same `client_id` begins none. For visitors. */
  readonly "conversation.start": {
    readonly form: StartConversation;
    readonly answer: Started;
  };
  /**
   * Tell the others that the actor types; what is told too often is dropped. For visitors and the team.
   */
  readonly "conversation.typing": {
    readonly form: ShowTyping;
    readonly answer: Done;
  };
  /**
   * Take a message's content away; its place stays. Supervisors may delete others' messages. For visitors and the team.
   */
  readonly "message.delete": {
    readonly form: DeleteMessage;
    readonly answer: Message;
  };
  /**
   * Give a message another text. Visitors may for a while, agents at any time. For visitors and the team.
   */
  readonly "message.edit": {
    readonly form: EditMessage;
    readonly answer: Message;
  };
  /** What a message said before it was edited. For the team. */
  readonly "message.history": {
    readonly form: GetHistory;
    readonly answer: History;
  };
  /** Messages, notes and activities of a conversation, by number. For visitors and the team. */
  readonly "message.list": {
    readonly form: ListMessages;
    readonly answer: MessagePage;
  };
  /** Say something that only the team sees. For the team. */
  readonly "message.note": {
    readonly form: WriteNote;
    readonly answer: Sent;
  };
  /** Set an emoji at a message, or take it back. For visitors and the team. */
  readonly "message.react": {
    readonly form: React;
    readonly answer: Message;
  };
  /**
   * Say something; a repeat under the same `client_id` is stored once. For visitors and the team.
   */
  readonly "message.send": {
    readonly form: SendMessage;
    readonly answer: Sent;
  };
  /** Use a one-time link to choose a password, and be signed in. For anyone. */
  readonly "session.accept_link": {
    readonly form: AcceptLink;
    readonly answer: SignedIn;
  };
  /** Sign out everywhere else. For the team. */
  readonly "session.end_others": {
    readonly form: EndOthers;
    readonly answer: Done;
  };
  /** The caller's sessions, the one used last first. For the team. */
  readonly "session.list": {
    readonly form: ListSessions;
    readonly answer: SessionInfoPage;
  };
  /** Sign in with an e-mail address and a password. For anyone. */
  readonly "session.login": {
    readonly form: Login;
    readonly answer: SignedIn;
  };
  /** Sign out: the session ends, and with it whatever is connected by it. For the team. */
  readonly "session.logout": {
    readonly form: Logout;
    readonly answer: Done;
  };
  /** Who the caller is, and what they may do. For visitors and the team. */
  readonly "session.me": {
    readonly form: GetMe;
    readonly answer: Me;
  };
  /** Make an API token; its secret is in this answer and nowhere else. For the team. */
  readonly "token.create": {
    readonly form: CreateToken;
    readonly answer: NewToken;
  };
  /** An agent's API tokens, the oldest first. For the team. */
  readonly "token.list": {
    readonly form: ListTokens;
    readonly answer: TokenInfoPage;
  };
  /** End an API token, and what is connected by it. For the team. */
  readonly "token.revoke": {
    readonly form: RevokeToken;
    readonly answer: Done;
  };
}

export type CommandName = keyof Commands;
