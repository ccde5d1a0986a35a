"""Offers as they are stored: which are over, how they are held, who let them pass.

Rules: found by an index; what ends them is stored with them (their end, and since when their agent
has no connection), so that a server that was killed ends them in time as well.
Not here: how long they stand (``core.offers``), moves (``moving``).
"""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple

from sqlalchemy import Connection, delete, func, insert, or_, select, text, update

from kefu.core.desk import Availability
from kefu.core.offers import GRACE_MS, MISSES
from kefu.storage.schema import agent, conversation, declined
from kefu.storage.turns import Turn

_OFFERED = text("offer_until_ms IS NOT NULL")  # as the index has it, word by word


class Offer(NamedTuple):
    """A conversation that an agent was offered. ``gone``: the agent is, not just slow."""

    id: int
    agent_id: int
    team_id: int | None
    turn: Turn
    gone: bool


def list_over(conn: Connection, now_ms: int, most: int) -> list[Offer]:
    """Offers whose time is over or whose agent is gone, the first to end first."""
    lost = agent.c.gone_ms <= now_ms - GRACE_MS
    chosen = _OFFERS.where(_OFFERED, or_(conversation.c.offer_until_ms <= now_ms, lost))
    rows = conn.execute(chosen.order_by(conversation.c.offer_until_ms).limit(most))
    return [
        Offer(
            row.id,
            row.assignee_id,
            row.team_id,
            Turn(row.queued_ms, row.queued_id),
            row.gone_ms is not None and row.gone_ms <= now_ms - GRACE_MS,
        )
        for row in rows
    ]


def next_over_ms(conn: Connection) -> int | None:
    """When (Unix ms) the first of the offers ends; None: there is none."""
    until, gone = func.min(conversation.c.offer_until_ms), func.min(agent.c.gone_ms)
    row = conn.execute(select(until, gone).select_from(_OFFERED_TO).where(_OFFERED)).one()
    ends = [] if row[0] is None else [row[0]]
    return min([*ends, *([] if row[1] is None else [row[1] + GRACE_MS])], default=None)


def add_declined(conn: Connection, conversation_id: int, agent_id: int) -> None:
    """This agent does not want this conversation as long as it waits."""
    _note(conn, conversation_id, agent_id, missed=0)


def add_missed(conn: Connection, conversation_id: int, agent_id: int) -> None:
    """This agent has let the offer of this conversation pass."""
    _note(conn, conversation_id, agent_id, missed=1)


def forget_declined(conn: Connection, conversation_id: int) -> None:
    """A wait begins anew: whoever was offered this conversation before may be again."""
    conn.execute(delete(declined).where(declined.c.conversation_id == conversation_id))


def count_missed(conn: Connection, agent_ids: Collection[int]) -> list[int]:
    """These agents let an offer pass; return those who are away by it, from now on."""
    mine = agent.c.id.in_(agent_ids)
    conn.execute(update(agent).where(mine).values(missed=agent.c.missed + 1))
    takes = agent.c.availability.in_((Availability.ONLINE, Availability.BUSY))
    away = update(agent).where(mine, agent.c.missed >= MISSES, takes)
    return list(conn.scalars(away.values(availability=Availability.AWAY).returning(agent.c.id)))


def forgive_missed(conn: Connection, agent_id: int) -> None:
    """This agent has answered an offer."""
    conn.execute(update(agent).where(agent.c.id == agent_id, agent.c.missed > 0).values(missed=0))


def set_gone(conn: Connection, agent_id: int, gone_ms: int | None) -> None:
    """Since when an agent has no connection; None: there is one. What was earlier stays so."""
    known = agent.c.gone_ms
    other = known.is_not(None) if gone_ms is None else or_(known.is_(None), known > gone_ms)
    conn.execute(update(agent).where(agent.c.id == agent_id, other).values(gone_ms=gone_ms))


def set_all_gone(conn: Connection, now_ms: int) -> None:
    """A server has begun, so everybody's connections were lost."""
    conn.execute(update(agent).where(agent.c.gone_ms.is_(None)).values(gone_ms=now_ms))


def _note(conn: Connection, conversation_id: int, agent_id: int, *, missed: int) -> None:
    mine = (declined.c.conversation_id == conversation_id, declined.c.agent_id == agent_id)
    if conn.execute(update(declined).where(*mine).values(missed=missed)).rowcount == 0:
        row = {"conversation_id": conversation_id, "agent_id": agent_id, "missed": missed}
        conn.execute(insert(declined).values(row))


_OFFERED_TO = conversation.join(agent, agent.c.id == conversation.c.assignee_id)
_OFFERS = select(
    conversation.c.id,
    conversation.c.assignee_id,
    conversation.c.team_id,
    conversation.c.queued_ms,
    conversation.c.queued_id,
    agent.c.gone_ms,
).select_from(_OFFERED_TO)
