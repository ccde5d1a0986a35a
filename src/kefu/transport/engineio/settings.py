"""Limits and times of an Engine.IO server, and the answers to what it refuses.

Rule: every buffer and every wait of this package has its bound here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from kefu.net.origins import OWN_ALONE, Pages
from kefu.transport.budget import HONEST, Budget


@dataclass(frozen=True, slots=True, kw_only=True)
class EngineSettings:
    """Milliseconds and bytes, as the handshake tells them to the client."""

    ping_interval_ms: int = 25_000
    ping_timeout_ms: int = 20_000
    max_payload: int = 1_000_000
    """Bytes of one POST, and of one message over WebSocket."""
    max_packets: int = 1_000
    """Packets in one POST."""
    max_packet_bytes: int = 0
    """One packet in a POST, as it is on the wire; 0: no bound but ``max_payload``.

    Over WebSocket the bound of a packet is that layer's."""
    outbox_packets: int = 1_000
    outbox_bytes: int = 1 << 20
    """What may wait for a client's next poll; a client that lets more wait is closed."""
    max_sessions: int = 50_000
    polling_sessions_per_address: int = 0
    """Opened by polling and still there, upgraded or not; 0: no bound.

    They outlive their connections, so a bound on connections does not bound them."""
    upgrade_timeout_ms: int = 10_000
    """From the WebSocket handshake with a session's id to the ``upgrade`` packet."""
    post_timeout_ms: int = 30_000
    """For the whole body of a POST to arrive."""
    idle: Budget = HONEST
    """Packets of a session that carry no message: pongs, no-ops, probes."""
    pages: Pages = OWN_ALONE
    """Which web pages may connect."""


class Fault(NamedTuple):
    """A refused request: its HTTP status and the error of the protocol's reference server."""

    status: int
    code: int
    message: str


UNKNOWN_TRANSPORT = Fault(400, 0, "Transport unknown")
UNKNOWN_SESSION = Fault(400, 1, "Session ID unknown")
BAD_METHOD = Fault(400, 2, "Bad handshake method")
BAD_REQUEST = Fault(400, 3, "Bad request")
FORBIDDEN = Fault(403, 4, "Forbidden")
UNSUPPORTED_VERSION = Fault(400, 5, "Unsupported protocol version")
TOO_LARGE = Fault(400, 3, "Payload too large")
# The reference server knows no statuses for these; clients only look at "not 200".
TOO_MANY_SESSIONS = Fault(429, 4, "Too many sessions")
GOING_AWAY = Fault(503, 4, "Server is going away")
