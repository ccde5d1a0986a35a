"""Whoever has no right to a command is told the same whether or not there is what they name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import select

from kefu.actions.catalogue import COMMANDS
from kefu.actions.commands import Command
from kefu.core.actors import Actor, AgentRole, Scope, Standing
from kefu.core.errors import ChatError, NotAllowed, NotFound, Unauthenticated
from kefu.gateways.rest.codec import field_types
from kefu.storage import schema
from tests.actions.acts import fresh_id
from tests.actions.desk import Desk
from tests.actions.scene import Scene

NOWHERE = 2**52  # no id is as large
REFUSALS = (NotAllowed, NotFound, Unauthenticated)
# What a caller may read anyway may be refused in words that say it is there.
READ_BY = {name: f"{name}.get" for name in ("agent", "contact", "conversation", "inbox", "webhook")}


async def things(scene: Scene) -> dict[str, Any]:
    """One of everything that has an id, by the fields that name it."""
    desk, admin = scene.desk, scene.admin
    other, _ = await scene.begin()
    canned = await scene.act("canned.create", admin, shortcut="hi", text="Hi", inbox=scene.inbox)
    hook = await scene.act(
        "webhook.create", admin, url="https://hook.example/", events=["message.added"]
    )
    token = await scene.act("token.create", admin, name="t", scopes=["read"], agent=scene.ann.id)
    key = await scene.act("inbox.add_identity_key", admin, inbox=scene.inbox)
    device = await desk.ctx.database.read(
        lambda conn: conn.scalar(
            select(schema.device.c.id).where(schema.device.c.contact_id == scene.li.contact_id)
        )
    )
    return {
        "agent": scene.ann.id,
        "bot": scene.bot.id,
        "canned": canned.id,
        "contact": scene.li.contact_id,
        "conversation": scene.chat,
        "device": device,
        "inbox": scene.inbox,
        "kid": key.kid,
        "other": other.contact_id,
        "seq": 2,
        "team": scene.team,
        "token": token.id,
        "webhook": hook.id,
    }


async def callers(scene: Scene) -> Mapping[str, Actor]:
    """People without most rights, or outside the inbox."""
    desk, elsewhere = scene.desk, await scene.desk.inbox()

    async def agent(role: AgentRole, inbox: int, *scopes: Scope) -> Actor:
        held = frozenset(scopes) if scopes or inbox == scene.inbox else None
        return await desk.agent(role=role, inboxes=[inbox], scopes=held)

    stranger, _ = await scene.begin(elsewhere)
    return {
        **{standing.value: standing for standing in Standing if standing != Standing.OPERATOR},
        "a visitor elsewhere": stranger,
        "a visitor of the inbox": (await scene.begin())[0],
        "a browser that has not written": desk.stranger(scene.inbox),
        "an agent elsewhere": await agent(AgentRole.AGENT, elsewhere),
        "a bot elsewhere": await agent(AgentRole.BOT, elsewhere),
        "a supervisor elsewhere": await agent(AgentRole.SUPERVISOR, elsewhere),
        "a token for nothing": await agent(AgentRole.ADMIN, scene.inbox),
        "an admin's token to read": await agent(AgentRole.ADMIN, scene.inbox, Scope.READ),
        "a supervisor's token to read": await agent(AgentRole.SUPERVISOR, scene.inbox, Scope.READ),
        "a supervisor's token to manage": await agent(
            AgentRole.SUPERVISOR, scene.inbox, Scope.ADMIN
        ),
        "an agent's token to write": await agent(AgentRole.AGENT, elsewhere, Scope.WRITE),
        "a bot of the inbox": scene.bot,
    }


def asked(command: Command, there: Mapping[str, Any]) -> dict[str, Any]:
    """The command's example, of what is there."""
    fields = {name: there.get(name, value) for name, value in command.example.items()}
    for name in ("client_id", "name", "email"):
        if name in fields:
            fields[name] = fresh_id() + "@example.com" * (name == "email")
    return fields


def named(command: Command, there: Mapping[str, Any]) -> Iterator[str]:
    """The fields by which it names things."""
    return (name for name in field_types(command.form) if name in there)


async def told(scene: Scene, who: Actor, command: Command, fields: Mapping[str, Any]) -> str:
    try:
        await scene.act(command.name, who, **fields)
    except ChatError as refusal:
        kind = "" if isinstance(refusal, REFUSALS) else "else "
        return f"{kind}{type(refusal).__name__}: {refusal}"
    return "done"


async def may_read(scene: Scene, who: Actor, field: str, there: Mapping[str, Any]) -> bool:
    """Whether the caller is shown what the field names."""
    field = {"seq": "conversation", "other": "contact", "bot": "agent"}.get(field, field)
    if field not in READ_BY:
        return False
    try:
        await scene.act(READ_BY[field], who, **{field: there[field]})
    except ChatError:
        return False
    return True


async def test_what_is_there_is_refused_as_what_is_not_to_whoever_has_no_right(desk: Desk):
    scene = await Scene.on(desk)
    there = await things(scene)
    wrong = []
    for title, who in (await callers(scene)).items():
        for command in COMMANDS:
            for field in named(command, there):
                fields = asked(command, there) | {field: there[field]}
                before = await told(scene, who, command, fields)
                after = await told(scene, who, command, fields | {field: nowhere(field)})
                if before == after or before == "done":
                    continue
                if not await may_read(scene, who, field, there):
                    wrong.append((title, command.name, field, before, after))
    assert wrong == []


def nowhere(field: str) -> Any:
    return {"kid": "k_nowhere", "seq": 2**31 - 1}.get(field, NOWHERE)
