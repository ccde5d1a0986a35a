"""A client's bytes: frames that are right, and frames that are wrong on purpose."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from websockets.utils import apply_mask

CONTINUATION, TEXT, BINARY, CLOSE, PING, PONG = 0x0, 0x1, 0x2, 0x8, 0x9, 0xA
KEY = b"\x37\xfa\x21\x3d"

HANDSHAKE_FIELDS = (
    ("Host", "localhost"),
    ("Upgrade", "websocket"),
    ("Connection", "Upgrade"),
    ("Sec-WebSocket-Version", "13"),
    ("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=="),
)


def masked(payload: bytes) -> bytes:
    """The key and what it hides."""
    return KEY + apply_mask(payload, KEY)


def frame(opcode: int, payload: bytes = b"", *, fin: bool = True, rsv: int = 0) -> bytes:
    """One masked frame; ``rsv`` is a number from 0 to 7."""
    return header(opcode, len(payload), fin=fin, rsv=rsv) + masked(payload)


def header(
    opcode: int, length: int, *, fin: bool = True, rsv: int = 0, width: int | None = None
) -> bytes:
    """A header up to its mask key, which is left out; ``width`` forces a longer length field."""
    first = fin << 7 | rsv << 4 | opcode
    if width is None:
        width = 0 if length < 126 else 2 if length < 1 << 16 else 8
    if not width:
        return bytes((first, 0x80 | length))
    return bytes((first, 0x80 | (126 if width == 2 else 127))) + length.to_bytes(width, "big")


def head(
    target: str = "/",
    *extra: tuple[str, str],
    method: str = "GET",
    without: str = "",
    version: str = "HTTP/1.1",
) -> bytes:
    """An upgrade request; ``extra`` fields replace those of the same name."""
    replaced = {name.lower() for name, _ in extra} | {without.lower()}
    fields = [field for field in HANDSHAKE_FIELDS if field[0].lower() not in replaced]
    lines = [f"{method} {target} {version}", *(f"{n}: {v}" for n, v in (*fields, *extra))]
    return "\r\n".join((*lines, "", "")).encode()


def portions(data: bytes, cuts: Sequence[float]) -> list[bytes]:
    """``data`` cut at these parts of its length, each from 0 to 1."""
    edges = sorted({0, len(data), *(int(cut * len(data)) for cut in cuts)})
    return [data[start:stop] for start, stop in pairwise(edges)]
