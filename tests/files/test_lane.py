"""One picture at a time, and whose is next."""

from __future__ import annotations

import asyncio

import pytest

from kefu.core.errors import TooMany
from kefu.files import lane as lanes
from kefu.files.lane import Lane


async def waiting(lane: Lane, owners: str, done: list[str]) -> list[asyncio.Task[None]]:
    async def take(owner: str) -> None:
        async with lane.turn(owner):
            done.append(owner)

    tasks = [asyncio.create_task(take(owner)) for owner in owners]
    await asyncio.sleep(0)
    return tasks


async def test_somebody_elses_many_pictures_hold_up_one_turn_of_mine():
    lane, done = Lane(), list[str]()
    async with lane.turn("a"):
        tasks = await waiting(lane, "aaaabbc", done)
    await asyncio.gather(*tasks)
    assert "".join(done) == "abcabaa"


async def test_who_leaves_is_left_out_and_the_next_is_let_in():
    lane, done = Lane(), list[str]()
    async with lane.turn("a"):
        tasks = await waiting(lane, "abc", done)
        tasks[0].cancel()
    tasks[1].cancel()  # when its turn has come, before it knows
    await asyncio.wait(tasks)
    assert done == ["c"]
    async with lane.turn("d"):
        pass


async def test_more_than_can_be_done_are_refused_at_once():
    lane, done = Lane(), list[str]()
    async with lane.turn("a"):
        tasks = await waiting(lane, "a" * lanes.MOST_EACH, done)
        with pytest.raises(TooMany):
            async with lane.turn("a"):
                pass
        others = "".join(chr(200 + n // 8) for n in range(lanes.MOST_WAITING - len(tasks)))
        tasks += await waiting(lane, others, done)
        with pytest.raises(TooMany):
            async with lane.turn("z"):
                pass
    await asyncio.gather(*tasks)
    assert len(done) == lanes.MOST_WAITING


async def test_who_waits_too_long_is_refused_and_the_lane_goes_on():
    lane = Lane(most_wait_s=0.01)
    async with lane.turn("a"):
        with pytest.raises(TooMany):
            async with lane.turn("b"):
                pass
    async with lane.turn("b"):
        pass
