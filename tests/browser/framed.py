"""The widget's document in a frame of a site's page, which says to it what a loader says.

Rules: the page is of another origin than the frame. What the frame says is kept, in order.
Not here: the loader itself, which has stories of its own.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

from playwright.sync_api import FrameLocator, Page, expect

from tests.browser.desk import Staff
from tests.serving import KefuServer

PAGE = (Path(__file__).parent / "site.html").read_bytes()
OpenPage = Callable[..., Page]  # conftest's `open_page`


class SiteAnswer(BaseHTTPRequestHandler):
    """Of a site that has the same page at every address."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("content-type", "text/html")
        self.end_headers()
        self.wfile.write(PAGE)

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""


class Sites:
    """What tests need of a server, and of a site whose pages its inboxes stand on."""

    def __init__(self, server: KefuServer, origin: str) -> None:
        self.server, self.origin = server, origin
        self.admin, self.mei = of_demo(server, "ada"), of_demo(server, "mei")

    def new_inbox(self, **settings: Any) -> dict[str, Any]:
        """An inbox of its own, where mei works, that may stand on the site."""
        agents = {one["name"]: one["id"] for one in self.admin.get("/agents")["items"]}
        told = {"origins": [self.origin], **settings}
        name = f"Shop {secrets.token_hex(3)}"
        inbox = self.admin.post("/inboxes", name=name, settings=told)
        self.admin.put(f"/inboxes/{inbox['id']}/agents", agents=[agents["小美 Mei"]])
        return inbox

    def opened(
        self, open_page: OpenPage, widget: str, *, hello: Any = None, **options: Any
    ) -> Site:
        """A page of the site in a profile of its own, with its frame up."""
        page = open_page("about:blank", **({"locale": "en-GB"} | options))
        site = Site(page, f"{self.server.base_url}/widget/{widget}", self.origin)
        site.visit(**(hello or {}))
        return site

    def conversations(self, inbox: dict[str, Any]) -> list[dict[str, Any]]:
        """All that began there, the newest first."""
        found = self.admin.get("/conversations", inbox=inbox["id"], limit=100)["items"]
        return list(found)

    def close(self) -> None:
        self.admin.close()
        self.mei.close()


def of_demo(server: KefuServer, name: str) -> Staff:
    """Somebody of the demo by name; ``ada`` is its admin."""
    found = re.search(rf"({name}@demo\.kefu)\D*?[:：]\s*([a-z2-7]{{16}})", server.log)
    assert found, server.log
    return Staff(server.base_url, found[1], found[2])


class Site:
    """A site's page with the widget's frame."""

    def __init__(self, page: Page, address: str, origin: str) -> None:
        self.page, self._address, self._origin = page, address, origin
        self.widget = address.rpartition("/")[2]

    @property
    def frame(self) -> FrameLocator:
        return self.page.frame_locator("iframe")

    def visit(self, path: str = "/", **hello: Any) -> None:
        """Go to a page of the site, and wait for the frame."""
        self.page.goto(self._origin + path)
        self.page.evaluate("([address, hello]) => begin(address, hello)", [self._address, hello])
        self.page.wait_for_function("said.some(({ type }) => type === 'ready')")

    def tell(self, type: str, **word: Any) -> None:
        self.page.evaluate("(word) => tell(word)", {"type": type, **word})

    def said(self, type: str) -> list[dict[str, Any]]:
        """What the frame said under ``type``."""
        found: list[dict[str, Any]] = self.page.evaluate(
            "(type) => said.filter((one) => one.type === type)", type
        )
        return found

    def expect_said(self, type: str, **part: Any) -> None:
        """Wait until the frame has said a word that has ``part``."""
        self.page.wait_for_function(
            """([type, part]) => said.some((one) => one.type === type &&
                Object.entries(part).every(([key, value]) =>
                  JSON.stringify(one[key]) === JSON.stringify(value)))""",
            arg=[type, part],
        )

    def kept(self) -> dict[str, str]:
        """What the frame keeps in this browser."""
        return self._of_frame("Object.fromEntries(Object.entries(localStorage))")

    def kept_in_tab(self) -> dict[str, str]:
        return self._of_frame("Object.fromEntries(Object.entries(sessionStorage))")

    def inside(self, code: str, arg: Any = None) -> Any:
        """What ``code`` says in the frame's document."""
        inner = next(one for one in self.page.frames if "/widget/" in one.url)
        return inner.evaluate(code, arg)

    def _of_frame(self, code: str) -> dict[str, str]:
        return dict(self.inside(code))


def expect_focused(frame: FrameLocator, selector: str) -> None:
    expect(frame.locator(selector)).to_be_focused()
