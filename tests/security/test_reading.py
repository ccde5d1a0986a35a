"""Who may read what was said, and whose page may connect."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest
from websockets.exceptions import InvalidStatus

from tests.clients.links import connect_websocket
from tests.clients.raw import raw_connection
from tests.clients.rooms import RoomsClient
from tests.configured import AGENT, TOKEN, ConfiguredServer
from tests.security.leaks import scanned
from tests.security.test_rooms import closed_with
from tests.security.witness import undisturbed

FOREIGN = "https://evil.example"
FRIEND = "https://shop.example"
READABLE = ["/api/v1/conversations", "/api/v1/conversations/1/messages"]
readable = pytest.mark.parametrize("path", READABLE)


@pytest.fixture(scope="module")
def serving(tmp_path_factory) -> Iterator[ConfiguredServer]:
    """``kefu serve`` that lets the pages of one other site connect."""
    site = {"origins": [FRIEND]}
    folder = tmp_path_factory.mktemp("serve") / "data"
    with scanned(ConfiguredServer(folder, rooms=site, direct=site), [TOKEN]) as running:
        yield running


async def get(server, path: str, headers: dict[str, str] | None = None) -> httpx.Response:
    async with httpx.AsyncClient(trust_env=False, verify=False, timeout=60) as http:
        return await http.get(server.base_url + path, headers=headers)


@readable
async def test_in_a_demo_this_machine_may_read(server, path):
    async with undisturbed(server):
        assert (await get(server, path)).status_code == 200


@readable
@pytest.mark.parametrize(
    "headers",
    [
        pytest.param({"Host": "evil.example"}, id="a name that was bound to loopback"),
        pytest.param({"Host": "127.0.0.1.evil.example:3000"}, id="a name that looks like loopback"),
        pytest.param({"Host": "localhost.evil.example"}, id="a name that begins like loopback"),
        pytest.param({"Host": "evil.example#localhost"}, id="a fragment"),
        pytest.param({"Host": "evil.example/?localhost"}, id="a path"),
        pytest.param({"Host": "[::1"}, id="half an address"),
        pytest.param({"Host": ""}, id="no name"),
        pytest.param({"Host": "a`b.evil.example:3000"}, id="a name that is not well-formed"),
        pytest.param({"X-Forwarded-For": "127.0.0.1"}, id="forwarded"),
        pytest.param({"Forwarded": "for=127.0.0.1"}, id="forwarded, new style"),
        pytest.param({"Authorization": "Bearer guess"}, id="a wrong token"),
        pytest.param({"Authorization": "Bearer"}, id="no token"),
    ],
)
async def test_in_a_demo_nobody_else_may_read(server, path, headers):
    async with undisturbed(server):
        assert (await get(server, path, headers)).status_code in (400, 401)


@readable
async def test_a_foreign_page_is_not_shown_what_this_machine_may_read(server, path):
    async with undisturbed(server):
        answer = await get(server, path, {"Origin": FOREIGN})
        assert not [name for name in answer.headers if name.startswith("access-control")]


@readable
async def test_serving_needs_a_token_to_read(serving, path):
    async with undisturbed(serving):
        for headers in ({}, {"Authorization": "Bearer guess"}, {"Authorization": f"Basic {TOKEN}"}):
            refused = await get(serving, path, headers)
            assert refused.status_code == 401
            assert TOKEN not in refused.text
        allowed = await get(serving, path, {"Authorization": f"Bearer {TOKEN}"})
        assert allowed.status_code == 200


async def test_a_missing_conversation_looks_the_same_as_any_other_number(serving):
    async with undisturbed(serving):
        token = {"Authorization": f"Bearer {TOKEN}"}
        numbers = ("999999", str(2**63 - 1), str(2**63), "9" * 400, "-1")
        for number in numbers:
            answer = await get(serving, f"/api/v1/conversations/{number}/messages", token)
            assert answer.status_code in (404, 422)


@pytest.mark.parametrize(
    ("name", "token"),
    [(AGENT, ""), (AGENT, "guess"), (AGENT, TOKEN[:-1]), (AGENT, TOKEN + "x"), ("老王", TOKEN)],
    ids=["no token", "a wrong token", "a part of it", "more than it", "another's token"],
)
async def test_serving_needs_an_agents_token_to_join_as_that_agent(serving, name, token):
    async with (
        undisturbed(serving),
        RoomsClient.join(serving.base_url, "kefu", name, token=token) as client,
    ):
        assert await closed_with(client) == 4001


SOCKETS = {
    "rooms": "/?type=yonghu&name=页",
    "socketio": "/socket.io/?EIO=4&transport=websocket",
}
sockets = pytest.mark.parametrize("path", SOCKETS.values(), ids=SOCKETS)
ASKED = ["/getroom?userName=页", "/socket.io/?EIO=4&transport=polling"]


@sockets
@pytest.mark.parametrize("origin", [FOREIGN, "null", FRIEND + ".evil.example", "http://127.0.0.1"])
async def test_a_foreign_page_cannot_open_a_websocket(serving, path, origin):
    async with undisturbed(serving):
        with pytest.raises(InvalidStatus) as refused:
            await connect_websocket(serving.base_url.replace("http", "ws") + path, origin=origin)
        assert refused.value.response.status_code == 403


@sockets
async def test_our_own_pages_and_those_of_a_configured_site_can(serving, path):
    async with undisturbed(serving):
        for origin in (serving.base_url, FRIEND):
            url = serving.base_url.replace("http", "ws") + path
            async with connect_websocket(url, origin=origin):
                pass


@pytest.mark.parametrize("path", ASKED)
@pytest.mark.parametrize("origin", [FOREIGN, "null"])
async def test_a_foreign_page_cannot_ask_over_http(serving, path, origin):
    async with undisturbed(serving):
        answer = await get(serving, path, {"Origin": origin})
        assert answer.status_code == 403
        assert "access-control-allow-origin" not in answer.headers


@pytest.mark.parametrize("path", ASKED)
async def test_a_configured_sites_page_may_ask_and_read_the_answer(serving, path):
    async with undisturbed(serving):
        answer = await get(serving, path, {"Origin": FRIEND})
        assert answer.status_code == 200
        assert answer.headers["access-control-allow-origin"] == FRIEND


@pytest.mark.parametrize("target", ["http://localhost/api/v1/conversations", "x", "*", "//x/y", ""])
async def test_an_odd_request_target_changes_nothing(serving, target):
    async with undisturbed(serving), raw_connection(serving.base_url) as raw:
        await raw.send(f"GET {target} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
        assert await raw.status() in (400, 401, 404)
