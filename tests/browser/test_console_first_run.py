"""From a new server's link to the first chat, as an operator and a visitor of the site do it."""

from __future__ import annotations

import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser import talking
from tests.browser.conftest import OpenPage
from tests.browser.consoling import answer, hook
from tests.browser.desk import CHAT, EMAIL, PASSWORD, Production
from tests.browser.loopback import Loopback
from tests.browser.test_accessibility import expect_no_violations
from tests.serving import KefuServer

MOST_S = 60.0


class Site(BaseHTTPRequestHandler):
    """A site's pages, with the line in them that was put there."""

    line = ""

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("content-type", "text/html; charset=utf-8")
        self.end_headers()
        page = f"<!doctype html><title>Shop</title><h1>Shop</h1>{type(self).line}"
        self.wfile.write(page.encode())

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""


@pytest.fixture
def site() -> Iterator[Loopback]:
    with Loopback(Site) as site:
        yield site


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[KefuServer]:
    """Of its own: nobody else is there to take who waits."""
    with KefuServer(tmp_path_factory.mktemp("demo")) as server:
        yield server


def set_up(page: Page) -> None:
    """Make the admin, and be where the site is named."""
    for name, value in {"name": "An", "email": EMAIL, "password": PASSWORD}.items():
        page.locator(f"input[name={name}]").fill(value)
    page.keyboard.press("Enter")
    page.wait_for_url("**/console/welcome")
    expect(page.locator("input[name=address]")).to_be_visible()


def name_site(page: Page, name: str, address: str) -> str:
    """The line to put into its pages."""
    page.locator("input[name=name]").fill(name)
    page.locator("input[name=address]").fill(address)
    page.keyboard.press("Enter")
    return page.locator("pre").inner_text()


def test_the_first_run_leads_to_the_first_chat_within_a_minute(
    open_page: OpenPage, site: Loopback, tmp_path: Path
):
    started_s = time.monotonic()
    with Production(tmp_path / "data") as new:
        console = open_page(new.setup_link, locale="en")
        set_up(console)
        Site.line = name_site(console, "Nine Hills Tea", site.origin)
        shop = open_page(site.origin, locale="en")
        shop.locator("#kefu-launcher").click()
        chat = shop.frame_locator("#kefu-frame")
        chat.locator("[data-kefu=composer]").fill("Is it in stock?")
        chat.locator("[data-kefu=composer]").press("Enter")
        expect(console.get_by_text("A chat came in: Is it in stock?")).to_be_visible()
        console.get_by_role("button", name="Answer it").click()
        answer(console, "It is")
        expect(chat.locator("[data-from=team]", has_text="It is")).to_be_visible()
        took_s = time.monotonic() - started_s
        assert took_s < MOST_S
        console.goto(f"{new.base_url}/console")
        left = console.get_by_role("region", name="To get going")
        expect(left.get_by_role("img", name="Done")).to_have_count(2)  # also the chat on the site
        expect_no_violations(console)
        left.get_by_role("button", name="Take a colleague in").click()
        console.locator("input[name=name]").fill("Bo")
        console.locator("input[name=email]").fill("bo@shop.example")
        console.keyboard.press("Enter")
        link = console.locator("code").inner_text()
        expect_no_violations(console)
        console.keyboard.press("Escape")
        expect(left).to_have_count(0)
        bo = open_page(link, locale="en")
        bo.locator("input[name=password]").fill(PASSWORD)
        bo.keyboard.press("Enter")
        bo.wait_for_url("**/console")
        expect(hook(bo, "tab-all")).to_contain_text("1")  # the inbox is Bo's, too


def test_the_preview_has_the_real_chat_and_each_step_says_what_is_wrong(
    open_page: OpenPage, tmp_path: Path
):
    with Production(tmp_path / "data") as new:
        page = open_page(new.setup_link, locale="en")
        set_up(page)
        expect_no_violations(page)
        page.keyboard.press("Enter")
        expect(page.locator("[data-fault=name]")).to_have_text("Please give it a name.")
        page.locator("input[name=name]").fill("Nine Hills Tea")
        page.locator("input[name=address]").fill("ftp://ninehills.example")
        page.keyboard.press("Enter")
        expect(page.locator("[data-fault=address]")).to_contain_text("begins with https://")
        expect(page.locator("input[name=address]")).to_be_focused()
        page.locator("input[name=address]").fill("www.ninehills.example/tea?from=ad")
        expect(page.get_by_text("https://www.ninehills.example may show the chat.")).to_be_visible()
        page.keyboard.press("Enter")
        expect(page.get_by_text("is this machine alone")).to_be_visible()
        chat = page.frame_locator("iframe").frame_locator("#kefu-frame")
        chat.locator("[data-kefu=composer]").fill("Hello")
        chat.locator("[data-kefu=composer]").press("Enter")
        expect(page.get_by_text("A chat came in: Hello")).to_be_visible()
        expect_no_violations(page)
        page.get_by_role("link", name="Go to the inbox now").click()
        expect(hook(page, "accept")).to_be_visible()  # one is online
        left = page.get_by_role("region", name="To get going")
        left.get_by_role("link", name="Put the chat on the site").click()
        expect(page.locator("pre")).to_contain_text("data-widget")
        page.go_back()
        left.get_by_role("button", name="Put this list away").click()
        page.reload()
        expect(hook(page, "accept")).to_be_visible()
        expect(left).to_have_count(0)
        page.goto(f"{new.base_url}/console/welcome")  # what is done stays done
        expect(page.locator("pre")).to_contain_text("data-widget")
        expect(page.locator("input[name=address]")).to_have_count(0)


@pytest.mark.parametrize("role", ["agent", "supervisor"])
def test_whoever_waits_in_a_demo_is_in_sight_of_who_opens_its_console(
    role: str, open_page: OpenPage, demo: KefuServer
):
    visitor = open_page(f"{demo.base_url}{CHAT}", locale="en")
    talking.say(visitor, f"Hello {role}")
    home = open_page(demo.base_url, locale="en")
    home.locator(f"#console button[value={role}]").click()
    card = hook(home, "conversation-card").filter(has_text=f"Hello {role}")
    expect(card).to_be_in_viewport()
    assert home.url == f"{demo.base_url}/console"
    expect(home.get_by_text("Online", exact=True)).to_be_visible()
    hook(home, "accept").click()
    answer(home, "Hi")
    expect(talking.texts(visitor, "team")).to_have_text("Hi")
