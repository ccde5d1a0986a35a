"""What the widget asks before the first message, in a frame of a site's page."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, WebSocketRoute, expect

from tests.browser.conftest import OpenPage
from tests.browser.framed import Site, Sites
from tests.browser.test_accessibility import expect_no_violations

FIELD = "[data-kefu=composer]"
SEND = "[data-kefu=send]"
MESSAGE = "[data-kefu=message]"
PRECHAT = "[data-kefu=prechat]"
OFFLINE = "[data-kefu=offline]"
REALTIME = "**/api/v1/realtime"
NEVER = {"time_zone": "Asia/Shanghai", "week": [[]] * 7}
FORM = {
    "type": "form",
    "fields": [
        {"name": "name", "label": "Name"},
        {"name": "mail", "label": "E-mail", "type": "email"},
        {
            "name": "topic",
            "label": "<b>What is it about?</b>",
            "type": "select",
            "required": True,
            "options": [
                {"label": "An order", "value": "order"},
                {"label": "Else", "value": "else"},
            ],
        },
    ],
}


def label(site: Site, text: str) -> Locator:
    return site.frame.get_by_label(text)


def test_a_form_says_what_is_wrong_at_its_fields_and_begins_one_conversation(
    open_page: OpenPage, sites: Sites
):
    shop = sites.new_inbox(prechat=FORM)
    site = sites.opened(open_page, shop["widget_key"])
    expect(site.frame.locator(PRECHAT)).to_be_visible()
    label(site, "E-mail").fill("noor")
    site.frame.locator(SEND).click()
    expect(site.frame.locator(PRECHAT)).to_contain_text("Please enter a whole e-mail address")
    expect(site.frame.locator(PRECHAT)).to_contain_text("Please fill this in.")
    expect(label(site, "E-mail")).to_be_focused()
    expect(label(site, "E-mail")).to_have_attribute("aria-invalid", "true")
    expect(label(site, "E-mail")).to_have_accessible_description(
        "Please enter a whole e-mail address, such as li@example.com."
    )
    label(site, "E-mail").fill("noor@example.com")
    site.frame.get_by_text("An order").click()
    site.frame.locator(FIELD).fill("The lid is chipped.")
    site.frame.locator(SEND).click()
    expect(site.frame.locator(MESSAGE)).to_contain_text(["The lid is chipped."])
    site.frame.locator(f"{MESSAGE} .k-b").hover()
    expect(site.frame.get_by_role("toolbar")).to_be_visible()  # what shows answers is here, too
    expect(site.frame.locator(f"{MESSAGE} .k-b")).to_contain_text(["The lid is chipped."])
    (begun,) = sites.conversations(shop)
    said = sites.admin.get(f"/conversations/{begun['id']}/messages")["items"]
    answers = next(one["answers"] for one in said if one["type"] == "message")
    assert answers == {"mail": "noor@example.com", "topic": "order"}


def test_fields_have_names_that_browsers_know_and_nothing_in_a_label_is_markup(
    open_page: OpenPage, sites: Sites
):
    shop = sites.new_inbox(prechat=FORM)
    site = sites.opened(open_page, shop["widget_key"])
    expect(label(site, "Name")).to_have_attribute("autocomplete", "name")
    expect(label(site, "E-mail")).to_have_attribute("autocomplete", "email")
    expect(site.frame.get_by_role("radiogroup")).to_have_accessible_name("<b>What is it about?</b>")


def test_what_is_filled_in_survives_a_reload(open_page: OpenPage, sites: Sites):
    shop = sites.new_inbox(prechat=FORM)
    site = sites.opened(open_page, shop["widget_key"])
    label(site, "Name").fill("Noor")
    site.frame.get_by_text("Else").click()
    site.visit()
    expect(label(site, "Name")).to_have_value("Noor")
    expect(label(site, "Else")).to_be_checked()


@pytest.mark.parametrize("is_reloaded", [False, True], ids=["in place", "with a reload"])
def test_a_form_that_is_sent_three_times_on_a_slow_network_is_one_conversation(
    is_reloaded: bool, open_page: OpenPage, sites: Sites
):
    shop = sites.new_inbox(prechat=FORM)
    site = sites.opened(open_page, shop["widget_key"])
    held: list[WebSocketRoute] = []
    site.page.context.route_web_socket(REALTIME, lambda socket: held.append(socket))
    site.frame.get_by_text("An order").click()
    button = site.frame.locator(SEND)
    colour = button.evaluate("(one) => getComputedStyle(one).backgroundColor")
    button.click()
    expect(button).to_have_text("Starting…")
    assert button.evaluate("(one) => getComputedStyle(one).backgroundColor") == colour
    for _ in range(2):
        button.click(force=True)
    expect(site.frame.locator(".k-panel")).to_contain_text("No answer yet")
    if is_reloaded:
        site.visit()
        expect(site.frame.locator(SEND)).to_have_text("Starting…")
    site.page.context.unroute_all()
    site.page.context.route_web_socket(REALTIME, lambda one: one.connect_to_server())
    for socket in held:
        socket.close()
    expect(site.frame.locator(MESSAGE)).not_to_have_count(0)
    assert len(sites.conversations(shop)) == 1


def test_what_the_server_refuses_stands_at_the_field_that_it_names(
    open_page: OpenPage, sites: Sites
):
    form = {"type": "form", "fields": [{"name": "mail", "label": "E-mail", "type": "email"}]}
    shop = sites.new_inbox(prechat=form)
    site = sites.opened(open_page, shop["widget_key"])
    label(site, "E-mail").fill("noor@exa mple".replace(" ", ","))
    site.frame.locator(FIELD).fill("Hello")
    site.frame.locator(SEND).click()
    expect(label(site, "E-mail")).to_have_attribute("aria-invalid", "true")
    expect(label(site, "E-mail")).to_be_focused()
    expect(site.frame.locator(PRECHAT)).to_contain_text("Please check this:")
    label(site, "E-mail").fill("noor@example.com")
    site.frame.locator(SEND).click()
    expect(site.frame.locator(MESSAGE)).to_contain_text(["Hello"])


def test_consent_is_asked_for_with_the_sites_page_and_stored_with_its_time(
    open_page: OpenPage, sites: Sites
):
    consent = {"privacy_page": "https://shop.example.com/privacy", "text": {"en": "I agree."}}
    shop = sites.new_inbox(consent=consent)
    site = sites.opened(open_page, shop["widget_key"])
    expect(site.frame.get_by_role("link", name="Privacy notice")).to_have_attribute(
        "href", "https://shop.example.com/privacy"
    )
    site.frame.locator(FIELD).fill("Hello")
    site.frame.locator(SEND).click()
    expect(label(site, "I agree.")).to_be_focused()
    label(site, "I agree.").check()
    site.frame.locator(SEND).click()
    expect(site.frame.locator(MESSAGE)).to_have_count(1)
    (begun,) = sites.conversations(shop)
    contact = sites.admin.get(f"/contacts/{begun['contact']['id']}")
    assert contact["consented_at"]
    site.frame.get_by_role("button", name="Back").click()
    site.frame.get_by_role("button", name="Start another").click()
    expect(label(site, "I agree.")).to_have_count(0)


def test_a_form_while_nobody_is_there_becomes_a_conversation(open_page: OpenPage, sites: Sites):
    away = {"type": "form", "fields": [{"name": "mail", "label": "E-mail", "type": "email"}]}
    shop = sites.new_inbox(hours=NEVER, offline="form", prechat=FORM, offline_form=away)
    site = sites.opened(open_page, shop["widget_key"])
    form = site.frame.locator(OFFLINE)
    expect(form).to_be_visible()
    expect(form.get_by_role("radiogroup")).to_have_count(0)
    site.frame.locator(FIELD).fill("Do you ship to the islands?")
    site.frame.locator(SEND).click()
    expect(label(site, "E-mail")).to_be_focused()  # or nobody could answer
    label(site, "E-mail").fill("noor@example.com")
    site.frame.locator(SEND).click()
    expect(site.frame.locator(MESSAGE)).to_contain_text(["Do you ship to the islands?"])
    site.frame.locator(FIELD).fill("By ship, I mean.")
    site.frame.locator(FIELD).press("Enter")
    expect(site.frame.locator(MESSAGE)).to_have_count(2)
    (begun,) = sites.conversations(shop)
    assert sites.admin.get(f"/contacts/{begun['contact']['id']}")["email"] == "noor@example.com"


def test_words_that_were_written_before_the_inbox_asked_anything_are_in_the_form(
    open_page: OpenPage, sites: Sites
):
    shop = sites.new_inbox()
    site = sites.opened(open_page, shop["widget_key"])
    expect(site.frame.locator(FIELD)).to_be_visible()
    sites.admin._request("PATCH", f"/inboxes/{shop['id']}", json={"settings": {"prechat": FORM}})
    site.frame.locator(FIELD).fill("The lid is chipped.")
    site.frame.locator(FIELD).press("Enter")
    expect(site.frame.locator(PRECHAT)).to_be_visible()
    expect(site.frame.locator(FIELD)).to_have_value("The lid is chipped.")
    site.frame.get_by_text("An order").click()
    site.frame.locator(SEND).click()
    expect(site.frame.locator(MESSAGE)).to_contain_text(["The lid is chipped."])
    assert len(sites.conversations(shop)) == 1


@pytest.mark.parametrize("size", [(360, 640), (1280, 800)], ids=str)
def test_axe_finds_nothing_in_a_form_with_faults(
    size: tuple[int, int], open_page: OpenPage, sites: Sites
):
    width, height = size
    consent = {"privacy_page": "https://shop.example.com/privacy"}
    shop = sites.new_inbox(prechat=FORM, consent=consent)
    page = open_page(f"/widget/{shop['widget_key']}", viewport={"width": width, "height": height})
    expect(page.locator(PRECHAT)).to_be_visible()
    expect_no_violations(page)
    page.click(SEND)
    expect(page.locator(".k-err")).not_to_have_count(0)
    expect_no_violations(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_what_is_left_while_nobody_comes_is_told_no_place_in_a_queue(
    open_page: OpenPage, sites: Sites
):
    early = [[["02:00", "02:01"]]] * 7
    hours = {"time_zone": "Asia/Shanghai", "week": early}
    shop = sites.new_inbox(hours=hours, offline="form")
    site = sites.opened(open_page, shop["widget_key"])
    label(site, "E-mail").fill("noor@example.com")
    site.frame.locator(FIELD).fill("Do you ship to the islands?")
    site.frame.locator(SEND).click()
    panel = site.frame.locator(".k-panel")
    expect(panel).to_contain_text("It is with us.")
    expect(panel.locator(".k-head").get_by_role("heading")).to_have_text("Your message")
    expect(panel).to_contain_text("Back ")
    expect(site.frame.locator("[data-kefu=queue]")).to_have_count(0)
    expect(panel).not_to_contain_text("next free person")
    expect(panel).not_to_contain_text("You are next")
    expect(site.frame.locator(f"{MESSAGE}[data-from=me]")).to_have_attribute("data-state", "sent")
    expect_no_violations(site.page)
