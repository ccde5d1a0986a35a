"""How many things a client may send that count for nothing: so many at once, then so many a second.

Rules: what a client says is the application's to count. Pings, pongs, no-ops and crumbs of messages
reach no application, and each costs the loop as much as a message.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """``per_s`` a second after ``burst`` at once. ``burst`` 0: no bound."""

    per_s: float = 50.0
    burst: int = 1_000


HONEST: Final = Budget()  # many times what any client library sends


class Spending:
    """What one connection has left of its budget."""

    __slots__ = ("_at_s", "_budget", "_left")

    def __init__(self, budget: Budget) -> None:
        self._budget = budget
        self._left = float(budget.burst)
        self._at_s = 0.0

    def spend(self, count: int, now_s: float) -> bool:
        """Whether there was still room for ``count`` more."""
        budget = self._budget
        if not count or not budget.burst:
            return True
        self._left = min(budget.burst, self._left + (now_s - self._at_s) * budget.per_s) - count
        self._at_s = now_s
        return self._left >= 0
