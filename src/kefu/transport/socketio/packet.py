"""What both directions of Socket.IO 5 share. Source: Socket.IO protocol 5, "Exchange protocol"."""

from __future__ import annotations

from enum import IntEnum
from typing import Any, NamedTuple


class PacketType(IntEnum):
    CONNECT = 0
    DISCONNECT = 1
    EVENT = 2
    ACK = 3
    CONNECT_ERROR = 4
    BINARY_EVENT = 5
    BINARY_ACK = 6


class Packet(NamedTuple):
    """A packet as it arrived, its attachments apart.

    ``data`` is a dict or None for CONNECT, None for DISCONNECT, a list for the rest.
    ``attachments`` counts the binary messages that are still to come for it.
    """

    type: int
    namespace: str
    ack_id: int | None
    data: Any
    attachments: int = 0


class BadPacket(ValueError):
    """What arrived is not Socket.IO; its client is closed."""


RESERVED_EVENTS = frozenset(
    ("connect", "connect_error", "disconnect", "disconnecting", "newListener", "removeListener")
)
"""Names that mean something to the client libraries; a peer may not send them as events."""
