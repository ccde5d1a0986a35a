"""What a webhook was sent, what became of it, and sending it again.

Rules: a replay is sent under the same event id as before, with what there is to tell by now, and is
tried as long as a new one.
Not here: making and changing webhooks (``actions.webhooks``), sending (``actions.deliveries``).
"""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import Annotated, Literal

from msgspec import Meta
from sqlalchemy import Connection

from kefu.actions.commands import Command
from kefu.actions.context import Call, Context, Tx, commit
from kefu.actions.deliveries import TEST, event_id, test_id
from kefu.actions.forms import Cursor, Form, Id, Limit, Page
from kefu.actions.outbox import CHANNEL, Due
from kefu.actions.webhooks import get_active
from kefu.core.conversation import Entry
from kefu.core.desk import EventName, Time, Value, at, to_ms
from kefu.core.errors import BadInput, IllegalState, NotFound
from kefu.core.permissions import Action, check
from kefu.core.views import event_name
from kefu.storage import outbox, webhooks
from kefu.storage.outbox import Logged, State
from kefu.storage.schema import delivery


class DeliveryInfo(Value, frozen=True):
    """One delivery. ``status`` and ``fault`` are of the last attempt."""

    id: int
    event_id: str
    type: EventName | Literal["webhook.test"]
    state: State
    attempts: int
    created_at: Time
    conversation: int | None = None
    seq: int | None = None
    next_at: Time | None = None  # left out: at once, or never
    tried_at: Time | None = None
    done_at: Time | None = None
    status: int | None = None  # of HTTP
    fault: str | None = None  # why there was no answer


class ListDeliveries(Form, frozen=True):
    """A page of a webhook's log."""

    webhook: Id
    state: Literal["waiting", "delivered", "failed"] | None = None
    cursor: Cursor | None = None
    limit: Limit = 50


class Replay(Form, frozen=True):
    """Which deliveries to send again: one, or all that failed since a time."""

    webhook: Id
    delivery: Id | None = None
    failed_since: Annotated[
        Annotated[datetime, Meta(tz=True)] | None, Meta(description="In place of one delivery.")
    ] = None


class Replayed(Value, frozen=True):
    """How many deliveries are sent again."""

    count: int


async def list_deliveries(call: Call, do: ListDeliveries) -> Page[DeliveryInfo]:
    """A webhook's deliveries, newest first."""
    check(call.actor, Action.MANAGE)
    ctx, before_id = call.ctx, None if do.cursor is None else _id_of(do.cursor)

    def read(conn: Connection) -> list[Logged]:
        webhooks.get_hook(conn, do.webhook)
        return outbox.list_log(
            conn,
            do.webhook,
            before_id=before_id,
            state=do.state,
            limit=do.limit,
            epoch=ctx.epoch,
        )

    found = await call.read(read)
    more = len(found) == do.limit
    items = tuple(_shown(ctx, row) for row in found)
    return Page(items=items, next=str(found[-1].id) if more else None)


async def replay(call: Call, do: Replay) -> Replayed:
    """Send one delivery again, or all that failed since a time."""
    check(call.actor, Action.MANAGE)
    if (do.delivery is None) == (do.failed_since is None):
        raise BadInput("say either delivery or failed_since")

    def work(tx: Tx) -> Replayed:
        hook = get_active(tx.conn, do.webhook)
        if do.delivery is not None:
            where = [delivery.c.id == do.delivery]
        else:
            since_ms = to_ms(do.failed_since) if do.failed_since else 0
            where = [outbox.in_state(State.FAILED), delivery.c.created_ms >= since_ms]
        count = outbox.replay(tx.conn, hook.id, tx.now_ms, *where)
        if do.delivery is not None and not count:
            raise NotFound
        tx.audit("webhook.replay", "webhook", hook.id, count=count)
        tx.after.append(partial(call.ctx.hub.signal, [CHANNEL], Due()))
        return Replayed(count=count)

    return await commit(call, work)


def _id_of(cursor: str) -> int:
    if not (cursor.isascii() and cursor.isdigit() and len(cursor) <= 16):
        raise BadInput("cursor: none of this list")
    return int(cursor)


def _shown(ctx: Context, row: Logged) -> DeliveryInfo:
    return DeliveryInfo(
        id=row.id,
        event_id=event_id(row.cursor) if row.cursor else test_id(ctx, row.id, row.created_ms),
        type=TEST if row.type is None else event_name(Entry(row.type)),
        state=row.state,
        attempts=row.attempts,
        created_at=at(row.created_ms),
        conversation=row.conversation_id,
        seq=row.seq,
        next_at=at(row.next_ms) if row.next_ms else None,
        tried_at=None if row.tried_ms is None else at(row.tried_ms),
        done_at=None if row.done_ms is None else at(row.done_ms),
        status=row.status,
        fault=row.fault,
    )


COMMANDS = (
    Command(
        "webhook.deliveries",
        list_deliveries,
        "GET",
        "/webhooks/{webhook}/deliveries",
        {"webhook": 1, "state": "failed"},
    ),
    Command(
        "webhook.replay",
        replay,
        "POST",
        "/webhooks/{webhook}/replay",
        {"webhook": 1, "failed_since": "2026-01-31T08:00:00Z"},
        errors=(IllegalState,),
    ),
)
