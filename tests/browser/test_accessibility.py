"""What axe-core, the usual checker of the WCAG rules, finds on every page: nothing."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.browser.acts import go_online, join, say
from tests.browser.conftest import OpenPage, unable

pytestmark = pytest.mark.browser

AXE = Path(__file__).parents[2] / "web" / "node_modules" / "axe-core" / "axe.min.js"


@pytest.fixture(params=["light", "dark"])
def scheme(request: pytest.FixtureRequest) -> str:
    if not AXE.exists():
        unable("there is no axe-core: run `npm ci` in web/")
    return str(request.param)


def expect_no_violations(page: Page) -> None:
    page.evaluate(AXE.read_text("utf-8"))
    found = page.evaluate("axe.run().then(({violations}) => violations)")
    assert [(v["id"], [node["html"] for node in v["nodes"]]) for v in found] == []


@pytest.mark.parametrize("path", ["/", "/kefu.html", "/yonghu.html", "/direct.html", "/demo.html"])
def test_a_page_as_it_opens(path: str, scheme: str, open_page: OpenPage):
    expect_no_violations(open_page(path, color_scheme=scheme))


def test_a_conversation_and_its_end(scheme: str, open_page: OpenPage):
    agent = open_page("/kefu.html", color_scheme=scheme)
    visitor = open_page("/yonghu.html", color_scheme=scheme)
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


def test_a_list_of_people_with_unread_messages(scheme: str, open_page: OpenPage):
    ann = open_page("/direct.html", color_scheme=scheme)
    ben = open_page("/direct.html", color_scheme=scheme)
    join(ann, "Ann")
    join(ben, "Ben")
    ben.locator(".person").click()
    say(ben, "hello")
    ann.locator(".badge").wait_for()
    expect_no_violations(ann)
    expect_no_violations(ben)
