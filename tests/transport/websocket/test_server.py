"""The layer on real sockets, under uvicorn's protocols, on both event loops."""

from __future__ import annotations

import asyncio
import tracemalloc
from contextlib import suppress
from typing import Any

import pytest
import uvicorn
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosedError, InvalidStatus

from kefu.transport.http import Admission, http_protocol
from kefu.transport.websocket import (
    Connection,
    Refusal,
    Request,
    WebSocketLimits,
    text_frame,
    websocket_protocol,
)
from tests.transport.serving import Address, serve
from tests.transport.websocket.wire import BINARY, TEXT, frame, head, header

pytestmark = pytest.mark.asyncio(loop_factories=["asyncio", "uvloop"])


class Room:
    """Whoever is connected; what one says goes to all."""

    def __init__(self) -> None:
        self.present: set[Member] = set()
        self.entries: asyncio.Queue[Member] = asyncio.Queue()
        self.ends: asyncio.Queue[int] = asyncio.Queue()

    def enter(self, request: Request) -> Member | Refusal:
        return Refusal(403) if request.path == "/forbidden" else Member(self)

    def say(self, text: str | bytes) -> None:
        encoded = text_frame(text)
        for member in self.present:
            member.connection.send_frame(encoded)


class Member:
    connection: Connection

    def __init__(self, room: Room) -> None:
        self._room = room

    def connected(self, connection: Connection) -> None:
        self.connection = connection
        self._room.present.add(self)
        self._room.entries.put_nowait(self)

    def message(self, data: str | bytes) -> None:
        self._room.say(data)

    def closed(self, code: int, reason: str) -> None:
        self._room.present.discard(self)
        self._room.ends.put_nowait(code)


def client(address: Address, path: str = "/", **options: Any) -> connect:
    return connect(f"ws://{address.authority}{path}", proxy=None, **options)


async def closed_with(connection: ClientConnection) -> int | None:
    with pytest.raises(ConnectionClosedError) as end:
        await connection.recv()
    return end.value.rcvd.code if end.value.rcvd else None


async def test_what_one_says_goes_to_all():
    room = Room()
    async with (
        serve(ws=websocket_protocol(room.enter)) as address,
        client(address) as one,
        client(address) as other,
    ):
        for text in ("你好", "", "x" * 60_000):
            await one.send(text)
            assert await one.recv() == await other.recv() == text
        await one.send(["in ", "three ", "parts"])
        assert await other.recv() == "in three parts"
        await (await other.ping())
    assert [room.ends.get_nowait() for _ in range(2)] == [1000, 1000]
    assert not address.state.connections


async def test_compression_is_not_negotiated():
    async with serve(ws=websocket_protocol(Room().enter)) as address, client(address) as one:
        assert one.response is not None
        assert "Sec-WebSocket-Extensions" not in one.response.headers


async def test_a_route_may_refuse_the_handshake():
    async with serve(ws=websocket_protocol(Room().enter)) as address:
        with pytest.raises(InvalidStatus) as refusal:
            await client(address, "/forbidden")
    assert refusal.value.response.status_code == 403


async def test_frames_that_come_with_the_handshake_are_not_lost():
    room = Room()
    async with serve(ws=websocket_protocol(room.enter)) as address:
        reader, writer = await asyncio.open_connection(*address)
        writer.write(head() + frame(TEXT, b"early") + frame(TEXT, b"bird"))
        await reader.readuntil(b"\r\n\r\n")
        assert await reader.readexactly(13) == text_frame("early") + text_frame("bird")
        writer.close()
        await writer.wait_closed()


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(frame(BINARY, b"x" * 65_537), id="limit-and-one"),
        pytest.param(header(BINARY, 100_000_000) + b"x" * 1000, id="100-MB-announced"),
    ],
)
async def test_a_message_over_the_limit_is_closed_at_once(data):
    room = Room()
    async with serve(ws=websocket_protocol(room.enter)) as address, client(address) as beside:
        reader, writer = await asyncio.open_connection(*address)
        writer.write(head() + data)
        await reader.readuntil(b"\r\n\r\n")
        async with asyncio.timeout(5):  # without waiting for the rest, which never comes
            assert (await reader.read())[2:4] == (1009).to_bytes(2, "big")
        writer.close()
        assert await room.ends.get() == 1009
        await beside.send("unhurt")
        assert await beside.recv() == "unhurt"


async def test_100_mb_that_do_come_are_not_gathered():
    room = Room()
    async with serve(ws=websocket_protocol(room.enter)) as address:
        reader, writer = await asyncio.open_connection(*address)
        writer.write(head() + header(BINARY, 100_000_000) + b"key!")
        await reader.readuntil(b"\r\n\r\n")
        portion = bytes(1 << 20)
        tracemalloc.start()
        try:
            with suppress(OSError):  # the server may be gone before the last byte
                for _ in range(100):
                    writer.write(portion)
                    await writer.drain()
            assert tracemalloc.get_traced_memory()[1] < 8 << 20
        finally:
            tracemalloc.stop()
        writer.close()


async def test_a_reader_that_stops_is_closed_and_hurts_nobody():
    room = Room()
    limits = WebSocketLimits(outbox_bytes=256 * 1024, close_timeout_s=0.1)
    async with serve(ws=websocket_protocol(room.enter, limits)) as address, client(address) as one:
        _, stuck = await asyncio.open_connection(*address, limit=1024)
        stuck.write(head())
        async with asyncio.timeout(60):
            for _ in range(2):
                await room.entries.get()
        for _ in range(500):
            for _ in range(20):
                room.say("x" * 1000)
            for _ in range(20):
                await one.recv()
            assert max(m.connection.buffered_bytes for m in room.present) < 512 * 1024
        async with asyncio.timeout(60):
            assert await room.ends.get() == 1013
        assert len(room.present) == 1
        stuck.close()


async def test_the_server_stops_with_1012():
    room = Room()
    async with serve(ws=websocket_protocol(room.enter)) as address:
        one = await client(address)
    assert await closed_with(one) == 1012


async def test_silent_peers_are_closed():
    room = Room()
    # Only who says nothing is in a hurry: a busy machine shall not make a mute of the other.
    timeouts_s = {"/alive": 60.0, "/mute": 0.05}

    def limits(request: Request) -> WebSocketLimits:
        timeout_s = timeouts_s[request.path]
        return WebSocketLimits(ping_interval_s=0.05, ping_timeout_s=timeout_s, close_timeout_s=0.05)

    async with (
        serve(ws=websocket_protocol(room.enter, limits)) as address,
        client(address, "/alive") as alive,
    ):
        reader, mute = await asyncio.open_connection(*address)
        mute.write(head("/mute"))
        async with asyncio.timeout(60):
            assert await room.ends.get() == 1011
        assert (await reader.read())[-20:].endswith(b"no answer to ping")
        mute.close()
        await alive.send("alive")
        assert await alive.recv() == "alive"


async def test_connections_over_the_limit_are_refused_and_the_present_unhurt():
    room = Room()
    admission = Admission(per_address=3, total=100)
    async with serve(ws=websocket_protocol(room.enter), http=http_protocol(admission)) as address:
        present = [await client(address) for _ in range(3)]
        for _ in range(5):
            with pytest.raises(InvalidStatus) as refusal:
                await client(address)
            assert refusal.value.response.status_code == 429
            assert refusal.value.response.headers["Retry-After"] == "30"
        await present[0].send("unhurt")
        for one in present:
            assert await one.recv() == "unhurt"
        # A place is given back when its WebSocket ends.
        await present.pop().close()
        await room.ends.get()
        present.append(await client(address))
        for one in present:
            await one.close()
    assert admission.connections == 0


async def test_uvicorn_takes_both_classes_and_stops_cleanly():
    room = Room()
    config = uvicorn.Config(
        "tests.transport.serving:not_found",
        port=0,
        ws=websocket_protocol(room.enter),
        http=http_protocol(Admission(per_address=0, total=0)),
        lifespan="off",
        log_config=None,
        callback_notify=None,
    )
    started = asyncio.Event()

    async def tell() -> None:
        started.set()

    config.callback_notify = tell
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server.serve())
    await started.wait()
    port = server.servers[0].sockets[0].getsockname()[1]
    one = await client(Address(("127.0.0.1", port)))
    await one.send("hello")
    assert await one.recv() == "hello"
    server.should_exit = True
    assert await closed_with(one) == 1012
    await serving
