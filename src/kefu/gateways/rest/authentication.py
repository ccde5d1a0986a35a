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
from collections.abc import Iterable

from starlette.requests import Request

from kefu.actions.context import MOST_USER_AGENT, Call, Context
from kefu.actions.proofs import look_up
from kefu.actions.sessions import call_by, claim_of
from kefu.core.actors import Standing
from kefu.core.errors import NotAllowed, Unauthenticated
from kefu.net.clients import address_in, was_forwarded
from kefu.net.origins import Pages, is_loopback
from kefu.net.requests import read_cookie

COOKIE = "kefu_session"
WIDGET_HEADER = "x-kefu-widget"


class Authentication:
    """Makes calls of requests; ``tokens`` are those of the rooms protocol's agents."""

    def __init__(self, ctx: Context, *, demo: bool, tokens: Iterable[str]) -> None:
        self._ctx = ctx
        self._demo = demo
        self._secrets = [token.encode() for token in tokens]

    async def call(self, request: Request, *, anyone: bool = False) -> Call:
        """Who asks. ``anyone``: a proof that does not hold is no proof.

        Raises Unauthenticated, NotAllowed, TooMany, Unavailable.
        """
        try:
            return await self._call(request, anyone=anyone)
        except Unauthenticated:
            if not anyone:
                raise
            return self._unproved(request, Standing.ANYONE)

    async def _call(self, request: Request, *, anyone: bool) -> Call:
        header = request.headers.get("authorization")
        if header is not None:
            scheme, _, token = header.partition(" ")
            if scheme.lower() != "bearer":
                raise Unauthenticated("Only `Authorization: Bearer` is known.")
            return await self._bearer(token.strip(), request, anyone=anyone)
        session = read_cookie(request.headers.get("cookie", ""), COOKIE)
        if session is not None and not (anyone and _is_of_no_page(request)):
            if not is_of_our_page(request, self._ctx.policy.pages):
                raise NotAllowed("The cookie counts only for Kefu's own pages.")
            return await self._known(session, request, anyone=anyone)
        local = self._demo and is_local(request, self._ctx.policy.pages)
        return self._unproved(request, Standing.LOCAL if local else Standing.ANYONE)

    async def _bearer(self, token: str, request: Request, *, anyone: bool) -> Call:
        # Every token is compared, so that the time tells nothing about which is near.
        same = [hmac.compare_digest(secret, token.encode()) for secret in self._secrets]
        if any(same):
            return self._unproved(request, Standing.AGENT)
        return await self._known(token, request, anyone=anyone)

    async def _known(self, token: str, request: Request, *, anyone: bool) -> Call:
        ctx, address = self._ctx, address_of(request)

        async def look() -> Call:
            own = ctx.policy.pages.are_own(request.headers)
            page = None if own else request.headers["origin"]
            claim = claim_of(token, request.headers.get(WIDGET_HEADER), page)
            return await call_by(ctx, claim, address, _user_agent(request), optional=anyone)

        return await look_up(ctx, token, address, look)

    def _unproved(self, request: Request, standing: Standing) -> Call:
        return Call(self._ctx, standing, address_of(request), user_agent=_user_agent(request))


def address_of(request: Request) -> str:
    """The client's address, as a trusted proxy or the connection says it."""
    return address_in(request.scope)


def _user_agent(request: Request) -> str:
    return request.headers.get("user-agent", "")[:MOST_USER_AGENT]


def _is_of_no_page(request: Request) -> bool:
    """Whether it is a tool with a jar of cookies that asks: its cookie proves nothing here."""
    return "origin" not in request.headers and "sec-fetch-site" not in request.headers


def is_of_our_page(request: Request, own: Pages) -> bool:
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


def is_local(request: Request, own: Pages) -> bool:
    """Whether a browser or script on this very machine asks, under this machine's own name."""
    # Not ``request.url``: for a Host that is malformed it has our own address in its place.
    asked = request.headers.get("host", "")
    here = _is_loopback(address_of(request)) and is_loopback(asked)
    return here and not was_forwarded(request.headers) and own.are_own(request.headers)


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
