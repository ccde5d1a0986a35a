"""Secrets that the server draws, and passwords hashed off the event loop.

Rules: each hash takes 64 MiB and a tenth of a second of several cores, so two are made at a time
and few wait; who comes then is asked to try again. The bound is the process's, since memory is, so
it stands in this module and not in a context.
Not here: what a password may be, its parameters (``core.passwords``).
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from kefu.core import passwords
from kefu.core.errors import TooMany
from kefu.core.tokens import TOKEN_BYTES, Kind

T = TypeVar("T")

AT_ONCE = 2
MOST_WAITING = 64
RETRY_S = 5.0


class Hashing:
    """A few threads for slow functions, and a bounded queue before them."""

    def __init__(self, at_once: int, most_waiting: int) -> None:
        self._threads = ThreadPoolExecutor(at_once, thread_name_prefix="kefu-hash")
        self._most = at_once + most_waiting
        self._present = 0

    async def run(self, fn: Callable[[], T]) -> T:
        """What ``fn`` returns. Raises TooMany."""
        if self._present >= self._most:
            raise TooMany(retry_s=RETRY_S)
        self._present += 1
        # The place is given back when the work ends, not when its caller does.
        future = asyncio.get_running_loop().run_in_executor(self._threads, fn)
        future.add_done_callback(self._leave)
        return await asyncio.shield(future)

    def _leave(self, _: object) -> None:
        self._present -= 1


_hashing = Hashing(AT_ONCE, MOST_WAITING)


def draw_token(kind: Kind) -> str:
    """A new token."""
    return kind + secrets.token_urlsafe(TOKEN_BYTES)


async def hash_password(password: str) -> str:
    """As ``core.passwords.hash_password``, with a new salt. Raises TooMany."""
    salt = secrets.token_bytes(passwords.SALT_BYTES)
    return await _hashing.run(lambda: passwords.hash_password(password, salt=salt))


async def verify_password(password: str, stored: str | None) -> bool:
    """As ``core.passwords.verify_password``. Raises TooMany."""
    return await _hashing.run(lambda: passwords.verify_password(password, stored))
