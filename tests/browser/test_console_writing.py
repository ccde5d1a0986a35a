"""What an agent writes in the console, and what they do with a message."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser import talking
from tests.browser.conftest import OpenConsole
from tests.browser.consoling import CONSOLE, answer, expect_stored, hook, open_chat, said
from tests.browser.desk import Staff
from tests.browser.test_accessibility import expect_no_violations

pytestmark = pytest.mark.usefixtures("nobody_waits")


def act(page: Page, message: Locator, name: str) -> None:
    """Choose something from a message's menu."""
    message.hover()
    message.locator("[data-kefu=acts]").click()
    page.get_by_role("menuitem", name=name).click()


def first_of(agent: Staff, conversation: int) -> int:
    """The number of the first thing that was said."""
    items = agent.get(f"/conversations/{conversation}/messages", after=0, limit=10)["items"]
    return int(next(one["seq"] for one in items if one["type"] == "message"))


def seq_of(message: Locator) -> int:
    return int(message.get_attribute("data-seq") or 0)


def test_a_word_that_finds_no_canned_response_is_not_sent_by_the_key_that_was_to_choose(
    console: Page, visitor: Page, agent: Staff, talk: int
):
    open_chat(console, talk)
    hook(console, "composer").press_sequentially("/refnud")
    expect(console.get_by_text("No canned response has that.")).to_contain_text("once more sends")
    hook(console, "composer").press("Enter")
    expect(console.get_by_text("No canned response has that.")).to_have_count(0)
    expect(hook(console, "composer")).to_have_value("/refnud")
    assert agent.texts(talk) == ["Hello"]
    hook(console, "composer").press("Enter")
    expect_stored(console, "/refnud")
    expect(talking.texts(visitor, "team").last).to_have_text("/refnud")


def test_a_message_is_answered_with_a_quote_that_leads_to_it(
    console: Page, visitor: Page, agent: Staff, talk: int
):
    for number in range(120):
        agent.say(talk, f"no. {number}")
    open_chat(console, talk)
    act(console, said(console, "no. 118"), "Reply to it")
    expect(hook(console, "composer")).to_be_focused()
    expect(hook(console, "quoted")).to_contain_text("no. 118")
    console.reload()
    expect(hook(console, "quoted")).to_contain_text("no. 118")
    hook(console, "quoted").get_by_label("Answer no message").click()
    first = first_of(agent, talk)
    agent.post(f"/conversations/{talk}/messages", client_id="far", text="That one", quote=first)
    quote = said(console, "That one").locator("[data-kefu=quote]")
    expect(quote).to_have_text("An earlier message")
    quote.click()
    expect(console.locator(f'[data-seq="{first}"]')).to_be_in_viewport()
    expect(quote).to_contain_text("Hello")
    act(console, console.locator(f'[data-seq="{first}"]'), "Reply to it")
    answer(console, "Good day")
    expect_stored(console, "Good day")
    expect(hook(console, "quoted")).to_have_count(0)
    expect(said(console, "Good day").locator("[data-kefu=quote]")).to_contain_text("Hello")
    expect(talking.said(visitor, "team").last).to_contain_text("Good day")


def test_a_note_is_quoted_in_notes_alone(console: Page, agent: Staff, talk: int):
    open_chat(console, talk)
    hook(console, "note").click()
    answer(console, "Be gentle")
    expect(said(console, "Be gentle")).to_have_attribute("data-seq", re.compile(r"\d"))
    console.get_by_role("button", name="Reply", exact=True).click()
    act(console, said(console, "Be gentle"), "Reply to it")
    expect(hook(console, "note")).to_have_attribute("aria-pressed", "true")
    expect(hook(console, "quoted")).to_contain_text("Be gentle")
    console.get_by_role("button", name="Reply", exact=True).click()
    expect(hook(console, "quoted")).to_have_count(0)
    answer(console, "One moment")
    expect_stored(console, "One moment")
    last = agent.get(f"/conversations/{talk}/messages", before=10_000, limit=1)["items"][-1]
    assert (last["text"], last.get("quote")) == ("One moment", None)


def test_a_reaction_is_set_by_menu_seen_by_both_and_taken_back_by_a_press(
    console: Page, visitor: Page, talk: int
):
    open_chat(console, talk)
    act(console, said(console, "Hello"), "React with 🎉")
    mine = said(console, "Hello").get_by_role("button", name="🎉 by 小美 Mei")
    expect(mine).to_have_attribute("aria-pressed", "true")
    expect(talking.said(visitor, "me").first).to_contain_text("🎉")
    mine.click()
    expect(mine).to_have_count(0)
    expect(talking.said(visitor, "me").first).not_to_contain_text("🎉")


def test_ones_own_words_are_changed_in_place_and_what_they_were_is_kept(
    console: Page, visitor: Page, talk: int
):
    open_chat(console, talk)
    answer(console, "Tomorow")
    expect_stored(console, "Tomorow")
    seq = seq_of(said(console, "Tomorow"))
    message = console.locator(f'[data-seq="{seq}"]')
    act(console, message, "Edit")
    field = message.get_by_role("textbox")
    expect(field).to_be_focused()
    field.fill("Never mind")
    field.press("Escape")
    expect(message).to_contain_text("Tomorow")
    act(console, message, "Edit")
    field.fill("Tomorrow")
    field.press("Enter")
    expect(message).to_contain_text("Tomorrow")
    expect(talking.texts(visitor, "team").last).to_contain_text("Tomorrow")
    message.get_by_role("button", name="What it said before").click()
    before = console.get_by_role("dialog").get_by_role("listitem")
    expect(before.first).to_contain_text("Tomorow")
    expect(before.last).to_contain_text("Tomorrow")
    expect_no_violations(console)


def test_a_change_that_is_refused_is_taken_back_and_ones_words_are_kept(
    console: Page, agent: Staff, talk: int
):
    open_chat(console, talk)
    answer(console, "Short")
    expect_stored(console, "Short")
    message = console.locator(f'[data-seq="{seq_of(said(console, "Short"))}"]')
    act(console, message, "Edit")
    message.get_by_role("textbox").fill("long " * 3_000)
    message.get_by_role("textbox").press("Enter")
    expect(message.get_by_role("textbox")).to_have_value(re.compile("^long long"))
    expect(console.get_by_text("over 10000 characters")).to_be_visible()
    assert agent.texts(talk)[-1] == "Short"


def test_ones_own_message_is_deleted_when_that_is_meant(
    console: Page, visitor: Page, agent: Staff, talk: int
):
    open_chat(console, talk)
    answer(console, "My password")
    expect_stored(console, "My password")
    said(console, "Hello").hover()
    said(console, "Hello").locator("[data-kefu=acts]").click()
    expect(console.get_by_role("menuitem", name="Copy the text")).to_be_visible()
    expect(console.get_by_role("menuitem", name="Delete")).to_have_count(0)
    console.keyboard.press("Escape")
    act(console, said(console, "My password"), "Delete")
    console.get_by_role("dialog").get_by_role("button", name="Delete").click()
    expect(said(console, "This message was deleted.")).to_be_visible()
    expect(talking.texts(visitor, "team").filter(has_text="My password")).to_have_count(0)
    assert "My password" not in agent.texts(talk)


def test_the_link_of_a_message_leads_to_it_however_old_it_is(
    open_console: OpenConsole, agent: Staff, talk: int
):
    for number in range(130):
        agent.say(talk, f"no. {number}")
    page = open_console(permissions=["clipboard-read", "clipboard-write"])
    open_chat(page, talk)
    act(page, said(page, "no. 129"), "Copy the link")
    expect(page.get_by_text("Copied.")).to_be_visible()
    address = page.evaluate("navigator.clipboard.readText()")
    assert re.search(rf"{CONSOLE}/conversations/{talk}\?message=\d+$", address)
    page.goto(f"{CONSOLE}/all")
    page.goto(re.sub(r"\d+$", str(first_of(agent, talk)), address))
    expect(said(page, "Hello")).to_be_in_viewport()


def test_messages_are_acted_on_by_keyboard_alone(console: Page, agent: Staff, talk: int):
    agent.say(talk, "One")
    agent.say(talk, "Two")
    open_chat(console, talk)
    hook(console, "composer").focus()
    for _ in range(12):
        console.keyboard.press("Shift+Tab")
        if console.evaluate("document.activeElement.dataset.kefu") == "acts":
            break
    expect(said(console, "Two").locator("[data-kefu=acts]")).to_be_focused()
    console.keyboard.press("ArrowUp")
    expect(said(console, "One").locator("[data-kefu=acts]")).to_be_focused()
    console.keyboard.press("Enter")
    console.get_by_role("menu").wait_for()
    expect_no_violations(console)
    console.keyboard.press("Escape")
    expect(said(console, "One").locator("[data-kefu=acts]")).to_be_focused()


def test_a_time_says_what_it_is_where_the_visitor_is(open_console: OpenConsole, talk: int):
    page = open_console(timezone_id="America/New_York")
    open_chat(page, talk)
    expect(said(page, "Hello").locator("time")).to_have_attribute(
        "title", re.compile(r"For the visitor: .+ \(\w+(/\w+)*\)")
    )
