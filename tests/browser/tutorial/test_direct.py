"""The second tutorial's stories on its own page, unmodified, opened from another origin."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Dialog, Page, expect

from tests.browser.tutorial.conftest import OpenTutorial
from tests.serving import KefuServer

# Not the server's origin, so that the page needs what the tutorial's CORS setting allows.
DIRECT = "http://localhost:5500/direct.html"

LogIn = Callable[[str], Page]


def log_in_on(page: Page, name: str) -> None:
    page.fill("#username", name)
    page.get_by_role("button", name="登录").click()


def say(page: Page, to: str, text: str) -> None:
    page.select_option("#receiver", to)
    page.fill("#messageInput", text)
    page.get_by_role("button", name="发送").click()


def alerts(page: Page) -> list[str]:
    """The texts of the page's alerts from now on; each is answered at once."""
    texts: list[str] = []

    def note(dialog: Dialog) -> None:
        texts.append(dialog.message)
        dialog.accept()

    page.on("dialog", note)
    return texts


@pytest.fixture
def log_in(open_tutorial: OpenTutorial) -> LogIn:
    def log_in(name: str) -> Page:
        page = open_tutorial(DIRECT)
        log_in_on(page, name)
        expect(page.locator("#chat")).to_be_visible()
        return page

    return log_in


def test_two_pages_talk(log_in: LogIn):
    ann, ben = log_in("Ann"), log_in("Ben")
    expect(ann.locator("#userList li")).to_have_text(["Ben"])
    say(ann, "Ben", "hello")
    expect(ben.locator("#messages")).to_have_text("[AnnBen]: hello")
    say(ben, "Ann", "hello yourself")
    expect(ann.locator("#messages div")).to_have_text(
        ["[AnnBen]: hello", "[BenAnn]: hello yourself"]
    )
    expect(ann.locator("#messages .self")).to_have_text(["[AnnBen]: hello"])


def test_one_leaves(log_in: LogIn):
    ann, ben = log_in("Ann"), log_in("Ben")
    expect(ann.locator("#userList li")).to_have_text(["Ben"])
    ben.context.close()
    expect(ann.locator("#userList li")).to_have_count(0)


def test_a_taken_name_is_told(log_in: LogIn, open_tutorial: OpenTutorial):
    log_in("Ann")
    second = open_tutorial(DIRECT)
    told = alerts(second)
    with second.expect_event("dialog"):
        log_in_on(second, "Ann")
    assert told == ["当前用户名已经被注册"]
    expect(second.locator("#login")).to_be_visible()


def test_a_message_to_nobody_is_told(log_in: LogIn):
    ann = log_in("Ann")
    told = alerts(ann)
    with ann.expect_event("dialog"):
        ann.evaluate("socket.emit('private_message', {to: 'Nobody', message: 'hello'})")
    assert told == ["用户未找到"]


def test_both_talk_again_after_a_restart(log_in: LogIn, server: KefuServer):
    ann, ben = log_in("Ann"), log_in("Ben")
    server.restart()
    # socket.io-client reconnects, and the page logs in on every connect.
    say(ann, "Ben", "before the list is back")
    for page, other in ((ann, "Ben"), (ben, "Ann")):
        page.wait_for_function("socket.connected")
        expect(page.locator("#userList li")).to_have_text([other])
    say(ann, "Ben", "hello again")
    expect(ben.locator("#messages")).to_contain_text("[AnnBen]: hello again")
