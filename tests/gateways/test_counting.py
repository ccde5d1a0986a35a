"""What is asked is counted, and refused to those who may not ask it, before it is read."""

from __future__ import annotations

import json
from typing import Any

import pytest

from kefu.actions.catalogue import COMMANDS
from kefu.gateways.realtime import codec
from tests.clients.realtime import RealtimeClient, Refused
from tests.gateways.conftest import House
from tests.gateways.rest.conftest import Headers, Shop

JSON = {"Content-Type": "application/json"}
FEW: dict[str, float] = {"commands_burst": 3, "commands_per_s": 0.001}
FEW_OF_ADDRESS: dict[str, float] = {
    "commands_per_address_burst": 3,
    "commands_per_address_per_s": 0.001,
}
MANY_VALUES = b'{"a":[' + b"[],[[[]]]," * 20_000 + b"0]}"
BAD = {"a wrong form": b'{"text":1}', "no JSON": b"{", "many values": MANY_VALUES}


async def shop_of(house: House, **limits: float) -> Shop:
    return await Shop.open(await house.serve_production(enabled=False), **limits)


def token_of(who: Headers) -> str:
    return who["Authorization"].removeprefix("Bearer ")


async def bad(client: RealtimeClient, text: str) -> str:
    """The code with which frame 99, ``text``, is refused."""
    await client.connection.send(text)
    with pytest.raises(Refused) as refused:
        await client.answer(99)
    return refused.value.code


@pytest.mark.parametrize("body", BAD)
async def test_a_request_whose_form_is_wrong_is_counted(house: House, body):
    shop = await shop_of(house, **FEW)
    visitor = shop.visitor()
    codes = [
        (await shop.ask(visitor, "POST", "/conversations", content=BAD[body], headers=JSON))
        for _ in range(4)
    ]
    assert [one.status_code for one in codes] == [422, 422, 422, 429]


async def test_a_strangers_wrong_logins_are_counted_by_address_whatever_their_form(house: House):
    shop = await shop_of(house, **FEW_OF_ADDRESS)
    codes = [
        (await shop.ask({}, "POST", "/session", json={"email": 1})).status_code for _ in range(4)
    ]
    assert codes == [422, 422, 422, 429]


async def test_an_upload_whose_form_is_wrong_is_counted(house: House):
    shop = await shop_of(house, **FEW)
    visitor = shop.visitor()
    codes = [
        (await shop.ask(visitor, "POST", "/files?more=1", content=b"x")).status_code
        for _ in range(4)
    ]
    assert codes == [422, 422, 422, 429]


@pytest.mark.parametrize(
    "fields", ['"do":"session.me","more":1', '"do":"none"', '"do":1', '"do":"ping","x":NaN']
)
async def test_a_frame_whose_form_is_wrong_is_counted(house: House, fields):
    shop = await shop_of(house, **FEW)
    visitor = shop.visitor()
    async with RealtimeClient.join(shop.server.http, token_of(visitor), shop.widget_key) as client:
        text = f'{{"id":99,{fields}}}'
        assert [await bad(client, text) for _ in range(3)] == ["bad_input"] * 3
        with pytest.raises(Refused, match="too_many"):
            await client.ask("ping")
    assert (await shop.ask(visitor, "GET", "/me")).status_code == 429


async def test_beyond_the_rate_nothing_of_a_frame_is_read_but_its_number(
    house: House, monkeypatch: pytest.MonkeyPatch
):
    shop = await shop_of(house, **FEW)
    token = token_of(shop.visitor())
    async with RealtimeClient.join(shop.server.http, token, shop.widget_key) as client:
        for _ in range(3):
            await client.ask("ping")
        monkeypatch.setattr(codec, "decode", None)
        assert await bad(client, '{"a":[{},[[]]],"do":"ping","id":99}') == "too_many"
        await client.connection.send('{"id":99,"x":"\\ud800"}')
        assert (await client.closed())[0] == 4000


async def test_a_body_is_not_read_of_those_who_may_not_ask_for_it(house: House):
    shop = await shop_of(house)
    visitor = shop.visitor()
    commands = [one for one in COMMANDS if one.method in ("POST", "PUT", "PATCH")]
    assert commands
    for command in commands:
        path = command.path.replace("{", "").replace("}", "")
        callers: list[tuple[Headers, int]] = []
        if command.who != "anyone":
            callers.append(({}, 401))
        if command.who == "agent":
            callers.append((visitor, 403))
        for who, status in callers:
            answers: list[Any] = [
                await shop.ask(who, command.method, path, content=body, headers=headers)
                for body, headers in ((b"{}", JSON), (b"{", JSON), (b"<a/>", {}), (b"", {}))
            ]
            assert {one.status_code for one in answers} == {status}, command.name
            assert len({one.content for one in answers}) == 1, command.name


async def test_a_stranger_may_send_no_more_than_a_login_needs(house: House):
    shop = await shop_of(house)
    said = json.dumps({"email": "a@b.example", "password": "x" * 20_000})
    answer = await shop.ask({}, "POST", "/session", content=said, headers=JSON)
    assert (answer.status_code, answer.json()["error"]["code"]) == (413, "too_large")


async def test_what_has_far_too_many_values_is_refused_before_they_are_made(
    house: House, monkeypatch: pytest.MonkeyPatch
):
    shop = await shop_of(house)
    visitor = shop.visitor()
    answer = await shop.ask(visitor, "POST", "/conversations", content=MANY_VALUES, headers=JSON)
    assert answer.status_code == 422
    assert answer.json()["error"]["message"] == "More than 20,000 values."
    token = token_of(visitor)
    async with RealtimeClient.join(shop.server.http, token, shop.widget_key) as client:
        monkeypatch.setattr(codec, "_decode", None)
        values = ",".join(["[]"] * 15_000)
        await client.connection.send('{"id":99,"do":"ping","a":[' + values + "]}")
        with pytest.raises(Refused, match="More than 20,000 values"):
            await client.answer(99)


async def test_the_longest_text_may_be_of_what_divides_values(house: House):
    shop = await shop_of(house)
    visitor = shop.visitor()
    for text in ("," * 10_000, "[" * 10_000, "[{},]" * 2_000):
        await shop.start(visitor, text=text)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        pytest.param(f'{{"id":1,"do":"hello","token":"{"x" * 2_048}"}}', 4000, id="a long hello"),
        pytest.param('{"id":1,"a":[' + "[]," * 20_000 + "0]}", 4000, id="many values"),
        pytest.param('{"id":1,"x":"\\ud800"}', 4000, id="half a character"),
        pytest.param('{"id":1}', 4000, id="no command"),
        pytest.param("[]", 4000, id="no frame"),
        pytest.param('{"id":1,"do":"ping"}', 4100, id="another command"),
    ],
)
async def test_a_first_frame_that_is_no_hello_ends_the_connection(house: House, text, code):
    server = await house.serve()
    async with RealtimeClient.open(server.http) as client:
        await client.connection.send(text)
        assert (await client.closed())[0] == code


async def test_what_is_sent_before_the_answer_to_hello_is_carried_out_and_counted(house: House):
    shop = await shop_of(house, **FEW)
    async with RealtimeClient.open(shop.server.http) as client:
        token = token_of(shop.visitor())
        hello = await client.send("hello", token=token, widget=shop.widget_key)
        ids = [await client.send("ping", **({"x": "y" * 3_000} if n else {})) for n in range(4)]
        await client.answer(hello)
        assert await client.answer(ids[0]) == {}
        for id in ids[1:3]:
            with pytest.raises(Refused, match="bad_input"):
                await client.answer(id)
        with pytest.raises(Refused, match="too_many"):
            await client.answer(ids[3])


async def test_what_is_sent_with_a_hello_that_does_not_hold_is_never_read(
    house: House, monkeypatch: pytest.MonkeyPatch
):
    server = await house.serve()
    read: list[str] = []
    decode = codec.decode

    def reading(text: str) -> codec.Ask:
        read.append(text)
        return decode(text)

    monkeypatch.setattr(codec, "decode", reading)
    async with RealtimeClient.open(server.http) as client:
        await client.send("hello", token="x")
        for _ in range(60):
            await client.connection.send('{"id":9,"a":[[],[]]}')
        assert (await client.closed())[0] == 4100
    assert len(read) == 1
