"""A real HTTP server of loopback that is sent webhooks, and answers as a test says."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

HANG = "hang"  # take the request and never answer

Answer = int | str | tuple[int, str]
"""A status; ``HANG``; or a status and a header line."""


@dataclass
class Request:
    """One request that arrived."""

    headers: dict[str, str]  # names in lower case
    body: bytes

    @property
    def content(self) -> Any:
        return json.loads(self.body)


@dataclass
class Receiver:
    """What arrived, in order. ``answers`` are taken one by one; the last one stays."""

    url: str
    answers: list[Answer]
    requests: list[Request] = field(default_factory=list)
    arrived: asyncio.Condition = field(default_factory=asyncio.Condition)

    @property
    def ids(self) -> list[str]:
        return [request.headers["webhook-id"] for request in self.requests]

    @property
    def texts(self) -> list[str]:
        return [request.content["data"]["message"]["text"] for request in self.requests]

    async def has(self, count: int) -> None:
        """Wait until so many requests arrived."""
        async with self.arrived:
            await self.arrived.wait_for(lambda: len(self.requests) >= count)

    async def take(self, request: Request) -> Answer:
        async with self.arrived:
            self.requests.append(request)
            self.arrived.notify_all()
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]


@asynccontextmanager
async def receiving(answers: Sequence[Answer] = (200,), port: int = 0) -> AsyncIterator[Receiver]:
    """A receiver for the block; its connections end with it."""
    tasks: set[asyncio.Task[None] | None] = set()

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        tasks.add(asyncio.current_task())
        with suppress(ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            answer = await receiver.take(await _read(reader))
            if answer == HANG:
                await asyncio.get_running_loop().create_future()
            status, line = answer if isinstance(answer, tuple) else (answer, "x-nothing: 1")
            writer.write(f"HTTP/1.1 {status} X\r\n{line}\r\ncontent-length: 0\r\n\r\n".encode())
            await writer.drain()
        writer.close()

    listening = await asyncio.start_server(connected, "127.0.0.1", port)
    own_port = listening.sockets[0].getsockname()[1]
    receiver = Receiver(f"http://127.0.0.1:{own_port}/hook", list(answers))
    try:
        yield receiver
    finally:
        listening.close()
        for task in tasks:
            if task is not None:
                task.cancel()
        await listening.wait_closed()


async def _read(reader: asyncio.StreamReader) -> Request:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    lines = (line.partition(":") for line in head.splitlines()[1:] if line)
    headers = {name.lower(): value.strip() for name, _, value in lines}
    return Request(headers, await reader.readexactly(int(headers["content-length"])))
