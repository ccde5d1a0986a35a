"""The opening handshake of a server (RFC 6455, section 4.2), without I/O.

Rules: a head that is not a proper WebSocket request is answered in HTTP and nothing else is made
of it; extensions are not negotiated.
Not here: who may connect, and by which subprotocol. That is the route's, which sees the
``Request`` and may refuse.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from http import HTTPStatus
from types import MappingProxyType
from typing import Final
from urllib.parse import unquote

from kefu.net.requests import read_query, read_words

# Section 1.3: appended to the key before hashing.
_ACCEPT_GUID: Final = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
_KEY_CHARS: Final = 24  # 16 bytes
_NO_HEADERS: Final[Mapping[str, str]] = MappingProxyType({})


Fields = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Request:
    """The upgrade request.

    ``path`` is percent-decoded and "/" if empty; ``query`` has the first value of each name;
    ``headers`` have lower-case names, repeated ones joined by ", "; ``client`` is the peer's
    address without its port, "" if it has none.
    """

    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    client: str

    @property
    def subprotocols(self) -> tuple[str, ...]:
        """What the client offers to speak, the one it likes best first."""
        return read_words(self.headers.get("sec-websocket-protocol", ""))

    def without_headers(self) -> Request:
        """For who keeps it: a browser's headers are the bulk of what it would cost."""
        return replace(self, headers=_NO_HEADERS)


@dataclass(frozen=True, slots=True)
class Refusal:
    """An HTTP answer in place of the handshake."""

    status: int
    body: str = ""
    headers: tuple[tuple[str, str], ...] = ()


def read_request(head: bytes, client: str) -> Request | Refusal:
    """Reads and checks a request head that ends with its blank line.

    The HTTP parser in front has made sure of its form: one line per header, no control characters.
    """
    start, *lines = head.rstrip(b"\r\n").split(b"\r\n")
    method, _, rest = start.partition(b" ")
    target, _, version = rest.rpartition(b" ")
    if method != b"GET":
        return Refusal(405, "A WebSocket starts with GET.", (("Allow", "GET"),))
    location = _read_target(target)
    if version != b"HTTP/1.1" or location is None:
        return Refusal(400, "Bad request.")
    request = Request(*location, _read_headers(lines), client)
    return _fault(request.headers) or request


def accept_response(request: Request, subprotocol: str = "") -> bytes:
    """The 101 response to a request that was read without a refusal.

    ``subprotocol``: the one that is spoken, which must be among the offered (4.2.2); "": none.
    """
    key = request.headers["sec-websocket-key"].encode()
    digest = hashlib.sha1(key + _ACCEPT_GUID, usedforsecurity=False).digest()
    spoken = f"Sec-WebSocket-Protocol: {subprotocol}\r\n" if subprotocol else ""
    return (
        b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        b"Sec-WebSocket-Accept: "
        + base64.b64encode(digest)
        + b"\r\n"
        + spoken.encode("ascii")
        + b"\r\n"
    )


def refusal_response(refusal: Refusal, headers: Fields = ()) -> bytes:
    """The refusal as an HTTP response that ends the connection, with ``headers`` added."""
    body = refusal.body.encode()
    ours = (
        ("Content-Type", "text/plain; charset=utf-8"),
        ("Content-Length", str(len(body))),
        ("Connection", "close"),
        *headers,
    )
    said = {name.lower() for name, _ in refusal.headers}
    fields = (*(one for one in ours if one[0].lower() not in said), *refusal.headers)
    head = f"HTTP/1.1 {refusal.status} {HTTPStatus(refusal.status).phrase}\r\n"
    head += "".join(f"{name}: {value}\r\n" for name, value in fields)
    return head.encode("latin-1") + b"\r\n" + body


def _read_target(target: bytes) -> tuple[str, Mapping[str, str]] | None:
    """Path and query of a request target, in origin or absolute form (RFC 9112, section 3.2)."""
    if not target.startswith(b"/"):
        scheme, separator, rest = target.partition(b"://")
        if not separator or scheme.lower() not in (b"http", b"https", b"ws", b"wss"):
            return None
        # The authority ends at the path or, if that is empty, at the query.
        path_at = min((at for mark in b"/?" if (at := rest.find(mark)) >= 0), default=len(rest))
        target = rest[path_at:]
    path, _, query = target.partition(b"?")
    try:
        return unquote(path.decode(errors="replace")) or "/", read_query(query)
    except ValueError:
        return None


def _read_headers(lines: list[bytes]) -> dict[str, str]:
    headers: dict[str, str] = {}
    for line in lines:
        name, _, value = line.decode("latin-1").partition(":")
        name, value = name.lower(), value.strip()
        headers[name] = f"{headers[name]}, {value}" if name in headers else value
    return headers


def _fault(headers: Mapping[str, str]) -> Refusal | None:
    """What section 4.2.1 asks for and is missing, if anything."""
    if "websocket" not in _tokens(headers, "upgrade"):
        return Refusal(426, "This is a WebSocket endpoint.", (("Upgrade", "websocket"),))
    if "upgrade" not in _tokens(headers, "connection") or "host" not in headers:
        return Refusal(400, "Not a WebSocket handshake.")
    if headers.get("sec-websocket-version") != "13":
        return Refusal(426, "WebSocket version 13 only.", (("Sec-WebSocket-Version", "13"),))
    if not _is_key(headers.get("sec-websocket-key", "")):
        return Refusal(400, "Sec-WebSocket-Key is not valid.")
    return None


def _tokens(headers: Mapping[str, str], name: str) -> list[str]:
    return [token.lower() for token in read_words(headers.get(name, ""))]


def _is_key(key: str) -> bool:
    if len(key) != _KEY_CHARS:
        return False
    try:
        return len(base64.b64decode(key, validate=True)) == 16
    except (binascii.Error, ValueError):
        return False
