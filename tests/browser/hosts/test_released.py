"""Each loader that was released, pinned by a page, with the frame of today."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from kefu.widget.loaders import Loader, released
from tests.browser.hosts.conftest import Look

LOADERS = released()


def test_there_is_a_released_loader():
    assert LOADERS


@pytest.mark.parametrize("loader", LOADERS, ids=lambda one: one.version)
def test_a_pinned_loader_opens_todays_chat_hears_it_and_closes_it(look: Look, loader: Loader):
    visit = look(f"strict?script={loader.name}&integrity={loader.integrity.replace('+', '%2B')}")
    visit.page.evaluate(
        "Kefu('on', 'conversation', ({ detail }) => document.title = detail.status)"
    )
    visit.open()
    composer = visit.frame.locator("[data-kefu=composer]")
    composer.fill("Does the oak lid fit?")
    composer.press("Enter")
    said = visit.frame.locator("[data-kefu=message][data-from=me]").last
    expect(said).to_contain_text("Does the oak lid fit?")
    expect(said).not_to_have_attribute("data-state", "sending")
    visit.page.wait_for_function("() => localStorage.length === 1")
    conversation = visit.shop.staff.get("/conversations", limit=1)["items"][0]["id"]
    visit.page.keyboard.press("Escape")
    expect(visit.panel).to_be_hidden()
    expect(visit.launcher).to_be_visible()
    visit.shop.staff.say(conversation, "It does.")
    expect(visit.page.locator("#kefu-launcher b")).to_have_text("1")
    expect(visit.button).to_have_accessible_name("Open chat, 1 unread message")
    visit.frame.get_by_role("status").get_by_text("It does.").click()
    expect(visit.launcher).to_be_hidden()
    expect(visit.frame.locator("[data-kefu=message]").last).to_contain_text("It does.")
    loaded = [path for path in visit.asked_of_kefu() if path.startswith("/kefu")]
    assert loaded[0] == f"/{loader.name}"
    assert len(loaded) == 2  # and its own panel
    visit.call("shutdown")
    expect(visit.launcher).not_to_be_attached()
