"""The team: who they are, what they are allowed, in which inboxes they work.

Rules: there is always an active admin. Names cannot be mistaken for each other. Whoever is
connected while their name, role or inboxes change is made to come back. A bot has neither address
nor password: it comes with an API token.
Not here: leaving (``actions.leaving``), teams (``actions.teams``), availability
(``actions.availability``), passwords (``actions.login``), links (``actions.links``).
"""

from __future__ import annotations

from collections.abc import Collection
from functools import partial
from typing import Annotated, Any

from msgspec import Meta, structs
from sqlalchemy import Connection

from kefu.actions.assignment import assign_waiting
from kefu.actions.commands import Command
from kefu.actions.context import Call, Tx, commit
from kefu.actions.forms import Form, Id, Name, Page, with_once
from kefu.actions.links import OneTimeLink, Purpose, make_link
from kefu.actions.me import with_connected
from kefu.actions.requeueing import requeue_chats
from kefu.actions.revocations import revoke
from kefu.core.actors import Actor, Agent, AgentRole
from kefu.core.addresses import clean_email
from kefu.core.attributes import clean_tag
from kefu.core.conversation import Role
from kefu.core.desk import Activity, AgentInfo, Person
from kefu.core.display import clean_display_name, imitates
from kefu.core.endings import Ending
from kefu.core.errors import BadInput, Conflict, IllegalState, NameTaken, NotFound
from kefu.core.permissions import Action, check, may
from kefu.core.signals import ProfileChanged
from kefu.hub import TEAM_CHANNEL, agent_channel
from kefu.storage import agents
from kefu.storage.moving import Step, take_steps

NAME_CHARS = 100
TOLD = 200  # conversations at most that are told of a new name, the newest

Email = Annotated[str, Meta(max_length=500, description="What the agent signs in with.")]
ChatLimit = Annotated[int, Meta(ge=0, le=1_000, description="Open chats that are assigned.")]
_Tag = Annotated[str, Meta(min_length=1, max_length=200)]
Tags = Annotated[tuple[_Tag, ...], Meta(max_length=50)]
Inboxes = Annotated[tuple[Id, ...], Meta(max_length=1_000)]


class ListAgents(Form, frozen=True):
    """The team."""


class GetAgent(Form, frozen=True):
    """One agent."""

    agent: Id


class CreateAgent(Form, frozen=True):
    """Take somebody into the team. ``email``: of everybody but bots."""

    name: Name
    email: Email | None = None
    role: AgentRole = AgentRole.AGENT
    skills: Tags = ()
    languages: Tags = ()
    chat_limit: ChatLimit = 5
    inboxes: Inboxes = ()


class NewAgent(AgentInfo, frozen=True, kw_only=True):
    """An agent with the ``link`` where they choose their password; a bot has none."""

    link: OneTimeLink | None = None


class UpdateAgent(Form, frozen=True):
    """Change an agent; what is left out stays as it is."""

    agent: Id
    name: Name | None = None
    email: Email | None = None
    role: AgentRole | None = None
    skills: Tags | None = None
    languages: Tags | None = None
    chat_limit: ChatLimit | None = None
    inboxes: Inboxes | None = None


class ResetLink(Form, frozen=True):
    """A link for an agent to choose a new password."""

    agent: Id


async def list_agents(call: Call, do: ListAgents) -> Page[AgentInfo]:
    """The team, those who left included. Only admins see the others' addresses."""
    check(call.actor, Action.USE_DESK)
    found = await call.read(agents.list_agents)
    return Page(items=tuple(_seen_by(call, info) for info in found))


async def get_agent(call: Call, do: GetAgent) -> AgentInfo:
    """One agent."""
    check(call.actor, Action.USE_DESK)
    found = await call.read(lambda conn: agents.get_agent(conn, do.agent))
    return _seen_by(call, found)


async def create_agent(call: Call, do: CreateAgent) -> NewAgent:
    """Take somebody into the team, and get a link for them to choose their password."""
    check(call.actor, Action.MANAGE)
    if (do.email is None) != (do.role is AgentRole.BOT):
        raise BadInput("email: everybody but a bot has one")

    def work(tx: Tx) -> NewAgent:
        id = add_agent(tx, do)
        link = None if do.email is None else make_link(tx, Purpose.JOIN, id)
        return with_once(NewAgent, agents.get_agent(tx.conn, id), link=link)

    return await commit(call, work)


def add_agent(tx: Tx, do: CreateAgent, **values: Any) -> int:
    """Store the agent that ``do`` describes, with ``values`` for other columns; the id.

    Raises BadInput, NameTaken, Conflict, NotFound.
    """
    values |= {
        "name": check_name(tx.conn, do.name),
        "email": do.email and _free_email(tx.conn, do.email),
        "role": do.role,
        "skills": _tags(do.skills),
        "languages": _tags(do.languages),
        "chat_limit": do.chat_limit,
        "created_ms": tx.now_ms,
    }
    id = agents.add_agent(tx.conn, **values)
    agents.set_inboxes(tx.conn, id, do.inboxes)
    tx.audit("agent.create", "agent", id, **_told(do))
    return id


async def update_agent(call: Call, do: UpdateAgent) -> AgentInfo:
    """Change an agent."""
    check(call.actor, Action.MANAGE)

    def work(tx: Tx) -> AgentInfo:
        before = agents.get_agent(tx.conn, do.agent)
        _update(tx, before, do)
        after = agents.get_agent(tx.conn, do.agent)
        if after.name != before.name:
            tell_profile(tx, after)
        if (after.name, after.role, after.inboxes) != (before.name, before.role, before.inboxes):
            revoke(tx, agent_channel(do.agent), Ending.ACCESS_CHANGED)
        tx.audit("agent.update", "agent", do.agent, **_told(do))
        tx.after.append(partial(assign_waiting, call.ctx))
        return with_connected(call.ctx, after)

    return await commit(call, work)


def _update(tx: Tx, before: AgentInfo, do: UpdateAgent) -> None:
    values: dict[str, Any] = {}
    if do.role is not None and do.role is not before.role:
        if AgentRole.BOT in (do.role, before.role):
            raise IllegalState("A bot stays one, and nobody becomes one.")
        keep_an_admin(tx.conn, before)
        values["role"] = do.role
    if do.email is not None and clean_email(do.email) != before.email:
        if before.role is AgentRole.BOT:
            raise IllegalState("A bot has no e-mail address.")
        values["email"] = _free_email(tx.conn, do.email)
    for column, tags in (("skills", do.skills), ("languages", do.languages)):
        if tags is not None:
            values[column] = _tags(tags)
    if do.chat_limit is not None:
        values["chat_limit"] = do.chat_limit
    agents.set_agent(tx.conn, before.id, **values)
    if do.name is not None:
        rename(tx, before, do.name)
    if do.inboxes is not None:
        agents.set_inboxes(tx.conn, before.id, do.inboxes)
    requeue_chats(tx, before.id)  # those of an inbox or a role that they have lost


def rename(tx: Tx, before: AgentInfo, raw: str) -> None:
    """Give an agent another name; whoever shows a live conversation of theirs hears of it."""
    name = check_name(tx.conn, raw, own=before)
    if name == before.name:
        return
    agents.rename_agent(tx.conn, before.id, name)
    role = Role.BOT if before.role is AgentRole.BOT else Role.AGENT
    renamed = Activity(what="renamed", agent=Person(role=role, name=name, id=before.id))
    ids = agents.list_live_with(tx.conn, before.id, limit=TOLD)
    if ids:
        steps = [Step(id, renamed, {}, by=tx.call.member) for id in ids]
        tx.entries += take_steps(tx.conn, steps, tx.now_ms)


def tell_profile(tx: Tx, info: AgentInfo) -> None:
    """Tell the team what one of them is called, and where their picture is."""
    told = ProfileChanged(agent=info.id, name=info.name, avatar=info.avatar)
    tx.after.append(partial(tx.call.ctx.hub.signal, [TEAM_CHANNEL], told))


async def reset_link(call: Call, do: ResetLink) -> NewAgent:
    """Get a link for an agent to choose a new password; until it is used the old one holds."""
    check(call.actor, Action.MANAGE)

    def work(tx: Tx) -> NewAgent:
        known = agents.get_agent(tx.conn, do.agent)
        if known.email is None:
            raise IllegalState("Whoever has no e-mail address has no password.")
        tx.audit("agent.reset_link", "agent", do.agent)
        link = make_link(tx, Purpose.RESET, do.agent)
        return with_once(NewAgent, with_connected(call.ctx, known), link=link)

    return await commit(call, work)


def check_name(conn: Connection, raw: str, own: AgentInfo | None = None) -> str:
    """``raw`` as an agent's name; ``own``: who is to have it. Raises BadInput, NameTaken."""
    name = seen_name(raw)
    others = agents.list_names(conn, but=own.id if own else 0)
    if imitates(name, others, own=own.name if own else None):
        raise NameTaken("Another agent has this name, or one that looks the same.")
    return name


def seen_name(raw: str) -> str:
    """``raw`` as an agent's name, if nobody has it. Raises BadInput."""
    name = clean_display_name(raw, NAME_CHARS)
    if not name:
        raise BadInput("name: nothing of it can be seen")
    return name


def _free_email(conn: Connection, raw: str) -> str:
    email = clean_email(raw)
    if agents.has_email(conn, email):
        raise Conflict("email: another agent has it")
    return email


def keep_an_admin(conn: Connection, leaving: AgentInfo) -> None:
    """Raise IllegalState if nobody else is an active admin, and ``leaving`` is one."""
    is_admin = leaving.active and leaving.role is AgentRole.ADMIN
    if is_admin and not agents.has_admin(conn, but=leaving.id):
        raise IllegalState("This is the last active admin.")


def _tags(raw: Collection[str]) -> list[str]:
    return list(dict.fromkeys(clean_tag(one) for one in raw))


def _told(do: CreateAgent | UpdateAgent) -> dict[str, Any]:
    """What the audit trail says of it."""
    return {name: one for name, one in structs.asdict(do).items() if one is not None}


def _seen_by(call: Call, info: AgentInfo) -> AgentInfo:
    info = with_connected(call.ctx, info)
    return info if _may_see_address(call.actor, info) else structs.replace(info, email=None)


def _may_see_address(actor: Actor, info: AgentInfo) -> bool:
    return may(actor, Action.MANAGE) or (isinstance(actor, Agent) and actor.id == info.id)


_LI = {"name": "李雷", "email": "li@example.com", "inboxes": [2]}
_TAKEN = (NameTaken, Conflict, NotFound)

COMMANDS = (
    Command("agent.list", list_agents, "GET", "/agents", {}, compressed=True),
    Command("agent.get", get_agent, "GET", "/agents/{agent}", {"agent": 3}),
    Command(
        "agent.create",
        create_agent,
        "POST",
        "/agents",
        _LI,
        errors=_TAKEN,
        status=201,
        secret=True,
    ),
    Command(
        "agent.update",
        update_agent,
        "PATCH",
        "/agents/{agent}",
        {"agent": 3, "role": "supervisor"},
        errors=(*_TAKEN, IllegalState),
    ),
    Command(
        "agent.reset_link",
        reset_link,
        "POST",
        "/agents/{agent}/reset",
        {"agent": 3},
        errors=(IllegalState,),
        secret=True,
    ),
)
