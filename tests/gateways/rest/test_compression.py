"""Which answers are compressed: those with no secret and no stranger's words in them."""

from __future__ import annotations

from typing import Any, get_args, get_type_hints

import httpx
import msgspec
import pytest

from kefu.actions.catalogue import COMMANDS
from kefu.core.actors import AgentRole
from kefu.core.desk import Contact, Conversation, FileInfo, Message
from tests.gateways.rest.conftest import Shop

GZIP = {"Accept-Encoding": "gzip"}
COMPRESSED = [command for command in COMMANDS if command.compressed]


def types_in(kind: Any) -> set[type[msgspec.Struct]]:
    """Every struct that a value of this type may hold."""
    found, waiting = set[type[msgspec.Struct]](), [kind]
    while waiting:
        one = waiting.pop()
        waiting += get_args(one)
        if isinstance(one, type) and issubclass(one, msgspec.Struct) and one not in found:
            found.add(one)
            waiting += get_type_hints(one, include_extras=True).values()
        waiting += [getattr(one, "__origin__", None)] if get_args(one) else []
    return found


@pytest.mark.parametrize("command", COMPRESSED, ids=lambda one: one.name)
def test_no_answer_with_a_secret_or_a_strangers_words_may_be_compressed(command):
    assert command.method == "GET"
    assert not command.secret
    inside = types_in(command.answer)
    assert not inside & {FileInfo, Message, Conversation, Contact}
    fields = {field for one in inside for field in one.__struct_fields__}
    assert not fields & {"secret", "token", "link", "password", "url"}


def test_only_these_answers_are_compressed():
    assert {command.name for command in COMPRESSED} == {
        "agent.list", "canned.list", "inbox.get", "inbox.list", "inbox.public", "team.list"
    }  # fmt: skip


@pytest.mark.parametrize("path", ["/openapi.json", "/docs", "/docs.css"])
async def test_the_description_of_the_api_is_sent_small_and_once(shop: Shop, path: str):
    plain = await shop.server.get(f"/api/v1{path}", headers={"Accept-Encoding": "identity"})
    small = await shop.server.get(f"/api/v1{path}", headers=GZIP)
    assert small.headers["content-encoding"] == "gzip"
    assert small.content == plain.content
    assert int(small.headers["content-length"]) < len(plain.content) / 2
    assert "Accept-Encoding" in small.headers["vary"]
    known = {**GZIP, "If-None-Match": small.headers["etag"]}
    assert (await shop.server.get(f"/api/v1{path}", headers=known)).status_code == 304
    head = await shop.server.request("HEAD", f"/api/v1{path}", headers=GZIP)
    assert head.content == b""
    assert head.headers["content-length"] == small.headers["content-length"]


async def many_canned(shop: Shop, admin: dict[str, str]) -> None:
    for number in range(20):
        text = f"Thank you for waiting. Your order {number} is on its way."
        made = await shop.server.request(
            "POST", "/api/v1/canned", headers=admin, json={"shortcut": f"s{number}", "text": text}
        )
        assert made.status_code == 201


async def test_a_list_of_the_teams_own_words_is_compressed(shop: Shop):
    admin = await shop.agent(AgentRole.ADMIN)
    await many_canned(shop, admin)
    answer = await shop.server.get("/api/v1/canned", headers={**admin, **GZIP})
    assert answer.headers["content-encoding"] == "gzip"
    assert len(answer.json()["items"]) == 20
    plain = await shop.server.get(
        "/api/v1/canned", headers={**admin, "Accept-Encoding": "gzip;q=0"}
    )
    assert "content-encoding" not in plain.headers
    assert plain.json() == answer.json()
    assert plain.headers["vary"] == answer.headers["vary"] == "Accept-Encoding"


def is_plain(answer: httpx.Response) -> bool:
    return "content-encoding" not in answer.headers


async def test_what_visitors_wrote_is_never_compressed(shop: Shop):
    agent = await shop.agent()
    visitor = shop.visitor()
    said = {"client_id": "1", "text": "guess " * 500}
    begun = await shop.server.request(
        "POST", "/api/v1/conversations", headers={**visitor, **GZIP}, json=said
    )
    assert begun.status_code == 201
    assert is_plain(begun)
    conversation = begun.json()["conversation"]["id"]
    for path in (
        "/events",
        "/conversations",
        f"/conversations/{conversation}",
        f"/conversations/{conversation}/messages",
        "/search/messages?text=guess",
        "/contacts",
    ):
        answer = await shop.server.get(f"/api/v1{path}", headers={**agent, **GZIP})
        assert answer.status_code == 200, path
        assert is_plain(answer), path


async def test_what_is_shown_once_is_never_compressed(shop: Shop):
    admin = await shop.agent(AgentRole.ADMIN)
    name = "guess " * 16
    answer = await shop.server.request(
        "POST",
        "/api/v1/tokens",
        headers={**admin, **GZIP},
        json={"name": name.strip(), "scopes": ["read"]},
    )
    assert answer.status_code == 201
    assert is_plain(answer)


async def test_a_stream_is_neither_compressed_nor_held_back(shop: Shop):
    asked = {**await shop.agent(), **GZIP, "Accept": "text/event-stream"}
    async with (
        httpx.AsyncClient(base_url=shop.server.http, verify=False) as client,
        client.stream("GET", "/api/v1/events", headers=asked) as answer,
    ):
        assert answer.headers["content-type"].startswith("text/event-stream")
        assert is_plain(answer)
        assert await anext(answer.aiter_bytes())
