"""What ``kefu inbox`` does: the server's own actions on its store, beside it or without it.

Rules: those of ``cli.acting``. Whom and what a command names is looked up before it changes
anything; its changes are those of the server's own commands, in one transaction: all or none.
Not here: options (``cli.inboxes``), what an inbox's settings mean (``core.inbox``).
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

import msgspec
from msgspec import UNSET
from msgspec.structs import replace
from sqlalchemy import Connection

from kefu.actions.context import Call
from kefu.actions.faults import words_of
from kefu.actions.inboxes import (
    Change,
    CreateInbox,
    SetInboxAgents,
    UpdateInbox,
    change_inbox,
    create_inbox,
    updated,
    with_activity,
    with_agents,
)
from kefu.app import open_files
from kefu.cli.acting import act, check_texts, home, make_store
from kefu.cli.finding import find_agent, find_inbox
from kefu.cli.options import texts
from kefu.cli.running import Unusable
from kefu.config import Settings
from kefu.core.errors import ChatError
from kefu.core.inbox import Inbox, SettingsChange
from kefu.core.inbox import Settings as InboxSettings
from kefu.core.text import visible
from kefu.files.store import Stored
from kefu.net.origins import BadOrigin, normal_origin
from kefu.storage import agents, inboxes
from kefu.storage.engine import is_empty, open_for_reading
from kefu.storage.files import get_secret
from kefu.widget.logo import keep_small, with_logo

_BOUNDED = ("name", "settings.origins", "agents")  # whose most is told in one sentence

Asked = TypeVar("Asked", CreateInbox, UpdateInbox, SetInboxAgents)


class Wanted(NamedTuple):
    """What an inbox is to be. None: as it is. Agents are named as ``find_agent`` takes them."""

    name: str | None
    locale: str | None
    origins: Sequence[str]
    not_origins: Sequence[str]
    agents: Sequence[str]
    not_agents: Sequence[str]
    active: bool | None = None
    accent: str | None = None
    position: str | None = None
    theme: str | None = None
    logo: Path | None = None
    no_logo: bool | None = None

    @property
    def looks(self) -> dict[str, Any]:
        """What is to be of the widget's look."""
        said = {"accent": self.accent, "position": self.position, "theme": self.theme}
        gone = {"logo": None} if self.no_logo else {}
        return {name: one for name, one in said.items() if one is not None} | gone


def add(settings: Settings, name: str, wanted: Wanted) -> str:
    """Make an inbox; returns what to say. Raises Unusable, StoreUnusable."""
    check_texts(name)
    its = InboxSettings(locale=wanted.locale or "en", origins=tuple(map(_origin, wanted.origins)))
    do = _bounded(CreateInbox(name=name, settings=its))  # before a store is made for it
    if wanted.agents and is_empty(settings.database_url):
        raise Unusable(texts("no_such_agent", who=visible(wanted.agents[0])))

    async def work(call: Call) -> str:
        working = await _ids(call, wanted.agents)
        made = await create_inbox(call, _bounded(replace(do, agents=working)))
        about = {"id": made.id, "name": visible(made.name), "widget_key": made.widget_key}
        return texts("inbox_added", page=_page(settings, made), **about)

    make_store(settings)
    return act(settings, work)


def change(settings: Settings, called: str, wanted: Wanted) -> str:
    """Change an inbox; returns what it is now. Raises Unusable, StoreUnusable."""
    if all(one in (None, ()) for one in wanted):
        raise Unusable(texts("nothing_to_set"))
    check_texts(called, wanted.name or "")
    if wanted.logo and wanted.no_logo:
        raise Unusable(texts("two_logos"))
    most_bytes = settings.limits.file_bytes
    picture = _picture(wanted.logo, most_bytes) if wanted.logo else None

    async def work(call: Call) -> str:
        id = (await call.read(lambda conn: find_inbox(conn, called))).id
        new = await _ids(call, wanted.agents)
        gone = dict(zip(await _ids(call, wanted.not_agents), wanted.not_agents, strict=True))
        async with _small_logo(call, settings, picture) as small:
            after = await change_inbox(
                call, id, lambda before: _changes(before, wanted, new=new, gone=gone, logo=small)
            )
        return await call.read(lambda conn: _told(conn, settings, after))

    return act(settings, work)


def _changes(
    before: Inbox,
    wanted: Wanted,
    *,
    new: Sequence[int],
    gone: Mapping[int, str],
    logo: Stored | None,
) -> Iterator[Change]:
    """What makes ``wanted`` of ``before``; ``new`` and ``gone``: agents, with the names given.

    Raises Unusable.
    """
    looks = wanted.looks
    if wanted.active is not None:
        yield partial(with_activity, inbox_id=before.id, active=wanted.active)
    if any((wanted.name is not None, wanted.locale, wanted.origins, wanted.not_origins, looks)):
        its = SettingsChange(
            locale=wanted.locale or UNSET,
            origins=_origins(before, wanted),
            look=replace(before.settings.look, **looks) if looks else UNSET,
        )
        name = UNSET if wanted.name is None else wanted.name
        do = UpdateInbox(inbox=before.id, name=name, settings=its)
        yield partial(updated, do=_bounded(do))
    if logo:
        yield partial(with_logo, inbox_id=before.id, small=logo)
    if new or gone:
        working = _working(before, new, gone)
        yield partial(with_agents, do=_bounded(SetInboxAgents(inbox=before.id, agents=working)))


def _picture(path: Path, most_bytes: int) -> bytes:
    """What is in the file. Raises Unusable."""
    try:
        with path.open("rb") as file:
            picture = file.read(most_bytes + 1)
    except OSError as error:
        reason = texts.reason(error.strerror or error)
        raise Unusable(texts("no_logo_file", path=visible(str(path)), reason=reason)) from None
    if len(picture) > most_bytes:
        raise Unusable(texts("logo_too_large", path=visible(str(path)), most=most_bytes))
    return picture


@asynccontextmanager
async def _small_logo(
    call: Call, settings: Settings, picture: bytes | None
) -> AsyncIterator[Stored | None]:
    """A small copy of the picture, kept unless what follows fails. Raises BadInput."""
    if picture is None:
        yield None
        return
    files = open_files(settings, await call.ctx.database.read(get_secret))
    small = await keep_small(files, _in_parts(picture))
    try:
        yield small
    except (ChatError, Unusable):
        await files.store.delete(small.key)
        raise


async def _in_parts(picture: bytes) -> AsyncIterator[bytes]:
    yield picture


def lines(settings: Settings, *, as_json: bool) -> Iterator[str]:
    """The inboxes, a line each; the store is let go before.

    For people there is a line before them that names the columns. Raises StoreUnusable.
    """
    with open_for_reading(settings.database_url) as conn:
        found = inboxes.list_inboxes(conn)
    if not as_json:
        yield texts("inbox_columns")
    for one in found:
        if as_json:
            yield _json(one)
        else:
            state = texts("inbox_active" if one.active else "inbox_inactive")
            yield "\t".join((str(one.id), visible(one.name), one.widget_key or "-", state))


def shown(settings: Settings, called: str, *, as_json: bool) -> str:
    """One inbox. Raises Unusable, StoreUnusable."""
    check_texts(called)
    with open_for_reading(settings.database_url) as conn:
        found = find_inbox(conn, called)
        return _json(found) if as_json else _told(conn, settings, found)


def _json(inbox: Inbox) -> str:
    row: dict[str, Any] = {
        name: getattr(inbox, name) for name in ("id", "name", "kind", "widget_key", "active")
    }
    its = inbox.settings
    row |= {"locale": its.locale, "origins": its.origins, "look": its.look}
    return msgspec.json.encode(row | {"agents": inbox.agents}).decode()


def _told(conn: Connection, settings: Settings, inbox: Inbox) -> str:
    names = {one.id: one.name for one in agents.list_agents(conn)}
    look = inbox.settings.look
    return texts(
        "inbox_shown",
        name=visible(inbox.name),
        id=inbox.id,
        widget_key=inbox.widget_key or texts("none"),
        page=_page(settings, inbox),
        state=texts("inbox_active" if inbox.active else "inbox_inactive"),
        locale=inbox.settings.locale,
        look=", ".join((look.accent, look.position, look.theme)),
        origins=", ".join(inbox.settings.origins) or texts("none"),
        agents=", ".join(visible(names[id]) for id in inbox.agents) or texts("none"),
    )


def _page(settings: Settings, inbox: Inbox) -> str:
    key = inbox.widget_key
    return texts("none") if key is None else f"{home(settings)}/chat/{key}"


def _bounded(do: Asked) -> Asked:
    """``do`` if it is within the bounds that every transport keeps. Raises Unusable."""
    try:
        return msgspec.convert(msgspec.to_builtins(do), type(do))
    except msgspec.ValidationError as error:
        field, _, reason = words_of(str(error), type(do)).partition(": ")
        if reason.startswith("must have at most") and field in _BOUNDED:
            raise Unusable(texts("inbox_too_much")) from None
        about = {"field": field, "reason": texts.reason(reason)}
        raise Unusable(texts("inbox_bad_field", **about)) from None


async def _ids(call: Call, people: Sequence[str]) -> tuple[int, ...]:
    check_texts(*people)
    return await call.read(lambda conn: tuple(find_agent(conn, who).id for who in people))


def _working(inbox: Inbox, new: Sequence[int], gone: Mapping[int, str]) -> tuple[int, ...]:
    """Who works in it from now on. Raises Unusable."""
    for id, who in gone.items():
        about = {"who": visible(who), "name": visible(inbox.name)}
        if id not in inbox.agents:
            raise Unusable(texts("not_in_inbox", **about))
        if id == inbox.bot:
            raise Unusable(texts("bot_of_inbox", **about))
    return tuple(id for id in dict.fromkeys((*inbox.agents, *new)) if id not in gone)


def _origins(inbox: Inbox, wanted: Wanted) -> tuple[str, ...]:
    """The web sites from now on. Raises Unusable."""
    gone = {_origin(one) for one in wanted.not_origins}
    for one in gone - set(inbox.settings.origins):
        about = {"origin": visible(one), "name": visible(inbox.name)}
        raise Unusable(texts("no_such_origin", **about))
    new = [_origin(one) for one in wanted.origins]
    return tuple(one for one in dict.fromkeys((*inbox.settings.origins, *new)) if one not in gone)


def _origin(said: str) -> str:
    try:
        return normal_origin(said)
    except BadOrigin as error:
        about = {"origin": visible(said), "reason": texts.reason(error)}
        raise Unusable(texts("bad_origin", **about)) from None
