"""A bot has a conversation first, hears of it by webhook, and gives way when it does not answer."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest

from kefu.core.actors import Agent, AgentRole
from kefu.core.desk import Conversation, Details
from kefu.core.states import Status
from kefu.storage.desk import get_conversation
from tests.actions.desk import Desk
from tests.actions.outbox_house import House, house_of
from tests.actions.receiver import receiving


@dataclass
class Served:
    """A house in which a bot has Li's conversation."""

    house: House
    bot: Agent

    async def state(self) -> Conversation:
        return await self.house.desk.ctx.database.read(
            lambda conn: get_conversation(conn, self.house.talk)
        )


@pytest.fixture
async def served(desk: Desk) -> AsyncIterator[Served]:
    async with house_of(desk) as house:
        bot = await desk.agent("Echo", role=AgentRole.BOT, inboxes=[house.inbox])
        house.talk = await desk.conversation(
            house.li, status="pending", assignee_id=bot.id, queued_ms=None
        )
        yield Served(house, bot)


async def test_a_bot_that_answers_keeps_the_conversation(served: Served):
    house = served.house
    await house.say("Hello")
    assert await house.look() == house.desk.clock.now_ms + 60_000
    await house.say("Hello yourself", by=served.bot)
    house.desk.clock.advance(3600)
    assert await house.look() is None
    assert (await served.state()).status is Status.PENDING


async def test_a_bot_that_says_nothing_gives_way_to_people(served: Served):
    house = served.house
    hears = house.desk.recorder(f"inbox:{house.inbox}")
    await house.say("Hello")
    due_ms = await house.look()
    assert due_ms is not None
    house.desk.clock.now_ms = due_ms
    assert await house.look() is None
    state = await served.state()
    assert (state.status, state.assignee) == (Status.QUEUED, None)
    last = hears.events[-1]
    assert last.on == "conversation.changed"
    assert last.message is not None
    assert last.message.activity is not None
    assert last.message.activity.values == Details(reason="bot_silent")


async def test_a_bot_that_cannot_be_reached_gives_way_at_once(served: Served):
    house = served.house
    async with receiving([500]) as receiver:
        await house.hook(receiver.url, bot=served.bot.id)
        await house.say(*"abcde")
        await house.look()
        assert (await served.state()).status is Status.QUEUED


async def test_a_webhook_that_fails_once_is_no_reason_to_give_way(served: Served):
    house = served.house
    async with receiving([500, 200]) as receiver:
        await house.hook(receiver.url, bot=served.bot.id)
        await house.say("Hello")
        await house.look()
        assert (await served.state()).status is Status.PENDING


async def test_another_s_webhook_is_no_reason_to_give_way(served: Served):
    house = served.house
    async with receiving([410]) as gone, receiving() as receiver:
        await house.hook(gone.url)
        await house.hook(receiver.url, bot=served.bot.id)
        await house.say("Hello")
        await house.look()
        assert (await served.state()).status is Status.PENDING


async def test_a_person_who_waits_for_the_contact_is_no_bot(served: Served):
    house = served.house
    ann = await house.desk.agent("Ann", inboxes=[house.inbox])
    talk = await house.desk.conversation(house.li, status="pending", assignee_id=ann.id)
    await house.say("Hello", talk=talk)
    house.desk.clock.advance(3600)
    await house.look()
    state = await house.desk.ctx.database.read(lambda conn: get_conversation(conn, talk))
    assert state.status is not Status.QUEUED
