"""The states of a conversation, and which moves lead from one to another.

Rules: the table is the whole truth; a pair that is not in it is refused. Open means somebody is
assigned; queued means nobody is. The same table, for people: docs/conversations.md (a test
compares them).
Not here: who may make a move (``core.permissions``), who is assigned (``core.routing``).
"""

from __future__ import annotations

from enum import StrEnum

from kefu.core.errors import IllegalState


class Status(StrEnum):
    """Where a conversation stands."""

    QUEUED = "queued"  # waits for an agent
    OPEN = "open"  # an agent has it
    PENDING = "pending"  # waits for the contact, for somebody else, or a bot has it
    SNOOZED = "snoozed"  # comes back at a time, or when the contact writes
    RESOLVED = "resolved"


class Move(StrEnum):
    """What changes the state."""

    ASSIGN = "assign"  # an agent gets it
    ENQUEUE = "enqueue"  # into the queue, or another team's, to nobody
    RETURN = "return"  # back to the agent who has it: the contact wrote, or the time has come
    PEND = "pend"
    SNOOZE = "snooze"
    RESOLVE = "resolve"


TRANSITIONS: dict[tuple[Status, Move], Status] = {
    (Status.QUEUED, Move.ASSIGN): Status.OPEN,
    (Status.QUEUED, Move.ENQUEUE): Status.QUEUED,
    (Status.QUEUED, Move.PEND): Status.PENDING,
    (Status.QUEUED, Move.SNOOZE): Status.SNOOZED,
    (Status.QUEUED, Move.RESOLVE): Status.RESOLVED,
    (Status.OPEN, Move.ASSIGN): Status.OPEN,
    (Status.OPEN, Move.ENQUEUE): Status.QUEUED,
    (Status.OPEN, Move.PEND): Status.PENDING,
    (Status.OPEN, Move.SNOOZE): Status.SNOOZED,
    (Status.OPEN, Move.RESOLVE): Status.RESOLVED,
    (Status.PENDING, Move.ASSIGN): Status.OPEN,
    (Status.PENDING, Move.ENQUEUE): Status.QUEUED,
    (Status.PENDING, Move.RETURN): Status.OPEN,
    (Status.PENDING, Move.SNOOZE): Status.SNOOZED,
    (Status.PENDING, Move.RESOLVE): Status.RESOLVED,
    (Status.SNOOZED, Move.ASSIGN): Status.OPEN,
    (Status.SNOOZED, Move.ENQUEUE): Status.QUEUED,
    (Status.SNOOZED, Move.RETURN): Status.OPEN,
    (Status.SNOOZED, Move.PEND): Status.PENDING,
    (Status.SNOOZED, Move.SNOOZE): Status.SNOOZED,
    (Status.SNOOZED, Move.RESOLVE): Status.RESOLVED,
    (Status.RESOLVED, Move.ASSIGN): Status.OPEN,
    (Status.RESOLVED, Move.ENQUEUE): Status.QUEUED,
    (Status.RESOLVED, Move.RETURN): Status.OPEN,
}

# A message of the contact wakes a conversation that is in one of these.
WOKEN_BY_CONTACT = frozenset({Status.PENDING, Status.SNOOZED, Status.RESOLVED})


def next_status(status: Status, move: Move) -> Status:
    """The state after ``move``. Raises IllegalState."""
    try:
        return TRANSITIONS[status, move]
    except KeyError:
        raise IllegalState(f"A conversation that is {status} cannot {move}.") from None
