"""A client of ``kefu.v1``: says who it is, asks, and keeps what it is told.

Source: docs/protocol/realtime.md.
"""

from __future__ import annotations

import asyncio
import itertools
import json
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Self

from websockets.asyncio.client import ClientConnection
from websockets.exceptions import ConnectionClosed

from tests.clients.links import connect_websocket

WAIT_S = 60.0  # until something is not late but lost
Frame = dict[str, Any]


class Refused(Exception):
    """The server's refusal of a command."""

    def __init__(self, error: Frame) -> None:
        super().__init__(f"{error['code']}: {error['message']}")
        self.error = error
        self.code: str = error["code"]


class RealtimeClient:
    """One connection. ``welcome`` is the answer to hello."""

    welcome: Frame

    def __init__(self, connection: ClientConnection) -> None:
        self.connection = connection
        self.told: deque[Frame] = deque()  # events and signals that nobody has taken yet
        self.answers: dict[int, Frame] = {}  # that nobody has taken yet, in their order
        self._ids = itertools.count(1)

    @classmethod
    @asynccontextmanager
    async def open(cls, base_url: str, **options: Any) -> AsyncIterator[Self]:
        """Connect, and say nothing."""
        url = base_url.replace("http", "ws", 1) + "/api/v1/realtime"
        options = {"subprotocols": ["kefu.v1"]} | options
        async with connect_websocket(url, **options) as connection:
            yield cls(connection)

    @classmethod
    @asynccontextmanager
    async def join(
        cls, base_url: str, token: str | None, widget: str | None = None, **options: Any
    ) -> AsyncIterator[Self]:
        """Connect and say hello."""
        async with cls.open(base_url, **options) as client:
            client.welcome = await client.hello(token, widget)
            yield client

    async def hello(self, token: str | None, widget: str | None = None) -> Frame:
        """Say who it is."""
        said = {"token": token, "widget": widget}
        welcome: Frame = await self.ask("hello", **{name: one for name, one in said.items() if one})
        return welcome

    async def send(self, do: str, **fields: Any) -> int:
        """Send a command; returns its id."""
        id = next(self._ids)
        await self.connection.send(json.dumps({"id": id, "do": do, **fields}))
        return id

    async def answer(self, id: int) -> Any:
        """What the command ``id`` is answered. Raises Refused."""
        while id not in self.answers:
            await self.receive()
        frame = self.answers.pop(id)
        if "error" in frame:
            raise Refused(frame["error"])
        return frame["ok"]

    async def ask(self, do: str, **fields: Any) -> Any:
        """Send a command and wait for its answer. Raises Refused."""
        return await self.answer(await self.send(do, **fields))

    async def hear(self, on: str | None = None) -> Frame:
        """The next event or signal; of this name, if one is given, others being passed over."""
        while True:
            while not self.told:
                await self.receive()
            frame = self.told.popleft()
            if on in (None, frame["on"]):
                return frame

    async def level(self) -> list[Frame]:
        """Everything that it has been told so far, but for who comes and goes of the team."""
        await self.ask("ping")
        told, self.told = list(self.told), deque()
        return [frame for frame in told if frame["on"] != "presence"]

    async def closed(self) -> tuple[int | None, str | None]:
        """Wait for the end; returns its code and reason."""
        async with asyncio.timeout(WAIT_S):
            try:
                while True:
                    await self.receive()
            except ConnectionClosed:
                return self.connection.close_code, self.connection.close_reason

    async def receive(self) -> None:
        """Take one frame from the network."""
        async with asyncio.timeout(WAIT_S):
            frame = json.loads(await self.connection.recv())
        if "re" in frame:
            assert frame.keys() in ({"re", "ok"}, {"re", "error"})
            self.answers[frame["re"]] = frame
        else:
            self.told.append(frame)
