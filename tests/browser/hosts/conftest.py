"""Kefu at one site, pages with its widget at another, and a browser that looks at both."""

from __future__ import annotations

import base64
import hashlib
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, FrameLocator, Locator, Page, Request, Route

from tests.browser.conftest import PAGES, PATIENCE_MS, unable
from tests.browser.desk import Staff
from tests.browser.hosts import HostPages
from tests.configured import ConfiguredServer

WEB = Path(__file__).parents[3] / "web"


@dataclass
class Shop:
    """An inbox whose origins have the pages in them."""

    kefu: ConfiguredServer
    hosts: HostPages
    staff: Staff
    inbox: int
    key: str

    def set(self, **settings: Any) -> None:
        self.staff.patch(f"/inboxes/{self.inbox}", settings=settings)


@dataclass
class Visit:
    """A page, and what came of looking at it."""

    page: Page
    shop: Shop
    requests: list[Request] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)

    @property
    def launcher(self) -> Locator:
        return self.page.locator("#kefu-launcher")

    @property
    def button(self) -> Locator:
        """The launcher itself, in its shadow root."""
        return self.page.locator("#kefu-launcher button").first

    @property
    def panel(self) -> Locator:
        return self.page.locator("#kefu-frame")

    @property
    def frame(self) -> FrameLocator:
        return self.page.frame_locator("#kefu-frame")

    @property
    def box(self) -> Locator:
        """What the loader says when the chat does not come."""
        return self.page.locator("#kefu-launcher").get_by_role("alert")

    def asked_of_kefu(self) -> list[str]:
        """Paths, in their order."""
        base = self.shop.kefu.base_url
        return [one.url.removeprefix(base) for one in self.requests if one.url.startswith(base)]

    def sent(self, *kinds: str) -> list[int]:
        """Bytes of Kefu's answers on the wire, in their order; of these kinds, or of all."""
        base = self.shop.kefu.base_url
        all_kinds = [one for one in self.requests if one.url.startswith(base)]
        chosen = [one for one in all_kinds if not kinds or one.resource_type in kinds]
        return [one.sizes()["responseBodySize"] for one in chosen]

    def call(self, *call: Any) -> Any:
        """What a call of the API comes to."""
        return self.page.evaluate("(call) => Kefu(...call)", list(call))

    def open(self) -> None:
        self.launcher.click()
        self.panel.wait_for(state="visible")


Look = Callable[..., Visit]


@pytest.fixture(scope="session")
def host_scripts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The scripts of pages that have some, built, with the libraries that they are about."""
    if not (WEB / "node_modules" / "react").exists():
        unable("the libraries of the host pages are not installed: run `npm ci` in web/")
    folder = tmp_path_factory.mktemp("scripts")
    node = shutil.which("node")
    if node is None:
        unable("Node.js is not there")
    subprocess.run([node, str(WEB / "tools" / "hosts.mjs"), str(folder)], check=True, cwd=WEB)
    return folder


@pytest.fixture(scope="session")
def shop(tmp_path_factory: pytest.TempPathFactory, host_scripts: Path) -> Iterator[Shop]:
    if not (PAGES / "kefu.js").exists():
        unable("the pages are not built: run `npm ci && npm run build` in web/")
    with ConfiguredServer(tmp_path_factory.mktemp("hosts") / "data") as kefu:
        link = re.search(r"http\S+/setup#kl_[\w-]+", kefu.log)
        assert link, kefu.log
        staff = Staff.accepting(
            link[0], name="An", email="an@shop.example", password="correct horse battery"
        )
        inbox = staff.post("/inboxes", name="Harbour & Oak", settings={})
        key = inbox["widget_key"]
        body = (PAGES / "kefu.js").read_bytes()
        integrity = f"sha384-{base64.b64encode(hashlib.sha384(body).digest()).decode()}"
        values = {"kefu": kefu.base_url, "widget": key, "integrity": integrity}
        with HostPages(host_scripts, **values) as hosts:
            staff.patch(f"/inboxes/{inbox['id']}", settings={"origins": [hosts.origin]})
            yield Shop(kefu, hosts, staff, inbox["id"], key)
        staff.close()


@pytest.fixture
def look(browser: Browser, shop: Shop) -> Iterator[Look]:
    """``look("plain")``: the page of this name, in a profile of its own, in English.

    ``route``: how the frame's document is answered. What the page throws fails the test.
    """
    contexts: list[BrowserContext] = []
    faults: list[str] = []

    def look(
        name: str = "plain",
        *,
        frame: Callable[[Route], None] | str | None = None,
        prepare: Callable[[Visit], None] | None = None,
        **options: Any,
    ) -> Visit:
        context = browser.new_context(**({"locale": "en"} | options))
        contexts.append(context)
        context.set_default_timeout(PATIENCE_MS)
        visit = Visit(context.new_page(), shop)
        visit.page.on("pageerror", lambda error: faults.append(str(error)))
        visit.page.on("console", lambda line: visit.lines.append(line.text))
        visit.page.on("request", lambda request: visit.requests.append(request))
        if frame is not None:
            answer = frame if callable(frame) else lambda route: fulfil(route, str(frame))
            visit.page.route(f"**/widget/{shop.key}", answer)
        if prepare:
            prepare(visit)
        visit.page.goto(f"{shop.hosts.origin}/{name}")
        return visit

    yield look
    for context in contexts:
        context.close()
    assert faults == []


def fulfil(route: Route, script: str) -> None:
    """A frame's document that runs ``script``, with a ``say`` to the page around it."""
    body = f"""<!doctype html><title>Frame</title><button id="inside">Inside</button><script>
      window.heard = [];
      const say = (type, more) => parent.postMessage({{ kefu: 1, type, ...more }}, "*");
      addEventListener("message", ({{ data }}) => {{
        heard.push(data);
        if (data.type === "hello") say("ready", {{ version: 1 }});
      }});
      {script}
      if (!window.late) say("loaded");
    </script>"""
    route.fulfill(body=body, content_type="text/html")
