"""The console's lists: which chats they show, and what is done from them to one or to many."""

from __future__ import annotations

import re
from contextlib import closing

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenConsole
from tests.browser.consoling import card, hook, open_chat
from tests.browser.desk import Staff
from tests.browser.test_accessibility import expect_no_violations
from tests.serving import KefuServer

pytestmark = pytest.mark.usefixtures("nobody_waits")


def undo(page: Page) -> None:
    page.get_by_role("button", name="Undo").click()


def dismiss(page: Page) -> None:
    """Put away what was just said, so that the next is alone."""
    page.get_by_role("button", name="Dismiss").click()
    expect(page.get_by_role("button", name="Dismiss")).to_have_count(0)


def test_a_tag_is_made_with_a_colour_given_taken_and_given_back(
    console: Page, agent: Staff, talk: int
):
    open_chat(console, talk)
    console.get_by_role("button", name="Tags").click()
    find = console.get_by_role("searchbox", name="Find or make a tag")
    find.fill("chipped lid")
    console.get_by_role("radio", name="Teal").check(force=True)
    find.press("Enter")
    tag = console.get_by_role("list", name="Tags").get_by_role("listitem")
    expect(tag).to_have_attribute("data-hue", "teal")
    find.press("Escape")
    expect(find).to_have_count(0)
    dismiss(console)
    tag.get_by_role("button").click()
    expect(tag).to_have_count(0)
    undo(console)
    expect(tag).to_be_visible()
    console.reload()
    expect(tag).to_be_visible()
    colors = {one["name"]: one.get("color") for one in agent.get("/tags")["items"]}
    assert colors["chipped lid"] == "teal"


def test_however_many_tags_there_are_oneself_stays_in_sight(console: Page, agent: Staff, talk: int):
    names = [f"shelf {number}" for number in range(30)]
    agent.put(f"/conversations/{talk}/tags", tags=names)
    last = console.get_by_role("navigation").get_by_role("link", name="shelf 9")
    expect(last).to_have_count(1)
    expect(last).not_to_be_in_viewport()
    expect(console.get_by_role("button", name="小美 Mei")).to_be_in_viewport(ratio=1)
    agent.put(f"/conversations/{talk}/tags", tags=[])


def test_a_list_is_filtered_by_its_address_and_kept_as_a_view(
    console: Page, agent: Staff, visitor: Page, talk: int
):
    agent.put(f"/conversations/{talk}/tags", tags=["glaze"])
    console.get_by_role("link", name="glaze 1").click()
    expect(console).to_have_url(re.compile(r"/console/all\?tag=glaze$"))
    expect(card(console, talk)).to_be_visible()
    console.get_by_role("button", name="Filter and order").click()
    panel = console.get_by_role("dialog", name="Filter and order")
    panel.get_by_label("Priority").select_option("High or more")
    expect(console).to_have_url(re.compile(r"tag=glaze&priority=3$"))
    expect(card(console, talk)).to_have_count(0)
    agent.put(f"/conversations/{talk}/priority", priority=4)
    expect(card(console, talk)).to_contain_text("Urgent")
    panel.get_by_label("Save as a view").fill("Glaze at once")
    panel.get_by_label("Save as a view").press("Enter")
    expect(console).to_have_url(re.compile(r"/console/views/\d+$"))
    expect(console.get_by_role("link", name="Glaze at once 1")).to_be_visible()
    card(console, talk).click()
    agent.put(f"/conversations/{talk}/priority", priority=1)
    expect(console.get_by_role("link", name="Glaze at once", exact=True)).to_be_visible()
    expect(card(console, talk)).to_have_attribute("data-past", "true")
    console.reload()
    expect(console.get_by_role("heading", name="Glaze at once")).to_be_visible()
    expect(console.get_by_text("Nothing passes the filter")).to_be_visible()
    console.get_by_role("button", name="Filter and order").click()
    panel.get_by_role("button", name="Delete").click()
    expect(console.get_by_role("link", name="Glaze at once")).to_have_count(0)
    expect(console.get_by_role("tab", name="All")).to_have_attribute("aria-selected", "true")


def test_what_is_resolved_and_what_names_one_are_lists_of_their_own(
    console: Page, agent: Staff, server: KefuServer, talk: int
):
    me = agent.get("/me")["agent"]["id"]
    path = f"/conversations/{talk}"
    with closing(Staff.of_demo(server, "ben")) as ben:
        ben.post(f"{path}/notes", client_id="named", text="@Mei look", mentions=[me])
    agent.put(f"{path}/status", status="resolved")
    console.reload()
    console.get_by_role("link", name="Resolved").click()
    expect(card(console, talk)).to_be_visible()
    console.get_by_role("link", name="Mentions").click()
    expect(console).to_have_url(re.compile("/console/mentions$"))
    expect(card(console, talk)).to_be_visible()


def test_a_rows_menu_resolves_and_that_can_be_taken_back(console: Page, agent: Staff, talk: int):
    card(console, talk).click(button="right")
    console.get_by_role("menuitem", name="Resolve").click()
    expect(card(console, talk)).to_have_count(0)
    undo(console)
    expect(card(console, talk)).to_be_visible()
    card(console, talk).focus()
    console.keyboard.press("Shift+F10")
    console.get_by_role("menuitem", name="Priority").press("ArrowRight")
    console.get_by_role("menuitem", name="Urgent").press("Enter")
    expect(card(console, talk)).to_contain_text("Urgent")
    console.get_by_role("button", name="Undo").last.click()
    expect(card(console, talk)).not_to_contain_text("Urgent")
    console.reload()
    expect(card(console, talk)).not_to_contain_text("Urgent")


def test_what_was_read_is_unread_again_until_it_is_opened(
    console: Page, agent: Staff, visitor: Page, talk: int
):
    open_chat(console, talk)
    unread = card(console, talk).get_by_text("1 unread")
    expect(unread).to_have_count(0)
    hook(console, "composer").press("Escape")
    console.keyboard.press("u")
    expect(hook(console, "composer")).to_have_count(0)
    expect(unread).to_be_visible()
    console.reload()
    expect(unread).to_be_visible()
    card(console, talk).click()
    expect(hook(console, "composer")).to_be_visible()
    expect(unread).to_have_count(0)
    card(console, talk).click(button="right")
    console.get_by_role("menuitem", name="Mark as unread").click()
    expect(hook(console, "composer")).to_have_count(0)
    expect(unread).to_be_visible()
    undo(console)
    expect(unread).to_have_count(0)


def test_many_are_chosen_tagged_and_resolved_and_that_can_be_taken_back(
    console: Page, agent: Staff
):
    me = agent.get("/me")["agent"]["id"]
    inbox = agent.get("/inboxes")["items"][0]["id"]
    all = []
    for name in ("Ada", "Bo", "Cy"):
        contact = agent.post("/contacts", inbox=inbox, name=name)["id"]
        begun = agent.post(
            f"/contacts/{contact}/conversations", inbox=inbox, client_id=f"b{name}", text="Hello"
        )
        all.append(begun["conversation"]["id"])
    first, second, third = all
    expect(card(console, third)).to_be_visible()
    console.get_by_role("checkbox", name="Choose Cy").check(force=True)
    card(console, first).click(modifiers=["Shift"])
    expect(console.get_by_text("3 chosen")).to_be_visible()
    console.get_by_role("checkbox", name="Choose Bo").uncheck(force=True)
    bar = console.get_by_role("toolbar")
    bar.get_by_role("button", name="Tags").click()
    console.get_by_role("searchbox").fill("lids")
    console.get_by_role("searchbox").press("Enter")
    expect(card(console, first)).to_contain_text("lids")
    expect(card(console, third)).to_contain_text("lids")
    expect(card(console, second)).not_to_contain_text("lids")
    console.get_by_role("searchbox").press("Escape")
    card(console, second).focus()
    console.keyboard.press("Control+a")
    expect(console.get_by_text("3 chosen")).to_be_visible()
    dismiss(console)
    bar.get_by_role("button", name="Resolve").click()
    for conversation in all:
        expect(card(console, conversation)).to_have_count(0)
    expect(bar).to_have_count(0)
    undo(console)
    for conversation in all:
        expect(card(console, conversation)).to_be_visible()
        assert agent.get(f"/conversations/{conversation}")["assignee"]["id"] == me


def test_filter_menu_and_bar_are_fit_for_all(open_console: OpenConsole, talk: int):
    page = open_console(viewport={"width": 360, "height": 740}, has_touch=True)
    expect(card(page, talk)).to_be_visible()
    page.get_by_role("button", name="Filter and order").click()
    expect(page.get_by_label("Save as a view")).to_be_visible()
    expect_no_violations(page)
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Lists").click()
    expect(page.get_by_role("menuitem", name="Resolved")).to_be_visible()
    expect_no_violations(page)
    page.keyboard.press("Escape")
    card(page, talk).focus()
    page.keyboard.press("Space")
    expect(page.get_by_text("1 chosen")).to_be_visible()
    expect_no_violations(page)
    page.get_by_role("button", name="What to do", exact=True).click()
    expect(page.get_by_role("menuitem", name="Snooze")).to_be_visible()
    expect_no_violations(page)
