"""However a proxy writes a client's address, the client is the same one, on every transport."""

from __future__ import annotations

import secrets
from typing import Any

import httpx
import pytest

from kefu.core.actors import AgentRole
from kefu.core.tokens import Kind
from tests.clients.realtime import RealtimeClient, Refused
from tests.gateways.conftest import House, Running
from tests.gateways.rest.conftest import Shop

FORMS = {
    "IPv4": ("203.0.113.16", "203.0.113.16:40001", "::ffff:203.0.113.16", "[::FFFF:cb00:7110]:7"),
    "IPv6": ("2001:db8:0:1::1", "[2001:db8:0:1::2]:40001", "2001:DB8:0:1:f::3", "2001:db8:0:1::4"),
}
ANOTHER = {"IPv4": "203.0.113.17", "IPv6": "2001:db8:0:2::1"}
PROXY = {"trusted_proxies": ["127.0.0.0/8"]}

families = pytest.mark.parametrize("family", FORMS)


def over(address: str, **headers: str) -> dict[str, str]:
    """What a proxy says of a client."""
    return {"X-Forwarded-For": f"198.51.100.1, {address}", **headers}


def draw(kind: Kind) -> str:
    return kind + secrets.token_urlsafe(32)


async def try_token(server: Running, transport: str, address: str) -> str:
    """Come with a token that is nobody's; the refusal's code."""
    token = draw(Kind.API)
    if transport == "realtime":
        with pytest.raises(Refused) as refused:
            async with RealtimeClient.join(server.http, token, additional_headers=over(address)):
                pass
        return refused.value.code
    path = "/api/v1/me" if transport == "rest" else "/api/v1/events"
    accept = "text/event-stream" if transport == "stream" else "*/*"
    headers = over(address, Authorization=f"Bearer {token}", Accept=accept)
    answer = await server.get(path, headers=headers)
    return str(answer.json()["error"]["code"])


@families
@pytest.mark.parametrize("transport", ["rest", "realtime", "stream", "poll"])
async def test_wrong_tokens_are_counted_however_the_address_is_written(house, transport, family):
    limits = {"bad_tokens_burst": 4, "bad_tokens_per_s": 0.001}
    server = await house.serve(server=PROXY, limits=limits)
    tried = [await try_token(server, transport, form) for form in FORMS[family]]
    assert tried == ["unauthenticated"] * 4
    for form in FORMS[family]:
        assert await try_token(server, transport, form) == "too_many"
    assert await try_token(server, transport, ANOTHER[family]) == "unauthenticated"


async def login(shop: Shop, transport: str, address: str) -> str:
    """Sign in with a wrong password, as an account of its own; the refusal's code."""
    said = {"email": f"{secrets.token_hex(4)}@example.com", "password": "no such password"}
    if transport == "rest":
        answer = await shop.ask(over(address), "POST", "/session", json=said)
        return str(answer.json()["error"]["code"])
    device, url = draw(Kind.DEVICE), shop.server.http
    options: Any = {"additional_headers": over(address)}
    async with RealtimeClient.join(url, device, shop.widget_key, **options) as client:
        with pytest.raises(Refused) as refused:
            await client.ask("session.login", **said)
    return refused.value.code


@families
async def test_wrong_passwords_are_counted_over_rest_and_realtime_together(house: House, family):
    shop = await Shop.open(await house.serve(server=PROXY, limits={"login_attempts": 4}))
    ways = ("realtime", "rest") * 2
    tried = [await login(shop, way, one) for way, one in zip(ways, FORMS[family], strict=True)]
    assert tried == ["unauthenticated"] * 4
    for way, form in zip(ways, FORMS[family], strict=True):
        assert await login(shop, way, form) == "too_many"
    assert await login(shop, "realtime", ANOTHER[family]) == "unauthenticated"


@families
async def test_requests_for_a_room_are_counted_however_the_address_is_written(house, family):
    limits = {"room_requests_burst": 4, "room_requests_per_s": 0.001}
    server = await house.serve(server=PROXY, limits=limits)
    statuses = [(await room(server, one)).status_code for one in FORMS[family] * 2]
    assert statuses == [200] * 4 + [429] * 4
    assert (await room(server, ANOTHER[family])).status_code == 200


async def room(server: Running, address: str) -> httpx.Response:
    return await server.get("/getroom?userName=x", headers=over(address))


@families
async def test_sessions_of_the_polling_are_counted_however_the_address_is_written(house, family):
    server = await house.serve(server=PROXY, limits={"connections_per_address": 4})
    path = "/socket.io/?EIO=4&transport=polling"
    asked = [await server.get(path, headers=over(one)) for one in FORMS[family] * 2]
    assert [answer.status_code for answer in asked] == [200] * 4 + [429] * 4
    assert (await server.get(path, headers=over(ANOTHER[family]))).status_code == 200


@pytest.mark.parametrize("transport", ["rest", "realtime"])
async def test_the_audit_trail_shows_an_address_in_its_one_form(house: House, transport):
    shop = await Shop.open(await house.serve(server=PROXY))
    admin = await shop.agent(AgentRole.ADMIN)
    for number, form in enumerate(FORMS["IPv4"]):
        name = f"Team {number}"
        if transport == "rest":
            made = await shop.ask(admin | over(form), "POST", "/teams", json={"name": name})
            assert made.is_success
            continue
        token = admin["Authorization"].removeprefix("Bearer ")
        options: Any = {"additional_headers": over(form)}
        async with RealtimeClient.join(shop.server.http, token, **options) as client:
            await client.ask("team.create", name=name)
    told = (await shop.ask(admin, "GET", "/audit")).json()["items"]
    assert {one["address"] for one in told if one["subject"]["noun"] == "team"} == {"203.0.113.16"}


async def test_an_address_that_nobody_trusted_says_is_not_believed(house: House):
    server = await house.serve(limits={"room_requests_burst": 2, "room_requests_per_s": 0.001})
    asked = [(await room(server, f"203.0.113.{one}")).status_code for one in range(4)]
    assert asked == [200, 200, 429, 429]
