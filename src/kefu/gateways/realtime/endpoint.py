"""Everybody on ``kefu.v1`` of this server: who may connect, and as whom.

Rules: the token comes in the first frame, never in the URL. The console's cookie counts only for a
page of our own host; with it, a page of any other is refused before the handshake. A visitor's page
has to be one of those that the inbox names. One agent or visitor has so many connections at most,
whatever their kind.
Not here: what a connection does (``socket``), the fallback over HTTP (``http``).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from contextlib import suppress
from typing import NamedTuple, Protocol

import kefu
from kefu.actions.context import Call, Context
from kefu.actions.proofs import look_up
from kefu.actions.sessions import attend, call_by, claim_of, dismiss
from kefu.core.actors import Agent, Claim, Visitor
from kefu.core.errors import ChatError, TooMany, Unauthenticated
from kefu.gateways.realtime import codec
from kefu.gateways.realtime.feed import Following
from kefu.gateways.realtime.socket import RealtimeSocket
from kefu.net.origins import Pages
from kefu.net.requests import read_cookie
from kefu.transport.websocket import Agreed, Refusal, Request

PATH = "/api/v1/realtime"
COOKIE = "kefu_session"


class Arrival(NamedTuple):
    """How somebody came, and by what they say that they are somebody."""

    address: str
    page: Mapping[str, str]  # the request's ``origin`` and ``host``, if it had them
    session: str | None  # the cookie's, of a page of our own
    token: str | None = None
    widget: str | None = None

    def claim(self, own: Pages) -> Claim:
        """What they claim to be; ``own`` pages are ours. Raises Unauthenticated: it is nothing."""
        page = None if own.are_own(self.page) else self.page["origin"]
        return claim_of(self.token or "", self.widget, page)

    def saying(self, token: str | None, widget: str | None) -> Arrival:
        """The same, once hello is said."""
        return self._replace(token=token or self.session, widget=widget)


class Ends(Protocol):
    """A response that goes on until it is ended."""

    def end(self) -> None:
        """End it."""
        ...


class Realtime:
    """All connections of this server."""

    def __init__(self, ctx: Context) -> None:
        self.ctx = ctx
        self.streams: set[Ends] = set()
        self._count_of: Counter[str] = Counter()  # connections by actor

    def stop(self) -> None:
        """The server is about to stop: the transport closes sockets, nothing else ends streams."""
        for stream in tuple(self.streams):
            stream.end()

    def websocket(self, request: Request) -> Agreed | Refusal:
        """The handler for a new socket; who it is, it says itself."""
        cookies = request.headers.get("cookie", "")
        page = {
            name: request.headers[name] for name in ("origin", "host") if name in request.headers
        }
        session = read_cookie(cookies, COOKIE)
        if session is not None and not self.ctx.policy.pages.are_own(page):
            return Refusal(403, "The cookie counts only for Kefu's own pages.\n")
        if codec.SUBPROTOCOL not in request.subprotocols:
            return Refusal(400, f"This speaks the subprotocol {codec.SUBPROTOCOL}.\n")
        arrival = Arrival(request.client, page, session if "origin" in page else None)
        return Agreed(RealtimeSocket(self, arrival), codec.SUBPROTOCOL)

    async def let_in(self, following: Following, arrival: Arrival) -> Call:
        """Find out who it is; from then on it hears if that ends. Raises ChatError."""
        ctx, token = self.ctx, arrival.token
        if token is None:
            raise Unauthenticated("hello needs a token.")
        claim = arrival.claim(ctx.policy.pages)

        async def look() -> Call:
            return await attend(await call_by(ctx, claim, arrival.address), following)

        call = await look_up(ctx, token, arrival.address, look)
        try:
            self.enter(following, call)
        except ChatError:
            dismiss(call, following)
            raise
        return call

    async def look_again(self, following: Following, arrival: Arrival) -> Call | None:
        """Whoever has become somebody else by what they did; None: they have not."""
        before = following.call
        with suppress(ChatError):
            claim = arrival.claim(self.ctx.policy.pages)
            now = await call_by(self.ctx, claim, arrival.address)
            if before is None or now.actor == before.actor:
                return None
            now = await attend(now, following)
            if following.call is not before:  # another command was faster
                dismiss(now, following)
                return None
            self.leave(following)
            self.enter(following, now, always=True)
            return now
        return None

    def enter(self, following: Following, call: Call, *, always: bool = False) -> None:
        """Count one more connection of the actor. Raises TooMany, unless it stays ``always``."""
        most = self.ctx.limits.connections_per_actor
        if self._count_of[call.key] >= most and not (always or self.ctx.rates_off):
            raise TooMany(f"More than {most} connections.")
        self._count_of[call.key] += 1
        following.begin(call)

    def leave(self, following: Following) -> None:
        """A connection that was let in is gone."""
        call = following.stop()
        if call is None:
            return
        dismiss(call, following)
        self._count_of[call.key] -= 1
        if not self._count_of[call.key]:
            del self._count_of[call.key]

    def welcome(self, actor: Agent | Visitor) -> codec.Welcome:
        """The answer to hello."""
        return codec.welcome(actor, kefu.__version__, self.ctx.limits)
