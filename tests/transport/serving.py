"""Serves an application on a free loopback port, as uvicorn would, inside the test's own loop.

uvicorn's own ``Config`` and protocol classes on a listening socket; only its signal handling and
its timed main loop are left out, so that a server starts and stops at once.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import uvicorn
from uvicorn.server import ServerState

from kefu.transport.http import Admission, http_protocol


class Address(tuple[str, int]):
    """Where a server listens; ``state`` is uvicorn's, with its ``connections``."""

    state: ServerState

    @property
    def authority(self) -> str:
        return f"{self[0]}:{self[1]}"


async def not_found(scope: Any, receive: Any, send: Any) -> None:
    """An application without pages."""
    await send({"type": "http.response.start", "status": 404, "headers": []})
    await send({"type": "http.response.body", "body": b"nothing here"})


@asynccontextmanager
async def serve(
    ws: type[asyncio.Protocol] | str = "none",
    http: type[asyncio.Protocol] | None = None,
    app: Callable[..., Any] = not_found,
) -> AsyncIterator[Address]:
    """Serves until the block is left; then connections are told to go and waited for."""
    config = uvicorn.Config(
        app,
        ws=ws,
        http=http or http_protocol(Admission(per_address=0, total=0)),
        lifespan="off",
        log_config=None,
        proxy_headers=False,  # as Kefu runs it
    )
    config.load()
    state = ServerState()
    loop = asyncio.get_running_loop()

    def protocol() -> asyncio.Protocol:
        factory: Any = config.http_protocol_class
        made: asyncio.Protocol = factory(config=config, server_state=state, app_state={})
        return made

    server = await loop.create_server(protocol, "127.0.0.1", 0)
    address = Address(server.sockets[0].getsockname())
    address.state = state
    try:
        yield address
    finally:
        server.close()
        for connection in list(state.connections):
            connection.shutdown()
        async with asyncio.timeout(60):
            while state.connections or state.tasks:  # noqa: ASYNC110 - plain sets, no event
                await asyncio.sleep(0)
