"""How much of a processor's time one file may take, and how its work is stopped.

Rules: a thread cannot be ended from outside, so what works on a file asks again and again whether
it may go on. Time counts for the thread alone: a machine that is busy refuses nobody's picture.
Not here: what numbers in a file may make a parser do (``stripping``, ``iso_media``).
"""

from __future__ import annotations

import time
from io import BufferedIOBase
from typing import BinaryIO

MOST_S = 10.0  # of a processor; the largest photos of a camera take 2


class TooMuch(Exception):
    """The file takes too long, or nobody waits for it any more."""


class Effort:
    """Of one file, in one thread; ``stop`` may be called in any."""

    def __init__(self, most_s: float = MOST_S) -> None:
        self._most_s = most_s
        self._until_s: float | None = None
        self._stopped = False

    def stop(self) -> None:
        """Let the next ``check`` end the work."""
        self._stopped = True

    def check(self) -> None:
        """Go on; the first time begins the count. Raises TooMuch."""
        now_s = time.thread_time()
        if self._until_s is None:
            self._until_s = now_s + self._most_s
        if self._stopped or now_s > self._until_s:
            raise TooMuch


class Watched(BufferedIOBase):
    """``file`` as a decoder reads it: each part that it asks for is a ``check``."""

    def __init__(self, file: BinaryIO, effort: Effort) -> None:
        self._file, self._effort = file, effort

    def read(self, size: int | None = -1) -> bytes:
        """Raises TooMuch."""
        self._effort.check()
        return self._file.read(-1 if size is None else size)

    def seek(self, offset: int, whence: int = 0) -> int:
        """As any file's."""
        return self._file.seek(offset, whence)

    def tell(self) -> int:
        """As any file's."""
        return self._file.tell()
