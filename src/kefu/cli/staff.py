"""What ``kefu agent`` does: the server's own actions on its store, beside it or without it.

Rules: a server that runs closes what must be closed within two seconds. A store that is not there
yet is made, so that the first admin can come before the first start.
Not here: options and passwords' prompts (``cli.agents``).
"""

from __future__ import annotations

import asyncio
import secrets
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Iterator
from contextlib import asynccontextmanager
from typing import Any, TypeVar

import msgspec
from sqlalchemy import Connection

from kefu.actions.agents import (
    CreateAgent,
    ResetLink,
    UpdateAgent,
    add_agent,
    create_agent,
    reset_link,
    update_agent,
)
from kefu.actions.context import Call, Context, Tx, commit
from kefu.actions.leaving import Deactivate, deactivate_agent
from kefu.actions.links import OneTimeLink
from kefu.actions.login import replace_password
from kefu.cli.options import texts
from kefu.cli.running import Unusable, check_whole, said_url
from kefu.config import Settings
from kefu.core.actors import AgentRole, Standing
from kefu.core.addresses import clean_email
from kefu.core.desk import AgentInfo
from kefu.core.errors import BadInput, ChatError, NotFound
from kefu.core.passwords import check_password
from kefu.core.permissions import Policy
from kefu.core.text import is_storable, visible
from kefu.hub import Hub
from kefu.storage import agents, inboxes
from kefu.storage.claims import claim_store
from kefu.storage.database import Database
from kefu.storage.desk import get_epoch
from kefu.storage.engine import is_empty, open_for_reading
from kefu.storage.migrations import migrate

T = TypeVar("T")


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
    _check_texts(email or "", name, *inbox_names)

    async def work(call: Call) -> str:
        ids = await call.read(lambda conn: _inbox_ids(conn, inbox_names))
        wanted = CreateAgent(name=name, email=email, role=role, inboxes=ids)
        if email is None or password is None:
            made = await create_agent(call, wanted)
            return _told(made, "agent_added", made.link)
        check_password(password, email=clean_email(email))
        new_hash = await call.ctx.passwords.hash(password)

        def store(tx: Tx) -> AgentInfo:
            id = add_agent(tx, wanted, password_hash=new_hash)
            return agents.get_agent(tx.conn, id)

        return _told(await commit(call, store), "agent_added")

    _make_store(settings)
    return _run(settings, work)


def set_role(settings: Settings, who: str, role: AgentRole) -> str:
    """Change an agent's role; returns what to say. Raises Unusable, StoreUnusable."""

    async def work(call: Call) -> str:
        id = await _find(call, who)
        after = await update_agent(call, UpdateAgent(agent=id, role=role))
        return _told(after, "agent_changed")

    return _run(settings, work)


def set_password(settings: Settings, who: str, password: str | None) -> str:
    """Set an agent's password, None: make a link; returns what to say.

    Raises Unusable, StoreUnusable.
    """

    async def work(call: Call) -> str:
        id = await _find(call, who)
        info = await call.read(lambda conn: agents.get_agent(conn, id))
        if password is None or info.email is None:  # of whom a link is refused, too
            made = await reset_link(call, ResetLink(agent=id))
            return _told(info, "agent_link", made.link)
        new_hash = await call.ctx.passwords.hash(check_password(password, email=info.email))
        await commit(call, lambda tx: replace_password(tx, id, new_hash))
        return _told(info, "agent_has_password")

    return _run(settings, work)


def deactivate(settings: Settings, who: str) -> str:
    """Let an agent go; returns what to say. Raises Unusable, StoreUnusable."""

    async def work(call: Call) -> str:
        id = await _find(call, who)
        return _told(await deactivate_agent(call, Deactivate(agent=id)), "agent_gone")

    return _run(settings, work)


def lines(settings: Settings, *, as_json: bool) -> Iterator[str]:
    """The team but for who has no account, a line each; the store is let go before.

    Raises StoreUnusable.
    """
    with open_for_reading(settings.database_url) as conn:
        team = agents.list_agents(conn)
    for info in team:
        if info.email is None and info.role is not AgentRole.BOT:
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


def _check_texts(*words: str) -> None:
    if not all(map(is_storable, words)):
        raise Unusable(texts("bad_words"))


def _inbox_ids(conn: Connection, names: list[str]) -> tuple[int, ...]:
    known = {one.name: one.id for one in inboxes.list_inboxes(conn)}
    for name in names:
        if name not in known:
            raise Unusable(texts("no_such_inbox", name=visible(name)))
    return tuple(known[name] for name in names)


async def _find(call: Call, who: str) -> int:
    _check_texts(who)
    try:
        called = clean_email(who)
    except BadInput:
        called = who
    id = await call.read(lambda conn: agents.find_agent(conn, called))
    if id is None:
        raise Unusable(texts("no_such_agent", who=visible(who)))
    return id


def _make_store(settings: Settings) -> None:
    """Make a store that is not there yet, so that nobody else does meanwhile."""
    check_whole(settings.data_dir, texts)
    url = settings.database_url
    if is_empty(url):
        with claim_store(url, settings.data_dir if settings.keeps_file else None):
            migrate(url)


def _run(settings: Settings, work: Callable[[Call], Awaitable[T]]) -> T:
    async def act() -> T:
        async with _opened(settings) as ctx:
            return await work(Call(ctx, Standing.OPERATOR))

    try:
        return asyncio.run(act())
    except NotFound:
        raise Unusable(texts("gone")) from None
    except ChatError as error:
        raise Unusable(str(texts.reason(str(error)))) from None


@asynccontextmanager
async def _opened(settings: Settings) -> AsyncIterator[Context]:
    """A context without connections. Raises StoreUnusable."""
    database = Database(
        settings.database_url,
        lock_wait_s=settings.storage.lock_wait_s,
        deadline_s=settings.storage.deadline_s,
    )
    await database.start()
    try:
        yield Context(
            database=database,
            hub=Hub(),
            policy=Policy(),
            limits=settings.limits,
            rates_off=settings.limits_off,
            now_ms=lambda: time.time_ns() // 1_000_000,
            monotonic_s=time.monotonic,
            token=lambda: secrets.token_urlsafe(9),
            background=_drop,
            epoch=await database.read(get_epoch),
            home=_home(settings),
        )
    finally:
        await database.close()


def _home(settings: Settings) -> str:
    """What links begin with."""
    server = settings.server
    return server.public_url or said_url(settings) or f"http://{server.host}:{server.port}"


def _drop(work: Coroutine[Any, Any, None]) -> None:
    """Nothing is done in the background of a command."""
    work.close()
