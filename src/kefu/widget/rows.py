"""What the store knows for the widget alone."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import msgspec
from sqlalchemy import Connection, select

from kefu.core.actors import AgentRole
from kefu.core.desk import Availability
from kefu.storage.schema import agent, conversation, inbox_agent


def is_staffed(conn: Connection, inbox_id: int, connected: Collection[int]) -> bool:
    """Whether one of the ``connected`` agents takes conversations of this inbox now."""
    takes = (agent.c.availability == Availability.ONLINE, agent.c.role != AgentRole.BOT)
    working = (
        select(agent.c.id)
        .join(inbox_agent, inbox_agent.c.agent_id == agent.c.id)
        .where(inbox_agent.c.inbox_id == inbox_id, agent.c.id.in_(connected), agent.c.active == 1)
    )
    return conn.scalar(working.where(*takes).limit(1)) is not None


def get_about(conn: Connection, conversation_id: int) -> tuple[str | None, dict[str, Any]]:
    """The state of a conversation, and what its visitor's page said."""
    here = conversation.c.id == conversation_id
    row = conn.execute(select(conversation.c.status, conversation.c.about).where(here)).one()
    return row.status, msgspec.json.decode(row.about)
