"""Engine.IO 4 packets and polling payloads, to and from bytes.

Source: Engine.IO protocol 4, "Packet encoding". A packet is a type digit and its data; over
WebSocket each has a frame of its own and binary goes as it is; in a polling payload packets are
parted by ``\\x1e`` and binary is ``b`` and base64. Binary packets are always messages.
Not here: which packet may come when (``session``).
"""

from __future__ import annotations

import binascii
from collections.abc import Iterable

from kefu.transport.websocket import binary_frame, text_frame

SEPARATOR = b"\x1e"


class BadPayload(ValueError):
    """A polling payload is not of the protocol; its session is closed."""


class EncodedPacket:
    """What goes to a client, encoded once for any number of clients.

    Args:
        text: one text packet, type digit first, as UTF-8; empty if there is only binary.
        binary: the binary packets that follow it.
    """

    __slots__ = ("_frames", "binary", "text")

    def __init__(self, text: bytes, binary: tuple[bytes, ...] = ()) -> None:
        self.text = text
        self.binary = binary
        self._frames: bytes | None = None

    @property
    def frames(self) -> bytes:
        """The WebSocket frames, one after the other; made at the first use and kept."""
        frames = self._frames
        if frames is None:
            frames = text_frame(self.text) if self.text else b""
            if self.binary:
                frames += b"".join(map(binary_frame, self.binary))
            self._frames = frames
        return frames

    @property
    def size_bytes(self) -> int:
        """Its bytes while it waits for a poll; base64 is not counted."""
        return len(self.text) + sum(map(len, self.binary))


CLOSE = EncodedPacket(b"1")
PING = EncodedPacket(b"2")
PONG_PROBE = EncodedPacket(b"3probe")
NOOP = EncodedPacket(b"6")


def encode_message(data: str | bytes) -> EncodedPacket:
    """A ``message`` packet: ``str`` goes as text, ``bytes`` as binary."""
    if isinstance(data, str):
        return EncodedPacket(b"4" + data.encode())
    return EncodedPacket(b"", (data,))


def encode_payload(packets: Iterable[EncodedPacket]) -> bytes:
    """One polling answer with all ``packets``, in order."""
    parts: list[bytes] = []
    for packet in packets:
        if packet.text:
            parts.append(packet.text)
        parts.extend(b"b" + binascii.b2a_base64(data, newline=False) for data in packet.binary)
    return SEPARATOR.join(parts)


def decode_payload(body: bytes, max_packets: int, max_packet_bytes: int = 0) -> list[str | bytes]:
    """The packets of a POST: ``str`` with the type digit first, or ``bytes`` of a binary message.

    Raises:
        BadPayload: more than ``max_packets``, one of more than ``max_packet_bytes`` (0: no bound),
            an empty packet, not UTF-8, not base64.
    """
    if body.count(SEPARATOR) >= max_packets:
        raise BadPayload(f"more than {max_packets} packets")
    parts = body.split(SEPARATOR)
    if max_packet_bytes and max(map(len, parts)) > max_packet_bytes:
        raise BadPayload(f"a packet of more than {max_packet_bytes} bytes")
    return [_decode_part(part) for part in parts]


def _decode_part(part: bytes) -> str | bytes:
    if not part:
        raise BadPayload("an empty packet")
    try:
        if part.startswith(b"b"):
            return binascii.a2b_base64(part[1:], strict_mode=True)
        return part.decode()
    except ValueError as error:  # binascii.Error and UnicodeDecodeError are
        raise BadPayload(str(error)) from None
