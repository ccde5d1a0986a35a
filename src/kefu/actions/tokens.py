"""API tokens: keys for machines, each of which acts as its agent, within its scopes.

Rules: an agent makes tokens for themselves, an admin for anybody; with a token nobody makes one
that may more than it. A token is told once and kept as its hash. It ends when its time is over,
when it is revoked, and while its agent is not active.
Not here: what a scope allows (``core.permissions``).
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from msgspec import Meta

from kefu.actions.commands import Command
from kefu.actions.context import Call, Tx, commit
from kefu.actions.credentials import draw_token
from kefu.actions.forms import Done, Form, Id, Name, Page, with_once
from kefu.actions.revocations import revoke
from kefu.actions.sessions import signed_in
from kefu.core.actors import Agent, Scope
from kefu.core.desk import Time, Value, at, to_ms
from kefu.core.endings import Ending
from kefu.core.errors import BadInput, NotAllowed, NotFound, TooMany
from kefu.core.permissions import Action, check, may
from kefu.core.tokens import Kind, hash_token
from kefu.hub import token_channel
from kefu.storage import access, agents

MOST_TOKENS = 50  # of one agent


class ListTokens(Form, frozen=True):
    """API tokens."""

    agent: Annotated[Id | None, Meta(description="Whose; the caller's own if left out.")] = None


class CreateToken(Form, frozen=True):
    """A key for a machine."""

    name: Annotated[Name, Meta(description="What it is for.")]
    scopes: Annotated[tuple[Scope, ...], Meta(min_length=1, max_length=3)]
    agent: Annotated[Id | None, Meta(description="Whom it acts as; the caller if left out.")] = None
    expires_at: Annotated[datetime, Meta(tz=True)] | None = None


class RevokeToken(Form, frozen=True):
    """End an API token."""

    token: Id


class TokenInfo(Value, frozen=True):
    """An API token, but for its secret."""

    id: int
    agent: int
    name: str
    scopes: tuple[Scope, ...]
    created_at: Time
    expires_at: Time | None = None
    used_at: Time | None = None  # to the hour


class NewToken(TokenInfo, frozen=True, kw_only=True):
    """A new API token. ``secret`` is told this once; send it as a bearer token."""

    secret: str


async def list_tokens(call: Call, do: ListTokens) -> Page[TokenInfo]:
    """An agent's API tokens, the oldest first."""
    agent_id = _whose(call, do.agent)
    rows = await call.read(lambda conn: access.list_tokens(conn, agent_id))
    return Page(
        items=tuple(
            TokenInfo(
                id=row.id,
                agent=row.agent_id,
                name=row.name,
                scopes=tuple(sorted(access.scopes_of(row))),
                created_at=at(row.created_ms),
                expires_at=None if row.expires_ms is None else at(row.expires_ms),
                used_at=None if row.used_ms is None else at(row.used_ms),
            )
            for row in rows
        )
    )


async def create_token(call: Call, do: CreateToken) -> NewToken:
    """Make an API token; its secret is in this answer and nowhere else."""
    agent_id, scopes = _whose(call, do.agent), frozenset(do.scopes)
    own = call.actor.scopes if isinstance(call.actor, Agent) else None
    if own is not None and not scopes <= own:
        raise NotAllowed("A token cannot make one that may more than it.")
    expires_ms = None if do.expires_at is None else to_ms(do.expires_at)
    if expires_ms is not None and expires_ms <= call.ctx.now_ms():
        raise BadInput("expires_at: is over already")
    secret = draw_token(Kind.API)

    def work(tx: Tx) -> NewToken:
        agents.get_agent(tx.conn, agent_id)
        if len(access.list_tokens(tx.conn, agent_id)) >= MOST_TOKENS:
            raise TooMany(f"An agent has at most {MOST_TOKENS} tokens; revoke one.")
        id = access.add_token(
            tx.conn,
            hash_token(secret),
            scopes,
            agent_id=agent_id,
            name=do.name,
            created_ms=tx.now_ms,
            expires_ms=expires_ms,
        )
        made = TokenInfo(
            id=id,
            agent=agent_id,
            name=do.name,
            scopes=tuple(sorted(scopes)),
            created_at=at(tx.now_ms),
            expires_at=do.expires_at,
        )
        tx.audit("token.create", "token", id, agent=agent_id, name=do.name, scopes=made.scopes)
        return with_once(NewToken, made, secret=secret)

    return await commit(call, work)


async def revoke_token(call: Call, do: RevokeToken) -> Done:
    """End an API token, and what is connected by it."""
    me = signed_in(call)

    def work(tx: Tx) -> Done:
        owner = access.get_token_owner(tx.conn, do.token)
        if owner is None or (owner != me.id and not may(me, Action.MANAGE)):
            raise NotFound
        access.drop_token(tx.conn, do.token)
        revoke(tx, token_channel(do.token), Ending.TOKEN_REVOKED)
        tx.audit("token.revoke", "token", do.token, agent=owner)
        return Done()

    return await commit(call, work)


def _whose(call: Call, agent_id: int | None) -> int:
    me = signed_in(call)
    if agent_id is not None and agent_id != me.id:
        check(me, Action.MANAGE)
        return agent_id
    return me.id


COMMANDS = (
    Command("token.list", list_tokens, "GET", "/tokens", {"agent": 2}),
    Command(
        "token.create",
        create_token,
        "POST",
        "/tokens",
        {"name": "echo bot", "scopes": ["read", "write"], "agent": 2},
        errors=(NotFound, TooMany),
        status=201,
        secret=True,
    ),
    Command("token.revoke", revoke_token, "DELETE", "/tokens/{token}", {"token": 5}),
)
