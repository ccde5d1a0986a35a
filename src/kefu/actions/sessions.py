"""Who asks: a call made of a token. And the sessions that an agent has.

Not here: whom a claim stands for (``storage.proving``), when it is looked at again
(``actions.context``), signing in (``actions.login``), what an actor may do (``core.permissions``).
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace

from sqlalchemy import Connection

from kefu.actions.commands import Command
from kefu.actions.context import (
    MOST_TURNS,
    Call,
    Changed,
    Context,
    Ear,
    Proof,
    Tx,
    commit,
    find_actor,
)
from kefu.actions.forms import Done, Form, Id, Page
from kefu.actions.revocations import revoke
from kefu.attendance.telling import come, leave
from kefu.core.actors import Agent, Claim, Visitor
from kefu.core.desk import Time, Value, at
from kefu.core.endings import Ending
from kefu.core.errors import ChatError, NotAllowed, NotFound, Unauthenticated
from kefu.core.permissions import Action, check
from kefu.core.tokens import hash_token, kind_of
from kefu.hub import access_channels, session_channel
from kefu.storage import access, schema
from kefu.storage.proving import Found


def claim_of(token: str, widget_key: str | None = None, page: str | None = None) -> Claim:
    """What ``token`` claims. Raises Unauthenticated: it is none, or no one's that stays."""
    kind = kind_of(token)
    if kind is None:
        raise Unauthenticated("This is no token.")
    return Claim(kind, hash_token(token), widget_key, page)


async def call_by(
    ctx: Context, claim: Claim, address: str = "", user_agent: str = "", *, optional: bool = False
) -> Call:
    """A call of whoever ``claim`` stands for.

    ``optional``: whoever does not hold it any more when the call takes effect is nobody.
    Raises Unauthenticated; NotAllowed: a contact who was blocked; ForeignPage.
    """
    now_ms = ctx.now_ms()

    def read(conn: Connection) -> tuple[Found, int]:
        return find_actor(ctx, conn, claim, now_ms), access.newest_revocation(conn)

    found, looked = await ctx.database.read(read)
    _note_use(ctx, found.actor, found.used_ms)
    proof = Proof(claim, found.until_ms, looked, optional=optional)
    return Call(ctx, found.actor, address, user_agent=user_agent, proof=proof)


async def attend(call: Call, listener: Ear) -> Call:
    """``call`` for a connection that stays: ``listener`` hears from now on if it ends.

    It listens on ``hub.access_channels`` of the actor. Raises as ``Call.look``, and then listens
    nowhere. The claim is looked at once more after it has begun to listen, so that nothing can end
    unheard in between.
    """
    for _ in range(MOST_TURNS):
        channels = access_channels(call.actor)
        for channel in channels:
            call.ctx.hub.listen(channel, listener)
        try:
            looked = await call.read(access.newest_revocation)
        except BaseException as error:
            _ignore(call, listener)
            if not isinstance(error, Changed):
                raise
            call = error.call
        else:
            come(call.ctx, call.actor)
            proof = call.proof and replace(call.proof, looked=looked, ear=listener)
            return replace(call, proof=proof)
    raise Unauthenticated


def dismiss(call: Call, listener: Ear) -> None:
    """The opposite of ``attend``: ``listener`` listens no more on the actor's channels."""
    leave(call.ctx, call.actor)
    _ignore(call, listener)


def _ignore(call: Call, listener: Ear) -> None:
    for channel in access_channels(call.actor):
        call.ctx.hub.ignore(channel, listener)


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
    created_at: Time
    seen_at: Time  # to the hour
    expires_at: Time
    address: str = ""
    user_agent: str = ""
    current: bool = False


class Logout(Form, frozen=True):
    """End this session."""


class EndSession(Form, frozen=True):
    """End one of the caller's sessions."""

    session: Id


class EndOthers(Form, frozen=True):
    """End the caller's other sessions."""


async def list_sessions(call: Call, do: ListSessions) -> Page[SessionInfo]:
    """The caller's sessions, the one used last first."""
    me = signed_in(call)
    now_ms = call.ctx.now_ms()
    rows = await call.read(lambda conn: access.list_sessions(conn, me.id, now_ms))
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


async def end_session(call: Call, do: EndSession) -> Done:
    """Sign out one browser of one's own, also the one that asks."""
    me = signed_in(call)

    def work(tx: Tx) -> Done:
        if not end_sessions(tx, Ending.LOGGED_OUT, me.id, only=do.session):
            raise NotFound
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
) -> int:
    """End an agent's sessions, ``only`` this one, or all ``but`` one, and their connections.

    Returns how many there were.
    """
    table = schema.session
    where = [table.c.agent_id == agent_id]
    if only is not None:
        where.append(table.c.id == only)
    if but is not None:
        where.append(table.c.id != but)
    ended = access.end_sessions(tx.conn, *where)
    for id in ended:
        revoke(tx, session_channel(id), why)
    return len(ended)


def signed_in(call: Call) -> Agent:
    """The caller, who may manage their own account. Raises as ``check``."""
    check(call.actor, Action.MANAGE_SELF)
    if not isinstance(call.actor, Agent):
        raise NotAllowed
    return call.actor


COMMANDS = (
    Command("session.list", list_sessions, "GET", "/sessions", {}),
    Command("session.end_others", end_others, "DELETE", "/sessions/others", {}),
    Command(
        "session.end",
        end_session,
        "DELETE",
        "/sessions/{session}",
        {"session": 3},
        errors=(NotFound,),
    ),
    Command("session.logout", logout, "DELETE", "/session", {}),
)
