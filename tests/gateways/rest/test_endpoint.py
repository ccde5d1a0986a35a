"""What every request has in common: who may read, how refusals look, what JSON is taken."""

from __future__ import annotations

import json

import msgspec
import pytest

from kefu.core.errors import ChatError, TooMany, Unavailable
from kefu.core.limits import Limits
from kefu.gateways.rest.errors import STATUS, WrongMethod, WrongType, refusal

TOKEN = "s" * 20
CONVERSATION = "/api/v1/conversations/1"


def kinds_of(kind: type[ChatError]) -> set[type[ChatError]]:
    return {kind, *(deeper for below in kind.__subclasses__() for deeper in kinds_of(below))}


def test_every_refusal_has_a_status():
    assert STATUS.keys() == {kind.code for kind in kinds_of(ChatError)} - {ChatError.code}


@pytest.mark.parametrize(
    ("error", "status", "header", "retry_ms"),
    [
        pytest.param(TooMany(retry_s=2.25), 429, ("retry-after", "3"), 2250, id="too many"),
        pytest.param(TooMany(), 429, ("retry-after", "1"), 1000, id="too many, nobody knows when"),
        pytest.param(Unavailable(), 503, ("retry-after", "1"), 1000, id="unavailable"),
        pytest.param(WrongMethod(["GET", "PUT"]), 405, ("allow", "GET, PUT"), None, id="method"),
        pytest.param(WrongType(), 415, ("content-type", "application/json"), None, id="type"),
    ],
)
def test_a_refusal_says_what_a_client_can_act_on(error, status, header, retry_ms):
    answer = refusal(error)
    assert answer.status_code == status
    assert answer.headers[header[0]] == header[1]
    assert json.loads(bytes(answer.body))["error"].get("retry_ms") == retry_ms


async def test_health_says_ok(house):
    server = await house.serve()
    response = await server.get("/health")
    assert response.status_code == 200
    assert response.json()["status"] == "ok"


async def test_every_limit_is_published(house):
    server = await house.serve(limits={"message_bytes": 12_345})
    limits = (await server.get("/api/v1/limits")).json()
    assert limits.keys() == {field.name for field in msgspec.structs.fields(Limits)} | {
        "name_chars"
    }
    assert limits["message_bytes"] == 12_345


async def spoken(house, server, texts):
    agent = await house.agent(server, "小李")
    for text in texts:
        await agent.say(text)
        assert await agent.line() == ("小李", text)
    return agent


async def test_messages_are_paged_by_their_numbers(house):
    server = await house.serve()
    await spoken(house, server, ["一", "二", "三"])
    path = f"{CONVERSATION}/messages"
    whole = (await server.get(path)).json()["items"]
    assert "next" not in (await server.get(path)).json()
    assert all(one["at"].endswith("Z") for one in whole)
    paged, params = [], {"limit": 1}
    while True:
        page = (await server.get(path, params=params)).json()
        paged += page["items"]
        if "next" not in page:
            break
        params["after"] = page["next"]
    assert paged == whole
    assert [one["text"] for one in whole if one["type"] == "message"] == ["一", "二", "三"]


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("/conversations/99/messages", 404, "not_found"),
        (f"/conversations/{2**53 - 1}/messages", 404, "not_found"),
        ("/nothing", 404, "not_found"),
        ("/conversations/1/", 404, "not_found"),
        ("/conversations//messages", 404, "not_found"),
        ("/conversations/%ff/messages", 404, "not_found"),
        ("/%0A", 404, "not_found"),
        ("/conversations/%0A", 422, "bad_input"),
        ("/conversations/1%2Fmessages", 422, "bad_input"),
        ("/conversations/-1/messages", 422, "bad_input"),
        ("/conversations/x/messages", 422, "bad_input"),
        ("/conversations/1.0/messages", 422, "bad_input"),
        (f"/conversations/{'9' * 400}/messages", 422, "bad_input"),
        (f"/conversations/{2**53}/messages", 422, "bad_input"),
        ("/conversations/1/messages?after=-1", 422, "bad_input"),
        ("/conversations/1/messages?limit=201", 422, "bad_input"),
        ("/conversations/1/messages?limit=null", 422, "bad_input"),
        ("/conversations/1/messages?limit=", 422, "bad_input"),
        ("/conversations/1/messages?limit=1&limit=2", 422, "bad_input"),
        (f"/conversations/1/messages?after={2**31}", 422, "bad_input"),
        ("/conversations/1/messages?afterwards=1", 422, "bad_input"),
        ("/conversations/1/messages?conversation=2", 422, "bad_input"),
        ("/conversations/1/messages?after=%ff", 422, "bad_input"),
        ("/conversations/1/messages?%00=1", 422, "bad_input"),
        ("/conversations/1/messages?" + "a&" * 200, 422, "bad_input"),
    ],
)
async def test_bad_requests_get_a_coded_error(house, path, status, code):
    server = await house.serve()
    response = await server.get("/api/v1" + path)
    assert (response.status_code, response.json()["error"]["code"]) == (status, code)
    assert response.headers["content-type"] == "application/json"


async def test_a_wrong_method_is_told_the_right_ones(house):
    server = await house.serve()
    response = await server.request("PATCH", f"{CONVERSATION}/messages")
    assert response.status_code == 405
    assert {"GET", "HEAD"} <= set(response.headers["allow"].split(", "))
    assert response.json()["error"]["code"] == "bad_input"


async def test_head_is_get_without_the_body(house):
    server = await house.serve()
    asked, got = [await server.request(how, "/api/v1/limits") for how in ("HEAD", "GET")]
    assert (asked.status_code, asked.content) == (200, b"")
    assert asked.headers["content-length"] == got.headers["content-length"]


@pytest.mark.parametrize(
    "headers",
    [
        pytest.param({"Host": "kefu.example"}, id="a name that was bound to loopback"),
        pytest.param({"X-Forwarded-For": "127.0.0.1"}, id="through a proxy"),
        pytest.param({"Origin": "https://evil.example"}, id="for another site's page"),
        pytest.param({"Origin": "null"}, id="for a page from nowhere"),
        pytest.param({"Authorization": "Bearer wrong"}, id="a wrong token"),
        pytest.param({"Authorization": "Bearer"}, id="an empty token"),
        pytest.param({"Authorization": "Basic a2VmdTprZWZ1"}, id="a password"),
    ],
)
async def test_a_demos_conversations_are_for_its_own_machine(house, headers):
    server = await house.serve()
    await spoken(house, server, ["在"])
    response = await server.get(f"{CONVERSATION}/messages", headers=headers)
    assert response.status_code == 401
    assert response.headers["www-authenticate"] == "Bearer"
    assert response.json()["error"]["code"] == "unauthenticated"
    assert not [name for name in response.headers if name.startswith("access-control")]


async def test_in_production_reading_needs_an_agents_token(house):
    server = await house.serve_production(tokens={"小李": TOKEN})
    path = f"{CONVERSATION}/messages"
    for headers in ({}, {"Authorization": TOKEN}, {"Authorization": f"Bearer {TOKEN}x"}):
        response = await server.get(path, headers=headers)
        assert response.status_code == 401
        assert TOKEN not in response.text
    response = await server.get(path, headers={"Authorization": f"bearer {TOKEN}"})
    assert response.status_code == 404
