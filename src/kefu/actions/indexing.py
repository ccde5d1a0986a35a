"""Keeping the full-text index up to date, beside the server's other work.

Rules: the index follows what is stored; nobody waits for it, and it catches up after a crash from
where it stopped. It takes at most ``SHARE`` of the writer's time, so it may fall behind while very
much is said, and catches up afterwards.
Not here: what is indexed (``storage.indexing``), searching (``actions.search``).
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import NoReturn

import structlog
from sqlalchemy.exc import DBAPIError

from kefu.actions.context import Context
from kefu.core.errors import ChatError
from kefu.storage import indexing

SHARE = 0.1  # of the time
GATHER_S = 0.2  # after something was said, so that what is said with it is one write
LOOK_S = 2.0  # for what other servers stored
RETRY_S = 5.0  # after the store could not be used

log = structlog.get_logger()


async def run_indexer(ctx: Context) -> NoReturn:
    """Keep the index up to date until cancelled."""
    told = asyncio.Event()
    ctx.hub.watch(lambda _conversation, _message: told.set())
    while True:
        try:
            await _catch_up(ctx)
        except (ChatError, DBAPIError) as error:
            log.error("index_failed", reason=type(error).__name__)
            await asyncio.sleep(RETRY_S)
            continue
        with suppress(TimeoutError):
            await asyncio.wait_for(told.wait(), LOOK_S)
        await asyncio.sleep(GATHER_S)
        told.clear()


async def index_next(ctx: Context) -> bool:
    """Index a bounded part of what is to be indexed. Returns whether there was anything.

    Raises TooMany, Unavailable.
    """
    pending = await ctx.database.read(indexing.next_pending)
    if pending is not None:
        await ctx.database.write(lambda conn: indexing.store_pending(conn, pending))
        return True
    if await ctx.database.read(indexing.has_unindexed_contacts):
        return await ctx.database.write(indexing.index_contacts)
    return False


async def _catch_up(ctx: Context) -> None:
    begun_s = ctx.monotonic_s()
    while await index_next(ctx):
        now_s = ctx.monotonic_s()
        await asyncio.sleep((now_s - begun_s) * (1 / SHARE - 1))
        begun_s = ctx.monotonic_s()
