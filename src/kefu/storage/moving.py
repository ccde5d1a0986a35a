"""Many conversations moved at once, each with an entry that says so.

Rules: the caller knows that each move is legal. All conversations are changed by a few statements,
and their entries appended as one group, so that a storm costs little more than one move.
Not here: one move, checked (``states``).
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import Any, NamedTuple

from sqlalchemy import Connection, bindparam, update

from kefu.core.conversation import SYSTEM, Member, Message
from kefu.core.desk import Activity
from kefu.storage.appending import append_entries
from kefu.storage.schema import conversation
from kefu.storage.states import addresses_of, as_entry


class Step(NamedTuple):
    """What a conversation becomes. ``values``: columns; none leave it as it is."""

    conversation_id: int
    activity: Activity
    values: dict[str, Any]
    by: Member = SYSTEM


def take_steps(conn: Connection, steps: Sequence[Step], now_ms: int) -> list[Message]:
    """Take ``steps``, in their order; return their entries. The conversations must be there."""
    ids = {step.conversation_id for step in steps}
    addresses = addresses_of(conn, ids)
    for columns, alike in groupby(steps, key=lambda step: tuple(step.values)):
        if columns:
            bound: dict[str, Any] = {name: bindparam(f"new_{name}") for name in columns}
            conn.execute(
                update(conversation).where(conversation.c.id == bindparam("this")).values(bound),
                [_parameters(step) for step in alike],
            )
    news = [
        as_entry(addresses[step.conversation_id], step.activity, by=step.by, now_ms=now_ms)
        for step in steps
    ]
    return append_entries(conn, news)


def _parameters(step: Step) -> dict[str, Any]:
    return {"this": step.conversation_id} | {f"new_{n}": v for n, v in step.values.items()}
