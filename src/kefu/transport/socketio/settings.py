"""Limits and times of a Socket.IO server."""

from __future__ import annotations

from dataclasses import dataclass, field

from kefu.transport.engineio import EngineSettings


@dataclass(frozen=True, slots=True, kw_only=True)
class SocketIOSettings:
    """Milliseconds and bytes; those of the transport below are ``engine``."""

    engine: EngineSettings = field(default_factory=EngineSettings)
    connect_timeout_ms: int = 45_000
    """How long a client may be in no namespace, at its start and later."""
    max_connect_bytes: int = 16 * 1024
    """Characters of one message from a client that is in no namespace yet."""
    max_connects: int = 100
    """CONNECT packets of one client, refused ones too; each makes a socket or an answer."""
    max_attachments: int = 10
    max_event_bytes: int = 2_000_000
    """Of all attachments of one packet."""
