"""What a session needs round it: a clock, the way out, an owner, and somebody who listens.

An asyncio event loop is a ``Clock``, a WebSocket ``Connection`` is a ``Link``; tests bring theirs.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from kefu.transport.engineio.settings import EngineSettings, Fault

Answer = Callable[[bytes | Fault], None]
"""Ends a GET: with a payload, or refused."""


class Timer(Protocol):
    """A call that will come."""

    def cancel(self) -> None:
        """Let it not come."""


class Clock(Protocol):
    """Monotonic time; an asyncio loop is one."""

    def time(self) -> float:
        """Now, in seconds from whatever start."""

    def call_later(self, delay: float, callback: Callable[..., object], *args: object) -> Timer:
        """Call back in ``delay`` seconds."""


class Link(Protocol):
    """The sending half of a WebSocket connection."""

    def send_frame(self, frame: bytes) -> None:
        """Send frames that are encoded already."""

    def close(self, code: int = 1000, reason: str = "") -> None:
        """Begin the closing handshake."""


class EngineHandler(Protocol):
    """What listens to one session. Callbacks are made on the loop, in order, and never raise."""

    def message(self, data: str | bytes) -> None:
        """A message arrived."""

    def closed(self, reason: str) -> None:
        """The session has ended; called exactly once."""


class Owner(Protocol):
    """Who keeps the sessions."""

    @property
    def clock(self) -> Clock:
        """The time by which sessions live."""

    @property
    def settings(self) -> EngineSettings:
        """The limits they keep."""

    def forget(self, sid: str) -> None:
        """The session has ended and its id means nothing any more; may be called again."""
