"""Reads what Socket.IO clients send, without I/O and with a bound on everything.

Source: Socket.IO protocol 5, "Packet encoding":
``<type>[<attachments>-][<namespace>,][<ack id>][JSON]``, attachments in messages that follow.
Not here: whether a packet may come now (``client``).
"""

from __future__ import annotations

from typing import Any, NamedTuple

import msgspec

from kefu.transport.socketio.packet import (
    ACK,
    BINARY_ACK,
    BINARY_EVENT,
    CONNECT,
    DISCONNECT,
    EVENT,
    RESERVED_EVENTS,
    BadPacket,
    Packet,
)

MAX_ACK_DIGITS = 15
"""Below 2**53, so that every client's numbers can hold it."""
MAX_DEPTH = 100
"""Of arrays and objects in one packet."""
MAX_NAMESPACE_CHARS = 256

_DIGITS = frozenset("0123456789")
_decode_json = msgspec.json.Decoder().decode


class _Head(NamedTuple):
    type: int
    attachments: int
    namespace: str
    ack_id: int | None
    end: int


def decode(text: str, max_attachments: int) -> Packet:
    """The packet in the text of one Engine.IO message.

    Raises:
        BadPacket: unknown type, malformed head, not JSON, a payload that the type may not have,
            a reserved event name, more than ``max_attachments``.
    """
    if text.startswith("2["):  # an event of the main namespace: nearly all that ever arrives
        return Packet(EVENT, "/", None, _check_event(_load(text[1:])))
    head = _decode_head(text, max_attachments)
    data = None
    if head.end < len(text):
        data = _load(text[head.end :])
        if data is None:
            raise BadPacket("null is no payload")
    _check_payload(head, data)
    return Packet(head.type, head.namespace, head.ack_id, data, head.attachments)


def attach(data: list[Any], attachments: list[bytes]) -> list[Any]:
    """``data`` with its placeholders replaced.

    Raises:
        BadPacket: a placeholder is malformed, or they do not name each attachment exactly once
            (naming one often would make a small packet a large one).
    """
    left: list[bytes | None] = list(attachments)
    filled: list[Any] = _fill(data, left)
    if any(attachment is not None for attachment in left):
        raise BadPacket("an attachment is not used")
    return filled


def _decode_head(text: str, max_attachments: int) -> _Head:
    kind = "0123456".find(text[0]) if text else -1
    if kind < 0:
        raise BadPacket("unknown packet type")
    at, attachments = 1, 0
    if kind in (BINARY_EVENT, BINARY_ACK):
        end = _skip_digits(text, at, 3)
        if end == at or text[end : end + 1] != "-":
            raise BadPacket("no number of attachments")
        attachments = int(text[at:end])
        if attachments > max_attachments:
            raise BadPacket(f"more than {max_attachments} attachments")
        at = end + 1
    namespace = "/"
    if text.startswith("/", at):
        comma = text.find(",", at)
        end = comma if comma >= 0 else len(text)
        namespace = text[at:end]
        if len(namespace) > MAX_NAMESPACE_CHARS:
            raise BadPacket("namespace too long")
        at = min(end + 1, len(text))
    end = _skip_digits(text, at, MAX_ACK_DIGITS)
    ack_id = int(text[at:end]) if end > at else None
    return _Head(kind, attachments, namespace, ack_id, end)


def _skip_digits(text: str, at: int, at_most: int) -> int:
    end = min(at + at_most, len(text))
    while at < end and text[at] in _DIGITS:
        at += 1
    return at


def _load(text: str) -> Any:
    try:
        data = _decode_json(text)
    except (msgspec.DecodeError, RecursionError, UnicodeEncodeError) as error:
        raise BadPacket(str(error)) from None
    # Brackets are counted first: only what has many can be deep.
    if len(text) > 2 * MAX_DEPTH and text.count("[") + text.count("{") > MAX_DEPTH:
        _check_depth(data)
    return data


def _check_depth(data: Any) -> None:
    level: list[Any] = [[data]]
    for _ in range(MAX_DEPTH + 1):
        deeper: list[Any] = []
        for value in level:
            items = value.values() if isinstance(value, dict) else value
            deeper.extend(item for item in items if isinstance(item, dict | list))
        if not deeper:
            return
        level = deeper
    raise BadPacket(f"deeper than {MAX_DEPTH}")


def _check_event(data: Any) -> list[Any]:
    if not isinstance(data, list) or not data or not isinstance(data[0], str):
        raise BadPacket("an event is an array that starts with its name")
    if data[0] in RESERVED_EVENTS:
        raise BadPacket("reserved event name")
    return data


def _check_payload(head: _Head, data: Any) -> None:
    kind = head.type
    if kind in (EVENT, BINARY_EVENT):
        _check_event(data)
    elif kind in (ACK, BINARY_ACK):
        if head.ack_id is None or not isinstance(data, list):
            raise BadPacket("an acknowledgement is an id and an array")
    elif kind == CONNECT:
        if head.ack_id is not None or not (data is None or isinstance(data, dict)):
            raise BadPacket("what a client connects with is an object")
    elif kind == DISCONNECT:
        if head.ack_id is not None or data is not None:
            raise BadPacket("DISCONNECT has no payload")
    else:
        raise BadPacket("a client does not send CONNECT_ERROR")


def _fill(value: Any, left: list[bytes | None]) -> Any:
    if isinstance(value, list):
        return [_fill(item, left) for item in value]
    if not isinstance(value, dict):
        return value
    if value.get("_placeholder") is not True:
        return {key: _fill(item, left) for key, item in value.items()}
    number = value.get("num")
    if type(number) is not int or not 0 <= number < len(left):
        raise BadPacket("a placeholder without its attachment")
    attachment, left[number] = left[number], None
    if attachment is None:
        raise BadPacket("an attachment is used twice")
    return attachment
