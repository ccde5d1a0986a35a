"""What webhooks are to be sent, and what became of it.

Rules: the timeline is the outbox. A delivery is a row that points at an entry; rows are made of
the entries after the webhook's ``last_id``, in the transaction that moves it on, so none is left
out and none is made twice (docs/decisions/0010-the-timeline-is-the-outbox.md). A row that waits
has a ``next_ms``: 0 for what was never tried, so that a webhook's new deliveries come first and in
order, whatever the clock does.
Not here: sending (``actions.deliveries``), when to try again (``core.webhooks``), the log for
people (``actions.webhooks``).
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import (
    ColumnElement,
    Connection,
    bindparam,
    delete,
    func,
    insert,
    literal_column,
    select,
    update,
)

from kefu.core.conversation import Entry
from kefu.core.desk import Event
from kefu.core.views import event_name
from kefu.core.webhooks import GIVE_UP_MS, Circuit, circuit
from kefu.storage import desk
from kefu.storage.numbering import add_row, numbered
from kefu.storage.positions import find_cursors
from kefu.storage.schema import conversation, delivery, message, webhook
from kefu.storage.webhooks import Hook, list_hooks, newest_id

AT_ONCE = 0  # next_ms of what was never tried
PRUNED_AT_ONCE = 5_000  # rows of one webhook's log


class State(StrEnum):
    """Where a delivery stands."""

    WAITING = "waiting"
    DELIVERED = "delivered"
    FAILED = "failed"


class Delivery(NamedTuple):
    """One that is due."""

    id: int
    message_id: int | None  # None: a test
    attempts: int  # so far
    begun_ms: int
    at_ms: int  # when it happened
    event: Event | None  # for the team, with the conversation's state; None: the entry is gone


class Logged(NamedTuple):
    """One as the log has it. What it is about is None for a test."""

    id: int
    message_id: int | None
    type: str | None  # of the entry
    conversation_id: int | None
    seq: int | None
    state: State
    attempts: int
    created_ms: int
    next_ms: int | None
    tried_ms: int | None
    done_ms: int | None
    status: int | None
    fault: str | None
    cursor: str | None = None  # of the entry


class Result(NamedTuple):
    """What came of an attempt."""

    state: State
    next_ms: int | None = None  # None: no more
    status: int | None = None
    fault: str | None = None


class Recorded(NamedTuple):
    """An attempt that was made."""

    delivery_id: int
    at_ms: int  # Unix
    result: Result


def is_behind(conn: Connection) -> bool:
    """Whether there are entries that an active webhook has not been asked about."""
    least = conn.scalar(select(func.min(webhook.c.last_id)).where(webhook.c.active == 1))
    return least is not None and least < newest_id(conn)


def make_deliveries(conn: Connection, now_ms: int, *, limit: int = 500) -> None:
    """Make rows of the next ``limit`` entries for every active webhook that wants them."""
    hooks = list_hooks(conn, active=True)
    if not hooks:
        return
    after_id = min(hook.last_id for hook in hooks)
    chosen = (
        select(message.c.id, message.c.type, conversation.c.inbox_id)
        .join(conversation, conversation.c.id == message.c.conversation_id)
        .where(message.c.id > after_id)
    )
    entries = conn.execute(chosen.order_by(message.c.id).limit(limit)).all()
    if not entries:
        return
    news = [
        _new(hook.id, entry.id, now_ms)
        for hook in hooks
        for entry in entries
        if entry.id > hook.last_id and _wants(hook, entry)
    ]
    if news:
        conn.execute(insert(delivery), numbered(conn, delivery, news))
    behind = (webhook.c.active == 1, webhook.c.last_id < entries[-1].id)
    conn.execute(update(webhook).where(*behind).values(last_id=entries[-1].id))


def add_test(conn: Connection, webhook_id: int, now_ms: int) -> int:
    """A delivery that is about nothing. Returns its id."""
    row = _new(webhook_id, None, now_ms)
    return add_row(conn, delivery, row)


def list_next(conn: Connection, now_ms: int) -> list[tuple[int, int]]:
    """For each active webhook that has something waiting: when (Unix ms) it may be sent.

    ``AT_ONCE`` is such a time, too.
    """
    found = []
    for hook in list_hooks(conn, active=True):
        waits = (delivery.c.webhook_id == hook.id, delivery.c.next_ms.is_not(None))
        due_ms = conn.scalar(select(func.min(delivery.c.next_ms)).where(*waits))
        if due_ms is None:
            continue
        if circuit(hook.breaker, now_ms) is Circuit.OPEN:
            due_ms = max(due_ms, hook.breaker.open_until_ms)
        found.append((hook.id, due_ms))
    return found


def list_due(
    conn: Connection, webhook_id: int, now_ms: int, *, limit: int, epoch: str
) -> list[Delivery]:
    """What is to be sent now, in the order of sending, with what there is to tell as it stands."""
    chosen = (
        select(delivery, message.c.sent_ms)
        .outerjoin(message, message.c.id == delivery.c.message_id)
        .where(delivery.c.webhook_id == webhook_id, delivery.c.next_ms <= now_ms)
    )
    rows = conn.execute(chosen.order_by(delivery.c.next_ms, delivery.c.id).limit(limit)).all()
    events = _events(conn, [row.message_id for row in rows if row.message_id is not None], epoch)
    return [
        Delivery(
            row.id,
            row.message_id,
            row.attempts,
            row.begun_ms,
            row.created_ms if row.sent_ms is None else row.sent_ms,
            events.get(row.message_id),
        )
        for row in rows
    ]


def record(conn: Connection, tried: Sequence[Recorded]) -> None:
    """Keep what came of at least one attempt."""
    rows = [
        {
            "wanted": one.delivery_id,
            "state": one.result.state,
            "next_ms": one.result.next_ms,
            "tried_ms": one.at_ms,
            "done_ms": one.at_ms if one.result.next_ms is None else None,
            "status": one.result.status,
            "fault": one.result.fault,
        }
        for one in tried
    ]
    conn.execute(_RECORD, rows)


def list_log(
    conn: Connection,
    webhook_id: int,
    *,
    before_id: int | None,
    state: str | None,
    limit: int,
    epoch: str,
) -> list[Logged]:
    """A webhook's deliveries, newest first."""
    chosen = _LOG.where(delivery.c.webhook_id == webhook_id)
    if before_id is not None:
        chosen = chosen.where(delivery.c.id < before_id)
    if state is not None:
        chosen = chosen.where(in_state(State(state)))
    rows = conn.execute(chosen.order_by(delivery.c.id.desc()).limit(limit)).all()
    told = [row.message_id for row in rows if row.message_id is not None]
    cursors = find_cursors(conn, epoch, told)
    return [
        Logged(
            **{name: getattr(row, name) for name in Logged._fields if name != "cursor"},
            cursor=cursors.get(row.message_id),
        )._replace(state=State(row.state))
        for row in rows
    ]


def in_state(state: State) -> ColumnElement[bool]:
    """For ``replay``: those in this state. Written out, so that an index on one state is found."""
    return delivery.c.state == literal_column(f"'{state}'")


def replay(conn: Connection, webhook_id: int, now_ms: int, *where: ColumnElement[bool]) -> int:
    """Send these once more, as if they had never been tried. Returns how many."""
    fresh = {
        "state": State.WAITING,
        "attempts": 0,
        "begun_ms": now_ms,
        "next_ms": AT_ONCE,
        "done_ms": None,
        "status": None,
        "fault": None,
    }
    here = (delivery.c.webhook_id == webhook_id, delivery.c.message_id.is_not(None), *where)
    return conn.execute(update(delivery).where(*here).values(fresh)).rowcount


def give_up(
    conn: Connection, webhook_id: int, now_ms: int, fault: str, *where: ColumnElement[bool]
) -> None:
    """Let what waits fail, so that it can be replayed."""
    waits = (delivery.c.webhook_id == webhook_id, delivery.c.next_ms.is_not(None), *where)
    failed = {"state": State.FAILED, "next_ms": None, "done_ms": now_ms, "fault": fault}
    conn.execute(update(delivery).where(*waits).values(failed))


def tidy(conn: Connection, now_ms: int, keep_ms: int) -> None:
    """Give up what has waited too long, and forget what happened ``keep_ms`` ago."""
    for hook in list_hooks(conn):
        too_old = delivery.c.begun_ms < now_ms - GIVE_UP_MS
        give_up(conn, hook.id, now_ms, "expired", too_old)
        oldest = (
            select(delivery.c.id, delivery.c.created_ms, delivery.c.next_ms)
            .where(delivery.c.webhook_id == hook.id)
            .order_by(delivery.c.id)
            .limit(PRUNED_AT_ONCE)
        )
        ids = [
            row.id
            for row in conn.execute(oldest).all()
            if row.created_ms < now_ms - keep_ms and row.next_ms is None
        ]
        if ids:
            conn.execute(delete(delivery).where(delivery.c.id.in_(ids)))


def _wants(hook: Hook, entry: Any) -> bool:
    """A pair's private talk in the direct protocol is in no inbox, and nobody's to hear."""
    if entry.inbox_id is None or hook.inbox_id not in (None, entry.inbox_id):
        return False
    return not hook.events or event_name(Entry(entry.type)) in hook.events


def _new(webhook_id: int, message_id: int | None, now_ms: int) -> dict[str, Any]:
    return {
        "webhook_id": webhook_id,
        "message_id": message_id,
        "state": State.WAITING,
        "created_ms": now_ms,
        "begun_ms": now_ms,
        "next_ms": AT_ONCE,
    }


def _events(conn: Connection, ids: list[int], epoch: str) -> dict[int, Event]:
    """The events of these entries, each with the state of its conversation."""
    if not ids:
        return {}
    found = desk.list_events(conn, desk.entries_by_id(ids), limit=len(ids), epoch=epoch)
    states = {
        one.id: one
        for one in desk.load_conversations(conn, sorted({one.conversation for one in found}))
    }
    return {
        int(one.cursor.rpartition("-")[2]): msgspec.structs.replace(
            one, state=states[one.conversation]
        )
        for one in found
    }


_RECORD = (
    update(delivery)
    .where(delivery.c.id == bindparam("wanted"))
    .values(
        {
            name: bindparam(name)
            for name in ("state", "next_ms", "tried_ms", "done_ms", "status", "fault")
        }
        | {"attempts": delivery.c.attempts + 1}
    )
)
_LOG = select(delivery, message.c.type, message.c.conversation_id, message.c.seq).outerjoin(
    message, message.c.id == delivery.c.message_id
)
