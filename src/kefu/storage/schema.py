"""The tables, as SQLAlchemy Core values: what is stored, whatever the database.

Rules: one description for SQLite and PostgreSQL. Text is stored verbatim. Times are Unix
milliseconds of the server's clock. Kinds, roles and states are open sets, so they are plain text;
so is JSON, which nobody queries here. Secrets that only need to be recognised are stored as their
SHA-256. A change here comes with a migration; a test compares the two.
Not here: statements (``messages``, ``conversations``), how a schema is brought up to date
(``migrations``), the full-text index, which is another thing on each database (``search``).
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Column,
    ForeignKey,
    Index,
    Integer,
    PrimaryKeyConstraint,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from kefu.storage.columns import Id
from kefu.storage.columns import count_column as _count
from kefu.storage.columns import id_column as _id
from kefu.storage.columns import metadata as metadata
from kefu.storage.columns import ms_column as _ms
from kefu.storage.columns import ref_column as _ref
from kefu.storage.columns import text_column as _text

REVISION = "0017"  # the newest migration; the one this code works with

# This very store: ``epoch`` is drawn when it is made; marks are made with it (``core.cursors``).
store = Table("store", metadata, _text("epoch"), _text("secret"))

# The last id of a table whose ids must not be given again; on SQLite (``numbering``).
numbering = Table(
    "numbering",
    metadata,
    Column("name", Text, primary_key=True),
    Column("last_id", Id, nullable=False),
)

team = Table("team", metadata, _id(), Column("name", Text, nullable=False, unique=True))

# One of the team. ``email`` is in the form in which it is compared; null for bots and for the
# rooms protocol's agents, whom ``classic_name`` finds.
agent = Table(
    "agent",
    metadata,
    _id(),
    Column("name", Text, nullable=False, unique=True),
    Column("email", Text, unique=True),
    Column("classic_name", Text, unique=True),
    _text("role"),
    _text("password_hash", nullable=True),
    _count("active", 1),
    _text("availability", "offline"),
    _count("chat_limit", 5),
    _text("skills", "[]"),
    _text("languages", "[]"),
    _ms("assigned_ms"),  # the last time a conversation was assigned
    _ms("gone_ms"),  # since when they have no connection; null: they have one
    _count("missed"),  # offers in a row that they let pass
    _ms("created_ms", nullable=False),
)

# What one of the team prefers: JSON of ``profile.preferences``.
preferences = Table(
    "preferences",
    metadata,
    Column("agent_id", Id, ForeignKey("agent.id"), primary_key=True, autoincrement=False),
    _text("json"),
)

# The picture of one of the team.
avatar = Table(
    "avatar",
    metadata,
    Column("agent_id", Id, ForeignKey("agent.id"), primary_key=True, autoincrement=False),
    Column("storage_key", Text, nullable=False, unique=True),
    Column("size", Integer, nullable=False),  # bytes
    _text("sha256"),
)

# Where conversations come in. ``settings``: JSON of ``core.inbox.Settings``.
inbox = Table(
    "inbox",
    metadata,
    _id(),
    _text("kind"),  # widget, classic
    Column("name", Text, nullable=False, unique=True),
    Column("widget_key", Text, unique=True),
    _text("settings", "{}"),
    _ref("team_id", "team", nullable=True),
    _ref("bot_id", "agent", nullable=True),
    _count("active", 1),
    _ms("created_ms", nullable=False),
)

inbox_agent = Table(
    "inbox_agent",
    metadata,
    _ref("inbox_id", "inbox"),
    _ref("agent_id", "agent"),
    PrimaryKeyConstraint("inbox_id", "agent_id"),
)

team_agent = Table(
    "team_agent",
    metadata,
    _ref("team_id", "team"),
    _ref("agent_id", "agent"),
    PrimaryKeyConstraint("team_id", "agent_id"),
)

# What a site signs its visitors' identities with: at most two live ones per inbox.
identity_key = Table(
    "identity_key",
    metadata,
    _id(),
    _ref("inbox_id", "inbox"),
    _text("kid"),
    _text("secret"),
    _ms("created_ms", nullable=False),
    UniqueConstraint("inbox_id", "kid"),
)

# A signed-in browser of an agent.
session = Table(
    "session",
    metadata,
    _id(),
    Column("token_hash", Text, nullable=False, unique=True),
    Column("agent_id", Id, ForeignKey("agent.id"), nullable=False, index=True),
    _ms("created_ms", nullable=False),
    _ms("seen_ms", nullable=False),  # the last use, to the hour
    _ms("expires_ms", nullable=False),
    _text("address", ""),
    _text("user_agent", ""),
    sqlite_autoincrement=True,  # the end of one must never be that of another
)

# A machine's key; it acts as its agent, within ``scopes`` (JSON).
api_token = Table(
    "api_token",
    metadata,
    _id(),
    Column("token_hash", Text, nullable=False, unique=True),
    Column("agent_id", Id, ForeignKey("agent.id"), nullable=False, index=True),
    _text("name"),
    _text("scopes"),
    _ms("created_ms", nullable=False),
    _ms("expires_ms"),
    _ms("used_ms"),
    sqlite_autoincrement=True,  # as a session's
)

# A link that works once: set up the first admin, invite, reset a password.
one_time_link = Table(
    "one_time_link",
    metadata,
    _id(),
    Column("token_hash", Text, nullable=False, unique=True),
    _text("purpose"),
    _ref("agent_id", "agent", nullable=True),
    _ms("expires_ms", nullable=False),
)

# Passwords that were tried: those that were wrong, and those that are being looked at.
login_attempt = Table(
    "login_attempt",
    metadata,
    _id(),
    _text("key"),  # SHA-256 of the account or of the address
    Column("at_ms", BigInteger, nullable=False, index=True),
    Index(None, "key", "at_ms"),
)

# Somebody's access ended or changed: every server closes what it has open on ``channel``. The
# newest row stays, so that ids grow for ever.
revocation = Table(
    "revocation",
    metadata,
    _id(),
    _ms("at_ms", nullable=False),
    _text("channel"),
    _text("reason"),
)

# A person outside the team. ``identifier`` finds the contact again, e.g. "rooms:张三" or
# "user:42", the id that a site signed; it is null for somebody who cannot be recognised.
contact = Table(
    "contact",
    metadata,
    _id(),
    Column("identifier", Text, unique=True),
    _text("name"),
    _ms("created_ms", nullable=False),
    _text("email", nullable=True),
    _text("phone", nullable=True),
    _text("locale", nullable=True),
    _text("attributes", "{}"),
    _text("tags", "[]"),
    _ms("seen_ms"),
    _ms("blocked_ms"),
    _ms("consent_ms"),  # when they agreed to what an inbox asks
    Column("merged_into_id", Id, ForeignKey("contact.id")),
    _ref(
        "inbox_id", "inbox", nullable=True
    ),  # where the team made them; null: they came themselves
    _count("indexed"),  # whether the search knows it as it is now
    Index(None, "email"),
)
Index(
    "ix_contact_unindexed",
    contact.c.id,
    sqlite_where=text("indexed = 0"),
    postgresql_where=text("indexed = 0"),
)

# A visitor's browser: what it was given with its first message.
device = Table(
    "device",
    metadata,
    _id(),
    Column("token_hash", Text, nullable=False, unique=True),
    Column("contact_id", Id, ForeignKey("contact.id"), nullable=False, index=True),
    _ref("inbox_id", "inbox"),
    _count("verified"),
    _ms("created_ms", nullable=False),
)

conversation = Table(
    "conversation",
    metadata,
    _id(),
    Column("key", Text, nullable=False, unique=True),
    _text("kind"),
    Column("last_seq", Integer, nullable=False),  # the newest entry's number
    _ms("created_ms", nullable=False),
    _ref("inbox_id", "inbox", nullable=True),  # null: a direct pair, which nobody handles
    _ref("contact_id", "contact", nullable=True),
    _text("status", nullable=True),
    _ref("assignee_id", "agent", nullable=True),
    _ref("team_id", "team", nullable=True),
    _count("priority"),
    _text("tags", "[]"),
    _text("attributes", "{}"),
    _text("about", "{}"),  # JSON, as the visitor's page said: page, title, referrer …
    _count("rating"),  # 0 = none
    _count("last_public_seq"),  # the newest entry that the visitor sees
    _count("last_message_seq"),  # the newest message that the visitor sees
    Column("last_id", Id, nullable=False, server_default="0"),  # the newest entry's id
    _count("team_unread"),
    _count("contact_unread"),
    _count("contact_messages"),  # that the contact wrote so far
    _count("team_read_seq"),
    _count("contact_read_seq"),
    _count("team_delivered_seq"),
    _count("contact_delivered_seq"),
    _ms("waiting_ms"),  # the contact's first message without an answer
    # Since when it waits in the queue, and the id of the entry that queued it: the queue's order.
    # Whoever is offered it (status open) leaves both as they are until they accept, so that it
    # keeps its place if they decline.
    _ms("queued_ms"),
    Column("queued_id", Id),
    # Of an offer: since when, and until when it stands.
    _ms("offered_ms"),
    _ms("offer_until_ms"),
    _ms("snoozed_until_ms"),
    _ms("reopen_until_ms"),  # resolved: until when a message of the contact opens it again
)
# Conversations that are worked on are few, and counted by this index alone; the resolved ones are
# many and seldom change.
Index(
    "ix_conversation_live",
    conversation.c.status,
    conversation.c.inbox_id,
    conversation.c.kind,
    conversation.c.assignee_id,
    conversation.c.team_id,
    sqlite_where=text("status <> 'resolved'"),
    postgresql_where=text("status <> 'resolved'"),
)
Index(
    "ix_conversation_resolved",
    conversation.c.last_id,
    sqlite_where=text("status = 'resolved'"),
    postgresql_where=text("status = 'resolved'"),
)
Index("ix_conversation_contact_id", conversation.c.contact_id)
# What assignment and timers look at: never more than what waits, is open, snoozed or
# offered.
Index(
    "ix_conversation_queue",
    conversation.c.queued_id,
    conversation.c.id,
    sqlite_where=text("status = 'queued' AND kind = 'desk'"),
    postgresql_where=text("status = 'queued' AND kind = 'desk'"),
)
Index(
    "ix_conversation_open",
    conversation.c.assignee_id,
    sqlite_where=text("status = 'open'"),
    postgresql_where=text("status = 'open'"),
)
Index(
    "ix_conversation_snoozed",
    conversation.c.snoozed_until_ms,
    sqlite_where=text("status = 'snoozed'"),
    postgresql_where=text("status = 'snoozed'"),
)
Index(
    "ix_conversation_offered",
    conversation.c.offer_until_ms,
    sqlite_where=text("offer_until_ms IS NOT NULL"),
    postgresql_where=text("offer_until_ms IS NOT NULL"),
)

# Who was offered a conversation in vain since it was last queued. Whoever declined it is not
# offered it again; whoever let it pass (``missed``), once nobody else can take it.
declined = Table(
    "declined",
    metadata,
    _ref("conversation_id", "conversation"),
    _ref("agent_id", "agent"),
    _count("missed"),
    PrimaryKeyConstraint("conversation_id", "agent_id"),
)

participant = Table(
    "participant",
    metadata,
    _id(),
    Column("conversation_id", Id, ForeignKey("conversation.id"), nullable=False),
    _text("role"),
    _text("name"),
    Column("contact_id", Id, ForeignKey("contact.id")),
    _ref("agent_id", "agent", nullable=True),
    UniqueConstraint("conversation_id", "role", "name"),
    Index(None, "name"),
)
# Whatever they are called by then: a repeated send must find its first copy.
for _column in (participant.c.contact_id, participant.c.agent_id):
    Index(
        f"ix_participant_{_column.name}",
        _column,
        participant.c.conversation_id,
        unique=True,
        sqlite_where=_column.is_not(None),
        postgresql_where=_column.is_not(None),
    )

# The timeline: ``type`` is of ``core.conversation.Entry``; ``id`` grows with time over the whole
# store, in the order of the commits.
message = Table(
    "message",
    metadata,
    _id(),
    Column("conversation_id", Id, ForeignKey("conversation.id"), nullable=False),
    Column("seq", Integer, nullable=False),  # 1, 2, 3 … within the conversation
    Column("sender_id", Id, ForeignKey("participant.id"), nullable=False),
    Column("client_id", Text),  # null: the sender's protocol has no such ids
    Column("text", Text, nullable=False),
    _ms("sent_ms", nullable=False),
    _text("type", "message"),
    _count("private"),  # only the team sees it
    Column("about_seq", Integer),  # of the message that this entry changed
    Column("body", Text),  # JSON: ``core.desk.Body`` or ``Activity``
    _ms("edited_ms"),
    _ms("deleted_ms"),
    UniqueConstraint("conversation_id", "seq"),
    # A sender belongs to one conversation. Client ids that grow with time go to the end of this
    # index, which halves what a busy store writes; ids of other forms are as good, and slower.
    Index(
        None,
        "client_id",
        "sender_id",
        unique=True,
        sqlite_where=text("client_id IS NOT NULL"),
        postgresql_where=text("client_id IS NOT NULL"),
    ),
)

# What a message said before it was edited.
message_version = Table(
    "message_version",
    metadata,
    _id(),
    Column("message_id", Id, ForeignKey("message.id"), nullable=False, index=True),
    _text("text"),
    _ms("until_ms", nullable=False),
)

file = Table(
    "file",
    metadata,
    _id(),
    _ref("inbox_id", "inbox"),
    _ref("conversation_id", "conversation", nullable=True),  # null until it is sent
    _text("owner"),  # ``Actor.key`` of who uploaded it
    _text("name"),
    _text("type"),
    Column("size", BigInteger, nullable=False),  # bytes
    Column("storage_key", Text, nullable=False, unique=True),
    Column("preview_key", Text, unique=True),
    Column("preview_size", Integer),
    Column("width", Integer),
    Column("height", Integer),
    Column("duration_ms", Integer),  # of a recording, as its recorder said
    Column("peaks", Text),  # JSON: its waveform, likewise
    _ms("created_ms", nullable=False),
    Index(None, "conversation_id"),
)

# How far one of the team has read a conversation, and how many messages the contact had written by
# there: the difference to how many there are is what this agent has not read. ``back``: how often
# it was set back, so that of two that are told the newer is known.
read_mark = Table(
    "read_mark",
    metadata,
    _ref("agent_id", "agent"),
    _ref("conversation_id", "conversation"),
    Column("seq", Integer, nullable=False),
    Column("messages", Integer, nullable=False),
    Column("back", Integer, nullable=False, server_default="0"),
    PrimaryKeyConstraint("agent_id", "conversation_id"),
)

# One of the team is named in a note. ``read_ms``: null until they have read it.
mention = Table(
    "mention",
    metadata,
    _ref("agent_id", "agent"),
    Column("message_id", Id, ForeignKey("message.id"), nullable=False, index=True),
    _ref("conversation_id", "conversation"),
    Column("seq", Integer, nullable=False),
    _ms("read_ms"),
    PrimaryKeyConstraint("agent_id", "message_id"),
)
Index(
    "ix_mention_unread",
    mention.c.agent_id,
    mention.c.conversation_id,
    sqlite_where=text("read_ms IS NULL"),
    postgresql_where=text("read_ms IS NULL"),
)

# A list of conversations under a name. ``filter``: JSON of ``core.lists.ConversationFilter``.
saved_view = Table(
    "saved_view",
    metadata,
    _id(),
    Column("agent_id", Id, ForeignKey("agent.id"), nullable=False, index=True),
    _text("name"),
    _text("filter"),
    _text("sort"),
    _count("shared"),
    _ms("created_ms", nullable=False),
)

# What a tag is beside its name, which conversations and contacts keep.
tag = Table(
    "tag",
    metadata,
    _id(),
    Column("name", Text, nullable=False, unique=True),
    _text("color", nullable=True),
)

canned_response = Table(
    "canned_response",
    metadata,
    _id(),
    Column("shortcut", Text, nullable=False, unique=True),
    _text("text"),
    _ref("inbox_id", "inbox", nullable=True),  # null: in every inbox
)

rating = Table(
    "rating",
    metadata,
    _id(),
    Column("conversation_id", Id, ForeignKey("conversation.id"), nullable=False, unique=True),
    _ref("agent_id", "agent", nullable=True),  # who had the conversation
    Column("score", Integer, nullable=False),
    _text("comment", ""),
    _ms("rated_ms", nullable=False),
)

audit = Table(
    "audit",
    metadata,
    _id(),
    _ms("at_ms", nullable=False),
    _text("actor"),
    _text("act"),
    _text("subject"),
    _text("details", "{}"),
    _text("address", ""),
)

webhook = Table(
    "webhook",
    metadata,
    _id(),
    _text("url"),
    _text("secrets"),  # JSON: the live ones, newest first
    _text("events", "[]"),  # JSON; empty: all
    _ref("inbox_id", "inbox", nullable=True),  # null: of every inbox
    _ref("bot_id", "agent", nullable=True),  # the bot that hears of its conversations by it
    _count("active", 1),
    Column("last_id", Id, nullable=False),  # the newest entry that deliveries were made of
    _text("breaker", "{}"),
    _ms("created_ms", nullable=False),
)

delivery = Table(
    "delivery",
    metadata,
    _id(),
    _ref("webhook_id", "webhook"),
    Column("message_id", Id, ForeignKey("message.id")),  # null: a test
    _text("state"),  # waiting, delivered, failed
    _count("attempts"),
    _ms("created_ms", nullable=False),
    _ms("begun_ms", nullable=False),  # what its tries are counted from: made, or replayed
    _ms("next_ms"),  # 0: at once, in the order of the ids; null: no more
    _ms("tried_ms"),  # the last attempt
    _ms("done_ms"),
    Column("status", Integer),  # of the last answer
    _text("fault", nullable=True),
    Index(None, "webhook_id", "next_ms", "id"),
    Index(None, "webhook_id", "id"),
    Index(  # they are few, and looked for among many
        "ix_delivery_failed",
        "webhook_id",
        "id",
        sqlite_where=text("state = 'failed'"),
        postgresql_where=text("state = 'failed'"),
    ),
)

letter = Table(
    "letter",
    metadata,
    _id(),
    _text("kind"),  # transcript, answer, team
    _ref("conversation_id", "conversation"),
    _text("recipient"),
    Column("after_seq", Integer, nullable=False),  # answer: the contact had read up to here
    _text("state"),  # waiting, sent, failed, unneeded
    _count("attempts"),
    _ms("created_ms", nullable=False),
    _ms("next_ms"),
    _ms("done_ms"),
    _text("fault", nullable=True),
    _ref("agent_id", "agent", nullable=True),  # team: whom it is for …
    Column("told_id", Id),  # … and up to which entry it tells
    Index(None, "next_ms"),
    Index(None, "conversation_id"),
    Index(None, "recipient"),
    Index(
        "ix_letter_agent_id",
        "agent_id",
        sqlite_where=text("agent_id IS NOT NULL"),
        postgresql_where=text("agent_id IS NOT NULL"),
    ),
)

# A link in a letter: the first browser that shows it goes on with the conversation for a while.
chat_link = Table(
    "chat_link",
    metadata,
    _id(),
    Column("token_hash", Text, nullable=False, unique=True),
    _ref("conversation_id", "conversation"),
    Column("expires_ms", BigInteger, nullable=False, index=True),
    _text("email", nullable=True),  # where the letter went; null: not known
    _text("device_hash", nullable=True),  # of the browser that opened it; null: none did
)

# How far each reader of the timeline has come.
consumer = Table(
    "consumer",
    metadata,
    Column("name", Text, primary_key=True),
    Column("last_id", Id, nullable=False),
)

# Answers to repeatable commands, by actor and Idempotency-Key.
answer = Table(
    "answer",
    metadata,
    _text("actor"),
    _text("key"),
    _text("asked"),  # SHA-256 of the command
    _text("json"),
    Column("at_ms", BigInteger, nullable=False, index=True),
    PrimaryKeyConstraint("actor", "key"),
)
