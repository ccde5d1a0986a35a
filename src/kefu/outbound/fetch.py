"""The one way in which the server goes to a URL that people gave.

Rules: every hop is judged as ``core.urls`` says. For each connection a host is resolved once, all
its addresses are checked, and the connection is made to a checked address, so a name server cannot
answer the check with one address and the connection with another; ``Host``, SNI and the
certificate's check keep the name. No proxy, cookie or password comes from the environment. Time,
bytes and redirects are bounded, and nothing is unpacked. What is posted to is likely to be posted
to again soon: its connection is kept for a moment, for that scheme, host and port alone, and never
for longer than ``KEPT_S``, so that a host that moves is followed.
Not here: bytes (``exchange``), which addresses are safe, the signature and the tries of a webhook
(``core.webhooks``).
"""

from __future__ import annotations

import asyncio
import os
import socket
import ssl
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from enum import StrEnum
from functools import cache
from typing import NamedTuple
from urllib.parse import urljoin

import certifi
import msgspec

from kefu.core.urls import (
    NOTHING,
    Allowed,
    Target,
    UnsafeUrl,
    check_addresses,
    check_url,
    literal_address,
)
from kefu.outbound.exchange import Answer, Connection, NotHttp, connect, encode

IDLE_S = 4.0  # a connection is kept for the next post; many servers end it after 5 s
KEPT_S = 60.0  # and no longer after it was made, however much it is used
MAX_KEPT = 16
MAX_ADDRESSES = 4  # of one host that are tried
_KEPT_HEADERS = ("content-type", "retry-after")
_KEPT_CHARS = 200
_REDIRECTS = frozenset({301, 302, 303, 307, 308})

_Place = tuple[str, str, int]  # scheme, host, port

Resolve = Callable[[str, int], Awaitable[Sequence[str]]]
"""The addresses of a host, at least one. Raises OSError: there is none."""


class Bounds(msgspec.Struct, frozen=True):
    """How much one exchange may take."""

    connect_s: float = 5.0  # for each address tried
    read_s: float = 10.0  # between two pieces of the answer
    total_s: float = 15.0  # look-up, redirects and answer together
    body_bytes: int = 16_384  # of the answer; the rest is not read
    redirects: int = 3


class Fetched(msgspec.Struct, frozen=True):
    """An answer, whatever its status."""

    status: int
    headers: dict[str, str]  # of ``content-type`` and ``retry-after`` those that came, cut
    body: bytes  # as sent: at most ``Bounds.body_bytes``
    truncated: bool  # whether there was more
    duration_ms: int


class FetchFailed(Exception):
    """There was no answer; ``fault`` says why, in a word for the delivery log."""

    class Fault(StrEnum):
        """Why."""

        NO_SUCH_HOST = "no_such_host"
        CANNOT_CONNECT = "cannot_connect"
        TLS_FAILED = "tls_failed"
        TIMED_OUT = "timed_out"
        NOT_HTTP = "not_http"
        TOO_MANY_REDIRECTS = "too_many_redirects"

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.value)
        self.fault = fault


class _ClosedMeanwhile(FetchFailed):
    """The connection was closed without a word of an answer."""


class _Request(msgspec.Struct, frozen=True):
    method: str
    url: str
    headers: Mapping[str, str] = {}
    body: bytes = b""


class _Kept(NamedTuple):
    """A connection that nobody uses now, and when it is ended."""

    place: _Place
    connection: Connection
    made_s: float  # monotonic
    end: asyncio.TimerHandle


class _Open(NamedTuple):
    """A connection, and when it was made (monotonic s)."""

    connection: Connection
    made_s: float


class Fetcher:
    """Goes to URLs, for as long as the server runs. ``close`` it at the end."""

    def __init__(
        self,
        allowed: Allowed = NOTHING,
        bounds: Bounds | None = None,
        *,
        resolve: Resolve | None = None,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        """``allowed``: what the operator opened. ``tls``: which authorities are believed; the
        default is the usual ones, or those of the variable ``SSL_CERT_FILE``.
        """
        self._allowed = allowed
        self._bounds = bounds or Bounds()
        # Their own threads: a name server that does not answer must not hold up the program's.
        self._lookups = ThreadPoolExecutor(4, thread_name_prefix="kefu-dns")
        self._resolve = resolve or self._look_up
        self._tls = tls or _usual_authorities()
        self._kept: list[_Kept] = []  # the oldest first

    def close(self) -> None:
        """Forget the look-ups that wait, and end the connections that are kept."""
        self._lookups.shutdown(wait=False, cancel_futures=True)
        while self._kept:
            self._drop(self._kept[0])

    async def get(self, url: str, headers: Mapping[str, str] | None = None) -> Fetched:
        """GET ``url`` and follow redirects; ``headers`` stay behind when the origin changes.

        Raises:
            UnsafeUrl: of ``url``, of what it resolves to, or of a redirect.
            FetchFailed: no answer in time, or one redirect more than allowed.
        """
        return await self._fetch(_Request("GET", url, headers or {}), self._bounds.redirects)

    async def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> Fetched:
        """POST ``body``. A redirect is not followed: its status comes back as any other.

        Sent twice if a connection that was kept is found closed: then the receiver may have had it.
        Raises UnsafeUrl, FetchFailed: as ``get``.
        """
        return await self._fetch(_Request("POST", url, headers, body), None)

    async def _fetch(self, request: _Request, redirects: int | None) -> Fetched:
        """``redirects``: how many to follow; None hands them to the caller."""
        started_s = time.monotonic()
        try:
            async with asyncio.timeout(self._bounds.total_s):
                if redirects is None:
                    answer = await self._post(request)
                else:
                    answer = await self._follow(request, redirects)
        except TimeoutError:
            raise FetchFailed(FetchFailed.Fault.TIMED_OUT) from None
        kept = {name: answer.headers[name] for name in _KEPT_HEADERS if name in answer.headers}
        return Fetched(
            status=answer.status,
            headers={name: value[:_KEPT_CHARS] for name, value in kept.items()},
            body=answer.body,
            truncated=answer.truncated,
            duration_ms=round((time.monotonic() - started_s) * 1000),
        )

    async def _follow(self, request: _Request, redirects: int) -> Answer:
        for _ in range(redirects + 1):
            target = check_url(request.url, self._allowed)
            made = await self._connect(target)
            try:
                answer = await self._exchange(made.connection, request, target)
            finally:
                made.connection.close()
            location = answer.headers.get("location")
            if answer.status not in _REDIRECTS or location is None:
                return answer
            request = _redirected(request, target, location)
        raise FetchFailed(FetchFailed.Fault.TOO_MANY_REDIRECTS)

    async def _post(self, request: _Request) -> Answer:
        """On a connection that was kept, if there is one; it is kept afterwards."""
        target = check_url(request.url, self._allowed)
        place = (target.scheme, target.host, target.port)
        made = self._take(place)
        answer = None
        if made:
            try:
                answer = await self._exchange(made.connection, request, target)
            except _ClosedMeanwhile:
                made = None
        if made is None or answer is None:
            made = await self._connect(target)
            answer = await self._exchange(made.connection, request, target)
        self._keep(place, made)
        return answer

    def _take(self, place: _Place) -> _Open | None:
        """The newest connection that is kept for ``place``, for one who uses it alone."""
        for kept in reversed(self._kept):
            if kept.place == place and kept.connection.reusable:
                self._kept.remove(kept)
                kept.end.cancel()
                return _Open(kept.connection, kept.made_s)
        return None

    def _keep(self, place: _Place, made: _Open) -> None:
        rest_s = min(IDLE_S, made.made_s + KEPT_S - time.monotonic())
        if rest_s <= 0 or not made.connection.reusable:
            made.connection.close()
            return
        end = asyncio.get_running_loop().call_later(rest_s, self._end, made.connection)
        self._kept.append(_Kept(place, made.connection, made.made_s, end))
        if len(self._kept) > MAX_KEPT:
            self._drop(self._kept[0])

    def _end(self, connection: Connection) -> None:
        """It was kept for as long as it may be."""
        for kept in [kept for kept in self._kept if kept.connection is connection]:
            self._drop(kept)

    def _drop(self, kept: _Kept) -> None:
        self._kept.remove(kept)
        kept.end.cancel()
        kept.connection.close()

    async def _connect(self, target: Target) -> _Open:
        """To the first address that takes the connection."""
        failure = FetchFailed(FetchFailed.Fault.NO_SUCH_HOST)
        for address in await self._addresses(target):
            try:
                connection = await connect(
                    address,
                    target.port,
                    tls=self._tls if target.scheme == "https" else None,
                    host=target.host,
                    connect_s=self._bounds.connect_s,
                )
            except ssl.SSLError:
                raise FetchFailed(FetchFailed.Fault.TLS_FAILED) from None
            except (OSError, TimeoutError):
                failure = FetchFailed(FetchFailed.Fault.CANNOT_CONNECT)
            else:
                return _Open(connection, time.monotonic())
        raise failure

    async def _addresses(self, target: Target) -> Sequence[str]:
        if literal := literal_address(target.host):
            found: Sequence[str] = [literal]
        else:
            try:
                found = await self._resolve(target.host, target.port)
            except OSError:
                raise FetchFailed(FetchFailed.Fault.NO_SUCH_HOST) from None
        check_addresses(target, found, self._allowed)
        return found[:MAX_ADDRESSES]

    async def _look_up(self, host: str, port: int) -> Sequence[str]:
        found = await asyncio.get_running_loop().run_in_executor(
            self._lookups, lambda: socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        )
        return list(dict.fromkeys(str(address[0]) for *_, address in found))

    async def _exchange(self, connection: Connection, request: _Request, target: Target) -> Answer:
        """One request in the name of the host. Raises FetchFailed."""
        sent = encode(request.method, target.path, _headers(request, target), request.body)
        bounds = self._bounds
        try:
            return await connection.exchange(
                sent, read_s=bounds.read_s, most_bytes=bounds.body_bytes
            )
        except TimeoutError:
            raise FetchFailed(FetchFailed.Fault.TIMED_OUT) from None
        except NotHttp as fault:
            failed = _ClosedMeanwhile if fault.unanswered else FetchFailed
            raise failed(FetchFailed.Fault.NOT_HTTP) from None


def _usual_authorities() -> ssl.SSLContext:
    return _authorities(os.environ.get("SSL_CERT_FILE") or certifi.where())


@cache
def _authorities(file: str) -> ssl.SSLContext:
    """Those of a file, which is read once: that takes 20 ms."""
    return ssl.create_default_context(cafile=file)


def _headers(request: _Request, target: Target) -> dict[str, str]:
    """The caller's, and ours over them."""
    ours = {"Host": target.authority, "Accept-Encoding": "identity"}
    if request.method != "POST":
        ours["Connection"] = "close"
    mine = {name.lower() for name in ours}
    theirs = {name: value for name, value in request.headers.items() if name.lower() not in mine}
    return ours | {"User-Agent": "Kefu", "Accept": "*/*"} | theirs


def _redirected(request: _Request, target: Target, location: str) -> _Request:
    try:
        url = urljoin(target.origin + target.path, location)
    except ValueError:
        raise UnsafeUrl("the redirect leads to no URL") from None
    same = url.startswith(f"{target.origin}/")
    return _Request(request.method, url, request.headers if same else {})
