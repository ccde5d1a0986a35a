"""Sessions over WebSocket: two handlers that pass on what the WebSocket layer reports."""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from kefu.transport.engineio.session import Session
from kefu.transport.engineio.settings import Fault
from kefu.transport.websocket import Connection, Refusal


def refusal(fault: Fault) -> Refusal:
    """``fault`` as the HTTP answer to a WebSocket handshake."""
    body = msgspec.json.encode({"code": fault.code, "message": fault.message}).decode()
    return Refusal(fault.status, body, (("content-type", "application/json"),))


class SessionSocket:
    """A WebSocket that opens a session and is its only transport."""

    __slots__ = ("_connection", "_open", "_session")

    _session: Session
    _connection: Connection

    def __init__(self, open_session: Callable[[Connection], Session]) -> None:
        self._open = open_session

    def connected(self, connection: Connection) -> None:
        self._connection = connection
        self._session = self._open(connection)
        del self._open  # it holds the request with its headers

    def message(self, data: str | bytes) -> None:
        self._session.receive(data)

    def closed(self, code: int, reason: str) -> None:
        self._session.link_lost(self._connection)


class UpgradeSocket:
    """A WebSocket that came with the id of a session, to become its transport."""

    __slots__ = ("_connection", "_session")

    _connection: Connection

    def __init__(self, session: Session) -> None:
        self._session = session

    def connected(self, connection: Connection) -> None:
        self._connection = connection
        if not self._session.begin_upgrade(connection):
            connection.close()

    def message(self, data: str | bytes) -> None:
        if self._session.link is self._connection:
            self._session.receive(data)
        else:
            self._session.receive_upgrade(self._connection, data)

    def closed(self, code: int, reason: str) -> None:
        self._session.link_lost(self._connection)
