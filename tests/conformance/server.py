"""A server for conformance suites, on the project's own transport.

``python -m tests.conformance.server --port P`` serves a WebSocket echo at ``/`` and ``/echo``, an
Engine.IO echo at ``/engine.io/`` and Socket.IO at ``/socket.io/``, with the short times that the
suites of the protocol's authors expect.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import socket
from collections.abc import Callable
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.routing import Mount

from kefu.transport.engineio import EngineIOServer, EngineSettings, Session, encode_message
from kefu.transport.socketio import Socket, SocketIOServer, SocketIOSettings
from kefu.transport.websocket import (
    Handler,
    Refusal,
    Request,
    WebSocketLimits,
    websocket_protocol,
)
from tests.conformance.echo import Echo

ENGINE = EngineSettings(ping_interval_ms=300, ping_timeout_ms=200, max_payload=1_000_000)
ECHO_LIMITS = WebSocketLimits(message_bytes=16 << 20, outbox_bytes=64 << 20)
# Engine.IO has pings of its own.
ENGINE_LIMITS = WebSocketLimits(message_bytes=ENGINE.max_payload, ping_interval_s=0)


class EngineEcho:
    """Sends every message back."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def message(self, data: str | bytes) -> None:
        self._session.send(encode_message(data))

    def closed(self, reason: str) -> None:
        pass


class SocketEcho:
    """Emits ``auth`` at the start, answers ``message`` and acknowledges ``message-with-ack``.

    The suites listen for one message at a time and lose what a read brings besides, so ``auth``
    does not share the write of the CONNECT before it, but it comes before any answer.
    """

    def __init__(self, socket: Socket) -> None:
        self._socket = socket
        loop = asyncio.get_running_loop()
        self._greeting: asyncio.TimerHandle | None = loop.call_later(0.005, self._greet)

    def event(self, name: str, args: list[Any], ack: Callable[..., None] | None) -> None:
        self._greet()
        if name == "message":
            self._socket.emit("message-back", *args)
        elif name == "message-with-ack" and ack is not None:
            ack(*args)

    def disconnected(self, reason: str) -> None:
        if self._greeting is not None:
            self._greeting.cancel()

    def _greet(self) -> None:
        if self._greeting is not None:
            self._greeting.cancel()
            self._greeting = None
            self._socket.emit("auth", self._socket.auth)


def config(settings: EngineSettings = ENGINE) -> uvicorn.Config:
    """The whole server, for uvicorn."""
    engine = EngineIOServer(EngineEcho, settings)
    sockets = SocketIOServer(
        {"/": SocketEcho, "/custom": SocketEcho},
        SocketIOSettings(engine=settings, connect_timeout_ms=1_000),
    )

    def route(request: Request) -> Handler | Refusal:
        match request.path:
            case "/" | "/echo":
                return Echo()
            case "/engine.io/":
                return engine.websocket(request)
            case "/socket.io/":
                return sockets.websocket(request)
        return Refusal(404)

    def limits(request: Request) -> WebSocketLimits:
        return ECHO_LIMITS if request.path in ("/", "/echo") else ENGINE_LIMITS

    return uvicorn.Config(
        Starlette(
            routes=[Mount("/engine.io", app=engine.asgi), Mount("/socket.io", app=sockets.asgi)]
        ),
        ws=websocket_protocol(route, limits),
        loop="uvloop",
        http="httptools",
        lifespan="off",
        access_log=False,
        log_level="warning",
    )


def listen(host: str, port: int) -> list[socket.socket]:
    """One socket, or both loopbacks: clients told "localhost" may try either first."""
    if host not in ("127.0.0.1", "localhost"):
        return [socket.create_server((host, port))]
    sockets = [socket.create_server(("127.0.0.1", port))]
    with contextlib.suppress(OSError):  # a machine without IPv6
        address = ("::1", sockets[0].getsockname()[1])
        sockets.append(socket.create_server(address, family=socket.AF_INET6))
    return sockets


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, required=True)
    options = parser.parse_args()
    server = uvicorn.Server(config())
    asyncio.Runner(loop_factory=server.config.get_loop_factory()).run(
        server.serve(listen(options.host, options.port))
    )


if __name__ == "__main__":
    main()
