"""S07 to S10: what another site's page can make a browser do, and what it can read of it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from websockets.exceptions import InvalidStatus

from kefu.actions.catalogue import COMMANDS
from kefu.actions.commands import Command
from kefu.site import PAGES
from tests.clients.direct import DirectClient
from tests.clients.links import Refused, connect_websocket
from tests.clients.realtime import RealtimeClient
from tests.security.asking import Rest, join, request_of
from tests.security.office import MARK, NOBODY, SITE, Office, Person, draw
from tests.security.witness import undisturbed

PASSWORD = "nine purple trains at dusk"
CHANGING = [command for command in COMMANDS if command.changes]


@pytest.fixture(scope="session")
def cookie(office: Office) -> str:
    """Of an agent's session in a browser."""
    made = {"name": "Person cookie", "role": "admin", "email": "cookie@example.com"}
    hired = office.ask(office.admin, "POST", "/agents", json=made).json()
    link = hired["link"]["url"].partition("#")[2]
    office.heard.secrets |= {PASSWORD, link}
    chosen = {"link": link, "password": PASSWORD}
    token: str = office.ask(NOBODY, "POST", "/session/link", json=chosen).json()["token"]
    office.heard.secrets.add(token)
    return token


def foreign(office: Office) -> Iterator[str]:
    """Origins that are not the server's own."""
    yield from ("https://evil.example", "null", SITE, "file://", "https://", "evil")
    yield f"http://127.0.0.1:{office.port}.evil.example"
    yield f"http://127.0.0.1:{office.port}@evil.example"
    yield f"http://evil.example/127.0.0.1:{office.port}"
    yield f"http://127.0.0.1:{office.port + 1}"
    yield f"http://localhost:{office.port}"


def cors(response: Any) -> dict[str, str]:
    return {n: v for n, v in response.headers.items() if n.startswith("access-control")}


async def test_s07_a_foreign_page_with_the_cookie_gets_nothing(office, rest: Rest, cookie):
    """By reading, writing, uploading, polling and streaming."""
    ways: dict[str, tuple[str, str, dict[str, Any]]] = {
        "reading": ("GET", "/conversations", {}),
        "writing": ("POST", "/teams", {"json": {"name": "evil"}}),
        "ending": ("DELETE", "/session", {}),
        "uploading": ("POST", "/files?name=x&conversation=1", {"content": b"x"}),
        "polling": ("GET", "/events", {}),
        "streaming": ("GET", "/events", {"headers": {"Accept": "text/event-stream"}}),
        "signing in": ("POST", "/session", {"json": {"email": "a@b.de", "password": "x"}}),
    }
    async with undisturbed(office):
        for origin in foreign(office):
            who = Person(cookie=cookie, origin=origin)
            for way, (method, path, options) in ways.items():
                response = await rest.send(who, method, path, **options)
                assert response.status_code == 403, (origin, way)
                assert "set-cookie" not in response.headers
                assert response.headers.get("access-control-allow-origin") in (None, SITE)
                assert "access-control-allow-credentials" not in response.headers
    own = Person(cookie=cookie, origin=office.base_url)
    assert (await rest.send(own, "GET", "/me")).status_code == 200
    assert all(
        team["name"] != "evil" for team in (await rest.ask(own, "team.list")).values["items"]
    )


@pytest.mark.parametrize("path", ["/api/v1/realtime", "/api/v1/realtime?x=1"])
async def test_s07_a_foreign_page_with_the_cookie_gets_no_handshake(office, cookie, path):
    async with undisturbed(office):
        for origin in foreign(office):
            url = office.base_url.replace("http", "ws", 1) + path
            headers = Person(cookie=cookie, origin=origin).headers
            with pytest.raises(InvalidStatus) as refused:
                async with connect_websocket(
                    url, additional_headers=headers, subprotocols=["kefu.v1"]
                ):
                    pass
            assert refused.value.response.status_code == 403, origin
            assert "set-cookie" not in refused.value.response.headers
    async with join(office, Person(cookie=cookie, origin=office.base_url)) as client:
        assert client.welcome["actor"]["role"] == "admin"


@pytest.mark.parametrize("transport", ["rooms", "polling", "websocket"])
async def test_s07_on_the_tutorials_protocols_the_cookie_opens_nothing(office, cookie, transport):
    """Nobody is let in by it; a foreign page is refused with it as without."""
    headers = {"Cookie": f"kefu_session={cookie}", "Origin": "https://evil.example"}
    async with undisturbed(office):
        with pytest.raises((InvalidStatus, Refused)) as refused:
            await enter(office, transport, headers)
        assert "403" in str(refused.value)


async def enter(office: Office, transport: str, headers: dict[str, str]) -> None:
    if transport == "polling":
        url = f"{office.base_url}/socket.io/?EIO=4&transport=polling"
        async with aiohttp.request("GET", url, headers=headers) as answer:
            assert "set-cookie" not in answer.headers
            raise Refused(answer.status, await answer.text())
    if transport == "websocket":
        async with DirectClient.open(office.base_url, transport, additional_headers=headers):
            return
    url = office.base_url.replace("http", "ws", 1) + "/?type=kefu&name=x"
    async with connect_websocket(url, additional_headers=headers):
        pass


def form_of(command: Command) -> str:
    """A page's form that would be the command, if a form could be JSON."""
    return json.dumps(command.example)


async def test_s08_a_form_of_a_page_changes_nothing(office, rest: Rest, cookie):
    """Not by its types, which need no preflight, nor by GET; even from our own page."""
    own = Person(cookie=cookie, origin=office.base_url)
    own_get = Person(cookie=cookie)
    reads = {command.path for command in COMMANDS if not command.changes}
    async with undisturbed(office):
        for command in CHANGING:
            method, path, _ = request_of(command, command.example)
            if command.method != "DELETE":
                for kind in (
                    *("text/plain", "application/x-www-form-urlencoded"),
                    *("multipart/form-data; boundary=x", "text/plain; application/json", ""),
                ):
                    headers = {"Content-Type": kind}
                    said = await rest.send(
                        own, method, path, content=form_of(command), headers=headers
                    )
                    refused = 403 if command.who == "visitor" else 415  # an agent asks
                    assert said.status_code == refused, (command.name, kind)
            disguised = {"X-HTTP-Method-Override": method, "X-HTTP-Method": method}
            query = {"_method": method}
            got = await rest.send(own_get, "GET", path, headers=disguised, params=query)
            wanted = (200, 404, 422) if command.path in reads else (405,)
            assert got.status_code in wanted, command.name
    assert (await rest.send(own, "GET", "/me")).status_code == 200


async def test_s08_without_an_origin_the_cookie_changes_nothing(office, rest: Rest, cookie):
    """Old browsers' forms may lack it."""
    who = Person(cookie=cookie)
    for command in CHANGING:
        method, path, options = request_of(command, command.example)
        answer = await rest.send(who, method, path, **options)
        if command.who == "anyone":  # done as by whoever has no cookie
            assert not answer.is_success, command.name
        else:
            assert answer.status_code == 403, command.name
    assert (await rest.send(who, "GET", "/me")).status_code == 200


async def test_s09_only_what_visitors_use_can_be_read_by_the_inboxs_own_pages(office, rest: Rest):
    # A preflight is for a path, which several commands may share.
    for_pages = {one.path for one in COMMANDS if one.who != "agent" and not one.secret}
    async with undisturbed(office):
        for command in COMMANDS:
            asked = {} if command.name == "session.login" else command.example  # to hash takes time
            method, path, options = request_of(command, asked)
            for origin in ("https://evil.example", SITE)[command.path not in for_pages :]:
                people = (NOBODY, office.visitor(), office.agents["outsider"])
                nobody, visitor, agent = [one._replace(origin=origin) for one in people]
                preflight: Any = {"headers": {"Access-Control-Request-Method": method}}
                readers = {None, SITE} if origin == SITE and command.path in for_pages else {None}
                for response in (
                    await rest.send(nobody, "OPTIONS", path, **preflight),
                    await rest.send(nobody, method, path, **options),
                    await rest.send(visitor, method, path, **options),
                ):
                    told = cors(response)
                    assert told.get("access-control-allow-origin") in readers, command.name
                    assert "access-control-allow-credentials" not in told, command.name
                read = await rest.send(agent, method, path, **options)
                assert not (read.is_success and cors(read)), command.name


@pytest.mark.parametrize("path", ["/getroom?userName=x", "/socket.io/?EIO=4&transport=polling"])
@pytest.mark.parametrize("origin", ["https://evil.example", "null", SITE])
async def test_s09_the_tutorials_http_lets_nobody_read_who_is_not_configured(
    office, rest: Rest, path, origin
):
    response = await rest.http.get(path, headers={"Origin": origin})
    assert response.status_code == 403
    assert not cors(response)


def shown(office: Office) -> Iterator[str]:
    """Paths of every page, and of what is answered in place of one."""
    yield from (f"/{page.relative_to(PAGES)}" for page in Path(PAGES).rglob("*.html"))
    yield from ("/", "/api/v1/docs", "/api/v1/me", "/health", "/nowhere", "/api/v1/nowhere", "//")


async def test_s10_nothing_can_be_put_into_a_frame(office, rest: Rest):
    for path in shown(office):
        response = await rest.http.get(path)
        policy = response.headers["content-security-policy"]
        # The page to try an inbox's chat on is framed by our own console.
        framing = "'self'" if path == "/try.html" else "'none'"
        assert f"frame-ancestors {framing}" in policy, path
        assert "unsafe" not in policy, path


@pytest.mark.parametrize("origin", ["https://evil.example", "null", SITE + ".evil.example"])
async def test_s10_an_inbox_is_used_by_its_own_sites_alone(office, rest: Rest, origin):
    visitor = office.visitor()._replace(origin=origin)
    said = {"client_id": draw(""), "text": MARK}
    for method, path, options in (
        ("POST", "/conversations", {"json": said}),
        ("GET", "/me", {}),
        ("GET", "/events", {}),
        ("GET", "/events", {"headers": {"Accept": "text/event-stream"}}),
        ("POST", "/files?name=a", {"content": b"x"}),
    ):
        assert (await rest.send(visitor, method, path, **options)).status_code == 403, path
    async with join(office, visitor._replace(origin=SITE)) as client:
        assert client.welcome["actor"]["role"] == "visitor"
    with pytest.raises(Exception, match="not_allowed"):
        async with join(office, visitor):
            pass


@pytest.mark.parametrize("written", [False, True], ids=["a new device", "one that wrote"])
async def test_s10_an_origin_that_is_empty_is_no_site_of_the_inbox(office, rest: Rest, written):
    """No browser sends one; whatever does is nobody's page, and nobody's tool."""
    visitor = office.chat().visitor if written else office.visitor()
    assert (await rest.send(visitor, "GET", "/me")).status_code == 200
    refused = await rest.send(visitor, "GET", "/me", headers={"Origin": ""})
    assert refused.status_code == 403, refused.text
    headers = {"Origin": "", "X-Forwarded-For": visitor.address}
    async with RealtimeClient.open(office.base_url, additional_headers=headers) as client:
        with pytest.raises(Exception, match="not_allowed"):
            await client.hello(visitor.token, visitor.widget)
