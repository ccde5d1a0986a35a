"""A client of the direct protocol: Socket.IO events over either transport.

Source: docs/protocol/direct.md; Socket.IO protocol 5.
"""

from __future__ import annotations

import json
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Self

from tests.clients.links import Link, PollingLink, SessionClosed, WebSocketLink

LINKS: dict[str, type[WebSocketLink] | type[PollingLink]] = {
    "websocket": WebSocketLink,
    "polling": PollingLink,
}

Event = tuple[str, Any]


class DirectClient:
    """One Socket.IO client in the main namespace; pings are answered while it waits."""

    socket_id: str  # the namespace's, not the session's

    def __init__(self, link: Link) -> None:
        self.link = link
        self._packets: deque[str] = deque()

    @classmethod
    @asynccontextmanager
    async def open(cls, base_url: str, transport: str, **options: Any) -> AsyncIterator[Self]:
        """Open a session and join nothing."""
        async with LINKS[transport].open(base_url, **options) as link:
            client = cls(link)
            opened = await client.packet()
            assert opened.startswith("0{")
            yield client

    @classmethod
    @asynccontextmanager
    async def connect(cls, base_url: str, transport: str, **options: Any) -> AsyncIterator[Self]:
        """Open a session and join the main namespace."""
        async with cls.open(base_url, transport, **options) as client:
            await client.link.send("40")
            joined = await client.packet()
            assert joined.startswith('40{"sid":')
            client.socket_id = json.loads(joined[2:])["sid"]
            yield client

    @classmethod
    @asynccontextmanager
    async def login(
        cls, base_url: str, transport: str, name: str, **options: Any
    ) -> AsyncIterator[Self]:
        """``connect``, then log in under the free ``name``."""
        async with cls.connect(base_url, transport, **options) as client:
            await client.emit("login", name)
            await client.until("login_success")
            yield client

    async def emit(self, event: str, *args: object) -> None:
        await self.link.send("42" + json.dumps([event, *args]))

    async def say(self, to: str, text: str) -> None:
        await self.emit("private_message", {"to": to, "message": text})

    async def packet(self) -> str:
        """The next Engine.IO packet that is no ping. Raises SessionClosed."""
        while True:
            while not self._packets:
                self._packets.extend(await self.link.receive())
            packet = self._packets.popleft()
            if packet == "1":
                raise SessionClosed
            if packet != "2":
                return packet
            await self.link.send("3")

    async def answer(self) -> str:
        """The next packet that is no event; others may cause events at any time."""
        while (packet := await self.packet()).startswith("42"):
            pass
        return packet

    async def event(self) -> Event:
        """The next event as (name, first argument)."""
        packet = await self.packet()
        assert packet.startswith("42"), packet
        name, *args = json.loads(packet[2:])
        return name, args[0] if args else None

    async def until(self, name: str) -> Any:
        """The argument of the next event of this name; others are passed over."""
        while True:
            event, value = await self.event()
            if event == name:
                return value
