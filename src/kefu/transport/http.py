"""uvicorn's HTTP protocol with bounds, for its ``http`` setting.

Rules:
- A request head is bounded in bytes and in time, a body in time; a connection that says nothing
  is ended by the same clock, one that does not read its answer by another.
- Connections are counted per address (of IPv6: per /64) and in total. The count follows one that
  becomes a WebSocket: its protocol's ``on_lost`` is set to what gives the place back.
- Whatever the parser gathers before it gives it out (a header, a trailer) is bounded like a head.
- A request names one host: whoever compares it with an origin must not see another than a proxy.
Not here: body sizes (the application's), requests per second, trust in forwarded addresses.
"""

from __future__ import annotations

import asyncio
import re
import sys
from collections import Counter
from collections.abc import Callable, Container
from dataclasses import dataclass
from functools import partial
from http import HTTPStatus
from typing import ClassVar, Final, Protocol, cast

import httptools
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from kefu.net.clients import network_of

# Requests read ahead of their answers on one connection: each is a few bytes on the wire and
# kilobytes here. Browsers do not pipeline at all.
_MAX_PIPELINED: Final = 16
# An answer that refuses is sent when the client has spoken (some take an earlier one for a fault),
# and the client then has time to read it: closing with unread data could take it away.
_REFUSAL_TIMEOUT_S: Final = 1.0
_AUTHORITY_END: Final = re.compile(rb"[/?#]")
# More than this many at a time are dropped without an answer.
_MAX_REFUSALS: Final = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpLimits:
    """Bounds of one HTTP connection; ``retry_after_s`` is told to who is not admitted."""

    head_bytes: int = 64 * 1024
    target_bytes: int = 8 * 1024  # of the path with its query; it is decoded before anybody asks
    head_timeout_s: float = 20.0
    body_timeout_s: float = 300.0
    stall_timeout_s: float = 60.0  # of a client that does not read its answer
    retry_after_s: int = 30
    headers: tuple[tuple[str, str], ...] = ()  # of every answer that is made here


class Admission:
    """Counts connections.

    ``per_address`` and ``total`` are the most at a time, 0 for no bound. Addresses in ``exempt``
    (those of trusted proxies) count in total only, as do connections without an address.
    """

    def __init__(self, *, per_address: int, total: int, exempt: Container[str] = ()) -> None:
        self._per_address = per_address
        self._total = total
        self._exempt = exempt
        self._count_of: Counter[str] = Counter()
        self.connections = 0
        self.refusals = 0

    def enter(self, address: str) -> HTTPStatus | None:
        """Takes a place, to be given back with ``leave``; or says with what to refuse."""
        if self._total and self.connections >= self._total:
            return HTTPStatus.SERVICE_UNAVAILABLE
        client = network_of(address)
        counted = self._per_address and address and address not in self._exempt
        if counted and self._count_of[client] >= self._per_address:
            return HTTPStatus.TOO_MANY_REQUESTS
        self._count_of[client] += 1
        self.connections += 1
        return None

    def leave(self, address: str) -> None:
        """Gives the place back."""
        self.connections -= 1
        client = network_of(address)
        self._count_of[client] -= 1
        if not self._count_of[client]:
            del self._count_of[client]

    def refused(self) -> None:
        """A refused connection has had its answer and is gone."""
        self.refusals -= 1


class Upgraded(Protocol):
    """What the protocol in uvicorn's ``ws`` setting has to offer."""

    on_lost: Callable[[], object] | None

    def data_received(self, data: bytes) -> None: ...


class BoundedHttpProtocol(HttpToolsProtocol):
    """One HTTP connection; ``http_protocol`` makes the class with its settings."""

    admission: ClassVar[Admission]
    limits: ClassVar[HttpLimits]

    # Gives back what this connection counts for.
    _release: Callable[[], object] | None = None
    _refusal: HTTPStatus | None = None
    # An answer of ours ends the connection; what arrives is dropped.
    _ending = False
    # Fed to the parser since it last gave something out.
    _held_bytes = 0
    # How long what is under way may take; None while the client owes nothing.
    _allowed_s: float | None = None
    _allowed_changed = False
    _deadline: asyncio.TimerHandle | None = None
    # While the client does not read what fills the write buffer.
    _stalled: asyncio.TimerHandle | None = None
    # After an upgrade: the next protocol, and where its part of the segment starts.
    _upgraded: Upgraded | None = None
    _upgraded_at = 0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        address = self.client[0] if self.client else ""
        self._refusal = self.admission.enter(address)
        if self._refusal is None:
            self._release = partial(self.admission.leave, address)
            self._allow(self.limits.head_timeout_s)
        elif self.admission.refusals < _MAX_REFUSALS:
            self.admission.refusals += 1
            self._release = self.admission.refused
            self._allow(_REFUSAL_TIMEOUT_S)
        else:
            transport.abort()
        self._set_deadline()

    def connection_lost(self, exc: Exception | None) -> None:
        self._allow(None)
        self._set_deadline()
        self._reads_again()
        if self._release is not None:
            self._release()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        if self._refusal is not None and not self._ending:
            self._end(self._refusal)
        while data and not (self._ending or self.transport.is_closing()):
            room = self.limits.head_bytes - self._held_bytes
            if room <= 0:
                self._end(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE)
                break
            piece, data = data[:room], data[room:]
            self._held_bytes += len(piece)
            super().data_received(piece)
            if self._upgraded is not None:
                # A client should wait for the answer (RFC 6455, 4.1); what came early is kept.
                self._upgraded.data_received(piece[self._upgraded_at :] + data)
                break
        self._set_deadline()

    def pause_writing(self) -> None:
        super().pause_writing()
        self._stalled = self.loop.call_later(self.limits.stall_timeout_s, self.transport.abort)

    def resume_writing(self) -> None:
        self._reads_again()
        super().resume_writing()

    def _reads_again(self) -> None:
        if self._stalled is not None:
            self._stalled.cancel()
            self._stalled = None

    def handle_websocket_upgrade(self) -> None:
        if self.cycle is not None and not self.cycle.response_complete:
            self.send_400_response("Upgrade before the last answer.")
            return
        # The parser's signal, which is being handled, says where the head ends.
        signal = cast(httptools.HttpParserUpgrade, sys.exception())
        super().handle_websocket_upgrade()
        self._upgraded = cast(Upgraded, self.transport.get_protocol())
        self._upgraded_at = signal.args[0]
        self._upgraded.on_lost, self._release = self._release, None
        self._allow(None)
        self._reads_again()
        # The parser and this object hold each other; nothing would free them but the collector.
        self.parser = None  # type: ignore[assignment]

    # Parser callbacks

    def on_message_begin(self) -> None:
        if len(self.pipeline) >= _MAX_PIPELINED:
            raise RuntimeError("too many requests ahead of their answers")  # becomes a 400
        self._allow(self.limits.head_timeout_s)
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        hosts = [value for name, value in self.headers if name == b"host"]
        if len(self.url) > self.limits.target_bytes:
            self._end(HTTPStatus.REQUEST_URI_TOO_LONG)
            raise RuntimeError("a target of that length")  # stops the parser
        if not _names_one_host(self.url, hosts):
            raise RuntimeError("more than one host")  # becomes a 400
        self._held_bytes = 0
        self._allow(self.limits.body_timeout_s)
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        self._held_bytes = 0
        super().on_body(body)

    def on_message_complete(self) -> None:
        self._held_bytes = 0
        self._allow(None)
        super().on_message_complete()

    # Time

    def _allow(self, seconds: float | None) -> None:
        # Only noted: most requests begin and end in one segment and need no timer.
        self._allowed_s = seconds
        self._allowed_changed = True

    def _set_deadline(self) -> None:
        if not self._allowed_changed:
            return
        self._allowed_changed = False
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None
        if self._allowed_s is not None:
            self._deadline = self.loop.call_later(self._allowed_s, self._time_out)

    def _time_out(self) -> None:
        if self._ending:
            self.transport.abort()
        else:
            self._end(self._refusal or HTTPStatus.REQUEST_TIMEOUT)
            self._set_deadline()

    def send_400_response(self, msg: str) -> None:
        """What uvicorn calls for a request that is none."""
        if self._ending:  # it was told already
            return
        self._write_refusal(HTTPStatus.BAD_REQUEST, f"{msg}\n", "")
        self.transport.close()

    def _write_refusal(self, status: HTTPStatus, body: str, more: str) -> None:
        fields = "".join(f"{name}: {value}\r\n" for name, value in self.limits.headers)
        self.transport.write(
            f"HTTP/1.1 {status.value} {status.phrase}\r\n{more}{fields}Connection: close\r\n"
            "Content-Type: text/plain; charset=utf-8\r\n"
            f"Content-Length: {len(body)}\r\n\r\n{body}".encode("ascii")
        )

    def _end(self, status: HTTPStatus) -> None:
        """Answers with ``status``, unless a request is being worked on, and closes."""
        if self.cycle is not None and not self.cycle.response_complete:
            self.transport.close()
            return
        body = f"{status.phrase}.\n"
        retry = "" if self._refusal is None else f"Retry-After: {self.limits.retry_after_s}\r\n"
        self._write_refusal(status, body, retry)
        self._ending = True
        if self.transport.can_write_eof():
            self.transport.write_eof()
        self._allow(_REFUSAL_TIMEOUT_S)


def http_protocol(
    admission: Admission,
    limits: HttpLimits = HttpLimits(),
) -> type[BoundedHttpProtocol]:
    """The class for uvicorn's ``http`` setting. One ``Admission`` may serve several ports."""

    class Bounded(BoundedHttpProtocol):
        pass

    Bounded.admission = admission
    Bounded.limits = limits
    return Bounded


def _names_one_host(target: bytes, hosts: list[bytes]) -> bool:
    """Whether a request with these ``Host`` fields names at most one host (RFC 9112, section 3.2).

    The authority of a target in absolute form would win over ``Host``; a client sends the same.
    """
    if len(hosts) > 1:
        return False
    scheme, absolute, rest = target.partition(b"://")
    if not absolute or b"/" in scheme:
        return True
    return hosts == [] or _AUTHORITY_END.split(rest, 1)[0].lower() == hosts[0].strip().lower()
