"""What people do on Kefu's own chat pages."""

from __future__ import annotations

from playwright.sync_api import Locator, Page, expect


def join(page: Page, name: str) -> None:
    """Enter a name and ask to be let in."""
    page.fill("#name", name)
    page.click("#enter")


def go_online(page: Page, name: str) -> None:
    """Join as an agent and wait until the page is in."""
    join(page, name)
    expect(page.locator("#chat")).to_be_visible()


def write(page: Page, text: str) -> None:
    """Say something."""
    page.fill("#draft", text)
    page.press("#draft", "Enter")


def say(page: Page, text: str) -> None:
    """Say something and wait for the server's confirmation."""
    write(page, text)
    expect(own_lines(page).last).to_have_attribute("data-delivery", "sent")


def own_lines(page: Page) -> Locator:
    """What one said oneself, in order."""
    return page.locator(".line.me")


def heard(page: Page, text: str) -> Locator:
    """A line that is exactly ``text``, whoever said it."""
    return page.locator(".bubble").get_by_text(text, exact=True)


def expect_lines(page: Page, *texts: str) -> None:
    """The conversation, all of it, as shown."""
    expect(page.locator(".bubble")).to_have_text(list(texts))
