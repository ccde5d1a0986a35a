"""The outbox: one worker per server, which sends webhooks and letters what the timeline says.

Rules: it looks when something was published, when something is due, and otherwise hardly ever; a
message costs it no task. Each webhook is sent to by a task of its own, so that one that hangs
holds up no other. All it knows is in the store: it can be killed at any point, and begins again
from there. Trouble of the store or a fault in one task is logged, and tried again after a pause.
Not here: one webhook's deliveries (``actions.deliveries``), letters (``actions.letters``).
"""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any

import msgspec
import structlog

from kefu.actions import deliveries
from kefu.actions.context import Context
from kefu.core.desk import Value
from kefu.core.errors import Unavailable
from kefu.hub import Encoded
from kefu.outbound.fetch import Fetcher
from kefu.storage import outbox

CHANNEL = "outbox"  # of ``Due``: something that was not published is to be looked at
PACE_S = 0.2  # looks begin at least so far apart; whoever comes after a pause waits for nothing
PAUSE_S = 1.0  # after trouble
LONGEST_REST_S = 60.0  # the wall clock may have been set
TIDY_MS = 3_600_000
GRACE_S = 0.5  # at a stop: for the answers that are on their way
_DAY_MS = 86_400_000

log = structlog.get_logger()


class Due(Value, frozen=True):
    """There is something to send that is no entry of the timeline."""


class Outbox:
    """What a server sends out by itself. ``run`` it; ``close`` it before the store is closed."""

    def __init__(self, ctx: Context, fetcher: Fetcher) -> None:
        self._ctx = ctx
        self._fetcher = fetcher
        self._tasks: dict[str, asyncio.Task[None]] = {}  # by what they are about
        self._woken = asyncio.Event()
        self._troubled = False
        self._tidy_ms = 0
        ctx.hub.watch(lambda *_: self._woken.set())
        ctx.hub.listen(CHANNEL, self)

    def signalled(self, channel: str, signal: msgspec.Struct, encoded: Encoded) -> None:
        """Of ``hub.Listener``."""
        self._woken.set()

    def revoked(self, reason: str) -> None:
        """Of ``hub.Listener``; nobody let this one in."""

    async def run(self) -> None:
        """Look whenever there is something to do, until it is cancelled."""
        while True:
            self._woken.clear()
            self._troubled = False
            (due_ms,) = await asyncio.gather(self.look(), return_exceptions=True)
            if isinstance(due_ms, BaseException):
                self._note_trouble("outbox", due_ms)
                due_ms = None
            await asyncio.sleep(PAUSE_S if self._troubled else PACE_S)
            await self._rest(due_ms)

    async def look(self) -> int | None:
        """Make deliveries of what is new and begin to send what is due.

        Returns when (Unix ms) to look again, if nothing wakes it before; None: not by itself.
        Raises Unavailable.
        """
        ctx = self._ctx
        while await self._catch_up():
            pass
        now_ms = ctx.now_ms()
        if now_ms >= self._tidy_ms:
            self._tidy_ms = now_ms + TIDY_MS
            keep_ms = round(ctx.limits.delivery_log_days * _DAY_MS)
            await ctx.database.write(lambda conn: outbox.tidy(conn, now_ms, keep_ms))
        later = []
        waiting = await ctx.database.read(lambda conn: outbox.list_next(conn, now_ms))
        for webhook_id, due_ms in waiting:
            if due_ms > now_ms:
                later.append(due_ms)
            else:
                work = deliveries.send_due(ctx, self._fetcher, webhook_id)
                self._begin(f"webhook {webhook_id}", work)
        return min(later, default=None)

    async def settled(self) -> None:
        """Everything that was begun has ended."""
        while self._tasks:
            await asyncio.wait([*self._tasks.values()])

    async def close(self) -> None:
        """Let what is under way end within ``GRACE_S``; what does not is sent again next time."""
        if self._tasks:
            await asyncio.wait([*self._tasks.values()], timeout=GRACE_S)
        for task in self._tasks.values():
            task.cancel()

    async def _catch_up(self) -> bool:
        """One step towards the end of the timeline. Returns whether there may be more."""
        ctx = self._ctx
        if not await ctx.database.read(outbox.is_behind):
            return False
        now_ms = ctx.now_ms()
        return await ctx.database.write(lambda conn: outbox.make_deliveries(conn, now_ms))

    def _begin(self, about: str, work: Coroutine[Any, Any, None]) -> None:
        if about in self._tasks:
            work.close()
            return
        task = asyncio.get_running_loop().create_task(work)
        self._tasks[about] = task
        task.add_done_callback(lambda task: self._ended(about, task))

    def _ended(self, about: str, task: asyncio.Task[None]) -> None:
        del self._tasks[about]
        if not task.cancelled() and (error := task.exception()):
            self._note_trouble(about, error)
        self._woken.set()  # something may have become due meanwhile

    def _note_trouble(self, about: str, error: BaseException) -> None:
        self._troubled = True
        if isinstance(error, Unavailable):
            log.warning("outbox_waits_for_store", about=about)
        else:
            log.error("outbox_failed", about=about, exc_info=error)

    async def _rest(self, due_ms: int | None) -> None:
        rest_s = LONGEST_REST_S
        if due_ms is not None:
            rest_s = min(rest_s, max(0.0, (due_ms - self._ctx.now_ms()) / 1000))
        try:
            async with asyncio.timeout(rest_s):
                await self._woken.wait()
        except TimeoutError:
            pass
