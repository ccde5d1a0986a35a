"""What an application gives to this layer: a route, a handler per connection, limits.

Not here: how they are used (``connection``).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Protocol

from kefu.transport.budget import HONEST, Budget
from kefu.transport.websocket.handshake import Refusal, Request

if TYPE_CHECKING:
    from kefu.transport.websocket.connection import Connection


@dataclass(frozen=True, slots=True, kw_only=True)
class WebSocketLimits:
    """Bounds of one connection.

    ``ping_interval_s`` 0 means that this side sends no pings and waits for nothing.
    """

    message_bytes: int = 64 * 1024
    outbox_bytes: int = 1024 * 1024
    ping_interval_s: float = 20.0
    ping_timeout_s: float = 20.0
    close_timeout_s: float = 2.0
    slow_code: int = 1013
    idle: Budget = HONEST  # of frames that carry nothing for the application
    flood_code: int = 1008


DEFAULT_LIMITS: Final = WebSocketLimits()


class Handler(Protocol):
    """What an application makes of one connection.

    Methods are called on the loop and do not raise; an error of theirs ends this connection.
    """

    def connected(self, connection: Connection) -> None:
        """The handshake is done; called first. The request's headers are dropped after it."""

    def message(self, data: str | bytes) -> None:
        """A whole message: ``str`` for text, ``bytes`` for binary."""

    def closed(self, code: int, reason: str) -> None:
        """Called last, once: the code of the first Close, the peer's or ours; 1006 without one."""


@dataclass(frozen=True, slots=True)
class Agreed:
    """A handler that speaks ``subprotocol``, one of those that the client offered."""

    handler: Handler
    subprotocol: str


Route = Callable[[Request], Handler | Agreed | Refusal]
LimitsOf = Callable[[Request], WebSocketLimits]


class Nobody:
    """The handler before the handshake and after the end."""

    def connected(self, connection: Connection) -> None: ...

    def message(self, data: str | bytes) -> None: ...

    def closed(self, code: int, reason: str) -> None: ...


NOBODY: Final = Nobody()
