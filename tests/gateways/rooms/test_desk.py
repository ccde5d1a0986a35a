"""Rooms as the desk sees them: begun, taken, over; read and answered by a member of the inbox."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from sqlalchemy import Connection, insert, select

from kefu.actions.context import Call
from kefu.actions.conversations import (
    GetConversation,
    ListMessages,
    get_conversation,
    list_messages,
)
from kefu.actions.messages import SendMessage, WriteNote, send_message, write_note
from kefu.actions.rooms import resolve_left_open
from kefu.core.actors import Agent, AgentRole
from kefu.core.desk import Message
from kefu.storage import schema
from kefu.storage.conversations import get_conversation as stored_conversation
from kefu.storage.messages import list_history
from tests.gateways.conftest import Running

SEATED = ("系统", "客服-小李-将为您服务")
ENTERED = ("系统", "用户-小明-已进入房间")
NO_AGENT = ("系统", "暂无客服，请稍后再试")


async def member(server: Running) -> Call:
    """Somebody of the desk who works in the rooms protocol's inbox."""

    def work(conn: Connection) -> Agent:
        inbox_id = conn.scalar(select(schema.inbox.c.id).where(schema.inbox.c.kind == "classic"))
        row = {"name": "Ann", "role": "agent", "created_ms": 0}
        made = conn.execute(insert(schema.agent).values(row).returning(schema.agent.c.id))
        id = made.scalar_one()
        seat = {"inbox_id": inbox_id, "agent_id": id}
        conn.execute(insert(schema.inbox_agent).values(seat))
        return Agent(id, "Ann", AgentRole.AGENT, frozenset({inbox_id or 0}))

    ctx = server.kefu.ctx
    return Call(ctx, await ctx.database.write(work))


async def told(call: Call, id: int, enough: Callable[[list[Any]], bool]) -> list[Any]:
    """The timeline, once it is ``enough``: texts, and for activities what, whose, the state."""
    async with asyncio.timeout(60):  # the feed is written by and by
        while True:
            entries = [_short(one) for one in await _timeline(call, id)]
            if enough(entries):
                return entries


async def _timeline(call: Call, id: int) -> list[Message]:
    def known(conn: Connection) -> bool:
        return conn.scalar(select(schema.conversation.c.id).filter_by(id=id)) is not None

    if not await call.ctx.database.read(known):
        return []
    return [*(await list_messages(call, ListMessages(conversation=id))).items]


def _short(one: Message) -> Any:
    if one.activity is None:
        return one.text
    who = one.activity.agent.name if one.activity.agent else None
    return (one.activity.what, who, one.activity.status)


def activities(entries: list[Any]) -> list[Any]:
    return [one for one in entries if isinstance(one, tuple)]


def has(number: int) -> Callable[[list[Any]], bool]:
    return lambda entries: len(activities(entries)) >= number


async def test_a_talk_begins_with_its_agent_and_is_over_when_the_visitor_leaves(house):
    server = await house.serve()
    desk = await member(server)
    agent = await house.agent(server, "小李")
    visitor = await house.visitor(server, "小明")
    assert (await visitor.line(), await agent.line()) == (SEATED, ENTERED)
    await visitor.say("你好")
    await agent.line()
    await visitor.socket.close()
    entries = await told(desk, 1, has(2))
    assert entries == ["你好", ("began", "小李", "open"), ("resolved", None, "resolved")]
    state = await get_conversation(desk, GetConversation(conversation=1))
    assert (state.status, state.assignee and state.assignee.name) == ("resolved", "小李")
    assert state.contact is not None
    assert state.contact.name == "小明"


async def test_a_visitor_who_waits_is_taken(house):
    server = await house.serve()
    desk = await member(server)
    visitor = await house.visitor(server, "小明")
    assert await visitor.line() == NO_AGENT
    await visitor.say("在吗")
    assert await visitor.line() == ("小明", "在吗")
    assert await told(desk, 1, has(1)) == ["在吗", ("began", None, "queued")]
    agent = await house.agent(server, "小李")
    assert await visitor.line() == SEATED
    entries = await told(desk, 1, has(2))
    assert entries[-1] == ("assigned", "小李", "open")
    state = await get_conversation(desk, GetConversation(conversation=1))
    assert (state.status, state.assignee and state.assignee.name) == ("open", "小李")
    await agent.socket.close()
    assert (await told(desk, 1, has(3)))[-1] == ("resolved", None, "resolved")


async def test_where_nothing_was_said_there_is_nothing_to_tell(house):
    server = await house.serve()
    desk = await member(server)
    agent = await house.agent(server, "小李")
    visitor = await house.visitor(server, "小明")
    await visitor.line()
    await visitor.socket.close()
    await agent.line()
    assert await told(desk, 1, lambda entries: True) == []


async def test_what_an_agent_says_alone_is_over_when_a_visitor_comes(house):
    server = await house.serve()
    desk = await member(server)
    agent = await house.agent(server, "小李")
    await agent.say("有人吗")
    assert await agent.line() == ("小李", "有人吗")
    await house.visitor(server, "小明")
    assert await told(desk, 1, has(2)) == [
        "有人吗",
        ("began", "小李", "open"),
        ("resolved", None, "resolved"),
    ]


async def test_an_agent_of_the_desk_answers_and_both_pages_show_it_but_no_notes(house):
    server = await house.serve()
    desk = await member(server)
    agent = await house.agent(server, "小李")
    visitor = await house.visitor(server, "小明")
    await visitor.line()
    await agent.line()
    await visitor.say("你好")
    await visitor.line()
    await agent.line()
    await told(desk, 1, has(1))
    await write_note(desk, WriteNote(conversation=1, client_id="a", text="Mind the tone"))
    await send_message(desk, SendMessage(conversation=1, client_id="b", text="Hello"))
    assert await visitor.line() == ("Ann", "Hello")
    assert await agent.line() == ("Ann", "Hello")
    await visitor.say("谢谢")
    assert await visitor.line() == ("小明", "谢谢")


async def test_what_a_crash_left_open_is_over_at_the_next_start(house):
    server = await house.serve()
    desk = await member(server)
    visitor = await house.visitor(server, "小明")
    await visitor.line()
    await visitor.say("在吗")
    await visitor.line()
    await told(desk, 1, has(1))
    await resolve_left_open(server.kefu.ctx)
    assert (await told(desk, 1, has(2)))[-1] == ("resolved", None, "resolved")
    await resolve_left_open(server.kefu.ctx)
    assert len(await told(desk, 1, has(2))) == 3
    await visitor.say("还在")  # it is stored all the same
    assert await visitor.line() == ("小明", "还在")


async def test_the_history_shows_what_people_said_and_who_they_are(house):
    server = await house.serve()
    desk = await member(server)
    visitor = await house.visitor(server, "小明")
    await visitor.line()
    await visitor.say("one")
    await told(desk, 1, has(1))

    def read(conn: Connection) -> list[tuple[str, tuple[str, ...]]]:
        return [
            (one.text, tuple(member.name for member in known.members))
            for _, one in list_history(conn)
            if (known := stored_conversation(conn, one.conversation_key))
        ]

    assert await desk.ctx.database.read(read) == [("one", ("小明",))]
    assert await desk.ctx.database.read(lambda conn: [*list_history(conn, name="Kefu")]) == []
