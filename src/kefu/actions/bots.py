"""A bot that does not answer gives way to people.

Rules: a conversation that its bot has left without an answer for ``bot_answer_s`` goes to the
queue; at once, if the bot is off or none of its webhooks gets through.
Not here: that a bot gets a conversation first (``actions.starting``), hands it off by itself
(``actions.handling``), how it hears and writes (webhooks, REST).
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection

from kefu.actions.context import Call, Context, Tx, commit
from kefu.core.actors import Standing
from kefu.core.conversation import SYSTEM
from kefu.core.desk import Activity, Details, Reason
from kefu.core.states import Move
from kefu.core.times import passed
from kefu.storage import bots, states
from kefu.storage.bots import Unanswered

MOST_AT_ONCE = 50


def list_unanswered(conn: Connection) -> list[Unanswered]:
    """What bots have not answered, the longest wait first."""
    return bots.list_unanswered(conn, MOST_AT_ONCE)


async def hand_off_late(ctx: Context, waiting: Sequence[Unanswered]) -> int | None:
    """Give people what bots left too long. Returns when (Unix ms) the next may be; None: never."""
    now_ms = ctx.now_ms()
    if any(_is_late(ctx, one, now_ms) for one in waiting):
        waiting = await commit(Call(ctx, Standing.SERVER), _hand_off)
    return min((one.since_ms + _answer_ms(ctx) for one in waiting), default=None)


def _hand_off(tx: Tx) -> list[Unanswered]:
    """Returns those that are not late yet."""
    ctx, rest = tx.call.ctx, []
    for one in list_unanswered(tx.conn):
        if not _is_late(ctx, one, tx.now_ms):
            rest.append(one)
            continue
        reason: Reason = "bot_unreachable" if one.deaf else "bot_silent"
        tx.entries.append(
            states.move(
                tx.conn,
                one.conversation_id,
                Move.ENQUEUE,
                Activity(what="queued", values=Details(reason=reason)),
                by=SYSTEM,
                now_ms=tx.now_ms,
            )
        )
    return rest


def _is_late(ctx: Context, one: Unanswered, now_ms: int) -> bool:
    return one.deaf or passed(one.since_ms, now_ms, _answer_ms(ctx))


def _answer_ms(ctx: Context) -> int:
    return round(ctx.limits.bot_answer_s * 1000)
