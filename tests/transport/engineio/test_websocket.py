"""Engine.IO protocol 4 over WebSocket and the upgrade to it, over the network."""

import asyncio
import json
import socket

import pytest
from websockets.exceptions import InvalidStatus

from kefu.transport.engineio import EngineSettings, encode_message
from tests.conftest import clock
from tests.transport.engineio.served import closed, served


async def test_a_session_over_websocket_only():
    async with served() as server, server.websocket() as client:
        packet = await client.recv()
        assert packet[0] == "0"
        assert json.loads(packet[1:])["upgrades"] == []
        await client.send("4你好")
        await client.send(b"\x01\x02")
        assert [await client.recv(), await client.recv()] == ["4你好", b"\x01\x02"]


async def test_a_session_upgrades_without_losing_a_message():
    async with served() as server:
        sid = await server.open()
        poll = asyncio.create_task(server.get(sid))
        await server.waiting.wait()
        async with server.websocket(sid) as client:
            await client.send("2probe")
            assert await client.recv() == "3probe"
            assert (await poll).text == "6"
            server.echoes[0].session.send(encode_message("between"))
            await client.send("5")
            await client.send("4after")
            assert [await client.recv(), await client.recv()] == ["4between", "4after"]
            assert (await server.get(sid)).status_code == 400
            assert (await server.post(sid, "4a")).status_code == 400
            async with server.websocket(sid) as second:
                assert await closed(second) == 1000
            await client.send("4unhurt")
            assert await client.recv() == "4unhurt"
        assert await server.echoes[0].ended == "transport close"


@pytest.mark.parametrize(
    ("query", "code"),
    [
        pytest.param("transport=websocket", 5, id="no version"),
        pytest.param("EIO=3&transport=websocket", 5, id="version 3"),
        pytest.param("EIO=4", 0, id="no transport"),
        pytest.param("EIO=4&transport=polling", 3, id="polling by WebSocket"),
        pytest.param("EIO=4&transport=websocket&sid=abc", 1, id="unknown session"),
    ],
)
async def test_a_bad_handshake_is_refused_in_http(query, code):
    async with served() as server:
        with pytest.raises(InvalidStatus) as refused:
            await server.websocket(query=query)
        assert refused.value.response.status_code == 400
        assert json.loads(refused.value.response.body or b"")["code"] == code
        assert server.engine.sessions == {}


async def test_a_page_of_another_origin_is_refused_also_for_an_upgrade():
    async with served() as server:
        sid = await server.open()
        for known in ("", sid):
            with pytest.raises(InvalidStatus) as refused:
                await server.websocket(known, origin="https://evil.example")
            assert refused.value.response.status_code == 403
        assert len(server.engine.sessions) == 1


@pytest.mark.asyncio(loop_factories=["clock"])
async def test_pings_are_answered_or_the_connection_ends():
    settings = EngineSettings(ping_interval_ms=3_000, ping_timeout_ms=2_000)
    async with served(settings) as server, server.websocket() as client:
        await client.recv()
        for _ in range(3):
            assert await clock().advance_until(client.recv()) == "2"
            await client.send("3")
            await client.send("4heard")
            assert await client.recv() == "4heard"
        assert await clock().advance_until(client.recv()) == "2"
        assert await clock().advance_until(server.echoes[0].end()) == "ping timeout"
        assert await closed(client) == 1000


async def test_a_bad_packet_ends_the_connection():
    async with served() as server, server.websocket() as client:
        await client.recv()
        await client.send("abc")
        assert await closed(client) == 1000
        assert await server.echoes[0].ended == "parse error"


async def test_a_message_over_the_limit_ends_the_connection():
    settings = EngineSettings(max_payload=1000)
    async with served(settings) as server, server.websocket() as client:
        await client.recv()
        await client.send("4" + "a" * 1000)
        assert await closed(client) == 1009
        assert await server.echoes[0].ended == "transport close"
        assert server.engine.sessions == {}


async def test_a_client_that_stops_reading_is_closed_while_others_are_served():
    settings = EngineSettings(outbox_bytes=100_000)
    async with served(settings) as server, server.websocket() as other:
        await other.recv()
        async with server.websocket() as slow:
            await slow.recv()
            slow.transport.pause_reading()
            stuck = slow.transport.get_extra_info("socket")
            stuck.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            sender = server.echoes[1]
            message = encode_message("0123456789" * 1000)
            for _ in range(10_000):
                sender.session.send(message)
                if sender.ended.done():
                    break
                await asyncio.sleep(0)
            assert await sender.ended == "transport close"
            await other.send("4unhurt")
            assert await other.recv() == "4unhurt"
            slow.transport.abort()


async def test_closing_the_server_says_going_away():
    async with served() as server, server.websocket() as client:
        await client.recv()
        await server.engine.close()
        assert await closed(client) == 1001


async def test_ended_sessions_leave_nothing_behind():
    async with served() as server:
        for _ in range(20):
            async with server.websocket() as client:
                await client.recv()
        for echo in server.echoes:
            await echo.ended
        assert server.engine.sessions == {}
