"""The tutorial's small demo: whatever one sends, everybody connected gets as ``服务器TEXT服务器``.

Rules: nothing is stored and nobody has a name. It sends to all of its sockets by nature, so it
takes few of them; it is on in ``kefu demo`` only.
Source: docs/protocol/rooms.md, section "The small demo".
"""

from __future__ import annotations

from kefu.actions.context import Context
from kefu.core.errors import TooMany
from kefu.gateways.refusals import too_fast
from kefu.gateways.rooms.codec import TOO_MANY, UNSUPPORTED
from kefu.net.origins import ANY
from kefu.transport.websocket import Connection, Refusal, Request, text_frame

MOST_SOCKETS = 200


class Demo:
    """Everybody who is connected to the demo."""

    def __init__(self, ctx: Context) -> None:
        self.ctx = ctx
        self.sockets: set[DemoSocket] = set()

    def websocket(self, request: Request) -> DemoSocket | Refusal:
        """The handler for a new socket."""
        if not self.ctx.policy.pages.beside(ANY).may(request.headers):
            return Refusal(403, "This page may not connect.\n")
        if len(self.sockets) >= MOST_SOCKETS:
            return Refusal(503, "The demo is full. Try again later.\n")
        return DemoSocket(self)


class DemoSocket:
    """One page of the demo."""

    __slots__ = ("_allowance", "_connection", "_demo")

    def __init__(self, demo: Demo) -> None:
        self._demo = demo
        self._connection: Connection
        self._allowance = demo.ctx.allowance()

    def connected(self, connection: Connection) -> None:
        """The page opened its socket."""
        self._connection = connection
        self._demo.sockets.add(self)

    def message(self, data: str | bytes) -> None:
        """Send it to everybody."""
        if isinstance(data, bytes):
            self._connection.close(UNSUPPORTED, "text only")
            return
        allowance = self._allowance
        if allowance and (wait_s := allowance.take(self._demo.ctx.monotonic_s())):
            self._connection.send_text(too_fast(wait_s))
            if allowance.spent:
                self._connection.close(TOO_MANY, TooMany.code)
            return
        frame = text_frame(f"服务器{data}服务器")
        for socket in tuple(self._demo.sockets):
            socket._connection.send_frame(frame)

    def closed(self, code: int, reason: str) -> None:
        """The page closed its socket, or is gone."""
        self._demo.sockets.discard(self)
