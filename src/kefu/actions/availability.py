"""Whether an agent takes conversations: as the agent says, and whether a console is there.

Rules: an agent is offered conversations while they are online and connected. Both are told to the
team as soon as they change, each time with the whole state; who waits hears whether anybody takes
conversations. A supervisor may set it for others, which the audit trail keeps.
Connected means that somebody listens on the agent's channel of the hub. The store keeps since when
nobody does, for wakes and offers. Who is gone is told after a grace: somebody who polls, or loads
the page anew, comes back at once; whoever signs out everywhere is gone at once.
Not here: connections (``gateways.realtime``), whom the queue goes to (``core.routing``).
"""

from __future__ import annotations

import asyncio
from functools import partial

from kefu.actions.assignment import assign_waiting
from kefu.actions.commands import Command
from kefu.actions.context import Call, Context, Tx, begin, commit
from kefu.actions.forms import Form, Id
from kefu.actions.places import tell_places
from kefu.core.actors import Agent, AgentRole, Standing
from kefu.core.desk import Availability, Value
from kefu.core.errors import ChatError, NotAllowed, NotFound
from kefu.core.offers import GRACE_MS
from kefu.core.permissions import Action, check
from kefu.core.signals import Presence
from kefu.hub import TEAM_CHANNEL
from kefu.storage import access, offers
from kefu.storage.agents import get_agent, set_agent

LONG_AGO_MS = 0
RETRY_S = 1.0  # after the store could not write


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


async def begin_presence(ctx: Context) -> None:
    """From now on the team is told who comes and goes, and whoever comes is given what waits."""
    now_ms = ctx.now_ms()
    await ctx.database.write(lambda conn: offers.set_all_gone(conn, now_ms))
    ctx.hub.watch_agents(partial(_came_or_went, ctx))


def _came_or_went(ctx: Context, agent_id: int) -> None:
    leaving = ctx.chores.leaving
    if timer := leaving.pop(agent_id, None):
        timer.cancel()
    _note(ctx, agent_id, gone_ms=ctx.now_ms())
    if agent_id in ctx.hub.connected_agents:
        assign_waiting(ctx)
        tell_places(ctx)
        ctx.background(_tell(ctx, agent_id))
    else:
        loop = asyncio.get_running_loop()
        leaving[agent_id] = loop.call_later(GRACE_MS / 1000, _went, ctx, agent_id)


def _went(ctx: Context, agent_id: int) -> None:
    if timer := ctx.chores.leaving.pop(agent_id, None):
        timer.cancel()
        tell_places(ctx)
        ctx.background(_tell(ctx, agent_id))


def _note(ctx: Context, agent_id: int, gone_ms: int) -> None:
    """Keep in the store since when an agent has no connection, or that there is one."""

    def work(tx: Tx) -> int | None:
        since_ms = None
        if agent_id not in ctx.hub.connected_agents:
            # Whoever cannot come back without signing in has no grace.
            sessions = access.list_sessions(tx.conn, agent_id, tx.now_ms)
            known = sessions or access.list_tokens(tx.conn, agent_id)
            since_ms = gone_ms if known else LONG_AGO_MS
        offers.set_gone(tx.conn, agent_id, since_ms)
        return since_ms

    def done(since_ms: int | Exception | None) -> None:
        if isinstance(since_ms, Exception):  # the store is away
            loop = asyncio.get_running_loop()
            loop.call_later(RETRY_S, partial(_note, ctx, agent_id, gone_ms))
        elif since_ms is not None:
            ctx.chores.alarm.set(since_ms + GRACE_MS)
            if since_ms == LONG_AGO_MS:
                _went(ctx, agent_id)

    begin(Call(ctx, Standing.SERVER), work, done)


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
    set_agent(tx.conn, agent_id, availability=do.availability, missed=0)
    if not own:
        told = {"availability": do.availability}
        tx.audit("agent.set_availability", "agent", agent_id, **told)
    connected = agent_id in ctx.hub.connected_agents
    presence = Presence(agent=agent_id, availability=do.availability, connected=connected)
    tx.after.append(partial(ctx.hub.signal, [TEAM_CHANNEL], presence))
    tx.after.append(partial(assign_waiting, ctx))
    tx.after.append(partial(tell_places, ctx))
    return AgentPresence(agent=agent_id, availability=do.availability, connected=connected)


async def _tell(ctx: Context, agent_id: int) -> None:
    """Tell the team how this agent can be reached, as it is now."""

    try:
        now = await ctx.database.read(lambda conn: get_agent(conn, agent_id))
    except ChatError:
        return  # the next change tells them
    connected = agent_id in ctx.hub.connected_agents
    presence = Presence(
        agent=agent_id, availability=now.availability, connected=connected, missed=now.missed
    )
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
