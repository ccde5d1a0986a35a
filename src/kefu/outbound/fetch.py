"""The one way in which the server goes to a URL that people gave.

Rules: every hop is judged as ``core.urls`` says. A host is resolved once, all its addresses are
checked, and the connection is made to a checked address, so a name server cannot answer the check
with one address and the connection with another; ``Host``, SNI and the certificate's check keep
the name. No proxy, cookie or password comes from the environment. Time, bytes and redirects are
bounded, and nothing is unpacked.
Not here: which addresses are safe, the signature and the tries of a webhook (``core.webhooks``).
"""

from __future__ import annotations

import asyncio
import socket
import ssl
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from enum import StrEnum
from urllib.parse import urljoin

import httpx
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

MAX_ADDRESSES = 4  # of one host that are tried
_KEPT_HEADERS = ("content-type", "retry-after")
_KEPT_CHARS = 200
_REDIRECTS = frozenset({301, 302, 303, 307, 308})

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


class _Request(msgspec.Struct, frozen=True):
    method: str
    url: str
    headers: Mapping[str, str] = {}
    body: bytes = b""


class _Answer(msgspec.Struct, frozen=True):
    status: int
    headers: Mapping[str, str]
    body: bytes
    truncated: bool


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
        self._tls = tls or httpx.create_ssl_context()

    def close(self) -> None:
        """Forget the look-ups that wait."""
        self._lookups.shutdown(wait=False, cancel_futures=True)

    async def get(self, url: str, headers: Mapping[str, str] | None = None) -> Fetched:
        """GET ``url`` and follow redirects; ``headers`` stay behind when the origin changes.

        Raises:
            UnsafeUrl: of ``url``, of what it resolves to, or of a redirect.
            FetchFailed: no answer in time, or one redirect more than allowed.
        """
        return await self._fetch(_Request("GET", url, headers or {}), self._bounds.redirects)

    async def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> Fetched:
        """POST ``body``. A redirect is not followed: its status comes back as any other.

        Raises UnsafeUrl, FetchFailed: as ``get``.
        """
        return await self._fetch(_Request("POST", url, headers, body), None)

    async def _fetch(self, request: _Request, redirects: int | None) -> Fetched:
        """``redirects``: how many to follow; None hands them to the caller."""
        started_s = time.monotonic()
        try:
            async with asyncio.timeout(self._bounds.total_s):
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

    async def _follow(self, request: _Request, redirects: int | None) -> _Answer:
        for _ in range((redirects or 0) + 1):
            target = check_url(request.url, self._allowed)
            answer = await self._exchange(request, target)
            location = answer.headers.get("location")
            if redirects is None or answer.status not in _REDIRECTS or location is None:
                return answer
            request = _redirected(request, target, location)
        raise FetchFailed(FetchFailed.Fault.TOO_MANY_REDIRECTS)

    async def _exchange(self, request: _Request, target: Target) -> _Answer:
        """The first address that takes the connection; one that did not was sent nothing."""
        failure = FetchFailed(FetchFailed.Fault.NO_SUCH_HOST)
        for address in await self._addresses(target):
            try:
                return await self._send(request, target, address)
            except FetchFailed as error:
                if error.fault is not FetchFailed.Fault.CANNOT_CONNECT:
                    raise
                failure = error
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

    async def _send(self, request: _Request, target: Target, address: str) -> _Answer:
        """One request to ``address`` in the name of the host.

        A pool for each: a kept connection would be found again by its address, whatever name its
        certificate was checked for.
        """
        timeout = httpx.Timeout(self._bounds.read_s, connect=self._bounds.connect_s)
        sent = httpx.Request(
            request.method,
            httpx.URL(
                scheme=target.scheme,
                host=address,
                port=target.port,
                raw_path=target.path.encode(),
            ),
            headers=_headers(request, target),
            content=request.body or None,
            extensions={"sni_hostname": target.host, "timeout": timeout.as_dict()},
        )
        try:
            # The bare transport: it knows no redirect, cookie or proxy.
            async with httpx.AsyncHTTPTransport(verify=self._tls, trust_env=False) as transport:
                response = await transport.handle_async_request(sent)
                try:
                    body, truncated = await _first_bytes(response, self._bounds.body_bytes)
                finally:
                    await response.aclose()
        except httpx.TransportError as error:
            raise FetchFailed(_fault(error)) from None
        return _Answer(response.status_code, response.headers, body, truncated)


def _headers(request: _Request, target: Target) -> httpx.Headers:
    """The caller's, and ours over them."""
    headers = httpx.Headers({"User-Agent": "Kefu", "Accept": "*/*"})
    headers.update(request.headers)
    headers.update({"Host": target.authority, "Accept-Encoding": "identity", "Connection": "close"})
    return headers


def _redirected(request: _Request, target: Target, location: str) -> _Request:
    try:
        url = urljoin(target.origin + target.path, location)
    except ValueError:
        raise UnsafeUrl("the redirect leads to no URL") from None
    same = url.startswith(f"{target.origin}/")
    return _Request(request.method, url, request.headers if same else {})


async def _first_bytes(response: httpx.Response, most: int) -> tuple[bytes, bool]:
    body = bytearray()
    async for piece in response.aiter_raw():
        body += piece
        if len(body) > most:
            return bytes(body[:most]), True
    return bytes(body), False


def _fault(error: httpx.TransportError) -> FetchFailed.Fault:
    if isinstance(error, httpx.ConnectError | httpx.ConnectTimeout):
        return FetchFailed.Fault.TLS_FAILED if _has_tls(error) else FetchFailed.Fault.CANNOT_CONNECT
    if isinstance(error, httpx.TimeoutException):
        return FetchFailed.Fault.TIMED_OUT
    return FetchFailed.Fault.NOT_HTTP


def _has_tls(error: BaseException | None) -> bool:
    """Whether a fault of TLS is behind ``error``."""
    while error is not None:
        if isinstance(error, ssl.SSLError):
            return True
        error = error.__cause__ or error.__context__
    return False
