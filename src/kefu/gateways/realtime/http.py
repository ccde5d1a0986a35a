"""The feed over plain HTTP, for networks that bar WebSocket: ``GET /api/v1/events`` as a stream.

Rules: who asks for ``text/event-stream`` gets one (the HTML standard's server-sent events): the
same frames as over WebSocket, each with the feed's cursor as its id; anybody else gets the command
``event.list``, which waits if asked to. A stream is level when its first heartbeat comes. What a
client does not read is bounded; it then ends, and the client comes back with its cursor.
Not here: who asks (``gateways.rest``), what is heard (``feed``).
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import suppress

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from kefu.actions.context import Call
from kefu.actions.following import FeedPage, ListEvents, OpenFeed, list_events
from kefu.actions.sessions import attend, dismiss
from kefu.core.actors import Agent, Visitor
from kefu.core.errors import BadInput, ChatError, Unauthenticated
from kefu.gateways.realtime import codec
from kefu.gateways.realtime.endpoint import Realtime
from kefu.gateways.realtime.feed import Following
from kefu.net.requests import read_query

MEDIA_TYPE = "text/event-stream"
_HEADERS = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}

Handler = Callable[[Request, dict[str, str]], Awaitable[Response]]
CallOf = Callable[[Request], Awaitable[Call]]


def with_streams(realtime: Realtime, call_of: CallOf, other: Handler) -> Handler:
    """What serves ``/events``: a stream to whoever accepts one, ``other`` to the rest."""

    async def handle(request: Request, fields: dict[str, str]) -> Response:
        if MEDIA_TYPE not in request.headers.get("accept", ""):
            return await other(request, fields)
        call = await call_of(request)
        stream = _Stream(realtime, call)
        try:
            await stream.begin(request)
        except BaseException:
            stream.leave()
            raise
        return StreamingResponse(stream.chunks(), headers=_HEADERS, media_type=MEDIA_TYPE)

    return handle


def as_chunk(json: bytes, cursor: str | None) -> bytes:
    """A frame's JSON as a server-sent event; a signal has no cursor, and leaves the id as it is."""
    id = f"id: {cursor}\n".encode() if cursor else b""
    return b"%sdata: %s\n\n" % (id, json)


def _asked_cursor(request: Request) -> str | None:
    try:
        return read_query(request.scope["query_string"]).get("cursor")
    except ValueError:
        raise BadInput("The query string is not one.") from None


class _Stream:
    """One response that goes on."""

    def __init__(self, realtime: Realtime, call: Call) -> None:
        self._realtime = realtime
        self._ctx = realtime.ctx
        self._call = call
        self._following = Following(realtime.ctx, as_chunk, self._push, lambda _: self.end())
        self._waiting: list[bytes] = []
        self._waiting_bytes = 0
        self._news = asyncio.Event()
        self._ended = False
        self._page = FeedPage(cursor="")

    async def begin(self, request: Request) -> None:
        """Let it in, and read the first part of what was missed. Raises ChatError."""
        if not isinstance(self._call.actor, Agent | Visitor):
            raise Unauthenticated("Sign in, or send a token.")
        self._call = await attend(self._call, self._following)
        try:
            self._realtime.enter(self._following, self._call)
        except ChatError:
            dismiss(self._call, self._following)
            raise
        self._realtime.streams.add(self)
        cursor = request.headers.get("last-event-id") or _asked_cursor(request)
        if cursor is None:
            cursor = (await list_events(self._call, ListEvents())).cursor
        await self._read(cursor)

    async def chunks(self) -> AsyncIterator[bytes]:
        """The response's body."""
        try:
            while self._page.more and not self._ended:
                yield self._take()
                await self._read(self._page.cursor)
            while not self._ended:
                yield self._take()
                with suppress(TimeoutError):
                    async with asyncio.timeout(codec.HEARTBEAT_S):
                        await self._news.wait()
                if not self._waiting:
                    self._push(self._following.heartbeat())
        except ChatError:
            return  # it comes back, and is told then
        finally:
            self.leave()

    def end(self) -> None:
        """End it: what it was let in for holds no more, it is too slow, or the server stops."""
        self._ended = True
        self._waiting.clear()
        self._news.set()

    def leave(self) -> None:
        """Hear nothing any more."""
        self._following.leave()
        self._realtime.streams.discard(self)
        self._realtime.leave(self._following)

    async def _read(self, cursor: str) -> None:
        with self._following.holding():
            page = self._page = await self._following.open_feed(self._call, OpenFeed(cursor=cursor))
            for event in page.events:
                self._push(as_chunk(codec.event(event), event.cursor))
            for receipts in page.receipts:
                self._push(as_chunk(codec.signal(receipts, receipts.on), None))
            if not page.more:
                self._push(self._following.heartbeat())

    def _push(self, chunk: bytes) -> None:
        self._waiting_bytes += len(chunk)
        if self._waiting_bytes > self._ctx.limits.outbox_bytes:
            self.end()
        if not self._ended:
            self._waiting.append(chunk)
            self._news.set()

    def _take(self) -> bytes:
        taken = b"".join(self._waiting)
        self._waiting.clear()
        self._waiting_bytes = 0
        self._news.clear()
        if self._ended:
            self._news.set()
        return taken
