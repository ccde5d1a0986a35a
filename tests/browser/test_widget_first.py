"""What was sent stays in sight, from the field that it was written in to the thread that shows it.

Rules: the script of the conversation is held back, and so is the reading of the conversation, as by
a slow network; meanwhile the words are looked for in every frame that is drawn.
"""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Route, WebSocketRoute, expect

from tests.browser.conftest import OpenPage
from tests.browser.framed import Site, Sites
from tests.browser.talking import REALTIME

FIELD = "[data-kefu=composer]"
SEND = "[data-kefu=send]"
MESSAGE = "[data-kefu=message]"
TALK = re.compile(r"/assets/talk-[^/]*\.js$")
WORDS = "Where is my kettle?"
NEVER = {"time_zone": "Asia/Shanghai", "week": [[]] * 7}
PRECHAT = {"type": "form", "fields": [{"name": "name", "label": "Name"}]}
AWAY = {"type": "form", "fields": [{"name": "town", "label": "Town"}]}

# Where the words are seen, whenever that changes: in the field, or as a bubble at a place.
WATCH = """(words) => {
  globalThis.seen = [];
  const shown = (one) => one.checkVisibility() && one.getBoundingClientRect().bottom > 0;
  const look = () => {
    const isField = [...document.querySelectorAll("textarea")]
      .some((one) => one.value === words && shown(one));
    const places = [...document.querySelectorAll("[data-kefu=message][data-from=me] > .k-b")]
      .filter((one) => one.textContent === words && shown(one))
      .map((one) => one.getBoundingClientRect())
      .map(({ x, y, width, height }) => [x, y, width, height].map(Math.round).join(" "));
    const now = [isField && "field", ...places].filter(Boolean).join(" and ") || "nowhere";
    if (now !== seen.at(-1)) seen.push(now);
    requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
}"""


class Slow:
    """A page on a slow network: what it asks for waits until it is let through."""

    def __init__(self, site: Site) -> None:
        self._scripts: list[Route] = []
        self._is_script_held = self._is_read_held = True
        self._asked: list[tuple[WebSocketRoute, str | bytes]] = []
        site.page.context.route(TALK, self._script)
        site.page.context.route_web_socket(REALTIME, self._socket)

    def let_script(self) -> None:
        self._is_script_held = False
        for route in self._scripts:
            route.continue_()

    def let_read(self) -> None:
        """Conversations are read from now on."""
        self._is_read_held = False
        for server, frame in self._asked:
            server.send(frame)

    def _script(self, route: Route) -> None:
        if self._is_script_held:
            self._scripts.append(route)
        else:
            route.continue_()

    def _socket(self, socket: WebSocketRoute) -> None:
        server = socket.connect_to_server()

        def hear(frame: str | bytes) -> None:
            if self._is_read_held and "conversation.open" in str(frame):
                self._asked.append((server, frame))
            else:
                server.send(frame)

        socket.on_message(hear)


def watch(site: Site) -> None:
    site.inside(WATCH, WORDS)


def expect_kept_in_sight(site: Site) -> None:
    """In the field until it is a bubble, which stays where it is."""
    seen = site.inside("seen")
    assert "nowhere" not in seen[seen.index("field") :], seen
    bubbles = [one for one in seen if one not in ("field", "nowhere")]
    assert len(bubbles) == 1, seen


def expect_read(site: Site) -> None:
    """The thread is here, with what only the server knows of it."""
    expect(site.frame.locator(f"{MESSAGE}[data-row]:not([data-row=''])")).to_have_count(1)


@pytest.mark.parametrize("invitation", [None, "kettles"], ids=["home", "an invitation"])
def test_the_first_words_stay_in_sight_from(
    invitation: str | None, open_page: OpenPage, sites: Sites
):
    site = sites.opened(open_page, sites.new_inbox()["widget_key"], hello={"isOpen": False})
    slow = Slow(site)
    site.tell("open", **({"invitation": invitation} if invitation else {}))
    watch(site)
    site.frame.locator(FIELD).fill(WORDS)
    site.frame.locator(FIELD).press("Enter")
    expect(site.frame.locator(MESSAGE)).to_have_text(WORDS)
    expect(site.frame.get_by_role("button", name="Close")).to_be_visible()
    slow.let_script()
    expect(site.frame.locator(f"{MESSAGE}[data-state=sent]")).to_be_visible()
    slow.let_read()
    expect_read(site)
    expect_kept_in_sight(site)


@pytest.mark.parametrize(
    "settings",
    [{"prechat": PRECHAT}, {"hours": NEVER, "offline": "form", "offline_form": AWAY}],
    ids=["before the chat", "while nobody is there"],
)
def test_what_a_form_asked_stays_in_sight(
    settings: dict[str, Any], open_page: OpenPage, sites: Sites
):
    site = sites.opened(open_page, sites.new_inbox(**settings)["widget_key"])
    slow = Slow(site)
    watch(site)
    site.frame.locator(FIELD).fill(WORDS)
    mail = site.frame.get_by_label("E-mail")
    if mail.count():
        mail.fill("noor@example.com")
    site.frame.locator(SEND).click()
    expect(site.frame.locator(SEND)).to_have_attribute("aria-disabled", "true")
    slow.let_script()
    expect(site.frame.locator(f"{MESSAGE}[data-state=sent]")).to_be_visible()
    slow.let_read()
    expect_read(site)
    expect_kept_in_sight(site)


def test_an_answer_to_a_preview_stays_in_sight_though_the_thread_is_not_read_yet(
    open_page: OpenPage, sites: Sites
):
    shop = sites.new_inbox()
    site = sites.opened(open_page, shop["widget_key"])
    site.frame.locator(FIELD).fill("Hello?")
    site.frame.locator(FIELD).press("Enter")
    site.expect_said("live", isLive=True)
    conversation = int(sites.conversations(shop)[0]["id"])
    sites.mei.pick(conversation)
    sites.mei.say(conversation, "Yes, here.")
    slow = Slow(site)
    slow.let_script()
    site.visit(isOpen=False)
    preview = site.frame.get_by_role("button", name="Yes, here.")
    preview.click()
    site.expect_said("open")
    site.tell("open")
    watch(site)
    site.frame.locator(FIELD).fill(WORDS)
    site.frame.locator(FIELD).press("Enter")
    expect(site.frame.locator(f"{MESSAGE}[data-state=sent]")).to_be_visible()
    slow.let_read()
    expect(site.frame.locator(MESSAGE)).to_have_count(3)
    expect_kept_in_sight(site)
