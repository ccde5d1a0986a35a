"""Lines of the log that a stranger can cause: one at once, then one a minute that counts the rest.

Rules: whatever anybody sends, and however often, the log grows by a line a minute for each kind.
"""

from __future__ import annotations

import asyncio
from typing import Any

import structlog

EVERY_S = 60.0

log = structlog.get_logger()


class Seldom:
    """What happened of each kind since its last line."""

    def __init__(self) -> None:
        self._more: dict[str, tuple[int, dict[str, Any]]] = {}  # there: its minute is not over

    def note(self, event: str, **fields: Any) -> None:
        """It happened: a line now, or one at the end of the minute, with the last one's fields."""
        if event in self._more:
            times, _ = self._more[event]
            self._more[event] = (times + 1, fields)
        else:
            self._say(event, fields, 1)

    def _say(self, event: str, fields: dict[str, Any], times: int) -> None:
        log.info(event, **fields, times=times)
        self._more[event] = (0, {})
        asyncio.get_running_loop().call_later(EVERY_S, self._end_of_minute, event)

    def _end_of_minute(self, event: str) -> None:
        times, fields = self._more.pop(event)
        if times:
            self._say(event, fields, times)
