"""Agents with passwords and sessions, for tests of who may come in."""

from __future__ import annotations

from typing import Any

from kefu.actions.context import DAY_MS, Context
from kefu.actions.login import Login, SignedIn, login
from kefu.actions.sessions import call_by, claim_of
from kefu.core.actors import Actor, Agent, AgentRole, Standing
from kefu.core.passwords import SALT_BYTES, hash_password
from kefu.core.tokens import Kind, hash_token
from kefu.storage import schema
from tests.actions.desk import Desk
from tests.quick import QUICK

PASSWORD = "three blue boats at noon"
OTHER_PASSWORD = "four red boats at night"
STORED = hash_password(PASSWORD, salt=bytes(SALT_BYTES), cost=QUICK)

_drawn = 0


async def hire(desk: Desk, email: str, **values) -> Agent:
    """An agent with PASSWORD."""
    return await desk.agent(**({"email": email, "password_hash": STORED} | values))


def token_of(kind: Kind) -> str:
    """A token like a drawn one."""
    global _drawn
    _drawn += 1
    return f"{kind}{_drawn:043}"


async def sign_in(desk: Desk, agent: Agent, **values) -> tuple[str, Agent]:
    """A session of ``agent`` in the store: its token, and the actor that it makes."""
    token, now_ms = token_of(Kind.SESSION), desk.clock.now_ms
    row: dict[str, Any] = {"agent_id": agent.id, "token_hash": hash_token(token)}
    row |= {"created_ms": now_ms, "seen_ms": now_ms, "expires_ms": now_ms + 30 * DAY_MS}
    row |= values
    await desk.insert(schema.session, **row)
    return token, await agent_of(desk, token)


async def actor_of(ctx: Context, token: str, widget_key: str | None = None) -> Actor:
    """Whom ``token`` stands for."""
    return (await call_by(ctx, claim_of(token, widget_key))).actor


async def agent_of(desk: Desk, token: str) -> Agent:
    """The agent that ``token`` makes."""
    actor = await actor_of(desk.ctx, token)
    assert isinstance(actor, Agent)
    return actor


async def log_in(
    desk: Desk, email: str, password: str = PASSWORD, address: str = "192.0.2.7"
) -> SignedIn:
    """Sign in as somebody would."""
    call = desk.call(Standing.ANYONE, address)
    return await login(call, Login(email=email, password=password))


async def admin(desk: Desk, email: str = "boss@example.com") -> Agent:
    """An admin with PASSWORD and a session, as the actor they are."""
    hired = await hire(desk, email, name=f"Boss {email}", role=AgentRole.ADMIN)
    _, actor = await sign_in(desk, hired)
    return actor
