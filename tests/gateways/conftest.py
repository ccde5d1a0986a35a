"""A whole server inside the test's own loop, and clients that speak its protocols."""

from __future__ import annotations

import asyncio
import itertools
import json
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any
from urllib.parse import urlencode

import httpx
import msgspec
import pytest
import socketio
from websockets.asyncio.client import ClientConnection, connect

from kefu import config
from kefu.app import Kefu, assemble, websocket_limits
from kefu.config import Settings
from kefu.storage.migrations import migrate
from kefu.transport.websocket import websocket_protocol
from tests.databases import put_store
from tests.transport.serving import Address, serve

WAIT_S = 60.0  # until something is not late but lost


class Running:
    """One server, and where it listens."""

    def __init__(self, kefu: Kefu, address: Address) -> None:
        self.kefu = kefu
        self.http = f"http://{address.authority}"
        self.ws = f"ws://{address.authority}"

    async def request(self, method: str, path: str, **options: Any) -> httpx.Response:
        # Reading the machine's certificates takes longer than most tests.
        who = httpx.AsyncClient(base_url=self.http, verify=False, timeout=WAIT_S)
        async with who as client:
            return await client.request(method, path, **options)

    async def get(self, path: str, **options: Any) -> httpx.Response:
        return await self.request("GET", path, **options)

    def change(self, **fields: Any) -> None:
        """Change the server's context, e.g. its clock."""
        for name, value in fields.items():
            object.__setattr__(self.kefu.ctx, name, value)

    async def messages(self) -> list[tuple[int, int, str, str]]:
        """Every message stored: (conversation, seq, sender, text), as the REST API tells it."""
        found: list[tuple[int, int, str, str]] = []
        for conversation in itertools.count(1):
            page = await self.get(f"/api/v1/conversations/{conversation}/messages?limit=200")
            if page.status_code == 404:
                break
            assert "next" not in page.json()
            found += [
                (conversation, one["seq"], one["sender"]["name"], one["text"])
                for one in page.json()["items"]
                if one["type"] == "message"
            ]
        return found


class RoomsClient:
    """A page of the first tutorial."""

    def __init__(self, socket: ClientConnection) -> None:
        self.socket = socket

    async def say(self, text: str) -> None:
        await self.socket.send(json.dumps({"neiRong": text}))

    async def line(self) -> tuple[str, str]:
        """The next frame as (who, what); its keys are exactly the protocol's."""
        frame = json.loads(await asyncio.wait_for(self.socket.recv(), WAIT_S))
        assert frame.keys() == {"neiRong", "shuiFaDe"}
        return frame["shuiFaDe"], frame["neiRong"]

    async def close_code(self) -> int | None:
        await asyncio.wait_for(self.socket.wait_closed(), WAIT_S)
        return self.socket.close_code


class DirectClient:
    """A page of the second tutorial. ``heard`` has every event in the order of arrival."""

    EVENTS = ("user_list", "login_success", "login_error", "message", "error")

    def __init__(self) -> None:
        self.io = socketio.AsyncClient(reconnection=False)
        self.heard: list[tuple[Any, ...]] = []
        self._news = asyncio.Condition()
        self.gone = asyncio.Event()
        self.io.on("disconnect", self.gone.set)
        for event in self.EVENTS:
            self.io.on(event, self._listener(event))

    def _listener(self, event: str) -> Callable[..., Any]:
        async def hear(*args: Any) -> None:
            async with self._news:
                self.heard.append((event, *args))
                self._news.notify_all()

        return hear

    async def hears(self, *event: Any) -> None:
        """Wait until exactly this event was heard."""
        async with asyncio.timeout(WAIT_S), self._news:
            await self._news.wait_for(lambda: event in self.heard)

    async def login(self, name: Any) -> None:
        await self.io.emit("login", name)

    async def logged_in(self, name: str) -> None:
        await self.login(name)
        await self.hears("login_success")

    async def tell(self, to: Any, message: Any) -> None:
        await self.io.emit("private_message", {"to": to, "message": message})


class House:
    """Starts servers and clients for one test, and ends them all."""

    def __init__(self, data: str, stack: AsyncExitStack) -> None:
        self.settings = config.demo(host="127.0.0.1", port=0, classic_port=0, data=data, env={})
        self._stack = stack

    async def serve(self, **sections: dict[str, Any]) -> Running:
        """Start a server: a demo's settings, with ``sections`` changed."""
        for section, values in sections.items():
            changed = msgspec.structs.replace(getattr(self.settings, section), **values)
            self.settings = msgspec.structs.replace(self.settings, **{section: changed})
        return await self._stack.enter_async_context(_running(self.settings))

    async def serve_production(self, **rooms: Any) -> Running:
        """Start a server with production's defaults, and the rooms protocol on."""
        rooms = {"enabled": True, **rooms}
        direct = {"enabled": True}
        self.settings = msgspec.structs.replace(self.settings, demo=False)
        return await self.serve(rooms={"origins": (), **rooms}, direct={"origins": (), **direct})

    async def rooms(self, server: Running, **query: str) -> RoomsClient:
        # The client's own bound on unread messages would stop it from seeing a close.
        socket = connect(f"{server.ws}/?{urlencode(query)}", max_queue=None)
        return RoomsClient(await self._stack.enter_async_context(socket))

    async def agent(self, server: Running, name: str) -> RoomsClient:
        return await self.rooms(server, type="kefu", name=name)

    async def visitor(self, server: Running, name: str) -> RoomsClient:
        return await self.rooms(server, type="yonghu", name=name)

    async def direct(self, server: Running, *transports: str) -> DirectClient:
        client = DirectClient()
        await client.io.connect(server.http, transports=list(transports) or ["websocket"])
        self._stack.push_async_callback(client.io.disconnect)
        return client


@asynccontextmanager
async def _running(settings: Settings) -> AsyncIterator[Running]:
    if not (settings.data_dir / "kefu.db").exists():
        put_store(settings.data_dir)
    migrate(settings.database_url)
    async with assemble(settings) as kefu:
        websocket = websocket_protocol(kefu.websocket, websocket_limits(settings))
        async with serve(ws=websocket, app=kefu.http) as address:
            yield Running(kefu, address)
            await kefu.stop()


@pytest.fixture
async def house(tmp_path):
    async with AsyncExitStack() as stack:
        yield House(str(tmp_path), stack)
