"""One seed of chaos on the desk: the server is killed again and again, then everybody is judged.

Rules: everything random comes from the seed. The server is killed with SIGKILL at a random number
of messages. After the last start nobody says anything new; what was not answered is sent again,
everybody reads on to the end, and then what each shows must be what is stored.
"""

from __future__ import annotations

import asyncio
import re
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from random import Random

import httpx

from tests.promise.desk_checker import Stored, Violation, check
from tests.promise.desk_people import OnHttp, OnWebSocket, Person, Stage
from tests.serving import KefuServer

QUIET_S = 20.0
ENGLISH = {"LANG": "C.UTF-8", "LC_ALL": "", "KEFU_LIMITS": "off"}


@dataclass(frozen=True)
class Outcome:
    """What one seed showed."""

    stored: int
    acknowledged: int
    shown: int
    violations: Sequence[Violation]


async def run_desk_chaos(
    server: KefuServer, seed: int, *, kills: int = 2, pairs: int = 6
) -> Outcome:
    """Kill ``server`` so often under ``pairs`` of a visitor and an agent, and judge.

    Raises TimeoutError: people fell silent although the server runs, and nothing says why.
    """
    rng = Random(seed)
    stage = Stage(server.base_url, Random(rng.random()))
    tasks: list[asyncio.Task[None]] = []
    silence: TimeoutError | None = None
    await asyncio.to_thread(server.start, env=ENGLISH)
    try:
        people = _people(stage, pairs, await _sign_in(server))
        stage.up.set()
        tasks += [asyncio.create_task(person.live()) for person in people]
        for _ in range(kills):
            await _hear(stage, tasks, rng.randint(50, 1_500))
            await asyncio.sleep(rng.uniform(0, 0.02))  # any moment of a commit, not its end
            stage.up.clear()
            await asyncio.to_thread(server.kill)
            await asyncio.to_thread(server.start, env=ENGLISH)
            stage.up.set()
        await _hear(stage, tasks, 300)
        stage.over = True
        try:
            await _all_level(stage, server, people, tasks)
        except TimeoutError as error:  # what somebody misses for good, the check finds
            silence = error
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await asyncio.to_thread(server.kill)
    stored = read_timeline(server.data_dir)
    notes = {person.name: person.notes for person in people}
    acknowledged = sum(
        send.seq is not None for one in notes.values() for send in one.sends.values()
    )
    violations = check(notes, stored)
    if silence and not violations:
        raise silence
    return Outcome(len(stored), acknowledged, stage.shown, violations)


def read_timeline(data_dir: Path) -> list[Stored]:
    """The timelines of the desk's conversations, as they are stored."""
    chosen = """
        SELECT m.conversation_id, m.seq, p.role || p.id, m.client_id, m.text
        FROM message m JOIN participant p ON p.id = m.sender_id
        JOIN conversation c ON c.id = m.conversation_id
        WHERE c.kind = 'desk' ORDER BY m.conversation_id, m.seq
    """
    with closing(sqlite3.connect(data_dir / "kefu.db")) as store:
        return [Stored(*row) for row in store.execute(chosen)]


def _people(stage: Stage, pairs: int, token: str) -> list[Person]:
    """Visitors of each kind in turn, each followed by the agent of the same conversation."""
    people: list[Person] = []
    for n in range(pairs):
        device = f"kd_{n:043}"
        visitor: Person
        if n % 3 == 0:
            visitor = OnWebSocket(stage, f"visitor-{n}", device)
        else:
            visitor = OnHttp(stage, f"visitor-{n}", device, stream=n % 3 == 1)
        people += [visitor, OnWebSocket(stage, f"agent-{n}", token, serves=visitor)]
    return people


async def _sign_in(server: KefuServer) -> str:
    """The session of the demo's supervisor."""
    accounts = dict(re.findall(r"(\S+@demo\.kefu)  password: (\S+)", server.log))
    account = {"email": "chen@demo.kefu", "password": accounts["chen@demo.kefu"]}
    async with httpx.AsyncClient(base_url=server.base_url) as client:
        answer = await client.post("/api/v1/session", json=account)
    return str(answer.raise_for_status().json()["token"])


async def _hear(stage: Stage, tasks: Sequence[asyncio.Task[None]], messages: int) -> None:
    """Wait until so many more were shown. Raises what ended anybody, TimeoutError."""
    until = stage.shown + messages
    while stage.shown < until:
        await _news(stage, tasks)


async def _all_level(
    stage: Stage, server: KefuServer, people: Sequence[Person], tasks: Sequence[asyncio.Task[None]]
) -> None:
    """Wait until everything is answered and everybody has read to the end."""
    while any(person.unanswered for person in people):
        await _news(stage, tasks)
    heads = {row.conversation: row.seq for row in read_timeline(server.data_dir) if row.text}
    while any(person.last < heads[person.conversation] for person in people):
        await _news(stage, tasks)


async def _news(stage: Stage, tasks: Sequence[asyncio.Task[None]]) -> None:
    """Wait until something happens."""
    stage.news.clear()
    news = asyncio.create_task(stage.news.wait())
    async with asyncio.timeout(QUIET_S):
        await asyncio.wait([news, *tasks], return_when=asyncio.FIRST_COMPLETED)
    news.cancel()
    for task in tasks:
        if task.done():
            task.result()
