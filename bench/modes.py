"""The measurements: which servers take part in each, in what order, and what is asked of them.

A mode is a list of cases; a case is one server at one size. The cases of one size run side by
side, round after round, so that the drift of the machine meets all of them.
Not here: tables and plots (``bench.report``, ``bench.plot``), the goals (``bench.budget``).
"""

import asyncio
import json
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable, Collection, Coroutine, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import uvloop

from bench import servers
from bench.dialects import Dialect, Direct, Rooms
from bench.load import Figures, Pair, Tally, Timing, at_rate, in_flight, set_up, talking_pairs
from bench.realtime import REALTIME, Realtime
from bench.results import Case
from bench.servers import Kind, Server
from bench.wire import Client

MODES = ("relay", "realtime", "direct", "fixed", "logins", "idle")
BARE_COMMIT = "bare group commit"
_LOGINS_TOGETHER = 100
_LOGINS_TIMEOUT_S = 240.0


@dataclass(frozen=True)
class Plan:
    """How much is measured. ``rounds`` of logins and idle connections is always one: their
    figures are counts of bytes, which do not drift."""

    pairs: tuple[int, ...]
    direct_pairs: tuple[int, ...]
    fixed_pairs: int
    logins: int
    idle: int  # connections, an even number
    settle_s: float  # until all that is on its way has arrived and memory has come to rest
    rounds: int
    timing: Timing


FULL = Plan((50, 500, 2000), (500, 2000), 500, 2000, 5000, 2.0, 3, Timing(1.5, 4.0))
QUICK = Plan((20,), (20,), 20, 50, 100, 0.2, 1, Timing(0.3, 0.7))


@dataclass(frozen=True)
class Job:
    """How one case is measured once."""

    case: Case
    run: Callable[[], Figures]


def measure(
    mode: str, plan: Plan, only: Collection[str], tell: Callable[[str], None]
) -> list[Case]:
    """Run ``mode`` with the servers whose keys are in ``only`` and return its cases."""
    cases: list[Case] = []
    for group in _GROUPS[mode](plan, only):
        for number in range(1 if mode in ("logins", "idle") else plan.rounds):
            for job in group:
                figures = job.run()
                job.case.rounds.append(figures)
                told = "  ".join(f"{key} {value:.4g}" for key, value in figures.items())
                tell(f"{mode} {job.case.size} {job.case.server}, round {number + 1}: {told}")
        cases += [job.case for job in group]
    return cases


_Groups = Iterator[list[Job]]
_Work = Callable[[Server], Coroutine[Any, Any, Figures]]
_Talk = Callable[[Server, Sequence[Pair], Tally], Awaitable[Figures]]


def _relay(plan: Plan, only: Collection[str]) -> _Groups:
    for size in plan.pairs:
        kinds = _chosen(only, servers.KEFU, servers.RELAY, servers.ROOMS)
        yield [_talk(kind, Rooms, size, partial(in_flight, timing=plan.timing)) for kind in kinds]


def _realtime(plan: Plan, only: Collection[str]) -> _Groups:
    for size in plan.pairs:
        work = partial(in_flight, timing=plan.timing)
        pairs = ((REALTIME, Realtime), (servers.RELAY, Rooms))
        yield [_talk(kind, dialect, size, work) for kind, dialect in pairs if kind.key in only]


def _direct(plan: Plan, only: Collection[str]) -> _Groups:
    for size in plan.direct_pairs:
        kinds = _chosen(only, servers.KEFU, servers.DIRECT_QUIET)
        yield [_talk(kind, Direct, size, partial(in_flight, timing=plan.timing)) for kind in kinds]


def _fixed(plan: Plan, only: Collection[str]) -> _Groups:
    floor = Job(Case(BARE_COMMIT, plan.fixed_pairs), partial(bare_commit, plan.timing))
    kinds = _chosen(only, servers.KEFU, servers.RELAY)
    work = partial(at_rate, timing=plan.timing)
    yield [floor, *(_talk(kind, Rooms, plan.fixed_pairs, work) for kind in kinds)]


def _logins(plan: Plan, only: Collection[str]) -> _Groups:
    kinds = _chosen(only, servers.KEFU, servers.DIRECT)
    yield [_on(kind, plan.logins, partial(_log_in, plan)) for kind in kinds]


def _idle(plan: Plan, only: Collection[str]) -> _Groups:
    rooms = _chosen(only, servers.KEFU, servers.RELAY, servers.ROOMS)
    direct = _chosen(only, servers.KEFU, servers.DIRECT_QUIET)
    realtime = _chosen(only, REALTIME)
    for dialect, kinds in ((Rooms, rooms), (Realtime, realtime), (Direct, direct)):
        work = partial(_grow, dialect, plan)
        name = dialect.__name__.lower()
        yield [_on(kind, plan.idle, work, label=f"{kind.label}, {name}") for kind in kinds]


_GROUPS = {
    "relay": _relay,
    "realtime": _realtime,
    "direct": _direct,
    "fixed": _fixed,
    "logins": _logins,
    "idle": _idle,
}


def _chosen(only: Collection[str], *kinds: Kind) -> list[Kind]:
    return [kind for kind in kinds if kind.key in only]


def _on(kind: Kind, size: int, work: _Work, label: str = "") -> Job:
    def run() -> Figures:
        with servers.running(kind) as server:
            return uvloop.run(work(server))

    return Job(Case(label or kind.label, size), run)


def _talk(kind: Kind, dialect: Callable[[Server], Dialect], size: int, talk: _Talk) -> Job:
    async def work(server: Server) -> Figures:
        async with talking_pairs(dialect(server), size) as (pairs, tally):
            return await talk(server, pairs, tally)

    return _on(kind, size, work)


def bare_commit(timing: Timing) -> Figures:
    """The floor of any server that stores first: insert and commit at ``timing.rate``."""
    with servers.data_directory() as directory:
        numbers = (timing.rate, timing.warm_up_s, timing.window_s)
        done = subprocess.run(
            [sys.executable, "-m", "bench.commit", str(directory), *map(str, numbers)],
            cwd=Path(__file__).parent.parent,
            stdout=subprocess.PIPE,
            check=True,
            preexec_fn=partial(servers.pin, servers.SERVER_CORE),
        )
    figures: Figures = json.loads(done.stdout)
    return figures


async def _log_in(plan: Plan, server: Server) -> Figures:
    """Let people log in; it is over when each was sent the list of them all."""
    count = plan.logins
    direct = Direct(server)
    names = [f"user{index:05}" for index in range(count)]
    full_list = len('42["user_list",' + json.dumps(names, separators=(",", ":")) + "]")
    gate = asyncio.Semaphore(_LOGINS_TOGETHER)
    informed: set[str] = set()
    all_informed = asyncio.Event()

    def overhear(name: str, text: bytes) -> None:
        if len(text) == full_list:
            informed.add(name)
            if len(informed) == count:
                all_informed.set()

    async def one(name: str) -> Client:
        async with gate:
            return await direct.log_in(name, partial(overhear, name))

    async with asyncio.timeout(_LOGINS_TIMEOUT_S):
        clock, cpu_s = time.perf_counter(), server.cpu_s()
        clients = await asyncio.gather(*map(one, names))
        await all_informed.wait()
        seconds = time.perf_counter() - clock
    await asyncio.sleep(plan.settle_s)  # what is still on its way counts as well
    figures = {
        "mib": sum(client.received for client in clients) / 2**20,
        "frames": float(sum(client.frames for client in clients)),
        "seconds": seconds,
        "cpu_s": server.cpu_s() - cpu_s,
    }
    _disconnect(clients)
    return figures


async def _grow(dialect: Callable[[Server], Dialect], plan: Plan, server: Server) -> Figures:
    """Connect pairs that fall silent after one message; memory is counted after the first tenth."""
    spoken = dialect(server)
    first, more = plan.idle // 20, plan.idle // 2
    talkers = await set_up(spoken, range(first))
    await asyncio.sleep(plan.settle_s)
    before = server.rss_bytes()
    talkers += await set_up(spoken, range(first, first + more))
    await asyncio.sleep(plan.settle_s)
    grown = server.rss_bytes() - before
    _disconnect([client for each in talkers for client in (each.sender, each.receiver)])
    return {"kib": grown / 1024 / (2 * more), "start_mib": before / 2**20}


def _disconnect(clients: Iterable[Client]) -> None:
    for client in clients:
        client.transport.abort()
