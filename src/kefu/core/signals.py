"""What is told but never stored: typing, receipts, presence, places in the queue.

Rules: best effort; each signal carries the whole present state of what it is about, so the next
one, or a fresh look, mends what was missed. ``for_team`` ones are not for visitors.
Not here: how often they may be sent (``core.limits``), bytes (``gateways.*.codec``).
"""

from __future__ import annotations

from typing import ClassVar

from kefu.core.desk import Availability, Person, Receipts, Time, Value
from kefu.core.lists import View
from kefu.profile.preferences import Preferences


class Typing(Value, frozen=True, kw_only=True):
    """Somebody types; told again every few seconds, and over when it is not. ``text``: so far."""

    on: ClassVar[str] = "typing"
    conversation: int
    person: Person
    text: str | None = None  # what a visitor has typed, for the team, where the inbox allows it
    internal: bool = False  # a note is being typed: for the team alone


class ReceiptsChanged(Value, frozen=True, kw_only=True):
    """How far both sides got and read.

    The unread numbers are those of the time when the conversation's newest entry was ``last_seq``:
    whoever has not heard of that one yet must count what comes until then no more.
    """

    on: ClassVar[str] = "receipts"
    conversation: int
    team: Receipts
    contact: Receipts
    team_unread: int = 0
    contact_unread: int = 0
    last_seq: int = 0  # of the newest entry that the reader sees; 0: not said
    last_public_seq: int = 0  # internal: what ``last_seq`` is to the contact


class Presence(Value, frozen=True, kw_only=True):
    """Whether one of the team can be reached; for the team."""

    on: ClassVar[str] = "presence"
    agent: int
    availability: Availability
    connected: bool
    missed: int = 0  # offers in a row that they let pass; from two on they were made away


class QueuePosition(Value, frozen=True, kw_only=True):
    """Where in the queue a visitor waits: 1 is next. ``staffed``: somebody takes from it now."""

    on: ClassVar[str] = "queue.position"
    conversation: int
    position: int
    staffed: bool = False


class VisitorsChanged(Value, frozen=True, kw_only=True):
    """Somebody came to an inbox's site, moved there or left. ``count``: who is there now."""

    on: ClassVar[str] = "visitors"
    inbox: int
    count: int = 0


class ReadMark(Value, frozen=True, kw_only=True):
    """How far one of the team has read, for all that they have open.

    ``messages``: how many the contact had written by there. ``back``: how often it was set back.
    """

    on: ClassVar[str] = "read"
    conversation: int
    read: int = 0  # up to this number
    messages: int = 0
    back: int = 0


class MentionsChanged(Value, frozen=True, kw_only=True):
    """How many notes name one of the team that they have not read, for all that they have open.

    The rest: of the note that was just written.
    """

    on: ClassVar[str] = "mentions"
    unread: int = 0
    conversation: int | None = None
    note: int = 0  # its number
    person: Person | None = None


class OfferTest(Value, frozen=True, kw_only=True):
    """One of the team tries whether they would hear of an offer, in all that they have open.

    It is none: there is nothing to accept.
    """

    on: ClassVar[str] = "test_offer"
    at: Time


class PreferencesChanged(Value, frozen=True, kw_only=True):
    """What one of the team prefers now, for all that they have open."""

    on: ClassVar[str] = "preferences"
    preferences: Preferences


class ProfileChanged(Value, frozen=True, kw_only=True):
    """One of the team has another name or picture; for the team."""

    on: ClassVar[str] = "profile"
    agent: int
    name: str
    avatar: str | None = None


class ViewChanged(Value, frozen=True, kw_only=True):
    """A saved view is new, another, or gone (without ``saved``); for whoever sees it."""

    on: ClassVar[str] = "view"
    view: int
    saved: View | None = None


class TagChanged(Value, frozen=True, kw_only=True):
    """A tag is new, or called or coloured otherwise; for the team.

    ``was``: its name before. ``gone``: it was deleted, or with ``was`` it is now the one ``name``.
    """

    on: ClassVar[str] = "tag"
    tag: int
    name: str
    color: str | None = None
    was: str | None = None
    gone: bool = False


class LookingChanged(Value, frozen=True, kw_only=True):
    """Who of the team looks at a conversation now; for the team."""

    on: ClassVar[str] = "looking"
    conversation: int
    people: tuple[Person, ...] = ()


class ContactsHere(Value, frozen=True, kw_only=True):
    """Which contacts came to an inbox (``contacts``) or left it (``gone``); for the team.

    They come by a connection of theirs, and have left a while after their last.
    """

    on: ClassVar[str] = "here"
    inbox: int
    contacts: tuple[int, ...] = ()
    gone: tuple[int, ...] = ()


Signal = (
    Typing
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
    | ContactsHere
)
