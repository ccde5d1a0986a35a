"""What is taken as a request's fields: strict JSON of a bounded size, nothing beside the form."""

from __future__ import annotations

import json

import pytest

from kefu.core.actors import AgentRole
from tests.gateways.rest.conftest import Headers, Shop

DEEP = 100_000
BAD = {
    "nothing": b" ",
    "half an object": b'{"client_id":',
    "a list": b"[]",
    "a text": b'"x"',
    "two objects": b"{}{}",
    "objects of a great depth": b'{"x":' * DEEP + b"1" + b"}" * DEEP,
    "lists of a great depth": b"[" * DEEP + b"]" * DEEP,
    "forty levels": b'{"client_id":"1","text":' + b"[" * 40 + b"]" * 40 + b"}",
    "NaN": b'{"client_id":"1","text":NaN}',
    "Infinity": b'{"client_id":"1","text":1e999}',
    "400 digits": b'{"client_id":"1","text":' + b"9" * 400 + b"}",
    "half of a pair": b'{"client_id":"1","text":"\\ud800"}',
    "U+0000": b'{"client_id":"1","text":"a\\u0000b"}',
    "a key with U+0000": b'{"client_id":"1","te\\u0000xt":"a"}',
    "broken UTF-8": b'{"client_id":"1","text":"\xff"}',
    "UTF-16": '{"client_id":"1"}'.encode("utf-16"),
    "a mark before it": b"\xef\xbb\xbf" + b'{"client_id":"1","text":"x"}',
    "a comment": b'{"client_id":"1"} // x',
    "a number for text": b'{"client_id":1,"text":"x"}',
    "text for a number": b'{"client_id":"1","text":"x","quote":"1"}',
    "a field of the path": b'{"client_id":"1","text":"x","conversation":1}',
    "null": b'{"client_id":null,"text":"x"}',
}


async def texts(shop: Shop, who: Headers, conversation: int) -> list[str]:
    page = await shop.ask(who, "GET", f"/conversations/{conversation}/messages")
    return [one["text"] for one in page.json()["items"] if one["type"] == "message"]


async def test_what_is_not_the_forms_json_is_refused_and_stores_nothing(shop: Shop):
    visitor = shop.visitor()
    conversation = await shop.start(visitor)
    path = f"/conversations/{conversation}/messages"
    headers = {"Content-Type": "application/json"}
    for name, body in BAD.items():
        response = await shop.ask(visitor, "POST", path, content=body, headers=headers)
        assert 400 <= response.status_code < 500, name
        assert response.json()["error"]["code"] in ("bad_input", "too_large"), name
        assert "Traceback" not in response.text, name
    assert await texts(shop, visitor, conversation) == ["Hello"]


FORGED = {
    "seq": 99,
    "id": 1,
    "type": "note",
    "sender": {"role": "agent", "name": "Boss", "id": 1},
    "at": "2020-01-01T00:00:00Z",
    "verified": True,
    "role": "admin",
}


async def test_fields_that_are_not_the_clients_to_set_are_refused(shop: Shop):
    visitor = shop.visitor()
    conversation = await shop.start(visitor)
    path = f"/conversations/{conversation}/messages"
    for field, value in FORGED.items():
        body = {"client_id": "1", "text": "x", field: value}
        response = await shop.ask(visitor, "POST", path, json=body)
        assert response.status_code == 422, field
        assert field in response.json()["error"]["message"]


async def test_of_a_key_that_stands_twice_the_last_counts(shop: Shop):
    visitor = shop.visitor()
    conversation = await shop.start(visitor)
    await shop.ask(
        visitor,
        "POST",
        f"/conversations/{conversation}/messages",
        content=b'{"client_id":"1","text":"first","text":"last"}',
        headers={"Content-Type": "application/json"},
    )
    assert await texts(shop, visitor, conversation) == ["Hello", "last"]


@pytest.mark.parametrize("announced", [True, False], ids=["announced", "in pieces"])
async def test_a_body_over_the_limit_is_refused_before_it_is_kept(shop: Shop, announced):
    limit = shop.server.kefu.ctx.limits.request_bytes
    body = json.dumps({"client_id": "1", "text": "x" * limit}).encode()

    async def pieces():
        for start in range(0, len(body), 65_536):
            yield body[start : start + 65_536]

    content = body if announced else pieces()
    headers = {"Content-Type": "application/json"}
    response = await shop.ask(
        shop.visitor(), "POST", "/conversations", content=content, headers=headers
    )
    assert (response.status_code, response.json()["error"]["code"]) == (413, "too_large")


ODD = ["%", "_", "' OR 1=1 --", '"; DROP TABLE message; --', "\\", "*", "a\nb", "😀", "NEAR("]


async def test_what_means_something_to_a_database_is_just_text(shop: Shop):
    admin = await shop.agent(AgentRole.ADMIN)
    visitor = shop.visitor()
    for text in ODD:
        conversation = await shop.start(visitor, text=text)
        assert await texts(shop, visitor, conversation) == [text]
        asked = [("/conversations", "tag"), ("/conversations", "with"), ("/agents", "cursor")]
        for path, name in asked:
            found = await shop.ask(admin, "GET", path, params={name: text})
            assert found.status_code in (200, 422), (path, text)
            if found.is_success:
                assert found.json()["items"] == []
