"""What came of deliveries is kept together, and soon, whatever happens meanwhile."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest

from kefu.actions import deliveries, outbox
from tests.actions.desk import Desk
from tests.actions.outbox_house import House, house_of
from tests.actions.receiver import HANG, receiving


@pytest.fixture
async def house(desk: Desk) -> AsyncIterator[House]:
    async with house_of(desk) as house:
        yield house


@pytest.fixture
def kept(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many results each write kept."""
    counts: list[int] = []
    real = deliveries._record

    def record(webhook_id: int, tried: Any, tx: Any) -> Any:
        counts.append(len(tried))
        return real(webhook_id, tried, tx)

    monkeypatch.setattr(deliveries, "_record", record)
    return counts


async def test_what_a_receiver_takes_quickly_is_kept_by_one_write(house: House, kept: list[int]):
    async with receiving([200, 204, 500, 200]) as receiver:
        made = await house.hook(receiver.url)
        await house.say(*"abcdefgh")
        await house.look()
        assert receiver.texts == [*"abcdefgh"]
        assert kept == [3, 1, 4]  # a failure is news; the next success ends its count
        log = await house.log(made.id)
        assert [one.status for one in log] == [200, 204, 500, *[200] * 5]
        assert {one.attempts for one in log} == {1}


async def test_what_a_slow_receiver_takes_is_kept_one_by_one(house: House, kept: list[int]):
    async with receiving() as receiver:
        await house.hook(receiver.url)
        await house.say(*"abc")
        clock = house.desk.clock
        take = receiver.take

        async def take_slowly(request: Any) -> Any:
            clock.advance(deliveries.GATHER_S)
            return await take(request)

        receiver.take = take_slowly  # type: ignore[method-assign]
        await house.look()
    assert kept == [2, 1]


async def test_what_was_taken_is_kept_while_the_next_event_hangs(
    house: House, monkeypatch: pytest.MonkeyPatch
):
    recorded = asyncio.Event()
    loop = asyncio.get_running_loop()
    real = deliveries._record

    def record(*args: Any) -> Any:
        loop.call_soon_threadsafe(recorded.set)
        return real(*args)

    monkeypatch.setattr(deliveries, "_record", record)
    async with receiving([200, HANG]) as receiver:
        made = await house.hook(receiver.url)
        await house.say("one", "two", "three")
        await house.outbox.look()
        await receiver.has(2)
        await asyncio.wait_for(recorded.wait(), 60)
        await house.desk.ctx.database.write(lambda conn: None)  # after what is on its way
        assert [one.state for one in await house.log(made.id)] == [
            "delivered",
            "waiting",
            "waiting",
        ]
        assert receiver.texts == ["one", "two"]


async def test_what_was_taken_is_kept_though_the_server_stops_then(
    house: House, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(deliveries, "GATHER_S", 60.0)
    monkeypatch.setattr(outbox, "GRACE_S", 0.0)
    async with receiving([200, 200, HANG]) as receiver:
        made = await house.hook(receiver.url)
        await house.say("one", "two", "three")
        await house.outbox.look()
        await receiver.has(3)
        await house.outbox.close()
        await house.outbox.settled()
        await house.desk.ctx.database.write(lambda conn: None)  # after what is on its way
        log = await house.log(made.id)
    assert [(one.state, one.attempts) for one in log] == [
        ("delivered", 1),
        ("delivered", 1),
        ("waiting", 0),
    ]


async def test_an_event_that_waited_behind_a_slow_one_is_told_as_it_is_by_then(house: House):
    async with receiving() as receiver:
        await house.hook(receiver.url)
        await house.say("one", "two")
        clock, take = house.desk.clock, receiver.take

        async def take_slowly(request: Any) -> Any:
            clock.advance(deliveries.FRESH_S)
            if len(receiver.requests) == 0:
                await house.say("three")
            return await take(request)

        receiver.take = take_slowly  # type: ignore[method-assign]
        await house.look()
        states = [request.content["data"]["state"] for request in receiver.requests]
    assert [state["last_seq"] for state in states][:2] == [2, 3]
