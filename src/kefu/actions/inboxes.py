"""Inboxes: where conversations come in, how each behaves, and who works in it.

Rules: whoever works in an inbox sees it; an admin sees and changes all. An inbox is never deleted,
since conversations are in it; one that is not active takes no visitors. A bot works in the inbox
whose chats it is given first. Whoever is connected while their inboxes change is made to come back.
Not here: what the settings mean (``core.inbox``), what a web page may know (``widget.config``), a
visitor's proof and its keys (``actions.visitors``).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from functools import partial
from typing import Annotated, Any

from msgspec import UNSET, Meta, UnsetType
from sqlalchemy import Connection, select

from kefu.actions.assignment import assign_waiting
from kefu.actions.commands import Command
from kefu.actions.context import Call, Tx, commit
from kefu.actions.forms import Form, Id, Page
from kefu.actions.requeueing import requeue_chats
from kefu.actions.revocations import revoke
from kefu.core.actors import AgentRole
from kefu.core.display import clean_display_name, is_taken
from kefu.core.endings import Ending
from kefu.core.errors import BadInput, Conflict, IllegalState, NotFound
from kefu.core.inbox import Inbox, Settings, SettingsChange, check_settings
from kefu.core.permissions import Action, check, seen_inboxes
from kefu.hub import agent_channel, visitors_channel
from kefu.storage import files, inboxes, schema
from kefu.storage.agents import check_agents
from kefu.widget.settings import Look, logo_file, logo_path

NAME_CHARS = 100
MOST_AGENTS = 1_000

InboxName = Annotated[str, Meta(min_length=1, max_length=10 * NAME_CHARS)]
Agents = Annotated[tuple[Id, ...], Meta(max_length=MOST_AGENTS)]
Change = Callable[[Tx], Inbox]  # of an inbox, as it is after


class ListInboxes(Form, frozen=True):
    """The inboxes that the caller works in; an admin: all."""


class GetInbox(Form, frozen=True):
    """One inbox."""

    inbox: Id


class CreateInbox(Form, frozen=True):
    """A new inbox for a web page's widget."""

    name: InboxName
    settings: Settings = Settings()
    team: Id | None = None
    bot: Id | None = None
    agents: Agents = ()


class UpdateInbox(Form, frozen=True):
    """What is left out stays as it is, also within ``settings``, where null means the default."""

    inbox: Id
    name: InboxName | UnsetType = UNSET
    settings: SettingsChange | UnsetType = UNSET
    team: Id | UnsetType | None = UNSET
    bot: Id | UnsetType | None = UNSET


class SetInboxAgents(Form, frozen=True):
    """Who works in an inbox: these and nobody else."""

    inbox: Id
    agents: Agents


async def list_inboxes(call: Call, do: ListInboxes) -> Page[Inbox]:
    """The inboxes that the caller works in; an admin sees all."""
    check(call.actor, Action.USE_DESK)
    seen = seen_inboxes(call.actor)
    found = await call.read(lambda conn: inboxes.list_inboxes(conn, seen))
    return Page(items=tuple(found))


async def get_inbox(call: Call, do: GetInbox) -> Inbox:
    """One inbox."""
    check(call.actor, Action.USE_DESK)
    seen_inboxes(call.actor, do.inbox)
    return await call.read(lambda conn: inboxes.get_inbox(conn, do.inbox))


async def create_inbox(call: Call, do: CreateInbox) -> Inbox:
    """Make an inbox, with a widget key of its own."""
    check(call.actor, Action.MANAGE)
    settings = _checked(do.settings)

    def work(tx: Tx) -> Inbox:
        _check_served(tx.conn, do.team, do.bot)
        _check_logo(tx.conn, settings.look, 0)
        id = inboxes.add_inbox(
            tx.conn,
            kind="widget",
            name=_free_name(tx.conn, do.name),
            widget_key=f"wk_{call.ctx.token()}",
            settings=settings,
            team_id=do.team,
            bot_id=do.bot,
            created_ms=tx.now_ms,
        )
        _set_members(tx, id, do.agents, do.bot)
        made = inboxes.get_inbox(tx.conn, id)
        tx.audit("inbox.create", "inbox", id, name=made.name, agents=do.agents)
        return made

    return await commit(call, work)


async def update_inbox(call: Call, do: UpdateInbox) -> Inbox:
    """Change how an inbox is called and behaves, and to which team and bot chats go first."""
    return await _change(call, lambda tx: updated(tx, do))


async def deactivate_inbox(call: Call, do: GetInbox) -> Inbox:
    """Take no more visitors; what was said stays, and agents can still work on it."""
    return await _change(call, lambda tx: with_activity(tx, do.inbox, active=False))


async def activate_inbox(call: Call, do: GetInbox) -> Inbox:
    """Take visitors again."""
    return await _change(call, lambda tx: with_activity(tx, do.inbox, active=True))


async def set_agents(call: Call, do: SetInboxAgents) -> Inbox:
    """Say who works in an inbox.

    Who was taken out does not see its conversations any more, and what they had open there is
    queued again.
    """
    return await _change(call, lambda tx: with_agents(tx, do))


async def change_inbox(
    call: Call, inbox_id: int, changes: Callable[[Inbox], Iterable[Change]]
) -> Inbox:
    """Make several changes of one inbox: all of them, or none.

    ``changes``: those that it takes, by what the inbox is when they are made. Raises what they do.
    """

    def work(tx: Tx) -> Inbox:
        for change in changes(inboxes.get_inbox(tx.conn, inbox_id)):
            change(tx)
        return inboxes.get_inbox(tx.conn, inbox_id)

    return await _change(call, work)


async def _change(call: Call, work: Change) -> Inbox:
    check(call.actor, Action.MANAGE)
    return await commit(call, work)


# What changes an inbox, each as a part of a transaction


def updated(tx: Tx, do: UpdateInbox) -> Inbox:
    """The inbox after ``inbox.update``."""
    before = inboxes.get_inbox(tx.conn, do.inbox)
    values = _values(tx.conn, do, before)
    inboxes.set_inbox(tx.conn, do.inbox, **values)
    if "settings" in values:
        files.retire_logos(tx.conn, do.inbox, logo_file(values["settings"].look), tx.now_ms)
    if values.get("bot_id"):
        _set_members(tx, do.inbox, before.agents, values["bot_id"])
    after = inboxes.get_inbox(tx.conn, do.inbox)
    if _admits_fewer(before.settings, after.settings):
        _dismiss_visitors(tx, do.inbox)
    tx.audit("inbox.update", "inbox", do.inbox, **_changed(before, after))
    tx.after.append(partial(assign_waiting, tx.call.ctx))
    return after


def with_agents(tx: Tx, do: SetInboxAgents) -> Inbox:
    """The inbox after ``inbox.set_agents``."""
    known = inboxes.get_inbox(tx.conn, do.inbox)
    if _set_members(tx, do.inbox, do.agents, known.bot):
        tx.audit("inbox.set_agents", "inbox", do.inbox, agents=do.agents)
        tx.after.append(partial(assign_waiting, tx.call.ctx))
    return inboxes.get_inbox(tx.conn, do.inbox)


def with_activity(tx: Tx, inbox_id: int, *, active: bool) -> Inbox:
    """The inbox after ``inbox.activate`` or ``inbox.deactivate``."""
    known = inboxes.get_inbox(tx.conn, inbox_id)
    if known.active is active:
        return known
    if known.kind == "classic":
        raise IllegalState("The rooms protocol's inbox is always there.")
    inboxes.set_inbox(tx.conn, inbox_id, active=int(active))
    tx.audit("inbox.activate" if active else "inbox.deactivate", "inbox", inbox_id)
    if not active:
        _dismiss_visitors(tx, inbox_id)
    return inboxes.get_inbox(tx.conn, inbox_id)


def _checked(settings: Settings) -> Settings:
    try:
        return check_settings(settings)
    except BadInput as error:
        raise BadInput(f"settings.{error.detail}") from None


def _free_name(conn: Connection, raw: str, own: Inbox | None = None) -> str:
    name = clean_display_name(raw, NAME_CHARS)
    if not name:
        raise BadInput("name: nothing of it can be seen")
    table = schema.inbox
    others = select(table.c.name).where(table.c.id != (own.id if own else 0))
    if is_taken(name, conn.scalars(others), own=own.name if own else None):
        raise Conflict("name: another inbox has it, or one that looks the same")
    return name


def _values(conn: Connection, do: UpdateInbox, before: Inbox) -> dict[str, Any]:
    """The columns that change. Raises BadInput, Conflict."""
    values: dict[str, Any] = {}
    if isinstance(do.name, str):
        values["name"] = _free_name(conn, do.name, own=before)
    if isinstance(do.settings, SettingsChange):
        values["settings"] = _checked(do.settings.of(before.settings))
        _check_logo(conn, values["settings"].look, do.inbox)
    if not isinstance(do.team, UnsetType):
        _check_served(conn, do.team, None)
        values["team_id"] = do.team
    if not isinstance(do.bot, UnsetType):
        _check_served(conn, None, do.bot)
        values["bot_id"] = do.bot
    return values


def _check_logo(conn: Connection, look: Look, inbox_id: int) -> None:
    """Raise BadInput if the logo is said to be a file that is not this inbox's logo."""
    id = logo_file(look)
    known = None if id is None else files.find_logo(conn, id, inbox_id)
    if id is not None and (known is None or logo_path(id, known.name) != look.logo):
        raise BadInput("settings.look.logo: this inbox has no such file")


def _check_served(conn: Connection, team_id: int | None, bot_id: int | None) -> None:
    team, agent = schema.team, schema.agent
    known = select(team.c.id).where(team.c.id == team_id)
    if team_id is not None and conn.scalar(known) is None:
        raise BadInput("team: there is none with this id")
    bots = select(agent.c.id).where(agent.c.role == AgentRole.BOT, agent.c.active == 1)
    if bot_id is not None and conn.scalar(bots.where(agent.c.id == bot_id)) is None:
        raise BadInput("bot: there is no active bot with this id")


def _set_members(tx: Tx, inbox_id: int, agent_ids: Collection[int], bot_id: int | None) -> bool:
    """Whether that changed anything. Raises BadInput: there is no such agent."""
    wanted = set(agent_ids) | ({bot_id} if bot_id else set())
    check_agents(tx.conn, wanted)
    changed = inboxes.set_members(tx.conn, inbox_id, wanted)
    for id in sorted(changed):
        revoke(tx, agent_channel(id), Ending.ACCESS_CHANGED)
        if id not in wanted:
            requeue_chats(tx, id)
    return bool(changed)


def _admits_fewer(before: Settings, after: Settings) -> bool:
    """Whether somebody who could come in cannot any more."""
    asks_more = after.identity_required and not before.identity_required
    return asks_more or not set(before.origins) <= set(after.origins)


def _dismiss_visitors(tx: Tx, inbox_id: int) -> None:
    """Let whoever is there come back, if they still may: also who has not written."""
    revoke(tx, visitors_channel(inbox_id), Ending.ACCESS_CHANGED)


def _changed(before: Inbox, after: Inbox) -> dict[str, Any]:
    """What the audit trail says of it."""
    pairs = {name: getattr(after, name) for name in ("name", "team", "bot")}
    told = {name: one for name, one in pairs.items() if getattr(before, name) != one}
    fields = Settings.__struct_fields__
    for name in fields:
        if (one := getattr(after.settings, name)) != getattr(before.settings, name):
            told[name] = one
    return told


_ONE = "/inboxes/{inbox}"
_FAULTS = (Conflict,)
_HOURS = {
    "time_zone": "Asia/Shanghai",
    "week": [*[[["09:00", "18:00"]]] * 5, [], []],
    "holidays": [{"date": "2026-10-01", "name": "国庆节"}],
}
COMMANDS = (
    Command("inbox.list", list_inboxes, "GET", "/inboxes", {}, compressed=True),
    Command("inbox.get", get_inbox, "GET", _ONE, {"inbox": 2}, errors=(NotFound,), compressed=True),
    Command(
        "inbox.create",
        create_inbox,
        "POST",
        "/inboxes",
        {"name": "Shop", "settings": {"locale": "zh-CN", "hours": _HOURS}, "agents": [3, 4]},
        errors=_FAULTS,
        status=201,
    ),
    Command(
        "inbox.update",
        update_inbox,
        "PATCH",
        _ONE,
        {
            "inbox": 2,
            "name": "Shop",
            "settings": {"greeting": "Hello!", "hours": None},
            "bot": None,
        },
        errors=(NotFound, *_FAULTS),
    ),
    Command(
        "inbox.set_agents",
        set_agents,
        "PUT",
        f"{_ONE}/agents",
        {"inbox": 2, "agents": [3, 4]},
        errors=(NotFound,),
    ),
    Command(
        "inbox.deactivate",
        deactivate_inbox,
        "POST",
        f"{_ONE}/deactivate",
        {"inbox": 2},
        errors=(NotFound, IllegalState),
    ),
    Command(
        "inbox.activate",
        activate_inbox,
        "POST",
        f"{_ONE}/activate",
        {"inbox": 2},
        errors=(NotFound, IllegalState),
    ),
)
