"""S26 and S32 on the desk: JSON and characters that break parsers, stores and queries.

The same on SQLite and PostgreSQL, over REST and realtime.
"""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest
from msgspec import inspect
from websockets.exceptions import ConnectionClosed

from kefu.actions.catalogue import BY_NAME, COMMANDS
from kefu.actions.commands import Command
from kefu.gateways.rest.codec import field_types
from tests.clients.realtime import Refused
from tests.databases import BACKENDS, ready_url
from tests.security.asking import ASKERS, OK, TRANSPORTS, Asker, Realtime, Rest
from tests.security.conftest import opened
from tests.security.office import MARK, Chat, Office, Person, draw
from tests.security.test_values import VALUES
from tests.security.witness import undisturbed

DEEP = 100_000
# In place of a whole command, or of a part of one; each is refused in words or ends a connection.
BROKEN = {
    "lists of a great depth": "[" * DEEP + "]" * DEEP,
    "objects of a great depth": '{"x":' * (DEEP // 10) + "1" + "}" * (DEEP // 10),
    "half of that": "[" * DEEP,
    "nothing": "",
    "NaN": "NaN",
    "a number": "7",
    "an int of 400 digits": "7" * 400,
    "a text": '"x"',
    "null": "null",
    "two objects": "{}{}",
    "a mark before it": "\ufeff{}",
    "U+0000 after it": "{}\x00",
}
NUMBERS = ("7" * 400, "-1", "0", "1e3", "1.5", "9007199254740993", "9223372036854775808", "NaN")
# What means something to SQL, LIKE, full-text queries, or to those who take texts apart.
ODD = [
    *("%", "_", "%%", "qxv%", "\\", "\\%", "*", "?", "[a-z]", "'", '"', "''", "';--"),
    *("' OR '1'='1", "1; DROP TABLE message", "' UNION SELECT token_hash", "$1", ":qxv", "{}"),
    *("NEAR(", "AND", "NOT", "OR qxv", '"qxv', "qxv:*", "qxv & !qxw", "(qxv", "col:qxv", "^qxv"),
    *("-qxv", "<->", "%s", "\n", "\t", "\u200b", "\u202eqxv", "\U0001f600", "qxv" * 30, "-1", "0"),
    *("1e9", "null"),
]


@pytest.fixture(scope="module", params=BACKENDS)
def office(request: pytest.FixtureRequest, tmp_path_factory) -> Iterator[Office]:
    """A desk on each kind of store."""
    folder = tmp_path_factory.mktemp("values")
    with ready_url(request.param, folder) as url, opened(Office(folder / "data", url)) as running:
        yield running


@pytest.fixture(params=TRANSPORTS)
async def asker(request: pytest.FixtureRequest, office) -> AsyncIterator[Asker]:
    async with ASKERS[request.param].open(office) as found:
        yield found


async def say_raw(asker: Asker, who: Person, name: str, **parts: str) -> str:
    """Send a command whose fields are these pieces of JSON; returns its code."""
    if isinstance(asker, Rest):
        path = BY_NAME[name].path
        for field in [*parts]:
            if f"{{{field}}}" in path:
                path = path.replace(f"{{{field}}}", parts.pop(field))
        body = "{" + ",".join(f'"{field}":{json}' for field, json in parts.items()) + "}"
        return await post(asker, who, (BY_NAME[name].method, path), body)
    assert isinstance(asker, Realtime)
    id = await (await asker.client(who)).send("ping")
    frame = "".join(f',"{field}":{json}' for field, json in parts.items())
    return await send(asker, who, f'{{"id":{id + 1_000_000},"do":"{name}"{frame}}}', id + 1_000_000)


async def post(rest: Rest, who: Person, where: tuple[str, str], body: str) -> str:
    headers = {"Content-Type": "application/json"}
    content = body.encode("utf-8", "surrogatepass")
    answer = await rest.send(who, *where, content=content, headers=headers)
    return OK if answer.is_success else str(answer.json()["error"]["code"])


async def send(asker: Realtime, who: Person, frame: str, id: int) -> str:
    """Send a frame; its code, or that of the connection's end."""
    client = await asker.client(who)
    await client.connection.send(frame)
    try:
        await client.answer(id)
    except Refused as refused:
        return refused.code
    except ConnectionClosed as end:
        return str(end.rcvd.code if end.rcvd else end)
    return OK


async def texts(asker: Asker, chat: Chat) -> list[str]:
    listed = await asker.ask(chat.visitor, "message.list", conversation=chat.conversation)
    return [one["text"] for one in listed.values["items"] if one["type"] == "message"]


# A message that shows nothing is none.
SAID = VALUES | {"bidi and zero width": (r'"a\u202e\u200b\ufeff"', "a\u202e\u200b\ufeff")}
REFUSED = {"bad_input", "4000"}


async def test_s26_a_text_is_refused_or_comes_back_exactly(office, asker: Asker):
    chat = office.chat()
    expected = [MARK]
    async with undisturbed(office):
        for name, (value, text) in SAID.items():
            own = {"conversation": str(chat.conversation), "client_id": json.dumps(draw(""))}
            code = await say_raw(asker, chat.visitor, "message.send", **own, text=value)
            if code == OK:
                expected.append(text if text is not None else "")
                assert text is not None, name
            else:
                assert code in REFUSED, name
                assert text is None, name
        assert await texts(asker, chat) == expected


async def test_s26_an_attribute_is_refused_or_comes_back_exactly(office, asker: Asker):
    chat, insider = office.chat(), office.agents["insider"]
    for name, (value, text) in VALUES.items():
        own = {"conversation": str(chat.conversation)}
        given = f'{{"a":{value}}}'
        code = await say_raw(asker, insider, "conversation.set_attributes", **own, attributes=given)
        assert code == OK or code in REFUSED, name
        if code == OK and text is not None:
            read = await asker.ask(insider, "conversation.get", conversation=chat.conversation)
            assert read.values["attributes"] == {"a": text}, name


async def test_s26_a_number_is_refused_unless_it_is_one_that_every_store_keeps(
    office, asker: Asker
):
    chat = office.chat()
    async with undisturbed(office):
        for number in NUMBERS:
            for name, field in (
                ("conversation.read", "seq"),
                ("conversation.get", "conversation"),
                ("message.list", "after"),
                ("contact.list", "inbox"),
            ):
                own = {"conversation": str(chat.conversation)}
                parts = {key: own[key] for key in field_types(BY_NAME[name].form) if key in own}
                parts[field] = number
                who = chat.visitor if name != "contact.list" else office.admin
                code = await number_raw(asker, who, name, parts)
                assert code in {OK, "bad_input", "not_found", "4000", "expired"}, (name, number)
                assert code != OK or number in ("0", "-1"), (name, number)


async def number_raw(asker: Asker, who: Person, name: str, parts: dict[str, str]) -> str:
    command = BY_NAME[name]
    if not isinstance(asker, Rest) or command.changes:
        return await say_raw(asker, who, name, **parts)
    path, query = command.path, dict(parts)
    for field in parts:
        if f"{{{field}}}" in path:
            path = path.replace(f"{{{field}}}", query.pop(field))
    answer = await asker.send(who, "GET", path, params=query)
    return OK if answer.is_success else str(answer.json()["error"]["code"])


async def test_s26_what_is_no_command_is_refused_in_words_or_ends_the_connection(
    office, asker: Asker
):
    chat = office.chat()
    path = f"/conversations/{chat.conversation}/messages"
    async with undisturbed(office):
        for name, broken in BROKEN.items():
            inside = f'{{"id":7000001,"do":"ping","x":{broken}}}'
            for body in (broken, inside):
                if isinstance(asker, Rest):
                    code = await post(asker, chat.visitor, ("POST", path), body)
                    assert code in ("bad_input", "too_large"), name
                else:
                    assert isinstance(asker, Realtime)
                    code = await send(asker, chat.visitor, body, 7_000_001)
                    assert code in {"bad_input", "4000", "1009", "1007"}, name
    assert await texts(asker, chat) == [MARK]


async def test_s26_of_a_key_that_stands_twice_the_last_counts(office, asker: Asker):
    """Wherever it stands: nothing reads the first one and another the last."""
    chat, other = office.chat(), office.chat()
    own = {"conversation": str(chat.conversation), "client_id": json.dumps(draw(""))}
    twice = '"first","text":"last"'
    assert await say_raw(asker, chat.visitor, "message.send", **own, text=twice) == OK
    assert await texts(asker, chat) == [MARK, "last"]
    if isinstance(asker, Realtime):  # over REST the path says which
        own["client_id"] = json.dumps(draw(""))
        own["conversation"] += f',"conversation":{other.conversation}'
        assert await say_raw(asker, chat.visitor, "message.send", **own, text='"x"') == "not_found"
    assert await texts(asker, other) == [MARK]


async def test_s26_a_path_or_query_that_is_no_text_is_refused(office):
    async with Rest.open(office) as rest:
        chat = office.chat()
        for piece in ("%00", "%ff", "%ed%a0%80", "%c0%af", "a%00b", "%", "%zz"):
            for path in (
                f"/widgets/{piece}",
                f"/conversations/{piece}",
                f"/conversations?cursor={piece}",
                f"/conversations?{piece}=1",
                f"/events?cursor={piece}",
                f"/search/messages?text={piece}",
                f"/files/1/{piece}?token={piece}",
            ):
                for who in (chat.visitor, office.admin):
                    answer = await rest.send(who, "GET", path)
                    assert answer.status_code in (200, 403, 404, 422), path
                    assert MARK not in answer.text or answer.status_code == 200, path


def asked_by_text() -> Iterator[tuple[Command, str]]:
    """Reads, and their fields that are text."""
    for command in COMMANDS:
        for name, kind in field_types(command.form).items():
            if not command.changes and any(isinstance(one, inspect.StrType) for one in kinds(kind)):
                yield command, name


def kinds(kind: inspect.Type) -> Iterator[inspect.Type]:
    """The type, or those of a union or a list."""
    if isinstance(kind, inspect.Metadata):
        yield from kinds(kind.type)
    elif isinstance(kind, inspect.UnionType):
        for one in kind.types:
            yield from kinds(one)
    elif isinstance(kind, inspect.VarTupleType | inspect.ListType):
        yield from kinds(kind.item_type)
    else:
        yield kind


async def test_s32_what_means_something_to_a_query_is_text_or_refused(office, asker: Asker):
    office.chat()
    async with undisturbed(office):
        for command, field in asked_by_text():
            many = isinstance(field_types(command.form)[field], inspect.VarTupleType)
            # Over REST fewer: it takes as long, and the query is the same.
            for odd in ODD[:: 4 if isinstance(asker, Rest) else 1]:
                value: Any = [odd] if many else odd
                asked = {**command.example, field: value}
                answer = await asker.ask(office.admin, command.name, **asked)
                assert answer.code in (OK, "bad_input", "not_found", "expired"), (field, odd)
                assert MARK not in answer.told, (command.name, field, odd)
                if answer.code == OK:
                    for item in answer.values.get("items", ()):
                        assert holds(item, odd), (command.name, field, odd)


def holds(item: Any, odd: str) -> bool:
    """Whether what was found has the words that were asked for, as they are."""
    words = re.findall(r"\w+|[\U0001f300-\U0001faff]", odd.lower())  # an emoji is found, too
    text = json.dumps(item, ensure_ascii=False).lower()
    return bool(words) and all(word in text for word in words)


def test_there_are_such_fields():
    """So that the test above does test something."""
    assert {field for _, field in asked_by_text()} >= {"text", "cursor", "tag", "with", "prefix"}
