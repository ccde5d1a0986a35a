"""Somebody leaves the team, or comes back.

Rules: whoever leaves is signed out and disconnected, and what they had open goes back to its place
in the queue; what rests with them is queued when it wakes. They stay in the timeline, so they are
never deleted.
Not here: how the queue is given to others (``actions.assignment``).
"""

from __future__ import annotations

from functools import partial

from kefu.actions.agents import keep_an_admin
from kefu.actions.commands import Command
from kefu.actions.context import Call, Tx, commit
from kefu.actions.forms import Form, Id
from kefu.actions.requeueing import requeue_chats
from kefu.actions.revocations import revoke
from kefu.actions.sessions import end_sessions
from kefu.core.desk import AgentInfo, Availability
from kefu.core.endings import Ending
from kefu.core.errors import IllegalState
from kefu.core.permissions import Action, check
from kefu.core.signals import Presence
from kefu.hub import TEAM_CHANNEL, agent_channel
from kefu.storage import access, agents


class Deactivate(Form, frozen=True):
    """Let an agent go."""

    agent: Id


class Activate(Form, frozen=True):
    """Take an agent back."""

    agent: Id


async def deactivate_agent(call: Call, do: Deactivate) -> AgentInfo:
    """Let an agent go: their connections and sessions end, their open chats are queued again."""
    check(call.actor, Action.MANAGE)

    def work(tx: Tx) -> AgentInfo:
        before = agents.get_agent(tx.conn, do.agent)
        if not before.active:
            return before
        keep_an_admin(tx.conn, before)
        agents.set_agent(tx.conn, do.agent, active=0, availability="offline")
        access.drop_links(tx.conn, do.agent)
        end_sessions(tx, Ending.DEACTIVATED, do.agent)
        revoke(tx, agent_channel(do.agent), Ending.DEACTIVATED)
        requeue_chats(tx, do.agent)
        tx.audit("agent.deactivate", "agent", do.agent)
        gone = Presence(agent=do.agent, availability=Availability.OFFLINE, connected=False)
        tx.after.append(partial(call.ctx.hub.signal, [TEAM_CHANNEL], gone))
        return agents.get_agent(tx.conn, do.agent)

    return await commit(call, work)


async def activate_agent(call: Call, do: Activate) -> AgentInfo:
    """Take an agent back, as they were; they sign in anew."""
    check(call.actor, Action.MANAGE)

    def work(tx: Tx) -> AgentInfo:
        before = agents.get_agent(tx.conn, do.agent)
        if not before.active:
            agents.set_agent(tx.conn, do.agent, active=1)
            tx.audit("agent.activate", "agent", do.agent)
        return agents.get_agent(tx.conn, do.agent)

    return await commit(call, work)


COMMANDS = (
    Command(
        "agent.deactivate",
        deactivate_agent,
        "POST",
        "/agents/{agent}/deactivate",
        {"agent": 3},
        errors=(IllegalState,),
    ),
    Command("agent.activate", activate_agent, "POST", "/agents/{agent}/activate", {"agent": 3}),
)
