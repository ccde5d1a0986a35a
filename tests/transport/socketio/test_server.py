"""A Socket.IO server over the network: bad input on both transports, and real clients' ways."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest
from websockets.asyncio.client import ClientConnection, connect

from kefu.transport.engineio import EngineSettings
from kefu.transport.socketio import Socket, SocketIOServer, SocketIOSettings
from kefu.transport.websocket import WebSocketLimits, websocket_protocol
from tests.transport.serving import serve


class Echo:
    """Answers every event with itself."""

    def __init__(self, socket: Socket) -> None:
        self.socket = socket

    def event(self, name: str, args: list[Any], ack: object) -> None:
        self.socket.emit(name, *args)

    def disconnected(self, reason: str) -> None:
        pass


class Served:
    """A server, and clients of it over both transports."""

    def __init__(self, server: SocketIOServer, authority: str, http: httpx.AsyncClient) -> None:
        self.server = server
        self._url = f"{authority}/socket.io/?EIO=4&transport="
        self._http = http

    async def get(self, sid: str = "") -> httpx.Response:
        return await self._http.get(f"http://{self._url}polling&sid={sid}".removesuffix("&sid="))

    async def post(self, sid: str, body: str) -> httpx.Response:
        return await self._http.post(f"http://{self._url}polling&sid={sid}", content=body)

    async def join(self) -> ClientConnection:
        """A client over WebSocket that has joined the main namespace."""
        client = await connect(f"ws://{self._url}websocket", proxy=None)
        await client.recv()
        await client.send("40")
        await client.recv()
        return client

    async def join_by_polling(self) -> str:
        sid: str = (await self.get()).text.split('"')[3]
        await self.post(sid, "40")
        await self.get(sid)
        return sid


@asynccontextmanager
async def served() -> AsyncIterator[Served]:
    server = SocketIOServer({"/": Echo}, SocketIOSettings(engine=EngineSettings()))
    ws = websocket_protocol(server.websocket, WebSocketLimits(ping_interval_s=0))
    async with (
        serve(ws=ws, app=server.asgi) as address,
        httpx.AsyncClient(trust_env=False, verify=False, timeout=60) as http,
    ):
        yield Served(server, address.authority, http)
        await server.close()


BAD = [
    pytest.param("4abc", id="unknown type"),
    pytest.param("42{}", id="no array"),
    pytest.param("42[]", id="no name"),
    pytest.param('42abc["message"]', id="bad ack id"),
    pytest.param("49", id="type 9"),
    pytest.param('42/unknown,["message"]', id="namespace not joined"),
    pytest.param("42" + "[" * 30_000, id="deep"),
    pytest.param('42["message",NaN]', id="NaN"),
    pytest.param('42["message","\\ud800"]', id="half a surrogate pair"),
]


@pytest.mark.parametrize("packet", BAD)
async def test_bad_input_over_websocket_closes_its_client_and_no_other(packet):
    async with served() as it:
        bad, good = await it.join(), await it.join()
        await bad.send(packet)
        await bad.wait_closed()
        assert bad.close_code == 1000
        await good.send('42["unhurt"]')
        assert await good.recv() == '42["unhurt"]'
        assert it.server.sessions == 1


@pytest.mark.parametrize("packet", BAD)
async def test_bad_input_over_polling_closes_its_client_and_no_other(packet):
    async with served() as it:
        bad, good = await it.join_by_polling(), await it.join_by_polling()
        assert (await it.post(bad, packet)).status_code == 400
        assert (await it.get(bad)).status_code == 400
        assert (await it.post(good, '42["unhurt"]')).status_code == 200
        assert (await it.get(good)).text == '42["unhurt"]'
        assert it.server.sessions == 1


async def test_an_unknown_namespace_is_refused_over_polling_too():
    async with served() as it:
        sid = (await it.get()).text.split('"')[3]
        await it.post(sid, "40/random,")
        assert (await it.get(sid)).text == '44/random,{"message":"Invalid namespace"}'


async def test_binary_events_over_polling():
    async with served() as it:
        sid = await it.join_by_polling()
        event = '451-["file",{"_placeholder":true,"num":0}]\x1ebAQID'
        assert (await it.post(sid, event)).text == "ok"
        assert (await it.get(sid)).text == event


async def test_closing_the_server_tells_everybody():
    async with served() as it:
        over_websocket, sid = await it.join(), await it.join_by_polling()
        poll = asyncio.create_task(it.get(sid))
        await over_websocket.send('42["in between"]')
        await over_websocket.recv()
        await it.server.close()
        assert (await poll).text == "1"
        await over_websocket.wait_closed()
        assert over_websocket.close_code == 1001
        assert it.server.sessions == 0
