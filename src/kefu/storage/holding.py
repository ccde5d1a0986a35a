"""Who has a conversation, and whom it can be given to.

Not here: moves (``states``), the queue (``assigning``).
"""

from __future__ import annotations

from typing import NamedTuple

from sqlalchemy import Connection, or_, select

from kefu.core.actors import AgentRole
from kefu.core.conversation import Role
from kefu.core.desk import Person
from kefu.core.errors import NotFound
from kefu.core.offers import Whereabouts, whereabouts
from kefu.core.states import Status
from kefu.storage.schema import agent, conversation, inbox_agent, team_agent
from kefu.storage.turns import Turn


class Held(NamedTuple):
    """A conversation that is handled: its state, and whose it is."""

    id: int
    inbox_id: int
    status: Status
    assignee_id: int | None
    team_id: int | None
    turn: Turn | None  # in the queue, or the one that an offer left
    by_bot: bool = False  # a bot has it
    by_person: bool = False  # an agent has it who is still active
    offered_ms: int | None = None  # since when it is offered to its assignee; None: it is not
    offer_until_ms: int | None = None
    snoozed_until_ms: int | None = None


def get_held(conn: Connection, conversation_id: int) -> Held:
    """Who has a conversation that has a state. Raises NotFound."""
    row = conn.execute(_HELD.where(conversation.c.id == conversation_id)).one_or_none()
    if row is None or row.status is None:
        raise NotFound
    bot = row.role == AgentRole.BOT
    person = bool(row.active) and not bot
    status = Status(row.status)
    turn = None if row.queued_id is None else Turn(row.queued_ms, row.queued_id)
    times = (row.offered_ms, row.offer_until_ms, row.snoozed_until_ms)
    held = (row.id, row.inbox_id, status, row.assignee_id, row.team_id, turn)
    return Held(*held, bot, person, *times)


def find_worker(conn: Connection, agent_id: int, inbox_id: int) -> Person | None:
    """A person of the team who can be given conversations of this inbox."""
    member = select(inbox_agent.c.agent_id).where(inbox_agent.c.inbox_id == inbox_id)
    here = or_(agent.c.role == AgentRole.ADMIN, agent.c.id.in_(member))
    able = (agent.c.active == 1, agent.c.role != AgentRole.BOT, agent.c.classic_name.is_(None))
    row = conn.execute(select(agent).where(agent.c.id == agent_id, here, *able)).one_or_none()
    return Person(role=Role.AGENT, name=row.name, id=row.id) if row else None


def serves(conn: Connection, team_id: int, inbox_id: int, agent_id: int | None = None) -> bool:
    """Whether anybody of a team works in an inbox; or, whether this agent is of the team."""
    chosen = select(team_agent.c.agent_id).where(team_agent.c.team_id == team_id)
    if agent_id is not None:
        chosen = chosen.where(team_agent.c.agent_id == agent_id)
    else:
        member = select(inbox_agent.c.agent_id).where(inbox_agent.c.inbox_id == inbox_id)
        chosen = chosen.where(team_agent.c.agent_id.in_(member))
    return conn.scalar(chosen.limit(1)) is not None


def find_whereabouts(conn: Connection, agent_id: int, now_ms: int) -> Whereabouts:
    """Whether an agent is there to be given a conversation."""
    columns = (agent.c.availability, agent.c.gone_ms)
    row = conn.execute(select(*columns).where(agent.c.id == agent_id)).one()
    return whereabouts(row.availability, row.gone_ms, now_ms)


_HELD = select(
    conversation.c.id,
    conversation.c.inbox_id,
    conversation.c.status,
    conversation.c.assignee_id,
    conversation.c.team_id,
    conversation.c.queued_ms,
    conversation.c.queued_id,
    conversation.c.offered_ms,
    conversation.c.offer_until_ms,
    conversation.c.snoozed_until_ms,
    agent.c.role,
    agent.c.active,
).outerjoin(agent, agent.c.id == conversation.c.assignee_id)
