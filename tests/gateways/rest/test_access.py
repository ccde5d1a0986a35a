"""Whose requests count as whose: tokens, the cookie, other sites' pages."""

from __future__ import annotations

from typing import Any

import pytest

from kefu.core.actors import AgentRole
from kefu.core.tokens import Kind
from tests.actions.people import PASSWORD, hire
from tests.gateways.rest.conftest import SITE, Shop

EVIL = "https://evil.example"
LOGIN = {"email": "li@example.com", "password": PASSWORD}


def cors(response) -> set[str]:
    return {name for name in response.headers if name.startswith("access-control")}


async def test_a_session_an_api_token_and_a_device_are_known_by_their_bearer(shop: Shop):
    session = await shop.agent(kind=Kind.SESSION)
    token = session["Cookie"].partition("=")[2]
    for who in ({"Authorization": f"Bearer {token}"}, await shop.agent(), shop.visitor()):
        assert (await shop.ask(who, "GET", "/me")).status_code == 200


@pytest.mark.parametrize(
    "authorization",
    ["Bearer", "Bearer x", "Bearer kt_" + "A" * 43, "Basic eDp5", "", "ks_" + "A" * 43],
)
async def test_whatever_is_wrong_with_a_token_is_the_same_refusal(shop: Shop, authorization):
    response = await shop.ask({"Authorization": authorization}, "GET", "/me")
    assert response.status_code == 401
    assert response.json()["error"]["code"] == "unauthenticated"
    assert response.headers["www-authenticate"] == "Bearer"


@pytest.mark.parametrize(
    ("method", "headers", "status"),
    [
        pytest.param("GET", {}, 200, id="reading, by an old browser"),
        pytest.param("GET", {"Sec-Fetch-Site": "same-origin"}, 200, id="reading"),
        pytest.param("PUT", {"Sec-Fetch-Site": "same-origin"}, 422, id="writing"),
        pytest.param("PUT", {"Origin": "{own}"}, 422, id="writing, by an old browser"),
        pytest.param("PUT", {}, 403, id="writing, from nobody knows where"),
        pytest.param("PUT", {"Origin": EVIL}, 403, id="a foreign page"),
        pytest.param("PUT", {"Origin": "null"}, 403, id="a page from nowhere"),
        pytest.param("PUT", {"Origin": SITE}, 403, id="the shop's own page"),
        pytest.param("GET", {"Origin": EVIL}, 403, id="a foreign page that reads"),
        pytest.param("GET", {"Sec-Fetch-Site": "cross-site"}, 403, id="a link on a foreign page"),
        pytest.param("GET", {"Sec-Fetch-Site": "same-site"}, 403, id="a sister site"),
        pytest.param(
            "PUT", {"Sec-Fetch-Site": "same-origin", "Origin": EVIL}, 403, id="it contradicts"
        ),
    ],
)
async def test_the_cookie_counts_only_for_our_own_pages(shop: Shop, method, headers, status):
    session = await shop.agent(kind=Kind.SESSION)
    headers = {name: value.format(own=shop.server.http) for name, value in headers.items()}
    path, body = ("/me", dict[str, Any]()) if method == "GET" else ("/me/password", {"json": {}})
    response = await shop.ask(session, method, path, headers=headers, **body)
    assert response.status_code == status
    assert not cors(response)


@pytest.mark.parametrize(
    ("content_type", "status"),
    [
        ("text/plain", 415),
        ("application/x-www-form-urlencoded", 415),
        ("multipart/form-data; boundary=x", 415),
        ("application/json; charset=utf-16", 415),
        ("application/jsonp", 415),
        (None, 415),
        ("application/json;charset=UTF-8", 422),
    ],
)
async def test_a_form_or_text_is_no_json(shop: Shop, content_type, status):
    session = await shop.agent(kind=Kind.SESSION)
    headers = {"Origin": shop.server.http}
    headers |= {} if content_type is None else {"Content-Type": content_type}
    response = await shop.ask(session, "PUT", "/me/password", headers=headers, content=b"{}")
    assert response.status_code == status


async def test_nothing_is_changed_by_get(shop: Shop):
    agent = await shop.agent()
    response = await shop.ask(agent, "GET", "/session")
    assert response.status_code == 405
    assert response.headers["allow"] == "DELETE, POST, OPTIONS"


async def test_a_shops_own_page_may_use_what_is_for_visitors(shop: Shop):
    visitor = shop.visitor() | {"Origin": SITE}
    body = {"client_id": "1", "text": "Hello"}
    begun = await shop.ask(visitor, "POST", "/conversations", json=body)
    assert begun.is_success
    refused = await shop.ask(visitor, "GET", "/conversations/999")
    assert refused.status_code == 404
    for response in (begun, refused):
        assert response.headers["access-control-allow-origin"] == SITE
        assert "access-control-allow-credentials" not in response.headers
        assert response.headers["vary"] == "Origin"


async def test_a_page_of_another_site_may_not_use_the_inbox(shop: Shop):
    await shop.desk.inbox("Other", widget_key="wk_other", settings={"origins": [EVIL]})
    for origin in (EVIL, "null", SITE + ".evil.example", SITE.replace("https", "http")):
        visitor = shop.visitor() | {"Origin": origin}
        response = await shop.ask(visitor, "POST", "/conversations", json={"client_id": "1"})
        assert response.status_code == 403
        assert response.headers.get("access-control-allow-origin") in (None, EVIL)


@pytest.mark.parametrize(
    ("path", "origin", "allowed"),
    [
        ("/conversations", SITE, True),
        ("/conversations/1/messages", SITE, True),
        ("/files?name=a", SITE, True),
        ("/widgets/wk_shop", SITE, True),
        ("/conversations", EVIL, False),
        ("/conversations", "null", False),
        ("/agents", SITE, False),
        ("/session", SITE, False),
    ],
)
async def test_a_preflight_is_answered_for_what_visitors_use(shop: Shop, path, origin, allowed):
    asked = {"Origin": origin, "Access-Control-Request-Method": "POST"}
    response = await shop.ask(asked, "OPTIONS", path)
    assert response.status_code == 204
    assert ("access-control-allow-origin" in response.headers) is allowed
    if allowed:
        assert response.headers["access-control-allow-origin"] == SITE
        assert "x-kefu-widget" in response.headers["access-control-allow-headers"]


async def test_an_agents_token_gives_no_page_leave_to_read(shop: Shop):
    agent = await shop.agent(AgentRole.ADMIN)
    assert not cors(await shop.ask(agent, "GET", "/conversations", headers={"Origin": SITE}))


async def test_a_login_sets_the_cookie_and_a_logout_takes_it_away(shop: Shop):
    await hire(shop.desk, LOGIN["email"])
    stale = {"Cookie": "kefu_session=ks_" + "A" * 43, "Origin": shop.server.http}
    response = await shop.ask(stale, "POST", "/session", json=LOGIN)
    assert response.status_code == 201
    cookie = response.headers["set-cookie"]
    name, _, rest = cookie.partition("=")
    token, _, attributes = rest.partition(";")
    assert (name, token) == ("kefu_session", response.json()["token"])
    assert {"httponly", "path=/api/", "samesite=strict"} <= set(
        attributes.lower().replace(" ", "").split(";")
    )
    mine = {"Cookie": f"kefu_session={token}", "Origin": shop.server.http}
    assert (await shop.ask(mine, "GET", "/me")).status_code == 200
    gone = await shop.ask(mine, "DELETE", "/session")
    assert 'kefu_session=""' in gone.headers["set-cookie"]
    assert (await shop.ask(mine, "GET", "/me")).status_code == 401


async def test_a_foreign_page_cannot_sign_anybody_in(shop: Shop):
    foreign = {"Cookie": "kefu_session=ks_" + "A" * 43, "Origin": EVIL}
    response = await shop.ask(foreign, "POST", "/session", json=LOGIN)
    assert response.status_code == 403
    assert "set-cookie" not in response.headers


async def test_what_a_visitor_may_not_know_of_looks_as_if_it_were_not_there(shop: Shop):
    conversation = await shop.start(shop.visitor())
    stranger = shop.visitor()
    await shop.start(stranger)
    missing = await shop.ask(stranger, "GET", "/conversations/9999")
    for path in ("", "/messages"):
        foreign = await shop.ask(stranger, "GET", f"/conversations/{conversation}{path}")
        assert (foreign.status_code, foreign.content) == (404, missing.content)
    sent = await shop.ask(
        stranger,
        "POST",
        f"/conversations/{conversation}/messages",
        json={"client_id": "1", "text": "x"},
    )
    assert (sent.status_code, sent.content) == (404, missing.content)


async def test_an_agent_of_another_inbox_finds_nothing(shop: Shop):
    conversation = await shop.start(shop.visitor())
    other = await shop.agent(inboxes=())
    found = await shop.ask(other, "GET", f"/conversations/{conversation}")
    assert found.status_code == 404
    assert (await shop.ask(other, "GET", "/conversations")).json() == {"items": []}
