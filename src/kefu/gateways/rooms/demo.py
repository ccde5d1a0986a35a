"""The tutorial's small demo: whatever one sends, everybody connected gets as ``服务器TEXT服务器``.

Rules: nothing is stored and nobody has a name. It sends to all of its sockets by nature, so it
takes few of them; it is on in ``kefu demo`` only.
Source: docs/protocol/rooms.md, section "The small demo".
"""

from __future__ import annotations

from collections.abc import Callable

from kefu.core.limits import Bucket, Limits
from kefu.gateways.refusals import too_fast
from kefu.gateways.rooms.codec import UNSUPPORTED
from kefu.transport.websocket import Connection, Refusal, Request, text_frame

MOST_SOCKETS = 200


class Demo:
    """Everybody who is connected to the demo."""

    def __init__(self, limits: Limits | None, monotonic_s: Callable[[], float]) -> None:
        """``limits``: None if rates are not enforced."""
        self.sockets: set[DemoSocket] = set()
        self.limits = limits
        self.monotonic_s = monotonic_s

    def websocket(self, request: Request) -> DemoSocket | Refusal:
        """The handler for a new socket."""
        if len(self.sockets) >= MOST_SOCKETS:
            return Refusal(503, "The demo is full. Try again later.\n")
        return DemoSocket(self)


class DemoSocket:
    """One page of the demo."""

    __slots__ = ("_bucket", "_connection", "_demo")

    def __init__(self, demo: Demo) -> None:
        self._demo = demo
        self._connection: Connection
        limits = demo.limits
        self._bucket = Bucket(limits.messages_per_s, limits.messages_burst) if limits else None

    def connected(self, connection: Connection) -> None:
        """The page opened its socket."""
        self._connection = connection
        self._demo.sockets.add(self)

    def message(self, data: str | bytes) -> None:
        """Send it to everybody."""
        if isinstance(data, bytes):
            self._connection.close(UNSUPPORTED)
            return
        if self._bucket and (wait_s := self._bucket.take(self._demo.monotonic_s())):
            self._connection.send_text(too_fast(wait_s))
            return
        frame = text_frame(f"服务器{data}服务器")
        for socket in tuple(self._demo.sockets):
            socket._connection.send_frame(frame)

    def closed(self, code: int, reason: str) -> None:
        """The page closed its socket, or is gone."""
        self._demo.sockets.discard(self)
