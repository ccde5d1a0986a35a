"""Letters to those of the team who are not there: planned here, sent among all others.

Rules: only to whoever wants them (preferences), and gathered: at most one waits for an agent, it
leaves ``TEAM_GATHER_MS`` after the first news, and the next one not before ``TEAM_EVERY_MS`` after
it. Whether it is needed is asked once more before it leaves, and it is tried again as all letters
are (``actions.letters``).
Not here: what is news (``waiting``), what a letter says (``digest``).
"""

from __future__ import annotations

import asyncio
from typing import NoReturn

import structlog
from sqlalchemy import Connection

from kefu.actions.context import Context
from kefu.actions.outbox import CHANNEL, Due
from kefu.core.errors import ChatError
from kefu.notifications.waiting import find_news, find_told
from kefu.storage.letters import TEAM_EVERY_MS, TEAM_GATHER_MS, Letters, add_letter

LOOK_S = 30.0

log = structlog.get_logger()


async def run_mail(ctx: Context) -> NoReturn:
    """Plan letters, for ever. One such task on a server that has a mail server."""
    while True:
        try:
            await plan(ctx)
        except ChatError as error:  # the store is away
            log.warning("notifications_not_planned", reason=str(error))
        await asyncio.sleep(LOOK_S)


async def plan(ctx: Context) -> None:
    """Plan a letter for everybody who is to be told something and for whom none waits."""
    now_ms = ctx.now_ms()
    if not await ctx.database.read(lambda conn: find_news(conn, now_ms)):
        return
    if await ctx.database.write(lambda conn: _plan(conn, now_ms)):
        ctx.hub.signal([CHANNEL], Due())


def _plan(conn: Connection, now_ms: int) -> int:
    planned = 0
    for news in find_news(conn, now_ms):
        told = find_told(conn, news.agent.id)
        if told.is_planned:
            continue
        planned += 1
        add_letter(
            conn,
            kind=Letters.TEAM,
            agent_id=news.agent.id,
            conversation_id=news.conversations[0],
            recipient=news.agent.email,
            after_seq=0,
            created_ms=now_ms,
            next_ms=max(now_ms + TEAM_GATHER_MS, min(told.done_ms, now_ms) + TEAM_EVERY_MS),
        )
    return planned
