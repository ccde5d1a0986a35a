"""Whether an agent takes conversations: as the agent says, and whether a console is there.

Rules: an agent is offered conversations while they are online and connected. Both are told to the
team as soon as they change, each time with the whole state. A supervisor may set it for others,
which the audit trail keeps.
Connected means that somebody listens on the agent's channel of the hub. Who is gone is told after
``GRACE_S``: somebody who polls comes back at once.
Not here: connections (``gateways.realtime``), whom the queue goes to (``core.routing``).
"""

from __future__ import annotations

import asyncio
from functools import partial

from sqlalchemy import Connection

from kefu.actions.assignment import assign_waiting
from kefu.actions.commands import Command
from kefu.actions.context import Call, Context, Tx, commit
from kefu.actions.forms import Form, Id
from kefu.core.actors import Agent, AgentRole
from kefu.core.desk import Availability, Value
from kefu.core.errors import ChatError, NotAllowed, NotFound
from kefu.core.permissions import Action, check
from kefu.core.signals import Presence
from kefu.hub import TEAM_CHANNEL
from kefu.storage.agents import get_agent, set_agent

GRACE_S = 5.0


class SetAvailability(Form, frozen=True):
    """``agent``: whose; left out: one's own."""

    availability: Availability
    agent: Id | None = None


class AgentPresence(Value, frozen=True):
    """Whether an agent can be reached."""

    agent: int
    availability: Availability
    connected: bool


async def set_availability(call: Call, do: SetAvailability) -> AgentPresence:
    """Say whether an agent takes conversations: oneself, or as a supervisor somebody else."""
    return await commit(call, partial(_set, do=do))


def begin_presence(ctx: Context) -> None:
    """From now on the team is told who comes and goes, and whoever comes is given what waits."""
    ctx.hub.watch_agents(partial(_came_or_went, ctx))


def _came_or_went(ctx: Context, agent_id: int) -> None:
    if agent_id in ctx.hub.connected_agents:
        assign_waiting(ctx)
        ctx.background(_tell(ctx, agent_id))
    else:
        asyncio.get_running_loop().call_later(GRACE_S, _went, ctx, agent_id)


def _went(ctx: Context, agent_id: int) -> None:
    if agent_id not in ctx.hub.connected_agents:
        ctx.background(_tell(ctx, agent_id))


def _set(tx: Tx, do: SetAvailability) -> AgentPresence:
    ctx, actor = tx.call.ctx, tx.call.actor
    own = isinstance(actor, Agent) and do.agent in (None, actor.id)
    check(actor, Action.SET_AVAILABILITY if own else Action.SUPERVISE)
    agent_id = do.agent or (actor.id if isinstance(actor, Agent) else 0)
    found = get_agent(tx.conn, agent_id)
    if not found.active:
        raise NotFound
    if found.role is AgentRole.BOT:
        raise NotAllowed("A bot is there whenever it is connected.")
    set_agent(tx.conn, agent_id, availability=do.availability)
    if not own:
        told = {"availability": do.availability}
        tx.audit("agent.set_availability", "agent", agent_id, **told)
    connected = agent_id in ctx.hub.connected_agents
    presence = Presence(agent=agent_id, availability=do.availability, connected=connected)
    tx.after.append(partial(ctx.hub.signal, [TEAM_CHANNEL], presence))
    tx.after.append(partial(assign_waiting, ctx))
    return AgentPresence(agent=agent_id, availability=do.availability, connected=connected)


async def _tell(ctx: Context, agent_id: int) -> None:
    """Tell the team how this agent can be reached, as it is now."""

    def read(conn: Connection) -> Availability:
        return get_agent(conn, agent_id).availability

    try:
        availability = await ctx.database.read(read)
    except ChatError:
        return  # the next change tells them
    connected = agent_id in ctx.hub.connected_agents
    presence = Presence(agent=agent_id, availability=availability, connected=connected)
    ctx.hub.signal([TEAM_CHANNEL], presence)


COMMANDS = (
    Command(
        "agent.set_availability",
        set_availability,
        "PUT",
        "/availability",
        {"availability": "busy"},
        errors=(NotFound,),
    ),
)
