"""An Engine.IO 4 server: its sessions, and who may open or continue one.

Rules: a request is checked the same way whatever its transport, origin first; nothing is made
before it passed; an id that is not known tells nothing else.
Not here: what a session does (``session``); HTTP (``polling``) and WebSocket (``websocket``).
"""

from __future__ import annotations

import asyncio
import secrets
from collections import Counter
from collections.abc import Callable

from kefu.net.clients import network_of
from kefu.transport.engineio.polling import PollingApp
from kefu.transport.engineio.ports import Clock, EngineHandler, Link
from kefu.transport.engineio.session import SHUTTING_DOWN, Session
from kefu.transport.engineio.settings import (
    BAD_METHOD,
    BAD_REQUEST,
    FORBIDDEN,
    GOING_AWAY,
    TOO_MANY_SESSIONS,
    UNKNOWN_SESSION,
    UNKNOWN_TRANSPORT,
    UNSUPPORTED_VERSION,
    EngineSettings,
    Fault,
)
from kefu.transport.engineio.websocket import SessionSocket, UpgradeSocket, refusal
from kefu.transport.websocket import Handler, Refusal, Request

SID_BYTES = 15
"""120 random bits, 20 characters."""


class EngineIOServer:
    """Serves ``asgi`` for polling and ``websocket`` as a route of the WebSocket layer.

    Args:
        accept: makes the listener of a new session; it may send, but not close yet.
        settings: limits and times.
    """

    def __init__(
        self, accept: Callable[[Session], EngineHandler], settings: EngineSettings | None = None
    ) -> None:
        self.settings = settings or EngineSettings()
        self.sessions: dict[str, Session] = {}
        self.asgi = PollingApp(self)
        self._accept = accept
        self._polling: dict[str, str] = {}  # the client that opened a session by polling
        self._count_of: Counter[str] = Counter()  # of those, by client
        self._closing = False

    @property
    def clock(self) -> Clock:
        return asyncio.get_running_loop()

    def admit(
        self, request: Request, transport: str, method: str = "GET"
    ) -> Session | Fault | None:
        """The session the request belongs to, None if it may open one, or why it is refused."""
        query = request.query
        if not self.settings.pages.may(request.headers):
            return FORBIDDEN
        if query.get("transport") != transport:
            known = query.get("transport") in ("polling", "websocket")
            return BAD_REQUEST if known else UNKNOWN_TRANSPORT
        if query.get("EIO") != "4":
            return UNSUPPORTED_VERSION
        if "j" in query:  # JSONP, for browsers before CORS
            return BAD_REQUEST
        sid = query.get("sid")
        if sid is not None:
            return self.sessions.get(sid, UNKNOWN_SESSION)
        if method != "GET":
            return BAD_METHOD
        if self._closing:
            return GOING_AWAY
        return TOO_MANY_SESSIONS if self._is_full(request.client, transport) else None

    def open(self, request: Request, link: Link | None = None) -> Session:
        """Make the session that ``admit`` allowed, on ``link`` or on polling."""
        sid = secrets.token_urlsafe(SID_BYTES)
        self.sessions[sid] = session = Session(sid, request, self)
        if link is None:
            self._polling[sid] = client = network_of(request.client)
            self._count_of[client] += 1
        session.open(link)
        session.handler = self._accept(session)
        return session

    def websocket(self, request: Request) -> Handler | Refusal:
        """The route for ``transport=websocket``."""
        session = self.admit(request, "websocket")
        if isinstance(session, Fault):
            return refusal(session)
        if session is None:
            return SessionSocket(lambda link: self.open(request, link))
        return UpgradeSocket(session)

    async def close(self) -> None:
        """Take no new sessions and say goodbye to all: WebSocket code 1001, close packet."""
        self._closing = True
        for session in list(self.sessions.values()):
            session.close(SHUTTING_DOWN, code=1001)
        await asyncio.sleep(0)  # lets the answers of waiting polls go out

    def forget(self, sid: str) -> None:
        self.sessions.pop(sid, None)
        client = self._polling.pop(sid, None)
        if client is not None:
            self._count_of[client] -= 1
            if not self._count_of[client]:
                del self._count_of[client]

    def _is_full(self, address: str, transport: str) -> bool:
        limit = self.settings.polling_sessions_per_address
        if transport == "polling" and limit and self._count_of[network_of(address)] >= limit:
            return True
        return len(self.sessions) >= self.settings.max_sessions
