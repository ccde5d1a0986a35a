"""S20: a message over its limit ends its own connection, at once, before it is read."""

from __future__ import annotations

import asyncio
import json
from contextlib import suppress

import pytest
from websockets.exceptions import ConnectionClosed

from tests.clients.direct import DirectClient
from tests.clients.links import PollingLink, Refused, connect_websocket
from tests.clients.raw import raw_connection
from tests.clients.rooms import Line, RoomsClient
from tests.security.witness import undisturbed

# A second on a quiet machine; without the bound it would be for ever.
AT_ONCE_S = 5.0
HUNDRED_MB = 100_000_000
WEBSOCKETS = {
    "rooms": "/?type=yonghu&name=大",
    "socketio": "/socket.io/?EIO=4&transport=websocket",
    "demo": "/demo",
}
anywhere = pytest.mark.parametrize("path", WEBSOCKETS.values(), ids=WEBSOCKETS)


async def close_code(connection) -> int:
    """Wait for the server to close; what it sends before that is passed over."""
    with suppress(ConnectionClosed):
        async with asyncio.timeout(AT_ONCE_S):
            while True:
                await connection.recv()
    code: int = connection.close_code
    return code


def head(length: int, first: int = 0x81) -> bytes:
    """A masked frame's head that announces ``length`` bytes (RFC 6455, section 5.2)."""
    return bytes((first, 0xFF)) + length.to_bytes(8, "big") + bytes(4)


def open_websocket(server, path):
    return connect_websocket(server.base_url.replace("http", "ws") + path)


@anywhere
async def test_a_websocket_message_over_the_limit_is_closed_with_1009(server, limits, path):
    async with undisturbed(server), open_websocket(server, path) as connection:
        await connection.send("x" * (limits.message_bytes + 1))
        assert await close_code(connection) == 1009


@anywhere
async def test_a_hundred_megabytes_are_refused_by_their_head(server, path):
    async with undisturbed(server), open_websocket(server, path) as connection:
        connection.transport.write(head(HUNDRED_MB) + bytes(100_000))
        assert await close_code(connection) == 1009


@anywhere
async def test_fragments_that_pass_the_limit_together_are_closed_with_1009(server, limits, path):
    async with undisturbed(server), open_websocket(server, path) as connection:
        piece = limits.message_bytes // 4

        def fragment(first):
            return bytes((first, 0xFE)) + piece.to_bytes(2, "big") + bytes(4) + b"x" * piece

        connection.transport.write(fragment(0x01) + fragment(0x00) * 4)
        assert await close_code(connection) == 1009


async def test_a_message_of_exactly_the_limit_arrives_in_rooms(server, limits):
    async with undisturbed(server), RoomsClient.join(server.base_url, "kefu", "刚好") as client:
        text = "x" * (limits.message_bytes - len(json.dumps({"neiRong": ""})))
        await client.say(text)
        assert await client.hear() == Line("刚好", text)


@pytest.mark.parametrize("transport", ["websocket", "polling"])
async def test_a_message_of_exactly_the_limit_arrives_in_direct(server, limits, transport):
    async with (
        undisturbed(server),
        DirectClient.login(server.base_url, transport, "刚好") as client,
    ):
        empty = "42" + json.dumps(["private_message", {"to": "刚好", "message": ""}])
        text = "x" * (limits.message_bytes - len(empty))
        await client.say("刚好", text)
        assert (await client.until("message"))["message"] == text


async def test_a_packet_over_the_message_limit_ends_a_polling_session_too(server, limits):
    async with undisturbed(server), DirectClient.login(server.base_url, "polling", "大") as client:
        with pytest.raises(Refused):
            await client.say("大", "x" * limits.message_bytes)
        with pytest.raises(Refused) as end:
            await client.packet()
        assert end.value.status == 400


async def test_a_post_over_the_polling_limit_is_refused_and_its_session_closed(server, limits):
    async with undisturbed(server), PollingLink.open(server.base_url) as link:
        await link.receive()
        with pytest.raises(Refused) as refused:
            await link.post(b"4" * (limits.polling_bytes + 1))
        assert refused.value.status == 400
        assert json.loads(refused.value.body)["message"] == "Payload too large"
        with pytest.raises(Refused) as end:
            await link.receive()
        assert end.value.status == 400


@pytest.mark.parametrize("framing", [f"Content-Length: {HUNDRED_MB}", "Transfer-Encoding: chunked"])
@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/getroom", 405),
        ("/api/v1/limits", 405),
        ("/api/v1/session", 413),
        ("/api/v1/conversations", 401),
        ("/", 405),
        ("/socket.io/", 400),
    ],
)
async def test_a_hundred_megabytes_of_body_are_answered_unread(server, path, status, framing):
    async with undisturbed(server), PollingLink.open(server.base_url) as link:
        await link.receive()
        query = link.url.partition("?")[2]
        async with raw_connection(server.base_url) as raw:
            request = f"POST {path}?{query} HTTP/1.1\r\nHost: localhost\r\n{framing}\r\n\r\n"
            await raw.send(request.encode())
            chunk = b"10000\r\n" + bytes(0x10000) + b"\r\n"
            sending = asyncio.create_task(raw.flood(chunk, HUNDRED_MB // len(chunk)))
            # Sent at once; but the reset, which is for what still comes, can overtake it.
            with suppress(ConnectionError):
                async with asyncio.timeout(AT_ONCE_S):
                    assert await raw.status() == status
            sending.cancel()
            await asyncio.wait([sending])


@pytest.mark.parametrize("path", ["/", "/getroom", "/api/v1/limits", "/socket.io/"])
async def test_a_head_over_the_limit_is_refused_before_its_end(server, limits, path):
    async with undisturbed(server), raw_connection(server.base_url) as raw:
        await raw.send(f"GET {path} HTTP/1.1\r\nHost: localhost\r\nX-Long: ".encode())
        await raw.flood(b"x" * 1_024, limits.head_bytes // 1_024)
        async with asyncio.timeout(AT_ONCE_S):
            assert await raw.status() == 431
