"""What the widget offers by mail, and what in its place where the server sends none."""

from __future__ import annotations

import secrets
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import OpenPage
from tests.browser.desk import Production, Staff
from tests.browser.framed import Sites
from tests.browser.talking import begin, composer, expect_stored, said
from tests.browser.test_accessibility import expect_no_violations

SIZE = {"width": 400, "height": 680}
NEVER = {"time_zone": "Asia/Shanghai", "week": [[]] * 7}
BY_MAIL = ("E-mail me", "Leave a message instead", "Send me the transcript")


def new_inbox(admin: Staff, **settings: Any) -> str:
    """The address of the widget of a new inbox with these settings."""
    name = f"Shop {secrets.token_hex(3)}"
    return f"/widget/{admin.post('/inboxes', name=name, settings=settings)['widget_key']}"


def menu(page: Page) -> Locator:
    page.get_by_role("button", name="More").click()
    return page.get_by_role("menu")


def choose(page: Page, item: str) -> None:
    menu(page).get_by_text(item, exact=True).click()


@pytest.fixture
def mailing(production: Production, admin: Staff, open_page: OpenPage) -> Page:
    """A chat of a server that sends mail."""
    page = open_page(production.base_url + new_inbox(admin), locale="en-GB", viewport=SIZE)
    expect(composer(page)).to_be_visible()
    return page


# With mail


def test_the_ways_out_open_over_the_queue_and_escape_leads_back(mailing: Page, admin: Staff):
    begin(mailing, admin)
    card = mailing.locator("[data-kefu=queue]")
    for name in ("E-mail me", "Leave a message instead"):
        card.get_by_role("button", name=name).click()
        sheet = mailing.get_by_role("dialog")
        expect(sheet).to_be_visible()
        expect(sheet.locator(":focus")).to_have_count(1)
        mailing.keyboard.press("Escape")
        expect(sheet).to_have_count(0)
        expect(card).to_be_visible()


def test_an_address_is_left_at_any_time_and_a_wrong_one_is_told(mailing: Page, admin: Staff):
    conversation = begin(mailing, admin, "Hello")
    choose(mailing, "E-mail me")
    dialog = mailing.get_by_role("dialog", name="E-mail me")
    dialog.get_by_label("E-mail address").fill("li@")
    dialog.get_by_role("button", name="Save").click()
    expect(dialog.locator(".k-err")).to_have_text("Please check the e-mail address.")
    expect(dialog.get_by_label("E-mail address")).to_be_focused()
    expect_no_violations(mailing)
    dialog.get_by_label("E-mail address").fill(" li@example.com ")
    dialog.get_by_role("button", name="Save").click()
    expect(dialog).to_contain_text("li@example.com")
    expect_no_violations(mailing)
    dialog.get_by_role("button", name="Close").last.click()
    expect(dialog).to_have_count(0)
    contact = admin.get(f"/conversations/{conversation}")["contact"]["id"]
    assert admin.get(f"/contacts/{contact}")["email"] == "li@example.com"


def test_whoever_waits_can_leave_words_and_an_address_instead(mailing: Page, admin: Staff):
    conversation = begin(mailing, admin, "Anybody?")
    mailing.get_by_role("button", name="Leave a message instead").click()
    dialog = mailing.get_by_role("dialog")
    dialog.get_by_role("button", name="Send").click()
    expect(dialog.get_by_role("textbox").first).to_be_focused()
    dialog.get_by_role("textbox").first.fill("Please write to me about lids.")
    dialog.get_by_role("textbox").last.fill("li@example.com")
    dialog.get_by_role("button", name="Send").click()
    expect(dialog).to_contain_text("li@example.com")
    expect_stored(mailing, "Please write to me about lids.")
    assert admin.texts(conversation) == ["Anybody?", "Please write to me about lids."]


def test_a_transcript_goes_once_there_is_an_answer_and_an_address(mailing: Page, admin: Staff):
    conversation = begin(mailing, admin, "Hello")
    choose(mailing, "E-mail me")
    left = mailing.get_by_role("dialog", name="E-mail me")
    left.get_by_label("E-mail address").fill("li@example.com")
    left.get_by_role("button", name="Save").click()
    left.get_by_role("button", name="Close").last.click()
    dialog = mailing.get_by_role("dialog", name="Send me the transcript")
    choose(mailing, "Send me the transcript")
    expect(dialog).to_contain_text("before somebody has answered")
    dialog.get_by_role("button", name="Close").click()
    admin.say(conversation, "Here.")
    expect(said(mailing, "team")).to_have_count(1)
    choose(mailing, "Send me the transcript")
    expect(dialog).to_contain_text("It is on its way to li@example.com.")


# Without mail, as in the demo


def test_a_server_without_mail_offers_none(visitor: Page, agent: Staff):
    conversation = begin(visitor, agent, "Hello")
    expect(visitor.locator("[data-kefu=queue]")).to_be_visible()
    expect(menu(visitor).get_by_text("Save the transcript")).to_be_visible()
    for name in BY_MAIL:
        expect(visitor.get_by_text(name)).to_have_count(0)
    visitor.keyboard.press("Escape")
    agent.pick(conversation)
    agent.put(f"/conversations/{conversation}/status", status="resolved")
    visitor.get_by_role("radio", name="Good", exact=True).check()
    visitor.locator("[data-kefu=rating]").get_by_role("button", name="Send").click()
    expect(visitor.get_by_role("button", name="Save the transcript")).to_be_visible()
    for name in BY_MAIL:
        expect(visitor.get_by_text(name)).to_have_count(0)


def test_the_transcript_is_saved_as_a_file_with_all_that_was_said(
    visitor: Page, talk: int, agent: Staff
):
    for count in range(60):  # more than one page
        agent.say(talk, f"Line {count}\nand more")
    expect(said(visitor, "team").last).to_contain_text("Line 59")
    visitor.reload()
    expect(said(visitor, "team").last).to_contain_text("Line 59")
    expect(said(visitor, "me")).to_have_count(0)
    with visitor.expect_download() as saving:
        choose(visitor, "Save the transcript")
    assert saving.value.suggested_filename == "Plain Kettle.txt"
    text = Path(saving.value.path()).read_text("utf-8")
    first, *others = text.split("\n\n")
    assert (first.partition(",")[0], first.partition("\n")[2]) == ("You", "Hello")
    assert [one.partition("\n")[2] for one in others] == [
        f"Line {count}\nand more" for count in range(60)
    ]
    assert others[0].startswith("小美 Mei, ")


@pytest.mark.parametrize("is_sent", [True, False], ids=["mail", "no mail"])
def test_a_form_while_nobody_is_there_promises_a_letter_only_where_one_can_go(
    is_sent: bool, open_page: OpenPage, sites: Sites, request: pytest.FixtureRequest
):
    settings: dict[str, Any] = {"hours": NEVER, "offline": "form"}
    if is_sent:
        admin: Staff = request.getfixturevalue("admin")
        base = request.getfixturevalue("production").base_url
    else:
        admin, base = sites.admin, sites.server.base_url
    page = open_page(base + new_inbox(admin, **settings), locale="en-GB", viewport=SIZE)
    form = page.locator("[data-kefu=offline]")
    words = "We answer by e-mail, and here." if is_sent else "We answer here."
    expect(form).to_contain_text(words)
    form.get_by_label("E-mail").fill("noor@example.com")
    composer(page).fill("Do you ship to the islands?")
    page.locator("[data-kefu=send]").click()
    expect(page.get_by_text("It is with us.")).to_be_visible()
    expect(page.get_by_role("button", name="E-mail me")).to_have_count(int(is_sent))
