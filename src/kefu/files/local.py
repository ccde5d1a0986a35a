"""A ``FileStore`` in a folder of the local disk.

Rules: a key exists only for a whole file that is on the disk to stay: it is written under a
temporary name, synced, and only then renamed, so a killed process leaves nothing but temporary
files, which ``sweep`` removes. Nothing here keeps the event loop waiting.
Not here: what is promised to the callers (``store``).
"""

from __future__ import annotations

import errno
import hashlib
import os
import re
import secrets
import shutil
from collections.abc import AsyncIterable, AsyncIterator, Callable
from contextlib import suppress
from pathlib import Path
from typing import ParamSpec, TypeVar

import structlog

from kefu.core.errors import NotFound, Unavailable
from kefu.files.store import Stored, bounded
from kefu.files.threads import in_thread

_KEY = re.compile(r"[0-9a-f]{32}")
_FOLDERS = [f"{first:02x}" for first in range(256)]

P = ParamSpec("P")
T = TypeVar("T")

log = structlog.get_logger()


class LocalFiles:
    """A ``FileStore`` in a folder, which it makes if need be: ``ab/abcdef…``.

    ``scratch`` is a folder on the same disk for what is not kept (yet); ``sweep`` empties it.
    """

    def __init__(self, root: Path) -> None:
        """Raises OSError: the folder cannot be made."""
        self._root = root
        self.scratch = root / "incoming"
        root.mkdir(mode=0o700, parents=True, exist_ok=True)
        for name in (self.scratch.name, *_FOLDERS):
            (root / name).mkdir(mode=0o700, exist_ok=True)
        sync_folder(root)
        self._failing = False

    async def put(self, stream: AsyncIterable[bytes], most_bytes: int) -> Stored:
        """See ``FileStore``."""
        key = secrets.token_hex(16)
        writing = _Writing(self.scratch / key, self._path(key))
        kept = False
        try:
            await in_thread(self._do, writing.open)
            async for part in bounded(stream, most_bytes):
                await in_thread(self._do, writing.write, part)
            await in_thread(self._do, writing.keep)
            kept = True
        finally:
            if not kept:
                await in_thread(writing.discard)
        self._failing = False
        return Stored(key, writing.size, writing.sha256.hexdigest())

    async def read(self, key: str, start: int, most_bytes: int) -> bytes:
        """See ``FileStore``."""
        return await in_thread(self._do, self._read, key, start, most_bytes)

    async def delete(self, key: str) -> None:
        """See ``FileStore``."""
        await in_thread(self._do, self._delete, key)

    async def list_keys(self, before_ms: int) -> AsyncIterator[list[str]]:
        """See ``FileStore``."""
        for folder in _FOLDERS:
            names = await in_thread(self._do, _older, self._root / folder, before_ms)
            yield [name for name in names if _KEY.fullmatch(name)]

    async def sweep(self, before_ms: int) -> int:
        """See ``FileStore``."""
        return await in_thread(self._do, self._sweep, before_ms)

    async def free_bytes(self) -> int:
        """See ``FileStore``."""
        return (await in_thread(self._do, shutil.disk_usage, self._root)).free

    def _read(self, key: str, start: int, most_bytes: int) -> bytes:
        try:
            with self._path(key).open("rb", buffering=0) as file:
                return os.pread(file.fileno(), most_bytes, start)
        except FileNotFoundError as error:
            raise NotFound from error

    def _delete(self, key: str) -> None:
        with suppress(NotFound):
            self._path(key).unlink(missing_ok=True)

    def _sweep(self, before_ms: int) -> int:
        old = _older(self.scratch, before_ms)
        for name in old:
            (self.scratch / name).unlink(missing_ok=True)
        return len(old)

    def _path(self, key: str) -> Path:
        if not _KEY.fullmatch(key):
            raise NotFound
        return self._root / place_of(key)

    def _do(self, fn: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Call ``fn``; the system's errors become Unavailable, and the log says once which."""
        try:
            return fn(*args, **kwargs)
        except OSError as error:
            if not self._failing:
                log.error("files_unavailable", reason=errno.errorcode.get(error.errno or 0, ""))
            self._failing = True
            raise Unavailable from error


class _Writing:
    """A file on its way into the folder. Its methods run in threads, one at a time."""

    def __init__(self, temporary: Path, target: Path) -> None:
        self._temporary, self._target = temporary, target
        self._handle: int | None = None
        self.sha256 = hashlib.sha256()
        self.size = 0

    def open(self) -> None:
        self._handle = os.open(self._temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)

    def write(self, part: bytes) -> None:
        rest = memoryview(part)
        while rest and self._handle is not None:  # a disk that is nearly full takes less
            rest = rest[os.write(self._handle, rest) :]
        self.sha256.update(part)
        self.size += len(part)

    def keep(self) -> None:
        if self._handle is not None:
            os.fsync(self._handle)
        self._close()
        self._temporary.rename(self._target)
        sync_folder(self._target.parent)

    def discard(self) -> None:
        """Leave nothing behind, wherever it stopped."""
        with suppress(OSError):
            self._close()
        for path in (self._temporary, self._target):
            with suppress(OSError):
                path.unlink(missing_ok=True)

    def _close(self) -> None:
        if self._handle is not None:
            handle, self._handle = self._handle, None
            os.close(handle)


def place_of(key: str) -> str:
    """Where the file of a key lies in the folder."""
    return f"{key[:2]}/{key}"


def sync_folder(folder: Path) -> None:
    """Have the disk know what was made, renamed or removed in ``folder``. Raises OSError."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _older(folder: Path, before_ms: int) -> list[str]:
    """The names of what was last written to before this Unix time."""
    names = []
    with os.scandir(folder) as entries:
        for entry in entries:
            with suppress(FileNotFoundError):  # somebody else was faster
                if entry.stat().st_mtime_ns < before_ms * 1_000_000:
                    names.append(entry.name)
    return names
