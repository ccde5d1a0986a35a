"""A place in the queue, and the offer that keeps it.

Rules: who came first is what the commits numbered (the id of the entry that queued a conversation),
never a time: clocks are set. Since when it waits is for people to read, and changes no order.
Whoever is offered a conversation leaves it its place until they accept. The front of a queue are
places below all numbers of entries; whoever comes there is behind those who came there before.
Not here: whom the next goes to (``assigning``, ``core.routing``), ends of offers (``offers``).
"""

from __future__ import annotations

from typing import Any, NamedTuple

from sqlalchemy import func, select

from kefu.core.offers import OFFER_MS
from kefu.storage.schema import message

NO_OFFER: dict[str, Any] = {"offered_ms": None, "offer_until_ms": None}
NO_TURN: dict[str, Any] = {"queued_ms": None, "queued_id": None, **NO_OFFER}
_FRONT = 1 << 52  # more than there will ever be entries


class Turn(NamedTuple):
    """Since when (Unix ms) a conversation waits, and the id of the entry that queued it."""

    queued_ms: int
    queued_id: int

    def columns(self) -> dict[str, Any]:
        """As a conversation's row has it that nobody is offered."""
        return {**self._asdict(), **NO_OFFER}


# Only one transaction writes at a time, so this is the id that its next entry gets.
_NEXT_ENTRY = select(func.coalesce(func.max(message.c.id), 0) + 1).scalar_subquery()


def new_turn(now_ms: int) -> dict[str, Any]:
    """The columns of the last place, as of the entry that is stored next."""
    return {"queued_ms": now_ms, "queued_id": _NEXT_ENTRY, **NO_OFFER}


def entry_of(queued_id: int) -> int:
    """The id of the entry that queued what has this place."""
    return queued_id if queued_id > 0 else queued_id + _FRONT


def front_turn(now_ms: int) -> dict[str, Any]:
    """The columns of a place before all who have not been at the front."""
    return new_turn(now_ms) | {"queued_id": _NEXT_ENTRY - _FRONT}


def offer(now_ms: int) -> dict[str, Any]:
    """The columns of an offer made now, beside those of the place that it keeps."""
    return {"offered_ms": now_ms, "offer_until_ms": now_ms + OFFER_MS}
