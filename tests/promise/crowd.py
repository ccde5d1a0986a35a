"""People who talk in pairs, on both protocols and every transport, whatever becomes of the server.

Rules: everybody both says and shows, and notes it in a journal of their own. Everybody keeps a few
messages on the way and says the next one when their own copy of an earlier one comes back. When a
connection is lost they come back as soon as the server is up; what was on its way then is not
repeated, since the tutorial protocols know no repeats.
Not here: what must hold of the notes (``checker``), the server (``chaos``).
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterator
from contextlib import AsyncExitStack, contextmanager
from pathlib import Path
from random import Random
from typing import Protocol

import aiohttp
from websockets.asyncio.client import ClientConnection
from websockets.exceptions import ConnectionClosed, InvalidHandshake

from tests.clients.direct import DirectClient
from tests.clients.links import Refused, SessionClosed, WebSocketLink
from tests.clients.rooms import SYSTEM, RoomsClient
from tests.promise.journal import Journal

MOST_ON_THE_WAY = 12
LONG_TEXT_CHARS = 4_000
LOST = (
    OSError,
    EOFError,
    ConnectionClosed,
    InvalidHandshake,
    aiohttp.ClientError,
    Refused,
    SessionClosed,
)


class Crowd:
    """Everybody, and what they know in common.

    Attributes:
        up: set while the server can be reached.
        closed: WebSocket close codes, by protocol: how the server took its leave.
        refused: what the server said in place of storing a message.
    """

    def __init__(self, base_url: str, folder: Path, rng: Random) -> None:
        self.base_url = base_url
        self.rng = rng
        self.up = asyncio.Event()
        self.closed: Counter[tuple[str, int]] = Counter()
        self.refused: list[str] = []
        self._folder = folder
        self._people: list[Person] = []
        self._tasks: list[asyncio.Task[None]] = []
        self._here: set[Person] = set()
        self._nobody = asyncio.Event()
        self._shown = 0
        self._awaited: tuple[int, asyncio.Event] | None = None

    def add_pairs(self, rooms: int, direct: int) -> None:
        """Let so many pairs come on each protocol; every second of the latter is on polling."""
        for n in range(rooms):
            self._add(RoomsPerson(self, f"agent-{n}", "kefu"))
            self._add(RoomsPerson(self, f"visitor-{n}", "yonghu"))
        for n in range(direct):
            transport = "polling" if n % 2 else "websocket"
            one, other = f"{transport}-{n}-a", f"{transport}-{n}-b"
            self._add(DirectPerson(self, one, other, transport))
            self._add(DirectPerson(self, other, one, transport))

    def start(self) -> None:
        self._tasks = [asyncio.create_task(person.live()) for person in self._people]

    async def hear(self, messages: int) -> None:
        """Wait until so many more have been shown to somebody. Raises what ended anybody."""
        reached = asyncio.Event()
        self._awaited = self._shown + messages, reached
        waiting = asyncio.create_task(reached.wait())
        await asyncio.wait([waiting, *self._tasks], return_when=asyncio.FIRST_COMPLETED)
        waiting.cancel()
        for task in self._tasks:
            if task.done():
                task.result()

    def heard(self) -> None:
        """Somebody was shown a message."""
        self._shown += 1
        if self._awaited and self._shown >= self._awaited[0]:
            self._awaited[1].set()

    def came(self, person: Person) -> None:
        """Somebody is about to connect."""
        self._here.add(person)
        self._nobody.clear()

    def went(self, person: Person) -> None:
        """Somebody has lost the connection and read all that came before that."""
        self._here.discard(person)
        if not self._here:
            self._nobody.set()

    async def lost(self) -> None:
        """Wait until everybody has noticed that the server is gone."""
        await self._nobody.wait()

    def sync(self) -> None:
        """Put all journals on the disk."""
        for person in self._people:
            person.journal.sync()

    async def leave(self) -> None:
        """Everybody goes, without a goodbye."""
        for task in self._tasks:
            task.cancel()
        ends = await asyncio.gather(*self._tasks, return_exceptions=True)
        for person in self._people:
            person.journal.close()
        for end in ends:
            if isinstance(end, Exception):
                raise end

    def _add(self, person: Person) -> None:
        person.journal = Journal(self._folder, person.name)
        self._people.append(person)


class _Connected(Protocol):
    async def close(self) -> None: ...


class Person:
    """Somebody with a name, who says ``name#1 …``, ``name#2 …`` and so on."""

    journal: Journal

    def __init__(self, crowd: Crowd, name: str) -> None:
        self.name = name
        self._crowd = crowd
        self._said = 0
        self._on_the_way = 0

    async def live(self) -> None:
        """Be there whenever the server is."""
        while True:
            await self._crowd.up.wait()
            self._on_the_way = 0
            self.journal.begin_session()
            self._crowd.came(self)
            try:
                await self.talk()
            except LOST as end:
                if isinstance(end, ConnectionClosed) and end.rcvd:
                    self._crowd.closed[type(self).__name__, end.rcvd.code] += 1
            self._crowd.went(self)

    async def talk(self) -> None:
        """Connect, and talk until the connection is lost."""
        raise NotImplementedError

    async def say(self, text: str) -> None:
        """Hand one text to the network."""
        raise NotImplementedError

    async def say_more(self) -> None:
        while self._on_the_way < self._crowd.rng.randint(1, MOST_ON_THE_WAY):
            self._said += 1
            self._on_the_way += 1
            long = self._crowd.rng.random() < 0.02
            text = f"{self.name}#{self._said} 您好" + "！" * (LONG_TEXT_CHARS if long else 0)
            self.journal.sending(text)
            await self.say(text)

    async def show(self, sender: str, text: str) -> None:
        self.journal.shown(sender, text)
        self._crowd.heard()
        if sender == self.name:
            self._on_the_way -= 1
            await self.say_more()


class RoomsPerson(Person):
    """An agent or a visitor. The lobby decides who sits with whom."""

    _client: RoomsClient

    def __init__(self, crowd: Crowd, name: str, kind: str) -> None:
        super().__init__(crowd, name)
        self._kind = kind

    async def talk(self) -> None:
        url = self._crowd.base_url
        async with RoomsClient.join(url, self._kind, self.name) as self._client:
            with _dropped(self._client.connection):
                await self._listen()

    async def say(self, text: str) -> None:
        await self._client.say(text)

    async def _listen(self) -> None:
        await self.say_more()
        while True:
            sender, text = await self._client.hear()
            if sender != SYSTEM:
                await self.show(sender, text)
            elif "保存" in text or "发送过快" in text:
                self._crowd.refused.append(text)


class DirectPerson(Person):
    """One of two who write to each other and nobody else."""

    _client: DirectClient

    def __init__(self, crowd: Crowd, name: str, friend: str, transport: str) -> None:
        super().__init__(crowd, name)
        self._friend = friend
        self._transport = transport

    async def talk(self) -> None:
        url = self._crowd.base_url
        async with AsyncExitStack() as stack:
            self._client = await stack.enter_async_context(
                DirectClient.connect(url, self._transport)
            )
            if isinstance(self._client.link, WebSocketLink):
                stack.enter_context(_dropped(self._client.link.connection))
            await self._client.emit("login", self.name)
            await self._listen()

    async def say(self, text: str) -> None:
        await self._client.say(self._friend, text)

    async def _listen(self) -> None:
        began = False
        while True:
            event, value = await self._client.event()
            if event == "message":
                await self.show(value["from"], value["message"])
            elif event == "user_list" and not began and self._friend in value:
                began = True
                await self.say_more()
            elif event in ("error", "login_error"):
                self._crowd.refused.append(value)


@contextmanager
def _dropped(connection: ClientConnection) -> Iterator[None]:
    """Let go of the connection at once at the end: whoever it was with may be dead."""
    try:
        yield
    finally:
        connection.transport.abort()
