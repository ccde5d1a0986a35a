"""What axe-core, the usual checker of the WCAG rules, finds on every page: nothing."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Page, expect

from tests.browser.acts import go_online, join, say
from tests.browser.conftest import OpenPage, unable

AXE = Path(__file__).parents[2] / "web" / "node_modules" / "axe-core" / "axe.min.js"

DRAWN = "new Promise((go) => requestAnimationFrame(() => requestAnimationFrame(go)))"


def expect_no_violations(page: Page) -> None:
    """Look at what ``page`` shows now, in light and in dark."""
    if not AXE.exists():
        unable("there is no axe-core: run `npm ci` in web/")
    expect(page.locator("[aria-busy=true]")).to_have_count(0)
    page.evaluate(AXE.read_text("utf-8"))
    schemes: tuple[Literal["light", "dark"], ...] = ("light", "dark")
    for scheme in schemes:
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        page.evaluate(DRAWN)  # a page that has its own look hears of it with the next frame
        found = page.evaluate("axe.run().then(({violations}) => violations)")
        faults = [(v["id"], [node["html"] for node in v["nodes"]]) for v in found]
        assert (scheme, faults) == (scheme, [])


@pytest.mark.parametrize(
    "path",
    ["/", "/kefu.html", "/yonghu.html", "/direct.html", "/demo.html", "/licenses", "/no/such/page"],
)
def test_a_page_as_it_opens(path: str, open_page: OpenPage):
    expect_no_violations(open_page(path))


def test_a_conversation_and_its_end(open_page: OpenPage):
    agent, visitor = open_page("/kefu.html"), open_page("/yonghu.html")
    go_online(agent, "小美")
    expect_no_violations(agent)
    join(visitor, "小明")
    visitor.locator("[data-state=talking]").wait_for()
    say(visitor, "您好")
    expect_no_violations(visitor)
    agent.click("#leave")
    visitor.locator("#over").wait_for()
    expect_no_violations(visitor)
    visitor.click("#again")
    visitor.locator("#none").wait_for()
    expect_no_violations(visitor)


def test_a_list_of_people_with_unread_messages(open_page: OpenPage):
    ann, ben = open_page("/direct.html"), open_page("/direct.html")
    join(ann, "Ann")
    join(ben, "Ben")
    ben.locator(".person").click()
    say(ben, "hello")
    ann.locator(".badge").wait_for()
    expect_no_violations(ann)
    expect_no_violations(ben)
