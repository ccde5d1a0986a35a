"""A WebSocket client that costs as little as possible: the generator's end of the wire.

Frames to send are masked and built beforehand (``masked_frame``); what is received is cut into
frames and handed on as a slice of the read, undecoded. A ping is answered; a fragmented or
binary frame is a fault, because no server under test has a reason to send one.
Not here: what the frames mean (``bench.dialects``).
"""

import asyncio
import os
import struct
from collections.abc import Callable
from typing import cast

from websockets.speedups import apply_mask

TEXT, CLOSE, PING, PONG = 0x1, 0x8, 0x9, 0xA
_FINAL = 0x80
_KEY = "a2VmdS1iZW5jaG1hcmsuLg=="  # 16 bytes in base64; the answer to it is not checked


class WireFault(Exception):
    """The server closed a connection or sent what the protocol does not allow."""


def masked_frame(payload: str | bytes, opcode: int = TEXT) -> bytes:
    """Encode one unfragmented client frame (RFC 6455 section 5.2)."""
    data = payload.encode() if isinstance(payload, str) else payload
    if len(data) < 126:
        head = struct.pack("!BB", _FINAL | opcode, 0x80 | len(data))
    elif len(data) < 65536:
        head = struct.pack("!BBH", _FINAL | opcode, 0x80 | 126, len(data))
    else:
        head = struct.pack("!BBQ", _FINAL | opcode, 0x80 | 127, len(data))
    mask = os.urandom(4)
    return head + mask + apply_mask(data, mask)


class Client(asyncio.Protocol):
    """One connection. ``received`` counts bytes after the handshake, ``frames`` frames of any kind.

    ``on_text`` gets each text message's bytes and may be exchanged at any time;
    ``on_fault``, which may be too, is told if the server breaks the rules or goes away first.
    """

    def __init__(self, target: str, on_text: Callable[[bytes], None], protocol: str = "") -> None:
        self._target = target
        self._protocol = f"Sec-WebSocket-Protocol: {protocol}\r\n" if protocol else ""
        self._head = True
        self._tail = b""
        self.on_text = on_text
        self.opened: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.on_fault: Callable[[WireFault], None] = _ignore
        self.lost: WireFault | None = None
        self.frames = self.received = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.Transport, transport)  # uvloop's is one but for its ancestry
        self.send = self.transport.write
        self.send(
            f"GET {self._target} HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\n"
            f"Connection: Upgrade\r\nSec-WebSocket-Key: {_KEY}\r\n"
            f"Sec-WebSocket-Version: 13\r\n{self._protocol}\r\n".encode()
        )

    def data_received(self, data: bytes) -> None:
        if self._head:
            data = self._handshake(data)
            if not data:
                return
        self.received += len(data)
        if self._tail:
            data = self._tail + data
        position, size = 0, len(data)
        while size - position >= 2:
            start, length = position + 2, data[position + 1]
            if length > 125:
                start += 2 if length == 126 else 8
                if start > size:
                    break
                length = int.from_bytes(data[position + 2 : start])
            end = start + length
            if end > size:
                break
            self.frames += 1
            if data[position] == _FINAL | TEXT:
                self.on_text(data[start:end])
            else:
                self._control(data[position], data[start:end])
            position = end
        self._tail = data[position:]

    def _handshake(self, data: bytes) -> bytes:
        head, separator, rest = (self._tail + data).partition(b"\r\n\r\n")
        if not separator:
            self._tail = head
            return b""
        self._head, self._tail = False, b""
        if head.startswith(b"HTTP/1.1 101"):
            self.opened.set_result(None)
        else:
            self._fail(WireFault(f"{self._target} answered {head.splitlines()[0].decode()}"))
        return rest

    def _control(self, first: int, payload: bytes) -> None:
        if first == _FINAL | PING:
            self.send(masked_frame(payload, PONG))
        elif first == _FINAL | CLOSE:
            self._fail(WireFault(f"{self._target} was closed: {payload!r}"))
        elif first != _FINAL | PONG:
            self._fail(WireFault(f"{self._target} got a frame starting with {first:#x}"))

    def connection_lost(self, exc: Exception | None) -> None:
        self._fail(WireFault(f"{self._target} was lost: {exc or 'end of stream'}"))

    def _fail(self, fault: WireFault) -> None:
        if self.lost is None:
            self.lost = fault
            self.on_fault(fault)
        if not self.opened.done():
            self.opened.set_exception(fault)


def _ignore(_fault: WireFault) -> None:
    pass


async def connect(
    port: int, target: str, on_text: Callable[[bytes], None], protocol: str = ""
) -> Client:
    """Open one WebSocket to the loopback server at ``port``. Raises WireFault if it is refused."""
    loop = asyncio.get_running_loop()
    _, client = await loop.create_connection(
        lambda: Client(target, on_text, protocol), "127.0.0.1", port
    )
    await client.opened
    return client
