"""How a file gets in: received within its limit, recognised, cleaned, and only then kept.

Rules: what was uploaded exists only without a name, on disk, until it is clean, so whatever happens
meanwhile leaves nothing of it. The type is what the content says. One image is decoded at a time:
many at once would take the memory of the machine. Owners take turns, and one that took
``effort.MOST_S`` is refused. Whoever goes away while it is done ends it.
Not here: who may upload, the row that knows the file (``storage``), its name (``core.file_names``).
"""

from __future__ import annotations

import tempfile
from collections.abc import AsyncIterable, AsyncIterator, Callable
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, ParamSpec, TypeVar

from kefu.core.errors import TooLarge, Unavailable
from kefu.core.media import HEAD_BYTES, media_type
from kefu.files.effort import Effort, TooMuch
from kefu.files.images import Cleaned, clean, needs_cleaning
from kefu.files.lane import Lane
from kefu.files.store import PART_BYTES, FileStore, Stored, bounded
from kefu.files.threads import in_thread, stoppable

PREVIEW_PX = 640

P = ParamSpec("P")
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Accepted:
    """A file that is kept, as it is now: cleaning may have changed its type and size."""

    media_type: str
    original: Stored
    preview: Stored | None = None  # of type ``images.PREVIEW_TYPE``
    width: int = 0  # pixels, as people see it; 0 if it is not an image that can be shown
    height: int = 0


class Intake:
    """Takes files into ``store``; ``scratch`` is a folder on disk, not in memory."""

    def __init__(
        self,
        store: FileStore,
        scratch: Path,
        *,
        most_bytes: int,
        most_pixels: int,
    ) -> None:
        self._store, self._scratch = store, scratch
        self._most_bytes, self._most_pixels = most_bytes, most_pixels
        self._lane = Lane()

    async def take(
        self, stream: AsyncIterable[bytes], owner: str = "", *, preview_px: int = PREVIEW_PX
    ) -> Accepted:
        """Keep what ``stream`` yields. If this does not return, nothing is kept.

        ``owner``: whose turn it is when a picture is looked at, of all who wait. ``preview_px``: of
        the longer side of a picture's small copy.
        An image that had to be written anew may have grown, up to twice the limit.
        Raises TooLarge: there are more bytes than the limit, no more than it were written, or it
        takes too long to read. Raises TooMany: too many pictures wait. Raises Unavailable: the disk
        is full or fails.
        """
        kept: list[Stored] = []
        accepted = None
        try:
            async with AsyncExitStack() as stack:
                taken = await self._take(stream, owner, stack, kept, preview_px=preview_px)
            accepted = taken  # nothing is awaited from here on
        finally:
            if accepted is None:
                for stored in kept:
                    await self._store.delete(stored.key)
        return accepted

    async def _take(
        self,
        stream: AsyncIterable[bytes],
        owner: str,
        stack: AsyncExitStack,
        kept: list[Stored],
        *,
        preview_px: int,
    ) -> Accepted:
        upload = await self._scratch_file(stack)
        async for part in bounded(stream, self._most_bytes):
            await _on_disk(upload.write, part)
        kind = media_type(await _on_disk(_head, upload))
        if not needs_cleaning(kind):
            return Accepted(kind, await self._keep(upload, kept))
        target, preview = [await self._scratch_file(stack) for _ in range(2)]
        async with self._lane.turn(owner):
            cleaned = await self._clean(upload, kind, target, preview, preview_px=preview_px)
        kind, width, height, has_preview = cleaned
        original = await self._keep(target, kept)
        small = await self._keep(preview, kept) if has_preview else None
        return Accepted(kind, original, small, width, height)

    async def _clean(
        self, upload: BinaryIO, kind: str, target: BinaryIO, preview: BinaryIO, *, preview_px: int
    ) -> Cleaned:
        effort = Effort()
        sizes = {"most_pixels": self._most_pixels, "preview_px": preview_px}

        def work() -> Cleaned:
            return clean(upload, kind, target, preview, effort=effort, **sizes)

        try:
            return await stoppable(effort.stop, work)
        except TooMuch:
            raise TooLarge("It takes too long to read this picture.") from None
        except OSError as error:
            raise Unavailable from error

    async def _keep(self, file: BinaryIO, kept: list[Stored]) -> Stored:
        stored = await self._store.put(_parts(file), 2 * self._most_bytes)
        kept.append(stored)
        return stored

    async def _scratch_file(self, stack: AsyncExitStack) -> BinaryIO:
        """Open a file without a name: whatever becomes of this process, it leaves no trace."""
        opened: list[BinaryIO] = []

        def open_() -> None:
            opened.append(tempfile.TemporaryFile(dir=self._scratch))  # noqa: SIM115

        async def close() -> None:
            for file in opened:
                with suppress(OSError):  # what is left of it is not wanted
                    await in_thread(file.close)

        stack.push_async_callback(close)
        await _on_disk(open_)
        return opened[0]


async def _parts(file: BinaryIO) -> AsyncIterator[bytes]:
    await _on_disk(file.seek, 0)
    while part := await _on_disk(file.read, PART_BYTES):
        yield part


async def _on_disk(fn: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    try:
        return await in_thread(fn, *args, **kwargs)
    except OSError as error:
        raise Unavailable from error


def _head(file: BinaryIO) -> bytes:
    file.seek(0)
    return file.read(HEAD_BYTES)
