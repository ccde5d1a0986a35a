"""A real HTTP server of loopback that answers what a test wants, byte for byte.

Rules: ``hooks.test`` is the host in URLs; nothing outside the machine is asked for it. A server
is gone at the end of its block, with the connections that still wait.
"""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from pathlib import Path

CERTIFICATE = Path(__file__).with_name("hooks.test.pem")  # of hooks.test alone, with its key

Answer = Callable[[asyncio.StreamWriter, str], Awaitable[None]]
"""Writes the answer to a request, given its head."""


class Server:
    """What a server has seen. ``heads`` and ``bodies`` are those of its requests in order."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.heads: list[str] = []
        self.bodies: list[bytes] = []
        self.connections = 0

    def header(self, name: str) -> str:
        """The header of the first request; "" if there is none."""
        for line in self.heads[0].splitlines()[1:]:
            key, _, value = line.partition(":")
            if key.lower() == name:
                return value.strip()
        return ""


def reply(body: bytes = b"ok", status: str = "200 OK", **headers: str) -> Answer:
    """One whole answer."""
    lines = [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    head = "\r\n".join([f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", *lines, "", ""])
    return raw(head.encode("latin-1") + body)


def raw(answer: bytes) -> Answer:
    """These bytes."""

    async def write(writer: asyncio.StreamWriter, head: str) -> None:
        writer.write(answer)
        await writer.drain()

    return write


def silent_after(beginning: bytes) -> Answer:
    """These bytes, then nothing until the client goes."""

    async def write(writer: asyncio.StreamWriter, head: str) -> None:
        writer.write(beginning)
        await writer.drain()
        await asyncio.get_running_loop().create_future()

    return write


def redirect(location: str, status: str = "302 Found") -> Answer:
    """A redirect there."""
    return reply(b"", status, Location=location)


@asynccontextmanager
async def serving(
    answer: Answer, host: str = "127.0.0.1", port: int = 0, *, tls: bool = False
) -> AsyncIterator[Server]:
    """A server at ``host`` for the block."""
    tasks: set[asyncio.Task[None] | None] = set()

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        tasks.add(asyncio.current_task())
        server.connections += 1
        with suppress(ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            await _receive(reader, server)
            await answer(writer, server.heads[-1])
        writer.close()

    context = _context() if tls else None
    listening = await asyncio.start_server(connected, host, port, ssl=context)
    server = Server(listening.sockets[0].getsockname()[1])
    try:
        yield server
    finally:
        listening.close()
        for task in tasks:
            if task is not None:
                task.cancel()
        await listening.wait_closed()


async def _receive(reader: asyncio.StreamReader, server: Server) -> None:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    server.heads.append(head)
    size = int(server.header("content-length") or 0) if len(server.heads) == 1 else 0
    server.bodies.append(await reader.readexactly(size))


def _context() -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTIFICATE)
    return context


class Names:
    """A name server: each look-up of a name takes the next of its answers, the last for ever."""

    def __init__(self, **answers: Sequence[Sequence[str]]) -> None:
        self._answers = {f"{name}.test": list(each) for name, each in answers.items()}
        self.asked: list[str] = []

    async def resolve(self, host: str, port: int) -> Sequence[str]:
        self.asked.append(host)
        try:
            answers = self._answers[host]
        except KeyError:
            raise OSError(host) from None
        return answers.pop(0) if len(answers) > 1 else answers[0]
