"""What both directions of Socket.IO 5 share. Source: Socket.IO protocol 5, "Exchange protocol"."""

from __future__ import annotations

from typing import Any, Final, NamedTuple

CONNECT: Final = 0
DISCONNECT: Final = 1
EVENT: Final = 2
ACK: Final = 3
CONNECT_ERROR: Final = 4
BINARY_EVENT: Final = 5
BINARY_ACK: Final = 6


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
