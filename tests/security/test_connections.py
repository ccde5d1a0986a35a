"""S23 and S24: connections that never say what they want, and more of them than one may have."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import AsyncExitStack
from itertools import cycle, islice

import aiohttp
import httpx
import pytest
from websockets.exceptions import InvalidStatus

from tests.clients.direct import DirectClient
from tests.clients.links import PollingLink, Refused
from tests.clients.raw import RawConnection, raw_connection
from tests.clients.realtime import RealtimeClient
from tests.clients.rooms import RoomsClient
from tests.configured import TOKEN, ConfiguredServer
from tests.security.leaks import scanned
from tests.security.witness import undisturbed

HEAD_S = 3.0
ENDED_S = 5 * HEAD_S
HALF_OPEN = 500  # requests, and as many of the others
HALF_HEADS = {
    "request": b"GET /getroom?userName=x HTTP/1.1\r\nHost: localhost\r\nX-Slow: ",
    "rooms": b"GET /?type=yonghu&name=x HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\n",
    "socketio": b"GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: localhost\r\nUpg",
    "realtime": b"GET /api/v1/realtime HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nSec-W",
    "rest": b"POST /api/v1/conversations HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bea",
    "polling": b"GET /socket.io/?EIO=4&transport=polling HTTP/1.1\r\nHost:",
}
PER_ADDRESS = 20


@pytest.fixture(scope="module")
def patient(tmp_path_factory) -> Iterator[ConfiguredServer]:
    """A server that lets in many and waits for a head for a few seconds."""
    limits = {"head_s": HEAD_S, "connections_per_address": 4 * HALF_OPEN}
    with scanned(
        ConfiguredServer(tmp_path_factory.mktemp("patient") / "data", limits=limits), [TOKEN]
    ) as running:
        yield running


@pytest.fixture(scope="module")
def narrow(tmp_path_factory) -> Iterator[ConfiguredServer]:
    """A server that lets few in from one address."""
    limits = {"connections_per_address": PER_ADDRESS}
    with scanned(
        ConfiguredServer(tmp_path_factory.mktemp("narrow") / "data", limits=limits), [TOKEN]
    ) as running:
        yield running


async def test_half_sent_heads_keep_nobody_waiting_and_end(patient):
    request, *others = HALF_HEADS.values()
    heads = [head for other in islice(cycle(others), HALF_OPEN) for head in (request, other)]
    async with undisturbed(patient), AsyncExitStack() as stack:
        halves = []
        for head in heads:
            half = await stack.enter_async_context(raw_connection(patient.base_url))
            await half.send(head)
            halves.append(half)
        ends = [asyncio.create_task(half.ended()) for half in halves]
        async with raw_connection(patient.base_url) as new:
            await new.send(b"GET /getroom?userName=new HTTP/1.1\r\nHost: localhost\r\n\r\n")
            assert await new.status() == 200
        assert not ends[-1].done()  # so it is not their end that lets others in
        async with asyncio.timeout(ENDED_S):
            said = await asyncio.gather(*ends)
        assert all(end.startswith(b"HTTP/1.1 408 ") for end in said)


async def test_a_byte_now_and_then_does_not_buy_time(patient):
    async with undisturbed(patient), raw_connection(patient.base_url) as raw:
        ended = asyncio.create_task(raw.ended())
        await raw.send(HALF_HEADS["request"])
        async with asyncio.timeout(ENDED_S):
            while not ended.done():
                raw.writer.write(b"x")
                await asyncio.wait([ended], timeout=HEAD_S / 10)
        assert ended.result().startswith(b"HTTP/1.1 408 ")


async def enter_rooms(server: ConfiguredServer) -> None:
    async with RoomsClient.join(server.base_url, "yonghu", "多"):
        pass


async def enter_direct(server: ConfiguredServer) -> None:
    async with DirectClient.connect(server.base_url, "websocket"):
        pass


async def enter_by_polling(server: ConfiguredServer) -> None:
    async with PollingLink.open(server.base_url) as link:
        await link.receive()


async def enter_realtime(server: ConfiguredServer) -> None:
    async with RealtimeClient.open(server.base_url):
        pass


async def ask(server: ConfiguredServer, path: str = "/api/v1/limits", **headers: str) -> None:
    async with httpx.AsyncClient(trust_env=False, verify=False, timeout=60) as http:
        answer = await http.get(server.base_url + path, headers=headers)
    if answer.status_code not in (200, 401):
        assert int(answer.headers["Retry-After"]) > 0
        raise Refused(answer.status_code, answer.text)


async def ask_for_a_stream(server: ConfiguredServer) -> None:
    await ask(server, "/api/v1/events", accept="text/event-stream")


async def poll(server: ConfiguredServer) -> None:
    await ask(server, "/api/v1/events?wait=1")


def published(server: ConfiguredServer) -> int:
    answer = httpx.get(f"{server.base_url}/api/v1/limits", trust_env=False)
    return int(answer.json()["connections_per_address"])


async def fill(server: ConfiguredServer, stack: AsyncExitStack) -> list[RawConnection]:
    """Connect until one is refused; return those that are in."""
    inside: list[RawConnection] = []
    while True:
        raw = await stack.enter_async_context(raw_connection(server.base_url))
        await raw.send(b"GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n")
        if await raw.status() == 429:
            return inside
        inside.append(raw)
        assert len(inside) <= PER_ADDRESS


WAYS_IN = [enter_rooms, enter_direct, enter_by_polling, enter_realtime, ask, ask_for_a_stream, poll]


@pytest.mark.parametrize("enter", WAYS_IN)
async def test_one_connection_over_the_limit_is_refused_until_one_leaves(
    narrow, enter: Callable[[ConfiguredServer], Awaitable[None]]
):
    assert published(narrow) == PER_ADDRESS
    async with undisturbed(narrow), AsyncExitStack() as stack:
        inside = await fill(narrow, stack)
        assert 0 < len(inside) < PER_ADDRESS  # the honest pairs have the other places
        with pytest.raises((Refused, InvalidStatus)) as refused:
            await enter(narrow)
        assert "429" in str(refused.value)
        inside[0].writer.close()
        await inside[0].ended()
        await enter(narrow)


async def test_sessions_of_one_address_by_polling_are_bounded_like_its_connections(narrow):
    async with undisturbed(narrow), aiohttp.ClientSession() as http:
        # All over one connection; their answers are read and nobody polls again.
        url = f"{narrow.base_url}/socket.io/?EIO=4&transport=polling"
        opened = [PollingLink(http, url) for _ in range(PER_ADDRESS - 1)]  # an honest one is there
        for session in opened:
            await session.receive()
        one_more = PollingLink(http, url)
        with pytest.raises(Refused) as refused:
            await one_more.receive()
        assert refused.value.status == 429
        for session in opened:
            await session.send("1")
        await one_more.receive()
        await one_more.send("1")
