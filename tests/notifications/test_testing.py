"""A test offer: heard by whoever asks for it, and nothing else of it."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from kefu.core.errors import ChatError
from kefu.core.signals import OfferTest
from kefu.hub import TEAM_CHANNEL, agent_channel
from kefu.notifications.testing import SendOfferTest, send_test_offer
from kefu.storage import schema
from tests.actions.acts import chat
from tests.actions.desk import Desk


async def test_a_test_offer_is_told_to_its_agent_alone_and_nothing_is_stored(desk: Desk):
    ann, bob = await desk.agent(), await desk.agent()
    mine = desk.recorder(agent_channel(ann.id))
    others = desk.recorder(agent_channel(bob.id), TEAM_CHANNEL)
    told = await send_test_offer(desk.call(ann), SendOfferTest())
    assert mine.signals == [OfferTest(at=told.at)]
    assert others.signals == []
    stored = select(func.count()).select_from(schema.conversation)
    assert await desk.ctx.database.read(lambda conn: conn.scalar(stored)) == 0


async def test_a_visitor_is_none_to_ask_for_a_test_offer(desk: Desk):
    inbox = await desk.inbox()
    visitor, _ = await chat(desk, inbox)
    with pytest.raises(ChatError):
        await send_test_offer(desk.call(visitor), SendOfferTest())
