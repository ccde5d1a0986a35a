"""What contacts thought of their conversations, and the sums of it.

Not here: who may rate (``actions.visitor``).
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, Select, delete, func, insert, select

from kefu.core.conversation import Role
from kefu.core.desk import Person, Rating, at
from kefu.core.permissions import Place
from kefu.storage.schema import agent, contact, conversation, rating


class Given(NamedTuple):
    """1 … 5, and when the conversation was rated first (Unix ms)."""

    score: int
    comment: str
    rated_ms: int


def find_rating(conn: Connection, conversation_id: int) -> Given | None:
    """The rating of a conversation, if it has one."""
    here = rating.c.conversation_id == conversation_id
    chosen = select(*[rating.c[name] for name in Given._fields]).where(here)
    row = conn.execute(chosen).one_or_none()
    return Given(*row) if row else None


def set_rating(conn: Connection, place: Place, given: Given) -> None:
    """Rate a conversation, or rate it anew; it counts for whoever has the conversation."""
    conn.execute(delete(rating).where(rating.c.conversation_id == place.id))
    row = {"conversation_id": place.id, "agent_id": place.assignee_id} | given._asdict()
    conn.execute(insert(rating).values(row))


def list_ratings(
    conn: Connection, where: Collection[ColumnElement[bool]], *, limit: int
) -> list[tuple[int, Rating]]:
    """(id, rating), the newest first."""
    columns = select(
        rating,
        agent.c.name.label("agent_name"),
        agent.c.role.label("agent_role"),
        conversation.c.inbox_id,
        conversation.c.contact_id,
        contact.c.name.label("contact_name"),
    )
    chosen = (
        _joined(columns)
        .outerjoin(agent, agent.c.id == rating.c.agent_id)
        .outerjoin(contact, contact.c.id == conversation.c.contact_id)
        .where(*where)
    )
    rows = conn.execute(chosen.order_by(rating.c.id.desc()).limit(limit))
    return [(row.id, _rating(row)) for row in rows]


def count_scores(conn: Connection, where: Collection[ColumnElement[bool]]) -> list[int]:
    """How many ratings there are of each score from 1 to 5, of those of which ``where`` is true."""
    chosen = _joined(select(rating.c.score, func.count())).where(*where).group_by(rating.c.score)
    found: dict[int, int] = dict(conn.execute(chosen).all())
    return [found.get(score, 0) for score in range(1, 6)]


def rated(
    *,
    inbox_ids: Collection[int] | None = None,
    agent_id: int | None = None,
    before_id: int | None = None,
) -> list[ColumnElement[bool]]:
    """Of these inboxes (None: all), of one agent or of all, older than an id or all."""
    where: list[ColumnElement[bool]] = []
    if inbox_ids is not None:
        where.append(conversation.c.inbox_id.in_(inbox_ids))
    if agent_id is not None:
        where.append(rating.c.agent_id == agent_id)
    if before_id is not None:
        where.append(rating.c.id < before_id)
    return where


def _joined(chosen: Select[Any]) -> Select[Any]:
    return chosen.select_from(rating).join(
        conversation, conversation.c.id == rating.c.conversation_id
    )


def _rating(row: Any) -> Rating:
    by, of = None, None
    if row.agent_id is not None:
        role = Role.BOT if row.agent_role == Role.BOT else Role.AGENT
        of = Person(role=role, name=row.agent_name, id=row.agent_id)
    if row.contact_id is not None:
        by = Person(role=Role.VISITOR, name=row.contact_name, id=row.contact_id)
    return Rating(
        conversation=row.conversation_id,
        score=row.score,
        at=at(row.rated_ms),
        comment=row.comment,
        inbox=row.inbox_id,
        agent=of,
        contact=by,
    )
