"""What Kefu must reach, and what it aims at: ratios within one run and KiB per connection.

A goal whose cases were not measured (a short run, a server left out) has no value and no line.
Not here: the measurements (``bench.modes``).
"""

import statistics
from collections.abc import Callable
from dataclasses import dataclass

from bench.modes import BARE_COMMIT
from bench.results import Case, Results
from bench.servers import DIRECT, KEFU, RELAY, ROOMS


@dataclass(frozen=True)
class Goal:
    """``value`` is None when it was not measured; smaller is better everywhere."""

    what: str
    value: Callable[[Results], float | None]
    reach: float
    aim: float
    unit: str = "×"

    def verdict(self, value: float) -> str:
        return "aim" if value <= self.aim else "reached" if value <= self.reach else "**missed**"


def find(results: Results, mode: str, server: str, size: int | None) -> Case | None:
    """The case of ``server``; ``size`` None when the mode has one size only."""
    cases = results[mode].cases if mode in results else []
    return next((c for c in cases if c.server == server and size in (None, c.size)), None)


def ratio(ours: Case, other: Case, figure: str) -> float:
    """Median of the ratios round by round: both met the same minute of the machine."""
    pairs = zip(ours.rounds, other.rounds, strict=True)
    return statistics.median(mine[figure] / its[figure] for mine, its in pairs)


def _against(
    mode: str, other: str, size: int | None = None, *, figure: str = "cpu_us", scale: float = 1
) -> Callable[[Results], float | None]:
    def value(results: Results) -> float | None:
        mine, its = (find(results, mode, server, size) for server in (KEFU.label, other))
        return ratio(mine, its, figure) * scale if mine and its else None

    return value


def _growth(mode: str) -> Callable[[Results], float | None]:
    def value(results: Results) -> float | None:
        small, large = (find(results, mode, KEFU.label, size) for size in (50, 2000))
        return large.median("cpu_us") / small.median("cpu_us") if small and large else None

    return value


def _kib(dialect: str) -> Callable[[Results], float | None]:
    def value(results: Results) -> float | None:
        case = find(results, "idle", f"{KEFU.label}, {dialect}", None)
        return case.median("kib") if case else None

    return value


_RELAY, _ROOMS, _DIRECT = RELAY.label, ROOMS.label, DIRECT.label
GOALS = (
    Goal("rooms : relay on ws, 500 pairs", _against("relay", _RELAY, 500), 1.0, 0.7),
    Goal("rooms : relay on ws, 2,000 pairs", _against("relay", _RELAY, 2000), 1.0, 0.7),
    Goal("rooms : first tutorial's, 500 pairs", _against("relay", _ROOMS, 500), 0.7, 0.5),
    Goal("rooms : first tutorial's, 2,000 pairs", _against("relay", _ROOMS, 2000), 0.3, 0.2),
    Goal("direct : second tutorial's, 500 pairs", _against("direct", _DIRECT, 500), 0.7, 0.5),
    Goal("direct : second tutorial's, 2,000 pairs", _against("direct", _DIRECT, 2000), 0.7, 0.5),
    Goal("realtime : relay on ws, 500 pairs", _against("realtime", _RELAY, 500), 1.2, 0.8),
    Goal("realtime : relay on ws, 2,000 pairs", _against("realtime", _RELAY, 2000), 1.2, 0.8),
    Goal("rooms, 2,000 pairs : 50 pairs", _growth("relay"), 1.3, 1.1),
    Goal("realtime, 2,000 pairs : 50 pairs", _growth("realtime"), 1.3, 1.1),
    Goal(
        "p99 at 2,000 messages/s : bare group commit",
        _against("fixed", BARE_COMMIT, figure="p99_ms"),
        3.0,
        1.5,
    ),
    Goal("idle connection, rooms", _kib("rooms"), 10.0, 6.5, "KiB"),
    Goal("idle connection, realtime", _kib("realtime"), 10.0, 6.5, "KiB"),
    Goal("idle connection, direct", _kib("direct"), 14.0, 8.0, "KiB"),
    Goal(
        "bytes of 2,000 logins : second tutorial's",
        _against("logins", _DIRECT, 2000, figure="mib", scale=100),
        2.0,
        0.5,
        "%",
    ),
)
