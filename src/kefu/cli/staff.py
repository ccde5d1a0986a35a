"""What ``kefu agent`` does: the server's own actions on its store, beside it or without it.

Rules: those of ``cli.acting``.
Not here: options and passwords' prompts (``cli.agents``).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec

from kefu.actions.agents import (
    CreateAgent,
    ResetLink,
    UpdateAgent,
    add_agent,
    create_agent,
    reset_link,
    seen_name,
    update_agent,
)
from kefu.actions.context import Call, Tx, commit
from kefu.actions.leaving import Deactivate, deactivate_agent
from kefu.actions.links import OneTimeLink
from kefu.actions.login import replace_password
from kefu.cli.acting import act, check_texts, make_store, refusals_told
from kefu.cli.finding import find_agent, find_inbox, has_account
from kefu.cli.options import texts
from kefu.config import Settings
from kefu.core.actors import AgentRole
from kefu.core.addresses import clean_email
from kefu.core.desk import AgentInfo
from kefu.core.passwords import check_password
from kefu.core.text import visible
from kefu.storage import agents
from kefu.storage.engine import open_for_reading


def add(
    settings: Settings,
    *,
    email: str | None,
    name: str,
    role: AgentRole,
    inbox_names: list[str],
    password: str | None,
) -> str:
    """Take somebody in; returns what to say. Raises Unusable, StoreUnusable."""
    check_texts(email or "", name, *inbox_names)
    with refusals_told():  # before a store is made for it
        seen_name(name)
        address = None if email is None else clean_email(email)
        if address is not None and password is not None:
            check_password(password, email=address)

    async def work(call: Call) -> str:
        found = await call.read(lambda conn: [find_inbox(conn, one) for one in inbox_names])
        ids = tuple(dict.fromkeys(one.id for one in found))
        wanted = CreateAgent(name=name, email=email, role=role, inboxes=ids)
        if email is None or password is None:
            made = await create_agent(call, wanted)
            return _told(made, "agent_added", made.link)
        new_hash = await call.ctx.passwords.hash(password)

        def store(tx: Tx) -> AgentInfo:
            id = add_agent(tx, wanted, password_hash=new_hash)
            return agents.get_agent(tx.conn, id)

        return _told(await commit(call, store), "agent_added")

    make_store(settings)
    return act(settings, work)


def set_role(settings: Settings, who: str, role: AgentRole) -> str:
    """Change an agent's role; returns what to say. Raises Unusable, StoreUnusable."""

    async def work(call: Call) -> str:
        id = (await _find(call, who)).id
        after = await update_agent(call, UpdateAgent(agent=id, role=role))
        return _told(after, "agent_changed")

    return act(settings, work)


def set_password(settings: Settings, who: str, password: str | None) -> str:
    """Set an agent's password, None: make a link; returns what to say.

    Raises Unusable, StoreUnusable.
    """

    async def work(call: Call) -> str:
        info = await _find(call, who)
        if password is None or info.email is None:  # of whom a link is refused, too
            made = await reset_link(call, ResetLink(agent=info.id))
            return _told(info, "agent_link", made.link)
        new_hash = await call.ctx.passwords.hash(check_password(password, email=info.email))
        await commit(call, lambda tx: replace_password(tx, info.id, new_hash))
        return _told(info, "agent_has_password")

    return act(settings, work)


def deactivate(settings: Settings, who: str) -> str:
    """Let an agent go; returns what to say. Raises Unusable, StoreUnusable."""

    async def work(call: Call) -> str:
        id = (await _find(call, who)).id
        return _told(await deactivate_agent(call, Deactivate(agent=id)), "agent_gone")

    return act(settings, work)


def lines(settings: Settings, *, as_json: bool) -> Iterator[str]:
    """The team but for who has no account, a line each; the store is let go before.

    For people there is a line before them that names the columns. Raises StoreUnusable.
    """
    with open_for_reading(settings.database_url) as conn:
        team = agents.list_agents(conn)
    if not as_json:
        yield texts("agent_columns")
    for info in team:
        if not has_account(info):
            continue  # of the rooms protocol, known by the name: no account
        if as_json:
            yield msgspec.json.encode(_row(info)).decode()
        else:
            state = texts("agent_active" if info.active else "agent_left")
            cells = (info.role, visible(info.name), info.email or "-", state)
            yield "\t".join((str(info.id), *cells))


def _row(info: AgentInfo) -> dict[str, Any]:
    fields = ("id", "name", "email", "role", "active", "inboxes")
    return {field: getattr(info, field) for field in fields}


def _told(info: AgentInfo, key: str, link: OneTimeLink | None = None) -> str:
    """What was done, and the link in a line of its own."""
    about = {"id": info.id, "name": visible(info.name), "role": texts(f"role_{info.role}")}
    said = texts(key, **about)
    return said if link is None else f"{said}\n{link.url}"


async def _find(call: Call, who: str) -> AgentInfo:
    check_texts(who)
    return await call.read(lambda conn: find_agent(conn, who))
