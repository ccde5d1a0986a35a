"""An Engine.IO echo, served over HTTP and WebSocket as in production."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
from websockets.asyncio.client import ClientConnection, connect

from kefu.transport.engineio import EngineIOServer, EngineSettings, Session, encode_message
from kefu.transport.websocket import WebSocketLimits, websocket_protocol
from tests.transport.serving import serve


class Echo:
    """Sends every message back; ``ended`` is set with the reason."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.ended: asyncio.Future[str] = asyncio.get_running_loop().create_future()

    def message(self, data: str | bytes) -> None:
        self.session.send(encode_message(data))

    def closed(self, reason: str) -> None:
        self.ended.set_result(reason)

    async def end(self) -> str:
        return await self.ended


class Served:
    """The server and a client of it.

    ``waiting`` is set when a POST waits for its body or a GET for something to be sent.
    """

    def __init__(self, authority: str, http: httpx.AsyncClient, settings: EngineSettings) -> None:
        self.http = http
        self.echoes: list[Echo] = []
        self.waiting = asyncio.Event()
        self.engine = EngineIOServer(self._accept, settings)
        self._authority = authority

    def _accept(self, session: Session) -> Echo:
        echo = Echo(session)
        self.echoes.append(echo)
        return echo

    async def get(self, sid: str = "", **headers: str) -> httpx.Response:
        return await self.http.get(self._query("polling", sid), headers=headers)

    async def post(self, sid: str, body: bytes | str) -> httpx.Response:
        return await self.http.post(self._query("polling", sid), content=body)

    async def open(self) -> str:
        """A new session on polling."""
        sid: str = (await self.get()).text.split('"')[3]
        self.waiting.clear()
        return sid

    def websocket(self, sid: str = "", origin: str | None = None, query: str = "") -> connect:
        path = f"/engine.io/?{query}" if query else self._query("websocket", sid)
        headers = {"origin": origin} if origin else {}
        return connect(f"ws://{self._authority}{path}", additional_headers=headers, proxy=None)

    @staticmethod
    def _query(transport: str, sid: str) -> str:
        return f"/engine.io/?EIO=4&transport={transport}" + (f"&sid={sid}" if sid else "")


@asynccontextmanager
async def served(settings: EngineSettings | None = None) -> AsyncIterator[Served]:
    """A server for as long as the block lasts."""
    made: list[Served] = []

    async def app(scope, receive, send):
        async def noted():
            made[0].waiting.set()
            return await receive()

        await made[0].engine.asgi(scope, noted, send)

    settings = settings or EngineSettings()
    limits = WebSocketLimits(
        message_bytes=settings.max_payload,
        outbox_bytes=settings.outbox_bytes,
        ping_interval_s=0,
        close_timeout_s=0.1,
    )
    ws = websocket_protocol(lambda request: made[0].engine.websocket(request), limits)
    async with (
        serve(ws=ws, app=app) as address,
        httpx.AsyncClient(
            base_url=f"http://{address.authority}", trust_env=False, verify=False, timeout=60
        ) as http,
    ):
        made.append(Served(address.authority, http, settings))
        yield made[0]
        await made[0].engine.close()


async def closed(connection: ClientConnection) -> int | None:
    """Wait for the end of ``connection``; its close code."""
    await connection.wait_closed()
    return connection.close_code
