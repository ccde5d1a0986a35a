"""HTTP long-polling: an ASGI application that carries GET and POST to and from a session.

Rules
- A POST's body is read while it is within ``max_payload``; more ends the session, unread. A session
  that ends waits for no body.
- A GET waits on a future, beside the one task that hears of a client that goes away; a POST waits
  for the task that reads its body.
Not here: any rule of the protocol (``server.admit``, ``session``).
Source: Engine.IO protocol 4, "HTTP long-polling"; ASGI 3, "HTTP".
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from typing import TYPE_CHECKING, Any

import msgspec

from kefu.net.clients import address_in
from kefu.net.requests import read_query
from kefu.transport.engineio.session import Session
from kefu.transport.engineio.settings import (
    BAD_REQUEST,
    FORBIDDEN,
    TOO_LARGE,
    Fault,
)
from kefu.transport.origins import cors_headers
from kefu.transport.websocket import Request

if TYPE_CHECKING:
    from kefu.transport.engineio.server import EngineIOServer

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]


class PollingApp:
    """The ASGI application of one server; it answers at any path it is mounted on."""

    def __init__(self, server: EngineIOServer) -> None:
        self._server = server

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = read_request(scope)
        method = scope["method"]
        settings = self._server.settings
        if method == "OPTIONS":
            answer: bytes | Fault | None = b""
            if not settings.pages.may(request.headers):
                answer = FORBIDDEN
        else:
            answer = await self._answer(request, method, receive)
        if answer is None:
            return
        allowed = answer is not FORBIDDEN
        headers = (
            cors_headers(request.headers, settings.pages, preflight=method == "OPTIONS")
            if allowed
            else []
        )
        await _respond(send, answer, headers)

    async def _answer(
        self, request: Request, method: str, receive: Receive
    ) -> bytes | Fault | None:
        """The body of the answer; None if nobody waits for it any more."""
        session = self._server.admit(request, "polling", method)
        if isinstance(session, Fault):
            return session
        if method == "GET":
            return await self._get(session or self._server.open(request), receive)
        if method == "POST" and session is not None:
            return await self._post(session, receive)
        return BAD_REQUEST

    async def _get(self, session: Session, receive: Receive) -> bytes | Fault | None:
        answered: asyncio.Future[bytes | Fault] = asyncio.get_running_loop().create_future()
        session.poll(answered.set_result)
        if answered.done():
            return answered.result()
        gone = asyncio.create_task(_disconnect(receive))
        try:
            await asyncio.wait((answered, gone), return_when=asyncio.FIRST_COMPLETED)
        finally:
            gone.cancel()
        if answered.done():
            return answered.result()
        session.poll_abandoned()
        return None

    async def _post(self, session: Session, receive: Receive) -> bytes | Fault | None:
        settings = self._server.settings
        reading = asyncio.create_task(_read_body(receive, settings.max_payload))
        try:
            if not session.begin_post(reading.cancel):
                return BAD_REQUEST
            await asyncio.wait((reading,), timeout=settings.post_timeout_ms / 1000)
        finally:
            reading.cancel()
        whole = reading.done() and not reading.cancelled()
        body = reading.result() if whole else BAD_REQUEST
        if isinstance(body, bytes):
            return b"ok" if session.post(body) else BAD_REQUEST
        session.post_failed()
        return body


def read_request(scope: Scope) -> Request:
    """An ASGI HTTP scope as the ``Request`` that the WebSocket layer gives to its routes."""
    headers: dict[str, str] = {}
    for raw_name, raw_value in scope["headers"]:
        name, value = raw_name.decode("latin-1").lower(), raw_value.decode("latin-1")
        headers[name] = f"{headers[name]}, {value}" if name in headers else value
    try:
        query = read_query(scope["query_string"])
    except ValueError:
        query = {}  # refused for what is missing then
    return Request(scope["path"], query, headers, address_in(scope))


async def _read_body(receive: Receive, max_bytes: int) -> bytes | Fault | None:
    """The whole body, ``TOO_LARGE``, or None if the client went away before its end."""
    body = bytearray()
    while True:
        event = await receive()
        if event["type"] == "http.disconnect":
            return None
        body += event.get("body", b"")
        if len(body) > max_bytes:
            return TOO_LARGE
        if not event.get("more_body", False):
            return bytes(body)


async def _disconnect(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _respond(send: Send, answer: bytes | Fault, cors: list[tuple[str, str]]) -> None:
    status, kind, body = 200, "text/plain; charset=UTF-8", answer
    if isinstance(answer, Fault):
        status, kind = answer.status, "application/json"
        body = msgspec.json.encode({"code": answer.code, "message": answer.message})
    headers = [("content-type", kind), ("content-length", str(len(body))), *cors]
    headers.append(("cache-control", "no-store"))
    if answer is TOO_LARGE:
        headers.append(("connection", "close"))  # what is left of the body is not read
    raw = [(name.encode(), value.encode("latin-1")) for name, value in headers]
    await send({"type": "http.response.start", "status": status, "headers": raw})
    await send({"type": "http.response.body", "body": body})
