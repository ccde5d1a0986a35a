"""The outbox: one worker per server, which sends webhooks and letters what the timeline says.

Rules: it looks when something was published, when something is due, and otherwise hardly ever; a
message costs it no task. Each webhook is sent to by a task of its own, so that one that hangs
holds up no other. All it knows is in the store: it can be killed at any point, and begins again
from there. Trouble of the store or a fault in one task is logged, and tried again after a pause
that grows; whatever else wakes the outbox does not end it.
Not here: one webhook's deliveries (``actions.deliveries``), letters (``actions.letters``).
"""

from __future__ import annotations

import asyncio
import math
from collections.abc import Callable, Coroutine, Sequence
from functools import partial
from typing import Any, NamedTuple

import msgspec
import structlog
from sqlalchemy import Connection

from kefu.actions.bots import hand_off_late, list_unanswered
from kefu.actions.context import Context
from kefu.actions.deliveries import send_due as send_deliveries
from kefu.actions.letters import Post
from kefu.actions.letters import send_due as send_letters
from kefu.core.desk import Value
from kefu.core.errors import Unavailable
from kefu.core.times import LOOK_AGAIN_MS
from kefu.hub import Encoded
from kefu.outbound.fetch import Fetcher
from kefu.storage import letters, outbox
from kefu.storage.bots import Unanswered

CHANNEL = "outbox"  # of ``Due``: something that was not published is to be looked at
PACE_S = 0.2  # looks begin at least so far apart; whoever comes after a pause waits for nothing
PAUSE_S = 1.0  # after trouble; then twice as long, and so on
LONGEST_PAUSE_S = 60.0
LONGEST_REST_S = LOOK_AGAIN_MS / 1000  # the wall clock may have been set
TIDY_S = 3_600.0
GRACE_S = 0.5  # at a stop: for the answers that are on their way
_DAY_MS = 86_400_000

Send = Callable[[], Coroutine[Any, Any, None]]

log = structlog.get_logger()


class Due(Value, frozen=True):
    """There is something to send that is no entry of the timeline."""


class _Waiting(NamedTuple):
    about: str
    due_ms: int  # Unix
    send: Send


class _Pause(NamedTuple):
    """After trouble: until when, by the context's ``monotonic_s``, and how long it was."""

    until_s: float
    pause_s: float


class _Seen(NamedTuple):
    is_behind: bool  # there are entries that nothing was made of yet
    waiting: Sequence[_Waiting] = ()
    unanswered: Sequence[Unanswered] = ()


class Outbox:
    """What a server sends out by itself. ``run`` it; ``close`` it before the store is closed."""

    def __init__(self, ctx: Context, fetcher: Fetcher, post: Post | None = None) -> None:
        """``post``: how letters leave; None: there are none."""
        self._ctx = ctx
        self._fetcher = fetcher
        self._post = post
        self._tasks: dict[str, asyncio.Task[None]] = {}  # by what they are about
        self._woken = asyncio.Event()
        self._pauses: dict[str, _Pause] = {}  # by what they are about
        self._closing = False
        self._tidy_s = ctx.monotonic_s()
        ctx.hub.watch(lambda *_: self._woken.set())
        ctx.hub.listen(CHANNEL, self)

    def signalled(self, channel: str, signal: msgspec.Struct, encoded: Encoded) -> None:
        """Of ``hub.Listener``."""
        self._woken.set()

    def revoked(self, reason: str) -> None:
        """Of ``hub.Listener``; nobody let this one in."""

    async def run(self) -> None:
        """Look whenever there is something to do, until it is cancelled or closed."""
        while not self._closing:
            self._woken.clear()
            (due_ms,) = await asyncio.gather(self.look(), return_exceptions=True)
            if isinstance(due_ms, BaseException):
                self._note_trouble("outbox", due_ms)
                due_ms = self._ctx.now_ms()
                await asyncio.sleep(self._pauses["outbox"].pause_s)
            else:
                self._pauses.pop("outbox", None)
                await asyncio.sleep(PACE_S)
            await self._rest(due_ms)

    async def look(self) -> int | None:
        """Make deliveries and letters of what is new, and begin to send what is due.

        Returns when (Unix ms) to look again, if nothing wakes it before; None: not by itself.
        Raises Unavailable.
        """
        ctx, now_ms = self._ctx, self._ctx.now_ms()
        while (seen := await ctx.database.read(partial(self._see, now_ms=now_ms))).is_behind:
            await ctx.database.write(partial(self._catch_up, now_ms=now_ms))
        if ctx.monotonic_s() >= self._tidy_s:
            await ctx.database.write(partial(self._tidy, now_ms=now_ms))
            self._tidy_s = ctx.monotonic_s() + TIDY_S
        later = []
        for about, due_ms, send in seen.waiting:
            due_ms = max(due_ms, now_ms + self._pause_ms(about))
            if due_ms > now_ms:
                later.append(due_ms)
            else:
                self._begin(about, send)
        bot_ms = await hand_off_late(ctx, seen.unanswered)
        return min(later if bot_ms is None else [*later, bot_ms], default=None)

    async def settled(self) -> None:
        """Everything that was begun has ended."""
        while self._tasks:
            await asyncio.wait([*self._tasks.values()])

    async def close(self) -> None:
        """Let what is under way end within ``GRACE_S``; what does not is sent again next time."""
        self._closing = True
        self._woken.set()
        if self._tasks:
            await asyncio.wait([*self._tasks.values()], timeout=GRACE_S)
        for task in self._tasks.values():
            task.cancel()

    def _see(self, conn: Connection, *, now_ms: int) -> _Seen:
        """What there is to do; it is for nothing as long as it is behind."""
        ctx, post = self._ctx, self._post
        if outbox.is_behind(conn) or (post and letters.is_behind(conn)):
            return _Seen(True)
        waiting = [
            _Waiting(f"webhook {id}", due_ms, partial(send_deliveries, ctx, self._fetcher, id))
            for id, due_ms in outbox.list_next(conn, now_ms)
        ]
        if post and (due_ms := letters.next_due(conn)) is not None:
            waiting.append(_Waiting("letters", due_ms, partial(send_letters, ctx, post)))
        return _Seen(False, waiting, list_unanswered(conn))

    def _catch_up(self, conn: Connection, *, now_ms: int) -> None:
        """One step towards the end of the timeline."""
        outbox.make_deliveries(conn, now_ms)
        if self._post:
            wait_ms = round(self._ctx.limits.answer_mail_s * 1000)
            letters.plan_answers(conn, now_ms, wait_ms)

    def _tidy(self, conn: Connection, *, now_ms: int) -> None:
        outbox.tidy(conn, now_ms, round(self._ctx.limits.delivery_log_days * _DAY_MS))
        letters.tidy(conn, now_ms)

    def _begin(self, about: str, send: Send) -> None:
        if about not in self._tasks and not self._closing:
            task = asyncio.get_running_loop().create_task(send())
            self._tasks[about] = task
            task.add_done_callback(partial(self._ended, about))

    def _ended(self, about: str, task: asyncio.Task[None]) -> None:
        del self._tasks[about]
        if task.cancelled():
            return
        if error := task.exception():
            self._note_trouble(about, error)
        else:
            self._pauses.pop(about, None)
        self._woken.set()  # something may have become due meanwhile

    def _note_trouble(self, about: str, error: BaseException) -> None:
        before = self._pauses.get(about)
        pause_s = min(before.pause_s * 2, LONGEST_PAUSE_S) if before else PAUSE_S
        self._pauses[about] = _Pause(self._ctx.monotonic_s() + pause_s, pause_s)
        if isinstance(error, Unavailable):
            if self._closing:
                return  # it is closed, too
            log.warning("outbox_waits_for_store", about=about)
        else:
            log.error("outbox_failed", about=about, exc_info=error)

    def _pause_ms(self, about: str) -> int:
        """How long this one is still left alone after trouble."""
        pause = self._pauses.get(about)
        return max(0, math.ceil((pause.until_s - self._ctx.monotonic_s()) * 1000)) if pause else 0

    async def _rest(self, due_ms: int | None) -> None:
        rest_s = LONGEST_REST_S
        if due_ms is not None:
            rest_s = min(rest_s, max(0.0, (due_ms - self._ctx.now_ms()) / 1000))
        try:
            async with asyncio.timeout(rest_s):
                await self._woken.wait()
        except TimeoutError:
            pass
