"""The widget's first screen and the field that one writes in, in a frame of a site's page."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenPage
from tests.browser.framed import Site, Sites, expect_focused
from tests.browser.talking import Gate
from tests.browser.test_accessibility import expect_no_violations

HOME = "[data-kefu=home]"
FIELD = "[data-kefu=composer]"
SEND = "[data-kefu=send]"
MESSAGE = "[data-kefu=message]"


@pytest.fixture
def shop(sites: Sites) -> dict[str, Any]:
    """An inbox that asks nothing and is always open."""
    return sites.new_inbox(greeting="Hello. What can we help you with?")


@pytest.fixture
def site(open_page: OpenPage, sites: Sites, shop: dict[str, Any]) -> Site:
    return sites.opened(open_page, shop["widget_key"])


def newest(sites: Sites, inbox: dict[str, Any]) -> int:
    return int(sites.conversations(inbox)[0]["id"])


def config_of(page: Page, sites: Sites, inbox: dict[str, Any]) -> dict[str, Any]:
    """What a page is told of the inbox."""
    path = f"{sites.server.base_url}/api/v1/widgets/{inbox['widget_key']}"
    return dict(page.request.get(path, params={"locale": "en"}).json())


def test_the_first_words_start_the_chat_without_a_start_button(
    site: Site, sites: Sites, shop: dict[str, Any]
):
    expect(site.frame.locator("h2")).to_have_text("Hello. What can we help you with?")
    site.frame.locator(FIELD).fill("Where is my **kettle**?")
    site.frame.locator(FIELD).press("Enter")
    expect(site.frame.locator(MESSAGE)).to_have_count(1)
    expect_focused(site.frame, FIELD)
    site.expect_said("live", isLive=True)
    assert sites.mei.texts(newest(sites, shop)) == ["Where is my **kettle**?"]


def test_who_opens_and_looks_asks_nothing_and_stores_nothing(
    open_page: OpenPage, sites: Sites, shop: dict[str, Any]
):
    asked: list[str] = []
    page = open_page("about:blank")
    page.context.on("request", lambda request: asked.append(request.url))
    page.on("websocket", lambda socket: asked.append(socket.url))
    config = config_of(page, sites, shop)
    site = sites.opened(open_page, shop["widget_key"], hello={"config": config})
    expect(site.frame.locator(HOME)).to_be_visible()
    assert site.kept() == {}
    assert [one for one in asked if "/api/" in one] == []
    assert site.page.context.cookies() == []


def test_a_draft_is_kept_within_four_tenths_of_a_second_and_survives_a_reload(site: Site):
    site.frame.locator(FIELD).fill("half a sent")
    assert "half a sent" in site.kept_in_tab().values()  # at once
    site.visit()
    expect(site.frame.locator(FIELD)).to_have_value("half a sent")


def test_shift_enter_breaks_the_line_and_the_field_grows_to_five_lines(site: Site):
    field = site.frame.locator(FIELD)
    heights = []
    field.focus()
    for line in range(7):
        field.press_sequentially(f"line {line}")
        heights.append(field.evaluate("(field) => field.offsetHeight"))
        field.press("Shift+Enter")
    assert heights[0] < heights[1] < heights[4]
    assert heights[4] == heights[6]
    expect(site.frame.locator(MESSAGE)).to_have_count(0)


@pytest.mark.parametrize("order", ["before", "after"])
def test_the_enter_of_an_input_method_never_sends(order: str, site: Site):
    field = site.frame.locator(FIELD)
    field.fill("你好")
    # WebKit ends the composition before it reports the key, others after.
    field.evaluate(
        """(field, order) => {
          const about = { bubbles: true, cancelable: true };
          const end = () => field.dispatchEvent(new CompositionEvent("compositionend", about));
          const key = { ...about, key: "Enter", isComposing: order === "before" };
          if (order === "after") end();
          field.dispatchEvent(new KeyboardEvent("keydown", key));
          if (order === "before") end();
          field.dispatchEvent(new KeyboardEvent("keyup", key));
        }""",
        order,
    )
    expect(field).to_have_value("你好")
    expect(site.frame.locator(MESSAGE)).to_have_count(0)
    field.press("Enter")
    expect(site.frame.locator(MESSAGE)).to_have_count(1)


def test_voice_turns_into_send_with_the_first_letter(site: Site):
    voice = site.frame.get_by_role("button", name="Record a voice note")
    expect(voice).to_be_visible()
    expect(site.frame.locator(SEND)).to_be_hidden()
    site.frame.locator(FIELD).fill("a")
    expect(voice).to_be_hidden()
    expect(site.frame.locator(SEND)).to_be_visible()


def test_how_much_room_is_left_is_said_when_it_gets_short(site: Site):
    site.frame.locator(FIELD).fill("a" * 9_000)
    expect(site.frame.get_by_role("status").filter(has_text="left")).to_have_count(0)
    site.frame.locator(FIELD).fill("a" * 9_999)
    expect(site.frame.get_by_role("status").filter(has_text="left")).to_have_text(
        "1 character left"
    )


def test_who_of_the_team_is_there_is_said_with_how_long_they_take(
    open_page: OpenPage, sites: Sites, shop: dict[str, Any]
):
    page = open_page("about:blank")
    people = [{"name": "Mira"}, {"name": "Tomás"}, {"name": "Lin"}]
    config = config_of(page, sites, shop)
    told = config | {"people": people, "reply_s": 110}
    site = sites.opened(open_page, shop["widget_key"], hello={"config": told})
    expect(site.frame.locator(HOME)).to_contain_text("Mira, Tomás and Lin are here")
    expect(site.frame.locator(HOME)).to_contain_text("A reply takes about 2 min")
    site = sites.opened(open_page, shop["widget_key"], hello={"config": config})
    expect(site.frame.locator(HOME)).not_to_contain_text("reply takes")


def test_how_long_they_take_is_said_in_a_conversation_too_as_long_as_that_is_known(
    open_page: OpenPage, sites: Sites, shop: dict[str, Any]
):
    page = open_page("about:blank")
    told = config_of(page, sites, shop)
    site = sites.opened(open_page, shop["widget_key"])
    gate = Gate(site.page)
    site.visit(config=told | {"staffed": True, "reply_s": 110})
    site.frame.locator(FIELD).fill("Is the oak lid back?")
    site.frame.locator(FIELD).press("Enter")
    site.expect_said("live", isLive=True)
    sites.mei.pick(newest(sites, shop))
    line = site.frame.locator(".k-title p")
    expect(line).to_have_text("A reply takes about 2 min")
    gate.shut()
    expect(line).to_have_text(shop["name"])
    gate.open()
    site.visit(config=told | {"staffed": True})
    expect(line).to_have_text(shop["name"])


def test_the_next_opening_is_said_in_the_visitors_own_zone_and_in_hours_and_minutes(
    open_page: OpenPage, sites: Sites
):
    spans = [["09:00", "09:01"]]
    hours = {"time_zone": "Asia/Shanghai", "week": [spans] * 7}
    shop = sites.new_inbox(hours=hours, offline="queue")
    site = sites.opened(open_page, shop["widget_key"], timezone_id="America/Argentina/Buenos_Aires")
    home = site.frame.locator(HOME)
    expect(home).to_contain_text("Nobody is here right now.")
    expect(home).to_contain_text("Leave a message.")
    expect(home).to_contain_text("22:00")  # nine in Shanghai
    expect(home).to_contain_text("Your time (Buenos Aires).")
    opens = datetime.now(UTC).replace(hour=1, minute=0, second=0, microsecond=0)
    left = (opens - datetime.now(UTC)) % timedelta(days=1)
    hours_left = int(left.total_seconds() // 3600)
    expect(home).to_contain_text(f"{hours_left} hr" if hours_left else "min")
    expect(site.frame.locator(FIELD)).to_be_visible()


@pytest.mark.parametrize("is_open", [True, False], ids=["open", "closed"])
def test_a_weeks_opening_times_are_at_hand_and_in_sight_while_it_is_closed(
    is_open: bool, open_page: OpenPage, sites: Sites
):
    spans = [["09:00", "18:00"]]
    hours = {"time_zone": "Asia/Shanghai", "week": [spans] * 5 + [[], []]}
    shop = sites.new_inbox(hours=hours)
    page = open_page("about:blank")
    told = config_of(page, sites, shop) | {"open": is_open}
    zone = {"timezone_id": "America/Argentina/Buenos_Aires", "locale": "en-GB"}
    site = sites.opened(open_page, shop["widget_key"], hello={"config": told}, **zone)
    title = site.frame.get_by_text("Opening times, your time (Buenos Aires)")
    expect(title).to_be_visible()
    expect_no_violations(site.page)
    rows = site.frame.locator(".k-hours dl > div")
    expect(rows.first).to_be_visible(visible=not is_open)
    title.click()
    expect(rows.first).to_be_visible(visible=is_open)
    assert [row.locator("dt, dd").all_text_contents() for row in rows.all()] == [
        ["Monday to Thursday", "22:00–7:00"],
        ["Friday to Saturday", "closed"],
        ["Sunday", "22:00–7:00"],
    ]
    site.tell("locale", locale="zh-CN", config=None)
    expect(site.frame.get_by_text("营业时间")).to_be_visible()
    expect(rows.nth(1)).to_have_text("星期五至星期六休息")


def test_an_inbox_without_hours_says_none(site: Site):
    expect(site.frame.locator(HOME)).to_be_visible()
    expect(site.frame.locator(".k-hours")).to_have_count(0)


def test_an_inbox_that_takes_nothing_while_it_is_closed_says_so_in_place_of_the_field(
    open_page: OpenPage, sites: Sites
):
    never = {"time_zone": "Asia/Shanghai", "week": [[]] * 7}
    shop = sites.new_inbox(hours=never, offline="closed")
    site = sites.opened(open_page, shop["widget_key"])
    expect(site.frame.locator(HOME)).to_contain_text("No new conversation can begin")
    expect(site.frame.locator(FIELD)).to_have_count(0)


def test_who_has_a_live_conversation_lands_in_it_and_finds_it_at_home(
    site: Site, sites: Sites, shop: dict[str, Any]
):
    site.frame.locator(FIELD).fill("Is the oak lid back?")
    site.frame.locator(FIELD).press("Enter")
    site.expect_said("live", isLive=True)
    site.visit()
    expect(site.frame.locator(MESSAGE)).to_contain_text(["Is the oak lid back?"])
    conversation = newest(sites, shop)
    site.frame.get_by_role("button", name="Back").click()
    expect_focused(site.frame, "h2")
    sites.mei.pick(conversation)
    sites.mei.say(conversation, "It is, since *today*.")
    card = site.frame.locator(".k-cont")
    expect(card).to_contain_text("小美 Mei")
    expect(card).to_contain_text("It is, since today.")
    expect(card).to_contain_text("unread: 1")
    site.frame.get_by_role("button", name="Continue").click()
    expect(site.frame.locator(MESSAGE)).to_have_count(2)
    expect_focused(site.frame, FIELD)
    sites.mei.put(f"/conversations/{conversation}/status", status="resolved")
    site.expect_said("live", isLive=False)
    site.frame.get_by_role("button", name="Back").click()
    expect(site.frame.locator(".k-cont")).to_have_count(0)
    expect(site.frame.get_by_role("list", name="Earlier conversations")).to_contain_text(
        "It is, since today."
    )


def test_the_host_hears_of_what_comes_in_while_the_panel_is_closed(
    site: Site, sites: Sites, shop: dict[str, Any]
):
    site.frame.locator(FIELD).fill("Anybody there?")
    site.frame.locator(FIELD).press("Enter")
    site.expect_said("live", isLive=True)
    site.tell("close")
    conversation = newest(sites, shop)
    sites.mei.pick(conversation)
    sites.mei.say(conversation, "**Yes**, here.")
    site.expect_said("unread", count=1)
    assert site.said("unread")[-1]["label"] == "Open chat, 1 unread message"
    expect(site.frame.get_by_role("status").filter(has_text="Yes, here.")).to_be_visible()
    events = [one["detail"]["from"] for one in site.said("event") if one["name"] == "message"]
    assert events == ["me", "team"]
    assert "Yes" not in str(site.said("event"))
    site.tell("open")
    site.page.wait_for_function("said.filter(({ type }) => type === 'unread').at(-1).count === 0")
    expect_focused(site.frame, FIELD)


def test_the_host_hears_of_a_conversations_state_once_each(
    site: Site, sites: Sites, shop: dict[str, Any]
):
    site.frame.locator(FIELD).fill("A question")
    site.frame.locator(FIELD).press("Enter")
    site.expect_said("live", isLive=True)
    conversation = newest(sites, shop)
    sites.mei.pick(conversation)
    sites.mei.put(f"/conversations/{conversation}/status", status="resolved")
    site.expect_said(
        "event", name="conversation", detail={"id": conversation, "status": "resolved"}
    )
    told = [one["detail"]["status"] for one in site.said("event") if one["name"] == "conversation"]
    assert told == ["queued", "open", "resolved"]
    site.visit()
    site.expect_said("unread", count=0)
    assert site.said("event") == []


@pytest.mark.parametrize("is_on", [False, True], ids=["off by default", "on"])
def test_what_comes_in_unseen_is_heard_by_who_turned_sound_on(
    is_on: bool, open_page: OpenPage, sites: Sites, shop: dict[str, Any]
):
    site = sites.opened(open_page, shop["widget_key"])
    site.page.context.add_init_script(
        "window.rung = 0; const start = OscillatorNode.prototype.start;"
        "OscillatorNode.prototype.start = function () { rung += 1; return start.call(this); };"
    )
    if is_on:
        site.inside("(key) => localStorage.setItem(key, '1')", f"kefu.{site.widget}.sound")
    site.visit()
    site.frame.locator(FIELD).fill("Anybody there?")
    site.frame.locator(FIELD).press("Enter")
    site.expect_said("live", isLive=True)
    conversation = newest(sites, shop)
    sites.mei.pick(conversation)
    sites.mei.say(conversation, "Yes, seen.")
    expect(site.frame.locator(MESSAGE)).to_have_count(2)
    site.tell("close")
    sites.mei.say(conversation, "And not seen.")
    site.expect_said("unread", count=1)
    if is_on:
        site.inside("() => new Promise((heard) => setInterval(() => rung && heard(), 20))")
    assert (site.inside("() => rung") > 0) is is_on


def test_esc_closes_the_panel_and_back_does(site: Site):
    site.frame.locator(FIELD).press("Escape")
    site.expect_said("close")
    site.page.evaluate("said.length = 0")
    site.tell("back")
    site.expect_said("close")


def test_another_language_is_spoken_without_a_reload(site: Site):
    site.frame.locator(FIELD).fill("kept")
    site.tell("locale", locale="zh-CN", config=None)
    expect(site.frame.locator(FIELD)).to_have_attribute("placeholder", "写消息")
    expect(site.frame.locator(FIELD)).to_have_value("kept")
    expect(site.frame.locator("html")).to_have_attribute("lang", "zh-CN")


def test_light_and_dark_follow_the_host(site: Site):
    body = site.frame.locator("body")
    expect(body).to_have_attribute("data-theme", "light")
    site.tell("theme", theme="dark")
    expect(body).to_have_attribute("data-theme", "dark")


def test_the_panel_leaves_the_keyboard_its_room_on_a_phone_and_keeps_tab_within(site: Site):
    panel = site.frame.locator(".k-panel")
    site.tell(
        "phone", isPhone=True, height=320, insets={"top": 30, "right": 0, "bottom": 10, "left": 0}
    )
    expect(panel).to_have_attribute("aria-modal", "true")
    expect(panel).to_have_css("height", "320px")
    expect(site.frame.locator(".k-hello")).to_have_css("padding-top", "38px")
    site.frame.locator(FIELD).fill("x")
    site.frame.locator(SEND).focus()
    site.frame.locator(SEND).press("Tab")
    expect_focused(site.frame, "[aria-label='Close chat']")
    site.frame.locator("[aria-label='Close chat']").press("Shift+Tab")
    expect_focused(site.frame, SEND)


@pytest.mark.parametrize("size", [(360, 640), (1280, 800), (2560, 1440)], ids=str)
def test_axe_finds_nothing_at_home(
    size: tuple[int, int], open_page: OpenPage, shop: dict[str, Any]
):
    width, height = size
    page = open_page(
        f"/widget/{shop['widget_key']}",
        locale="en",
        viewport={"width": width, "height": height},
    )
    expect(page.locator(HOME)).to_be_visible()
    expect_no_violations(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_a_language_that_is_written_from_right_to_left_mirrors_the_panel(
    open_page: OpenPage, sites: Sites, shop: dict[str, Any]
):
    page = open_page("about:blank")
    config = config_of(page, sites, shop) | {"dir": "rtl"}
    site = sites.opened(open_page, shop["widget_key"], hello={"config": config})

    def left(selector: str) -> float:
        box = site.frame.locator(selector).bounding_box()
        assert box
        return box["x"]

    site.frame.locator(FIELD).fill("שלום")
    assert left("[aria-label='Close chat']") < left(".k-hello-top > span")
    # Words that are written the other way stand on the same side.
    line = site.frame.locator("h2 > p").evaluate(
        "(one) => { const all = new Range(); all.selectNodeContents(one);"
        " return innerWidth - all.getBoundingClientRect().right; }"
    )
    assert line < 40
    assert left(SEND) < left(FIELD) < left("[data-kefu=attach]")
    expect(site.frame.locator("html")).to_have_attribute("dir", "rtl")


def test_targets_and_letters_are_large_enough_for_a_finger(
    open_page: OpenPage, shop: dict[str, Any]
):
    page = open_page(
        f"/widget/{shop['widget_key']}",
        viewport={"width": 360, "height": 640},
        has_touch=True,
        is_mobile=True,
    )
    expect(page.locator(HOME)).to_be_visible()
    small = page.evaluate(
        """[...document.querySelectorAll(".k-panel button")].filter((one) => {
          const { width, height } = one.getBoundingClientRect();
          return one.getClientRects().length && (width < 44 || height < 44);
        }).map((one) => one.outerHTML)"""
    )
    assert small == []
    assert page.evaluate("getComputedStyle(document.querySelector('textarea')).fontSize") == "16px"
    expect(page.get_by_role("button", name="表情")).to_be_hidden()


def test_the_chat_is_seen_where_the_colours_are_the_systems_own(
    open_page: OpenPage, shop: dict[str, Any]
):
    page = open_page(f"/widget/{shop['widget_key']}", forced_colors="active")
    box = page.locator(".k-panel")
    expect(box).to_be_visible()
    assert (
        page.evaluate("getComputedStyle(document.querySelector('.k-panel')).borderTopStyle")
        == "solid"
    )
