"""Whatever is parsed takes time that grows with its length alone, and little of it.

Every header, target, body, frame and text that the server reads is sent to a real one full of what
parts its pieces: by strangers, by an agent and by a visitor, who are each read to another length.
60 kB may cost 20 ms of the process's CPU time, and 2.5 times what 30 kB cost; where the reader has
a lower bound, it is the most that is read and half of that. Each case says how it is answered, and
only its reader answers so: a case that a new limit refuses unread fails.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import sys
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, closing, suppress
from sqlite3 import connect
from typing import Any, NamedTuple
from urllib.parse import quote

import pytest
from websockets.exceptions import ConnectionClosed

from kefu.core.markdown import read_markdown, read_plain, to_html, to_text
from kefu.core.search import QUERY_CHARS, Query, index_words, query, tsvector
from kefu.core.snippets import snippet
from tests.clients.direct import DirectClient
from tests.clients.links import Refused as PollRefused
from tests.clients.links import SessionClosed
from tests.clients.raw import raw_connection
from tests.clients.realtime import RealtimeClient, Refused
from tests.clients.rooms import RoomsClient
from tests.security.costs import MORE_TRIES, TRIES, Answer, ask, cpu_s, is_little, too_much
from tests.security.office import NOBODY, Office, Person
from tests.security.separators import (
    BODIES,
    DIVIDERS,
    FORM,
    FRAME_SEPARATORS,
    FRAMES,
    GET,
    HEADERS,
    MARKDOWN,
    NO_JSON,
    POLLING_SEPARATORS,
    REQUESTS,
    SEARCHED,
    SIZE,
    STORED,
    TARGET,
    TARGET_SEPARATORS,
    TARGETS,
    TEXT,
    TEXTS,
    THEIRS,
    UPGRADE,
    V1,
    VALUES,
)


class House(NamedTuple):
    """Who asks, and what they have."""

    office: Office
    people: dict[str, Person]
    values: dict[str, str]  # what stands in braces in the cases


@pytest.fixture(scope="module")
def house(office: Office) -> House:
    chat = office.chat(text="separators")
    agent = office.agents["witness"]
    office.ask(agent, "POST", f"/conversations/{chat.conversation}/pick")
    found = office.ask(chat.visitor, "GET", f"/conversations/{chat.conversation}/messages").json()
    form = {"type": "form", "fields": [{"name": "q", "label": "Q"}]}
    asked = {"client_id": "form", "blocks": [form]}
    at = f"/conversations/{chat.conversation}/messages"
    assert office.ask(agent, "POST", at, json=asked).json()["seq"] == FORM
    login = {"email": office.owner.email, "password": office.owner.password}
    session = office.ask(NOBODY, "POST", "/session", json=login).json()["token"]
    office.heard.secrets.add(session)
    people = {"stranger": NOBODY, "agent": agent, "visitor": chat.visitor, "admin": office.admin}
    values = {
        "chat": f"/api/v1/conversations/{chat.conversation}",
        "conversation": str(chat.conversation),
        "file": next(one for item in found["items"] for one in item.get("files", ()))["url"],
        "widget": chat.visitor.widget,
        "session": session,
        "agent": agent.token,
        "port": str(office.port),
    }
    return House(office, people, values)


def filled(separator: str, size: int) -> str:
    return separator * (size // len(separator.encode()))


def put(template: str, values: dict[str, str], text: str = "") -> str:
    """``template`` with its values, and ``text`` for ``{}``; other braces stay."""
    for name, value in values.items():
        template = template.replace(f"{{{name}}}", value)
    return template.replace("{}", text)


@pytest.mark.parametrize("header", HEADERS)
async def test_a_header_full_of_separators_costs_next_to_nothing(house: House, header):
    separators, told, _, most = HEADERS[header]
    costly = {}
    for request, answer in told.items():
        for separator in separators:

            async def send(size: int, request: str = request, separator: str = separator) -> Answer:
                return await with_header(house, request, header, filled(separator, size))

            if found := await too_much(send, most, answer):
                costly[request, separator] = found
    assert costly == {}


async def with_header(house: House, request: str, header: str, text: str) -> Answer:
    """Send the request with that header, in the place of its own."""
    name, value = header.partition(" ")[0], put(HEADERS[header].value, house.values, text)
    who, line, more, body = (put(part, house.values, "{}") for part in REQUESTS[request])
    kept = [one for one in more.split("\r\n")[:-1] if not one.startswith(f"{name}:")]
    lines = "".join(f"{one}\r\n" for one in [*kept, f"{name}: {value}"])
    return await ask(house.office, house.people[who], line, lines, body=body.encode())


@pytest.mark.parametrize("target", TARGETS)
async def test_a_target_full_of_separators_costs_next_to_nothing(house: House, target):
    who, line, more, told = TARGETS[target]
    costly = {}
    few = target == "query of 95 fields"
    for separator in ("&", "&=", "=&") if few else TARGET_SEPARATORS:

        async def send(size: int, separator: str = separator) -> Answer:
            asked = put(line, house.values, filled(separator, size))
            lines = {"V1": V1, "UPGRADE": UPGRADE}.get(more, more)
            return await ask(house.office, house.people[who], asked, lines)

        if found := await too_much(send, 95 if few else TARGET, told):
            costly[separator] = found
    assert costly == {}


def encoded(made: Callable[[str], object], separator: str, size: int) -> bytes:
    """The body of as many separators as it has room for."""

    def body(count: int) -> bytes:
        value = made(separator * count)
        return value if isinstance(value, bytes) else json.dumps(value, ensure_ascii=False).encode()

    empty, one = body(0), body(1)
    each = len(body(2)) - len(one)
    count = max((size - len(empty)) // each, 1)
    values = sum(map(one.count, DIVIDERS)) - sum(map(empty.count, DIVIDERS))
    return body(min(count, size * VALUES // SIZE // values) if values else count)


@pytest.mark.parametrize("kind", BODIES)
async def test_a_body_full_of_separators_costs_next_to_nothing(house: House, kind):
    who, line, made, told, separators, most = BODIES[kind]
    costly = {}
    for separator in separators:

        async def send(size: int, separator: str = separator) -> Answer:
            body = encoded(made, separator, size)
            return await ask(house.office, house.people[who], put(line, house.values), body=body)

        if found := await too_much(send, most, told):
            costly[separator] = found
    assert costly == {}


# Frames.


async def closed(connection: Any) -> str:
    """The code that a connection ends with; what comes before is passed over."""
    with suppress(ConnectionClosed):
        while True:
            await connection.recv()
    return str(connection.close_code)


async def over_realtime(client: RealtimeClient, text: str) -> str:
    try:
        await client.connection.send(text)
        return str(await client.answer(9))
    except Refused as refused:
        return str(refused)
    except ConnectionClosed:
        return await closed(client.connection)


async def over_rooms(client: RoomsClient, text: str) -> str:
    """What is said of it, or that it was heard: the line that follows is."""
    try:
        await client.connection.send(text)
        await client.say("END")
        while not (text := (await client.hear()).text).startswith(("消息", "END")):
            pass
        return "heard" if text == "END" else text
    except ConnectionClosed:
        return str(client.connection.close_code)


async def over_direct(client: DirectClient, text: str) -> str:
    try:
        await client.link.send(text)
        while True:
            name, value = await client.event()
            if name != "user_list":
                return f"{name} {value}"
    except (ConnectionClosed, PollRefused, SessionClosed) as ended:
        return type(ended).__name__


@asynccontextmanager
async def speaking(house: House, how: str) -> AsyncIterator[Callable[[str], Any]]:
    """Whoever may say a frame that is read, after they have said who they are."""
    url, names = house.office.base_url, next(NAMES)
    if how in house.people:
        who = house.people[how]
        if how == "stranger":
            async with RealtimeClient.open(url) as client:
                yield lambda text: over_realtime(client, text)
        else:
            async with RealtimeClient.join(url, who.token, who.widget) as client:
                yield lambda text: over_realtime(client, text)
    elif how == "rooms":
        async with RoomsClient.join(url, "yonghu", names) as rooms:
            await rooms.hear()
            yield lambda text: over_rooms(rooms, text)
    elif how == "connected":
        async with DirectClient.connect(url, "websocket") as direct:
            yield lambda text: over_direct(direct, text)
    else:
        async with DirectClient.login(url, how, names) as direct:
            yield lambda text: over_direct(direct, text.replace("{me}", names))


NAMES = (f"分隔{number}" for number in itertools.count())


@pytest.mark.parametrize(
    ("kind", "how"), [(kind, how) for kind in FRAMES for how in FRAMES[kind].hows]
)
async def test_a_frame_full_of_separators_costs_next_to_nothing(house: House, kind, how):
    made, told, _, size = FRAMES[kind]
    costly = {}
    for separator in FRAME_SEPARATORS:

        async def send(size: int, separator: str = separator) -> Answer:
            said = encoded(lambda text: made(text).encode(), separator, size).decode()
            said = said.replace(str(THEIRS), house.values["conversation"])
            async with asyncio.timeout(60), speaking(house, how) as say:
                before = cpu_s(house.office)
                answer = await say(said)
                return Answer(answer, cpu_s(house.office) - before)

        if found := await too_much(send, size, told):
            costly[separator] = found
    assert costly == {}


@pytest.mark.parametrize("kind", ["payload", "packet"])
async def test_a_post_of_the_polling_full_of_separators_costs_next_to_nothing(house: House, kind):
    costly, url = {}, house.office.base_url
    told = ("400", "200") if kind == "payload" else "400"
    for separator in POLLING_SEPARATORS:

        async def send(size: int, separator: str = separator) -> Answer:
            text = filled(separator, size)
            async with DirectClient.login(url, "polling", next(NAMES)) as direct:
                before = cpu_s(house.office)
                try:
                    await direct.link.send(text if kind == "payload" else f"42{text}")
                    said = "200"
                except PollRefused as refused:
                    said = str(refused)
                return Answer(said, cpu_s(house.office) - before)

        if found := await too_much(send, SIZE, told):
            costly[separator] = found
    assert costly == {}


# Texts, as long as they may be.


async def is_indexed(house: House) -> None:
    """Wait until the index has what was said: what is done for it is part of what a text costs."""
    with closing(
        connect(f"file:{house.office.data_dir}/kefu.db?mode=ro", uri=True, check_same_thread=False)
    ) as store:
        async with asyncio.timeout(60):
            while not store.execute(UP_TO_DATE).fetchone()[0]:
                await asyncio.to_thread(store.execute, "SELECT 1")


UP_TO_DATE = """
SELECT (SELECT last_id FROM consumer WHERE name = 'search') = (SELECT max(id) FROM message)
"""


@pytest.mark.parametrize("kind", STORED)
async def test_a_stored_text_full_of_separators_costs_next_to_nothing(house: House, kind):
    who, line, separators = STORED[kind]
    costly = {}
    for separator in separators:

        async def send(size: int, separator: str = separator) -> Answer:
            text = f"x{separator * ((size - 1) // len(separator))}"
            body = json.dumps({"client_id": next(NAMES).encode().hex(), "text": text}).encode()
            before = cpu_s(house.office)
            said = await ask(house.office, house.people[who], put(line, house.values), body=body)
            await is_indexed(house)
            return Answer(said.told, cpu_s(house.office) - before)

        if found := await too_much(send, TEXT, "201"):
            costly[separator] = found
    assert costly == {}


@pytest.mark.parametrize("path", ["messages", "contacts"])
async def test_a_search_for_separators_costs_next_to_nothing(house: House, path):
    costly = {}
    for separator in SEARCHED:

        async def send(size: int, separator: str = separator) -> Answer:
            text = quote(separator * (size // len(separator)))
            line = f"{GET}/search/{path}?text={text}"
            return await ask(house.office, house.people["agent"], line)

        if found := await too_much(send, QUERY_CHARS, "200"):
            costly[separator] = found
    assert costly == {}


READERS: dict[str, Callable[[str], object]] = {
    "a letter": lambda text: (to_html(tree := read_markdown(text)), to_text(tree)),
    "a visitor's words": lambda text: to_html(read_plain(text)),
    "the index of SQLite": index_words,
    "the index of PostgreSQL": tsvector,
    "what is looked for": query,
    "what is shown of a text": lambda text: snippet(text, Query((("x",),), False)),
}


@pytest.mark.parametrize("reader", READERS)
def test_reading_a_text_full_of_separators_costs_next_to_nothing(reader):
    """In this process: what a server does with a text when nobody waits for it, too."""
    costly = {}
    for separator in (*MARKDOWN, *TEXTS):
        text = separator * (TEXT // len(separator))
        whole = half = float("inf")
        for number in range(1, MORE_TRIES + 1):
            whole = min(whole, own_cpu_s(READERS[reader], text))
            half = min(half, own_cpu_s(READERS[reader], text[: TEXT // 2]))
            if number >= TRIES and is_little(whole, half):
                break
        else:
            costly[separator] = f"{whole * 1000:.1f} ms, of half {half * 1000:.1f} ms"
    assert costly == {}


def own_cpu_s(read: Callable[[str], object], text: str) -> float:
    """What it takes this thread to read a text."""
    begun = time.thread_time()
    read(text)
    return time.thread_time() - begun


ATTACKERS = 4
ROUND_TRIPS = 100


async def test_an_honest_client_is_answered_beside_the_attack(office, capsys):
    """It prints how long a round trip took."""
    attack = f"Content-Type: application/json{filled(' ', 30_000)}x\r\n"

    async def attacks() -> None:
        while True:
            answer = await ask(office, NOBODY, "POST /api/v1/session", attack, body=b"{}")
            assert answer.told == NO_JSON

    took = []
    attackers = [asyncio.create_task(attacks()) for _ in range(ATTACKERS)]
    async with raw_connection(office.base_url) as raw, asyncio.timeout(60):
        for _ in range(ROUND_TRIPS):
            begin = time.perf_counter()
            await raw.send(
                f"GET /health HTTP/1.1\r\nHost: 127.0.0.1:{office.port}\r\n\r\n".encode()
            )
            head = await raw.reader.readuntil(b"\r\n\r\n")
            length = int(head.lower().partition(b"content-length: ")[2].split(b"\r\n")[0])
            await raw.reader.readexactly(length)
            took.append(time.perf_counter() - begin)
    for one in attackers:
        one.cancel()
    await asyncio.gather(*attackers, return_exceptions=True)
    took.sort()
    median, longest = took[ROUND_TRIPS // 2] * 1000, took[-1] * 1000
    with capsys.disabled():
        sys.stdout.write(f"\nmedian {median:.1f} ms, longest {longest:.1f} ms\n")
    assert took[-1] < 2.0  # one request of the attack took ten seconds
