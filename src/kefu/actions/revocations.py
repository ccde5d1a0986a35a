"""Ending what somebody has open, once what let them in does not hold any more.

Rules: within two seconds, on every server that shares the store. The one where it happens closes
its connections as soon as it is committed; the others, and a server beside which a command was run,
read it from the store, which they look at every second; then they also do what a command leaves to
them (``actions.requeueing``).
Not here: why (``core.endings``), closing a connection (``gateways``).
"""

from __future__ import annotations

import asyncio
from functools import partial
from itertools import count

import structlog
from sqlalchemy import Connection

from kefu.actions.context import DAY_MS, Context, Tx
from kefu.actions.requeueing import requeue_chats_of
from kefu.core.endings import Ending
from kefu.core.errors import ChatError
from kefu.hub import agent_of_channel, session_channel
from kefu.storage import access, schema

LOOK_S = 1.0
TIDY_EVERY = 60  # looks
KEPT_MS = 24 * 3_600_000  # for servers that were out of reach meanwhile

log = structlog.get_logger()


def revoke(tx: Tx, channel: str, why: Ending) -> None:
    """Close, once ``tx`` is committed, whatever is open on ``channel`` on any server."""
    id = access.add_revocation(tx.conn, channel, why, tx.now_ms)
    tx.after.append(partial(tx.call.ctx.hub.revoke, channel, why, id))


class Revocations:
    """What one server knows of what was revoked elsewhere, and of what is over."""

    def __init__(self, ctx: Context) -> None:
        self._ctx = ctx
        self._last_id = 0

    async def run(self) -> None:
        """Look and tidy for ever, from before the first connection on."""
        for turn in count():
            try:
                await self.look()
                if turn % TIDY_EVERY == TIDY_EVERY - 1:
                    await self.tidy()
            except ChatError as error:  # the store is away: what it holds is not lost
                log.warning("revocations_not_read", reason=str(error))
            await asyncio.sleep(LOOK_S)

    async def look(self) -> None:
        """Close what was revoked since the last look."""
        found = await self._ctx.database.read(
            lambda conn: access.list_revocations(conn, self._last_id)
        )
        losing: set[int] = set()  # who may see less than before
        for id, channel, reason in found:
            self._last_id = id
            agent_id = agent_of_channel(channel)
            if self._ctx.hub.revoke(channel, reason, id) and agent_id is not None:
                losing.add(agent_id)
        self._ctx.hub.caught_up(self._last_id)
        for agent_id in sorted(losing):
            await requeue_chats_of(self._ctx, agent_id)

    async def tidy(self) -> None:
        """Forget what is over. What is connected by it has ended then: see ``feed.Following``.

        A session is in use as long as something is connected by it.
        """
        ctx, now_ms = self._ctx, self._ctx.now_ms()
        before_ms = now_ms - access.USED_MS
        resting = await ctx.database.read(lambda conn: access.list_resting(conn, before_ms))
        in_use = [id for id in resting if ctx.hub.listens(session_channel(id))]

        def work(conn: Connection) -> None:
            access.set_sessions_used(conn, in_use, now_ms)
            self._end(conn, now_ms)

        await ctx.database.write(work)

    def _end(self, conn: Connection, now_ms: int) -> None:
        limits, table = self._ctx.limits, schema.session
        idle_ms = now_ms - round(limits.session_idle_days * DAY_MS)
        over = (table.c.expires_ms <= now_ms) | (table.c.seen_ms <= idle_ms)
        access.end_sessions(conn, over)
        window_ms = round(limits.login_window_s * 1000)
        access.drop_attempts(conn, schema.login_attempt.c.at_ms <= now_ms - window_ms)
        access.drop_expired_links(conn, now_ms)
        access.drop_revocations(conn, now_ms - KEPT_MS)
