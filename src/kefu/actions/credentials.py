"""Secrets that the server draws, and passwords hashed off the event loop.

Rules: each hash takes 64 MiB and a tenth of a second of several cores, so two are made at a time
and few wait; who comes then is asked to try again.
Not here: what a password may be, its parameters (``core.passwords``).
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from kefu.core.errors import TooMany
from kefu.core.passwords import (
    SALT_BYTES,
    STRONG,
    Cost,
    hash_password,
    needs_rehash,
    verify_password,
)
from kefu.core.tokens import TOKEN_BYTES, Kind

T = TypeVar("T")

AT_ONCE = 2
MOST_WAITING = 64
RETRY_S = 5.0


class Passwords:
    """Hashes and verifies passwords in a few threads, with a bounded queue before them."""

    cost = STRONG  # tests choose a smaller one, nobody else does

    def __init__(self, cost: Cost | None = None) -> None:
        self._cost = cost or self.cost
        self._threads = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="kefu-hash")
        self._present = 0

    async def hash(self, password: str) -> str:
        """What is stored of ``password``. Raises TooMany."""
        salt = secrets.token_bytes(SALT_BYTES)
        return await self._run(lambda: hash_password(password, salt=salt, cost=self._cost))

    async def verify(self, password: str, stored: str | None) -> bool:
        """As ``core.passwords.verify_password``. Raises TooMany."""
        return await self._run(lambda: verify_password(password, stored, self._cost))

    async def renewed(self, password: str, stored: str) -> str:
        """``stored``, of ``password``, or what replaces it since it is of other parameters."""
        return await self.hash(password) if needs_rehash(stored, self._cost) else stored

    async def _run(self, fn: Callable[[], T]) -> T:
        if self._present >= AT_ONCE + MOST_WAITING:
            raise TooMany(retry_s=RETRY_S)
        self._present += 1
        # The place is given back when the work ends, not when its caller does.
        future = asyncio.get_running_loop().run_in_executor(self._threads, fn)
        future.add_done_callback(self._leave)
        return await asyncio.shield(future)

    def _leave(self, _: object) -> None:
        self._present -= 1


def draw_token(kind: Kind) -> str:
    """A new token."""
    return kind + secrets.token_urlsafe(TOKEN_BYTES)
