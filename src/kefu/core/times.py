"""Times that are stored, beside a clock that people set.

Rules: who waits for a stored time looks again at least every ``LOOK_AGAIN_MS``, on a clock that
nobody sets. A clock that was set back by more than ``SLACK_MS`` makes no wait longer than its rule
allows; by less, it is waited out.
Not here: which stored time has which rule (``storage.clocks``).
"""

from __future__ import annotations

LOOK_AGAIN_MS = 60_000
SLACK_MS = 60_000


def clamped(due_ms: int, now_ms: int, longest_ms: int) -> int:
    """``due_ms``, or the longest wait from now on if no wait can be as long as that."""
    latest_ms = now_ms + longest_ms
    return latest_ms if due_ms > latest_ms + SLACK_MS else due_ms


def passed(since_ms: int, now_ms: int, wait_ms: float) -> bool:
    """Whether ``wait_ms`` are over since then.

    They are, too, if "then" is to come and farther away than that: another clock set it.
    """
    return abs(now_ms - since_ms) >= wait_ms
