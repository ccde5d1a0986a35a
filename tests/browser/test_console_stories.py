"""Stories of an agent's day, with two and three real pages, from its beginning to its end."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import closing

import pytest
from playwright.sync_api import Page, WebSocketRoute, expect

from tests.browser import talking
from tests.browser.conftest import OpenConsole, OpenPage
from tests.browser.consoling import (
    CONSOLE,
    account,
    answer,
    attached,
    card,
    expect_stored,
    hook,
    open_chat,
    said,
    sign_in,
)
from tests.browser.desk import Staff
from tests.browser.framed import Sites
from tests.browser.talking import REALTIME, Gate
from tests.browser.test_widget_files import files_in, pick, picture
from tests.browser.test_widget_identity import Signing, identify, stored
from tests.serving import KefuServer

pytestmark = pytest.mark.usefixtures("nobody_waits")


class Deaf:
    """A page's connection, whose page is heard by the server, and once deaf hears nothing."""

    def __init__(self, page: Page) -> None:
        self.is_deaf = False
        self._open: list[WebSocketRoute] = []
        page.route_web_socket(REALTIME, self._route)

    def cut(self) -> None:
        self.is_deaf = False
        for socket in self._open:
            socket.close()
        self._open.clear()

    def _route(self, socket: WebSocketRoute) -> None:
        self._open.append(socket)
        server = socket.connect_to_server()
        server.on_message(lambda message: None if self.is_deaf else socket.send(message))


@pytest.fixture
def open_bens(open_page: OpenPage, server: KefuServer) -> Callable[[], Page]:
    """Opens the console of a colleague, who is there from then on."""

    def open_bens() -> Page:
        with closing(Staff.of_demo(server, "ben")) as staff:
            staff.put("/availability", availability="online")
        page = open_page(CONSOLE, locale="en-GB", viewport={"width": 1440, "height": 900})
        sign_in(page, *account(server, "ben"))
        return page

    return open_bens


def test_a_chat_is_accepted_talked_of_with_files_given_away_resolved_and_rated(
    console: Page, visitor: Page, open_bens: Callable[[], Page], agent: Staff
):
    conversation = talking.begin(visitor, agent, "My kettle came broken")
    agent.post(f"/conversations/{conversation}/assign", agent=agent.get("/me")["agent"]["id"])
    hook(console, "accept").click()
    answer(console, "May I see it?")
    pick(visitor, ("broken.png", picture()))
    photo = hook(console, "message").get_by_role("img", name="broken.png")
    expect(photo).to_have_js_property("naturalWidth", 400)
    pick(console, ("refund.pdf", b"%PDF-1.4"), kind="application/pdf")
    expect(attached(console)).to_have_attribute("data-state", "attached")
    answer(console, "Please sign this")
    expect(talking.said(visitor, "team").last).to_contain_text("refund.pdf")
    ben = open_bens()
    console.keyboard.press("Control+Shift+KeyX")
    dialog = console.get_by_role("dialog")
    dialog.get_by_role("radio", name=re.compile("^Ben")).check()
    dialog.get_by_role("textbox", name="Note").fill("She wants her money back")
    dialog.get_by_role("button", name="Give it away now").click()
    expect(console.get_by_text("Given to Ben.")).to_be_visible()
    card(ben, conversation).click()
    expect(said(ben, "She wants her money back")).to_have_attribute("data-note", "true")
    answer(ben, "It is on its way")
    expect_stored(ben, "It is on its way")
    hook(ben, "resolve").click()
    rating = visitor.locator("[data-kefu=rating]")
    rating.get_by_role("radio", name="Good", exact=True).check()
    rating.get_by_role("textbox").fill("Quick!")
    rating.get_by_role("button", name="Send").click()
    expect(ben.locator("[data-activity=rated]").last).to_contain_text("4 of 5. Quick!")
    expect(talking.said(visitor).filter(has_text="money back")).to_have_count(0)
    names = [one["name"] for one in files_in(agent, conversation)]
    assert names == ["broken.png", "refund.pdf"]


@pytest.fixture
def deaf(open_page: OpenPage, server: KefuServer) -> tuple[Page, Deaf]:
    page = open_page("/licenses", locale="en-GB")
    way = Deaf(page)
    page.goto(CONSOLE)
    sign_in(page, *account(server))
    return page, way


def test_what_the_server_had_before_the_connection_was_cut_is_not_sent_twice(
    deaf: tuple[Page, Deaf], visitor: Page, agent: Staff, talk: int
):
    page, way = deaf
    open_chat(page, talk)
    way.is_deaf = True
    answer(page, "heard, but not told so")
    answer(page, "and more")
    expect(talking.texts(visitor, "team").last).to_have_text("and more")
    way.cut()
    expect_stored(page, "and more")
    expect(hook(page, "message").filter(has_text="heard, but not told so")).to_have_count(1)
    assert agent.texts(talk)[-2:] == ["heard, but not told so", "and more"]
    assert agent.texts(talk).count("and more") == 1


def test_what_is_unsent_and_what_is_begun_outlive_a_reload_and_a_sign_in_in_between(
    open_page: OpenPage, server: KefuServer, agent: Staff, talk: int
):
    page = open_page("/licenses", locale="en-GB")
    gate = Gate(page)
    page.goto(CONSOLE)
    sign_in(page, *account(server))
    open_chat(page, talk)
    gate.shut()
    page.context.set_offline(True)
    answer(page, "said in the tunnel")
    expect(said(page, "said in the tunnel")).to_have_attribute("data-state", "waiting")
    hook(page, "composer").fill("and besi")
    expect(page.get_by_text("Draft kept")).to_be_visible()
    agent.delete("/sessions/others")
    page.context.set_offline(False)
    page.reload()
    page.locator("input[type=password]").wait_for()
    assert "said in the tunnel" not in agent.texts(talk)
    gate.is_shut = False
    sign_in(page, *account(server))
    expect(hook(page, "composer")).to_have_value("and besi")
    expect_stored(page, "said in the tunnel")
    assert agent.texts(talk).count("said in the tunnel") == 1


def test_on_a_phone_a_chat_is_found_answered_and_resolved(
    open_console: OpenConsole, visitor: Page, agent: Staff, talk: int
):
    page = open_console(viewport={"width": 360, "height": 740}, has_touch=True, is_mobile=True)
    card(page, talk).tap()
    hook(page, "composer").tap()
    hook(page, "composer").fill("Done, have a good day")
    hook(page, "send").tap()
    expect(talking.texts(visitor, "team").last).to_have_text("Done, have a good day")
    hook(page, "resolve").tap()
    expect(page.locator("[data-activity=resolved]")).to_be_visible()
    page.get_by_role("button", name="Back to the list").tap()
    expect(hook(page, "tab-mine")).to_be_visible()
    expect(page.get_by_text("No chats of yours")).to_be_visible()
    assert agent.get(f"/conversations/{talk}")["status"] == "resolved"
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


def test_a_name_is_marked_unverified_until_the_site_vouches_for_it(
    open_console: OpenConsole, open_page: OpenPage, sites: Sites
):
    signing = Signing(sites)
    site = sites.opened(open_page, signing.widget)
    stored(site, "It is me")
    (conversation,) = (one["id"] for one in sites.conversations(signing.inbox))
    sites.mei.pick(conversation)
    page = open_console(viewport={"width": 1440, "height": 900})
    open_chat(page, conversation)
    head = page.locator("header").filter(has=page.get_by_role("button", name="Give it away"))
    expect(head).to_contain_text("Identity not verified")
    expect(card(page, conversation)).to_contain_text("not verified")
    identify(site, 1, signing.token("Alma"))
    expect(page.locator("[data-activity=identified]")).to_be_visible()
    expect(head.get_by_role("heading")).to_have_text("Alma")
    expect(head).not_to_contain_text("not verified")
    expect(card(page, conversation)).not_to_contain_text("not verified")
