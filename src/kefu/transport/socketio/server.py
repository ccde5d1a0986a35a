"""A Socket.IO 5 server on Engine.IO 4."""

from __future__ import annotations

from kefu.transport.engineio import EngineIOServer, Session
from kefu.transport.engineio.polling import PollingApp
from kefu.transport.socketio.client import Client, Namespaces
from kefu.transport.socketio.settings import SocketIOSettings
from kefu.transport.websocket import Handler, Refusal, Request


class SocketIOServer:
    """Serves ``asgi`` for polling and ``websocket`` as a route of the WebSocket layer.

    Args:
        namespaces: for each namespace, what is called with every socket that joins it. The
            client knows by then that it is in, so events sent from there arrive after CONNECT.
        settings: limits and times.
    """

    def __init__(self, namespaces: Namespaces, settings: SocketIOSettings | None = None) -> None:
        self._namespaces = namespaces
        self._settings = settings or SocketIOSettings()
        self._engine = EngineIOServer(self._accept, self._settings.engine)

    @property
    def asgi(self) -> PollingApp:
        """The application to mount at ``/socket.io/``."""
        return self._engine.asgi

    @property
    def sessions(self) -> int:
        """How many clients are connected, in whatever namespace."""
        return len(self._engine.sessions)

    def websocket(self, request: Request) -> Handler | Refusal:
        """The route for WebSocket at the same path."""
        return self._engine.websocket(request)

    async def close(self) -> None:
        """Take no new clients and say goodbye to all."""
        await self._engine.close()

    def _accept(self, session: Session) -> Client:
        return Client(session, self._namespaces, self._settings, self._engine.clock)
