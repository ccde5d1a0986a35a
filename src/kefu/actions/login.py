"""Signing in with a password, and changing it.

Rules: whether there is an account, whether it has a password and whether the agent is still there,
a wrong try takes as long and is answered the same. A login makes a new session, never one that the
browser brought along. Another password ends the agent's other sessions; API tokens stay.
Not here: links instead of passwords (``actions.links``), how often one may try
(``actions.attempts``).
"""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta

from kefu.actions.attempts import begin_attempt, email_or_none, forgive
from kefu.actions.commands import Command
from kefu.actions.context import DAY_MS, Call, Tx, commit
from kefu.actions.credentials import draw_token
from kefu.actions.forms import Done, Form
from kefu.actions.me import with_connected
from kefu.actions.sessions import end_sessions, signed_in
from kefu.core.actors import Agent
from kefu.core.desk import AgentInfo, Time, Value, at
from kefu.core.endings import Ending
from kefu.core.errors import NotAllowed, TooMany, Unauthenticated
from kefu.core.passwords import check_password
from kefu.core.tokens import Kind, hash_token
from kefu.storage import access, agents

WRONG = "The e-mail address or the password is wrong."

Secret = Annotated[str, Meta(max_length=1_000, description="A password.")]


class Login(Form, frozen=True):
    """Sign in."""

    email: Annotated[str, Meta(max_length=500)]
    password: Secret


class SignedIn(Value, frozen=True):
    """A new session. ``token`` is told this once; send it as a bearer token."""

    token: str
    expires_at: Time
    agent: AgentInfo


class SetPassword(Form, frozen=True):
    """Change one's own password."""

    old: Secret
    password: Secret


async def login(call: Call, do: Login) -> SignedIn:
    """Sign in with an e-mail address and a password."""
    email = email_or_none(do.email) or ""
    attempt = await begin_attempt(call, do.email)
    known = await call.read(lambda conn: agents.find_credentials(conn, email=email))
    stored = known.password_hash if known else None
    passwords = call.ctx.passwords
    right = await passwords.verify(do.password, stored)
    if not right or not stored or not known or not known.active:
        raise Unauthenticated(WRONG)
    renewed = await passwords.renewed(do.password, stored)

    def work(tx: Tx) -> SignedIn:
        # Meanwhile the agent may have left, or got another password.
        if agents.find_credentials(tx.conn, agent_id=known.id) != known:
            raise Unauthenticated(WRONG)
        forgive(tx.conn, attempt)
        if renewed != stored:
            agents.set_agent(tx.conn, known.id, password_hash=renewed)
        return open_session(tx, known.id)

    return await commit(call, work)


def open_session(tx: Tx, agent_id: int) -> SignedIn:
    """Sign an agent in; a session that the caller came with ends."""
    old = tx.call.actor
    if isinstance(old, Agent) and old.session_id is not None:
        end_sessions(tx, Ending.LOGGED_OUT, old.id, only=old.session_id)
    token = draw_token(Kind.SESSION)
    expires_ms = tx.now_ms + round(tx.call.ctx.limits.session_days * DAY_MS)
    access.add_session(
        tx.conn,
        agent_id,
        hash_token(token),
        created_ms=tx.now_ms,
        seen_ms=tx.now_ms,
        expires_ms=expires_ms,
        address=tx.call.address,
        user_agent=tx.call.user_agent,
    )
    info = with_connected(tx.call.ctx, agents.get_agent(tx.conn, agent_id))
    return SignedIn(token=token, expires_at=at(expires_ms), agent=info)


async def set_password(call: Call, do: SetPassword) -> Done:
    """Change one's own password; the caller's other sessions end."""
    me = signed_in(call)
    known = await call.read(lambda conn: agents.find_credentials(conn, agent_id=me.id))
    if known is None or known.email is None:
        raise NotAllowed("Whoever has no e-mail address has no password.")
    attempt = await begin_attempt(call, known.email)
    if not await call.ctx.passwords.verify(do.old, known.password_hash):
        raise Unauthenticated("The old password is wrong.")
    new_hash = await call.ctx.passwords.hash(check_password(do.password, email=known.email))

    def work(tx: Tx) -> Done:
        if agents.find_credentials(tx.conn, agent_id=me.id) != known:
            raise Unauthenticated("The old password is wrong.")
        forgive(tx.conn, attempt)
        replace_password(tx, me.id, new_hash, but=me.session_id)
        return Done()

    return await commit(call, work)


def replace_password(tx: Tx, agent_id: int, new_hash: str, but: int | None = None) -> None:
    """Set an agent's password; their sessions ``but`` one, and the links they have, end."""
    agents.set_agent(tx.conn, agent_id, password_hash=new_hash)
    access.drop_links(tx.conn, agent_id)
    end_sessions(tx, Ending.PASSWORD_CHANGED, agent_id, but=but)
    tx.audit("agent.set_password", "agent", agent_id)


COMMANDS = (
    Command(
        "session.login",
        login,
        "POST",
        "/session",
        {"email": "ann@example.com", "password": "three blue boats at noon"},
        who="anyone",
        errors=(Unauthenticated, TooMany),
        status=201,
        secret=True,
    ),
    Command(
        "agent.set_password",
        set_password,
        "PUT",
        "/me/password",
        {"old": "three blue boats at noon", "password": "four red boats at night"},
        errors=(Unauthenticated, TooMany),
    ),
)
