"""The console's lists: which chats they show, and what is done from them to one or to many."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.consoling import open_chat
from tests.browser.desk import Staff

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
