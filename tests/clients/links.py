"""Engine.IO 4 as a client sees it: packets in, packets out, over WebSocket or long-polling.

A packet is its text with the type digit first. Source: Engine.IO protocol 4.
Not here: Socket.IO and Kefu's events (``direct``).
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any, Protocol, Self

import aiohttp
from websockets.asyncio.client import ClientConnection, connect

SEPARATOR = "\x1e"


class Refused(Exception):
    """An HTTP answer other than 200; ``status`` and ``body`` are the answer's."""

    def __init__(self, status: int, body: str) -> None:
        super().__init__(f"{status} {body}")
        self.status = status
        self.body = body


class SessionClosed(Exception):
    """The server sent a close packet."""


class Link(Protocol):
    """One client's transport. Whatever ends it is raised by ``receive`` or ``send``."""

    async def send(self, *packets: str) -> None: ...

    async def receive(self) -> list[str]: ...


class WebSocketLink:
    """A session that is on WebSocket from its start."""

    def __init__(self, connection: ClientConnection) -> None:
        self.connection = connection

    @classmethod
    @asynccontextmanager
    async def open(cls, base_url: str, **options: Any) -> AsyncIterator[Self]:
        url = base_url.replace("http", "ws", 1) + "/socket.io/?EIO=4&transport=websocket"
        async with connect_websocket(url, **options) as connection:
            yield cls(connection)

    async def send(self, *packets: str) -> None:
        for packet in packets:
            await self.connection.send(packet)

    async def receive(self) -> list[str]:
        return [str(await self.connection.recv())]


class PollingLink:
    """A session on long-polling; its ``receive`` is one GET, its ``send`` one POST."""

    def __init__(self, http: aiohttp.ClientSession, url: str) -> None:
        self.http = http
        self.url = url  # carries the session's id once it is known

    @classmethod
    @asynccontextmanager
    async def open(cls, base_url: str) -> AsyncIterator[Self]:
        """Begin, but for the first GET, whose answer holds the handshake."""
        timeout = aiohttp.ClientTimeout(total=60)
        async with aiohttp.ClientSession(timeout=timeout) as http:
            link = cls(http, base_url + "/socket.io/?EIO=4&transport=polling")
            try:
                yield link
            finally:
                with suppress(Refused, aiohttp.ClientError):
                    await link.send("1")  # goodbye, if there is still somebody to say it to

    async def send(self, *packets: str) -> None:
        await self.post(SEPARATOR.join(packets).encode())

    async def post(self, body: bytes) -> None:
        """Send ``body`` as it is. Raises Refused."""
        async with self.http.post(self.url, data=body) as answer:
            if answer.status != 200:
                raise Refused(answer.status, await answer.text())
            await answer.read()

    async def receive(self) -> list[str]:
        async with self.http.get(self.url) as answer:
            text = await answer.text()
            if answer.status != 200:
                raise Refused(answer.status, text)
        packets = text.split(SEPARATOR)
        if packets[0].startswith("0"):
            self.url += "&sid=" + json.loads(packets[0][1:])["sid"]
        return packets


def connect_websocket(url: str, **options: Any) -> connect:
    """Connect as a bare client: no compression, no pings of its own, any size, no proxy."""
    bare: dict[str, Any] = {
        "compression": None,
        "max_queue": None,  # reads on, also while its user is busy sending
        "max_size": None,
        "ping_interval": None,
        "proxy": None,
        "user_agent_header": None,
    }
    return connect(url, **bare | options)
