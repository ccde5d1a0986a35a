"""Who the caller is, and what they may do.

Not here: how they prove it (``actions.sessions``).
"""

from __future__ import annotations

from msgspec.structs import replace

from kefu.actions.commands import Command
from kefu.actions.context import Call, Context
from kefu.actions.forms import Form
from kefu.core.actors import Agent, Scope, Visitor
from kefu.core.content import ASKED, Asked
from kefu.core.desk import AgentInfo, Time, Value, at
from kefu.core.errors import Unauthenticated
from kefu.core.permissions import Action, may
from kefu.hub import agent_channel
from kefu.storage import agents, starting
from kefu.storage.starting import KnownContact


class GetMe(Form, frozen=True):
    """Who asks."""


class VisitorInfo(Value, frozen=True):
    """A visitor, as they may know themselves. ``id``: 0 before the first message.

    ``known``: what a form before the chat need not ask them for. ``consented_at``: to what an inbox
    asks before the first message.
    """

    id: int
    inbox: int
    name: str = ""
    verified: bool = False  # the site vouched for them
    known: tuple[Asked, ...] = ()
    consented_at: Time | None = None


class Me(Value, frozen=True):
    """Who the caller is, and what they may do somewhere at least. One of the first two is there."""

    agent: AgentInfo | None = None
    visitor: VisitorInfo | None = None
    session: int | None = None
    scopes: tuple[Scope, ...] | None = None  # of the API token
    may: tuple[Action, ...] = ()


# What may be asked about without saying of what.
_GENERAL = (
    *(Action.HANDLE, Action.TAKE_OVER, Action.MODERATE, Action.BEGIN, Action.TAG),
    *(Action.USE_DESK, Action.EDIT_CONTACTS, Action.MERGE_CONTACTS, Action.EDIT_CANNED),
    *(Action.EDIT_TAGS, Action.KEEP_OWN),
    *(Action.SET_AVAILABILITY, Action.SUPERVISE, Action.MANAGE, Action.MANAGE_SELF),
)


async def get_me(call: Call, do: GetMe) -> Me:
    """Who the caller is, and what they may do."""
    actor = call.actor
    if isinstance(actor, Visitor):
        found = await call.read(lambda conn: starting.find_contact(conn, actor.contact_id))
        return Me(visitor=visitor_info(actor, found), may=(Action.START,))
    if not isinstance(actor, Agent):
        raise Unauthenticated("Sign in, or send a token.")
    info = await call.read(lambda conn: agents.get_agent(conn, actor.id))
    return Me(
        agent=with_connected(call.ctx, info),
        session=actor.session_id,
        scopes=None if actor.scopes is None else tuple(sorted(actor.scopes)),
        may=tuple(action for action in _GENERAL if may(actor, action)),
    )


def visitor_info(visitor: Visitor, found: KnownContact | None) -> VisitorInfo:
    """What a visitor is told of who they are. ``found``: their contact, if there is one."""
    consent_ms = found.consent_ms if found else None
    return VisitorInfo(
        id=visitor.contact_id,
        inbox=visitor.inbox_id,
        name=visitor.name,
        verified=visitor.verified,
        known=known_of(found, verified=visitor.verified),
        consented_at=None if consent_ms is None else at(consent_ms),
    )


def known_of(found: KnownContact | None, *, verified: bool) -> tuple[Asked, ...]:
    """What a visitor need not be asked for. Whom the site vouches for, it calls what it likes."""
    if found is None:
        return ()
    there = {"name": verified, "email": bool(found.email), "phone": bool(found.phone)}
    return tuple(one for one in ASKED if there[one])


def with_connected(ctx: Context, info: AgentInfo) -> AgentInfo:
    """``info`` with whether the agent is connected here."""
    return replace(info, connected=ctx.hub.listens(agent_channel(info.id)))


COMMANDS = (Command("session.me", get_me, "GET", "/me", {}, who="both"),)
