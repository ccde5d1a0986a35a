"""Saying in the log that something fails: at once, then a counted line a minute, then its end.

Not here: what fails.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from threading import Lock

import structlog

EVERY_S = 60.0

log = structlog.get_logger()


class Trouble:
    """One kind of failure. Any thread may report."""

    def __init__(self, event: str, over: str, now_s: Callable[[], float] = time.monotonic) -> None:
        """``event``, ``over``: what the log calls a failure, and its end."""
        self._event, self._over, self._now_s = event, over, now_s
        self._lock = Lock()
        self._total = self._untold = 0
        self._begun_s = self._told_s = 0.0

    @property
    def lasts(self) -> bool:
        """Whether it failed the last time."""
        return self._total > 0

    def failed(self, reason: str) -> None:
        """It has failed: ``reason`` is in the database's words, never in people's."""
        with self._lock:
            now_s = self._now_s()
            if not self._total:
                self._begun_s, self._told_s = now_s, now_s - EVERY_S
            self._total += 1
            self._untold += 1
            if now_s - self._told_s < EVERY_S:
                return
            times, self._untold, self._told_s = self._untold, 0, now_s
        log.error(self._event, reason=reason, times=times)

    def worked(self) -> None:
        """It has worked."""
        if not self._total:
            return
        with self._lock:
            times, self._total, self._untold = self._total, 0, 0
            lasted_s = round(self._now_s() - self._begun_s, 1)
        if times:
            log.info(self._over, times=times, lasted_s=lasted_s)
