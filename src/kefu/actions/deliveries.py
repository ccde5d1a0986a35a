"""Send one webhook what is due to it.

Rules: one delivery at a time and in order, as long as the receiver takes them. One that fails is
tried again later, and those after it go on: an event carries the present state, so a late one does
no harm. What a receiver took is kept with what else it takes within ``GATHER_S``, anything else at
once; while that cannot be kept, nothing more is sent. After a crash the attempts whose results were
not kept are made again, under the same event ids.
Not here: which webhooks have something due (``actions.outbox``), the commands
(``actions.webhooks``).
"""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Sequence
from functools import partial
from typing import Any, Final, NamedTuple

import msgspec
import structlog
from sqlalchemy import Connection

from kefu.actions.context import Call, Context, Tx, begin, commit
from kefu.actions.files import with_links_for_webhook
from kefu.actions.keeping import keep
from kefu.core import webhooks as rules
from kefu.core.actors import Standing
from kefu.core.cursors import name_of
from kefu.core.desk import Event, Time, Value, at
from kefu.core.urls import UnsafeUrl
from kefu.core.webhooks import Circuit, Outcome
from kefu.outbound.fetch import Fetcher, FetchFailed
from kefu.storage import outbox
from kefu.storage.outbox import Delivery, Recorded, Result, State
from kefu.storage.webhooks import Hook, find_hook, set_hook

TEST: Final = "webhook.test"  # the type of a test delivery
BATCH = 50  # deliveries whose events are read together, and kept together at most
FRESH_S = 1.0  # then what is still to be sent is read again, as it is now
GATHER_S = 0.1  # then what a receiver took is kept
_SPREAD = 0.618033988749895  # times the id: evenly over 0 to 1, so that tries do not return in step

log = structlog.get_logger()


class Payload(Value, frozen=True):
    """What a webhook is sent, as JSON."""

    type: str
    id: str
    timestamp: Time  # when it happened
    data: Event | dict[str, Any]


class _Answer(msgspec.Struct, frozen=True):
    """Of an attempt."""

    outcome: Outcome
    status: int | None = None
    fault: str | None = None
    retry_after: str = ""


class _Tried(NamedTuple):
    """An attempt that was made."""

    one: Delivery
    answer: _Answer
    at_ms: int  # Unix, when it was answered
    at_s: float  # monotonic


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
    more = True
    while more and (taken := await _take(ctx, webhook_id)):
        hook, batch = taken
        sent = await _send(ctx, fetcher, hook, batch)
        more = hook.breaker.trial or sent == BATCH or sent < len(batch)


async def _send(ctx: Context, fetcher: Fetcher, hook: Hook, batch: Sequence[Delivery]) -> int:
    """Send these, unless the receiver is to be left alone before, or they get old.

    Returns how many were sent.
    """
    tried: list[_Tried] = []  # what is not kept yet
    old_s = ctx.monotonic_s() + FRESH_S
    try:
        for sent, one in enumerate(batch, start=1):
            answer = await _beside(ctx, hook, tried, _attempt(ctx, fetcher, hook, one))
            tried.append(_Tried(one, answer, ctx.now_ms(), ctx.monotonic_s()))
            is_old = ctx.monotonic_s() >= old_s
            if is_old or one is batch[-1] or not _may_wait(hook, tried):
                kept = await _keep(ctx, hook.id, tried)
                if kept is None or rules.circuit(kept.breaker, ctx.now_ms()) is not Circuit.CLOSED:
                    return sent
                if is_old:
                    return sent  # those after it are read again
                hook = kept
        return len(batch)
    finally:
        if tried:  # it is ended, but these were sent
            begin(Call(ctx, Standing.SERVER), partial(_record, hook.id, tried), lambda _: None)


async def _beside(
    ctx: Context, hook: Hook, tried: list[_Tried], attempt: Coroutine[Any, Any, _Answer]
) -> _Answer:
    """Await ``attempt``; if it takes long, keep meanwhile what came of those before it."""
    if not tried:
        return await attempt
    attempting = asyncio.get_running_loop().create_task(attempt)
    try:
        _, hanging = await asyncio.wait([attempting], timeout=GATHER_S)
        if hanging:
            await _keep(ctx, hook.id, tried)
        return await attempting
    finally:
        attempting.cancel()


def _may_wait(hook: Hook, tried: Sequence[_Tried]) -> bool:
    """Whether keeping what came of the last attempt, and those before, can wait for the next."""
    is_news = tried[-1].answer.outcome is not Outcome.DELIVERED or hook.breaker != rules.Breaker()
    return not is_news and tried[-1].at_s - tried[0].at_s < GATHER_S


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


async def _keep(ctx: Context, webhook_id: int, tried: list[_Tried]) -> Hook | None:
    """Keep what came of these attempts, and forget them here.

    Returns the webhook as it is now; None: it is off or gone.
    """
    kept, tried[:] = tuple(tried), ()
    call, work = Call(ctx, Standing.SERVER), partial(_record, webhook_id, kept)
    return await keep(f"webhook {webhook_id}", lambda: commit(call, work))


def _record(webhook_id: int, tried: Sequence[_Tried], tx: Tx) -> Hook | None:
    hook = find_hook(tx.conn, webhook_id)
    if hook is None:
        return None
    results = [
        Recorded(each.one.id, each.at_ms, _result(each.one, each.answer, each.at_ms))
        for each in tried
    ]
    outbox.record(tx.conn, results)
    if not hook.active:
        return None
    before = hook.breaker
    for each in tried:
        breaker = _after(hook, each.one, each.answer.outcome, each.at_ms)
        hook = hook._replace(breaker=breaker)
    if hook.breaker != before:
        set_hook(tx.conn, webhook_id, breaker=hook.breaker)
    if hook.breaker.disabled:
        _switch_off(tx, hook, tx.now_ms)
        return None
    return hook


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
    tx.audit("webhook.disable", "webhook", hook.id, reason="410 Gone")
    log.warning("webhook_gone", webhook=hook.id)
