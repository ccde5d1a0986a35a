"""A lane for one at a time, in which owners take turns.

Rules: whoever has many waiting has one done before the next owner's, so a stranger's pictures hold
up theirs and not everybody's. How many wait is bounded, in all and for each, and so is how long.
Not here: what is done in the lane (``intake``).
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from kefu.core.errors import TooMany

MOST_WAITING = 64
MOST_EACH = 16
MOST_WAIT_S = 30.0


class Lane:
    """Lets one in at a time."""

    def __init__(self, most_wait_s: float = MOST_WAIT_S) -> None:
        self._most_wait_s = most_wait_s
        self._taken = False
        self._waiting: dict[str, deque[asyncio.Future[None]]] = {}  # in the order of turns

    @asynccontextmanager
    async def turn(self, owner: str) -> AsyncIterator[None]:
        """Hold the lane. Raises TooMany: too many wait, or it took too long to get in."""
        if self._taken:
            await self._wait(owner)
        self._taken = True
        try:
            yield
        finally:
            self._pass_on()

    async def _wait(self, owner: str) -> None:
        mine = self._waiting.get(owner, ())
        if len(mine) >= MOST_EACH or sum(map(len, self._waiting.values())) >= MOST_WAITING:
            raise TooMany("Too many pictures wait; try again later.", self._most_wait_s)
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.setdefault(owner, deque()).append(turn)
        try:
            async with asyncio.timeout(self._most_wait_s):
                await turn
        except (TimeoutError, asyncio.CancelledError) as error:
            self._leave(owner, turn)
            if isinstance(error, TimeoutError):
                refused = "Other pictures take long; try again later."
                raise TooMany(refused, self._most_wait_s) from None
            raise

    def _leave(self, owner: str, turn: asyncio.Future[None]) -> None:
        if turn.done() and not turn.cancelled():  # let in at the same moment
            self._pass_on()
            return
        mine = self._waiting.get(owner, deque())
        if turn in mine:
            mine.remove(turn)
        if not mine:
            self._waiting.pop(owner, None)

    def _pass_on(self) -> None:
        """Let the next owner in; whoever has more waiting is last again."""
        self._taken = False
        while self._waiting and not self._taken:
            owner = next(iter(self._waiting))
            mine = self._waiting.pop(owner)
            turn = mine.popleft()
            if mine:
                self._waiting[owner] = mine
            if not turn.done():  # else whoever waited is on the way out
                turn.set_result(None)
                self._taken = True
