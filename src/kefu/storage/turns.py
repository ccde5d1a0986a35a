"""A place in the queue.

Rules: who came first is what the commits numbered (the id of the entry that queued a conversation),
never a time: clocks are set. Since when it waits is for people to read, and changes no order.
Not here: whom the next goes to (``assigning``, ``core.routing``).
"""

from __future__ import annotations

from typing import Any, NamedTuple

from sqlalchemy import func, select

from kefu.storage.schema import message


class Turn(NamedTuple):
    """Since when (Unix ms) a conversation waits, and the id of the entry that queued it."""

    queued_ms: int
    queued_id: int

    def columns(self) -> dict[str, Any]:
        """As a conversation's row has it."""
        return self._asdict()


NO_TURN: dict[str, Any] = {"queued_ms": None, "queued_id": None}

# Only one transaction writes at a time, so this is the id that its next entry gets.
_NEXT_ENTRY = select(func.coalesce(func.max(message.c.id), 0) + 1).scalar_subquery()


def new_turn(now_ms: int) -> dict[str, Any]:
    """The columns of the last place, as of the entry that is stored next."""
    return {"queued_ms": now_ms, "queued_id": _NEXT_ENTRY}
