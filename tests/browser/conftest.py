"""A real browser before a real server, for every test in this folder.

Rules: one server and one browser serve all tests; each test has profiles of its own, and its people
leave with them. A page's uncaught error, or anything that its own content security policy
refuses, fails the test that opened it. Where pages or browser are missing the tests are skipped
with the reason; under CI they fail.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NoReturn

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, expect, sync_playwright

import kefu
from tests.browser.chromium import NoBrowser, launch
from tests.browser.consoling import CONSOLE, account, sign_in
from tests.browser.desk import EMAIL, PASSWORD, Production, Staff
from tests.browser.framed import SiteAnswer, Sites
from tests.browser.loopback import Loopback
from tests.browser.talking import WIDGET, begin, composer
from tests.serving import KefuServer

PAGES = Path(kefu.__file__).parent / "pages"

# Longer than a server's restart and the pages' first attempts to come back.
PATIENCE_MS = 45_000

OpenPage = Callable[..., Page]
OpenConsole = Callable[..., Page]


def unable(reason: str) -> NoReturn:
    """Skip, or fail under CI."""
    if os.environ.get("CI"):
        pytest.fail(reason)
    pytest.skip(reason)


def pytest_itemcollected(item: pytest.Item) -> None:
    """Whatever is below this folder needs the browser, and is to run apart from the rest."""
    item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def the_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[KefuServer]:
    if not (PAGES / "index.html").exists():
        unable("the pages are not built: run `npm ci && npm run build` in web/")
    with KefuServer(tmp_path_factory.mktemp("kefu")) as server:
        yield server


@pytest.fixture
def server(the_server: KefuServer) -> KefuServer:
    """A running server; a test may restart it."""
    if the_server.process.poll() is not None:  # a test failed before it started it again
        the_server.start()
    return the_server


@pytest.fixture(scope="session")
def browser(the_server: KefuServer) -> Iterator[Browser]:
    """A browser for which localhost:3000 and localhost:3001 are the server's two ports."""
    expect.set_options(timeout=PATIENCE_MS)
    ports = {3000: the_server.port, 3001: the_server.classic_port}
    rules = ", ".join(f"MAP localhost:{old} 127.0.0.1:{new}" for old, new in ports.items())
    with sync_playwright() as playwright:
        try:
            # Its microphone beeps: a voice note needs one.
            fake = "--use-fake-device-for-media-stream"
            browser = launch(playwright, f"--host-resolver-rules={rules}", fake)
        except NoBrowser as missing:
            unable(str(missing))
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def the_agent(the_server: KefuServer) -> Iterator[Staff]:
    staff = Staff.of_demo(the_server)
    yield staff
    staff.close()


@pytest.fixture
def agent(server: KefuServer, the_agent: Staff) -> Staff:
    """An agent of the demo; the session outlives restarts of the server."""
    return the_agent


@pytest.fixture(scope="module")
def production(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Production]:
    mail = {
        "host": "127.0.0.1",
        "port": 9,
        "from_address": "help@shop.example",
    }  # nobody takes letters
    with Production(tmp_path_factory.mktemp("serve") / "data", mail=mail) as server:
        yield server


@pytest.fixture(scope="module")
def admin(production: Production) -> Iterator[Staff]:
    """The admin of ``production``."""
    staff = Staff.accepting(production.setup_link, name="An", email=EMAIL, password=PASSWORD)
    yield staff
    staff.close()


@pytest.fixture
def open_page(browser: Browser, server: KefuServer) -> Iterator[OpenPage]:
    """``open_page("/kefu.html", **options)``: a page in a profile of its own, in Chinese."""
    contexts = []
    faults: list[str] = []

    def note(message: ConsoleMessage) -> None:
        if "Content Security Policy" in message.text:
            faults.append(message.text)

    def open_page(address: str, **options: object) -> Page:
        context = browser.new_context(
            base_url=server.base_url,
            **({"locale": "zh-CN"} | options),  # type: ignore[arg-type]
        )
        contexts.append(context)
        context.set_default_timeout(PATIENCE_MS)
        page = context.new_page()
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("console", note)
        page.goto(address)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert faults == []


@pytest.fixture(scope="module")
def sites(the_server: KefuServer) -> Iterator[Sites]:
    """A site beside the server, and who works there, signed in anew: other files end sessions."""
    with Loopback(SiteAnswer) as site:
        sites = Sites(the_server, site.origin)
        yield sites
        sites.close()


@pytest.fixture
def visitor(open_page: OpenPage) -> Page:
    """A visitor's chat that nothing was said in yet."""
    page = open_page(WIDGET, locale="en-GB", viewport={"width": 400, "height": 680})
    expect(composer(page)).to_be_visible()
    return page


@pytest.fixture
def talk(visitor: Page, agent: Staff) -> int:
    """A conversation that the agent has, whether it was offered to them by then or not."""
    conversation = begin(visitor, agent, "Hello")
    agent.pick(conversation)
    if agent.get(f"/conversations/{conversation}").get("offered"):
        agent.post(f"/conversations/{conversation}/accept")
    return conversation


@pytest.fixture
def nobody_waits(agent: Staff) -> None:
    """What other tests have left is resolved, so that nothing of it is offered here."""
    left = agent.get("/conversations", status=["queued", "open"], limit=200)["items"]
    for one in left:
        agent.put(f"/conversations/{one['id']}/status", status="resolved")


@pytest.fixture
def open_console(open_page: OpenPage, server: KefuServer) -> OpenConsole:
    """``open_console(**options)``: 小美 Mei's console, signed in."""

    def open_console(**options: object) -> Page:
        page = open_page(CONSOLE, **({"locale": "en-GB"} | options))
        sign_in(page, *account(server))
        return page

    return open_console


@pytest.fixture
def console(open_console: OpenConsole) -> Page:
    return open_console(viewport={"width": 1440, "height": 900})
