"""How the widget looks where a picture of it once was wrong, in a frame of a site's page."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.conftest import OpenPage
from tests.browser.framed import Site, Sites
from tests.browser.test_accessibility import expect_no_violations

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
    expect(site.frame.locator(".k-preview-who span")).not_to_contain_text("M")  # as in the talk
    text = site.frame.locator(".k-preview-text")
    expect(text).to_be_visible()
    assert text.evaluate("(one) => one.clientHeight") == lines * 21
    height = site.said("peek")[-1]["height"]
    assert text.evaluate("(one) => one.getBoundingClientRect().bottom") <= height - 12


def test_a_long_name_ends_in_dots_and_a_greeting_is_read_as_it_is_written(
    open_page: OpenPage, sites: Sites
):
    name = "The Plain Kettle and Teapot Company of the Old Harbour"
    greeting = "Hello, **dear guest**.\n\n- ask here\n- call us"
    shop = sites.new_inbox(texts={"en": {"name": name, "greeting": greeting}})
    site = sites.opened(open_page, shop["widget_key"])
    shown = site.frame.locator(f"{HOME} .k-one").filter(has_text="Plain Kettle")
    assert shown.evaluate("(one) => one.scrollWidth > one.clientWidth")
    assert (style(shown, "textOverflow"), style(shown, "display")) == ("ellipsis", "block")
    first, rest = site.frame.locator("h2 > p"), site.frame.locator("h2 > ul")
    expect(first).to_have_text("Hello, dear guest.")
    assert style(rest, "listStyleType") == "disc"
    assert (style(first, "fontSize"), style(rest, "fontSize")) == ("24px", "15px")


def test_in_chinese_the_zone_is_named_in_chinese_and_no_blank_follows_a_full_stop(
    open_page: OpenPage, sites: Sites
):
    hours = {"time_zone": "Asia/Shanghai", "week": [[["09:00", "09:01"]]] * 7}
    shop = sites.new_inbox(hours=hours, offline="queue")
    site = sites.opened(open_page, shop["widget_key"], locale="zh-CN", timezone_id="Asia/Shanghai")
    expect(site.frame.locator(HOME)).to_contain_text("您所在的时区（中国标准时间）。还有 ")


def test_no_sign_stands_where_nothing_is_known_of_the_next_opening(
    open_page: OpenPage, sites: Sites
):
    never = {"time_zone": "Asia/Shanghai", "week": [[]] * 7}
    shop = sites.new_inbox(hours=never, offline="closed")
    site = sites.opened(open_page, shop["widget_key"])
    expect(site.frame.locator(HOME)).to_contain_text("No new conversation can begin")
    expect(site.frame.locator(".k-av")).to_have_count(0)


def test_at_home_the_visitors_own_words_are_told_from_the_shops(
    site: Site, sites: Sites, shop: dict[str, Any]
):
    conversation = begin(site, sites, shop, "Is the oak lid back?")
    site.frame.get_by_role("button", name="Back").click()
    card = site.frame.locator(".k-cont .q")
    expect(card).to_have_text("You: Is the oak lid back?")
    sites.mei.say(conversation, "It is.")
    expect(card).to_have_text("It is.")


def test_a_new_conversation_greets_and_says_who_is_there(
    site: Site, sites: Sites, shop: dict[str, Any]
):
    conversation = begin(site, sites, shop)
    site.frame.get_by_role("button", name="Back").click()
    site.frame.get_by_role("button", name="Start another").click()
    greeting = site.frame.locator(".k-greet")
    expect(greeting).to_have_text("Hello. How can we help?Write to us. We answer here.")
    expect_no_violations(site.page)
    site.frame.locator(FIELD).fill("Another thing")
    site.frame.locator(FIELD).press("Enter")
    expect(site.frame.locator(MESSAGE)).to_contain_text(["Another thing"])
    expect(site.frame.locator(MESSAGE)).not_to_have_attribute("data-state", "sending")
    expect(greeting).to_have_count(0)
    assert conversation != sites.conversations(shop)[0]["id"]


def test_nothing_is_seen_above_the_queues_card_and_what_comes_next_is_covered_by_nothing(
    site: Site, sites: Sites, shop: dict[str, Any]
):
    for count in range(9):
        site.frame.locator(FIELD).fill(f"Line {count}")
        site.frame.locator(FIELD).press("Enter")
    card = site.frame.locator("[data-kefu=queue]")
    expect(card.get_by_role("heading")).to_be_visible()
    expect(site.frame.locator(MESSAGE)).to_have_count(9)
    steps, first = site.frame.locator(".k-steps"), site.frame.locator(MESSAGE).first
    bottom = "(one) => one.getBoundingClientRect().bottom"
    assert steps.evaluate(bottom) <= first.evaluate("(one) => one.getBoundingClientRect().top")
    body = site.frame.locator(".k-body")
    found = body.evaluate(
        """(body) => {
          const { top, left, right } = body.getBoundingClientRect();
          const seen = new Set();
          for (body.scrollTop = 0; seen.size < 40; body.scrollTop += 7) {
            const at = body.scrollTop;
            for (const x of [left + 30, right - 20]) {
              const one = document.elementFromPoint(x, top + 4);
              seen.add(`${at} ${one.closest("li, ol") !== null}`);
            }
            if (body.scrollTop + body.clientHeight >= body.scrollHeight) break;
          }
          return [...seen];
        }"""
    )
    assert len(found) > 3
    assert [one for one in found if one.endswith("true")] == []


def test_a_form_in_the_thread_has_a_button_as_wide_as_it_and_says_upright_what_is_optional(
    site: Site, sites: Sites, shop: dict[str, Any]
):
    fields = [
        {"name": "order", "label": "Order number"},
        {"name": "same", "label": "Same address", "type": "checkbox"},
    ]
    form = {"type": "form", "title": "A new lid", "fields": fields}
    sites.mei.say(begin(site, sites, shop), "Two things:", blocks=[form])
    button = site.frame.locator("form.k-form button")
    field = site.frame.locator("form.k-form input[type=text]")
    width = "(one) => one.getBoundingClientRect().width"
    assert button.evaluate(width) == field.evaluate(width)
    optional = site.frame.locator("form.k-form i")
    expect(optional).to_have_text(["optional", "optional"])
    looks = [
        [style(one, name) for name in ("fontStyle", "color", "fontSize")] for one in optional.all()
    ]
    assert looks[0] == looks[1]
    assert looks[0][0] == "normal"


def test_fields_have_one_ring_and_the_buttons_in_the_field_no_block_under_the_pointer(
    site: Site,
):
    emoji = site.frame.get_by_role("button", name="Choose an emoji")
    emoji.hover()
    assert style(emoji, "backgroundColor") == "rgba(0, 0, 0, 0)"
    emoji.click()
    field = site.frame.get_by_role("searchbox")
    expect(field).to_be_focused()
    assert (style(field, "outlineOffset"), style(field, "borderRadius")) == ("-1px", "20px")
    assert style(site.frame.locator(".k-emoji"), "boxShadow") != "none"
    field.fill("tea")
    expect(site.frame.locator(".k-signs button").first).to_have_text("🍵")
    expect_no_violations(site.page)
