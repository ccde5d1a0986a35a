"""What a visitor is told unbidden, and what the team is told of visitors: both with restraint."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Request, expect

from kefu.site import CLIENT
from tests.browser.hosts.conftest import Look, Shop, Visit

PRICES = {
    "name": "prices",
    "text": {"en": "Any questions about our prices?"},
    "after_s": 30,
    "pages": ["/plain*"],
}
AFTER_MS = 30_000
CONNECT = """async ([address, url, token]) => {
  const { connect, portsOf } = await import(address);
  window.client = connect({ url, side: "team", token, ports: portsOf(window) });
}"""
GPC = "Object.defineProperty(navigator, 'globalPrivacyControl', { value: true })"


@pytest.fixture
def inviting(shop: Shop) -> Iterator[Shop]:
    shop.set(invitations=[PRICES])
    yield shop
    shop.set(invitations=[])


@pytest.fixture
def watching(shop: Shop) -> Iterator[Shop]:
    shop.set(watch_visitors=True)
    yield shop
    shop.set(watch_visitors=False)


@pytest.fixture
def staffed(shop: Shop, browser: Browser) -> Iterator[Page]:
    """Somebody of the team is there, on a page of their own."""
    me = shop.staff.get("/me")["agent"]["id"]
    shop.staff.put(f"/inboxes/{shop.inbox}/agents", agents=[me])
    shop.staff.put("/availability", availability="online")
    page = browser.new_page()
    page.goto(f"{shop.kefu.base_url}/licenses")
    token = shop.staff.token
    page.evaluate(CONNECT, [f"/{CLIENT}", shop.kefu.base_url, token])
    page.wait_for_function("() => client.status === 'live'")
    yield page
    page.evaluate("client.dispose()")
    page.close()


def with_clock(visit: Visit) -> None:
    visit.page.clock.install()


def with_gpc(visit: Visit) -> None:
    visit.page.clock.install()
    visit.page.add_init_script(GPC)


def loaded(visit: Visit) -> None:
    """The frame is there, closed, and has what it tells."""
    expect(visit.launcher).to_be_visible()
    with visit.page.expect_response("**/assets/offers-*.js"):
        visit.page.clock.run_for(1_000)
    expect(visit.panel).to_be_hidden()


def pass_time(visit: Visit, until: Callable[[], bool]) -> None:
    """The time of an invitation passes, until something comes of it.

    What waits for it is loaded, but may be on its way to waiting.
    """
    for _ in range(100):
        visit.page.clock.fast_forward(AFTER_MS)
        visit.page.wait_for_timeout(50)  # lets the frame's words pass
        if until():
            return


def small(visit: Visit) -> Any:
    return visit.frame.get_by_role("status").get_by_role("button").first


def test_an_invitation_comes_after_its_time_once_a_day_and_is_answered(
    look: Look, inviting: Shop, staffed: Page
):
    visit = look("plain", prepare=with_clock)
    loaded(visit)
    pass_time(visit, visit.panel.is_visible)
    expect(visit.panel).to_be_visible()
    expect(small(visit)).to_contain_text("Any questions about our prices?")
    expect(visit.launcher).to_be_visible()
    assert visit.page.evaluate("localStorage.length") == 0
    small(visit).click()
    expect(visit.launcher).to_be_hidden()
    composer = visit.frame.locator("[data-kefu=composer]")
    composer.fill("How much is the oak lid?")
    composer.press("Enter")
    asked = (
        "client.conversations.find((one) => one.last_message?.text === 'How much is the oak lid?')"
    )
    staffed.wait_for_function(f"() => {asked}")
    told = staffed.evaluate(f"{asked}.id")
    assert inviting.staff.texts(told)[:2] == [
        "Any questions about our prices?",
        "How much is the oak lid?",
    ]


def test_an_invitation_that_was_shown_is_not_shown_again_that_day(
    look: Look, inviting: Shop, staffed: Page
):
    visit = look("plain", prepare=with_clock)
    loaded(visit)
    pass_time(visit, visit.panel.is_visible)
    expect(visit.panel).to_be_visible()
    visit.frame.get_by_role("button", name="Dismiss this preview").click()
    expect(visit.panel).to_be_hidden()
    visit.page.reload()
    loaded(visit)
    visit.page.clock.fast_forward(2 * AFTER_MS)
    visit.page.wait_for_load_state("networkidle")
    expect(visit.panel).to_be_hidden()


def test_nobody_is_invited_while_nobody_is_there(look: Look, inviting: Shop):
    visit = look("plain", prepare=with_clock)
    loaded(visit)
    asked = len(visit.asked_of_kefu())
    pass_time(visit, lambda: len(visit.asked_of_kefu()) > asked)  # whether somebody is there
    assert len(visit.asked_of_kefu()) > asked
    visit.page.wait_for_load_state("networkidle")
    expect(visit.panel).to_be_hidden()


def test_other_pages_invite_nobody(look: Look, inviting: Shop, staffed: Page):
    visit = look("silent", prepare=with_clock)
    loaded(visit)
    visit.page.clock.fast_forward(AFTER_MS)
    visit.page.wait_for_load_state("networkidle")
    expect(visit.panel).to_be_hidden()


def test_an_invitation_never_comes_over_an_open_panel(look: Look, inviting: Shop, staffed: Page):
    visit = look("plain", prepare=with_clock)
    loaded(visit)
    visit.open()
    visit.page.clock.fast_forward(AFTER_MS)
    visit.page.wait_for_load_state("networkidle")
    assert box_height(visit) > 300
    expect(visit.frame.get_by_text("Any questions about our prices?")).to_have_count(0)


def test_under_global_privacy_control_there_is_no_frame_before_the_first_opening(
    look: Look, inviting: Shop, watching: Shop, staffed: Page
):
    visit = look("plain", prepare=with_gpc)
    expect(visit.launcher).to_be_visible()
    visit.page.clock.run_for(5_000)
    visit.page.clock.fast_forward(AFTER_MS)
    visit.page.wait_for_load_state("networkidle")
    expect(visit.panel).not_to_be_attached()
    assert len(visit.asked_of_kefu()) == 2
    visit.open()
    visit.page.clock.run_for(AFTER_MS)
    assert [path for path in visit.asked_of_kefu() if path.endswith("/visit")] == []


def newest(watching: Shop) -> dict[str, Any]:
    """Who came to the site last; others may be on it still."""
    items: list[dict[str, Any]] = watching.staff.get("/visitors")["items"]
    return max(items, key=lambda one: one["since"])


def test_who_is_on_the_site_is_told_to_the_team_and_kept_nowhere(look: Look, watching: Shop):
    visit = look("plain", prepare=with_clock)
    told: list[Request] = []
    visit.page.on("request", lambda one: told.append(one) if one.url.endswith("/visit") else None)
    with visit.page.expect_response("**/visit"):
        loaded(visit)
    seen = newest(watching)
    assert seen["page"] == f"{watching.hosts.origin}/plain"
    assert (seen["title"], seen["language"]) == ("Harbour & Oak", "en")
    assert visit.page.evaluate("localStorage.length + sessionStorage.length") == 0
    assert visit.page.context.cookies() == []
    visit.page.evaluate("history.pushState({}, '', '/oak')")
    with visit.page.expect_response("**/visit"):
        visit.page.clock.run_for(1_000)
    seen = newest(watching)
    assert seen["page"].endswith("/oak")
    with visit.page.expect_response("**/visit"):
        visit.page.clock.run_for(30_000)
    assert len({json.loads(one.post_data or "")["visit"] for one in told}) == 1


def test_a_page_stops_telling_when_the_inbox_stops_watching(look: Look, watching: Shop):
    visit = look("plain", prepare=with_clock)
    with visit.page.expect_response("**/visit") as first:
        loaded(visit)
    assert first.value.ok
    watching.set(watch_visitors=False)
    with visit.page.expect_response("**/visit") as refused:
        visit.page.clock.run_for(31_000)
    assert refused.value.status == 409
    count = sum(path.endswith("/visit") for path in visit.asked_of_kefu())
    visit.page.clock.run_for(95_000)
    assert sum(path.endswith("/visit") for path in visit.asked_of_kefu()) == count


def test_without_its_setting_nobody_is_watched(look: Look):
    visit = look("plain", prepare=with_clock)
    visit.open()
    visit.page.clock.run_for(35_000)
    assert [path for path in visit.asked_of_kefu() if path.endswith("/visit")] == []


def test_what_came_in_while_the_panel_was_closed_is_shown_small_and_stays_dismissed(
    look: Look, shop: Shop, staffed: Page
):
    visit = look("plain")
    visit.open()
    composer = visit.frame.locator("[data-kefu=composer]")
    composer.fill("Is anybody there?")
    composer.press("Enter")
    staffed.wait_for_function(
        "() => client.conversations.some((one) => one.status === 'open' || one.status === 'queued')"
    )
    visit.page.wait_for_function("() => localStorage.length === 1")
    visit.call("close")
    conversation = shop.staff.get("/conversations", limit=1)["items"][0]["id"]
    shop.staff.say(conversation, "The oak lid **fits**.")
    expect(visit.button).to_have_accessible_name("Open chat, 1 unread message")
    expect(small(visit)).to_contain_text("The oak lid fits.")
    visit.frame.get_by_role("button", name="Dismiss this preview").click()
    expect(visit.panel).to_be_hidden()
    visit.page.reload()
    expect(visit.page.locator("#kefu-launcher b")).to_have_text("1")
    expect(visit.panel).to_be_hidden()
    shop.staff.say(conversation, "Shall I add it?")
    expect(small(visit)).to_contain_text("Shall I add it?")
    small(visit).click()
    expect(visit.frame.locator("[data-kefu=message]").last).to_contain_text("Shall I add it?")


def test_who_wants_to_hear_of_messages_sees_their_number_in_the_sites_title(look: Look, shop: Shop):
    visit = look("plain")
    visit.open()
    composer = visit.frame.locator("[data-kefu=composer]")
    composer.fill("Shall I wait?")
    composer.press("Enter")
    visit.page.wait_for_function("() => localStorage.length === 1")
    visit.call("close")
    (conversation,) = (
        one["id"]
        for one in shop.staff.get("/conversations", limit=50)["items"]
        if one["last_message"]["text"] == "Shall I wait?"
    )
    badge = visit.page.locator("#kefu-launcher b")
    shop.staff.say(conversation, "Yes, please.")
    expect(badge).to_have_text("1")
    expect(visit.page).to_have_title("Harbour & Oak")
    composer.evaluate("(_, key) => localStorage.setItem(key, '1')", f"kefu.{shop.key}.sound")
    shop.staff.say(conversation, "A minute.")
    expect(visit.page).to_have_title("(2) Harbour & Oak")
    visit.open()
    expect(visit.page).to_have_title("Harbour & Oak")


def box_height(visit: Visit) -> float:
    found = visit.panel.bounding_box()
    assert found
    return found["height"]
