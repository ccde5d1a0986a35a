"""What is done when its time has come: snoozed conversations return, old answers and files go.

Rules: one task sleeps until the first thing is due and does it; whoever sets an earlier time rings
the alarm (``Context.chores``). What cannot be done now is tried again soon. Each transaction does a
bounded part.
Not here: sessions and links (``actions.revocations``), deliveries and letters (``actions.outbox``).
"""

from __future__ import annotations

import structlog

from kefu.actions.context import Call, Context, Tx, commit
from kefu.actions.files import sweep_files
from kefu.core.actors import Standing
from kefu.core.errors import ChatError
from kefu.storage import states, sweeping

MOST_AT_ONCE = 50
TIDY_FIRST_MS = 60_000  # after the start, which has more urgent things to do
TIDY_EVERY_MS = 3_600_000
RETRY_MS = 5_000
HOUR_MS = 3_600_000

log = structlog.get_logger()


async def run_sweeps(ctx: Context) -> None:
    """Do what is due, for ever. One such task a server."""
    alarm, tidy_ms = ctx.chores.alarm, ctx.now_ms() + TIDY_FIRST_MS
    while True:
        now_ms = ctx.now_ms()
        try:
            if tidy_ms <= now_ms:
                await tidy(ctx)
                tidy_ms = now_ms + TIDY_EVERY_MS
            next_ms = await return_snoozed(ctx)
            alarm.set(tidy_ms if next_ms is None else min(tidy_ms, next_ms))
        except ChatError as error:  # the store is away
            log.warning("sweep_failed", reason=str(error))
            alarm.set(now_ms + RETRY_MS)
        await alarm.rings(ctx.now_ms)


async def return_snoozed(ctx: Context) -> int | None:
    """Bring back what was snoozed until now; return when (Unix ms) the next one is, None: never."""
    due = MOST_AT_ONCE
    while due == MOST_AT_ONCE:
        due = await commit(Call(ctx, Standing.SERVER), _return_some)
    return await ctx.database.read(sweeping.next_snoozed_ms)


async def tidy(ctx: Context) -> None:
    """Remove answers that no repeat gets any more, and files that nobody sent."""
    before_ms = ctx.now_ms() - round(ctx.limits.answer_hours * HOUR_MS)
    dropped = MOST_AT_ONCE
    while dropped == MOST_AT_ONCE:
        dropped = await ctx.database.write(
            lambda conn: sweeping.drop_answers(conn, before_ms, MOST_AT_ONCE)
        )
    if ctx.files is not None:
        await sweep_files(ctx)


def _return_some(tx: Tx) -> int:
    due = sweeping.list_snoozed(tx.conn, tx.now_ms, MOST_AT_ONCE)
    for id in due:
        tx.entries.append(states.bring_back(tx.conn, id, "time", tx.now_ms))
    return len(due)
