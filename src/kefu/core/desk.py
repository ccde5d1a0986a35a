"""The desk's values, in the form in which every client sees them.

Rules: one shape serves storage, REST and realtime; msgspec makes its JSON and its JSON schema.
Times are UTC. A field that is left out is null, 0, false, "" or empty: what has another default is
always told. One of the team, a contact, an inbox … is its ``id`` where it is named, under its noun
(``agent``, ``inbox``), and a ``Person`` where somebody is shown. ``internal`` fields are for the
team: what a visitor is sent went through ``core.views``.
Not here: rows (``storage``), commands (``actions``), what holds an entry's content together
(``core.content``).
"""

from __future__ import annotations

from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta, field

from kefu.core.actors import AgentRole
from kefu.core.attributes import Scalar
from kefu.core.conversation import Entry, Kind, Role
from kefu.core.states import Status

Time = Annotated[datetime, Meta(tz=True)]


def at(unix_ms: int) -> datetime:
    """Unix milliseconds as a time."""
    return datetime.fromtimestamp(unix_ms / 1000, UTC)


def to_ms(time: datetime) -> int:
    """A time as Unix milliseconds."""
    return round(time.timestamp() * 1000)


class Value(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """Base of all values."""


class Person(Value, frozen=True):
    """Who wrote or did something. ``id``: of the agent or the contact; 0: nobody of the desk."""

    role: Role
    name: str
    id: int = 0


class FileInfo(Value, frozen=True):
    """A file of a message. ``url`` and ``preview`` are short-lived links.

    ``duration_ms`` and ``peaks``, the waveform from 0 to 100: of a recording, as its recorder said.
    """

    id: int
    name: str
    type: str
    size: int  # bytes
    width: int | None = None
    height: int | None = None
    duration_ms: int | None = None
    peaks: tuple[int, ...] = ()
    url: str = ""
    preview: str = ""


class Body(Value, frozen=True):
    """What a message holds beside its text, as it is stored."""

    files: tuple[int, ...] = ()
    quote: int | None = None  # seq of the message that it answers
    blocks: tuple[dict[str, Any], ...] = ()  # cards, quick replies, forms: ``core.content``
    answers: dict[str, Any] | None = None  # to the form of ``quote``, or to the pre-chat form
    mentions: tuple[int, ...] = ()  # agents, in a note
    reactions: dict[str, list[str]] = {}  # emoji → who, as ``Member.identity``


class PersonId(Value, frozen=True):
    """Somebody, by what they are and their id."""

    role: Role
    id: int


class Reaction(Value, frozen=True):
    """An emoji at a message, and who set it, in the order in which they did."""

    emoji: str
    people: tuple[PersonId, ...]


# What can happen to a conversation. ``page``: its visitor is on another one. ``renamed``: the
# activity's ``agent``, or without one the contact; ``contact``: something else about them.
What = Literal[
    "began",
    "queued",
    "assigned",
    "accepted",
    "transferred",
    "pending",
    "snoozed",
    "reopened",
    "resolved",
    "tagged",
    "prioritised",
    "attributes",
    "rated",
    "left_email",
    "page",
    "identified",
    "merged",
    "renamed",
    "contact",
    "blocked",
    "unblocked",
]
How = Literal[  # it came to whoever has it now
    "queue",  # was given it by the queue
    "picked",
    "answered",  # wrote while it waited
    "assigned",  # by somebody's hand
    "transferred",
    "taken_over",
]
Reason = Literal[  # why it was queued, came back, or is over
    "declined",  # by the agent who was offered it
    "missed",  # whoever was offered it did not answer
    "gone",  # whoever was offered it has no connection any more
    "handed_off",  # by its bot
    "asked",  # its contact asked for a person
    "bot_silent",
    "bot_unreachable",
    "message",  # the contact wrote
    "time",  # a snooze is over
    "visitor_came",  # a rooms chat: the visitor has come anew, and talks to somebody else now
    "visitor_left",  # a rooms chat
    "agent_left",  # a rooms chat
    "restart",  # a rooms chat: the server began anew
]


class Details(Value, frozen=True):
    """How or why something happened to a conversation, or what it has now."""

    how: How | None = None
    reason: Reason | None = None
    from_: int | None = field(name="from", default=None)  # the agent who had it
    absent: int | None = None  # the agent whom it would have gone to, who is not there
    tags: tuple[str, ...] | None = None
    priority: int | None = None
    attributes: dict[str, Scalar | None] | None = None  # those that were set; null: taken away
    score: int | None = None  # of a rating
    comment: str | None = None
    email: str | None = None


NO_DETAILS = Details()  # this very one is left out where it is told


class Activity(Value, frozen=True):
    """What happened to a conversation. ``values``: how or why, or what has changed."""

    what: What
    agent: Person | None = None  # whom it was given to, or who has another name now
    team: int | None = None
    note: str | None = None
    status: Status | None = None
    until: Time | None = None
    values: Details = NO_DETAILS


class Message(Value, frozen=True):
    """A message, note or activity, as it stands now."""

    conversation: int
    seq: int
    type: Entry
    sender: Person
    text: str
    at: Time
    client_id: str | None = None
    files: tuple[FileInfo, ...] = ()
    quote: int | None = None
    blocks: tuple[dict[str, Any], ...] = ()
    answers: dict[str, Scalar] | None = None
    mentions: tuple[int, ...] = ()
    reactions: tuple[Reaction, ...] = ()
    activity: Activity | None = None
    edited_at: Time | None = None
    deleted_at: Time | None = None


class Receipts(Value, frozen=True):
    """Up to which number one side got and read the conversation."""

    delivered: int = 0
    read: int = 0


class Conversation(Value, frozen=True):
    """A conversation as it stands now."""

    id: int
    kind: Kind
    last_seq: int  # of the newest entry that the reader sees
    created_at: Time
    updated_at: Time
    inbox: int | None = None
    status: Status | None = None  # None: a direct pair, which nobody handles
    contact: Person | None = None
    contact_verified: bool = False  # internal: the site vouched for who they are
    assignee: Person | None = None
    members: tuple[Person, ...] = ()  # internal: whoever did anything in it
    team: int | None = None  # internal
    priority: int = 0  # 0 none, 1 low … 4 urgent
    tags: tuple[str, ...] = ()
    attributes: dict[str, Scalar] = {}
    waiting_since: Time | None = None  # the contact's first message without an answer
    snoozed_until: Time | None = None
    offered: bool = False  # given to its assignee, who has not accepted it yet
    offer_expires_at: Time | None = None  # unless its assignee holds it
    page: str | None = None  # where the visitor was, as the page said
    title: str | None = None  # of that page
    referrer: str | None = None
    unverified: dict[str, Scalar] = {}  # attributes that the page said, and nobody vouched for
    locale: str | None = None
    time_zone: str | None = None  # of the visitor, as the page said: a name of the IANA database
    rating: int | None = None  # 1 … 5
    unread: int = 0  # messages of the other side that this side has not read
    contact_unread: int = 0  # internal: the same, of the contact
    contact_messages: int = 0  # internal: how many the contact wrote so far
    last_public_seq: int = 0  # internal: what ``last_seq`` is to the contact
    team_receipts: Receipts = Receipts()
    contact_receipts: Receipts = Receipts()
    last_message: Message | None = None


INTERNAL = (
    *("members", "team", "priority", "tags", "attributes", "waiting_since", "snoozed_until"),
    *("offered", "offer_expires_at", "page", "title", "referrer", "unverified"),
    *("contact_unread", "last_public_seq"),
    *("contact_messages", "contact_verified"),
)


EventName = Literal["message.added", "message.changed", "conversation.changed"]


class Event(Value, frozen=True):
    """Something that is stored and numbered, told to whoever may see it.

    ``prev`` is the number before it that the receiver may see: a client that has not got that one
    has missed something and asks again. ``message`` and ``state`` are what changed, as it stands
    now; ``state.last_seq`` tells up to which number ``state`` has everything in it. A message that
    was added comes without a state. ``cursor`` names this very entry: its mark, and its number over
    the whole store.
    """

    on: EventName
    cursor: str
    conversation: int
    seq: int
    prev: int
    private: bool = False  # a visitor never gets it
    message: Message | None = None
    state: Conversation | None = None


class Contact(Value, frozen=True):
    """A person outside the team."""

    id: int
    name: str
    created_at: Time
    verified: bool = False
    user_id: str | None = None  # the site's own id, if it signed one
    email: str | None = None
    phone: str | None = None
    locale: str | None = None
    attributes: dict[str, Scalar] = {}
    tags: tuple[str, ...] = ()
    blocked: bool = False
    seen_at: Time | None = None
    consented_at: Time | None = None  # to what an inbox asks before the first message


class Availability(StrEnum):
    """What an agent says of themselves; only who is online is offered conversations."""

    ONLINE = "online"
    BUSY = "busy"
    AWAY = "away"
    OFFLINE = "offline"


class AgentInfo(Value, frozen=True):
    """One of the team."""

    id: int
    name: str
    role: AgentRole
    active: bool
    availability: Availability  # as the agent set it
    chat_limit: int
    email: str | None = None
    connected: bool = False
    missed: int = 0  # offers in a row that they let pass
    avatar: str | None = None  # where their picture is served, to everybody
    skills: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    teams: tuple[int, ...] = ()
    inboxes: tuple[int, ...] = ()


class Team(Value, frozen=True):
    """A group of agents that a conversation can be given to."""

    id: int
    name: str
    agents: tuple[int, ...] = ()


class CannedResponse(Value, frozen=True):
    """A text with variables, kept under a shortcut. ``inbox``: where it is for; None: for all."""

    id: int
    shortcut: str
    text: str
    inbox: int | None = None


class Rating(Value, frozen=True):
    """How a contact found a conversation: 1 … 5. ``agent``: who had it then."""

    conversation: int
    score: int
    at: Time
    comment: str = ""
    inbox: int | None = None
    agent: Person | None = None
    contact: Person | None = None
