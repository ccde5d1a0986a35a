"""Who asks: an actor made of a token. And the sessions that an agent has.

Rules: whatever is wrong with a proof, the answer is the same, but that a device which nobody knows
is told to name its inbox. A connection asks again after it has begun to listen (``admit``), so that
nothing can end unheard in between.
Not here: signing in (``actions.login``), what an actor may do (``core.permissions``).
"""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime
from functools import partial

from sqlalchemy import Connection

from kefu.actions.commands import Command
from kefu.actions.context import Call, Context, Tx, commit
from kefu.actions.forms import Done, Form, Page
from kefu.actions.revocations import DAY_MS, revoke
from kefu.core.actors import Agent, Visitor
from kefu.core.desk import Value, at
from kefu.core.endings import Ending
from kefu.core.errors import ChatError, NotAllowed, Unauthenticated
from kefu.core.permissions import Action, check
from kefu.core.tokens import Kind, hash_token, kind_of
from kefu.hub import Listener, access_channels, session_channel
from kefu.storage import access, inboxes, schema

_REFUSED = "The token does not hold (any more)."
_NO_INBOX = "This device has not written yet; name the inbox: X-Kefu-Widget (hello: `widget`)."


async def actor_of(ctx: Context, token: str, widget_key: str | None = None) -> Agent | Visitor:
    """Whom ``token`` stands for; a device that has not written yet needs its inbox's key, too.

    Raises Unauthenticated; NotAllowed: a contact who was blocked.
    """
    kind, token_hash, now_ms = kind_of(token), hash_token(token), ctx.now_ms()
    match kind:
        case Kind.SESSION:
            since_ms = now_ms - round(ctx.limits.session_idle_days * DAY_MS)
            find = partial(access.find_session, used_after_ms=since_ms)
        case Kind.API:
            find = partial(access.find_token)
        case Kind.DEVICE:
            return await _visitor(ctx, token_hash, widget_key)
        case _:
            raise Unauthenticated(_REFUSED)
    found = await ctx.database.read(lambda conn: find(conn, token_hash, now_ms=now_ms))
    if found is None:
        raise Unauthenticated(_REFUSED)
    _note_use(ctx, found.agent, found.used_ms)
    return found.agent


async def admit(
    ctx: Context, listener: Listener, token: str, widget_key: str | None = None
) -> Agent | Visitor:
    """As ``actor_of``, for a connection that stays: ``listener`` hears from now on if it ends.

    It listens on ``hub.access_channels`` of the actor. Raises as ``actor_of``, and then listens
    nowhere.
    """
    actor = await actor_of(ctx, token, widget_key)
    while True:
        for channel in access_channels(actor):
            ctx.hub.listen(channel, listener)
        try:
            again = await actor_of(ctx, token, widget_key)
        except BaseException:
            dismiss(ctx, listener, actor)
            raise
        if again == actor:
            return actor
        dismiss(ctx, listener, actor)
        actor = again


def dismiss(ctx: Context, listener: Listener, actor: Agent | Visitor) -> None:
    """The opposite of ``admit``: ``listener`` listens no more on the actor's channels."""
    for channel in access_channels(actor):
        ctx.hub.ignore(channel, listener)


async def _visitor(ctx: Context, token_hash: str, widget_key: str | None) -> Visitor:
    def read(conn: Connection) -> tuple[Visitor, int | None] | None:
        found = access.find_device(conn, token_hash)
        if found is None:
            inbox = inboxes.find_by_widget_key(conn, widget_key) if widget_key else None
            if inbox is None:
                raise Unauthenticated(_NO_INBOX if widget_key is None else _REFUSED)
            return Visitor(0, inbox.id, "", token_hash=token_hash), ctx.now_ms()
        if not found.holds or widget_key not in (None, found.widget_key):
            return None
        if found.blocked:
            raise NotAllowed
        return found.visitor, found.seen_ms

    known = await ctx.database.read(read)
    if known is None:
        raise Unauthenticated(_REFUSED)
    _note_use(ctx, *known)
    return known[0]


def _note_use(ctx: Context, actor: Agent | Visitor, used_ms: int | None) -> None:
    now_ms = ctx.now_ms()
    if used_ms is None or used_ms <= now_ms - access.USED_MS:
        ctx.background(_set_used(ctx, actor, now_ms))


async def _set_used(ctx: Context, actor: Agent | Visitor, now_ms: int) -> None:
    with suppress(ChatError):  # the next use notes it
        await ctx.database.write(lambda conn: access.set_used(conn, actor, now_ms))


class ListSessions(Form, frozen=True):
    """The caller's sessions."""


class SessionInfo(Value, frozen=True):
    """A signed-in browser."""

    id: int
    created_at: datetime
    seen_at: datetime  # to the hour
    expires_at: datetime
    address: str = ""
    user_agent: str = ""
    current: bool = False


class Logout(Form, frozen=True):
    """End this session."""


class EndOthers(Form, frozen=True):
    """End the caller's other sessions."""


async def list_sessions(call: Call, do: ListSessions) -> Page[SessionInfo]:
    """The caller's sessions, the one used last first."""
    me = signed_in(call)
    now_ms = call.ctx.now_ms()
    rows = await call.ctx.database.read(lambda conn: access.list_sessions(conn, me.id, now_ms))
    return Page(
        items=tuple(
            SessionInfo(
                id=row.id,
                created_at=at(row.created_ms),
                seen_at=at(row.seen_ms),
                expires_at=at(row.expires_ms),
                address=row.address,
                user_agent=row.user_agent,
                current=row.id == me.session_id,
            )
            for row in rows
        )
    )


async def logout(call: Call, do: Logout) -> Done:
    """Sign out: the session ends, and with it whatever is connected by it."""
    actor = call.actor
    if not isinstance(actor, Agent) or actor.session_id is None:
        raise NotAllowed("Only a session can be ended so; an API token is revoked.")
    id = actor.session_id

    def work(tx: Tx) -> Done:
        end_sessions(tx, Ending.LOGGED_OUT, actor.id, only=id)
        return Done()

    return await commit(call, work)


async def end_others(call: Call, do: EndOthers) -> Done:
    """Sign out everywhere else."""
    me = signed_in(call)

    def work(tx: Tx) -> Done:
        end_sessions(tx, Ending.LOGGED_OUT, me.id, but=me.session_id)
        return Done()

    return await commit(call, work)


def end_sessions(
    tx: Tx, why: Ending, agent_id: int, *, only: int | None = None, but: int | None = None
) -> None:
    """End an agent's sessions, ``only`` this one, or all ``but`` one, and their connections."""
    table = schema.session
    where = [table.c.agent_id == agent_id]
    if only is not None:
        where.append(table.c.id == only)
    if but is not None:
        where.append(table.c.id != but)
    for id in access.end_sessions(tx.conn, *where):
        revoke(tx, session_channel(id), why)


def signed_in(call: Call) -> Agent:
    """The caller, who may manage their own account. Raises as ``check``."""
    check(call.actor, Action.MANAGE_SELF)
    if not isinstance(call.actor, Agent):
        raise NotAllowed
    return call.actor


COMMANDS = (
    Command("session.list", list_sessions, "GET", "/sessions", {}),
    Command("session.end_others", end_others, "DELETE", "/sessions/others", {}),
    Command("session.logout", logout, "DELETE", "/session", {}),
)
