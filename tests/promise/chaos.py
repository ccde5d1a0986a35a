"""One seed of chaos: a server is killed under a talking crowd, again and again, then judged.

Rules: everything random comes from the seed. The server is killed with SIGKILL at a random number
of messages and, within the group that is being stored then, at a random moment. It must be ready
again within ``READY_S``.
"""

from __future__ import annotations

import asyncio
import sqlite3
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from random import Random
from statistics import median

from tests.promise.checker import Stored, Violation, check
from tests.promise.crowd import Crowd
from tests.promise.journal import read_history, read_journals
from tests.serving import KefuServer

READY_S = 3.0
QUIET_S = 20.0  # a crowd that is shown next to nothing for so long is not talking any more


@dataclass(frozen=True)
class Outcome:
    """What one seed showed."""

    stored: int
    seen: int
    starts_s: Sequence[float]
    refused: Sequence[str]
    violations: Sequence[Violation]

    @property
    def start_s(self) -> float:
        """The median start: one that the machine was busy for is not the server's."""
        return median(self.starts_s)


async def run_chaos(
    server: KefuServer, seed: int, *, kills: int = 3, rooms: int = 13, direct: int = 12
) -> Outcome:
    """Kill ``server`` so often under ``rooms + direct`` pairs of talkers and judge.

    Raises:
        TimeoutError: the crowd fell silent although the server runs.
    """
    rng = Random(seed)
    people = server.data_dir / "people"
    people.mkdir(parents=True)
    # The crowd draws from its own, so that its tasks' order does not change when the server dies.
    crowd = Crowd(server.base_url, people, Random(rng.random()))
    crowd.add_pairs(rooms, direct)
    starts_s = [await _start(server, crowd)]
    crowd.start()
    try:
        for _ in range(kills):
            await _listen(crowd, rng.randint(1, 1_500))
            # The one wait by the clock: the kill is to hit any moment of a commit, not its end.
            await asyncio.sleep(rng.uniform(0, 0.02))
            crowd.up.clear()
            await asyncio.to_thread(server.kill)
            crowd.sync()
            starts_s.append(await _start(server, crowd))
        await _listen(crowd, 300)
    finally:
        crowd.up.clear()
        await asyncio.to_thread(server.kill)
        await crowd.leave()
    stored = await history(server.data_dir)
    evidence = read_journals(people, stored, others(server.data_dir))
    seen = sum(len(session) for sessions in evidence.sessions.values() for session in sessions)
    return Outcome(len(evidence.history), seen, starts_s, crowd.refused, check(evidence))


async def history(data_dir: Path) -> list[Stored]:
    """What ``kefu history --json`` prints of ``data_dir``."""
    command = [sys.executable, "-m", "kefu", "history", "--json", "--data", str(data_dir)]
    ended = await asyncio.to_thread(subprocess.run, command, capture_output=True, check=True)
    return read_history(ended.stdout.decode().splitlines())


def others(data_dir: Path) -> list[tuple[int, int]]:
    """(conversation, number) of what the timelines in ``data_dir`` hold beside messages."""
    with closing(sqlite3.connect(data_dir / "kefu.db")) as store:
        chosen = "SELECT conversation_id, seq FROM message WHERE type <> 'message'"
        return store.execute(chosen).fetchall()


async def _listen(crowd: Crowd, messages: int) -> None:
    while messages > 0:
        few = min(messages, 50)
        async with asyncio.timeout(QUIET_S):
            await crowd.hear(few)
        messages -= few


async def _start(server: KefuServer, crowd: Crowd) -> float:
    began_s = time.monotonic()
    await asyncio.to_thread(server.start)
    crowd.up.set()
    return time.monotonic() - began_s
