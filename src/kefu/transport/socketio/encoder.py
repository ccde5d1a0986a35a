"""Makes what Socket.IO clients are sent: each packet once, for any number of them.

Source: Socket.IO protocol 5, "Packet encoding"; the leading ``4`` is Engine.IO's message.
"""

from __future__ import annotations

from typing import Any

import msgspec

from kefu.transport.engineio import EncodedPacket

_encode_json = msgspec.json.Encoder().encode
_BYTES = (bytes, bytearray, memoryview)
_PLAIN = frozenset((str, int, float, bool, type(None)))


def encode_event(event: str, *args: object, namespace: str = "/") -> EncodedPacket:
    """An event for sockets of ``namespace``.

    ``args`` are what msgspec encodes as JSON; ``bytes`` in lists and dicts go as attachments.
    """
    data = [event, *args]
    if namespace == "/" and not _has_binary(data):  # nearly all that is ever sent
        return EncodedPacket(b"42" + _encode_json(data))
    return _encode("2", namespace, "", data)


def encode_ack(ack_id: int, args: tuple[object, ...], namespace: str = "/") -> EncodedPacket:
    """The acknowledgement of the event that asked for it with ``ack_id``."""
    return _encode("3", namespace, str(ack_id), list(args))


def encode_connect(sid: str, namespace: str) -> EncodedPacket:
    """The client is in ``namespace``, as ``sid``."""
    return _encode("0", namespace, "", {"sid": sid})


def encode_connect_error(message: str, namespace: str) -> EncodedPacket:
    """The client is not let into ``namespace``."""
    return _encode("4", namespace, "", {"message": message})


def encode_disconnect(namespace: str) -> EncodedPacket:
    """The client is out of ``namespace``."""
    return EncodedPacket(f"41{_prefix(namespace)}".encode())


def _encode(kind: str, namespace: str, ack_id: str, data: Any) -> EncodedPacket:
    attachments: list[bytes] = []
    head = "4" + kind
    if _has_binary(data):
        data = _detach(data, attachments)
        # BINARY_EVENT and BINARY_ACK are three above EVENT and ACK.
        head = f"4{int(kind) + 3}{len(attachments)}-"
    head += _prefix(namespace) + ack_id
    return EncodedPacket(head.encode() + _encode_json(data), tuple(attachments))


def _prefix(namespace: str) -> str:
    return "" if namespace == "/" else namespace + ","


def _has_binary(value: Any) -> bool:
    kind = type(value)
    if kind is dict:
        value = value.values()
    elif kind is not list and kind is not tuple:
        return isinstance(value, _BYTES)
    for item in value:  # noqa: SIM110 - any() with a generator takes twice the time
        if type(item) not in _PLAIN and _has_binary(item):
            return True
    return False


def _detach(value: Any, attachments: list[bytes]) -> Any:
    if isinstance(value, _BYTES):
        attachments.append(bytes(value))
        return {"_placeholder": True, "num": len(attachments) - 1}
    if isinstance(value, list | tuple):
        return [_detach(item, attachments) for item in value]
    if isinstance(value, dict):
        return {key: _detach(item, attachments) for key, item in value.items()}
    return value
