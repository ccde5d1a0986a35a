"""Using a one-time link: the set-up, joining the team, a new password.

Rules: whatever is wrong with a link, the answer is the same. Set-up makes the first admin and is
closed as soon as there is one. Whoever used a link is signed in.
Not here: making links (``actions.links``).
"""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta
from sqlalchemy import Connection

from kefu.actions.agents import CreateAgent, Email, add_agent, check_name
from kefu.actions.commands import Command
from kefu.actions.context import Call, Context, Tx, commit
from kefu.actions.forms import Form, Name
from kefu.actions.links import Purpose, make_link
from kefu.actions.login import Secret, SignedIn, open_session, replace_password
from kefu.core.actors import AgentRole, Standing
from kefu.core.errors import BadInput, Conflict, NameTaken, TooMany, Unauthenticated
from kefu.core.passwords import check_password
from kefu.core.tokens import hash_token
from kefu.storage import access, agents

_REFUSED = "This link does not hold (any more)."


class AcceptLink(Form, frozen=True):
    """Use a link. ``email`` is for the set-up alone; ``name`` for that, or to join under."""

    link: Annotated[str, Meta(max_length=100, description="What stands behind its #.")]
    password: Secret
    name: Name | None = None
    email: Email | None = None


async def setup_link(ctx: Context) -> str | None:
    """Where the first admin is made, ``…/setup#kl_…``; None: there is an admin.

    One from before leads nowhere any more.
    """

    def work(tx: Tx) -> str | None:
        if agents.has_admin(tx.conn):
            access.drop_links(tx.conn, None)
            return None
        return make_link(tx, Purpose.SETUP, None).url

    return await commit(Call(ctx, Standing.SERVER), work)


async def accept_link(call: Call, do: AcceptLink) -> SignedIn:
    """Use a one-time link to choose a password, and be signed in."""
    token_hash, now_ms = hash_token(do.link), call.ctx.now_ms()

    def read(conn: Connection) -> str:
        return _address(conn, _find(conn, token_hash, now_ms), do)

    email = await call.read(read)
    new_hash = await call.ctx.passwords.hash(check_password(do.password, email=email))

    def work(tx: Tx) -> SignedIn:
        link = _find(tx.conn, token_hash, tx.now_ms)
        access.drop_links(tx.conn, link.agent_id)
        if link.agent_id is None:
            wanted = CreateAgent(name=do.name or "", email=email, role=AgentRole.ADMIN)
            id = add_agent(tx, wanted, password_hash=new_hash)
        else:
            id = link.agent_id
            replace_password(tx, id, new_hash)
            if do.name and link.purpose == Purpose.JOIN:
                name = check_name(tx.conn, do.name, own=agents.get_agent(tx.conn, id))
                agents.rename_agent(tx.conn, id, name)
        return open_session(tx, id)

    return await commit(call, work)


def _find(conn: Connection, token_hash: str, now_ms: int) -> access.Link:
    link = access.find_link(conn, token_hash, now_ms)
    if link is None or (link.agent_id is None and agents.has_admin(conn)):
        raise Unauthenticated(_REFUSED)
    return link


def _address(conn: Connection, link: access.Link, do: AcceptLink) -> str:
    """The e-mail address of whoever uses the link."""
    if link.agent_id is None:
        if not do.email or not do.name:
            raise BadInput("The set-up needs a name and an e-mail address.")
        return do.email
    known = agents.find_credentials(conn, agent_id=link.agent_id)
    if known is None or not known.active or known.email is None:
        raise Unauthenticated(_REFUSED)
    if do.email is not None:
        raise BadInput("email: it stands already")
    return known.email


COMMANDS = (
    Command(
        "session.accept_link",
        accept_link,
        "POST",
        "/session/link",
        {"link": "kl_1XjyXYk0iCGl6hPPcvPZIbUGkZJ6mWvO0xZ0nQ4hX4A", "password": "boats at noon"},
        who="anyone",
        errors=(Unauthenticated, NameTaken, Conflict, TooMany),
        status=201,
        secret=True,
    ),
)
