"""What a stranger can send that counts for nothing: it costs a bounded amount of everything."""

from __future__ import annotations

import asyncio
import json
import secrets
from contextlib import suppress
from typing import Any

import httpx
import pytest
from structlog.testing import capture_logs
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from kefu.core.actors import AgentRole
from kefu.core.tokens import Kind
from tests.clients.realtime import RealtimeClient, Refused
from tests.gateways.conftest import House
from tests.gateways.rest.conftest import Shop
from tests.transport.websocket.wire import CONTINUATION, PING, PONG, TEXT, frame

FEW = {"idle_frames_burst": 20, "idle_frames_per_s": 0.001}
V1: dict[str, Any] = {"subprotocols": ["kefu.v1"]}
WEBSOCKETS: dict[str, tuple[str, dict[str, Any]]] = {
    "realtime": ("/api/v1/realtime", V1),
    "rooms": ("/?type=yonghu&name=x", {}),
    "demo": ("/demo", {}),
    "socket.io": ("/socket.io/?EIO=4&transport=websocket", {}),
}


async def ended(socket: ClientConnection) -> None:
    """Wait until the server ends it."""
    with suppress(ConnectionClosed):
        async with asyncio.timeout(60):
            async for _ in socket:
                pass


IDLE = {
    "pings": frame(PING),
    "pongs": frame(PONG),
    "empty parts": frame(CONTINUATION, fin=False),
}


@pytest.mark.parametrize("kind", IDLE)
@pytest.mark.parametrize("where", WEBSOCKETS)
async def test_frames_that_say_nothing_end_the_connection_before_anybody_signs_in(
    house: House, where, kind
):
    server = await house.serve(limits=FEW)
    path, options = WEBSOCKETS[where]
    async with connect(server.ws + path, **options) as socket:
        sent = (frame(TEXT, b"x", fin=False) if "parts" in kind else b"") + IDLE[kind] * 20
        socket.transport.write(sent)
        socket.transport.write(IDLE[kind] * 2)
        await ended(socket)
        assert socket.close_code == 4029


@pytest.mark.parametrize("packet", ["3", "6"])
@pytest.mark.parametrize("transport", ["websocket", "polling", "upgrade"])
async def test_packets_that_say_nothing_end_the_session(house: House, transport, packet):
    server = await house.serve(limits=FEW)
    path = "/socket.io/?EIO=4&transport="
    if transport == "websocket":
        async with connect(f"{server.ws}{path}websocket") as socket:
            for _ in range(21):
                await socket.send(packet)
            await ended(socket)
        return
    opened = await server.get(f"{path}polling")
    sid = json.loads(opened.text[1:])["sid"]
    if transport == "polling":
        flood = "\x1e".join([packet] * 21)
        answer = await server.request("POST", f"{path}polling&sid={sid}", content=flood)
        assert answer.status_code == 400
    else:
        async with connect(f"{server.ws}{path}websocket&sid={sid}") as socket:
            for _ in range(21):
                await socket.send("2probe")
            await ended(socket)
    assert (await server.get(f"{path}polling&sid={sid}")).status_code == 400


async def test_acknowledgements_that_nobody_asked_for_end_the_session(house: House):
    server = await house.serve(limits=FEW)
    async with connect(f"{server.ws}/socket.io/?EIO=4&transport=websocket") as socket:
        await socket.send("40")
        for _ in range(21):
            await socket.send("431[]")
        await ended(socket)


async def test_an_honest_clients_pings_and_parts_are_never_too_many(house: House):
    server = await house.serve()
    async with connect(f"{server.ws}/api/v1/realtime", **V1) as socket:
        for _ in range(200):
            await (await socket.ping())
        hello = json.dumps({"id": 1, "do": "hello", "token": "x"})
        await socket.send([hello[:9], hello[9:]])
        assert json.loads(await socket.recv())["error"]["code"] == "unauthenticated"


@pytest.mark.parametrize("transport", ["rest", "realtime"])
async def test_wrong_proofs_of_identity_leave_one_line_a_minute(house: House, transport):
    shop = await Shop.open(await house.serve())
    admin, visitor = await shop.agent(AgentRole.ADMIN), shop.visitor()
    await shop.ask(admin, "POST", f"/inboxes/{shop.inbox_id}/identity-keys", json={"kid": "a"})
    said = {"user_id": "42", "hash": "0" * 64}
    token = visitor["Authorization"].removeprefix("Bearer ")
    with capture_logs() as logs:
        if transport == "rest":
            for _ in range(30):
                answer = await shop.ask(visitor, "POST", "/identity", json=said)
                assert answer.status_code == 401, answer.text
        else:
            async with RealtimeClient.join(shop.server.http, token, shop.widget_key) as client:
                for _ in range(30):
                    with pytest.raises(Refused) as refused:
                        await client.ask("contact.identify", **said)
                    assert refused.value.code == "unauthenticated"
        shop.server.kefu.ctx.chores.seldom._end_of_minute("identity_refused")
    lines = [one for one in logs if one["event"] == "identity_refused"]
    assert [one["times"] for one in lines] == [1, 29]


NAME = "n" * 50_000
MOST_ANSWER = 2_000


@pytest.mark.parametrize(
    ("method", "path", "options"),
    [
        ("POST", "/session", {"json": {NAME: 1}}),
        ("POST", "/conversations", {"json": {"client_id": "1", "text": "x", NAME: NAME}}),
        ("POST", "/conversations", {"json": {"client_id": "1", "answers": {NAME: 1}}}),
        ("POST", "/conversations", {"json": {"client_id": NAME, "text": "x"}}),
        ("POST", "/conversations", {"content": NAME, "headers": {"Content-Type": NAME[:60_000]}}),
        ("POST", f"/conversations?{NAME[:8_000]}=1", {"json": {}}),
        ("GET", f"/conversations?{NAME[:3_000]}=1&{NAME[:3_000]}=1", {}),
        ("GET", f"/{NAME[:8_000]}", {}),
        ("GET", "/events", {"headers": {"Last-Event-ID": NAME, "Accept": "text/event-stream"}}),
        ("OPTIONS", "/conversations", {"headers": {"Access-Control-Request-Headers": NAME}}),
    ],
    ids=range(10),
)
async def test_what_was_sent_is_not_sent_back_at_any_length(house, method, path, options):
    shop = await Shop.open(await house.serve())
    answer = await shop.ask(shop.visitor(), method, path, **options)
    assert len(answer.content) + len(str(answer.headers)) < MOST_ANSWER
    assert NAME[:1_000] not in answer.text


@pytest.mark.parametrize(
    "fields",
    [
        {"do": NAME},
        {"do": "me.get", NAME: 1},
        {"do": "ping", NAME: 1},
        {"do": "conversation.start", "client_id": "1", "answers": {NAME: 1}},
        {"do": "ping", "key": NAME},
    ],
    ids=range(5),
)
async def test_nor_is_it_over_realtime(house, fields):
    shop = await Shop.open(await house.serve())
    token = f"{Kind.DEVICE}{secrets.token_urlsafe(32)}"
    async with RealtimeClient.join(shop.server.http, token, shop.widget_key) as client:
        await client.connection.send(json.dumps({"id": 99, **fields}))
        told = await client.connection.recv()
        assert json.loads(told)["error"]["code"] == "bad_input"
        assert len(told) < MOST_ANSWER


# Where people and proxies come who mean something else


async def test_a_plain_request_to_the_socket_says_what_is_missing(house: House):
    server = await house.serve()
    answer = await server.get("/api/v1/realtime")
    assert answer.status_code == 426
    assert answer.headers["upgrade"] == "websocket"
    assert "proxy" in answer.json()["error"]["message"]


@pytest.mark.parametrize("path", ["/api", "/api/", "/api/v1", "/api/v2/me", "/api/v1/nowhere"])
async def test_an_unknown_path_of_the_api_is_a_coded_refusal(house: House, path):
    server = await house.serve()
    for method in ("GET", "POST"):
        answer = await server.request(method, path)
        assert answer.status_code == 404
        assert answer.json()["error"]["code"] == "not_found"


@pytest.mark.parametrize(
    ("path", "like"),
    [
        ("/docs", "/api/v1/docs"),
        ("/docs/", "/api/v1/docs"),
        ("/api/v1/docs/", "/api/v1/docs"),
        ("/api/v1/limits/", "/api/v1/limits"),
        ("/health/", "/health"),
        ("/join/", "/join"),
        ("/chat/wk_shop/", "/chat/wk_shop"),
        ("/index.html/", "/index.html"),
    ],
)
async def test_a_slash_at_the_end_leads_where_one_expects(house: House, path, like):
    server = await house.serve()
    await Shop.open(server)
    found, expected = await server.get(path), await server.get(like)
    assert (found.status_code, found.content) == (200, expected.content)


async def test_a_tool_with_an_agents_cookie_can_use_a_link_or_sign_in(house: House):
    """A jar of cookies is no browser: it says neither an origin nor a site."""
    shop = await Shop.open(await house.serve())
    cookie = await shop.agent(kind=Kind.SESSION)
    said = {"link": f"kl_{'A' * 43}", "password": "nine purple trains at dusk"}
    answer = await shop.ask(cookie, "POST", "/session/link", json=said)
    assert answer.json()["error"]["code"] != "not_allowed"
    login = {"email": "a@example.com", "password": "x" * 12}
    assert (await shop.ask(cookie, "POST", "/session", json=login)).status_code == 401
    for foreign in ({"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}):
        for path, body in (("/session/link", said), ("/session", login)):
            refused = await shop.ask(cookie | foreign, "POST", path, json=body)
            assert refused.status_code == 403
    assert (await shop.ask(cookie, "GET", "/me")).status_code == 200


async def test_the_documents_example_of_a_list_can_be_sent_as_it_stands(house: House):
    server = await house.serve()
    page = (await server.get("/api/v1/docs")).text
    assert "%5B" not in page
    assert "status=queued&amp;status=" in page


async def test_a_target_that_no_client_needs_is_refused_before_it_is_decoded(house: House):
    server = await house.serve()
    answer: httpx.Response = await server.get("/" + "%41" * 3_000)
    assert answer.status_code == 414
