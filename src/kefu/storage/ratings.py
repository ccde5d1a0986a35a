"""What visitors thought of a conversation: one rating each.

Not here: who may rate, and until when (``actions.visitor``).
"""

from __future__ import annotations

from typing import NamedTuple

from sqlalchemy import Connection, delete, insert, select

from kefu.core.permissions import Place
from kefu.storage.schema import rating


class Rating(NamedTuple):
    """1 … 5, and when it was given first (Unix ms)."""

    score: int
    comment: str
    rated_ms: int


def find_rating(conn: Connection, conversation_id: int) -> Rating | None:
    """The rating of a conversation, if it has one."""
    here = rating.c.conversation_id == conversation_id
    chosen = select(rating.c.score, rating.c.comment, rating.c.rated_ms).where(here)
    row = conn.execute(chosen).one_or_none()
    return Rating(*row) if row else None


def set_rating(conn: Connection, place: Place, given: Rating) -> None:
    """Rate a conversation, or rate it anew; it counts for whoever has the conversation."""
    conn.execute(delete(rating).where(rating.c.conversation_id == place.id))
    row = {"conversation_id": place.id, "agent_id": place.assignee_id} | given._asdict()
    conn.execute(insert(rating).values(row))
