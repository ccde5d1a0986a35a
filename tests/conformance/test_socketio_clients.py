"""The clients that people use, unmodified, against the server of this package."""

import asyncio
import os
import shutil
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import socketio

from kefu.transport.engineio import EngineSettings
from tests.conformance.server import config
from tests.transport.serving import serve

WEB = Path(__file__).parents[2] / "web"
SCRIPT = Path(__file__).parent / "clients" / "socketio.mjs"

TRANSPORTS = pytest.mark.parametrize(
    "transports",
    [
        pytest.param(["polling"], id="polling"),
        pytest.param(["websocket"], id="websocket"),
        pytest.param(["polling", "websocket"], id="upgrade"),
    ],
)


@pytest.fixture
async def url() -> AsyncIterator[str]:
    """The conformance server, patient with a slow machine."""
    made = config(EngineSettings(ping_interval_ms=300, ping_timeout_ms=20_000))
    app: Any = made.app
    assert isinstance(made.ws, type)
    async with serve(ws=made.ws, app=app) as address:
        yield f"http://{address.authority}"


@pytest.mark.node
@TRANSPORTS
async def test_socket_io_client_from_npm(url, transports):
    node = shutil.which("node")
    missing = "Node.js" if node is None else "web/node_modules (run: make setup)"
    if node is None or not (WEB / "node_modules" / "socket.io-client").is_dir():
        if "CI" in os.environ:
            pytest.fail(f"needs {missing}")
        pytest.skip(f"needs {missing}")
    process = await asyncio.create_subprocess_exec(
        node,
        str(SCRIPT),
        str(WEB / "package.json"),
        url,
        *transports,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    try:
        async with asyncio.timeout(30):
            output, _ = await process.communicate()
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    assert process.returncode == 0, output.decode()


@TRANSPORTS
async def test_python_socketio(url, transports):
    client = socketio.AsyncClient(reconnection=False)
    heard: asyncio.Queue[tuple[object, ...]] = asyncio.Queue()
    for namespace in ("/", "/custom"):
        for event in ("auth", "message-back"):
            client.on(event, lambda *args: heard.put_nowait(args), namespace=namespace)
    await client.connect(url, transports=transports, auth={"token": "t"}, namespaces=["/"])
    try:
        assert await heard.get() == ({"token": "t"},)
        assert client.transport() == transports[-1]
        for args in ("你好", {"nested": [None, 1.5]}, b"\x01\x02", [b"\x03", {"file": b""}]):
            await client.emit("message", args)
            assert await heard.get() == (args,)
        assert await client.call("message-with-ack", "one") == "one"
        assert await client.call("message-with-ack", b"\x04") == b"\x04"
    finally:
        await client.disconnect()


async def test_python_socketio_in_namespaces(url):
    client = socketio.AsyncClient(reconnection=False)
    heard: asyncio.Queue[object] = asyncio.Queue()
    client.on("auth", heard.put_nowait, namespace="/custom")
    await client.connect(url, auth={"a": 1}, namespaces=["/custom"])
    assert await heard.get() == {"a": 1}
    assert await client.call("message-with-ack", "two", namespace="/custom") == "two"
    await client.disconnect()

    with pytest.raises(socketio.exceptions.ConnectionError):
        await client.connect(url, namespaces=["/unknown"])
