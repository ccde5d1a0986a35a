"""SIGTERM under fifty senders: the server says goodbye in time and loses nothing."""

from __future__ import annotations

import asyncio
import time
from random import Random

import pytest

from tests.promise.chaos import history, others
from tests.promise.checker import check
from tests.promise.crowd import Crowd
from tests.promise.journal import read_journals
from tests.serving import KefuServer

pytestmark = pytest.mark.timeout(240)

STOP_S = 5.0


async def test_a_stop_under_load_is_quick_clean_and_loses_nothing(tmp_path):
    server = KefuServer(tmp_path / "data")
    people = tmp_path / "people"
    people.mkdir()
    crowd = Crowd(server.base_url, people, Random(0))
    crowd.add_pairs(rooms=13, direct=12)
    with server:
        crowd.up.set()
        crowd.start()
        await crowd.hear(1_000)
        crowd.up.clear()
        began_s = time.monotonic()
        status = await asyncio.to_thread(server.stop)
        took_s = time.monotonic() - began_s
        await crowd.lost()
        await crowd.leave()
    assert status == 0
    assert took_s <= STOP_S
    # 1012 and 1001 are what RFC 6455 and its registry have for a server that goes away.
    assert crowd.closed == {("RoomsPerson", 1012): 26, ("DirectPerson", 1001): 12}
    stored = await history(server.data_dir)
    assert check(read_journals(people, stored, others(server.data_dir))) == []
    assert "Traceback" not in server.log
