"""A connection without a socket: a transport in memory, and a handler that takes notes."""

from __future__ import annotations

import asyncio
from typing import Any

from uvicorn.server import ServerState

from kefu.transport.websocket import Connection, WebSocketLimits, websocket_protocol
from tests.conftest import clock
from tests.transport.websocket.wire import head


class Notes:
    """A handler that notes what it is told."""

    def __init__(self) -> None:
        self.messages: list[str | bytes] = []
        self.ends: list[tuple[int, str]] = []

    def connected(self, connection: Connection) -> None:
        self.connection = connection

    def message(self, data: str | bytes) -> None:
        self.messages.append(data)

    def closed(self, code: int, reason: str) -> None:
        self.ends.append((code, reason))


class Wire(asyncio.Transport):
    """What the peer would get: ``writes``; a peer that has stopped reading: ``stalled``.

    While the connection does not read (``paused``), a test must not let it receive.
    """

    def __init__(self, protocol: Connection) -> None:
        super().__init__({"peername": ("10.0.0.1", 5000)})
        self.protocol = protocol
        self.writes: list[bytes] = []
        self.reading = asyncio.Event()
        self.reading.set()
        self.stalled = self.closing = self.aborted = self.half_closed = self.lost = False
        self.waiting_bytes = 0
        self.high_bytes = 1 << 16

    def write(self, data: Any) -> None:
        self.writes.append(data)
        if self.stalled:
            was_full = self.waiting_bytes > self.high_bytes
            self.waiting_bytes += len(data)
            if self.waiting_bytes > self.high_bytes and not was_full:
                self.protocol.pause_writing()

    def take(self) -> bytes:
        """What was written since the last call."""
        written = b"".join(self.writes)
        self.writes.clear()
        return written

    def get_write_buffer_size(self) -> int:
        return self.waiting_bytes

    def set_write_buffer_limits(self, high: int | None = None, low: int | None = None) -> None:
        self.high_bytes = high or 0

    def can_write_eof(self) -> bool:
        return True

    def write_eof(self) -> None:
        self.half_closed = True

    def pause_reading(self) -> None:
        self.reading.clear()

    def resume_reading(self) -> None:
        self.reading.set()

    @property
    def paused(self) -> bool:
        return not self.reading.is_set()

    def is_closing(self) -> bool:
        return self.closing

    def close(self) -> None:
        self.closing = True
        if not self.waiting_bytes:
            self._lose()

    def abort(self) -> None:
        self.closing = self.aborted = True
        self._lose()

    def _lose(self) -> None:
        if not self.lost:
            self.lost = True
            asyncio.get_running_loop().call_soon(self.protocol.connection_lost, None)


def opened(
    limits: WebSocketLimits | None = None, handler: Notes | None = None
) -> tuple[Wire, Notes]:
    """A connection after its handshake; its response is taken from the wire."""
    notes = handler or Notes()
    made = [notes]  # popped, so that the route does not hold it
    protocol = websocket_protocol(lambda _: made.pop(), limits or WebSocketLimits())
    connection = protocol(server_state=ServerState())
    wire = Wire(connection)
    connection.connection_made(wire)
    connection.data_received(head())
    assert wire.take().startswith(b"HTTP/1.1 101 ")
    return wire, notes


async def turn() -> None:
    """Lets the loop run what it has."""
    await advance(0)


async def advance(seconds: float) -> None:
    await clock().advance(seconds)


async def read_on(wire: Wire) -> None:
    """Lets the connection come to the end of what it was given."""
    await wire.reading.wait()
