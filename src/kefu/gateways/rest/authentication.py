"""Who sends a request, as far as it proves it.

Rules: a token in ``Authorization`` counts wherever the request comes from, since no browser adds
it by itself. The cookie counts only for requests of our own pages; from another site it is refused.
Without any proof somebody is let read in a demo only from the machine itself, under a loopback
host name, and not on behalf of another site's page (a name that was re-bound to loopback is not a
loopback name).
Not here: whose a token is (``actions.sessions``), what they may do (``core.permissions``).
"""

from __future__ import annotations

import hmac
import ipaddress
import re
from collections.abc import Iterable
from functools import partial

from starlette.requests import Request

from kefu.actions.context import Context
from kefu.actions.proofs import look_up
from kefu.actions.sessions import actor_of
from kefu.core.actors import Actor, Standing
from kefu.core.errors import NotAllowed, Unauthenticated
from kefu.net.clients import address_in, was_forwarded
from kefu.net.origins import Pages

COOKIE = "kefu_session"
WIDGET_HEADER = "x-kefu-widget"

# What a Host of this machine can look like (RFC 9110, section 7.2).
_HOST = re.compile(r"(?P<name>localhost|[0-9.]+|\[[0-9a-fA-F:.]+\])(:[0-9]+)?")


class Authentication:
    """Makes actors of requests; ``tokens`` are those of the rooms protocol's agents."""

    def __init__(self, ctx: Context, *, demo: bool, tokens: Iterable[str]) -> None:
        self._ctx = ctx
        self._demo = demo
        self._secrets = [token.encode() for token in tokens]

    async def actor(self, request: Request) -> Actor:
        """Who asks. Raises Unauthenticated, NotAllowed, TooMany."""
        header = request.headers.get("authorization")
        if header is not None:
            scheme, _, token = header.partition(" ")
            if scheme.lower() != "bearer":
                raise Unauthenticated("Only `Authorization: Bearer` is known.")
            return await self._bearer(token.strip(), request)
        session = request.cookies.get(COOKIE)
        if session is not None:
            if not _is_of_our_page(request, self._ctx.policy.pages):
                raise NotAllowed("The cookie counts only for Kefu's own pages.")
            return await self._known(session, None, address_of(request))
        return (
            Standing.LOCAL
            if self._demo and _is_local(request, self._ctx.policy.pages)
            else Standing.ANYONE
        )

    async def _bearer(self, token: str, request: Request) -> Actor:
        # Every token is compared, so that the time tells nothing about which is near.
        same = [hmac.compare_digest(secret, token.encode()) for secret in self._secrets]
        if any(same):
            return Standing.AGENT
        return await self._known(token, request.headers.get(WIDGET_HEADER), address_of(request))

    async def _known(self, token: str, widget_key: str | None, address: str) -> Actor:
        look = partial(actor_of, self._ctx, token, widget_key)
        return await look_up(self._ctx, token, address, look)


def address_of(request: Request) -> str:
    """The client's address, as a trusted proxy or the connection says it."""
    return address_in(request.scope)


def _is_of_our_page(request: Request, own: Pages) -> bool:
    """Whether one of our own pages asks (Fetch Metadata; older browsers tell by Origin).

    A request that only reads may lack both: its answer cannot be read by another site's page.
    """
    site = request.headers.get("sec-fetch-site")
    if site is not None and site != "same-origin":
        return False
    if not own.are_own(request.headers):
        return False
    proven = site is not None or "origin" in request.headers
    return proven or request.method in ("GET", "HEAD")


def _is_local(request: Request, own: Pages) -> bool:
    """Whether a browser or script on this very machine asks, under this machine's own name."""
    # Not ``request.url``: for a Host that is malformed it has our own address in its place.
    host = _HOST.fullmatch(request.headers.get("host", ""))
    asked = host["name"].strip("[]") if host else ""
    here = _is_loopback(address_of(request)) and _is_loopback(asked)
    return here and not was_forwarded(request.headers) and own.are_own(request.headers)


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
