"""What is done when its time has come."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, insert, select

from kefu.actions import sweeps
from kefu.actions.status import SetStatus, set_status
from kefu.actions.sweeps import mend_times, return_snoozed, run_sweeps, tidy
from kefu.core.actors import AgentRole
from kefu.core.desk import Details, at
from kefu.core.errors import Unavailable
from kefu.core.states import Status
from kefu.hub import inbox_channel
from kefu.storage import schema
from tests.actions.desk import NOW_MS, Desk
from tests.actions.outbox_house import house_of
from tests.actions.receiver import receiving
from tests.conftest import clock

HOUR_MS = 3_600_000


async def states(desk: Desk) -> dict[int, str]:
    def read(conn: Connection) -> dict[int, str]:
        rows = conn.execute(select(schema.conversation))
        return {row.id: row.status for row in rows}

    return await desk.ctx.database.read(read)


async def snooze(desk: Desk, inbox: int, until_ms: int, **values: Any) -> int:
    row = {"status": "snoozed", "queued_ms": None, "snoozed_until_ms": until_ms}
    return await desk.conversation(await desk.visitor(inbox), **row, **values)


async def test_what_was_snoozed_returns_to_its_agent_or_else_to_the_queue(desk: Desk):
    inbox = await desk.inbox()
    ann = await desk.agent("Ann", inboxes=[inbox])
    gone = await desk.agent("Gone", inboxes=[inbox], active=0)
    bot = await desk.agent("Bot", role=AgentRole.BOT, inboxes=[inbox])
    own, left, bots, nobodys = [
        await snooze(desk, inbox, NOW_MS, assignee_id=one and one.id)
        for one in (ann, gone, bot, None)
    ]
    later = await snooze(desk, inbox, NOW_MS + 1)
    team = desk.recorder(inbox_channel(inbox))
    assert await return_snoozed(desk.ctx) == NOW_MS + 1
    assert await states(desk) == {
        own: Status.OPEN,
        left: Status.QUEUED,
        bots: Status.QUEUED,
        nobodys: Status.QUEUED,
        later: Status.SNOOZED,
    }
    told: dict[int, Any] = {
        one.conversation: one.message.activity for one in team.events if one.message
    }
    assert told[own].agent.name == "Ann"
    assert [one.values for one in told.values()] == [Details(reason="time")] * 4


async def test_more_than_one_transaction_takes_return_together(desk: Desk):
    inbox = await desk.inbox()
    for _ in range(51):
        await snooze(desk, inbox, NOW_MS)
    assert await return_snoozed(desk.ctx) is None
    assert set((await states(desk)).values()) == {Status.QUEUED}


async def test_answers_are_kept_for_a_day(desk: Desk):
    rows = [
        {"actor": "agent#1", "key": f"k{n}", "asked": "", "json": "{}", "at_ms": NOW_MS - age_ms}
        for n, age_ms in enumerate((24 * HOUR_MS + 1, 24 * HOUR_MS, 0))
    ]

    def work(conn: Connection) -> None:
        conn.execute(insert(schema.answer), rows)

    await desk.ctx.database.write(work)
    await tidy(desk.ctx)

    def read(conn: Connection) -> list[str]:
        return [*conn.scalars(select(schema.answer.c.key).order_by(schema.answer.c.key))]

    assert await desk.ctx.database.read(read) == ["k1", "k2"]


@pytest.mark.asyncio(loop_factories=["clock"])
async def test_the_task_wakes_at_the_time_and_not_before(desk: Desk):
    loop, began_s = clock(), clock().now_s

    async def move_to(ms: int) -> None:
        desk.clock.now_ms = NOW_MS + ms
        await loop.advance(began_s + ms / 1000 - loop.now_s)

    async def reached(expected: dict[int, str]) -> None:
        found = await states(desk)
        while found != expected:  # the task needs a few turns
            found = await states(desk)

    inbox = await desk.inbox()
    ann = await desk.agent("Ann", inboxes=[inbox])
    late = await snooze(desk, inbox, NOW_MS + 5_000)
    task = loop.create_task(run_sweeps(desk.ctx))
    soon = await desk.conversation(await desk.visitor(inbox))
    until = at(NOW_MS) + timedelta(seconds=2)
    do = SetStatus(conversation=soon, status=Status.SNOOZED, until=until)
    await set_status(desk.call(ann), do)
    await move_to(1_999)
    await reached({late: Status.SNOOZED, soon: Status.SNOOZED})
    await move_to(2_000)
    await reached({late: Status.SNOOZED, soon: Status.QUEUED})
    await move_to(4_999)
    await reached({late: Status.SNOOZED, soon: Status.QUEUED})
    await move_to(5_000)
    await reached({late: Status.QUEUED, soon: Status.QUEUED})
    task.cancel()


@pytest.mark.asyncio(loop_factories=["clock"])
async def test_a_store_that_is_away_is_asked_again_later_and_not_at_once(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
):
    loop, began_s, tries = clock(), clock().now_s, list[int]()
    tried = asyncio.Event()

    async def away(ctx: object) -> int:
        tries.append(desk.clock.now_ms)
        tried.set()
        raise Unavailable

    monkeypatch.setattr(sweeps, "return_snoozed", away)
    task = loop.create_task(run_sweeps(desk.ctx))

    await tried.wait()
    tried.clear()
    for ms in (0, sweeps.RETRY_MS - 1, sweeps.RETRY_MS):
        desk.clock.now_ms = NOW_MS + ms
        await loop.advance(began_s + ms / 1000 - loop.now_s)
    await tried.wait()
    assert tries == [NOW_MS, NOW_MS + sweeps.RETRY_MS]
    task.cancel()


async def test_a_webhook_left_alone_is_tried_again_though_the_clock_was_set_back(desk: Desk):
    async with house_of(desk) as house, receiving([500]) as receiver:
        await house.hook(receiver.url)
        await house.say(*"abcdef")
        await house.look()
        tried = len(receiver.requests)
        receiver.answers = [200]
        desk.clock.advance(-3600)
        await mend_times(desk.ctx)
        due_ms = await house.look()
        assert due_ms is not None
        assert due_ms <= desk.clock.now_ms + 30_000
        desk.clock.now_ms = due_ms
        await house.look()
        assert len(receiver.requests) > tried
        desk.clock.advance(60)
        await house.look()
        assert set(receiver.texts) == {*"abcdef"}


async def test_what_cannot_be_snoozed_for_so_long_returns(desk: Desk):
    inbox = await desk.inbox()
    longest_ms = round(desk.ctx.limits.snooze_days * 24 * HOUR_MS)
    far = await snooze(desk, inbox, NOW_MS + longest_ms + 2 * HOUR_MS)
    as_far_as_can_be = await snooze(desk, inbox, NOW_MS + longest_ms)
    await return_snoozed(desk.ctx)
    assert await states(desk) == {far: Status.QUEUED, as_far_as_can_be: Status.SNOOZED}


@pytest.mark.asyncio(loop_factories=["clock"])
async def test_what_was_snoozed_returns_within_a_minute_after_the_machine_slept(desk: Desk):
    """The wall clock has gone on for an hour, what timers go by has not."""
    loop, inbox = clock(), await desk.inbox()
    due = await snooze(desk, inbox, NOW_MS + HOUR_MS)
    slept = asyncio.Event()
    loop.call_later(0.0, slept.set)
    task = loop.create_task(run_sweeps(desk.ctx))
    await slept.wait()
    desk.clock.now_ms = NOW_MS + HOUR_MS + 1
    while await states(desk) != {due: Status.QUEUED}:
        await loop.advance(1.0 if loop.now_s < 1061.0 else 0.0)
    task.cancel()
