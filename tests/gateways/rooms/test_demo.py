"""The tutorial's small demo."""

import asyncio

import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus


@pytest.mark.parametrize("path", ["/demo", "/", ""], ids=["ours", "the tutorial's", "bare"])
async def test_everybody_gets_what_one_sends(house, path):
    server = await house.serve()
    async with connect(server.ws + path) as one, connect(server.ws + "/demo") as other:
        await one.send("你好")
        async with asyncio.timeout(60):
            assert await one.recv() == "服务器你好服务器"
            assert await other.recv() == "服务器你好服务器"


async def test_there_is_no_demo_in_production(house):
    server = await house.serve_production()
    with pytest.raises(InvalidStatus, match="404"):
        await connect(server.ws + "/demo")
    assert (await server.get("/demo.html")).status_code == 404
