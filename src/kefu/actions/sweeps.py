"""What is done when its time has come: what is snoozed returns, offers end, old files go.

Rules: one task sleeps until the first thing is due and does it; whoever sets an earlier time rings
the alarm (``Context.chores``). It looks every minute in any case, since clocks are set and machines
sleep. What cannot be done now is tried again soon. Each transaction does a
bounded part.
Not here: sessions and links (``actions.revocations``), deliveries and letters (``actions.outbox``).
"""

from __future__ import annotations

import structlog

from kefu.actions.context import Call, Context, Tx, commit
from kefu.actions.files import sweep_files
from kefu.actions.offers import end_offers
from kefu.actions.outbox import CHANNEL, Due
from kefu.core.actors import Standing
from kefu.core.errors import ChatError
from kefu.core.times import LOOK_AGAIN_MS
from kefu.storage import clocks, states, sweeping

MOST_AT_ONCE = 50
TIDY_FIRST_S = 60.0  # after the start, which has more urgent things to do
TIDY_EVERY_S = 3_600.0
RETRY_MS = 5_000
HOUR_MS = 3_600_000
DAY_MS = 24 * HOUR_MS

log = structlog.get_logger()


async def run_sweeps(ctx: Context) -> None:
    """Do what is due, for ever. One such task a server."""
    alarm, mend_s = ctx.chores.alarm, ctx.monotonic_s()
    tidy_s = mend_s + TIDY_FIRST_S
    while True:
        try:
            if tidy_s <= ctx.monotonic_s():
                await tidy(ctx)
                tidy_s = ctx.monotonic_s() + TIDY_EVERY_S
            if mend_s <= ctx.monotonic_s():
                await mend_times(ctx)
                mend_s = ctx.monotonic_s() + LOOK_AGAIN_MS / 1000
            for next_ms in (await return_snoozed(ctx), await end_offers(ctx)):
                if next_ms is not None:
                    alarm.set(next_ms)
        except ChatError as error:  # the store is away
            log.warning("sweep_failed", reason=str(error))
            alarm.set(ctx.now_ms() + RETRY_MS)
        await alarm.rings(ctx.now_ms)


async def mend_times(ctx: Context) -> None:
    """Bring what a clock that was ahead has put off to where it can be."""
    now_ms, limits = ctx.now_ms(), ctx.limits
    if await ctx.database.read(lambda conn: clocks.is_wrong(conn, now_ms, limits)):
        await ctx.database.write(lambda conn: clocks.mend(conn, now_ms, limits))
        log.warning("clock_was_set_back")
        ctx.hub.signal([CHANNEL], Due())


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
    longest_ms = round(tx.call.ctx.limits.snooze_days * DAY_MS)
    due = sweeping.list_snoozed(tx.conn, tx.now_ms, longest_ms, MOST_AT_ONCE)
    for id in due:
        tx.entries.append(states.bring_back(tx.conn, id, "time", tx.now_ms))
    return len(due)
