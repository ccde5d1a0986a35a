"""What an agent does in the console, by its stable hooks (docs/console.md)."""

from __future__ import annotations

import re

from playwright.sync_api import Locator, Page, expect

from tests.serving import KefuServer

CONSOLE = "/console"


def account(server: KefuServer, name: str = "mei") -> tuple[str, str]:
    """Address and password of somebody of the demo, as it printed them."""
    found = re.search(rf"({name}@demo\.kefu)\D*?[:：]\s*([a-z2-7]{{16}})", server.log)
    assert found, server.log
    return found[1], found[2]


def sign_in(page: Page, email: str, password: str) -> None:
    page.locator("input[type=email]").fill(email)
    page.locator("input[type=password]").fill(password)
    page.keyboard.press("Enter")
    expect(page.locator("input[type=password]")).to_have_count(0)
    expect(hook(page, "tab-mine")).to_be_visible()


def hook(page: Page, name: str) -> Locator:
    return page.locator(f"[data-kefu={name}]")


def card(page: Page, conversation: int) -> Locator:
    """The row or the offer of a conversation."""
    return page.locator(f'[data-kefu=conversation-card][data-conversation="{conversation}"]')


def open_chat(page: Page, conversation: int) -> None:
    page.goto(f"{CONSOLE}/conversations/{conversation}")
    expect(hook(page, "composer")).to_be_visible()


def answer(page: Page, text: str) -> None:
    hook(page, "composer").fill(text)
    hook(page, "composer").press("Enter")


def said(page: Page, text: str) -> Locator:
    """The newest message with this text."""
    return hook(page, "message").filter(has_text=text).last


def attached(page: Page) -> Locator:
    """What goes with the next message."""
    return hook(page, "attachment")


def expect_stored(page: Page, text: str) -> None:
    expect(said(page, text)).to_have_attribute("data-state", re.compile("sent|delivered|read"))
