"""A WebSocket handler that sends every message back."""

from __future__ import annotations

from kefu.transport.websocket import Connection


class Echo:
    """Sends back what comes, text as text and binary as binary."""

    _connection: Connection

    def connected(self, connection: Connection) -> None:
        self._connection = connection

    def message(self, data: str | bytes) -> None:
        if isinstance(data, str):
            self._connection.send_text(data)
        else:
            self._connection.send_binary(data)

    def closed(self, code: int, reason: str) -> None:
        pass
