"""Where files are kept: the port, and what every user of it needs.

Rules: a key is random and is never a name that a user chose. Nothing holds a file in memory.
Not here: what a file is (``core.media``), whose it is (``storage``), its cleaning (``intake``), the
adapter (``local``).
"""

from __future__ import annotations

from collections.abc import AsyncIterable, AsyncIterator
from typing import NamedTuple, Protocol

from kefu.core.errors import TooLarge, Unavailable

PART_BYTES = 262_144  # read or written at once


class Stored(NamedTuple):
    """A file that is kept."""

    key: str  # 32 characters 0-9a-f
    size: int  # bytes
    sha256: str  # of the content, in hex


class FileStore(Protocol):
    """The port. All raise Unavailable if the store cannot do it now."""

    async def put(self, stream: AsyncIterable[bytes], most_bytes: int) -> Stored:
        """Keep what ``stream`` yields; when this returns it outlives a power failure.

        If it does not return, nothing is kept.
        Raises TooLarge: there is more than ``most_bytes``; no more than that was written.
        """

    async def read(self, key: str, start: int, most_bytes: int) -> bytes:
        """Return up to ``most_bytes`` from ``start``; fewer only at the end. Raises NotFound."""

    async def delete(self, key: str) -> None:
        """Remove the file; if there is none, do nothing."""

    def list_keys(self, before_ms: int) -> AsyncIterator[list[str]]:
        """Yield the keys of all files kept before this Unix time, a few thousand at once."""

    async def sweep(self, before_ms: int) -> int:
        """Remove what aborted uploads left and nobody wrote to since ``before_ms``; the count."""

    async def free_bytes(self) -> int:
        """Return how much more the store can take."""


async def bounded(stream: AsyncIterable[bytes], most_bytes: int) -> AsyncIterator[bytes]:
    """Yield ``stream`` in parts of about ``PART_BYTES``, ``most_bytes`` in all.

    Raises TooLarge as soon as there is more; what is too much is never yielded.
    """
    part, size = bytearray(), 0
    async for chunk in stream:
        size += len(chunk)
        if size > most_bytes:
            raise TooLarge
        part += chunk
        if len(part) >= PART_BYTES:
            yield bytes(part)
            part.clear()
    if part:
        yield bytes(part)


async def read_range(store: FileStore, key: str, wanted: range) -> AsyncIterator[bytes]:
    """Return the parts of the bytes at ``wanted``; the first is read before this returns.

    Raises NotFound, Unavailable: at once, so that the answer's status can still say so.
    """
    first = await store.read(key, wanted.start, min(PART_BYTES, len(wanted)))

    async def parts() -> AsyncIterator[bytes]:
        part, left = first, wanted
        while left:
            if not part:
                raise Unavailable("The file has lost its end.")
            yield part
            left = left[len(part) :]
            part = await store.read(key, left.start, min(PART_BYTES, len(left)))

    return parts()
