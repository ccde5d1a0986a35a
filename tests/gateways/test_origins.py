"""Which pages may connect, over every transport, however an origin or a host is written."""

from __future__ import annotations

from typing import Any

import httpx
import msgspec
import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus

from kefu.core.actors import AgentRole
from kefu.core.tokens import Kind
from kefu.storage import schema
from tests.clients.realtime import RealtimeClient, Refused
from tests.gateways.conftest import House, Running
from tests.gateways.rest.conftest import Shop

PAGE = "https://shop.example"  # as its browser says it
WRITTEN = ("https://Shop.Example", "https://shop.example:443")
PUBLIC = "https://Chat.Example.com:443"
OURS = "https://chat.example.com"
TRANSPORTS = ["rest", "poll", "stream", "realtime", "rooms", "getroom", "polling", "websocket"]
transports = pytest.mark.parametrize("transport", TRANSPORTS)


async def enter(shop: Shop, transport: str, headers: dict[str, str]) -> int:
    """Come as a visitor from a page; the status of the answer, or of the handshake."""
    server, visitor = shop.server, shop.visitor() | headers
    accept = {"Accept": "text/event-stream"} if transport == "stream" else {}
    paths = {
        "rest": "/api/v1/me",
        "poll": "/api/v1/events",
        "getroom": "/getroom?userName=x",
        "polling": "/socket.io/?EIO=4&transport=polling",
    }
    if transport == "stream":
        return await opened(server, "/api/v1/events", visitor | accept)
    if path := paths.get(transport):
        return (await server.get(path, headers=visitor)).status_code
    if transport == "realtime":
        return await hello(server, visitor)
    path = "/?type=yonghu&name=x"
    if transport == "websocket":
        path = "/socket.io/?EIO=4&transport=websocket"
    base_url, where = at_host(server, headers := dict(headers))
    try:
        async with connect(base_url + path, additional_headers=headers, **where):
            return 101
    except InvalidStatus as refused:
        return refused.response.status_code


async def opened(server: Running, path: str, headers: dict[str, str]) -> int:
    """The status of a response that goes on."""
    async with (
        httpx.AsyncClient(base_url=server.http, verify=False, timeout=60) as client,
        client.stream("GET", path, headers=headers) as response,
    ):
        return response.status_code


async def hello(server: Running, visitor: dict[str, str]) -> int:
    token = visitor.pop("Authorization").removeprefix("Bearer ")
    widget = visitor.pop("X-Kefu-Widget")
    base_url, where = at_host(server, visitor)
    options: Any = {"additional_headers": visitor, **where}
    try:
        async with RealtimeClient.join(base_url, token, widget, **options):
            return 101
    except Refused as refused:
        return {"not_allowed": 403}[refused.code]


def at_host(server: Running, headers: dict[str, str]) -> tuple[str, dict[str, Any]]:
    """Where a WebSocket client goes to say ``Host`` as in ``headers``, which it is taken from."""
    host, port = server.ws.removeprefix("ws://").split(":")
    said = headers.pop("Host", None)
    return (f"ws://{said}", {"host": host, "port": int(port)}) if said else (server.ws, {})


@transports
@pytest.mark.parametrize("written", WRITTEN)
async def test_a_named_page_may_connect_however_its_origin_was_written(house, transport, written):
    house.settings = msgspec.structs.replace(house.settings, demo=False)
    named = {"enabled": True, "origins": (written,)}
    shop = await Shop.open(await house.serve(rooms=named, direct=named))
    settings = {"settings": {"origins": [written]}}
    admin = await shop.agent(AgentRole.ADMIN)
    set_so = await shop.ask(admin, "PATCH", f"/inboxes/{shop.inbox_id}", json=settings)
    assert set_so.json()["settings"]["origins"] == [PAGE]
    assert await enter(shop, transport, {"Origin": PAGE}) in (101, 200)
    assert await enter(shop, transport, {"Origin": "https://shop.example:8443"}) == 403


@pytest.mark.parametrize("transport", ["rest", "stream", "realtime"])
async def test_an_origin_that_was_stored_before_still_names_its_page(house, transport):
    shop = await Shop.open(await house.serve_production())
    odd = '{"origins":["https://SHOP.example:443","https://shop.example/path"]}'
    change = schema.inbox.update().values(settings=odd)
    await shop.server.kefu.ctx.database.write(lambda conn: conn.execute(change))
    assert await enter(shop, transport, {"Origin": PAGE}) in (101, 200)
    assert await enter(shop, transport, {"Origin": "https://shop.example/path"}) == 403


@transports
async def test_our_own_page_may_connect_whatever_a_proxy_makes_of_the_host(house, transport):
    shop = await Shop.open(await house.serve_production())
    ours = {"Origin": "https://chat.example"}
    for host in ("chat.example:443", "CHAT.example", "chat.example"):
        assert await enter(shop, transport, ours | {"Host": host}) in (101, 200)
    assert await enter(shop, transport, ours | {"Host": "chat.example:8443"}) == 403


@transports
async def test_a_page_of_the_public_url_is_our_own_behind_a_proxy_that_hides_the_host(
    house, transport
):
    house.settings = msgspec.structs.replace(house.settings, demo=False)
    none = {"enabled": True, "origins": ()}
    server = await house.serve(rooms=none, direct=none, server={"public_url": PUBLIC})
    shop = await Shop.open(server)
    assert await enter(shop, transport, {"Origin": OURS}) in (101, 200)
    assert await enter(shop, transport, {"Origin": OURS.replace("https", "http")}) == 403


@pytest.mark.parametrize("how", ["rest", "realtime"])
async def test_the_consoles_cookie_counts_for_a_page_of_the_public_url(house, how):
    server = await house.serve(server={"public_url": PUBLIC})
    shop = await Shop.open(server)
    cookie = await shop.agent(kind=Kind.SESSION)
    if how == "rest":
        answer = await shop.ask(cookie | {"Origin": OURS}, "GET", "/me")
        assert answer.status_code == 200
        assert (await shop.ask(cookie | {"Origin": PAGE}, "GET", "/me")).status_code == 403
        return
    options: Any = {"additional_headers": cookie | {"Origin": OURS}}
    async with RealtimeClient.join(server.http, None, **options) as client:
        assert client.welcome["actor"]["role"] == "agent"
    with pytest.raises(InvalidStatus):
        async with RealtimeClient.open(server.http, additional_headers=cookie | {"Origin": PAGE}):
            pass


@pytest.mark.parametrize(
    ("origin", "why"),
    [
        ("https://shop.example/", "more than a host"),
        ("shop.example", "https://, http:// or an app's scheme"),
        ("https://shop.example:99999", "port"),
        ("https://*.shop.example", "names no host"),
        ("https://shop.example/" + "x" * 200, "more than a host"),
    ],
)
async def test_an_origin_that_no_page_can_have_is_refused_in_words(house, origin, why):
    shop = await Shop.open(await house.serve_production())
    admin = await shop.agent(AgentRole.ADMIN)
    settings = {"settings": {"origins": [PAGE, origin]}}
    refused = await shop.ask(admin, "PATCH", f"/inboxes/{shop.inbox_id}", json=settings)
    assert refused.status_code == 422
    said = refused.json()["error"]["message"]
    assert said.startswith("settings.origins[1]: ")
    assert why in said


STREAM_HEADERS = [
    *("Last-Event-ID", "Cache-Control", "Accept", "Authorization", "X-Kefu-Widget"),
    *("Pragma", "X-Requested-With", "Content-Type", "Idempotency-Key"),
]


async def test_a_shops_page_may_resume_a_stream_with_what_the_libraries_send(house):
    shop = await Shop.open(await house.serve_production())
    wanted = ", ".join(STREAM_HEADERS).lower()
    asked = {
        "Origin": PAGE,
        "Access-Control-Request-Method": "GET",
        "Access-Control-Request-Headers": wanted,
    }
    answer = await shop.ask(asked, "OPTIONS", "/events")
    allowed = answer.headers["access-control-allow-headers"].lower().split(", ")
    assert {name.lower() for name in STREAM_HEADERS} <= {*allowed}
    visitor = shop.visitor()
    await shop.start(visitor, "one")
    page = (await shop.ask(visitor, "GET", "/events")).json()
    headers = visitor | {"Origin": PAGE, "Accept": "text/event-stream"}
    headers |= {"Last-Event-ID": page["cursor"], "Cache-Control": "no-cache"}
    assert await opened(shop.server, "/api/v1/events", headers) == 200


LOCAL = ["rooms", "getroom", "polling", "websocket"]


async def demo_status(house: House, transport: str, host: str, **server: Any) -> int:
    shop = await Shop.open(await house.serve(**server))
    return await enter(shop, transport, {"Host": host, "Origin": f"http://{host}"})


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "192.0.2.7"])
@pytest.mark.parametrize("transport", LOCAL)
async def test_a_name_that_was_bound_to_loopback_opens_nothing_of_a_demo(house, transport, host):
    assert await demo_status(house, transport, host) == 403


@pytest.mark.parametrize("host", ["localhost:3000", "127.0.0.1", "[::1]:3000"])
@pytest.mark.parametrize("transport", LOCAL)
async def test_the_machines_own_names_open_its_demo(house, transport, host):
    assert await demo_status(house, transport, host) in (101, 200)


@pytest.mark.parametrize("transport", LOCAL)
async def test_a_demo_that_others_may_reach_answers_under_every_name(house, transport):
    server = {"host": "0.0.0.0"}
    assert await demo_status(house, transport, "chat.example", server=server) in (101, 200)


@pytest.mark.parametrize("path", ["/demo", "/"])
async def test_the_small_demo_is_for_the_machines_own_names(house, path):
    server = await house.serve()
    base_url, where = at_host(server, {"Host": "localhost"})
    async with connect(base_url + path, **where):
        pass
    base_url, where = at_host(server, {"Host": "evil.example"})
    with pytest.raises(InvalidStatus) as refused:
        await connect(base_url + path, **where)
    assert refused.value.response.status_code == 403
