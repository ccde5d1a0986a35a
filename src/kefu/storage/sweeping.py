"""What has outlived its time: snoozed conversations and kept answers.

Rules: found by an index on the time, a bounded part at once.
"""

from __future__ import annotations

from sqlalchemy import Connection, delete, func, select, text, tuple_

from kefu.core.times import SLACK_MS
from kefu.storage.schema import answer, conversation

_SNOOZED = text("status = 'snoozed'")  # as the index has it, word by word


def list_snoozed(conn: Connection, now_ms: int, longest_ms: int, most: int) -> list[int]:
    """The ids of conversations that were snoozed until ``now_ms``, the earliest first.

    Also those that were snoozed for longer than ``longest_ms`` from now on, which nobody can: their
    time was set by another clock.
    """
    until = conversation.c.snoozed_until_ms
    for over in (until <= now_ms, until > now_ms + longest_ms + SLACK_MS):
        chosen = select(conversation.c.id).where(_SNOOZED, over).order_by(until)
        if ids := list(conn.scalars(chosen.limit(most))):
            return ids
    return []


def next_snoozed_ms(conn: Connection) -> int | None:
    """Until when the first of the snoozed conversations is; None: there is none."""
    until: int | None = conn.scalar(
        select(func.min(conversation.c.snoozed_until_ms)).where(_SNOOZED)
    )
    return until


def drop_answers(conn: Connection, before_ms: int, most: int) -> int:
    """Remove kept answers that are older; returns how many."""
    key = (answer.c.actor, answer.c.key)
    old = select(*key).where(answer.c.at_ms < before_ms).limit(most)
    return conn.execute(delete(answer).where(tuple_(*key).in_(old))).rowcount
