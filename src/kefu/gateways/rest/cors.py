"""Which other sites' pages may use the visitors' part (the Fetch standard's CORS).

Rules: a page may if its origin stands in the settings of the visitor's inbox; a preflight, which
does not say which inbox it is for, is answered if any has it. Never ``*``, and never with
credentials: a visitor's page sends its token itself, so no cookie and no standing of the machine
ever serves another site.
Not here: how origins are compared (``net.origins``), the tutorials' pages (``transport.origins``).
"""

from __future__ import annotations

import math
from collections.abc import Collection

from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import Response

from kefu.actions.context import Context
from kefu.core.actors import Actor, Standing, Visitor
from kefu.net.origins import Pages
from kefu.storage.inboxes import list_inboxes

# Anybody may send preflights, so they are not looked up each time.
KNOWN_S = 5.0
# What our own documents tell pages to send, and what event-stream libraries add on their own.
ALLOWED_HEADERS = (
    "accept, authorization, cache-control, content-type, idempotency-key, last-event-id, pragma, "
    "x-kefu-widget, x-requested-with"
)


class Sites:
    """Which pages may, by the inboxes' settings."""

    def __init__(self, ctx: Context) -> None:
        self._ctx = ctx
        self._known = Pages()
        self._by_key: dict[str, Pages] = {}
        self._known_until_s = -math.inf

    async def may_read(self, actor: Actor, request: Request) -> bool:
        """Whether another site's page asks, and may read the answer.

        A visitor's page is one of their inbox's, else they were not let in (``storage.proving``).
        """
        if actor is Standing.ANYONE:
            return await self.knows(request)
        own = self._ctx.policy.pages
        return isinstance(actor, Visitor) and not own.are_own(request.headers)

    async def preflight(self, request: Request, methods: Collection[str]) -> Response:
        """The answer to a browser that asks before it sends what a page wants to send."""
        headers = {"Vary": "Origin"}
        if methods and await self.knows(request):
            headers |= {
                "Access-Control-Allow-Origin": request.headers["origin"],
                "Access-Control-Allow-Methods": ", ".join(methods),
                "Access-Control-Allow-Headers": ALLOWED_HEADERS,
                "Access-Control-Max-Age": "600",
            }
        return Response(None, 204, headers)

    async def knows(self, request: Request) -> bool:
        """Whether another site's page asks that is one of any inbox's."""
        if self._ctx.policy.pages.are_own(request.headers):
            return False
        await self._learn()
        return self._known.may(request.headers)

    async def knows_of(self, request: Request, widget_key: str) -> bool:
        """Whether another site's page asks that is one of this inbox's."""
        if self._ctx.policy.pages.are_own(request.headers):
            return False
        await self._learn()
        pages = self._by_key.get(widget_key)
        return pages is not None and pages.may(request.headers)

    async def _learn(self) -> None:
        """Look up which inbox has which pages, unless that is known."""
        now_s = self._ctx.monotonic_s()
        if now_s < self._known_until_s:
            return
        own = self._ctx.policy.pages
        found = await self._ctx.database.read(_origins)
        self._known = own.beside(origin for each in found.values() for origin in each)
        self._by_key = {key: own.beside(origins) for key, origins in found.items()}
        self._known_until_s = now_s + KNOWN_S


def _origins(conn: Connection) -> dict[str, tuple[str, ...]]:
    """The pages of each active inbox, by its widget key."""
    active = [inbox for inbox in list_inboxes(conn, members=False) if inbox.active]
    return {inbox.widget_key or "": inbox.settings.origins for inbox in active}


def let_read(request: Request, response: Response) -> None:
    """Let the page that asked read the answer."""
    response.headers["Access-Control-Allow-Origin"] = request.headers["origin"]
    response.headers["Access-Control-Expose-Headers"] = "Retry-After"
    response.headers.add_vary_header("Origin")
