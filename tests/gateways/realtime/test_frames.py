"""Every frame that is not as it should be, and what comes of it."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest

from kefu.actions.catalogue import COMMANDS
from kefu.gateways.realtime import codec
from tests.clients.realtime import Refused


def ping(**fields: Any) -> str:
    return json.dumps({"id": 7, "do": "ping", **fields})


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="nothing"),
        pytest.param("hello", id="no JSON"),
        pytest.param("[]", id="a list"),
        pytest.param("7", id="a number"),
        pytest.param("null", id="null"),
        pytest.param("{}", id="an empty object"),
        pytest.param('{"do":"ping"}', id="no id"),
        pytest.param('{"id":"7","do":"ping"}', id="the id is text"),
        pytest.param('{"id":7.0,"do":"ping"}', id="the id is no integer"),
        pytest.param('{"id":true,"do":"ping"}', id="the id is a boolean"),
        pytest.param('{"id":null,"do":"ping"}', id="the id is null"),
        pytest.param('{"id":0,"do":"ping"}', id="the id is 0"),
        pytest.param('{"id":-1,"do":"ping"}', id="the id is negative"),
        pytest.param(f'{{"id":{2**53},"do":"ping"}}', id="the id is too large"),
        pytest.param('{"id":7,"do":"ping"', id="cut off"),
        pytest.param('{"id":7,"do":"ping"}{}', id="two objects"),
        pytest.param("[" * 30_000 + "]" * 30_000, id="very deep"),
        pytest.param('{"id":' + "9" * 400 + ',"do":"ping"}', id="an id of 400 digits"),
    ],
)
def test_what_cannot_be_answered_is_no_frame(text):
    with pytest.raises(codec.NoFrame):
        codec.decode(text)


async def test_what_is_no_frame_ends_the_connection(realm):
    client = await realm.console()
    await client.connection.send('{"do":"ping"}')
    assert await client.closed() == (4000, "a frame is an object with an id")


async def test_binary_frames_end_the_connection(realm):
    client = await realm.console()
    await client.connection.send(ping().encode())
    assert (await client.closed())[0] == 4000


OPEN = '"do":"conversation.open","conversation":'
SAY = '"do":"message.send","conversation":1,"client_id":"a","text":"x"'


@pytest.mark.parametrize(
    "fields",
    [
        pytest.param('"more":1', id="no command"),
        pytest.param('"do":7', id="the command is a number"),
        pytest.param('"do":""', id="the command is empty"),
        pytest.param('"do":"no.such"', id="no such command"),
        pytest.param('"do":"__class__"', id="a name of the language"),
        pytest.param('"do":"ping","more":1', id="a field that is not known"),
        pytest.param('"do":"ping","key":""', id="an empty key"),
        pytest.param('"do":"ping","key":7', id="a key that is a number"),
        pytest.param('"do":"ping","key":"a b"', id="a key with a space"),
        pytest.param(f'"do":"ping","key":"{"x" * 101}"', id="a long key"),
        pytest.param('"do":"ping","key":"\\ud800"', id="half a character"),
        pytest.param('"do":"ping","key":NaN', id="NaN"),
        pytest.param('"do":"conversation.open"', id="a field is missing"),
        pytest.param(f'{OPEN}"1"', id="a number as text"),
        pytest.param(f"{OPEN}1e2", id="a float"),
        pytest.param(f"{OPEN}{2**53}", id="an id too large"),
        pytest.param(f"{OPEN}{'9' * 400}", id="a number of 400 digits"),
        pytest.param('"do":"feed.open","cursor":"no cursor"', id="no cursor"),
        pytest.param('"do":"feed.open","cursor":"a\\u0000-1"', id="U+0000 in a cursor"),
        pytest.param('"do":"feed.open","next":1', id="the next page of nothing"),
        pytest.param(f'{SAY},"client_id":""', id="an empty client id"),
        pytest.param(f'{SAY},"text":"\\u0000"', id="U+0000 in a text"),
        pytest.param(f'{SAY},"text":["x"]', id="a text that is a list"),
        pytest.param(f'{SAY},"seq":9', id="s19 a number of one's own"),
        pytest.param(f'{SAY},"sender":{{"id":1}}', id="s19 somebody else as sender"),
        pytest.param(f'{SAY},"created_at":"2026-01-01T00:00:00Z"', id="s19 another time"),
    ],
)
async def test_what_can_be_answered_is_refused_and_nothing_else(realm, fields):
    client = await realm.console()
    await client.connection.send(f'{{"id":7,{fields}}}')
    with pytest.raises(Refused) as refused:
        await client.answer(7)
    assert refused.value.code == "bad_input"
    assert await client.ask("ping") == {}


async def test_of_a_key_that_stands_twice_the_last_counts(realm):
    client = await realm.console()
    await client.connection.send('{"id":7,"do":"no.such","do":"ping"}')
    assert await client.answer(7) == {}


async def test_deep_values_are_refused_wherever_they_stand(realm):
    client = await realm.console()
    deep: Any = 1
    for _ in range(40):
        deep = [deep]
    with pytest.raises(Refused) as refused:
        await client.ask("message.send", conversation=1, client_id="a", text="x", blocks=deep)
    assert refused.value.code == "bad_input"


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.name)
def test_no_form_has_a_field_that_a_frame_has(command):
    assert not {"id", "do", "key"} & set(command.form.__struct_fields__)


def test_no_command_of_the_connection_hides_one_of_the_catalogue():
    assert not codec.OWN.keys() & {command.name for command in COMMANDS}


async def test_s20_a_frame_over_the_limit_ends_the_connection(realm):
    client = await realm.console()
    await client.connection.send(ping(key="x" * realm.ctx.limits.message_bytes))
    assert (await client.closed())[0] == 1009


async def test_s20_a_frame_of_a_hundred_megabytes_is_refused_by_its_header(realm):
    seat = await realm.seat()
    client = await realm.join(seat.token)
    transport = client.connection.transport
    transport.write(b"\x81\xff" + (100 * 1024 * 1024).to_bytes(8, "big") + b"\0\0\0\0")
    assert (await client.closed())[0] == 1009


async def test_s21_compressed_frames_are_not_spoken(realm):
    client = await realm.open(compression="deflate")
    assert client.connection.response.headers.get("Sec-WebSocket-Extensions") is None
    client.connection.transport.write(b"\xc1\x80\0\0\0\0")  # RSV1: deflate
    assert (await client.closed())[0] == 1002


# Rates


async def test_s25_commands_over_the_rate_are_refused_with_a_time(open_realm):
    realm = await open_realm(limits={"messages_burst": 3, "messages_per_s": 0.001})
    client = await realm.console()
    await client.ask("ping")
    await client.ask("ping")
    with pytest.raises(Refused) as refused:
        await client.ask("ping")
    assert refused.value.code == "too_many"
    assert refused.value.error["retry_ms"] > 100_000


async def test_s25_who_does_not_mind_the_refusals_is_sent_away(open_realm):
    realm = await open_realm(limits={"messages_burst": 1, "refusals": 5})
    client = await realm.console()
    for _ in range(6):
        await client.send("ping")
    assert await client.closed() == (4029, "too_many")


async def test_s25_an_agents_commands_are_counted_over_all_connections(open_realm):
    realm = await open_realm(limits={"commands_burst": 4, "commands_per_s": 0.001})
    inbox = await realm.inbox()
    chat = await realm.chat(inbox)  # has its own count
    seat = await realm.seat(inbox)
    one, other = await realm.join(seat.token), await realm.join(seat.token)
    await one.ask("conversation.open", conversation=chat.conversation)
    for client in (one, other):
        await client.ask("message.send", conversation=chat.conversation, client_id="a", text="x")
    assert (await realm.get("/api/v1/me", seat.token)).status_code == 200
    for client in (one, other):
        with pytest.raises(Refused) as refused:
            await client.ask(
                "message.send", conversation=chat.conversation, client_id="b", text="x"
            )
        assert refused.value.code == "too_many"
    assert (await realm.get("/api/v1/me", seat.token)).status_code == 429


async def test_too_many_commands_at_once_are_refused_and_the_others_done(open_realm):
    realm = await open_realm(limits={"pending_commands": 4})
    client = await realm.console()
    ids = [await client.send("session.me") for _ in range(40)]
    answers = await asyncio.gather(*map(client.answer, ids[:1]))
    codes = []
    for id in ids[1:]:
        try:
            answers.append(await client.answer(id))
        except Refused as refused:
            codes.append(refused.code)
    assert set(codes) <= {"too_many"}
    assert all("agent" in one for one in answers)
    assert "agent" in await client.ask("session.me")
