"""A page of the rooms protocol: joins as an agent or a visitor, says lines, hears lines.

Source: docs/protocol/rooms.md.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, NamedTuple, Self
from urllib.parse import urlencode

from websockets.asyncio.client import ClientConnection

from tests.clients.links import connect_websocket

SYSTEM = "系统"


class Line(NamedTuple):
    """One line as a page shows it."""

    sender: str
    text: str


class RoomsClient:
    """One socket; ``connection`` is there for what an honest page would not do."""

    def __init__(self, connection: ClientConnection) -> None:
        self.connection = connection

    @classmethod
    @asynccontextmanager
    async def join(
        cls, base_url: str, kind: str, name: str, *, token: str = "", **options: Any
    ) -> AsyncIterator[Self]:
        """Open the socket as ``kind`` (kefu or yonghu); lines tell whether it may stay."""
        query = urlencode({"type": kind, "name": name} | ({"token": token} if token else {}))
        url = f"{base_url.replace('http', 'ws', 1)}/?{query}"
        async with connect_websocket(url, **options) as connection:
            yield cls(connection)

    async def say(self, text: str) -> None:
        await self.connection.send(json.dumps({"neiRong": text}))

    async def hear(self) -> Line:
        """The next line, whoever says it."""
        line = json.loads(await self.connection.recv())
        assert line.keys() == {"neiRong", "shuiFaDe"}
        return Line(line["shuiFaDe"], line["neiRong"])

    async def hear_system(self) -> str:
        """The next line, which must be the system's."""
        sender, text = await self.hear()
        assert sender == SYSTEM
        return text

    async def close(self) -> None:
        await self.connection.close()
