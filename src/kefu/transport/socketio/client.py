"""One connection of Socket.IO: the namespaces its client is in, and what it may do there.

Rules
- CONNECT comes first. In a namespace the client is not in, anything else closes it.
- A client that is in no namespace for ``connect_timeout_ms`` is closed, and so is one that connects
  again and again.
- An event with attachments is complete before anything else may come.
- A bad packet closes the client; the other clients notice nothing.

Source: Socket.IO protocol 5, "Exchange protocol".
Not here: the form of packets (``decoder``, ``encoder``), the transport (``engineio``).
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping

from kefu.transport.engineio import Session
from kefu.transport.engineio.ports import Clock
from kefu.transport.socketio.decoder import attach, decode
from kefu.transport.socketio.encoder import encode_connect, encode_connect_error
from kefu.transport.socketio.packet import (
    BINARY_EVENT,
    CONNECT,
    DISCONNECT,
    EVENT,
    BadPacket,
    Packet,
)
from kefu.transport.socketio.settings import SocketIOSettings
from kefu.transport.socketio.socket import Ack, Socket, SocketHandler

Namespaces = Mapping[str, Callable[[Socket], SocketHandler]]
"""What each namespace (``/``, ``/name``) listens with."""

SID_BYTES = 15
"""120 random bits, 20 characters."""


class Client:
    """See the module; an ``EngineHandler``."""

    __slots__ = (
        "_attachments",
        "_clock",
        "_connects",
        "_namespaces",
        "_partial",
        "_session",
        "_settings",
        "_sockets",
        "_timer",
    )

    def __init__(
        self, session: Session, namespaces: Namespaces, settings: SocketIOSettings, clock: Clock
    ) -> None:
        self._session = session
        self._namespaces = namespaces
        self._settings = settings
        self._clock = clock
        self._sockets: dict[str, Socket] = {}
        self._connects = 0
        self._partial: Packet | None = None  # waits for its attachments
        self._attachments: list[bytes] | None = None
        self._wait_for_connect()

    def message(self, data: str | bytes) -> None:
        """Take one message of the client."""
        try:
            packet = self._read(data)
        except BadPacket:
            self._session.fail()
            return
        if packet is None:
            return
        socket = self._sockets.get(packet.namespace)
        kind = packet.type
        if socket is None:
            if kind == CONNECT:
                self._connect(packet)
            else:
                self._session.fail()
        elif kind in (EVENT, BINARY_EVENT):
            name, *args = packet.data
            ack = None if packet.ack_id is None else Ack(socket, packet.ack_id)
            socket.handler.event(name, args, ack)
        elif kind == DISCONNECT:
            self._leave(socket)
            socket.end("client namespace disconnect")
        elif kind == CONNECT:
            self._session.fail()
        else:  # ACK: this server asks for none, and a late one does no harm
            self._session.spend()

    def closed(self, reason: str) -> None:
        """The session has ended, and with it every socket."""
        self._timer.cancel()
        self._partial = self._attachments = None
        sockets, self._sockets = self._sockets, {}
        for socket in sockets.values():
            socket.end(reason)

    def _read(self, data: str | bytes) -> Packet | None:
        """The packet that ``data`` completes. Raises BadPacket."""
        if isinstance(data, bytes):
            return self._add_attachment(data)
        if self._partial is not None:
            raise BadPacket("text among the attachments")
        if not self._sockets and len(data) > self._settings.max_connect_bytes:
            raise BadPacket("too much before CONNECT")
        packet = decode(data, self._settings.max_attachments)
        if not packet.attachments:
            return packet
        if packet.namespace not in self._sockets:
            raise BadPacket("attachments before CONNECT")
        self._partial, self._attachments = packet, []
        return None

    def _add_attachment(self, data: bytes) -> Packet | None:
        packet, attachments = self._partial, self._attachments
        if packet is None or attachments is None:
            raise BadPacket("an attachment of nothing")
        attachments.append(data)
        if sum(map(len, attachments)) > self._settings.max_event_bytes:
            raise BadPacket(f"more than {self._settings.max_event_bytes} bytes of attachments")
        if len(attachments) < packet.attachments:
            return None
        self._partial = self._attachments = None
        return packet._replace(data=attach(packet.data, attachments))

    def _connect(self, packet: Packet) -> None:
        self._connects += 1
        if self._connects > self._settings.max_connects:
            self._session.fail()
            return
        namespace = packet.namespace
        listen = self._namespaces.get(namespace)
        if listen is None:
            self._session.send(encode_connect_error("Invalid namespace", namespace))
            return
        sid = secrets.token_urlsafe(SID_BYTES)
        socket = Socket(sid, namespace, self._session, self._leave)
        socket.auth = packet.data or {}
        self._sockets[namespace] = socket
        self._timer.cancel()
        self._session.send(encode_connect(sid, namespace))
        handler = listen(socket)
        if socket.reason is not None:  # disconnected by what listens
            handler.disconnected(socket.reason)
        else:
            socket.handler = handler
        self._session.drop_headers()

    def _leave(self, socket: Socket) -> None:
        del self._sockets[socket.namespace]
        if not self._sockets:
            self._wait_for_connect()

    def _wait_for_connect(self) -> None:
        timeout_s = self._settings.connect_timeout_ms / 1000
        self._timer = self._clock.call_later(timeout_s, self._session.close, "connect timeout")
