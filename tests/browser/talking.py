"""What a visitor does in the widget's document, and its stable hooks (docs/widget.md).

Rules: a page is found by its hooks alone, as a site's own tests would find it.
"""

from __future__ import annotations

from playwright.sync_api import Locator, Page, WebSocketRoute, expect

from tests.browser.desk import Staff

WIDGET = "/widget/wk_demo"
REALTIME = "**/api/v1/realtime"


def composer(page: Page) -> Locator:
    return page.locator("[data-kefu=composer]")


def write(page: Page, text: str) -> None:
    composer(page).fill(text)
    composer(page).press("Enter")


def said(page: Page, sender: str = "") -> Locator:
    """The messages, in order: all, or those of ``me``, ``team``, ``bot``, ``system``."""
    by = f'[data-from="{sender}"]' if sender else ""
    return page.locator(f"[data-kefu=message]{by}")


def texts(page: Page, sender: str = "") -> Locator:
    """What was said, without names and times."""
    return said(page, sender).locator(".k-b")


def say(page: Page, text: str) -> None:
    """Say something, and wait until the server has it."""
    write(page, text)
    expect_stored(page, text)


def expect_stored(page: Page, text: str) -> None:
    own = said(page, "me").filter(has_text=text).last
    expect(own).not_to_have_attribute("data-state", "sending")
    expect(own).not_to_have_attribute("data-state", "failed")


def begin(page: Page, agent: Staff, text: str = "在吗？") -> int:
    """Say the first thing; the conversation that it began."""
    say(page, text)
    return newest(agent)


def newest(agent: Staff) -> int:
    """The conversation that was written to last."""
    return int(agent.get("/conversations", limit=1)["items"][0]["id"])


class Gate:
    """A page's way to the server by WebSocket, which can be shut."""

    def __init__(self, page: Page) -> None:
        self.is_shut = False
        self._page = page
        self._open: list[WebSocketRoute] = []
        page.route_web_socket(REALTIME, self._route)

    def shut(self) -> None:
        self.is_shut = True
        for socket in self._open:
            socket.close()
        self._open.clear()

    def open(self) -> None:
        self.is_shut = False
        self._page.evaluate("dispatchEvent(new Event('online'))")

    def _route(self, socket: WebSocketRoute) -> None:
        if self.is_shut:
            socket.close()
        else:
            self._open.append(socket)
            socket.connect_to_server()
