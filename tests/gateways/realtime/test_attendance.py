"""The team sees which contacts have a connection."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest

from kefu.attendance.telling import EVERY_S
from kefu.core.actors import AgentRole
from kefu.core.offers import GRACE_MS
from kefu.hub import contact_channel
from tests.clients.realtime import Frame, RealtimeClient
from tests.conftest import clock
from tests.gateways.realtime.conftest import Chat, Realm

pytestmark = pytest.mark.asyncio(loop_factories=["clock"])
MOST_TURNS = 100_000  # of the loop, whose time stands still: a fault is to fail


async def until(holds: Callable[[], bool]) -> None:
    """Let the server take what is on its way."""
    for _ in range(MOST_TURNS):
        if holds():
            return
        await asyncio.sleep(0)
    raise AssertionError


async def come(realm: Realm, *chats: Chat) -> None:
    """They are connected, and the team was told."""
    at = realm.ctx.attendance
    ids = {one.contact for one in chats}
    await until(lambda: ids <= {id for _, here in at.here(None, 99) for id in here})
    await clock().advance(EVERY_S)


async def close(realm: Realm, chat: Chat, *others: RealtimeClient) -> None:
    """None of these is connected any more."""
    for client in (chat.client, *others):
        await client.connection.close()
    await until(lambda: not realm.ctx.hub.listens(contact_channel(chat.contact)))


async def told(client: RealtimeClient) -> list[Frame]:
    """Who came and went, as far as it was told by now."""
    return [one for one in await client.level() if one["on"] == "here"]


async def test_who_comes_is_told_and_who_is_gone_after_a_while(realm: Realm):
    inbox, other = await realm.inbox(), await realm.inbox()
    agent, outside = [await realm.console(one) for one in (inbox, other)]
    admin = await realm.console(role=AgentRole.ADMIN)
    for one in (agent, outside, admin):
        assert "here" not in await one.ask("feed.open")
    first, second = [await realm.chat(inbox) for _ in range(2)]
    await come(realm, first, second)
    came = {"on": "here", "inbox": inbox.id, "contacts": [first.contact, second.contact]}
    assert [await told(one) for one in (agent, admin)] == [[came], [came]]

    await close(realm, second)
    await clock().advance(GRACE_MS / 1000 - 1)
    back = await realm.join(second.token, inbox.key)  # in time
    again = await realm.join(first.token, inbox.key)  # in another window
    await first.client.connection.close()
    await clock().advance(GRACE_MS / 1000)
    await clock().advance(EVERY_S)
    assert await told(agent) == []

    await close(realm, first, again)
    await clock().advance(GRACE_MS / 1000)
    await clock().advance(EVERY_S)
    gone = {"on": "here", "inbox": inbox.id, "gone": [first.contact]}
    assert [await told(one) for one in (agent, admin)] == [[gone], [gone]]
    page = await (await realm.console(inbox)).ask("feed.open")
    assert page["here"] == [{"inbox": inbox.id, "contacts": [second.contact]}]

    assert "here" not in await (await realm.console(other)).ask("feed.open")
    assert await told(outside) == []
    assert "here" not in await back.ask("feed.open")  # a visitor is told of nobody


async def test_who_asks_without_a_socket_is_here_as_well(realm: Realm):
    inbox = await realm.inbox()
    chat = await realm.chat(inbox)
    agent = await realm.console(inbox)
    await come(realm, chat)
    await close(realm, chat)
    await clock().advance(GRACE_MS / 1000)
    await clock().advance(EVERY_S)
    assert "here" not in await agent.ask("feed.open")
    await realm.get("/api/v1/events", chat.token)
    await come(realm, chat)
    assert [one["contacts"] for one in await told(agent)] == [[chat.contact]]
