"""Bytes on a TCP connection, for what no client library would send."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import urlsplit


class RawConnection:
    """One TCP connection to a server."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader = reader
        self.writer = writer

    async def send(self, data: bytes) -> None:
        self.writer.write(data)
        await self.writer.drain()

    async def flood(self, chunk: bytes, times: int) -> None:
        """Send ``chunk`` so often, or until the server takes no more."""
        try:
            for _ in range(times):
                await self.send(chunk)
        except ConnectionError:
            pass

    async def status(self) -> int:
        """The status of the HTTP answer that comes next."""
        return int((await self.reader.readline()).split()[1])

    async def ended(self) -> bytes:
        """All that still comes until the server ends the connection."""
        try:
            return await self.reader.read()
        except ConnectionError:
            return b""

    async def close(self) -> None:
        self.writer.transport.abort()


@asynccontextmanager
async def raw_connection(base_url: str) -> AsyncIterator[RawConnection]:
    """Connect; the connection is reset at the end of the block."""
    url = urlsplit(base_url)
    connection = RawConnection(*await asyncio.open_connection(url.hostname, url.port))
    try:
        yield connection
    finally:
        await connection.close()
