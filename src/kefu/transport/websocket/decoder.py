"""Reads the frames of a client (RFC 6455, section 5), without I/O.

Rules:
- Bytes may come in any portions; the events are the same.
- A fault is raised as soon as it can be known: a wrong header at its first two bytes, a message
  over the limit at the header that announces it (nothing is gathered for it), bad UTF-8 at the
  wrong byte. Events before the fault are given out first.
- At most one message (``message_bytes``) and one control frame are held.
Not here: answers to pings and closes (``connection``).
"""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from typing import Final, NamedTuple

from kefu.transport.websocket.frames import MAX_CONTROL_BYTES, NO_STATUS, is_close_code
from kefu.transport.websocket.masking import apply_mask

_CONTINUATION: Final = 0x0
_TEXT: Final = 0x1
_CLOSE: Final = 0x8
_PING: Final = 0x9
_KNOWN: Final = frozenset((_CONTINUATION, _TEXT, 0x2, _CLOSE, _PING, 0xA))
_FIRST_CONTROL: Final = 0x8
_CRUMB_BYTES: Final = 256  # whoever sends a message in parts sends larger ones

_utf8_checker: Final = codecs.getincrementaldecoder("utf-8")


class Message(NamedTuple):
    """A whole message: ``str`` for text, ``bytes`` for binary."""

    data: str | bytes


class Ping(NamedTuple):
    payload: bytes


class Pong(NamedTuple):
    payload: bytes


class Close(NamedTuple):
    """``code`` is 1005 if the frame was empty."""

    code: int
    reason: str


Event = Message | Ping | Pong | Close


class FrameError(Exception):
    """The peer broke a rule; the connection is to be failed with ``code`` (section 7.4.1)."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason


class Decoder:
    """The reading half of one connection. After a ``FrameError`` it must not be fed again."""

    __slots__ = (
        "_body",
        "_checker",
        "_final",
        "_key",
        "_left",
        "_limit",
        "_message",
        "_opcode",
        "_pending",
        "crumbs",
    )

    def __init__(self, message_bytes: int) -> None:
        self._limit = message_bytes
        self.crumbs = 0  # parts of messages so small that they only cost
        self._pending = b""  # an incomplete header
        self._left = -1  # payload bytes the frame still lacks; -1 between frames
        self._opcode = self._final = 0
        self._key = b""
        self._body = bytearray()  # payload of the frame under way
        self._message: bytearray | None = None  # payload of the message under way
        self._checker: codecs.IncrementalDecoder | None = None  # set while that is text

    @property
    def at_rest(self) -> bool:
        """Whether nothing is under way, so that a new decoder would do as well."""
        return self._left < 0 and self._message is None and not self._pending

    @property
    def lacks(self) -> int:
        """Bytes that the payload of the frame under way still lacks."""
        return max(self._left, 0)

    def feed(self, data: bytes) -> Iterator[Event]:
        """Reads ``data``, which the iterator must be driven to the end for.

        Raises ``FrameError``.
        """
        if self._pending:
            data = self._pending + data
            self._pending = b""
        at = 0
        while True:
            if self._left < 0:
                after = self._read_header(data, at)
                if not after:
                    self._pending = data[at:]
                    return
                at = after
            at = self._read_payload(data, at)
            if self._left:
                return
            event = self._end_frame()
            if event is not None:
                yield event

    def _read_header(self, data: bytes, at: int) -> int:
        """Where the payload starts; 0 if the header is not complete."""
        have = len(data) - at
        if have < 2:
            return 0
        first, second = data[at], data[at + 1]
        length = second & 0x7F
        self._check_start(first, second)
        extended = 2 if length == 126 else 8 if length == 127 else 0
        if have < 2 + extended:
            return 0
        key_at = at + 2 + extended
        if extended:
            length = int.from_bytes(data[at + 2 : key_at], "big")
            self._check_extended(length, extended)
        opcode = first & 0x0F
        if opcode < _FIRST_CONTROL and length + len(self._message or b"") > self._limit:
            raise FrameError(1009, f"message over {self._limit} bytes")
        if have < 2 + extended + 4:
            return 0
        self._key = data[key_at : key_at + 4]
        self._left, self._opcode, self._final = length, opcode, first & 0x80
        if opcode < _FIRST_CONTROL and length < _CRUMB_BYTES and not self._final:
            self.crumbs += 1
        if opcode < _FIRST_CONTROL and self._message is None:
            self._message = bytearray()
            self._checker = _utf8_checker() if opcode == _TEXT else None
        return key_at + 4

    def _check_start(self, first: int, second: int) -> None:
        opcode = first & 0x0F
        if first & 0x70:
            raise FrameError(1002, "reserved bit set")
        if opcode not in _KNOWN:
            raise FrameError(1002, "unknown opcode")
        if not second & 0x80:
            raise FrameError(1002, "frame not masked")
        if opcode >= _FIRST_CONTROL:
            if not first & 0x80:
                raise FrameError(1002, "control frame fragmented")
            if second & 0x7F > MAX_CONTROL_BYTES:
                raise FrameError(1002, "control frame over 125 bytes")
        elif (opcode == _CONTINUATION) != (self._message is not None):
            raise FrameError(1002, "fragment out of order")

    def _check_extended(self, length: int, extended: int) -> None:
        # Section 5.2: the shortest form, and the most significant bit of 64 is 0.
        if length < (126 if extended == 2 else 1 << 16):
            raise FrameError(1002, "length not in its shortest form")
        if length >> 63:
            raise FrameError(1002, "length out of range")

    def _read_payload(self, data: bytes, at: int) -> int:
        stop = min(len(data), at + self._left)
        chunk = apply_mask(data[at:stop], self._key)
        size = stop - at
        self._left -= size
        turn = size & 3
        self._key = self._key[turn:] + self._key[:turn]
        if self._opcode >= _FIRST_CONTROL or self._message is None:
            self._body += chunk
            return stop
        self._message += chunk
        if self._checker is not None:
            try:
                self._checker.decode(chunk, bool(self._final) and not self._left)
            except UnicodeDecodeError as error:
                raise FrameError(1007, "text is not UTF-8") from error
        return stop

    def _end_frame(self) -> Event | None:
        self._left = -1
        if self._opcode < _FIRST_CONTROL:
            return self._end_message() if self._final else None
        payload = bytes(self._body)
        self._body.clear()
        if self._opcode == _PING:
            return Ping(payload)
        if self._opcode == _CLOSE:
            return _read_close(payload)
        return Pong(payload)

    def _end_message(self) -> Message:
        message = self._message or bytearray()
        data = bytes(message) if self._checker is None else message.decode()
        self._message = self._checker = None
        return Message(data)


def _read_close(payload: bytes) -> Close:
    if not payload:
        return Close(NO_STATUS, "")
    code = int.from_bytes(payload[:2], "big")
    if len(payload) < 2 or not is_close_code(code):
        raise FrameError(1002, "close code not valid")
    try:
        return Close(code, payload[2:].decode())
    except UnicodeDecodeError as error:
        raise FrameError(1007, "close reason is not UTF-8") from error
