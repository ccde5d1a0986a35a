"""How long visitors of an inbox wait for the first answer of a person, as a page tells them.

Rules: a figure that was measured, or none: the median of the last conversations that began while
the inbox was open, in ``DAYS`` days; fewer than ``FEWEST`` say nothing. Who still waits counts with
the wait so far, so that a jam is not told of only once it is over. It is looked up once in
``FRESH_S`` for an inbox, whoever asks. Time is an argument (seconds of any monotonic clock).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from statistics import median_low
from typing import NamedTuple

from kefu.core.hours import Hours, is_open

DAYS = 7
MOST = 200  # conversations that are looked at, the newest
FEWEST = 10
FRESH_S = 60.0


class Wait(NamedTuple):
    """One conversation's. Unix milliseconds; ``replied_ms``: None, it still waits."""

    began_ms: int
    replied_ms: int | None


class Replies:
    """What was looked up lately, by inbox."""

    def __init__(self) -> None:
        self._known: dict[int, tuple[float, int | None]] = {}

    def find(self, inbox_id: int, now_s: float, look_up: Callable[[], int | None]) -> int | None:
        """As ``typical_s``. For any thread."""
        known = self._known.get(inbox_id)
        if known is None or now_s - known[0] >= FRESH_S:
            known = self._known[inbox_id] = (now_s, look_up())
        return known[1]


def typical_s(waits: Iterable[Wait], hours: Hours | None, now_ms: int) -> int | None:
    """How many seconds a first answer takes; None: too little is known."""
    took_ms = [
        max(0, (now_ms if one.replied_ms is None else one.replied_ms) - one.began_ms)
        for one in waits
        if is_open(hours, one.began_ms)
    ]
    return max(1, round(median_low(took_ms) / 1000)) if len(took_ms) >= FEWEST else None
