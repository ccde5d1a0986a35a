"""What the store knows for the widget alone."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import msgspec
from sqlalchemy import Connection, func, select

from kefu.core.conversation import Entry, Kind, Role
from kefu.core.states import Status
from kefu.storage.assigning import TAKES
from kefu.storage.schema import agent, conversation, inbox_agent, message, participant
from kefu.widget.replies import Wait

MOST_BACK = 20_000  # conversations


def list_there(
    conn: Connection, inbox_id: int, connected: Collection[int], *, limit: int
) -> list[tuple[int, str]]:
    """Ids and names of those ``connected`` agents who take conversations of this inbox now."""
    working = (
        select(agent.c.id, agent.c.name)
        .join(inbox_agent, inbox_agent.c.agent_id == agent.c.id)
        .where(inbox_agent.c.inbox_id == inbox_id, agent.c.id.in_(connected), *TAKES)
    )
    rows = conn.execute(working.order_by(agent.c.id).limit(limit))
    return [(id_, name) for id_, name in rows]


def list_waits(conn: Connection, inbox_id: int, since_ms: int, *, limit: int) -> list[Wait]:
    """How long the newest conversations of an inbox waited for a person's first answer.

    Those that nobody answered and that wait no more are left out. No index finds them, so it is
    looked for them among the last ``MOST_BACK`` of the store alone.
    """
    began = conversation.c.created_ms
    last = select(func.max(conversation.c.id)).scalar_subquery()
    late = conversation.c.id > last - MOST_BACK
    recent = (late, conversation.c.inbox_id == inbox_id, conversation.c.kind == Kind.DESK)
    newest = (
        select(conversation.c.id, conversation.c.status, began.label("began_ms"))
        .where(*recent, began >= since_ms)
        .order_by(conversation.c.id.desc())
        .limit(limit)
        .subquery()
    )
    answered = (
        select(message.c.sent_ms)
        .join(participant, participant.c.id == message.c.sender_id)
        .where(message.c.conversation_id == newest.c.id, participant.c.role == Role.AGENT)
        .where(message.c.type == Entry.MESSAGE, message.c.private == 0)
        .order_by(message.c.seq)
        .limit(1)
        .scalar_subquery()
    )
    rows = conn.execute(select(newest.c.began_ms, answered, newest.c.status))
    return [
        Wait(began_ms, replied_ms)
        for began_ms, replied_ms, status in rows
        if replied_ms is not None or status == Status.QUEUED
    ]


def get_about(conn: Connection, conversation_id: int) -> tuple[str | None, dict[str, Any]]:
    """The state of a conversation, and what its visitor's page said."""
    here = conversation.c.id == conversation_id
    row = conn.execute(select(conversation.c.status, conversation.c.about).where(here)).one()
    return row.status, msgspec.json.decode(row.about)
