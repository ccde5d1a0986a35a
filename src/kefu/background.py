"""Work that goes on beside what people ask for, and that nobody awaits.

Rules: none of it dies unnoticed. What is to go on for ever is begun anew after a fault of its own,
after a pause that grows as long as it goes on failing; a short task that fails is logged.
Why not the end of the server: docs/decisions/0022-a-store-that-hangs.md.
Not here: the work, the thread that writes (``storage.database``).
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager, suppress
from typing import Any

import structlog

PAUSE_S = 1.0  # after a fault; then twice as long, and so on
LONGEST_PAUSE_S = 60.0
WELL_S = 300.0  # after which a fault counts as the first one again

log = structlog.get_logger()


class Background:
    """Short tasks that nobody awaits: kept until done, since the loop alone forgets them."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[None]] = set()

    def __call__(self, work: Coroutine[Any, Any, None]) -> None:
        """Run ``work`` soon."""
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()):
            name = task.get_coro().__qualname__  # type: ignore[union-attr]
            log.error("background_failed", work=name, exc_info=error)


@asynccontextmanager
async def beside(name: str, work: Callable[[], Coroutine[Any, Any, None]]) -> AsyncIterator[None]:
    """Keep ``work`` going until the block ends; it may end by itself once that is about to.

    ``name``: what the log calls it.
    """
    task = asyncio.get_running_loop().create_task(_keep_going(name, work))
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def _keep_going(name: str, work: Callable[[], Coroutine[Any, Any, None]]) -> None:
    loop, pause_s = asyncio.get_running_loop(), PAUSE_S
    while True:
        begun_s = loop.time()
        # A task of its own, so that a cancellation from within is not taken for the end.
        task = loop.create_task(work())
        try:
            await asyncio.wait([task])
        except asyncio.CancelledError:
            task.cancel()
            await asyncio.wait([task])
            raise
        if not task.cancelled() and task.exception() is None:
            return
        if loop.time() - begun_s >= WELL_S:
            pause_s = PAUSE_S
        error = asyncio.CancelledError() if task.cancelled() else task.exception()
        log.error("background_failed", work=name, again_in_s=pause_s, exc_info=error)
        await asyncio.sleep(pause_s)
        pause_s = min(pause_s * 2, LONGEST_PAUSE_S)
