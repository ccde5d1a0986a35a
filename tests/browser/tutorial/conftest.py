"""The tutorials' own pages before a Kefu server.

Rules: the pages' text is what the tutorials list, unchanged: they name localhost:3000 and
localhost:3001, and the browser is told that these are the server's ports (see ``browser``). Where
a listing is not a whole page, the least HTML around it has the ids that its script uses. They are
not part of Kefu, so they are answered by the browser's own routing, never by the server.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, Route

from tests.browser.conftest import OpenPage, unable

HERE = Path(__file__).parent
JQUERY = HERE.parents[2] / "web" / "node_modules" / "jquery" / "dist" / "jquery.min.js"

OpenTutorial = Callable[[str], Page]


@pytest.fixture
def open_tutorial(open_page: OpenPage) -> OpenTutorial:
    """``open_tutorial("http://localhost:3001/kefu.html")``: a page of this folder, there."""
    if not JQUERY.exists():
        unable("there is no jQuery for the tutorial's page: run `npm ci` in web/")

    def answer(route: Route) -> None:
        name = route.request.url.rsplit("/", 1)[-1]
        route.fulfill(path=JQUERY if name == "jquery.js" else HERE / name)

    def open_tutorial(address: str) -> Page:
        # Chromium cannot know that a page from its own routing is a local one.
        page = open_page("about:blank", permissions=["local-network-access"])
        folder = address.rsplit("/", 1)[0]
        for name in ("jquery.js", *(path.name for path in HERE.iterdir())):
            page.route(f"{folder}/{name}", answer)
        page.goto(address)
        return page

    return open_tutorial
