"""S28 and S29: what is not Socket.IO or Engine.IO ends its own session, and only that."""

from __future__ import annotations

import asyncio
import json
from contextlib import suppress

import aiohttp
import pytest
from websockets.exceptions import ConnectionClosed

from tests.clients.direct import DirectClient
from tests.clients.links import PollingLink, Refused, SessionClosed
from tests.security.witness import NOTICED_S, undisturbed

transports = pytest.mark.parametrize("transport", ["websocket", "polling"])
ENDED = (ConnectionClosed, Refused, SessionClosed)

BAD_PACKETS = {
    "an unknown engine packet": "9",
    "no socket packet": "4",
    "a socket packet of letters": "4abc",
    "an unknown socket packet": "49",
    "an object for an event": "42{}",
    "an event without a name": "42[]",
    "an event named by a number": "42[1]",
    "letters before the payload": '42abc["login","x"]',
    "an event that is not JSON": '42["login"',
    "an event of a reserved name": '42["disconnect"]',
    "an event in a namespace not joined": '42/x,["login","x"]',
    "a second connect": "40",
    "an acknowledgement without its id": '43["x"]',
    "an endless acknowledgement id": "42" + "9" * 1_000 + '["login","x"]',
    "a client's connect error": '44{"message":"x"}',
    "binary without its number": '45["x"]',
    "more attachments than allowed": '451000-["x"]',
    "text among the attachments": '451-["x",{"_placeholder":true,"num":0}]\x1e42["login","x"]',
    "an endless namespace": "40/" + "x" * 10_000 + ",",
}


async def ends(client: DirectClient) -> None:
    """Wait until the server has ended the session."""
    async with asyncio.timeout(NOTICED_S):
        with pytest.raises(ENDED):
            await client.until("an event that never comes")


@transports
@pytest.mark.parametrize("packets", BAD_PACKETS.values(), ids=BAD_PACKETS)
async def test_a_bad_packet_ends_its_session(server, transport, packets):
    async with undisturbed(server), DirectClient.connect(server.base_url, transport) as client:
        with suppress(*ENDED):
            await client.link.send(*packets.split("\x1e"))
        await ends(client)


@transports
@pytest.mark.parametrize("packet", ['42["login","x"]', "41", "42/x,[]", "451-[]"])
async def test_anything_before_connect_ends_the_session(server, transport, packet):
    async with undisturbed(server), DirectClient.open(server.base_url, transport) as client:
        with suppress(*ENDED):
            await client.link.send(packet)
        await ends(client)


@transports
async def test_an_unknown_namespace_is_refused_and_the_client_goes_on(server, transport):
    async with undisturbed(server), DirectClient.connect(server.base_url, transport) as client:
        await client.link.send("40/nowhere,")
        refusal = await client.answer()
        assert refusal.startswith("44/nowhere,")
        assert json.loads(refusal.partition(",")[2]) == {"message": "Invalid namespace"}
        await client.emit("login", "去无处")
        await client.until("login_success")


@transports
async def test_unknown_events_and_late_acknowledgements_do_no_harm(server, transport):
    async with undisturbed(server), DirectClient.connect(server.base_url, transport) as client:
        await client.link.send("437[1]", '42["nonsense",{"a":1}]', '4212["nonsense"]')
        await client.emit("login", "无害")
        await client.until("login_success")


async def status(http, method: str, url: str, body: bytes | None = None) -> int:
    async with http.request(method, url, data=body) as answer:
        await answer.read()
        return int(answer.status)


@pytest.fixture
async def http():
    async with aiohttp.ClientSession() as session:
        yield session


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize(
    "query",
    [
        pytest.param("EIO=4&transport=polling&sid=wrong", id="a wrong sid"),
        pytest.param("EIO=4&transport=polling&sid=", id="an empty sid"),
        pytest.param("EIO=4&transport=polling&sid=" + "x" * 5_000, id="an endless sid"),
        pytest.param("EIO=4&transport=carrier-pigeon", id="an unknown transport"),
        pytest.param("EIO=4&transport=websocket", id="WebSocket without an upgrade"),
        pytest.param("EIO=3&transport=polling", id="an old version"),
        pytest.param("transport=polling", id="no version"),
        pytest.param("", id="nothing"),
    ],
)
async def test_a_request_that_opens_or_continues_nothing_is_400(server, http, method, query):
    async with undisturbed(server):
        assert await status(http, method, f"{server.base_url}/socket.io/?{query}", b"4") == 400


async def test_the_socket_id_that_others_may_see_is_not_the_secret_session_id(server, http):
    async with undisturbed(server), DirectClient.connect(server.base_url, "polling") as client:
        url = f"{server.base_url}/socket.io/?EIO=4&transport=polling&sid={client.socket_id}"
        assert await status(http, "GET", url) == 400


@pytest.fixture
async def polling(server):
    """A session on polling that is in no namespace, so that there is nothing to fetch."""
    async with DirectClient.open(server.base_url, "polling") as client:
        assert isinstance(client.link, PollingLink)
        yield client.link


async def is_gone(link: PollingLink) -> bool:
    return await status(link.http, "POST", link.url, b"3") == 400


async def test_a_second_get_ends_the_session_for_both(server, polling):
    async with undisturbed(server):
        first, second = await asyncio.gather(
            status(polling.http, "GET", polling.url), status(polling.http, "GET", polling.url)
        )
        assert sorted((first, second)) == [200, 400]  # the one that waited is told to close
        assert await is_gone(polling)


async def test_a_second_post_ends_the_session(server, polling):
    async with undisturbed(server):
        sent, more = asyncio.Event(), asyncio.Event()

        async def slow_body():
            yield b"4"
            sent.set()
            await more.wait()
            yield b'2["login","x"]'

        async def first_post() -> int:
            async with polling.http.post(polling.url, data=slow_body()) as answer:
                return int(answer.status)

        first = asyncio.create_task(first_post())
        await sent.wait()
        statuses = set()
        while 400 not in statuses:  # until the server has seen that the first one began
            statuses.add(await status(polling.http, "POST", polling.url, b"6"))
        more.set()
        assert await first == 400
        assert await is_gone(polling)


BAD_BODIES = {
    "too many packets": b"\x1e".join([b"6"] * 1_001),
    "an empty packet": b"6\x1e\x1e6",
    "nothing": b"",
    "not UTF-8": b"4\xff\xfe",
    "binary that is not base64": b"b***",
    "an unknown packet": b"x",
}


@pytest.mark.parametrize("body", BAD_BODIES.values(), ids=BAD_BODIES)
async def test_a_bad_body_is_400_and_ends_the_session(server, polling, body):
    async with undisturbed(server):
        assert await status(polling.http, "POST", polling.url, body) == 400
        assert await is_gone(polling)
