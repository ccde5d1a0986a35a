/**
 * The protocol's values, commands and error codes. Made of the server's own structs; do not edit.
 *
 * Times are RFC 3339 texts in UTC. A field that is left out has its default, which is null, 0, "",
 * false or empty unless its description says another.
 * To make it again: .venv/bin/python -m scripts.make_types
 */

/** What was done, as the audit trail has it. */
export type Act =
  | "agent.activate"
  | "agent.create"
  | "agent.deactivate"
  | "agent.reset_link"
  | "agent.set_availability"
  | "agent.set_name"
  | "agent.set_password"
  | "agent.update"
  | "canned.create"
  | "canned.delete"
  | "canned.update"
  | "contact.block"
  | "contact.create"
  | "contact.merge"
  | "contact.unblock"
  | "conversation.observe"
  | "conversation.send_transcript"
  | "conversation.take_over"
  | "conversation.whisper"
  | "device.end"
  | "inbox.activate"
  | "inbox.add_identity_key"
  | "inbox.create"
  | "inbox.deactivate"
  | "inbox.retire_identity_key"
  | "inbox.set_agents"
  | "inbox.update"
  | "message.delete"
  | "tag.delete"
  | "tag.update"
  | "team.create"
  | "team.delete"
  | "team.set_agents"
  | "team.update"
  | "token.create"
  | "token.revoke"
  | "webhook.create"
  | "webhook.delete"
  | "webhook.disable"
  | "webhook.replay"
  | "webhook.rotate_secret"
  | "webhook.test"
  | "webhook.update";

/** What an event tells. */
export type EventName = "conversation.changed" | "message.added" | "message.changed";

/** How a conversation came to whoever has it. */
export type How = "answered" | "assigned" | "picked" | "queue" | "taken_over" | "transferred";

/** What the audit trail tells of. */
export type Noun =
  | "agent"
  | "canned"
  | "contact"
  | "conversation"
  | "inbox"
  | "tag"
  | "team"
  | "token"
  | "webhook";

/** Why a conversation was queued, came back or is over. */
export type Reason =
  | "agent_left"
  | "asked"
  | "bot_silent"
  | "bot_unreachable"
  | "declined"
  | "gone"
  | "handed_off"
  | "message"
  | "missed"
  | "restart"
  | "time"
  | "visitor_came"
  | "visitor_left";

/** What happened to a conversation. */
export type What =
  | "accepted"
  | "assigned"
  | "attributes"
  | "began"
  | "blocked"
  | "contact"
  | "identified"
  | "left_email"
  | "merged"
  | "page"
  | "pending"
  | "prioritised"
  | "queued"
  | "rated"
  | "renamed"
  | "reopened"
  | "resolved"
  | "snoozed"
  | "tagged"
  | "transferred"
  | "unblocked";

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
export type Signal =
  | Typing
  | ReceiptsChanged
  | Presence
  | QueuePosition
  | VisitorsChanged
  | ReadMark
  | MentionsChanged
  | OfferTest
  | PreferencesChanged
  | ProfileChanged
  | ViewChanged
  | TagChanged
  | LookingChanged
  | ContactsHere;

/** What a message may hold beside its text. */
export type Block = Card | QuickReplies | Form;

/** The token of a link in a letter. */
export interface AcceptChatLink {
  /** What stands behind its #. */
  readonly link: string;
}

/** Use a link. `email` is for the set-up alone; `name` for that, or to join under. */
export interface AcceptLink {
  /** What stands behind its #. */
  readonly link: string;
  /** A password. */
  readonly password: string;
  readonly name?: string | null;
  readonly email?: string | null;
}

/** The keys of an act: one where nothing is typed, one everywhere. null: the usual one. */
export interface ActKeys {
  readonly outside?: string | null;
  readonly anywhere?: string | null;
}

/** What can be asked of `may`. */
export type Action =
  | "begin"
  | "edit_canned"
  | "edit_contacts"
  | "edit_tags"
  | "end"
  | "handle"
  | "keep_own"
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
  | "tag"
  | "take_over"
  | "use_desk"
  | "write";

/** Take an agent back. */
export interface Activate {
  /** An id. */
  readonly agent: number;
}

/** What happened to a conversation. `values`: how or why, or what has changed. */
export interface Activity {
  readonly what: What;
  readonly agent?: Person;
  readonly team?: number;
  readonly note?: string;
  readonly status?: Status;
  readonly until?: string;
  readonly values?: Details;
}

/** What somebody was who did something; an id have those of the team, and visitors. */
export type ActorRole = "agent" | "anyone" | "bot" | "operator" | "system" | "visitor";

/** A key for an inbox. */
export interface AddIdentityKey {
  /** An id. */
  readonly inbox: number;
  readonly kid?: string | null;
  readonly secret?: string | null;
}

/** One of the team. */
export interface AgentInfo {
  readonly id: number;
  readonly name: string;
  readonly role: AgentRole;
  readonly active: boolean;
  readonly availability: Availability;
  readonly chat_limit: number;
  readonly email?: string;
  readonly connected?: boolean;
  readonly missed?: number;
  readonly avatar?: string;
  /** Default: []. */
  readonly skills?: readonly string[];
  /** Default: []. */
  readonly languages?: readonly string[];
  /** Default: []. */
  readonly teams?: readonly number[];
  /** Default: []. */
  readonly inboxes?: readonly number[];
}

/** Whether an agent can be reached. */
export interface AgentPresence {
  readonly agent: number;
  readonly availability: Availability;
  readonly connected: boolean;
}

/** What an agent is in the team; each may all that those before it may. */
export type AgentRole = "admin" | "agent" | "bot" | "supervisor";

/** In place of the bot that has it. */
export interface AskPerson {
  /** An id. */
  readonly conversation: number;
}

/** To an agent, to a team's queue, or with both to an agent of this team. */
export interface Assign {
  readonly do: "assign";
  readonly agent?: number | null;
  readonly team?: number | null;
}

/** To whom: an agent, or a team's queue; with both, an agent of this team. */
export interface AssignConversation {
  /** An id. */
  readonly conversation: number;
  readonly agent?: number | null;
  readonly team?: number | null;
}

/** Who did something. `id`: of the agent, 0: whoever it was has none. */
export interface AuditActor {
  readonly role: ActorRole;
  readonly id?: number;
}

/** Something that was done. */
export interface AuditEntry {
  readonly id: number;
  readonly at: string;
  readonly actor: AuditActor;
  readonly act: Act;
  readonly subject: AuditSubject;
  readonly details?: Readonly<Record<string, unknown>>;
  readonly address?: string;
}

/** What something was done to. */
export interface AuditSubject {
  readonly noun: Noun;
  readonly id: number;
}

/** What an agent says of themselves; only who is online is offered conversations. */
export type Availability = "away" | "busy" | "offline" | "online";

/** The first message to a contact. */
export interface BeginConversation {
  /** An id. */
  readonly contact: number;
  /** Where: the contact's widget is this inbox's. */
  readonly inbox: number;
  /** Your own id of this send: a repeat under the same id is stored once. */
  readonly client_id: string;
  /** Markdown, kept as it is. */
  readonly text: string;
}

/** The conversation with its first message. A repeat gets the same. */
export interface Begun {
  readonly conversation: Conversation;
  readonly message: Message;
}

/** Refuse whatever a contact sends, or no more. */
export interface BlockContact {
  /** An id. */
  readonly contact: number;
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

/** One act for many conversations. */
export interface BulkConversations {
  readonly conversations: readonly number[];
  readonly act: Assign | Retag | Resolve | Reopen | Snooze | Prioritise | Read | NotRead;
}

/** Why one was not done. */
export interface BulkRefusal {
  readonly code: string;
  readonly message: string;
}

/** What came of one; without `error` it is done. */
export interface BulkResult {
  readonly conversation: number;
  readonly error?: BulkRefusal;
}

/** What came of each, in the order in which they were named. */
export interface BulkResults {
  readonly results: readonly BulkResult[];
}

/** A text with variables, kept under a shortcut. `inbox`: where it is for; None: for all. */
export interface CannedResponse {
  readonly id: number;
  readonly shortcut: string;
  readonly text: string;
  readonly inbox?: number;
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

/** Whether a webhook's receiver is sent anything. */
export type Circuit = "closed" | "disabled" | "half_open" | "open";

/** Follow a conversation no more. */
export interface CloseConversation {
  /** An id. */
  readonly conversation: number;
}

/** Follow everything no more. */
export interface CloseFeed {
}

/** `accent`: the fill. `edge`: left out where the fill is seen without one. */
export interface Colors {
  readonly accent: string;
  readonly on_accent: string;
  readonly accent_text: string;
  readonly accent_soft: string;
  readonly accent_edge?: string;
}

/**
 * What a visitor agrees to before the first message. `privacy_page`: of the site.
 *
 * `text`: by language; without one the widget has its own.
 */
export interface Consent {
  readonly privacy_page?: string | null;
  readonly text?: Readonly<Record<string, string>>;
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
  readonly attributes?: Readonly<Record<string, string | boolean | number | number>>;
  /** Default: []. */
  readonly tags?: readonly string[];
  readonly blocked?: boolean;
  readonly seen_at?: string;
  readonly consented_at?: string;
}

/**
 * Which contacts came to an inbox (`contacts`) or left it (`gone`); for the team.
 *
 * They come by a connection of theirs, and have left a while after their last.
 */
export interface ContactsHere {
  readonly on: "here";
  readonly inbox: number;
  /** Default: []. */
  readonly contacts?: readonly number[];
  /** Default: []. */
  readonly gone?: readonly number[];
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
  readonly contact_verified?: boolean;
  readonly assignee?: Person;
  /** Default: []. */
  readonly members?: readonly Person[];
  readonly team?: number;
  readonly priority?: number;
  /** Default: []. */
  readonly tags?: readonly string[];
  readonly attributes?: Readonly<Record<string, string | boolean | number | number>>;
  readonly waiting_since?: string;
  readonly snoozed_until?: string;
  readonly offered?: boolean;
  readonly offer_expires_at?: string;
  readonly page?: string;
  readonly title?: string;
  readonly referrer?: string;
  readonly unverified?: Readonly<Record<string, string | boolean | number | number>>;
  readonly locale?: string;
  readonly time_zone?: string;
  readonly rating?: number;
  readonly unread?: number;
  readonly contact_unread?: number;
  readonly contact_messages?: number;
  readonly last_public_seq?: number;
  readonly team_receipts?: Receipts;
  readonly contact_receipts?: Receipts;
  readonly last_message?: Message;
}

/** Which conversations are wanted: all of this must hold. */
export interface ConversationFilter {
  /** In one of these states. Default: []. */
  readonly status?: readonly Status[];
  readonly inbox?: number;
  /** An agent, oneself (`me`), or nobody (`none`). */
  readonly assignee?: number | "me" | "none";
  readonly team?: number;
  readonly tag?: string;
  /** At least: 1 low … 4 urgent. */
  readonly priority?: 1 | 2 | 3 | 4;
  /** Its contact waits for an answer. */
  readonly waiting?: boolean;
  /** Not read by oneself, or by nobody. */
  readonly unread?: "me" | "team";
  /** A note names the caller. */
  readonly mentioned?: boolean;
}

/**
 * A part of a conversation's timeline.
 *
 * `seq`: the number up to which it is complete; `mark`: that entry's mark.
 */
export interface ConversationPage {
  readonly conversation: Conversation;
  readonly seq: number;
  readonly mark?: string;
  /** Default: []. */
  readonly events?: readonly Event[];
  readonly more?: boolean;
}

/** How many conversations wait for what. */
export interface CountConversations {
  readonly inbox?: number | null;
  readonly team?: number | null;
}

/** How much each of the caller's views shows. */
export interface CountViews {
}

/**
 * Conversations that are not resolved.
 *
 * `mine`: open, and yours; `unread`: of these, with what you have not read. `mentions`:
 * notes that name you and that you have not read.
 */
export interface Counts {
  readonly queued: number;
  readonly open: number;
  readonly pending: number;
  readonly snoozed: number;
  readonly mine: number;
  readonly all: number;
  readonly unread: number;
  readonly mentions: number;
  readonly teams: readonly TeamCount[];
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

/** A new canned response. `inbox`: where it is for; left out, it is for all. */
export interface CreateCanned {
  /** What an agent types after a slash: letters, digits, lines or hyphens. */
  readonly shortcut: string;
  /**
   * Markdown, with {{variables}}: contact.name, contact.first_name, agent.name, conversation.id,
   * inbox.name, contact.attributes.KEY.
   */
  readonly text: string;
  readonly inbox?: number | null;
}

/** Somebody who has not written yet. `inbox`: whose agents see them. */
export interface CreateContact {
  /** An id. */
  readonly inbox: number;
  readonly name: string;
  readonly email?: string;
  readonly phone?: string;
  /** A language tag, as `zh-CN`. */
  readonly locale?: string;
  readonly attributes?: Readonly<Record<string, unknown>>;
  readonly tags?: readonly string[];
}

/** A new inbox for a web page's widget. */
export interface CreateInbox {
  readonly name: string;
  readonly settings?: Settings;
  readonly team?: number | null;
  readonly bot?: number | null;
  /** Default: []. */
  readonly agents?: readonly number[];
}

/** A new tag. */
export interface CreateTag {
  readonly name: string;
  readonly color?: "amber" | "blue" | "gray" | "green" | "orange" | "pink" | "purple" | "red" | "teal" | null;
}

/** A new team. */
export interface CreateTeam {
  readonly name: string;
  /** Default: []. */
  readonly agents?: readonly number[];
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

/** A list of conversations under a name. */
export interface CreateView {
  readonly name: string;
  readonly filter: ConversationFilter;
  /** Default: "newest". */
  readonly sort?: Sort;
  /** The team sees it. */
  readonly shared?: boolean;
}

/** A new webhook. */
export interface CreateWebhook {
  /** http or https, public. */
  readonly url: string;
  /** None: all. Default: []. */
  readonly events?: readonly EventName[];
  /** Only what happens there. */
  readonly inbox?: number | null;
  /** The bot that hears of its chats by it. */
  readonly bot?: number | null;
}

/** Let an agent go. */
export interface Deactivate {
  /** An id. */
  readonly agent: number;
}

/** One canned response. */
export interface DeleteCanned {
  /** An id. */
  readonly canned: number;
}

/** A message or note whose content is to go. */
export interface DeleteMessage {
  /** An id. */
  readonly conversation: number;
  /** Number of the message. */
  readonly seq: number;
}

/** One tag. */
export interface DeleteTag {
  /** An id. */
  readonly tag: number;
}

/** One team. */
export interface DeleteTeam {
  /** An id. */
  readonly team: number;
}

/** One view. */
export interface DeleteView {
  /** An id. */
  readonly view: number;
}

/** The webhook and its log. */
export interface DeleteWebhook {
  /** An id. */
  readonly webhook: number;
}

/** One delivery. `status` and `fault` are of the last attempt. */
export interface DeliveryInfo {
  readonly id: number;
  readonly event_id: string;
  readonly type: EventName | "webhook.test";
  readonly state: State;
  readonly attempts: number;
  readonly created_at: string;
  readonly conversation?: number;
  readonly seq?: number;
  readonly next_at?: string;
  readonly tried_at?: string;
  readonly done_at?: string;
  readonly status?: number;
  readonly fault?: string;
}

/** How or why something happened to a conversation, or what it has now. */
export interface Details {
  readonly how?: How;
  readonly reason?: Reason;
  readonly from?: number;
  readonly absent?: number;
  readonly tags?: readonly string[];
  readonly priority?: number;
  readonly attributes?: Readonly<Record<string, string | boolean | number | number | null>>;
  readonly score?: number;
  readonly comment?: string;
  readonly email?: string;
}

/** A browser of a contact. `linked`: a letter's link made it theirs. */
export interface DeviceInfo {
  readonly id: number;
  readonly created_at: string;
  readonly verified?: boolean;
  readonly linked?: boolean;
  readonly current?: boolean;
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

/** Let a browser be nobody's any more. */
export interface EndDevice {
  /** An id. */
  readonly device: number;
}

/** End the caller's other sessions. */
export interface EndOthers {
}

/** End one of the caller's sessions. */
export interface EndSession {
  /** An id. */
  readonly session: number;
}

/** What an entry of the timeline is. */
export type Entry = "activity" | "delete" | "edit" | "message" | "note" | "reaction";

/**
 * Something that is stored and numbered, told to whoever may see it.
 *
 * `prev` is the number before it that the receiver may see: a client that has not got that one
 * has missed something and asks again. `message` and `state` are what changed, as it stands
 * now; `state.last_seq` tells up to which number `state` has everything in it. A message that
 * was added comes without a state. `cursor` names this very entry: its mark, and its number over
 * the whole store.
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

/** A part of what happened. `cursor`: up to where it is complete. */
export interface EventPage {
  readonly cursor: string;
  /** Default: []. */
  readonly events?: readonly Event[];
  readonly more?: boolean;
}

/**
 * A part of what a follower has missed: conversations as they stand, or events.
 *
 * `more`: ask again with `cursor` and `next`. What is not among the events comes with the
 * last part: `receipts` of what is not resolved; of one of the team, how far they have read that
 * themselves (`marks`), how many `mentions` of themselves they have not read, and who is
 * `looking` at what, and which contacts are `here`.
 */
export interface FeedPage {
  readonly cursor: string;
  /** Default: []. */
  readonly conversations?: readonly Conversation[];
  /** Default: []. */
  readonly events?: readonly Event[];
  /** Default: []. */
  readonly receipts?: readonly ReceiptsChanged[];
  /** Default: []. */
  readonly marks?: readonly ReadMark[];
  readonly mentions?: number;
  /** Default: []. */
  readonly looking?: readonly LookingChanged[];
  /** Default: []. */
  readonly here?: readonly ContactsHere[];
  readonly next?: number;
  readonly more?: boolean;
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

/**
 * A file of a message. `url` and `preview` are short-lived links.
 *
 * `duration_ms` and `peaks`, the waveform from 0 to 100: of a recording, as its recorder said.
 */
export interface FileInfo {
  readonly id: number;
  readonly name: string;
  readonly type: string;
  readonly size: number;
  readonly width?: number;
  readonly height?: number;
  readonly duration_ms?: number;
  /** Default: []. */
  readonly peaks?: readonly number[];
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

/** One contact. */
export interface GetContact {
  /** An id. */
  readonly contact: number;
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

/** One inbox. */
export interface GetInbox {
  /** An id. */
  readonly inbox: number;
}

/** Who asks. */
export interface GetMe {
}

/** What the caller prefers. */
export interface GetPreferences {
}

/** What a page may know of the inbox of its widget. `color`: for the inbox's accent. */
export interface GetPublicInbox {
  /** Of the inbox: public. */
  readonly widget_key: string;
  readonly locale?: string | null;
  readonly color?: string | null;
}

/** Where a conversation waits. */
export interface GetQueuePosition {
  /** An id. */
  readonly conversation: number;
}

/** One webhook. */
export interface GetWebhook {
  /** An id. */
  readonly webhook: number;
}

/** From a bot to people. */
export interface HandOff {
  /** An id. */
  readonly conversation: number;
  readonly team?: number | null;
  readonly note?: string | null;
}

/**
 * Say who you are: the first frame.
 *
 * `token`: of a session, an API token, a visitor's device; left out, the session of the cookie.
 * `widget`: the inbox's widget key, for visitors.
 */
export interface Hello {
  readonly token?: string | null;
  readonly widget?: string | null;
}

/** A day with hours of its own. No spans: closed. */
export interface Holiday {
  readonly date: string;
  readonly name: string;
  /** Sorted and apart. Default: []. */
  readonly spans?: readonly (readonly [string, string])[];
}

/** `time_zone`: a name of the IANA database. `week`: from Monday to Sunday. */
export interface Hours {
  readonly time_zone: string;
  readonly week: readonly [readonly (readonly [string, string])[], readonly (readonly [string, string])[], readonly (readonly [string, string])[], readonly (readonly [string, string])[], readonly (readonly [string, string])[], readonly (readonly [string, string])[], readonly (readonly [string, string])[]];
  /** Default: []. */
  readonly holidays?: readonly Holiday[];
}

/** A proof: `jwt`, or `user_id` and `hash`, to which the page may add the rest. */
export interface Identify {
  /** A token that the site signed (HS256). */
  readonly jwt?: unknown;
  /** The site's own id of the visitor. */
  readonly user_id?: unknown;
  /** HMAC-SHA256 of `user_id` in hexadecimal. */
  readonly hash?: unknown;
  readonly name?: string | null;
  readonly email?: string | null;
  readonly phone?: string | null;
  readonly attributes?: Readonly<Record<string, unknown>> | null;
}

/** A key, but for its secret. */
export interface IdentityKey {
  readonly kid: string;
  readonly created_at: string;
}

/** Where conversations come in. `widget_key` is public: it names the inbox to a web page. */
export interface Inbox {
  readonly id: number;
  readonly kind: "classic" | "widget";
  readonly name: string;
  readonly settings: Settings;
  readonly active: boolean;
  readonly widget_key?: string;
  readonly team?: number;
  readonly bot?: number;
  /** Default: []. */
  readonly agents?: readonly number[];
}

/** What a visitor is asked, unbidden. `text`: by language. */
export interface Invitation {
  readonly name: string;
  readonly text: Readonly<Record<string, string>>;
  /** On the page, before it is shown. Default: 30. */
  readonly after_s?: number;
  /** Default: ["*"]. */
  readonly pages?: readonly string[];
}

/** Where a conversation comes from. */
export type Kind = "desk" | "direct" | "rooms";

/** Where an answer can be sent. */
export interface LeaveEmail {
  /** An id. */
  readonly conversation: number;
  readonly email: string;
}

/** What one client may use. Bytes, seconds and counts as the names say. */
export interface Limits {
  readonly connections?: number;
  /** Default: 1000. */
  readonly connections_per_address?: number;
  /** Default: 65536. */
  readonly message_bytes?: number;
  /** Default: 1000000. */
  readonly polling_bytes?: number;
  /** Default: 1048576. */
  readonly outbox_bytes?: number;
  /** Default: 65536. */
  readonly head_bytes?: number;
  /** Default: 8192. */
  readonly target_bytes?: number;
  /** Default: 20.0. */
  readonly head_s?: number;
  /** Default: 100.0. */
  readonly messages_per_s?: number;
  /** Default: 1000. */
  readonly messages_burst?: number;
  /** Default: 10000. */
  readonly refusals?: number;
  /** Default: 50.0. */
  readonly idle_frames_per_s?: number;
  /** Default: 1000. */
  readonly idle_frames_burst?: number;
  /** Default: 5.0. */
  readonly room_requests_per_s?: number;
  /** Default: 200. */
  readonly room_requests_burst?: number;
  /** Default: 10000. */
  readonly pending_messages?: number;
  /** Default: 262144. */
  readonly request_bytes?: number;
  /** Default: 20.0. */
  readonly commands_per_s?: number;
  /** Default: 400. */
  readonly commands_burst?: number;
  /** Default: 200.0. */
  readonly commands_per_address_per_s?: number;
  /** Default: 4000. */
  readonly commands_per_address_burst?: number;
  /** Default: 0.5. */
  readonly bad_tokens_per_s?: number;
  /** Default: 60. */
  readonly bad_tokens_burst?: number;
  /** Default: 20000000. */
  readonly file_bytes?: number;
  /** Default: 40000000. */
  readonly image_pixels?: number;
  /** Default: 100. */
  readonly uploads_per_hour?: number;
  /** Default: 1000. */
  readonly uploads_per_address_per_hour?: number;
  /** Default: 3600.0. */
  readonly file_link_s?: number;
  /** Default: 10. */
  readonly login_attempts?: number;
  /** Default: 300.0. */
  readonly login_window_s?: number;
  /** Default: 30.0. */
  readonly session_days?: number;
  /** Default: 7.0. */
  readonly session_idle_days?: number;
  /** Default: 72.0. */
  readonly link_hours?: number;
  /** Default: 10000. */
  readonly message_chars?: number;
  /** Default: 10. */
  readonly message_files?: number;
  /** Default: 20. */
  readonly mentions?: number;
  /** Default: 20. */
  readonly reaction_kinds?: number;
  /** Default: 900.0. */
  readonly edit_s?: number;
  /** Default: 20. */
  readonly live_conversations?: number;
  /** Default: 86400.0. */
  readonly rating_s?: number;
  /** Default: 1.0. */
  readonly typing_per_s?: number;
  /** Default: 10.0. */
  readonly hello_s?: number;
  /** Default: 50. */
  readonly connections_per_actor?: number;
  /** Default: 50. */
  readonly pending_commands?: number;
  /** Default: 100. */
  readonly open_conversations?: number;
  /** Default: 50000. */
  readonly resume_entries?: number;
  /** Default: 50. */
  readonly webhooks?: number;
  /** Default: 30.0. */
  readonly delivery_log_days?: number;
  /** Default: 60.0. */
  readonly bot_answer_s?: number;
  /** Default: 120.0. */
  readonly answer_mail_s?: number;
  /** Default: 3. */
  readonly transcripts_per_day?: number;
  /** Default: 366.0. */
  readonly snooze_days?: number;
  /** Default: 24.0. */
  readonly answer_hours?: number;
  /** Default: 7.0. */
  readonly chat_link_days?: number;
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
  /** What who did it was. */
  readonly actor_role?: ActorRole | null;
  /** Of who did it. */
  readonly actor_id?: number | null;
  /** What was done. */
  readonly act?: Act | null;
  /** What it was done to. */
  readonly subject_noun?: Noun | null;
  /** Of what it was done to. */
  readonly subject_id?: number | null;
  /** How many at most. Default: 100. */
  readonly limit?: number;
}

/** Those for one inbox, or for all that the caller sees; by the shortcut's beginning. */
export interface ListCanned {
  readonly inbox?: number | null;
  readonly prefix?: string;
  readonly cursor?: string;
  /** How many at most. Default: 100. */
  readonly limit?: number;
}

/** Contacts, the newest first. */
export interface ListContacts {
  readonly inbox?: number | null;
  readonly tag?: string | null;
  readonly cursor?: string | null;
  /** How many at most. Default: 50. */
  readonly limit?: number;
}

/**
 * Conversations that you may see, the one written to last first.
 *
 * Sorted otherwise, they are those that are not resolved.
 */
export interface ListConversations {
  readonly contact?: number;
  readonly kind?: Kind;
  /** Something happened in it at this time or after it. */
  readonly updated_since?: string;
  /** Somebody takes part under exactly this name. */
  readonly with?: string;
  /** Default: "newest". */
  readonly sort?: Sort;
  readonly cursor?: string;
  /** How many at most. Default: 50. */
  readonly limit?: number;
  /** In one of these states. Default: []. */
  readonly status?: readonly Status[];
  readonly inbox?: number;
  /** An agent, oneself (`me`), or nobody (`none`). */
  readonly assignee?: number | "me" | "none";
  readonly team?: number;
  readonly tag?: string;
  /** At least: 1 low … 4 urgent. */
  readonly priority?: 1 | 2 | 3 | 4;
  /** Its contact waits for an answer. */
  readonly waiting?: boolean;
  /** Not read by oneself, or by nobody. */
  readonly unread?: "me" | "team";
  /** A note names the caller. */
  readonly mentioned?: boolean;
}

/** A page of a webhook's log. */
export interface ListDeliveries {
  /** An id. */
  readonly webhook: number;
  readonly state?: "delivered" | "failed" | "waiting" | null;
  readonly cursor?: string | null;
  /** How many at most. Default: 50. */
  readonly limit?: number;
}

/** A contact's browsers. */
export interface ListDevices {
  /** Whose; a visitor's own if left out. */
  readonly contact?: number | null;
}

/** What happened since a cursor. `wait`: seconds to wait for something, if nothing did. */
export interface ListEvents {
  readonly cursor?: string | null;
  readonly wait?: number;
}

/** The keys of an inbox. */
export interface ListIdentityKeys {
  /** An id. */
  readonly inbox: number;
}

/** The inboxes that the caller works in; an admin: all. */
export interface ListInboxes {
}

/** Notes that name you, the newest first. */
export interface ListMentions {
  /** Only those that you have not read. */
  readonly unread?: boolean;
  readonly cursor?: string | null;
  /** How many at most. Default: 50. */
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

/** Ratings, the newest first; of one inbox or one agent, or all. */
export interface ListRatings {
  readonly inbox?: number | null;
  readonly agent?: number | null;
  readonly cursor?: string | null;
  /** How many at most. Default: 50. */
  readonly limit?: number;
}

/** The caller's sessions. */
export interface ListSessions {
}

/** All tags. */
export interface ListTags {
}

/** All teams. */
export interface ListTeams {
}

/** API tokens. */
export interface ListTokens {
  /** Whose; the caller's own if left out. */
  readonly agent?: number | null;
}

/** The caller's own views, and the shared ones. */
export interface ListViews {
}

/** Who is on the sites of the caller's inboxes now, or of one of them. */
export interface ListVisitors {
  readonly inbox?: number | null;
  readonly cursor?: string | null;
  /** How many at most. Default: 50. */
  readonly limit?: number;
}

/** All webhooks. */
export interface ListWebhooks {
}

/** What stands on a site's page itself, where no language is loaded. */
export interface LoaderWords {
  readonly open: string;
  readonly close: string;
  readonly dismiss: string;
  readonly failed: string;
  readonly retry: string;
  readonly page: string;
  readonly chat: string;
}

/** Sign in. */
export interface Login {
  readonly email: string;
  /** A password. */
  readonly password: string;
}

/** End this session. */
export interface Logout {
}

/**
 * How the widget looks and where it stands. `theme`: `host` follows the page.
 *
 * `launcher`: without one, the site's own button opens the widget.
 */
export interface Look {
  /** sRGB, such as `#2f6b5b`. Default: "#2f6b5b". */
  readonly accent?: string;
  readonly logo?: string | null;
  /** Default: "right". */
  readonly position?: "left" | "right";
  /** From the edge, in pixels. Default: 20. */
  readonly offset_x?: number;
  /** From the edge, in pixels. Default: 20. */
  readonly offset_y?: number;
  /** Default: true. */
  readonly launcher?: boolean;
  /** Default: "host". */
  readonly theme?: "dark" | "host" | "light";
}

/** What the caller looks at; to be said again within a minute. Left out: at nothing. */
export interface LookAt {
  /** Left out: at nothing any more. */
  readonly conversation?: number | null;
}

/** Who of the team looks at a conversation now; for the team. */
export interface LookingChanged {
  readonly on: "looking";
  readonly conversation: number;
  /** Default: []. */
  readonly people?: readonly Person[];
}

/**
 * What is told by letter while one is not there.
 *
 * `waiting`: a chat waits where one works, and nobody takes it. `answers`: the contact of a
 * chat of one's own has written.
 */
export interface Mail {
  readonly waiting?: boolean;
  readonly answers?: boolean;
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

/** You have not read it. */
export interface MarkUnread {
  /** An id. */
  readonly conversation: number;
  /** From this number on; without it, the contact's last message. */
  readonly seq?: number | null;
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

/** A note that names you, as it stands now. */
export interface Mention {
  readonly id: number;
  readonly conversation: number;
  readonly message: Message;
  readonly read?: boolean;
}

/**
 * How many notes name one of the team that they have not read, for all that they have open.
 *
 * The rest: of the note that was just written.
 */
export interface MentionsChanged {
  readonly on: "mentions";
  readonly unread?: number;
  readonly conversation?: number;
  readonly note?: number;
  readonly person?: Person;
}

/** `contact` stays and takes in `other`, which leads to it from then on. */
export interface MergeContacts {
  /** An id. */
  readonly contact: number;
  /** An id. */
  readonly other: number;
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
  readonly answers?: Readonly<Record<string, string | boolean | number | number>>;
  /** Default: []. */
  readonly mentions?: readonly number[];
  /** Default: []. */
  readonly reactions?: readonly Reaction[];
  readonly activity?: Activity;
  readonly edited_at?: string;
  readonly deleted_at?: string;
}

/** A message or note that was found. `snippet`: the part of its text around the first hit. */
export interface MessageHit {
  readonly conversation: number;
  readonly seq: number;
  readonly type: Entry;
  readonly sender: Person;
  readonly at: string;
  readonly snippet: readonly Piece[];
  readonly inbox?: number;
  readonly contact?: Person;
}

/** An agent with the `link` where they choose their password; a bot has none. */
export interface NewAgent {
  readonly id: number;
  readonly name: string;
  readonly role: AgentRole;
  readonly active: boolean;
  readonly availability: Availability;
  readonly chat_limit: number;
  readonly email?: string;
  readonly connected?: boolean;
  readonly missed?: number;
  readonly avatar?: string;
  /** Default: []. */
  readonly skills?: readonly string[];
  /** Default: []. */
  readonly languages?: readonly string[];
  /** Default: []. */
  readonly teams?: readonly number[];
  /** Default: []. */
  readonly inboxes?: readonly number[];
  readonly link?: OneTimeLink;
}

/** A new key. `secret` is told this once; keep it on your server. */
export interface NewIdentityKey {
  readonly kid: string;
  readonly created_at: string;
  readonly secret: string;
}

/** A new API token. `secret` is told this once; send it as a bearer token. */
export interface NewToken {
  readonly id: number;
  readonly agent: number;
  readonly name: string;
  readonly scopes: readonly Scope[];
  readonly created_at: string;
  readonly expires_at?: string;
  readonly used_at?: string;
  readonly secret: string;
}

/** A webhook with the `secret` that it signs with, which is not told again. */
export interface NewWebhook {
  readonly id: number;
  readonly url: string;
  readonly created_at: string;
  readonly active: boolean;
  readonly circuit: Circuit;
  /** Default: []. */
  readonly events?: readonly EventName[];
  readonly inbox?: number;
  readonly bot?: number;
  readonly secret: string;
}

/** You have not read the contact's last message. */
export interface NotRead {
  readonly do: "unread";
}

/** What is shown by the system while the console is out of sight. */
export interface Notifications {
  /** Default: true. */
  readonly offer?: boolean;
  /** Default: true. */
  readonly message?: boolean;
  /** Default: true. */
  readonly mention?: boolean;
}

/** A conversation to look at. */
export interface ObserveConversation {
  /** An id. */
  readonly conversation: number;
}

/** When the offer ends. */
export interface OfferHeld {
  readonly expires_at: string;
}

/**
 * One of the team tries whether they would hear of an offer, in all that they have open.
 *
 * It is none: there is nothing to accept.
 */
export interface OfferTest {
  readonly on: "test_offer";
  readonly at: string;
}

/** When it was told. */
export interface OfferTested {
  readonly at: string;
}

/** What a visitor meets outside the hours. */
export type Offline = "closed" | "form" | "queue";

/** A conversation. */
export interface OneConversation {
  /** An id. */
  readonly conversation: number;
}

/** A way in for whoever has it, told this once. `url`: of a page of this server. */
export interface OneTimeLink {
  readonly url: string;
  readonly expires_at: string;
}

/**
 * Follow one conversation.
 *
 * `since`: the last number that you have; left out, only what comes from now on is told.
 * `mark`: that entry's mark. Without it nobody notices that the store was restored, and has
 * another entry under that number.
 */
export interface OpenConversation {
  /** An id. */
  readonly conversation: number;
  readonly since?: number | null;
  readonly mark?: string | null;
}

/**
 * Follow everything that you may see.
 *
 * Without `cursor` you get the conversations as they stand; with it, what happened since.
 * `next`: as the answer before said.
 */
export interface OpenFeed {
  readonly cursor?: string | null;
  readonly next?: number | null;
}

/** From when to when an inbox is open. */
export interface OpenSpan {
  readonly opens_at: string;
  readonly closes_at: string;
}

/** What the link opens. `contact`: who this browser's visitor is from now on. */
export interface Opened {
  readonly conversation: Conversation;
  readonly contact: number;
}

/** One of several. `label` is shown, `value` is sent. */
export interface Option {
  readonly label: string;
  readonly value: string;
}

/** A part of a list; `next` is the cursor of the next part, left out if this is the last. */
export interface PageOfAgentInfo {
  readonly items: readonly AgentInfo[];
  readonly next?: string;
}

/** A part of a list; `next` is the cursor of the next part, left out if this is the last. */
export interface PageOfAuditEntry {
  readonly items: readonly AuditEntry[];
  readonly next?: string;
}

/** A part of a list; `next` is the cursor of the next part, left out if this is the last. */
export interface PageOfCannedResponse {
  readonly items: readonly CannedResponse[];
  readonly next?: string;
}

/** A part of a list; `next` is the cursor of the next part, left out if this is the last. */
export interface PageOfContact {
  readonly items: readonly Contact[];
  readonly next?: string;
}

/** A part of a list; `next` is the cursor of the next part, left out if this is the last. */
export interface PageOfConversation {
  readonly items: readonly Conversation[];
  readonly next?: string;
}

/** A part of a list; `next` is the cursor of the next part, left out if this is the last. */
export interface PageOfDeliveryInfo {
  readonly items: readonly DeliveryInfo[];
  readonly next?: string;
}

/** A part of a list; `next` is the cursor of the next part, left out if this is the last. */
export interface PageOfDeviceInfo {
  readonly items: readonly DeviceInfo[];
  readonly next?: string;
}

/** A part of a list; `next` is the cursor of the next part, left out if this is the last. */
export interface PageOfIdentityKey {
  readonly items: readonly IdentityKey[];
  readonly next?: string;
}

/** A part of a list; `next` is the cursor of the next part, left out if this is the last. */
export interface PageOfInbox {
  readonly items: readonly Inbox[];
  readonly next?: string;
}

/** A part of a list; `next` is the cursor of the next part, left out if this is the last. */
export interface PageOfMention {
  readonly items: readonly Mention[];
  readonly next?: string;
}

/** A part of a list; `next` is the cursor of the next part, left out if this is the last. */
export interface PageOfMessage {
  readonly items: readonly Message[];
  readonly next?: string;
}

/** A part of a list; `next` is the cursor of the next part, left out if this is the last. */
export interface PageOfMessageHit {
  readonly items: readonly MessageHit[];
  readonly next?: string;
}

/** A part of a list; `next` is the cursor of the next part, left out if this is the last. */
export interface PageOfSessionInfo {
  readonly items: readonly SessionInfo[];
  readonly next?: string;
}

/** A part of a list; `next` is the cursor of the next part, left out if this is the last. */
export interface PageOfTag {
  readonly items: readonly Tag[];
  readonly next?: string;
}

/** A part of a list; `next` is the cursor of the next part, left out if this is the last. */
export interface PageOfTeam {
  readonly items: readonly Team[];
  readonly next?: string;
}

/** A part of a list; `next` is the cursor of the next part, left out if this is the last. */
export interface PageOfTokenInfo {
  readonly items: readonly TokenInfo[];
  readonly next?: string;
}

/** A part of a list; `next` is the cursor of the next part, left out if this is the last. */
export interface PageOfVersion {
  readonly items: readonly Version[];
  readonly next?: string;
}

/** A part of a list; `next` is the cursor of the next part, left out if this is the last. */
export interface PageOfView {
  readonly items: readonly View[];
  readonly next?: string;
}

/** A part of a list; `next` is the cursor of the next part, left out if this is the last. */
export interface PageOfViewCount {
  readonly items: readonly ViewCount[];
  readonly next?: string;
}

/** A part of a list; `next` is the cursor of the next part, left out if this is the last. */
export interface PageOfVisit {
  readonly items: readonly Visit[];
  readonly next?: string;
}

/** A part of a list; `next` is the cursor of the next part, left out if this is the last. */
export interface PageOfWebhook {
  readonly items: readonly Webhook[];
  readonly next?: string;
}

/** The colours in a light and in a dark page. */
export interface Palette {
  readonly light: Colors;
  readonly dark: Colors;
}

/** Who wrote or did something. `id`: of the agent or the contact; 0: nobody of the desk. */
export interface Person {
  readonly role: Role;
  readonly name: string;
  readonly id?: number;
}

/** Somebody, by what they are and their id. */
export interface PersonId {
  readonly role: Role;
  readonly id: number;
}

/** A part of a text. `hit`: it is what was looked for. */
export interface Piece {
  readonly text: string;
  readonly hit?: boolean;
}

/** Nothing: to see whether the server answers. */
export interface Ping {
}

/** How the console behaves. `language`: null is that of the browser. */
export interface Preferences {
  readonly language?: "en" | "zh-CN" | null;
  /** Default: "system". */
  readonly theme?: "dark" | "light" | "system";
  /** Default: "comfortable". */
  readonly density?: "comfortable" | "compact";
  /** Default: "enter". */
  readonly send_with?: "ctrl_enter" | "enter";
  readonly sounds?: Sounds;
  readonly notifications?: Notifications;
  readonly mail?: Mail;
  /** Default: true. */
  readonly keys_on?: boolean;
  /** Other keys than the usual ones. */
  readonly keys?: Readonly<Record<string, ActKeys>>;
  readonly quiet_hours?: QuietHours | null;
}

/** What one of the team prefers now, for all that they have open. */
export interface PreferencesChanged {
  readonly on: "preferences";
  readonly preferences: Preferences;
}

/** Whether one of the team can be reached; for the team. */
export interface Presence {
  readonly on: "presence";
  readonly agent: number;
  readonly availability: Availability;
  readonly connected: boolean;
  readonly missed?: number;
}

/** Say how urgent it is. */
export interface Prioritise {
  readonly do: "priority";
  readonly priority: 0 | 1 | 2 | 3 | 4;
}

/** One of the team has another name or picture; for the team. */
export interface ProfileChanged {
  readonly on: "profile";
  readonly agent: number;
  readonly name: string;
  readonly avatar?: string;
}

/** What a visitor agrees to before the first message. `text`: "" for the widget's own. */
export interface PublicConsent {
  readonly text?: string;
  readonly privacy_page?: string;
}

/**
 * An inbox as its web page sees it, in one language.
 *
 * `hours`: when it is open in a week from today, wherever the reader is, and on some days
 * more; empty: always, or never. `opens_at`: when it opens next; left out, it is open, or
 * not within a year. `holiday`: the name of the one that it is today, in `time_zone`, the
 * inbox's. `staffed`: somebody of the team takes conversations now; `people`: some of
 * them, unless the inbox shows nobody. `reply_s`: how long a first answer took lately; left
 * out, too little is known. `mail`: the server sends letters. `prechat`: what is asked
 * before the first message now. `preview`: agents see what a visitor types before it is
 * sent, which the visitor is told. `locales`: the languages that there are; `dir`: which
 * way `locale` is written; `words`: what stands on the page before anything else is
 * loaded.
 */
export interface PublicInbox {
  readonly name: string;
  readonly locale: string;
  readonly dir: "ltr" | "rtl";
  readonly locales: readonly string[];
  readonly words: LoaderWords;
  readonly look: PublicLook;
  readonly open: boolean;
  readonly offline: Offline;
  readonly greeting?: string;
  readonly away?: string;
  /** Default: []. */
  readonly hours?: readonly OpenSpan[];
  readonly opens_at?: string;
  readonly closes_at?: string;
  readonly time_zone?: string;
  readonly holiday?: string;
  readonly staffed?: boolean;
  /** Default: []. */
  readonly people?: readonly PublicPerson[];
  readonly reply_s?: number;
  readonly mail?: boolean;
  readonly prechat?: Form;
  readonly consent?: PublicConsent;
  /** Default: []. */
  readonly invitations?: readonly PublicInvitation[];
  readonly watch_visitors?: boolean;
  readonly preview?: boolean;
  readonly rating?: boolean;
  readonly identity_required?: boolean;
}

/** What a visitor may be asked after `after_s` seconds on one of `pages` (patterns). */
export interface PublicInvitation {
  readonly name: string;
  readonly text: string;
  readonly after_s: number;
  readonly pages: readonly string[];
}

/** How the widget looks and where it stands. `colors`: made of the inbox's accent. */
export interface PublicLook {
  readonly colors: Palette;
  readonly position: "left" | "right";
  readonly offset_x: number;
  readonly offset_y: number;
  readonly theme: "dark" | "host" | "light";
  readonly launcher?: boolean;
  readonly logo?: string;
}

/** One of the team who takes conversations now. */
export interface PublicPerson {
  readonly id: number;
  readonly name: string;
}

/** `position`: 1 is next; left out, it does not wait. `staffed`: as in the signal. */
export interface QueuePlace {
  readonly position?: number;
  readonly staffed?: boolean;
}

/** Where in the queue a visitor waits: 1 is next. `staffed`: somebody takes from it now. */
export interface QueuePosition {
  readonly on: "queue.position";
  readonly conversation: number;
  readonly position: number;
  readonly staffed?: boolean;
}

/** A letter is on its way to this address. `linked`: a link in it goes on elsewhere. */
export interface Queued {
  readonly to: string;
  readonly linked?: boolean;
}

/** Answers to pick from, under the message that asks. */
export interface QuickReplies {
  readonly type: "quick_replies";
  readonly options: readonly Option[];
}

/** When nothing makes a sound or is shown; over midnight if `end` is before `begin`. */
export interface QuietHours {
  readonly begin: string;
  readonly end: string;
  readonly time_zone: string;
  /** When it begins. */
  readonly days: readonly number[];
}

/** How it was, in the visitor's eyes. */
export interface Rate {
  /** An id. */
  readonly conversation: number;
  /** 5 is best. */
  readonly score: number;
  readonly comment?: string;
}

/** How a contact found a conversation: 1 … 5. `agent`: who had it then. */
export interface Rating {
  readonly conversation: number;
  readonly score: number;
  readonly at: string;
  readonly comment?: string;
  readonly inbox?: number;
  readonly agent?: Person;
  readonly contact?: Person;
}

/**
 * A page of ratings, and the sums of all of them, whatever the page.
 *
 * `counts`: how many of each score from 1 to 5. `average`: left out if there are none.
 */
export interface Ratings {
  readonly items: readonly Rating[];
  readonly counts: readonly number[];
  readonly count: number;
  readonly average?: number;
  readonly next?: string;
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

/** An emoji at a message, and who set it, in the order in which they did. */
export interface Reaction {
  readonly emoji: string;
  readonly people: readonly PersonId[];
}

/** All of it was read. */
export interface Read {
  readonly do: "read";
}

/**
 * How far one of the team has read, for all that they have open.
 *
 * `messages`: how many the contact had written by there. `back`: how often it was set back.
 */
export interface ReadMark {
  readonly on: "read";
  readonly conversation: number;
  readonly read?: number;
  readonly messages?: number;
  readonly back?: number;
}

/** One note that names you, or all of them if it is left out. */
export interface ReadMentions {
  readonly mention?: number | null;
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

/** The caller's picture. */
export interface RemoveAvatar {
}

/** A canned response, for a conversation. */
export interface RenderCanned {
  /** An id. */
  readonly canned: number;
  /** An id. */
  readonly conversation: number;
}

/** A draft. */
export interface Rendered {
  readonly text: string;
}

/** Back to the agent who has it. */
export interface Reopen {
  readonly do: "reopen";
}

/** Which deliveries to send again: one, or all that failed since a time. */
export interface Replay {
  /** An id. */
  readonly webhook: number;
  readonly delivery?: number | null;
  /** In place of one delivery. */
  readonly failed_since?: string | null;
}

/** How many deliveries are sent again. */
export interface Replayed {
  readonly count: number;
}

/** Sends `value` as the visitor's message. */
export interface ReplyButton {
  readonly type: "reply";
  readonly label: string;
  readonly value: string;
}

/** Somebody is on a page of the site. To be said again within a minute. */
export interface ReportVisit {
  /** Of the inbox: public. */
  readonly widget_key: string;
  /** Drawn by the page, which keeps it in memory alone. */
  readonly visit: string;
  readonly page: string;
  readonly title?: string;
  /** Where the visitor came from. */
  readonly referrer?: string;
  /** BCP 47, such as `zh-CN`. */
  readonly language?: string | null;
  /** That the visitor is on the site. */
  readonly seconds?: number;
  /** The page is left: the visit is over. */
  readonly left?: boolean;
}

/** A link for an agent to choose a new password. */
export interface ResetLink {
  /** An id. */
  readonly agent: number;
}

/** It is done. */
export interface Resolve {
  readonly do: "resolve";
}

/** Give tags, and take some away. */
export interface Retag {
  readonly do: "tag";
  /** Default: []. */
  readonly add?: readonly string[];
  /** Default: []. */
  readonly remove?: readonly string[];
}

/** A key counts no more. */
export interface RetireIdentityKey {
  /** An id. */
  readonly inbox: number;
  /** The key's name: `kid` of a token. */
  readonly kid: string;
}

/** End an API token. */
export interface RevokeToken {
  /** An id. */
  readonly token: number;
}

/** What somebody is in a conversation. */
export type Role = "agent" | "bot" | "peer" | "system" | "visitor";

/** A new secret; the one before it signs beside it until the next rotation. */
export interface RotateSecret {
  /** An id. */
  readonly webhook: number;
  /** Sign with the new one alone. */
  readonly drop_old?: boolean;
}

/** What an API token may be used for; a session may all that its agent may. */
export type Scope = "admin" | "read" | "write";

/** Contacts with these words, the newest first. */
export interface SearchContacts {
  /** Words that must all be there, the last one from its beginning on. */
  readonly text: string;
  readonly inbox?: number | null;
  readonly cursor?: string | null;
  /** How many at most. Default: 20. */
  readonly limit?: number;
}

/** Messages and notes with these words, the newest first. */
export interface SearchMessages {
  /** Words that must all be there, the last one from its beginning on. */
  readonly text: string;
  readonly inbox?: number | null;
  readonly conversation?: number | null;
  readonly cursor?: string | null;
  /** How many at most. Default: 20. */
  readonly limit?: number;
}

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
  /** To the form of the message in `quote`, once. */
  readonly answers?: Readonly<Record<string, string | number | number | boolean | null>> | null;
}

/** An offer that is none. */
export interface SendOfferTest {
}

/** The conversation so far, by mail. */
export interface SendTranscript {
  /** An id. */
  readonly conversation: number;
  /** The contact's own address, if this is left out. */
  readonly to?: string | null;
}

/** A message that is stored. A repeat gets the first one's answer. */
export interface Sent {
  readonly conversation: number;
  readonly seq: number;
  readonly at: string;
  readonly client_id: string;
}

/** What a client should know of the server. */
export interface Server {
  readonly version: string;
  readonly heartbeat_s: number;
  readonly limits: Limits;
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

/** What is kept of a conversation beside; null takes one away, the others stay. */
export interface SetAttributes {
  /** An id. */
  readonly conversation: number;
  readonly attributes: Readonly<Record<string, string | number | number | boolean | null>>;
}

/** `agent`: whose; left out: one's own. */
export interface SetAvailability {
  readonly availability: Availability;
  readonly agent?: number | null;
}

/** Who works in an inbox: these and nobody else. */
export interface SetInboxAgents {
  /** An id. */
  readonly inbox: number;
  readonly agents: readonly number[];
}

/** Another name for the caller. */
export interface SetName {
  readonly name: string;
}

/** Change one's own password. */
export interface SetPassword {
  /** A password. */
  readonly old: string;
  /** A password. */
  readonly password: string;
}

/** What is left out stays as it is; null resets to the default. */
export interface SetPreferences {
  readonly language?: "en" | "zh-CN" | null;
  readonly theme?: "dark" | "light" | "system" | null;
  readonly density?: "comfortable" | "compact" | null;
  readonly send_with?: "ctrl_enter" | "enter" | null;
  readonly sounds?: Sounds | null;
  readonly notifications?: Notifications | null;
  readonly mail?: Mail | null;
  readonly keys_on?: boolean | null;
  readonly keys?: Readonly<Record<string, ActKeys>> | null;
  readonly quiet_hours?: QuietHours | null;
}

/** How urgent a conversation is. */
export interface SetPriority {
  /** An id. */
  readonly conversation: number;
  /** 0 none, 1 low … 4 urgent. */
  readonly priority: 0 | 1 | 2 | 3 | 4;
}

/**
 * The state that a conversation is to be in.
 *
 * `until`: when it is snoozed, and only then; left out, it is until the contact's next message,
 * which ends any snooze.
 */
export interface SetStatus {
  /** An id. */
  readonly conversation: number;
  /** `open` gives it back to the agent who has it. */
  readonly status: Status;
  readonly until?: string | null;
}

/** All tags of a conversation. */
export interface SetTags {
  /** An id. */
  readonly conversation: number;
  readonly tags: readonly string[];
}

/** Who is in a team: these and nobody else. */
export interface SetTeamAgents {
  /** An id. */
  readonly team: number;
  readonly agents: readonly number[];
}

/** What an admin sets for an inbox; told whole, also what is as it was at first. */
export interface Settings {
  /** A language that the widget speaks. Default: "en". */
  readonly locale?: string;
  /** Markdown. */
  readonly greeting?: string;
  /** Web pages that may use the widget, beside Kefu's own. Default: []. */
  readonly origins?: readonly string[];
  readonly hours?: Hours | null;
  /** Default: "queue". */
  readonly offline?: Offline;
  readonly prechat?: Form | null;
  readonly offline_form?: Form | null;
  readonly preview?: boolean;
  /** Default: true. */
  readonly rating?: boolean;
  /** How long a message opens a resolved chat again. Default: 7. */
  readonly reopen_days?: number;
  readonly identity_required?: boolean;
  readonly look?: Look;
  readonly texts?: Readonly<Record<string, Texts>>;
  /** Default: []. */
  readonly invitations?: readonly Invitation[];
  readonly watch_visitors?: boolean;
  /** Default: true. */
  readonly show_people?: boolean;
  readonly consent?: Consent | null;
}

/** Settings that change; what is left out stays as it is, null resets to the default. */
export interface SettingsChange {
  readonly locale?: string | null;
  readonly greeting?: string | null;
  readonly origins?: readonly string[] | null;
  readonly hours?: Hours | null;
  readonly offline?: Offline | null;
  readonly prechat?: Form | null;
  readonly offline_form?: Form | null;
  readonly preview?: boolean | null;
  readonly rating?: boolean | null;
  readonly reopen_days?: number | null;
  readonly identity_required?: boolean | null;
  readonly look?: Look | null;
  readonly texts?: Readonly<Record<string, Texts>> | null;
  readonly invitations?: readonly Invitation[] | null;
  readonly watch_visitors?: boolean | null;
  readonly show_people?: boolean | null;
  readonly consent?: Consent | null;
}

/** The page that the visitor looks at now, what it says of them, or both. */
export interface ShowPage {
  /** An id. */
  readonly conversation: number;
  /** Left out: as it was. */
  readonly page?: string;
  readonly title?: string;
  readonly referrer?: string;
  /** What the page says of the visitor, unverified; null takes one away. */
  readonly attributes?: Readonly<Record<string, unknown>> | null;
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

/** Let it rest until a time; without one, until the contact's next message. */
export interface Snooze {
  readonly do: "snooze";
  readonly until?: string | null;
}

/** What a list begins with. */
export type Sort = "newest" | "priority" | "waiting";

/** What makes a sound, and how loud. */
export interface Sounds {
  /** Default: true. */
  readonly offer?: boolean;
  /** Default: true. */
  readonly message?: boolean;
  /** Default: true. */
  readonly mention?: boolean;
  /** Default: true. */
  readonly repeat?: boolean;
  /** Default: 80. */
  readonly volume?: number;
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
  /** Of that page. */
  readonly title?: string | null;
  /** Where the visitor came from. */
  readonly referrer?: string | null;
  /** What the page says of the visitor, unverified. */
  readonly attributes?: Readonly<Record<string, unknown>> | null;
  /** To what the inbox asks. */
  readonly consent?: boolean;
  /** Which one the visitor answers. */
  readonly invitation?: string | null;
  /** BCP 47, such as `zh-CN`. */
  readonly locale?: string | null;
  /** Of the IANA database, such as `Asia/Shanghai`. */
  readonly time_zone?: string | null;
}

/** The conversation with its first message. `contact`: who the visitor is from now on. */
export interface Started {
  readonly conversation: Conversation;
  readonly message: Message;
  readonly contact: number;
}

/** Where a delivery stands. */
export type State = "delivered" | "failed" | "waiting";

/** Where a conversation stands. */
export type Status = "open" | "pending" | "queued" | "resolved" | "snoozed";

/** A tag. `conversations`: that have it, are not resolved, and whoever asks may see. */
export interface Tag {
  readonly id: number;
  readonly name: string;
  readonly color?: string;
  readonly conversations?: number;
}

/**
 * A tag is new, or called or coloured otherwise; for the team.
 *
 * `was`: its name before. `gone`: it was deleted, or with `was` it is now the one `name`.
 */
export interface TagChanged {
  readonly on: "tag";
  readonly tag: number;
  readonly name: string;
  readonly color?: string;
  readonly was?: string;
  readonly gone?: boolean;
}

/** A group of agents that a conversation can be given to. */
export interface Team {
  readonly id: number;
  readonly name: string;
  /** Default: []. */
  readonly agents?: readonly number[];
}

/** How many conversations a team has that are not resolved. */
export interface TeamCount {
  readonly team: number;
  readonly queued: number;
  readonly open: number;
}

/** A test is on its way; what becomes of it is in the log. */
export interface Tested {
  readonly delivery: number;
}

/** An inbox's own words in one language; what is empty is as without them. */
export interface Texts {
  readonly name?: string;
  /** Markdown. */
  readonly greeting?: string;
  /** Markdown. */
  readonly away?: string;
}

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

/** As to assign, with a word to whoever gets it. */
export interface TransferConversation {
  /** An id. */
  readonly conversation: number;
  readonly agent?: number | null;
  readonly team?: number | null;
  readonly note?: string | null;
}

/** A delivery about nothing, at once. */
export interface TryWebhook {
  /** An id. */
  readonly webhook: number;
}

/** Somebody types; told again every few seconds, and over when it is not. `text`: so far. */
export interface Typing {
  readonly on: "typing";
  readonly conversation: number;
  readonly person: Person;
  readonly text?: string;
  readonly internal?: boolean;
}

/** How many notes name you that you have not read. */
export interface Unread {
  readonly unread: number;
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

/** What is left out stays as it is. */
export interface UpdateCanned {
  /** An id. */
  readonly canned: number;
  /** What an agent types after a slash: letters, digits, lines or hyphens. */
  readonly shortcut?: string;
  /**
   * Markdown, with {{variables}}: contact.name, contact.first_name, agent.name, conversation.id,
   * inbox.name, contact.attributes.KEY.
   */
  readonly text?: string;
  readonly inbox?: number | null;
}

/** What is left out stays as it is; null removes. */
export interface UpdateContact {
  /** An id. */
  readonly contact: number;
  readonly name?: string;
  readonly email?: string | null;
  readonly phone?: string | null;
  readonly locale?: string | null;
  /** Only those that change; null removes one. */
  readonly attributes?: Readonly<Record<string, unknown>>;
  /** All. */
  readonly tags?: readonly string[];
}

/** What is left out stays as it is, also within `settings`, where null means the default. */
export interface UpdateInbox {
  /** An id. */
  readonly inbox: number;
  readonly name?: string;
  readonly settings?: SettingsChange;
  readonly team?: number | null;
  readonly bot?: number | null;
}

/** What is left out stays as it is; null takes the colour away. */
export interface UpdateTag {
  /** An id. */
  readonly tag: number;
  readonly name?: string;
  readonly color?: "amber" | "blue" | "gray" | "green" | "orange" | "pink" | "purple" | "red" | "teal" | null;
  /** With the tag that has this name, if one has. */
  readonly merge?: boolean;
}

/** Another name. */
export interface UpdateTeam {
  /** An id. */
  readonly team: number;
  readonly name: string;
}

/** What is left out stays as it is. */
export interface UpdateView {
  /** An id. */
  readonly view: number;
  readonly name?: string;
  readonly filter?: ConversationFilter;
  readonly sort?: Sort;
  /** The team sees it. */
  readonly shared?: boolean;
}

/** What is to change; what is left out stays. */
export interface UpdateWebhook {
  /** An id. */
  readonly webhook: number;
  /** http or https, public. */
  readonly url?: string;
  /** None: all. */
  readonly events?: readonly EventName[];
  readonly inbox?: number | null;
  readonly bot?: number | null;
  readonly active?: boolean;
}

/** What a message said until it was edited. */
export interface Version {
  readonly text: string;
  readonly until: string;
}

/** A list under a name. `owner`: the agent who made it; `shared`: the team sees it. */
export interface View {
  readonly id: number;
  readonly name: string;
  readonly filter: ConversationFilter;
  readonly sort: Sort;
  readonly owner: number;
  readonly shared?: boolean;
}

/** A saved view is new, another, or gone (without `saved`); for whoever sees it. */
export interface ViewChanged {
  readonly on: "view";
  readonly view: number;
  readonly saved?: View;
}

/** How many conversations a view shows that are not resolved; 1,000 are 1,000 or more. */
export interface ViewCount {
  readonly view: number;
  readonly count: number;
}

/** Somebody on a site's page, as the page says. `since`: when they came to the site. */
export interface Visit {
  readonly visit: string;
  readonly inbox: number;
  readonly page: string;
  readonly since: string;
  readonly title?: string;
  readonly referrer?: string;
  readonly language?: string;
}

/**
 * A visitor, as they may know themselves. `id`: 0 before the first message.
 *
 * `known`: what a form before the chat need not ask them for. `consented_at`: to what an inbox
 * asks before the first message.
 */
export interface VisitorInfo {
  readonly id: number;
  readonly inbox: number;
  readonly name?: string;
  readonly verified?: boolean;
  /** Default: []. */
  readonly known?: readonly ("email" | "name" | "phone")[];
  readonly consented_at?: string;
}

/** Somebody came to an inbox's site, moved there or left. `count`: who is there now. */
export interface VisitorsChanged {
  readonly on: "visitors";
  readonly inbox: number;
  readonly count?: number;
}

/** A webhook. `circuit`: whether its receiver is sent anything now. */
export interface Webhook {
  readonly id: number;
  readonly url: string;
  readonly created_at: string;
  readonly active: boolean;
  readonly circuit: Circuit;
  /** Default: []. */
  readonly events?: readonly EventName[];
  readonly inbox?: number;
  readonly bot?: number;
}

/** The answer to hello. */
export interface Welcome {
  readonly actor: Who;
  readonly server: Server;
}

/** A word to whoever has the conversation, which the contact does not see. */
export interface Whisper {
  /** An id. */
  readonly conversation: number;
  /** Your own id of this send: a repeat under the same id is stored once. */
  readonly client_id: string;
  /** Markdown, kept as it is. */
  readonly text: string;
}

/** Who the server takes a connection for. `role`: visitor, or of an agent. */
export interface Who {
  readonly role: string;
  readonly id: number;
  readonly name?: string;
  /** Default: []. */
  readonly inboxes?: readonly number[];
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
   * Let an agent go: their connections and sessions end, their open chats are queued again. For the
   * team.
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
    readonly answer: PageOfAgentInfo;
  };
  /** Take one's own picture away. For the team. */
  readonly "agent.remove_avatar": {
    readonly form: RemoveAvatar;
    readonly answer: AgentInfo;
  };
  /**
   * Get a link for an agent to choose a new password; until it is used the old one holds. For the
   * team.
   */
  readonly "agent.reset_link": {
    readonly form: ResetLink;
    readonly answer: NewAgent;
  };
  /**
   * Say whether an agent takes conversations: oneself, or as a supervisor somebody else. For the
   * team.
   */
  readonly "agent.set_availability": {
    readonly form: SetAvailability;
    readonly answer: AgentPresence;
  };
  /** Change one's own name; what one has open comes back under it. For the team. */
  readonly "agent.set_name": {
    readonly form: SetName;
    readonly answer: AgentInfo;
  };
  /** Change one's own password; the caller's other sessions end. For the team. */
  readonly "agent.set_password": {
    readonly form: SetPassword;
    readonly answer: Done;
  };
  /** Have a test offer told to all that the caller has open; nothing is stored. For the team. */
  readonly "agent.test_offer": {
    readonly form: SendOfferTest;
    readonly answer: OfferTested;
  };
  /** Change an agent. For the team. */
  readonly "agent.update": {
    readonly form: UpdateAgent;
    readonly answer: AgentInfo;
  };
  /** The audit trail, the newest first; `next` is the `before` of the next page. For the team. */
  readonly "audit.list": {
    readonly form: ListAudit;
    readonly answer: PageOfAuditEntry;
  };
  /** Keep a canned response. For the team. */
  readonly "canned.create": {
    readonly form: CreateCanned;
    readonly answer: CannedResponse;
  };
  /** Delete a canned response. For the team. */
  readonly "canned.delete": {
    readonly form: DeleteCanned;
    readonly answer: Done;
  };
  /** Canned responses, in the order of their shortcuts. For the team. */
  readonly "canned.list": {
    readonly form: ListCanned;
    readonly answer: PageOfCannedResponse;
  };
  /**
   * Fill in a canned response for a conversation; what is not known is left empty. For the team.
   */
  readonly "canned.render": {
    readonly form: RenderCanned;
    readonly answer: Rendered;
  };
  /** Change a canned response. For the team. */
  readonly "canned.update": {
    readonly form: UpdateCanned;
    readonly answer: CannedResponse;
  };
  /** Refuse whatever a contact sends from now on, and close their connections. For the team. */
  readonly "contact.block": {
    readonly form: BlockContact;
    readonly answer: Contact;
  };
  /** Make a contact who has not written yet; the site has not vouched for them. For the team. */
  readonly "contact.create": {
    readonly form: CreateContact;
    readonly answer: Contact;
  };
  /** A contact; one that was merged is whom it was merged into. For the team. */
  readonly "contact.get": {
    readonly form: GetContact;
    readonly answer: Contact;
  };
  /** Prove who the visitor is; answers whom the browser belongs to from now on. For visitors. */
  readonly "contact.identify": {
    readonly form: Identify;
    readonly answer: VisitorInfo;
  };
  /** Leave an e-mail address, to be told of an answer. For visitors. */
  readonly "contact.leave_email": {
    readonly form: LeaveEmail;
    readonly answer: Done;
  };
  /** Contacts, the newest first; those of one inbox, or with a tag. For the team. */
  readonly "contact.list": {
    readonly form: ListContacts;
    readonly answer: PageOfContact;
  };
  /** Make two contacts one: what the other wrote is from then on this one's. For the team. */
  readonly "contact.merge": {
    readonly form: MergeContacts;
    readonly answer: Contact;
  };
  /**
   * Find contacts by their name, e-mail address, telephone number, id, tags and attributes. For the
   * team.
   */
  readonly "contact.search": {
    readonly form: SearchContacts;
    readonly answer: PageOfContact;
  };
  /** Let a contact who was blocked write again. For the team. */
  readonly "contact.unblock": {
    readonly form: BlockContact;
    readonly answer: Contact;
  };
  /** Change what is known of a contact. For the team. */
  readonly "contact.update": {
    readonly form: UpdateContact;
    readonly answer: Contact;
  };
  /** Accept what was offered to you; after that it cannot be declined. For the team. */
  readonly "conversation.accept": {
    readonly form: OneConversation;
    readonly answer: Conversation;
  };
  /** Ask for a person in a bot's place; where no bot has it, that changes nothing. For visitors. */
  readonly "conversation.ask_person": {
    readonly form: AskPerson;
    readonly answer: Conversation;
  };
  /** Give a conversation to an agent, oneself perhaps, or to a team's queue. For the team. */
  readonly "conversation.assign": {
    readonly form: AssignConversation;
    readonly answer: Conversation;
  };
  /**
   * Begin a conversation with a contact; a repeat under the same `client_id` begins none. For the
   * team.
   */
  readonly "conversation.begin": {
    readonly form: BeginConversation;
    readonly answer: Begun;
  };
  /** Do one thing to many conversations; each is done or refused by itself. For the team. */
  readonly "conversation.bulk": {
    readonly form: BulkConversations;
    readonly answer: BulkResults;
  };
  /** Follow a conversation no more. Over realtime alone. */
  readonly "conversation.close": {
    readonly form: CloseConversation;
    readonly answer: Done;
  };
  /** How many conversations wait for what. For the team. */
  readonly "conversation.counts": {
    readonly form: CountConversations;
    readonly answer: Counts;
  };
  /**
   * Give back what was offered to you: it keeps its place and is not offered to you again. For the
   * team.
   */
  readonly "conversation.decline": {
    readonly form: OneConversation;
    readonly answer: Conversation;
  };
  /**
   * Say up to which number the actor's side has got everything; never goes back. For visitors and
   * the team.
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
  /** Give a conversation that a bot has to people: to the queue, or a team's. For the team. */
  readonly "conversation.hand_off": {
    readonly form: HandOff;
    readonly answer: Conversation;
  };
  /**
   * Keep an offer for ten more seconds, while its button is held or its answer written. For the
   * team.
   */
  readonly "conversation.hold": {
    readonly form: OneConversation;
    readonly answer: OfferHeld;
  };
  /**
   * Conversations, the one written to last first, or whoever waits longest, or by urgency. For
   * visitors and the team.
   */
  readonly "conversation.list": {
    readonly form: ListConversations;
    readonly answer: PageOfConversation;
  };
  /** Say which conversation one looks at, for the team to see. For the team. */
  readonly "conversation.look": {
    readonly form: LookAt;
    readonly answer: Done;
  };
  /** Begin to look at a conversation without taking part, as a supervisor. For the team. */
  readonly "conversation.observe": {
    readonly form: ObserveConversation;
    readonly answer: Conversation;
  };
  /** Follow one conversation. Over realtime alone. */
  readonly "conversation.open": {
    readonly form: OpenConversation;
    readonly answer: ConversationPage;
  };
  /** Say on which page the visitor is now, and what it says of them; for the team. For visitors. */
  readonly "conversation.page": {
    readonly form: ShowPage;
    readonly answer: Done;
  };
  /** Take a conversation out of the queue; of many who try, one gets it. For the team. */
  readonly "conversation.pick": {
    readonly form: OneConversation;
    readonly answer: Conversation;
  };
  /**
   * Where in the queue a conversation waits, and whether anybody takes from it now. For visitors
   * and the team.
   */
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
  /** Send a transcript of the conversation by mail. For visitors and the team. */
  readonly "conversation.send_transcript": {
    readonly form: SendTranscript;
    readonly answer: Queued;
  };
  /** Set some of a conversation's attributes. For the team. */
  readonly "conversation.set_attributes": {
    readonly form: SetAttributes;
    readonly answer: Conversation;
  };
  /** Say how urgent a conversation is. For the team. */
  readonly "conversation.set_priority": {
    readonly form: SetPriority;
    readonly answer: Conversation;
  };
  /** Resolve, snooze or park a conversation, or bring it back. For the team. */
  readonly "conversation.set_status": {
    readonly form: SetStatus;
    readonly answer: Conversation;
  };
  /** Replace a conversation's tags. For the team. */
  readonly "conversation.set_tags": {
    readonly form: SetTags;
    readonly answer: Conversation;
  };
  /** Begin a conversation; a repeat under the same `client_id` begins none. For visitors. */
  readonly "conversation.start": {
    readonly form: StartConversation;
    readonly answer: Started;
  };
  /**
   * Take a conversation from whoever has it; for supervisors, and in the audit trail. For the team.
   */
  readonly "conversation.take_over": {
    readonly form: OneConversation;
    readonly answer: Conversation;
  };
  /** Give a conversation away with a note, which is stored together with it. For the team. */
  readonly "conversation.transfer": {
    readonly form: TransferConversation;
    readonly answer: Conversation;
  };
  /**
   * Tell the others that the actor types; what is told too often is dropped. For visitors and the
   * team.
   */
  readonly "conversation.typing": {
    readonly form: ShowTyping;
    readonly answer: Done;
  };
  /**
   * Set one's own mark of what one has read back, before a message; the team's stays. For the team.
   */
  readonly "conversation.unread": {
    readonly form: MarkUnread;
    readonly answer: Done;
  };
  /** Tell whoever has the conversation something that the contact does not see. For the team. */
  readonly "conversation.whisper": {
    readonly form: Whisper;
    readonly answer: Sent;
  };
  /**
   * End a browser: it is nobody's from now on, and what it has open closes. For visitors and the
   * team.
   */
  readonly "device.end": {
    readonly form: EndDevice;
    readonly answer: Done;
  };
  /** The browsers of a contact, the oldest first. For visitors and the team. */
  readonly "device.list": {
    readonly form: ListDevices;
    readonly answer: PageOfDeviceInfo;
  };
  /**
   * What happened since a cursor in everything that you may see; a long poll, if you wait. For
   * visitors and the team.
   */
  readonly "event.list": {
    readonly form: ListEvents;
    readonly answer: EventPage;
  };
  /** Follow everything no more. Over realtime alone. */
  readonly "feed.close": {
    readonly form: CloseFeed;
    readonly answer: Done;
  };
  /** Follow everything that you may see. Over realtime alone. */
  readonly "feed.open": {
    readonly form: OpenFeed;
    readonly answer: FeedPage;
  };
  /** Say who you are: the first frame. Over realtime alone. */
  readonly "hello": {
    readonly form: Hello;
    readonly answer: Welcome;
  };
  /** Take visitors again. For the team. */
  readonly "inbox.activate": {
    readonly form: GetInbox;
    readonly answer: Inbox;
  };
  /** Make an identity key; its secret is in this answer and nowhere else. For the team. */
  readonly "inbox.add_identity_key": {
    readonly form: AddIdentityKey;
    readonly answer: NewIdentityKey;
  };
  /** Make an inbox, with a widget key of its own. For the team. */
  readonly "inbox.create": {
    readonly form: CreateInbox;
    readonly answer: Inbox;
  };
  /** Take no more visitors; what was said stays, and agents can still work on it. For the team. */
  readonly "inbox.deactivate": {
    readonly form: GetInbox;
    readonly answer: Inbox;
  };
  /** One inbox. For the team. */
  readonly "inbox.get": {
    readonly form: GetInbox;
    readonly answer: Inbox;
  };
  /** The inboxes that the caller works in; an admin sees all. For the team. */
  readonly "inbox.list": {
    readonly form: ListInboxes;
    readonly answer: PageOfInbox;
  };
  /** An inbox's identity keys, the oldest first, without their secrets. For the team. */
  readonly "inbox.list_identity_keys": {
    readonly form: ListIdentityKeys;
    readonly answer: PageOfIdentityKey;
  };
  /** What a web page may know of the inbox that its widget key names. For anyone. */
  readonly "inbox.public": {
    readonly form: GetPublicInbox;
    readonly answer: PublicInbox;
  };
  /** Retire an identity key: what is signed with it proves nothing any more. For the team. */
  readonly "inbox.retire_identity_key": {
    readonly form: RetireIdentityKey;
    readonly answer: Done;
  };
  /** Say who works in an inbox. For the team. */
  readonly "inbox.set_agents": {
    readonly form: SetInboxAgents;
    readonly answer: Inbox;
  };
  /**
   * Change how an inbox is called and behaves, and to which team and bot chats go first. For the
   * team.
   */
  readonly "inbox.update": {
    readonly form: UpdateInbox;
    readonly answer: Inbox;
  };
  /** Notes that name the caller, the newest first. For the team. */
  readonly "mention.list": {
    readonly form: ListMentions;
    readonly answer: PageOfMention;
  };
  /** Say that the caller has read one note that names them, or all. For the team. */
  readonly "mention.read": {
    readonly form: ReadMentions;
    readonly answer: Unread;
  };
  /**
   * Take a message's content away; its place stays. Supervisors may delete others' messages. For
   * visitors and the team.
   */
  readonly "message.delete": {
    readonly form: DeleteMessage;
    readonly answer: Message;
  };
  /**
   * Give a message another text. Visitors may for a while, agents at any time. For visitors and the
   * team.
   */
  readonly "message.edit": {
    readonly form: EditMessage;
    readonly answer: Message;
  };
  /** What a message said before it was edited, the oldest first. For the team. */
  readonly "message.history": {
    readonly form: GetHistory;
    readonly answer: PageOfVersion;
  };
  /** Messages, notes and activities of a conversation, by number. For visitors and the team. */
  readonly "message.list": {
    readonly form: ListMessages;
    readonly answer: PageOfMessage;
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
  /** Find messages and notes by their words. For the team. */
  readonly "message.search": {
    readonly form: SearchMessages;
    readonly answer: PageOfMessageHit;
  };
  /**
   * Say something; a repeat under the same `client_id` is stored once. For visitors and the team.
   */
  readonly "message.send": {
    readonly form: SendMessage;
    readonly answer: Sent;
  };
  /** Nothing: to see whether the server answers. Over realtime alone. */
  readonly "ping": {
    readonly form: Ping;
    readonly answer: Done;
  };
  /** How the console behaves for the caller, with all defaults. For the team. */
  readonly "preferences.get": {
    readonly form: GetPreferences;
    readonly answer: Preferences;
  };
  /** Change how the console behaves for the caller. For the team. */
  readonly "preferences.update": {
    readonly form: SetPreferences;
    readonly answer: Preferences;
  };
  /** Ratings of conversations, the newest first, with their average. For the team. */
  readonly "rating.list": {
    readonly form: ListRatings;
    readonly answer: Ratings;
  };
  /**
   * Let this browser go on with the conversation of a letter; a repeat changes nothing. For
   * visitors.
   */
  readonly "session.accept_chat_link": {
    readonly form: AcceptChatLink;
    readonly answer: Opened;
  };
  /** Use a one-time link to choose a password, and be signed in. For anyone. */
  readonly "session.accept_link": {
    readonly form: AcceptLink;
    readonly answer: SignedIn;
  };
  /** Sign out one browser of one's own, also the one that asks. For the team. */
  readonly "session.end": {
    readonly form: EndSession;
    readonly answer: Done;
  };
  /** Sign out everywhere else. For the team. */
  readonly "session.end_others": {
    readonly form: EndOthers;
    readonly answer: Done;
  };
  /** The caller's sessions, the one used last first. For the team. */
  readonly "session.list": {
    readonly form: ListSessions;
    readonly answer: PageOfSessionInfo;
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
  /** Make a tag. For the team. */
  readonly "tag.create": {
    readonly form: CreateTag;
    readonly answer: Tag;
  };
  /** Delete a tag: no conversation or contact has it any more. For the team. */
  readonly "tag.delete": {
    readonly form: DeleteTag;
    readonly answer: Done;
  };
  /**
   * All tags by name, with how many conversations that are not resolved have each. For the team.
   */
  readonly "tag.list": {
    readonly form: ListTags;
    readonly answer: PageOfTag;
  };
  /**
   * Colour a tag, rename it everywhere, or make it one with another; tells which stays. For the
   * team.
   */
  readonly "tag.update": {
    readonly form: UpdateTag;
    readonly answer: Tag;
  };
  /** Make a team. For the team. */
  readonly "team.create": {
    readonly form: CreateTeam;
    readonly answer: Team;
  };
  /**
   * Delete a team that nothing is given to any more; resolved conversations lose it. For the team.
   */
  readonly "team.delete": {
    readonly form: DeleteTeam;
    readonly answer: Done;
  };
  /** All teams and who is in them. For the team. */
  readonly "team.list": {
    readonly form: ListTeams;
    readonly answer: PageOfTeam;
  };
  /** Say who is in a team. For the team. */
  readonly "team.set_agents": {
    readonly form: SetTeamAgents;
    readonly answer: Team;
  };
  /** Give a team another name. For the team. */
  readonly "team.update": {
    readonly form: UpdateTeam;
    readonly answer: Team;
  };
  /** Make an API token; its secret is in this answer and nowhere else. For the team. */
  readonly "token.create": {
    readonly form: CreateToken;
    readonly answer: NewToken;
  };
  /** An agent's API tokens, the oldest first. For the team. */
  readonly "token.list": {
    readonly form: ListTokens;
    readonly answer: PageOfTokenInfo;
  };
  /** End an API token, and what is connected by it. For the team. */
  readonly "token.revoke": {
    readonly form: RevokeToken;
    readonly answer: Done;
  };
  /**
   * How many conversations that are not resolved each of the caller's views shows. For the team.
   */
  readonly "view.counts": {
    readonly form: CountViews;
    readonly answer: PageOfViewCount;
  };
  /** Keep a list of conversations under a name, for oneself or for the team. For the team. */
  readonly "view.create": {
    readonly form: CreateView;
    readonly answer: View;
  };
  /** Delete a view. For the team. */
  readonly "view.delete": {
    readonly form: DeleteView;
    readonly answer: Done;
  };
  /** The caller's own views and those that are shared, by name. For the team. */
  readonly "view.list": {
    readonly form: ListViews;
    readonly answer: PageOfView;
  };
  /** Change a view, share it, or share it no more. For the team. */
  readonly "view.update": {
    readonly form: UpdateView;
    readonly answer: View;
  };
  /** Who is on the site now, by what its pages say, the last to come first. For the team. */
  readonly "visitor.list": {
    readonly form: ListVisitors;
    readonly answer: PageOfVisit;
  };
  /** Say that somebody is on a page of the site; nothing of it is stored. For anyone. */
  readonly "visitor.report": {
    readonly form: ReportVisit;
    readonly answer: Done;
  };
  /** Make a webhook. It hears of what happens from now on. For the team. */
  readonly "webhook.create": {
    readonly form: CreateWebhook;
    readonly answer: NewWebhook;
  };
  /** Delete a webhook with its log; what waits is not sent. For the team. */
  readonly "webhook.delete": {
    readonly form: DeleteWebhook;
    readonly answer: Done;
  };
  /** A webhook's deliveries, newest first. For the team. */
  readonly "webhook.deliveries": {
    readonly form: ListDeliveries;
    readonly answer: PageOfDeliveryInfo;
  };
  /** One webhook, without its secrets. For the team. */
  readonly "webhook.get": {
    readonly form: GetWebhook;
    readonly answer: Webhook;
  };
  /** All webhooks, without their secrets. For the team. */
  readonly "webhook.list": {
    readonly form: ListWebhooks;
    readonly answer: PageOfWebhook;
  };
  /** Send one delivery again, or all that failed since a time. For the team. */
  readonly "webhook.replay": {
    readonly form: Replay;
    readonly answer: Replayed;
  };
  /**
   * Draw a new secret. The one before it signs beside it, so that no delivery is refused. For the
   * team.
   */
  readonly "webhook.rotate_secret": {
    readonly form: RotateSecret;
    readonly answer: NewWebhook;
  };
  /**
   * Send a test delivery, once and at once, also to a receiver that was left alone. For the team.
   */
  readonly "webhook.test": {
    readonly form: TryWebhook;
    readonly answer: Tested;
  };
  /** Change a webhook, switch it off or on again. For the team. */
  readonly "webhook.update": {
    readonly form: UpdateWebhook;
    readonly answer: Webhook;
  };
}

export type CommandName = keyof Commands;
