"""Conversations that a bot has and does not answer.

Not here: giving them to people (``actions.bots``).
"""

from __future__ import annotations

from typing import NamedTuple

from sqlalchemy import Connection, select

from kefu.core.conversation import Kind, Role
from kefu.core.states import Status
from kefu.storage.schema import agent, conversation
from kefu.storage.webhooks import list_hooks


class Unanswered(NamedTuple):
    """One that waits for its bot. ``deaf``: the bot is off, or its webhook does not get through."""

    conversation_id: int
    since_ms: int
    deaf: bool


def list_unanswered(conn: Connection, limit: int) -> list[Unanswered]:
    """What bots have not answered, the longest wait first."""
    of_bots = (
        select(
            conversation.c.id, conversation.c.waiting_ms, conversation.c.assignee_id, agent.c.active
        )
        .join(agent, agent.c.id == conversation.c.assignee_id)
        .where(
            conversation.c.status == Status.PENDING,
            conversation.c.kind == Kind.DESK,
            conversation.c.waiting_ms.is_not(None),
            agent.c.role == Role.BOT,
        )
    )
    rows = conn.execute(of_bots.order_by(conversation.c.waiting_ms).limit(limit)).all()
    deaf = _deaf(conn) if rows else set()
    return [
        Unanswered(row.id, row.waiting_ms, not row.active or row.assignee_id in deaf)
        for row in rows
    ]


def _deaf(conn: Connection) -> set[int]:
    """The bots that have webhooks, none of which gets through."""
    ways = [(hook.bot_id, hook) for hook in list_hooks(conn) if hook.bot_id is not None]
    heard = {bot_id for bot_id, hook in ways if hook.active and not hook.breaker.openings}
    return {bot_id for bot_id, _ in ways} - heard
