"""Who the caller is, and what they may do.

Not here: how they prove it (``actions.sessions``).
"""

from __future__ import annotations

from msgspec.structs import replace

from kefu.actions.commands import Command
from kefu.actions.context import Call, Context
from kefu.actions.forms import Form
from kefu.core.actors import Agent, Scope, Visitor
from kefu.core.desk import AgentInfo, Value
from kefu.core.errors import Unauthenticated
from kefu.core.permissions import Action, may
from kefu.hub import agent_channel
from kefu.storage import agents


class GetMe(Form, frozen=True):
    """Who asks."""


class VisitorInfo(Value, frozen=True):
    """A visitor, as they may know themselves. ``id``: 0 before the first message."""

    id: int
    inbox: int
    name: str = ""
    verified: bool = False  # the site vouched for them


class Me(Value, frozen=True):
    """Who the caller is, and what they may do somewhere at least. One of the first two is there."""

    agent: AgentInfo | None = None
    visitor: VisitorInfo | None = None
    session: int | None = None
    scopes: tuple[Scope, ...] | None = None  # of the API token
    may: tuple[Action, ...] = ()


# What may be asked about without saying of what.
_GENERAL = (
    *(Action.USE_DESK, Action.EDIT_CONTACTS, Action.MERGE_CONTACTS, Action.EDIT_CANNED),
    *(Action.SET_AVAILABILITY, Action.SUPERVISE, Action.MANAGE, Action.MANAGE_SELF),
)


async def get_me(call: Call, do: GetMe) -> Me:
    """Who the caller is, and what they may do."""
    actor = call.actor
    if isinstance(actor, Visitor):
        return Me(visitor=visitor_info(actor), may=(Action.START,))
    if not isinstance(actor, Agent):
        raise Unauthenticated("Sign in, or send a token.")
    info = await call.read(lambda conn: agents.get_agent(conn, actor.id))
    return Me(
        agent=with_connected(call.ctx, info),
        session=actor.session_id,
        scopes=None if actor.scopes is None else tuple(sorted(actor.scopes)),
        may=tuple(action for action in _GENERAL if may(actor, action)),
    )


def visitor_info(visitor: Visitor) -> VisitorInfo:
    """What a visitor is told of who they are."""
    return VisitorInfo(
        id=visitor.contact_id,
        inbox=visitor.inbox_id,
        name=visitor.name,
        verified=visitor.verified,
    )


def with_connected(ctx: Context, info: AgentInfo) -> AgentInfo:
    """``info`` with whether the agent is connected here."""
    return replace(info, connected=ctx.hub.listens(agent_channel(info.id)))


COMMANDS = (Command("session.me", get_me, "GET", "/me", {}, who="both"),)
