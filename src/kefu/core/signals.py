"""What is told but never stored: typing, receipts, presence, places in the queue.

Rules: best effort; each signal carries the whole present state of what it is about, so the next
one, or a fresh look, mends what was missed. ``for_team`` ones are not for visitors.
Not here: how often they may be sent (``core.limits``), bytes (``gateways.*.codec``).
"""

from __future__ import annotations

from typing import ClassVar

from kefu.core.desk import Availability, Person, Receipts, Value


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


Signal = Typing | ReceiptsChanged | Presence | QueuePosition | VisitorsChanged
