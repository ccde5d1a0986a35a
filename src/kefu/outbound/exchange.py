"""One HTTP/1.1 connection of the server to another: a request, its answer, perhaps the next.

Rules: it goes to an address, never to a name; whoever opens it has checked the address. TLS checks
the certificate for the host's name. Head and body are bounded, nothing is followed or unpacked.
One exchange at a time. A connection is for another one only if the answer was whole, nothing came
after it and neither side ends it; whatever comes in between ends it.
Not here: which addresses may be gone to, how long a connection is kept (``outbound.fetch``).
"""

from __future__ import annotations

import asyncio
import re
import ssl
from collections.abc import Mapping
from typing import cast

import httptools
import msgspec

MAX_HEAD_BYTES = 131_072  # of an answer, with what else is no content: chunks' sizes, trailers
_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_VALUE = re.compile(r"[^\x00-\x08\x0a-\x1f\x7f]*")
_TARGET = re.compile(r"[\x21-\x7e]+")


class NotHttp(Exception):
    """The other side hung up early, or said what is no answer.

    ``unanswered``: it hung up without a word, as it does with a connection that it no longer keeps.
    """

    def __init__(self, *, unanswered: bool = False) -> None:
        super().__init__()
        self.unanswered = unanswered


class Answer(msgspec.Struct, frozen=True):
    """What came back, whatever its status."""

    status: int
    headers: Mapping[str, str]  # names in lower case; of several of one name the first
    body: bytes  # as sent, without the chunks' sizes
    truncated: bool  # whether there was more


class Connection(asyncio.Protocol):
    """A connection that ``connect`` made. ``close`` it, or keep it while it is ``reusable``."""

    def __init__(self) -> None:
        self._transport: asyncio.Transport | None = None
        self._reading: _Reading | None = None
        self._reusable = True

    @property
    def reusable(self) -> bool:
        """Whether another exchange may be tried."""
        transport = self._transport
        return self._reusable and transport is not None and not transport.is_closing()

    def close(self) -> None:
        """End it at once; what is under way fails."""
        self._reusable = False
        if self._transport:
            self._transport.abort()

    async def exchange(self, request: bytes, *, read_s: float, most_bytes: int) -> Answer:
        """Send ``request`` and read what comes back, of the body at most ``most_bytes``.

        Raises NotHttp; TimeoutError: ``read_s`` passed without a piece of the answer. Unless it
        returns a whole answer, the connection is closed.
        """
        transport = self._transport
        if transport is None or not self.reusable:
            raise NotHttp(unanswered=True)
        reading = self._reading = _Reading(read_s, most_bytes)
        try:
            transport.write(request)
            answer = await reading.answer
            self._reusable = self._reusable and reading.goes_on
        except BaseException:
            self._reusable = False
            raise
        finally:
            reading.end()
            self._reading = None
            if not self._reusable:
                transport.abort()
        return answer

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Of ``asyncio.Protocol``."""
        self._transport = cast(asyncio.Transport, transport)  # uvloop's is one but for ancestry

    def data_received(self, data: bytes) -> None:
        """Of ``asyncio.Protocol``."""
        if self._reading is None:
            self.close()  # an answer that nobody asked for
        elif not self._reading.feed(data):
            self.close()

    def connection_lost(self, exc: Exception | None) -> None:
        """Of ``asyncio.Protocol``."""
        self._reusable = False
        if self._reading:
            self._reading.hung_up()


async def connect(
    address: str, port: int, *, tls: ssl.SSLContext | None, host: str, connect_s: float
) -> Connection:
    """Connect to ``address``, an IP address; ``host`` is what its certificate must name.

    Raises OSError, TimeoutError; ssl.SSLError, an OSError too: the certificate is not good.
    """
    async with asyncio.timeout(connect_s):
        _, connection = await asyncio.get_running_loop().create_connection(
            Connection, address, port, ssl=tls, server_hostname=host if tls else None
        )
    return connection


def encode(method: str, target: str, headers: Mapping[str, str], body: bytes) -> bytes:
    """A request's bytes. Raises ValueError: something in it would end its line."""
    if not _TARGET.fullmatch(target):
        raise ValueError("a request's target is visible ASCII")
    lines = [f"{method} {target} HTTP/1.1"]
    for name, value in headers.items():
        if not (_NAME.fullmatch(name) and _VALUE.fullmatch(value)):
            raise ValueError("a header is one line")
        lines.append(f"{name}: {value}")
    if body:
        lines.append(f"Content-Length: {len(body)}")
    return "\r\n".join([*lines, "", ""]).encode("latin-1") + body


class _Reading:
    """The reading of one answer; what httptools calls while it reads."""

    def __init__(self, read_s: float, most_bytes: int) -> None:
        self.answer: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        self.goes_on = False  # after it there may be another exchange
        self._parser = httptools.HttpResponseParser(self)
        self._read_s, self._most = read_s, most_bytes
        self._headers: dict[str, str] = {}
        self._body = bytearray()
        self._other_bytes = 0  # since the last answer began, of what is not its content
        self._in_body = False
        self._heard = False
        self._timer = self._later()

    def feed(self, data: bytes) -> bool:
        """Read a piece. Returns whether there may come more on this connection."""
        self._heard = True
        self._timer.cancel()
        self._timer = self._later()
        self._other_bytes += len(data)
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserUpgrade:
            self._done()
            self.goes_on = False
        except httptools.HttpParserError:
            self._fail(NotHttp())
        if self._other_bytes > MAX_HEAD_BYTES:
            self._fail(NotHttp())
        return self.goes_on or not self.answer.done()

    def hung_up(self) -> None:
        """No more will come; that ends a body of unknown length."""
        if self._in_body and not self._is_framed():
            self._done()
        else:
            self._fail(NotHttp(unanswered=not self._heard))

    def end(self) -> None:
        """Nobody waits any more."""
        self._timer.cancel()
        if not self.answer.cancel() and not self.answer.cancelled():
            self.answer.exception()  # else it is logged as lost, if nobody waited to the end

    def on_message_begin(self) -> None:
        """Another answer begins: after one without content (1xx), or unasked."""
        self.goes_on = False
        self._headers = {}

    def on_header(self, name: bytes, value: bytes) -> None:
        """A header, or a trailer, which is nothing to us."""
        if not self._in_body:
            self._headers.setdefault(name.decode("latin-1").lower(), value.decode("latin-1"))

    def on_headers_complete(self) -> None:
        """The head is over."""
        self._in_body = not self._is_interim()

    def on_body(self, piece: bytes) -> None:
        """Some content."""
        self._other_bytes -= len(piece)
        self._body += piece
        if len(self._body) > self._most:
            self._done(truncated=True)

    def on_message_complete(self) -> None:
        """The answer is whole, if it is the answer."""
        if self._is_interim():
            self._other_bytes = 0
        else:
            self.goes_on = not self.answer.done() and self._parser.should_keep_alive()
            self._done()

    def _is_interim(self) -> bool:
        """Whether this is but a note that the answer will come. 101 is an answer."""
        status: int = self._parser.get_status_code()
        return 100 <= status <= 199 and status != 101

    def _is_framed(self) -> bool:
        coding = self._headers.get("transfer-encoding", "").lower()
        return "content-length" in self._headers or coding.endswith("chunked")

    def _done(self, *, truncated: bool = False) -> None:
        if self.answer.done():
            return
        body = bytes(self._body[: self._most])
        status = self._parser.get_status_code()
        self.answer.set_result(Answer(status, self._headers, body, truncated))

    def _fail(self, fault: Exception) -> None:
        self.goes_on = False
        if not self.answer.done():
            self.answer.set_exception(fault)

    def _later(self) -> asyncio.TimerHandle:
        loop = asyncio.get_running_loop()
        return loop.call_later(self._read_s, self._fail, TimeoutError())
