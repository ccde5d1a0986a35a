"""The wait in the widget: an honest place, the ways out, and the way from a program to a person."""

from __future__ import annotations

import secrets
from collections.abc import Iterator

import httpx
import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import OpenPage
from tests.browser.desk import Staff
from tests.browser.talking import WIDGET, begin, composer, said, say, texts
from tests.browser.test_accessibility import expect_no_violations
from tests.serving import KefuServer

SIZE = {"width": 400, "height": 680}


@pytest.fixture
def admin(server: KefuServer) -> Iterator[Staff]:
    staff = Staff.of_demo(server, "ada")
    yield staff
    staff.close()


@pytest.fixture
def before(server: KefuServer, agent: Staff) -> list[int]:
    """Conversations of ten others, who wait."""
    empty(agent)
    return [other(server, number) for number in range(10)]


@pytest.fixture
def visitor(open_page: OpenPage) -> Page:
    page = open_page(WIDGET, locale="en-GB", viewport=SIZE)
    expect(composer(page)).to_be_visible()
    return page


def empty(agent: Staff) -> None:
    """Nobody waits any more."""
    for one in agent.get("/conversations", status="queued", limit=100)["items"]:
        agent.put(f"/conversations/{one['id']}/status", status="resolved")


def other(server: KefuServer, number: int) -> int:
    """A visitor who waits; their conversation."""
    headers = {
        "authorization": f"Bearer kd_{secrets.token_urlsafe(32)}",
        "x-kefu-widget": "wk_demo",
    }
    answer = httpx.post(
        f"{server.base_url}/api/v1/conversations",
        headers=headers,
        json={"client_id": f"other{number}", "text": "Me first"},
    )
    assert answer.is_success, answer.text
    return int(answer.json()["conversation"]["id"])


def card(page: Page) -> Locator:
    return page.locator("[data-kefu=queue]")


def place(page: Page) -> Locator:
    return card(page).get_by_role("heading")


def test_the_place_is_told_and_falls_as_those_ahead_are_taken(
    visitor: Page, agent: Staff, before: list[int]
):
    say(visitor, "Hello?")
    expect(place(visitor)).to_have_text("You are no. 11")
    expect(card(visitor).locator(".k-line")).to_have_count(0)  # ten dots tell nobody anything
    for ahead in before[:7]:
        agent.pick(ahead)
    expect(place(visitor)).to_have_text("You are no. 4")
    expect(card(visitor).locator(".k-line i")).to_have_count(3)
    expect(said(visitor).locator(".k-meta")).to_contain_text("the next free person reads it")
    for ahead in before[7:]:
        agent.pick(ahead)
    expect(place(visitor)).to_have_text("Nobody is here right now.")
    expect(visitor.locator(".k-title :is(h1, h2)")).to_have_text("Waiting for a person")


def test_who_is_next_is_told_so_only_while_somebody_takes_conversations(
    visitor: Page, agent: Staff, admin: Staff
):
    empty(agent)
    mei = agent.get("/me")["agent"]["id"]
    before = admin.get(f"/agents/{mei}")["chat_limit"]
    admin.patch(f"/agents/{mei}", chat_limit=0)  # so that the visitor stays where they are
    say(visitor, "Hello?")
    expect(place(visitor)).to_have_text("Nobody is here right now.")
    expect(card(visitor)).to_contain_text("We answer here as soon as somebody is.")
    expect(card(visitor)).not_to_contain_text("how long")
    expect_no_violations(visitor)
    with agent.connected():
        expect(place(visitor)).to_have_text("You are next")
        expect(card(visitor)).to_contain_text("We cannot say yet how long it takes.")
        expect_no_violations(visitor)
        visitor.reload()
        expect(place(visitor)).to_have_text("You are next")
        agent.put("/availability", availability="away")
        expect(place(visitor)).to_have_text("Nobody is here right now.")
        agent.put("/availability", availability="online")
        expect(place(visitor)).to_have_text("You are next")
    admin.patch(f"/agents/{mei}", chat_limit=before)


def test_a_place_that_changes_is_said_at_most_every_half_minute(
    visitor: Page, agent: Staff, before: list[int]
):
    visitor.clock.install()
    visitor.reload()
    expect(composer(visitor)).to_be_visible()
    live = visitor.locator(".k-live")
    say(visitor, "Hello?")
    expect(live).to_have_text("You are no. 11")
    for ahead in before[:2]:
        agent.pick(ahead)
    expect(place(visitor)).to_have_text("You are no. 9")
    expect(live).to_have_text("You are no. 11")
    visitor.clock.run_for(31_000)
    expect(live).to_have_text("You are no. 9")


def test_who_is_put_back_is_told_by_whom_and_stays_in_sight_of_what_was_said(
    visitor: Page, agent: Staff, admin: Staff
):
    empty(agent)
    conversation = begin(visitor, agent, "About the lid")
    agent.pick(conversation)
    agent.say(conversation, "One moment.")
    expect(said(visitor, "team")).to_have_count(1)
    team = admin.get("/teams")["items"]
    target = team[0]["id"] if team else admin.post("/teams", name="Tea", agents=[])["id"]
    mei = admin.get(f"/conversations/{conversation}")["assignee"]["id"]
    admin.put(f"/teams/{target}/agents", agents=[mei])
    agent.post(f"/conversations/{conversation}/assign", team=target)
    expect(card(visitor)).to_be_visible()
    expect(visitor.locator(".k-say")).to_contain_text("小美 Mei cannot go on.")
    expect(texts(visitor)).to_have_text(["About the lid", "One moment."])
    agent.pick(conversation)
    expect(card(visitor)).to_have_count(0)
    expect(visitor.locator(".k-note").last).to_contain_text("小美 Mei is here for you")


def test_from_a_program_one_gets_to_a_person_whatever_the_program_makes_of_it(
    open_page: OpenPage, admin: Staff
):
    bot = admin.post("/agents", name="Echo", role="bot")
    inbox = admin.post("/inboxes", name="Bots", bot=bot["id"])
    visitor = open_page(f"/widget/{inbox['widget_key']}", locale="en-GB", viewport=SIZE)
    conversation = begin(visitor, admin, "I want a person")
    admin.put(f"/inboxes/{inbox['id']}/agents", agents=[bot["id"]])
    robot = admin.post("/tokens", name="Echo", agent=bot["id"], scopes=["read", "write"])
    headers = {"authorization": f"Bearer {robot['secret']}"}
    base = str(visitor.evaluate("location.origin"))
    for number in range(40):
        answer = httpx.post(
            f"{base}/api/v1/conversations/{conversation}/messages",
            headers=headers,
            json={"client_id": f"b{number}", "text": f"I understand {number} things."},
        )
        assert answer.is_success, answer.text
    expect(said(visitor, "bot")).to_have_count(40)
    expect(visitor.locator(".k-head .k-av.bot")).to_be_visible()
    ask = visitor.get_by_role("button", name="Talk to a person")
    visitor.locator(".k-body").evaluate("(body) => { body.scrollTop = 0; }")
    expect(ask).to_be_in_viewport()
    ask.click()
    expect(card(visitor)).to_be_visible()
    expect(visitor.locator(".k-note").last).to_contain_text("You asked for a person")
    expect(ask).to_have_count(0)
    assert admin.get(f"/conversations/{conversation}")["status"] == "queued"
