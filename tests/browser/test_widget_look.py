"""How the widget looks where a picture of it once was wrong, in a frame of a site's page."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.conftest import OpenPage
from tests.browser.framed import Site, Sites

HOME = "[data-kefu=home]"
FIELD = "[data-kefu=composer]"
MESSAGE = "[data-kefu=message]"


@pytest.fixture
def shop(sites: Sites) -> dict[str, Any]:
    return sites.new_inbox()


@pytest.fixture
def site(open_page: OpenPage, sites: Sites, shop: dict[str, Any]) -> Site:
    return sites.opened(open_page, shop["widget_key"])


def begin(site: Site, sites: Sites, shop: dict[str, Any], text: str = "Hello") -> int:
    """A conversation that mei has."""
    site.frame.locator(FIELD).fill(text)
    site.frame.locator(FIELD).press("Enter")
    site.expect_said("live", isLive=True)
    conversation = int(sites.conversations(shop)[0]["id"])
    sites.mei.pick(conversation)
    return conversation


def style(one: Locator, name: str) -> str:
    return str(one.evaluate("(one, name) => getComputedStyle(one)[name]", name))


def test_a_person_has_one_colour_wherever_they_are_shown(
    open_page: OpenPage, sites: Sites, shop: dict[str, Any]
):
    ids = {one["name"]: one["id"] for one in sites.admin.get("/agents")["items"]}
    mei = ids["小美 Mei"]
    page = open_page("about:blank")
    path = f"{sites.server.base_url}/api/v1/widgets/{shop['widget_key']}"
    # Not by their place among those who are there.
    people = [{"id": mei + 1, "name": "Lin"}, {"id": mei, "name": "小美 Mei"}]
    told = page.request.get(path, params={"locale": "en"}).json() | {"people": people}
    site = sites.opened(open_page, shop["widget_key"], hello={"config": told})
    frame = site.frame
    seen = [style(frame.locator(f"{HOME} .k-av").last, "backgroundColor")]
    conversation = begin(site, sites, shop)
    sites.mei.say(conversation, "Here.")
    seen.append(style(frame.locator(f"{MESSAGE} .k-av"), "backgroundColor"))
    seen.append(style(frame.locator(".k-head .k-av"), "backgroundColor"))
    frame.get_by_role("button", name="Back").click()
    seen.append(style(frame.locator(".k-cont .k-av"), "backgroundColor"))
    site.tell("close")
    sites.mei.say(conversation, "Still here.")
    seen.append(style(frame.locator(".k-peek .k-av"), "backgroundColor"))
    assert len(seen) == 5
    assert set(seen) == {seen[0]}
    assert seen[0] != style(frame.locator(f"{HOME} .k-av").first, "backgroundColor")


@pytest.mark.parametrize("lines", [2, 1], ids=["desktop", "phone"])
def test_a_preview_has_two_lines_and_one_on_a_phone(
    lines: int, open_page: OpenPage, sites: Sites, shop: dict[str, Any]
):
    site = sites.opened(open_page, shop["widget_key"], hello={"isPhone": lines == 1})
    conversation = begin(site, sites, shop)
    site.tell("close")
    sites.mei.say(conversation, "The oak lid is back, and it fits. " * 5)
    text = site.frame.locator(".k-preview-text")
    expect(text).to_be_visible()
    assert text.evaluate("(one) => one.clientHeight") == lines * 21
    height = site.said("peek")[-1]["height"]
    assert text.evaluate("(one) => one.getBoundingClientRect().bottom") <= height - 12
