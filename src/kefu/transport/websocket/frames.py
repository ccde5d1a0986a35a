"""Frames as a server writes them, and what both directions share (RFC 6455, sections 5 and 7.4).

Rules: a server never masks (5.1), never fragments, and announces no extension. A frame is plain
``bytes``: encode it once, send it to many.
Not here: reading frames (``decoder``), deciding when to send one (``connection``).
"""

from __future__ import annotations

from typing import Final

# First octet: FIN set, no RSV bit, opcode (5.2).
TEXT: Final = 0x81
BINARY: Final = 0x82
CLOSE: Final = 0x88
PING: Final = 0x89
PONG: Final = 0x8A

MAX_CONTROL_BYTES: Final = 125
MAX_REASON_BYTES: Final = MAX_CONTROL_BYTES - 2

NO_STATUS: Final = 1005
"""No code was in the Close frame; never on the wire (7.4.1)."""
ABNORMAL: Final = 1006
"""The connection ended without a Close frame; never on the wire (7.4.1)."""

_SHORT_TEXT_HEADS: Final = tuple(bytes((TEXT, length)) for length in range(126))


def text_frame(payload: str | bytes) -> bytes:
    """A whole text message; bytes must be UTF-8, which is not checked again."""
    if isinstance(payload, str):
        payload = payload.encode()
    length = len(payload)
    if length < 126:
        return _SHORT_TEXT_HEADS[length] + payload
    if length < 65_536:
        return b"\x81\x7e" + length.to_bytes(2, "big") + payload
    return _head(TEXT, length) + payload


def binary_frame(payload: bytes) -> bytes:
    """A whole binary message."""
    return _head(BINARY, len(payload)) + payload


def ping_frame(payload: bytes = b"") -> bytes:
    """A ping; ``payload`` comes back in the pong and has at most 125 bytes."""
    return _head(PING, len(payload)) + payload


def pong_frame(payload: bytes) -> bytes:
    """The answer to a ping with the same payload."""
    return _head(PONG, len(payload)) + payload


def close_frame(code: int, reason: str = "") -> bytes:
    """A Close; ``NO_STATUS`` makes an empty one. A long reason is cut between characters.

    Raises ``ValueError`` for a code that may not be sent.
    """
    if code == NO_STATUS:
        return _head(CLOSE, 0)
    if not is_close_code(code):
        raise ValueError(f"close code {code} may not be sent")
    text = reason.encode()
    if len(text) > MAX_REASON_BYTES:
        text = text[:MAX_REASON_BYTES].decode(errors="ignore").encode()
    return _head(CLOSE, 2 + len(text)) + code.to_bytes(2, "big") + text


def is_close_code(code: int) -> bool:
    """Whether ``code`` may be on the wire: registered (7.4.1 and IANA) or free for use (7.4.2)."""
    return 1000 <= code <= 1003 or 1007 <= code <= 1014 or 3000 <= code <= 4999


def _head(first: int, length: int) -> bytes:
    if length < 126:
        return bytes((first, length))
    if length < 1 << 16:
        return bytes((first, 126)) + length.to_bytes(2, "big")
    return bytes((first, 127)) + length.to_bytes(8, "big")
