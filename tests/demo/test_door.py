"""Into a demo's console from the landing page."""

from __future__ import annotations

from typing import Any

import pytest

from kefu import site
from kefu.demo.team import prepare_demo
from kefu.storage import access, agents
from tests.gateways.conftest import House, Running

DOOR = "/api/v1/demo/session"


@pytest.fixture
async def server(house: House, monkeypatch: pytest.MonkeyPatch, tmp_path) -> Running:
    """A demo whose pages have a console."""
    (tmp_path / "pages").mkdir()
    for page in ("index.html", site.CONSOLE):
        (tmp_path / "pages" / page).write_text("<h1>Kefu</h1>")
    monkeypatch.setattr(site, "PAGES", tmp_path / "pages")
    running = await house.serve()
    await prepare_demo(running.kefu.ctx)
    return running


async def enter(server: Running, role: str = "agent", **headers: str) -> Any:
    said = {"origin": server.http} | headers
    return await server.request("POST", f"{DOOR}/{role}", headers=said)


async def me(server: Running, cookie: str) -> dict[str, Any]:
    answer = await server.get(
        "/api/v1/me", headers={"cookie": cookie, "sec-fetch-site": "same-origin"}
    )
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()["agent"]
    return found


def cookie_of(answer: Any) -> str:
    assert answer.status_code == 201, answer.text
    kept: str = answer.headers["set-cookie"]
    assert "httponly" in kept.lower()
    assert "samesite=strict" in kept.lower()
    return kept.partition(";")[0]


@pytest.mark.parametrize(("role", "name"), [("agent", "小美 Mei"), ("supervisor", "Chen")])
async def test_a_click_signs_one_in_and_online(server: Running, role: str, name: str):
    def away(conn: Any) -> None:
        for one in agents.list_agents(conn):
            agents.set_agent(conn, one.id, availability="away")

    await server.kefu.ctx.database.write(away)
    assert (await server.get(DOOR)).status_code == 200
    answer = await enter(server, role)
    assert answer.json() == {}  # the token is the cookie's alone
    found = await me(server, cookie_of(answer))
    assert (found["name"], found["role"], found["availability"]) == (name, role, "online")


async def test_each_click_makes_a_session_and_ends_the_one_before(server: Running):
    first = cookie_of(await enter(server))
    second = cookie_of(await enter(server, cookie=first))
    assert first != second
    id = (await me(server, second))["id"]
    now_ms = server.kefu.ctx.now_ms()
    left = await server.kefu.ctx.database.read(lambda conn: access.list_sessions(conn, id, now_ms))
    assert len(left) == 1  # and it is in the store: a killed server knows it again


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"host": "shop.example"}, 404),
        ({"x-forwarded-for": "127.0.0.1"}, 404),
        ({"forwarded": "for=127.0.0.1"}, 404),
        ({"origin": "https://evil.example"}, 404),
        ({"sec-fetch-site": "cross-site"}, 403),
        ({"sec-fetch-site": "same-site"}, 403),
        ({"origin": ""}, 403),
    ],
    ids=str,
)
async def test_nobody_else_is_let_in(server: Running, headers: dict[str, str], status: int):
    said = {name: value for name, value in ({"origin": server.http} | headers).items() if value}
    answer = await server.request("POST", f"{DOOR}/agent", headers=said)
    assert answer.status_code == status
    assert "set-cookie" not in answer.headers


async def test_no_link_and_no_other_role_leads_in(server: Running):
    assert (await server.get(f"{DOOR}/agent", headers={"origin": server.http})).status_code == 405
    assert (await enter(server, "admin")).status_code == 404


async def test_who_was_let_go_is_not_let_in(server: Running):
    def go(conn: Any) -> None:
        found = agents.find_credentials(conn, email="mei@demo.kefu")
        assert found is not None
        agents.set_agent(conn, found.id, active=0)

    await server.kefu.ctx.database.write(go)
    assert (await enter(server)).status_code == 404


async def test_only_a_demo_has_a_door(house: House):
    server = await house.serve_production()
    assert (await server.get(DOOR)).status_code == 404


async def test_without_a_console_there_is_no_door(
    house: House, monkeypatch: pytest.MonkeyPatch, tmp_path
):
    monkeypatch.setattr(site, "PAGES", tmp_path)
    assert (await (await house.serve()).get(DOOR)).status_code == 404
