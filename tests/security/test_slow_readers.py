"""S22: who does not read what is sent to them is closed; the server does not keep it for them."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Iterator

import pytest

from tests.clients.direct import DirectClient
from tests.clients.links import WebSocketLink
from tests.clients.rooms import RoomsClient
from tests.configured import AGENT, TOKEN, ConfiguredServer
from tests.security.leaks import scanned
from tests.security.witness import undisturbed

MESSAGES = 10_000
TEXT = "很长的一段话" * 60  # about a kilobyte: all of them are far more than buffers hold
AHEAD = 100  # of the sender's own copies: the others' messages shall not wait behind thousands
# Several megabytes wait in the system's buffers before the server's own bound is reached.
CLOSED_S = 50.0


@pytest.fixture(scope="module")
def server(tmp_path_factory) -> Iterator[ConfiguredServer]:
    """One that lets a sender send without pause: the reader is what is tested here."""
    limits = {"messages_burst": 2 * MESSAGES}
    with scanned(
        ConfiguredServer(tmp_path_factory.mktemp("slow") / "data", limits=limits), [TOKEN]
    ) as running:
        yield running


def narrow_socket(server: ConfiguredServer) -> socket.socket:
    """A connected socket that holds little of what its program does not read."""
    narrow = socket.socket()
    narrow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
    narrow.connect(("127.0.0.1", server.port))
    narrow.setblocking(False)
    return narrow


async def test_a_visitor_who_stops_reading_leaves_the_room(server):
    url = server.base_url
    async with (
        undisturbed(server),
        asyncio.timeout(CLOSED_S),
        RoomsClient.join(url, "kefu", AGENT, token=TOKEN) as agent,
        RoomsClient.join(url, "yonghu", "慢", sock=narrow_socket(server)) as slow,
    ):
        slow.connection.transport.pause_reading()
        sent = echoes = 0
        while (line := await agent.hear()).text != "用户-慢-已退出房间":
            echoes += line.text == TEXT
            while sent < min(MESSAGES, echoes + AHEAD):
                await agent.say(TEXT)
                sent += 1
        slow.connection.transport.abort()


@pytest.mark.parametrize("transport", ["websocket", "polling"])
async def test_somebody_on_direct_who_stops_reading_goes_offline(server, transport):
    name = f"慢{transport}"
    options = {"sock": narrow_socket(server)} if transport == "websocket" else {}
    async with (
        undisturbed(server),
        asyncio.timeout(CLOSED_S),
        DirectClient.login(server.base_url, transport, name, **options) as slow,
        DirectClient.login(server.base_url, "websocket", f"快{transport}") as fast,
    ):
        if isinstance(slow.link, WebSocketLink):
            slow.link.connection.transport.pause_reading()
        sent = echoes = 0
        online = True
        while online:
            while sent < min(MESSAGES, echoes + AHEAD):
                await fast.say(name, TEXT)
                sent += 1
            event, value = await fast.event()
            echoes += event == "message"
            online = event != "user_list" or name in value
        if isinstance(slow.link, WebSocketLink):
            slow.link.connection.transport.abort()
