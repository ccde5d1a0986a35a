"""One client in one namespace, as the application sees it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

from kefu.transport.engineio import EncodedPacket, Session
from kefu.transport.socketio.encoder import encode_ack, encode_disconnect, encode_event
from kefu.transport.websocket import Request


class SocketHandler(Protocol):
    """What listens to one socket. Callbacks are made on the loop, in order, and never raise."""

    def event(self, name: str, args: list[Any], ack: Callable[..., None] | None) -> None:
        """An event arrived; ``ack(*args)`` answers it, once, if its sender asked for that."""

    def disconnected(self, reason: str) -> None:
        """The socket has ended; called last and exactly once."""


class Socket:
    """See the module. Sending on a socket that has ended does nothing.

    Attributes:
        id: names the socket; not a secret, and not the session's id, which is one.
        auth: the object the client connected with, ``{}`` if none.
        reason: why it ended; None while it is open.
    """

    __slots__ = ("_leave", "_session", "auth", "handler", "id", "namespace", "reason")

    handler: SocketHandler

    def __init__(
        self, sid: str, namespace: str, session: Session, leave: Callable[[Socket], None]
    ) -> None:
        self.id = sid
        self.namespace = namespace
        self.auth: dict[str, Any] = {}
        self.reason: str | None = None
        self._session = session
        self._leave = leave

    @property
    def request(self) -> Request:
        """The HTTP request that opened the session: query, headers, the client's address.

        It has headers only while the client's first namespace is called with its socket.
        """
        return self._session.request

    def emit(self, event: str, *args: object) -> None:
        """Send an event to this client only."""
        self.send(encode_event(event, *args, namespace=self.namespace))

    def send(self, packet: EncodedPacket) -> None:
        """Send what ``encode_event`` made for this namespace, to this client among others."""
        if self.reason is None:
            self._session.send(packet)

    def disconnect(self, close_engine: bool = False) -> None:
        """Tell the client that it is out; with ``close_engine`` end its connection as well.

        ``SocketHandler.disconnected`` is called before this returns.
        """
        if self.reason is None:
            self.send(encode_disconnect(self.namespace))
            self._leave(self)
            self.end("server namespace disconnect")
        if close_engine:
            self._session.close()

    def check_alive(self, timeout_s: float, answer: Callable[[bool], None]) -> None:
        """Ping now; ``answer(True)`` at any sign of life, ``answer(False)`` without one in time."""
        self._session.check_alive(timeout_s, answer)

    def end(self, reason: str) -> None:
        """For the client's connection only: tell the handler that it is over."""
        self.reason = reason
        handler = getattr(self, "handler", None)
        if handler is not None:
            handler.disconnected(reason)


class Ack:
    """Answers one event, once."""

    __slots__ = ("_id", "_socket")

    def __init__(self, socket: Socket, ack_id: int) -> None:
        self._socket: Socket | None = socket
        self._id = ack_id

    def __call__(self, *args: object) -> None:
        socket, self._socket = self._socket, None
        if socket is not None:
            socket.send(encode_ack(self._id, args, socket.namespace))
