"""PostgreSQL that hangs, rather than being down: everybody is told in time, and a stop is quick."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack
from typing import Any

import httpx
import pytest

from kefu.core.errors import NotStored, Unavailable
from tests.clients.direct import DirectClient
from tests.clients.realtime import RealtimeClient, Refused
from tests.clients.rooms import RoomsClient
from tests.configured import AGENT, TOKEN, ConfiguredServer
from tests.databases import fresh_url
from tests.prepared import Admin, prepare
from tests.promise.test_stop import STOP_S
from tests.promise.test_store_trouble import NOT_SAVED
from tests.stalling import Stalling, stalling_url

DEADLINE_S = 1.0
IN_TIME_S = 10.0
NOT_NOW, NOT_KEPT = str(Unavailable()), str(NotStored())

pytestmark = [pytest.mark.postgres, pytest.mark.timeout(240)]


class Hanging(ConfiguredServer):
    """A server whose way to its store can be stalled."""

    way: Stalling
    admin: Admin


@pytest.fixture
def server(tmp_path) -> Iterator[Hanging]:
    with fresh_url("postgresql", tmp_path) as url, stalling_url(url) as (way, by_way):
        storage = {"url": by_way, "deadline_s": DEADLINE_S}
        made = Hanging(tmp_path / "data", storage=storage)
        made.way, made.admin = way, prepare(tmp_path, url)
        with made as running:
            yield running
            way.go_on()


@pytest.fixture
async def http(server: Hanging) -> AsyncIterator[httpx.AsyncClient]:
    headers = server.admin.headers
    async with httpx.AsyncClient(base_url=server.base_url, headers=headers, timeout=15) as client:
        yield client


async def told(asking: Any) -> tuple[int, str, str]:
    answer = await asking
    error = answer.json()["error"]
    return answer.status_code, error["code"], error["message"]


async def refusal_of(client: RealtimeClient, do: str, **fields: Any) -> tuple[str, str]:
    with pytest.raises(Refused) as refused:
        await client.ask(do, **fields)
    return refused.value.code, refused.value.error["message"]


async def ready(http: httpx.AsyncClient) -> bool:
    answer = await http.get("/ready")
    return answer.status_code == 200


async def test_everybody_is_told_in_time_that_the_store_hangs(server, http):
    url = server.base_url
    async with AsyncExitStack() as stack:
        enter = stack.enter_async_context
        desk = await enter(RealtimeClient.join(url, server.admin.token))
        agent = await enter(RoomsClient.join(url, "kefu", AGENT, token=TOKEN))
        polling = await enter(DirectClient.login(url, "polling", "乙"))
        direct = await enter(DirectClient.login(url, "websocket", "甲"))
        while await polling.event() != ("user_list", ["乙", "甲"]):
            pass
        cursor = (await http.get("/api/v1/events")).json()["cursor"]
        assert await ready(http)

        server.way.stall()
        begun_s = time.monotonic()
        asked = [
            http.get("/api/v1/me"),
            http.post("/api/v1/inboxes", json={"name": "Shop"}),
            http.get("/api/v1/events", params={"cursor": cursor, "wait": 20}),
            http.get("/api/v1/events", headers={"accept": "text/event-stream"}),
        ]
        answers = asyncio.gather(*map(told, asked))
        await agent.say("lost")
        assert await agent.hear_system() == NOT_SAVED
        for one, to in ((direct, "乙"), (polling, "甲")):
            await one.say(to, "lost")
            assert await one.event() == ("error", NOT_SAVED)
        assert await refusal_of(desk, "inbox.list") == ("unavailable", NOT_NOW)
        assert await refusal_of(desk, "inbox.create", name="Shop") == ("unavailable", NOT_KEPT)
        assert set(await answers) == {(503, "unavailable", NOT_NOW)}  # who asks is read first
        assert time.monotonic() - begun_s < 3 * IN_TIME_S  # several, one after another
        assert not await ready(http)
        assert (await http.get("/health")).status_code == 200

        server.way.go_on()
        async with asyncio.timeout(30):
            while not await ready(http):
                pass
        made = await http.post("/api/v1/inboxes", json={"name": "Shop"})
        assert made.status_code == 201
        await agent.say("kept")
        assert await agent.hear() == (AGENT, "kept")
    assert server.log.count("store_cannot_read") < 5
    assert server.log.count("store_cannot_write") < 5


async def test_a_stop_is_quick_and_clean_though_the_store_hangs(server, http):
    server.way.stall()
    asking = [asyncio.create_task(http.get("/api/v1/me")) for _ in range(10)]
    async with asyncio.timeout(30):
        while await ready(http):
            pass
    begun_s = time.monotonic()
    status = await asyncio.to_thread(server.stop)
    assert time.monotonic() - begun_s < STOP_S + 0.5
    assert status == 0
    await asyncio.gather(*asking, return_exceptions=True)
