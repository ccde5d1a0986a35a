"""Keeping the full-text index up to date, beside the server's other work.

Rules: the index follows what is stored; nobody waits for it, and it catches up after a crash from
where it stopped. What is said is gathered for ``GATHER_S`` and indexed by one write, so that a desk
with few messages a second pays for a few writes a second and not for one each; it is found within
half a second. Behind by more than one write holds, it goes on at once, with a part of the writer's
time and no more: half of it as a rule, hardly any while very much is said, so that it may then fall
behind, and catches up afterwards. Finding the words, which no write waits for, keeps other threads
from theirs: it takes half of the time at most, whatever is said.
Not here: what is indexed (``storage.indexing``), searching (``actions.search``).
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import NoReturn

import structlog
from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from kefu.actions.context import Context
from kefu.core.errors import ChatError
from kefu.storage import indexing
from kefu.storage.indexing import Pending

SHARE = 0.5  # of the writer's time
BUSY_PER_S = 1_000  # entries stored a second, from which on it is
BUSY_SHARE = 0.03
GATHER_S = 0.3  # after something was said, so that what is said with it is one write
LOOK_S = 2.0  # for what other servers stored
RETRY_S = 5.0  # after the store could not be used

log = structlog.get_logger()


class Indexer:
    """Indexes in steps. ``rest_s``: how long to leave the writer to others after the last one."""

    def __init__(self, ctx: Context) -> None:
        self._ctx = ctx
        self._newest: tuple[int, float] | None = None  # id, and when it was that
        self._told = asyncio.Event()
        self.rest_s = 0.0
        ctx.hub.watch(lambda _conversation, _message: self._told.set())

    async def run(self) -> NoReturn:
        """Keep the index up to date until cancelled."""
        while True:
            try:
                await self.catch_up()
            except (ChatError, DBAPIError) as error:
                log.error("index_failed", reason=type(error).__name__)
                await asyncio.sleep(RETRY_S)
                continue
            with suppress(TimeoutError):
                await asyncio.wait_for(self._told.wait(), LOOK_S)
            await asyncio.sleep(GATHER_S)
            self._told.clear()

    async def catch_up(self) -> None:
        """Index all that is there now. Raises TooMany, Unavailable."""
        more = True
        while more:
            more = await self.step()
            await asyncio.sleep(self.rest_s if more else 0)

    async def step(self) -> bool:
        """Index a bounded part of what is to be indexed. Returns whether there is more.

        Raises TooMany, Unavailable.
        """
        database = self._ctx.database
        looked_s = self._ctx.monotonic_s()
        pending, contacts = await database.read(_look)
        begun_s = self._ctx.monotonic_s()
        if pending is None and not contacts:
            return False

        def work(conn: Connection) -> bool:
            if pending is not None:
                indexing.store_pending(conn, pending)
            return contacts and indexing.index_contacts(conn)

        more_contacts = await database.write(work)
        self._rest(begun_s, pending.newest_id if pending else 0)
        self.rest_s += begun_s - looked_s
        if pending is None:
            return more_contacts
        renews = pending.name == indexing.RENEWAL  # it goes down from the newest
        return more_contacts or renews or pending.last_id < pending.newest_id

    def _rest(self, begun_s: float, newest_id: int) -> None:
        now_s = self._ctx.monotonic_s()
        if not newest_id:
            self.rest_s = rest_after(now_s - begun_s, 0)
            return
        before_id, before_s = self._newest or (newest_id, now_s)
        self._newest = newest_id, now_s
        per_s = (newest_id - before_id) / max(now_s - before_s, 0.001)
        self.rest_s = rest_after(now_s - begun_s, per_s)


def _look(conn: Connection) -> tuple[Pending | None, bool]:
    return indexing.next_pending(conn), indexing.has_unindexed_contacts(conn)


def rest_after(write_s: float, per_s: float) -> float:
    """How long (s) to rest after a write, while ``per_s`` entries are stored a second."""
    share = BUSY_SHARE if per_s > BUSY_PER_S else SHARE
    return write_s * (1 / share - 1)
