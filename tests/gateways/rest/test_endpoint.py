"""Health, limits and stored conversations over HTTP: who may read them, and how errors look."""

import msgspec
import pytest

from kefu.core.errors import ChatError
from kefu.core.limits import Limits
from kefu.gateways.rest.endpoint import STATUS

TOKEN = "s" * 20


def test_every_refusal_has_a_status():
    assert STATUS.keys() == {refusal.code for refusal in ChatError.__subclasses__()}


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


async def test_conversations_are_listed_from_the_youngest_and_paged(house):
    server = await house.serve()
    for _ in range(3):
        agent = await spoken(house, server, ["在"])
        visitor = await house.visitor(server, "小明")
        await visitor.line()
        await visitor.socket.close()
        await agent.socket.close()
        while (await server.get("/getroom?userName=a")).json()["room"]:
            pass  # the agent is gone once there is no room
    first = (await server.get("/api/v1/conversations?limit=2")).json()
    rest = (await server.get(f"/api/v1/conversations?before={first[-1]['id']}")).json()
    assert [one["id"] for one in first + rest] == [3, 2, 1]
    assert (await server.get("/api/v1/conversations?with=nobody")).json() == []


async def test_messages_are_paged_by_their_numbers(house):
    server = await house.serve()
    await spoken(house, server, ["一", "二", "三"])
    path = "/api/v1/conversations/1/messages"
    page = (await server.get(path, params={"after": 1, "limit": 1})).json()
    assert [(one["seq"], one["text"]) for one in page] == [(2, "二")]
    assert page[0]["at"].endswith("Z")


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("/conversations/99/messages", 404, "not_found"),
        ("/conversations/-1/messages", 404, "not_found"),
        (f"/conversations/{2**63}/messages", 404, "not_found"),
        ("/nothing", 404, "not_found"),
        ("/conversations/x/messages", 422, "bad_input"),
        ("/conversations/1/messages?after=-1", 422, "bad_input"),
        ("/conversations/1/messages?limit=201", 422, "bad_input"),
        (f"/conversations/1/messages?after={2**31}", 422, "bad_input"),
        ("/conversations?with=%00", 422, "bad_input"),
        ("/conversations?limit=0", 422, "bad_input"),
        (f"/conversations?before={10**400}", 422, "bad_input"),
        (f"/conversations?before={2**63}", 422, "bad_input"),
    ],
)
async def test_bad_requests_get_a_coded_error(house, path, status, code):
    server = await house.serve()
    response = await server.get("/api/v1" + path)
    assert response.status_code == status
    assert response.json()["error"]["code"] == code


@pytest.mark.parametrize(
    "headers",
    [
        pytest.param({"Host": "kefu.example"}, id="a name that was bound to loopback"),
        pytest.param({"X-Forwarded-For": "127.0.0.1"}, id="through a proxy"),
        pytest.param({"Authorization": "Bearer wrong"}, id="a wrong token"),
        pytest.param({"Authorization": "Bearer"}, id="an empty token"),
    ],
)
async def test_a_demos_conversations_are_for_its_own_machine(house, headers):
    server = await house.serve()
    response = await server.get("/api/v1/conversations", headers=headers)
    assert response.status_code == 401
    assert response.json()["error"]["code"] == "not_allowed"


async def test_a_foreign_page_gets_no_leave_to_read(house):
    server = await house.serve()
    headers = {"Origin": "https://evil.example"}
    response = await server.get("/api/v1/conversations", headers=headers)
    assert "access-control-allow-origin" not in response.headers


async def test_in_production_reading_needs_an_agents_token(house):
    server = await house.serve_production(tokens={"小李": TOKEN})
    path = "/api/v1/conversations"
    for headers in ({}, {"Authorization": TOKEN}, {"Authorization": f"Bearer {TOKEN}x"}):
        response = await server.get(path, headers=headers)
        assert response.status_code == 401
        assert response.headers["www-authenticate"] == "Bearer"
    response = await server.get(path, headers={"Authorization": f"bearer {TOKEN}"})
    assert response.json() == []


async def test_the_api_describes_itself(house):
    server = await house.serve()
    document = (await server.get("/api/v1/openapi.json")).json()
    assert {"/health", "/api/v1/limits", "/api/v1/conversations"} <= document["paths"].keys()
