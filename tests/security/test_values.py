"""S26: JSON that breaks parsers and stores is refused in words, or comes back exactly."""

from __future__ import annotations

import asyncio
from contextlib import suppress

import pytest

from tests.clients.direct import DirectClient
from tests.clients.rooms import SYSTEM, RoomsClient
from tests.security.test_packets import ENDED, ends, transports
from tests.security.witness import NOTICED_S, undisturbed

DEEP = "[" * 20_000 + "]" * 20_000  # about what the message limit lets through

# The value of the text's key as JSON, what comes back as the text, or None for a refusal.
VALUES = {
    "not a number": ("NaN", None),
    "infinity": ("-Infinity", None),
    "an int of 400 digits": ("7" * 400, None),
    "a float beyond all": ("1e999", None),
    "a surrogate alone": (r'"\ud800"', None),
    "surrogates turned round": (r'"\udc00\ud800"', None),
    "a pair of surrogates": (r'"\ud83d\ude00"', "😀"),
    "U+0000": (r'"a\u0000b"', None),
    "controls": (r'"a\u0001\u001b[31mb"', "a\x01\x1b[31mb"),
    "bidi and zero width": (r'"\u202e\u200b\ufeff"', "\u202e\u200b\ufeff"),
    "a thousand combining marks": ('"e' + "\u0301" * 1_000 + '"', "e" + "\u0301" * 1_000),
    "decomposed": ('"e\u0301"', "e\u0301"),
    "markup": (r'"<img src=x onerror=alert(1)>"', "<img src=x onerror=alert(1)>"),
    "SQL": ('"\'); DROP TABLE message; --"', "'); DROP TABLE message; --"),
    "null": ("null", None),
    "an object": ('{"a":1}', None),
    "nothing": ("", None),
    "a raw line break": ('"a\nb"', None),
    "a wrong escape": (r'"\x41"', None),
    "depth": (DEEP, None),
}
# Those of the texts that may be names, and how they are listed then (docs/protocol/rooms.md).
NAMES = {
    "😀": "😀",
    "e\u0301": "\u00e9",
    "<img src=x onerror=alert(1)>": "<img src=x onerror=alert(1)>",
    "'); DROP TABLE message; --": "'); DROP TABLE message; --",
}
values = pytest.mark.parametrize("value", VALUES)


@values
async def test_a_value_in_a_room_is_refused_or_comes_back_exactly(server, name, value):
    json, text = VALUES[value]
    async with undisturbed(server), RoomsClient.join(server.base_url, "kefu", name) as client:
        await client.connection.send(f'{{"neiRong":{json}}}')
        line = await client.hear()
        assert (line.sender == SYSTEM) if text is None else (line.text == text)


@pytest.mark.parametrize(
    "frame",
    [
        pytest.param('{"neiRong":"a","neiRong":"b"}', id="a key twice"),
        pytest.param('{"neiRong":"a","x":' + "9" * 400 + "}", id="a huge int beside it"),
        pytest.param(r'{"neiRong":"a","x":"\ud800"}', id="a surrogate beside it"),
        pytest.param(r'{"neiRong":"a","\u0000":1}', id="U+0000 in a key"),
        pytest.param('{"x":' + DEEP + ',"neiRong":"a"}', id="depth beside it"),
    ],
)
async def test_what_else_is_in_a_frame_is_ignored_or_refused(server, name, frame):
    async with undisturbed(server), RoomsClient.join(server.base_url, "kefu", name) as client:
        await client.connection.send(frame)
        line = await client.hear()
        assert line.sender == SYSTEM or line.text in ("a", "b")


@transports
@values
async def test_a_value_in_direct_is_refused_or_comes_back_exactly(server, name, transport, value):
    json, text = VALUES[value]
    async with undisturbed(server), DirectClient.login(server.base_url, transport, name) as client:
        event = f'42["private_message",{{"to":"{name}","message":{json}}}]'
        if text is None:
            await is_refused(client, event, "error")
        else:
            await client.link.send(event)
            assert (await client.until("message"))["message"] == text


@transports
@values
async def test_a_value_for_a_name_is_refused_or_taken(server, transport, value):
    json, text = VALUES[value]
    async with undisturbed(server), DirectClient.connect(server.base_url, transport) as client:
        if text in NAMES:
            await client.emit("login", text)
            while NAMES[text] not in await client.until("user_list"):
                pass
        else:
            await is_refused(client, f'42["login",{json}]', "login_error")


async def is_refused(client: DirectClient, packet: str, event: str) -> None:
    """What is JSON is answered by ``event``; what is not is no Socket.IO and ends the session."""
    with suppress(*ENDED):
        await client.link.send(packet)
        async with asyncio.timeout(NOTICED_S):
            assert await client.until(event)


@transports
async def test_depth_of_a_hundred_thousand_ends_the_session(server, transport):
    """Over WebSocket it is over the message limit; in a POST it is over that of a packet."""
    async with undisturbed(server), DirectClient.connect(server.base_url, transport) as client:
        with suppress(*ENDED):
            await client.link.send("42" + "[" * 100_000 + "]" * 100_000)
        await ends(client)
