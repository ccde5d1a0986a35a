"""Runs that never overlap, and an alarm."""

from __future__ import annotations

import asyncio

import pytest

from kefu.actions.chores import Alarm, Coalesced
from tests.conftest import clock


def test_what_is_asked_for_during_a_run_is_done_once_more():
    work = Coalesced()
    assert work.enter()
    assert [work.enter() for _ in range(3)] == [False, False, False]
    assert work.running
    assert work.leave()
    assert not work.running
    assert work.enter()
    assert not work.leave()


@pytest.mark.asyncio(loop_factories=["clock"])
async def test_the_alarm_rings_at_the_first_of_its_times_and_once_a_minute_in_any_case():
    loop, alarm = clock(), Alarm()

    def now_ms() -> int:
        return round(loop.now_s * 1000)

    begin_ms = now_ms()
    sleeper = asyncio.ensure_future(alarm.rings(now_ms))
    await loop.advance(20.0)
    assert not sleeper.done()  # nothing is set
    alarm.set(begin_ms + 50_000)
    alarm.set(begin_ms + 40_000)
    alarm.set(begin_ms + 45_000)
    await loop.advance(19.0)
    assert not sleeper.done()
    await loop.advance(1.0)
    assert sleeper.done()
    again = asyncio.ensure_future(alarm.rings(now_ms))
    await loop.advance(0.0)
    await loop.advance(59.0)
    assert not again.done()
    await loop.advance(1.0)
    await again


async def test_what_is_due_already_rings_at_once():
    alarm = Alarm()
    alarm.set(1_000)
    await asyncio.wait_for(alarm.rings(lambda: 5_000), 60)
