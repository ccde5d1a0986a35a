"""S33: the rooms protocol under bad input, and names (S27) on every way in."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from urllib.parse import quote

import httpx
import pytest
from websockets.exceptions import ConnectionClosed

from tests.clients.direct import DirectClient
from tests.clients.rooms import Line, RoomsClient
from tests.security.test_packets import transports
from tests.security.witness import NOTICED_S, undisturbed

kinds = pytest.mark.parametrize("kind", ["kefu", "yonghu"])

BAD_FRAMES = {
    "no JSON": "hello",
    "half of JSON": '{"neiRong":"a"',
    "nothing": "",
    "an array": '["neiRong"]',
    "a string": '"neiRong"',
    "null": "null",
    "no text": "{}",
    "another key": '{"neirong":"a"}',
    "a number": '{"neiRong":1}',
    "two objects": '{"neiRong":"a"}{"neiRong":"b"}',
    "a forged sender's type": '{"neiRong":{"shuiFaDe":"系统"}}',
}

BAD_NAMES = {
    "empty": "",
    "blank": " \u3000\t",
    "over-long": "长" * 65,
    "the system's": "系统",
    "the code's": "code",
    "everybody's": "all",
    "the system's with blanks": " 系统 ",
    "a line break": "a\nb",
    "U+0000": "a\x00b",
    "an escape": "a\x1b[31m",
    "right to left": "a\u202eb",
    "an isolate": "a\u2066b",
    "zero width": "小\u200b李",
    "a byte order mark": "\ufeff小李",
    "a line separator": "a\u2028b",
    "a thousand combining marks": "e" + "\u0301" * 1_000,
    "an empty Braille cell": "小美\u2800",
    "the system's with an empty cell": "系统\u2800",
    "the code's in Cyrillic": "с\u043ede",
    "a joiner at the end": "Mei😀\u200d",
    "a filler": "小美\u3164",
    "private use": "小美\ue000",
}
bad_names = pytest.mark.parametrize("bad", BAD_NAMES.values(), ids=BAD_NAMES)


async def closed_with(client: RoomsClient) -> int:
    """The close code; what the system says before is passed over, anything else is not."""
    with suppress(ConnectionClosed):
        async with asyncio.timeout(NOTICED_S):
            while True:
                await client.hear_system()
    assert client.connection.close_code is not None
    return client.connection.close_code


@kinds
@pytest.mark.parametrize("frame", BAD_FRAMES.values(), ids=BAD_FRAMES)
async def test_a_bad_frame_gets_a_line_that_names_the_fault_and_the_next_one_counts(
    server, name, kind, frame
):
    async with undisturbed(server), RoomsClient.join(server.base_url, kind, name) as client:
        await client.connection.send(frame)
        await client.say("好的")
        lines = []
        async with asyncio.timeout(NOTICED_S):
            while (line := await client.hear()) != Line(name, "好的"):
                lines.append(line.text)
        assert any("消息" in text for text in lines)


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        pytest.param(b"\x82\x82\x00\x00\x00\x00ab", 1003, id="binary"),
        pytest.param(b"\x81\x82\x00\x00\x00\x00\xff\xfe", 1007, id="not UTF-8"),
        pytest.param(b"\x81\x02ab", 1002, id="not masked"),
        pytest.param(b"\xf1\x80\x00\x00\x00\x00", 1002, id="reserved bits"),
        pytest.param(b"\x83\x80\x00\x00\x00\x00", 1002, id="an unknown opcode"),
        pytest.param(b"\x89\xfe\x00\xff\x00\x00\x00\x00", 1002, id="an endless ping"),
        pytest.param(b"\x80\x80\x00\x00\x00\x00", 1002, id="a fragment of nothing"),
    ],
)
async def test_what_is_no_text_frame_is_closed_with_its_code(server, name, raw, code):
    async with undisturbed(server), RoomsClient.join(server.base_url, "yonghu", name) as client:
        client.connection.transport.write(raw)
        assert await closed_with(client) == code


@kinds
async def test_blank_text_is_dropped(server, name, kind):
    async with undisturbed(server), RoomsClient.join(server.base_url, kind, name) as client:
        for blank in ("", " ", "\n\t", "\u3000"):
            await client.say(blank)
        await client.say("有字")
        while (line := await client.hear()) != Line(name, "有字"):
            assert line.text == "暂无客服，请稍后再试"


@pytest.mark.parametrize("kind", ["", "root", "KEFU", "kefu,yonghu", "客服"])
async def test_another_type_than_the_two_is_not_let_in(server, kind):
    async with undisturbed(server), RoomsClient.join(server.base_url, kind, "谁") as client:
        assert await closed_with(client) == 1008


@kinds
@bad_names
async def test_a_bad_name_is_not_let_into_a_room(server, kind, bad):
    async with undisturbed(server), RoomsClient.join(server.base_url, kind, bad) as client:
        assert await closed_with(client) == 4009


@bad_names
async def test_a_bad_name_gets_no_seat(server, bad):
    async with (
        undisturbed(server),
        httpx.AsyncClient(trust_env=False, verify=False, timeout=60) as http,
    ):
        answer = await http.get(f"{server.classic_url}/getroom?userName={quote(bad)}")
        assert answer.status_code == 400
        assert answer.json()["room"] is False


@transports
@bad_names
async def test_a_bad_name_cannot_log_in(server, transport, bad):
    async with undisturbed(server), DirectClient.connect(server.base_url, transport) as client:
        await client.emit("login", bad)
        assert "名字" in await client.until("login_error")


@kinds
async def test_a_name_that_only_looks_different_is_taken(server, name, kind):
    async with (
        undisturbed(server),
        RoomsClient.join(server.base_url, kind, name + "\u00e9") as first,
    ):
        async with RoomsClient.join(server.base_url, kind, f" {name}e\u0301 ") as second:
            assert await closed_with(second) == 4009
        await first.say("还在")
        while await first.hear() != Line(name + "\u00e9", "还在"):
            pass


TWINS = {
    "in another case": ("Mei", "MEI"),
    "another blank": ("Ann Lee", "Ann\u00a0Lee"),
    "two blanks": ("Ann Lee", "Ann  Lee"),
    "Cyrillic": ("Alice", "\u0410li\u0441\u0435"),
    "full width": ("Mei", "Ｍｅｉ"),
    "an emoji in another style": ("Mei❤", "Mei❤\ufe0f"),
    "a variant of a character": ("葛城", "葛\U000e0100城"),
    "another hyphen": ("Mei-Li", "Mei\u2010Li"),
    "another apostrophe": ("O'Neil", "O\u2019Neil"),
    "another middle dot": ("王·李", "王\u30fb李"),
    "two apostrophes": ('"A"', "''A''"),
    "a mark of no Chinese": ("小美", "小美\u302a"),
    "kana": ("小工", "小エ"),
    "another keyboard": ("علي", "علی"),
}
twins = pytest.mark.parametrize("pair", TWINS.values(), ids=TWINS)
PEOPLE = {
    "a keycap": "小美1\ufe0f\u20e3",
    "a flag of a region": "小美🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",
    "a family": "👨\u200d👩\u200d👧",
    "an emoji younger than this Unicode": "小美\U0001fae8\U0001faff",
    "a variant of a character": "葛\U000e0100城",
    "Persian": "می\u200cخواهم",
    "a hyphen of typography": "Mei\u2010Li",
    "an apostrophe of typography": "O\u2019Neil",
    "a voiced kana": "がんな",
}
people = pytest.mark.parametrize("own", PEOPLE.values(), ids=PEOPLE)


@kinds
@twins
async def test_a_twin_of_somebody_in_a_room_is_not_let_in(server, name, kind, pair):
    one, other = (f"{name} {each}" for each in pair)
    async with RoomsClient.join(server.base_url, kind, one) as first:
        async with RoomsClient.join(server.base_url, kind, other) as second:
            assert await closed_with(second) == 4009
        await first.say("还在")
        while await first.hear() != Line(one, "还在"):
            pass


@transports
@twins
async def test_a_twin_of_somebody_online_cannot_log_in(server, name, transport, pair):
    one, other = (f"{name} {each}" for each in pair)
    async with (
        DirectClient.login(server.base_url, transport, one) as first,
        DirectClient.connect(server.base_url, transport) as second,
        asyncio.TaskGroup() as group,
    ):
        there = group.create_task(first.until("message"))  # answers the server's ping
        await second.emit("login", other)
        assert await second.until("login_error")
        there.cancel()


@people
async def test_a_name_that_somebody_has_is_kept_in_a_room(server, name, own):
    async with RoomsClient.join(server.base_url, "yonghu", f"{name} {own}") as client:
        await client.say("好")
        while await client.hear() != Line(f"{name} {own}", "好"):
            pass


@transports
@people
async def test_a_name_that_somebody_has_can_log_in(server, name, transport, own):
    async with DirectClient.connect(server.base_url, transport) as client:
        await client.emit("login", f"{name} {own}")
        await client.until("login_success")


async def test_a_hundred_who_ask_at_once_get_one_seat_between_them(server, name):
    async with (
        undisturbed(server),
        httpx.AsyncClient(trust_env=False, verify=False, timeout=60) as http,
        RoomsClient.join(server.base_url, "kefu", name) as agent,
    ):
        await agent.say("在")
        await agent.hear()  # in by now
        answers = await asyncio.gather(
            *(http.get(f"{server.classic_url}/getroom?userName={name}-{n}") for n in range(100))
        )
        seats = [answer.json() for answer in answers if answer.json()["room"]]
        assert seats == [{"room": True, "kefuName": name}]
