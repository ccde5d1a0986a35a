"""Visitors and agents of the desk, who write and read whatever becomes of the server.

Rules: everybody keeps what they were acknowledged and what they show, over all their connections.
A send without an answer is sent again under its client id, in its order, before anything else.
Now and then somebody drops the connection. Whoever comes back asks for what they missed. Visitors
are on WebSocket, or write by REST and read an event stream, or write by REST and poll.
Not here: what must hold of it (``desk_checker``), the server (``desk_chaos``).
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from random import Random
from typing import Any

import httpx
from websockets.exceptions import ConnectionClosed, InvalidHandshake

from tests.clients.realtime import RealtimeClient, Refused
from tests.promise.desk_checker import Notes, Send, Told

WIDGET = "wk_demo"
LOST = (OSError, EOFError, ConnectionClosed, InvalidHandshake, httpx.HTTPError, TimeoutError)
ON_THE_WAY = 5
DROP = 0.01  # of all messages shown: the connection is cut after it


class Stage:
    """What everybody knows. ``up``: the server can be reached; ``over``: write no more."""

    def __init__(self, base_url: str, rng: Random) -> None:
        self.base_url = base_url
        self.rng = rng
        self.up = asyncio.Event()
        self.over = False
        self.shown = 0
        self.news = asyncio.Event()  # somebody was shown or acknowledged something


class Dropped(OSError):
    """This client has cut its own connection."""


class Person:
    """Somebody in one conversation. ``last``: the number up to which they have everything."""

    def __init__(self, stage: Stage, name: str) -> None:
        self.name = name
        self.notes = Notes()
        self.conversation = 0
        self.begun = asyncio.Event()  # of a visitor's conversation
        self.last = 0
        self._stage = stage
        self._said = 0

    async def live(self) -> None:
        """Be there whenever the server is."""
        while True:
            await self._stage.up.wait()
            self.notes.sessions.append([])
            try:
                await self.talk()
            except LOST:
                continue
            except Refused as refusal:
                if refusal.code == "expired":  # what it was told is no more: it starts afresh
                    self.start_afresh()
                elif refusal.code not in ("unavailable", "too_many"):
                    raise

    async def talk(self) -> None:
        """Connect, and talk until the connection is lost."""
        raise NotImplementedError

    def start_afresh(self) -> None:
        """Forget what was shown."""
        self.last = 0
        self.notes.shown.clear()

    @property
    def unanswered(self) -> list[Send]:
        """What has to be sent again, in its order."""
        return [send for send in self.notes.sends.values() if send.seq is None]

    def next_send(self) -> Send:
        """Something new to say."""
        self._said += 1
        client_id = f"{self.name}-{self._said:06}"
        long = "！" * 3_000 if self._stage.rng.random() < 0.02 else ""
        send = Send(self.conversation, client_id, f"{client_id} 您好{long}")
        self.notes.sends[client_id] = send
        return send

    def acknowledged(self, client_id: str, seq: int) -> None:
        send = self.notes.sends[client_id]
        self.notes.sends[client_id] = send._replace(seq=seq)
        self._stage.news.set()

    def began(self, client_id: str, text: str, started: dict[str, Any]) -> None:
        """The conversation is there, with its first message."""
        self.conversation = started["conversation"]["id"]
        send = Send(self.conversation, client_id, text, started["message"]["seq"])
        self.notes.sends[client_id] = send
        self.begun.set()

    def told(self, event: dict[str, Any]) -> None:
        """An event of the conversation came: show what is new."""
        conversation, seq = event["conversation"], event["seq"]
        self.notes.sessions[-1].append(Told(conversation, seq, event["prev"]))
        if seq <= self.last:
            return
        self.last = seq
        if event["on"] == "message.added":
            self.notes.shown.setdefault(conversation, []).append(event["message"]["text"])
            self._stage.shown += 1
            self._stage.news.set()
            if self._stage.rng.random() < DROP:
                raise Dropped


class OnWebSocket(Person):
    """A visitor or agent on kefu.v1."""

    def __init__(
        self, stage: Stage, name: str, token: str, *, serves: Person | None = None
    ) -> None:
        super().__init__(stage, name)
        self._token, self._serves = token, serves

    async def talk(self) -> None:
        url = self._stage.base_url
        widget = None if self._serves else WIDGET
        async with RealtimeClient.join(url, self._token, widget) as client:
            try:
                await self._find(client)
                await self._level(client)
                await self._converse(client)
            finally:
                client.connection.transport.abort()

    async def _find(self, client: RealtimeClient) -> None:
        """Begin the conversation, once, however often it is tried; an agent waits for that."""
        if self._serves:
            await self._serves.begun.wait()
            self.conversation = self._serves.conversation
        elif not self.conversation:
            first = {"client_id": f"{self.name}-000000", "text": f"{self.name} begins"}
            self.began(**first, started=await client.ask("conversation.start", **first))

    async def _level(self, client: RealtimeClient) -> None:
        """Ask for what was missed; from here on the server tells."""
        while True:
            asked = {"conversation": self.conversation, "since": self.last}
            page = await client.ask("conversation.open", **asked)
            for event in page.get("events", ()):
                self.told(event)
            self.last = max(self.last, page["seq"])
            if not page.get("more"):
                return

    async def _converse(self, client: RealtimeClient) -> None:
        on_the_way = {await self._say(client, send): send for send in self.unanswered}
        while True:
            while len(on_the_way) < ON_THE_WAY and not self._stage.over:
                send = self.next_send()
                on_the_way[await self._say(client, send)] = send
            for id in [id for id in on_the_way if id in client.answers]:
                sent = await client.answer(id)
                self.acknowledged(on_the_way.pop(id).client_id, sent["seq"])
            while client.told:
                event = client.told.popleft()
                if event.get("conversation") == self.conversation and "seq" in event:
                    self.told(event)
            if not client.told and not client.answers:
                await client.receive()

    async def _say(self, client: RealtimeClient, send: Send) -> int:
        said = {"conversation": send.conversation, "client_id": send.client_id, "text": send.text}
        return await client.send("message.send", **said)


class OnHttp(Person):
    """A visitor who writes by REST, and reads an event stream or polls."""

    def __init__(self, stage: Stage, name: str, token: str, *, stream: bool) -> None:
        super().__init__(stage, name)
        headers = {"authorization": f"Bearer {token}", "x-kefu-widget": WIDGET}
        self._options: dict[str, Any] = {"headers": headers, "timeout": 20.0}
        self._stream = stream
        self._cursor: str | None = None

    async def talk(self) -> None:
        base = f"{self._stage.base_url}/api/v1"
        async with httpx.AsyncClient(base_url=base, **self._options) as client:
            await self._find(client)
            writing = asyncio.create_task(self._write(client))
            reading = asyncio.create_task(self._read(client))
            try:
                await asyncio.wait([writing, reading], return_when=asyncio.FIRST_COMPLETED)
            finally:
                for task in (writing, reading):
                    task.cancel()
                ends = await asyncio.gather(writing, reading, return_exceptions=True)
            raise next(end for end in ends if isinstance(end, Exception))

    def start_afresh(self) -> None:
        super().start_afresh()
        self._cursor = None

    async def _find(self, client: httpx.AsyncClient) -> None:
        if not self.conversation:
            first = {"client_id": f"{self.name}-000000", "text": f"{self.name} begins"}
            self.began(**first, started=_ok(await client.post("/conversations", json=first)))
        if self._cursor is None:  # everything from the beginning, then from the cursor on
            cursor = _ok(await client.get("/events"))["cursor"]
            found = _ok(await client.get(f"/conversations/{self.conversation}/messages"))
            for message in found["items"]:
                if message["type"] == "message":
                    self.notes.shown.setdefault(self.conversation, []).append(message["text"])
                self.last = message["seq"]
            self._cursor = cursor

    async def _write(self, client: httpx.AsyncClient) -> None:
        for send in self.unanswered:
            await self._say(client, send)
        while not self._stage.over:
            await self._say(client, self.next_send())
        await asyncio.Event().wait()

    async def _say(self, client: httpx.AsyncClient, send: Send) -> None:
        url = f"/conversations/{send.conversation}/messages"
        sent = _ok(await client.post(url, json={"client_id": send.client_id, "text": send.text}))
        self.acknowledged(send.client_id, sent["seq"])

    async def _read(self, client: httpx.AsyncClient) -> None:
        async for event, cursor in self._events(client):
            if event.get("conversation") == self.conversation and "seq" in event:
                try:
                    self.told(event)
                finally:
                    self._cursor = cursor

    async def _events(
        self, client: httpx.AsyncClient
    ) -> AsyncIterator[tuple[dict[str, Any], str | None]]:
        if not self._stream:
            while True:
                query = {"cursor": self._cursor, "wait": 1}
                page = _ok(await client.get("/events", params=query))
                for event in page.get("events", ()):
                    yield event, event["cursor"]
                self._cursor = page["cursor"]
        headers = {"accept": "text/event-stream"}
        query = {"cursor": self._cursor}
        async with client.stream("GET", "/events", params=query, headers=headers) as response:
            if response.is_error:
                await response.aread()
                _ok(response)
            cursor = self._cursor
            async for line in response.aiter_lines():
                if line.startswith("id: "):
                    cursor = line.removeprefix("id: ")
                elif line.startswith("data: "):
                    yield json.loads(line.removeprefix("data: ")), cursor
        raise EOFError


def _ok(response: httpx.Response) -> Any:
    if response.is_success:
        return response.json()
    raise Refused(response.json()["error"])
