"""Send one webhook what is due to it.

Rules: one delivery at a time and in order, as long as the receiver takes them. One that fails is
tried again later, and those after it go on: an event carries the present state, so a late one does
no harm. What came of an attempt is kept before the next begins. After a crash the attempt that was
under way is made again, under the same event id.
Not here: which webhooks have something due (``actions.outbox``), the commands
(``actions.webhooks``).
"""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import Any, Final

import msgspec
import structlog
from sqlalchemy import Connection

from kefu.actions.context import Call, Context, Tx, commit
from kefu.actions.files import with_links_for_webhook
from kefu.actions.keeping import keep
from kefu.core import webhooks as rules
from kefu.core.actors import Standing
from kefu.core.cursors import name_of
from kefu.core.desk import Event, Value, at
from kefu.core.urls import UnsafeUrl
from kefu.core.webhooks import Circuit, Outcome
from kefu.outbound.fetch import Fetcher, FetchFailed
from kefu.storage import outbox
from kefu.storage.outbox import Delivery, Result, State
from kefu.storage.webhooks import Hook, find_hook, set_hook

TEST: Final = "webhook.test"  # the type of a test delivery
BATCH = 20  # deliveries whose events are read together
_SPREAD = 0.618033988749895  # times the id: evenly over 0 to 1, so that tries do not return in step

log = structlog.get_logger()


class Payload(Value, frozen=True):
    """What a webhook is sent, as JSON."""

    type: str
    id: str
    timestamp: datetime  # when it happened
    data: Event | dict[str, Any]


class _Answer(msgspec.Struct, frozen=True):
    """Of an attempt."""

    outcome: Outcome
    status: int | None = None
    fault: str | None = None
    retry_after: str = ""


def event_id(cursor: str) -> str:
    """What names an entry's event for ever, over all tries and replays."""
    return f"evt_{cursor}"


def test_id(ctx: Context, one_id: int, created_ms: int) -> str:
    """What names a test delivery for ever."""
    return f"evt_test_{name_of(ctx.epoch, TEST, one_id, created_ms)}"


def payload(ctx: Context, one: Delivery, webhook_id: int) -> Payload:
    """What is sent for ``one``, with links to files that hold from now on."""
    return Payload(
        type=TEST if one.event is None else one.event.on,
        id=event_id(one.event.cursor) if one.event else test_id(ctx, one.id, one.at_ms),
        timestamp=at(one.at_ms),
        data={} if one.event is None else with_links_for_webhook(ctx, one.event, webhook_id),
    )


async def send_due(ctx: Context, fetcher: Fetcher, webhook_id: int) -> None:
    """Send what is due, until nothing is or the receiver is to be left alone."""
    while taken := await _take(ctx, webhook_id):
        hook, batch = taken
        for one in batch:
            answer = await _attempt(ctx, fetcher, hook, one)
            keeping = partial(_keep, ctx, webhook_id, one, answer)
            kept = await keep(f"webhook {webhook_id}", keeping)
            if kept is None or rules.circuit(kept.breaker, ctx.now_ms()) is not Circuit.CLOSED:
                break
            hook = kept


async def _take(ctx: Context, webhook_id: int) -> tuple[Hook, list[Delivery]] | None:
    """The next deliveries to send; of a receiver that failed, one as a trial."""
    now_ms = ctx.now_ms()

    def read(conn: Connection) -> tuple[Hook, list[Delivery]] | None:
        hook = find_hook(conn, webhook_id)
        if hook is None or not hook.active:
            return None
        breaker = rules.begin(hook.breaker, now_ms)
        if breaker is None:
            return None
        limit = 1 if breaker.trial else BATCH
        batch = outbox.list_due(conn, webhook_id, now_ms, limit=limit, epoch=ctx.epoch)
        return (hook._replace(breaker=breaker), batch) if batch else None

    taken = await ctx.database.read(read)
    if taken and taken[0].breaker.trial:
        breaker = taken[0].breaker
        await ctx.database.write(lambda conn: set_hook(conn, webhook_id, breaker=breaker))
    return taken


async def _attempt(ctx: Context, fetcher: Fetcher, hook: Hook, one: Delivery) -> _Answer:
    if one.message_id is not None and one.event is None:
        return _Answer(Outcome.DELIVERED, fault="erased")  # there is nothing left to tell
    content = payload(ctx, one, hook.id)
    body = msgspec.json.encode(content)
    signed = rules.sign(hook.secrets, content.id, ctx.now_ms() // 1000, body)
    try:
        got = await fetcher.post(hook.url, body, {"content-type": "application/json", **signed})
    except UnsafeUrl as refusal:
        return _Answer(Outcome.RETRY, fault=refusal.code)
    except FetchFailed as failure:
        return _Answer(Outcome.RETRY, fault=failure.fault.value)
    return _Answer(
        rules.outcome(got.status), got.status, retry_after=got.headers.get("retry-after", "")
    )


async def _keep(ctx: Context, webhook_id: int, one: Delivery, answer: _Answer) -> Hook | None:
    """Keep what came of an attempt. Returns the webhook as it is now; None: it is off or gone."""
    now_ms = ctx.now_ms()

    def work(tx: Tx) -> Hook | None:
        hook = find_hook(tx.conn, webhook_id)
        if hook is None:
            return None
        outbox.record(tx.conn, one.id, _result(one, answer, now_ms), now_ms)
        if not hook.active:
            return None
        breaker = _after(hook, one, answer.outcome, now_ms)
        if breaker != hook.breaker:
            set_hook(tx.conn, webhook_id, breaker=breaker)
        if breaker.disabled:
            _switch_off(tx, hook, now_ms)
            return None
        return hook._replace(breaker=breaker)

    return await commit(Call(ctx, Standing.SERVER), work)


def _result(one: Delivery, answer: _Answer, now_ms: int) -> Result:
    if answer.outcome is Outcome.DELIVERED:
        return Result(State.DELIVERED, None, answer.status, answer.fault)
    next_ms = None
    if answer.outcome is Outcome.RETRY and one.message_id is not None:
        next_ms = rules.next_attempt(
            one.attempts + 1,
            one.begun_ms,
            now_ms,
            (one.id * _SPREAD) % 1,
            retry_after_ms=rules.read_retry_after(answer.retry_after, now_ms),
        )
    state = State.FAILED if next_ms is None else State.WAITING
    return Result(state, next_ms, answer.status, answer.fault)


def _after(hook: Hook, one: Delivery, outcome: Outcome, now_ms: int) -> rules.Breaker:
    match outcome:
        case Outcome.DELIVERED:
            return rules.succeeded(hook.breaker)
        case Outcome.GONE:
            return rules.gone(hook.breaker)
    if one.message_id is None:
        return hook.breaker  # somebody tries; that says nothing about events
    breaker = rules.failed(hook.breaker, now_ms)
    if breaker.openings and not hook.breaker.openings:
        log.warning("webhook_left_alone", webhook=hook.id)
    return breaker


def _switch_off(tx: Tx, hook: Hook, now_ms: int) -> None:
    """The receiver said that it wants no more."""
    set_hook(tx.conn, hook.id, active=0)
    outbox.give_up(tx.conn, hook.id, now_ms, "off")
    tx.audit("webhook.disable", f"webhook#{hook.id}", reason="410 Gone")
    log.warning("webhook_gone", webhook=hook.id)
