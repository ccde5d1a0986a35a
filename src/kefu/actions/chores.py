"""What the server does of itself, and how it is asked for: runs that never overlap, and an alarm.

Rules: one server's, held by its context. Whoever changes what a chore looks at asks for it; asking
costs nothing and may be done as often as one likes.
Not here: the chores themselves (``assignment``, ``places``, ``sweeps``).
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field

from kefu.actions.seldom import Seldom
from kefu.core.times import LOOK_AGAIN_MS


class Coalesced:
    """Work that is asked for more often than it needs to be done.

    It never runs twice at once; asked for during a run, it runs once more.
    """

    __slots__ = ("_again", "_running")

    def __init__(self) -> None:
        self._running = False
        self._again = False

    @property
    def running(self) -> bool:
        """Whether a run has begun and is not over."""
        return self._running

    def enter(self) -> bool:
        """Whether the caller is to begin a run; if not, one runs and another will follow it."""
        if self._running:
            self._again = True
            return False
        self._running = True
        return True

    def leave(self) -> bool:
        """A run is over; whether it was asked for again meanwhile."""
        again, self._again = self._again, False
        self._running = False
        return again


class Alarm:
    """What a timer sleeps on: the first of the times that were set."""

    def __init__(self) -> None:
        self._due_ms: int | None = None
        self._earlier = asyncio.Event()

    def set(self, at_ms: int) -> None:
        """Ring at ``at_ms`` (Unix ms) or before."""
        if self._due_ms is None or at_ms < self._due_ms:
            self._due_ms = at_ms
            self._earlier.set()

    async def rings(self, now_ms: Callable[[], int]) -> None:
        """Return when the time has come, which is thereby forgotten. For one sleeper.

        Also after ``LOOK_AGAIN_MS``: the clock may have been set, or the machine have slept.
        """
        with suppress(TimeoutError):
            async with asyncio.timeout(LOOK_AGAIN_MS / 1000):
                while (wait_ms := self._wait_ms(now_ms())) is None or wait_ms > 0:
                    self._earlier.clear()
                    await self._sleep(wait_ms)
        self._due_ms = None

    async def _sleep(self, wait_ms: int | None) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(None if wait_ms is None else wait_ms / 1000):
                await self._earlier.wait()

    def _wait_ms(self, now_ms: int) -> int | None:
        return None if self._due_ms is None else self._due_ms - now_ms


@dataclass(slots=True)
class Chores:
    """One server's chores."""

    assigning: Coalesced = field(default_factory=Coalesced)
    telling_places: Coalesced = field(default_factory=Coalesced)
    seldom: Seldom = field(default_factory=Seldom)
    told_places: dict[int, tuple[int, bool]] = field(default_factory=dict)  # by conversation
    told_s: float = float("-inf")  # when, by the context's ``monotonic_s``
    alarm: Alarm = field(default_factory=Alarm)  # of the sweeps
    leaving: dict[int, asyncio.TimerHandle] = field(default_factory=dict)  # agents, in their grace
