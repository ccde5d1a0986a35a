"""The conversation in the widget: a visitor in the browser, an agent by the REST API."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenPage
from tests.browser.desk import Staff
from tests.browser.talking import (
    WIDGET,
    begin,
    composer,
    said,
    say,
    texts,
)

pytestmark = pytest.mark.browser


@pytest.fixture
def visitor(open_page: OpenPage) -> Page:
    """A visitor's chat that nothing was said in yet."""
    page = open_page(WIDGET, locale="en-GB", viewport={"width": 400, "height": 680})
    expect(composer(page)).to_be_visible()
    return page


def test_a_visitor_and_an_agent_talk(visitor: Page, agent: Staff):
    conversation = begin(visitor, agent, "Is anybody there?")
    expect(visitor.locator("[data-kefu=queue]")).to_be_visible()
    agent.pick(conversation)
    expect(visitor.locator(".k-head h1")).to_have_text("小美 Mei")
    expect(visitor.locator("[data-kefu=queue]")).to_have_count(0)
    agent.say(conversation, "Yes.")
    expect(said(visitor, "team")).to_have_attribute("data-state", "read")
    expect(said(visitor, "me")).to_have_attribute("data-state", "read")  # who answers has read
    say(visitor, "Thanks")
    expect(texts(visitor)).to_have_text(["Is anybody there?", "Yes.", "Thanks"])
    assert agent.texts(conversation) == ["Is anybody there?", "Yes.", "Thanks"]


def test_what_became_of_ones_newest_words_stands_under_them_in_words(
    visitor: Page,
    agent: Staff,
):
    conversation = begin(visitor, agent, "One")
    say(visitor, "Two")
    expect(visitor.locator(".k-meta")).to_have_count(1)
    expect(said(visitor).last.locator(".k-meta")).to_contain_text("Sent")
    seq = agent.get(f"/conversations/{conversation}")["last_seq"]
    agent.put(f"/conversations/{conversation}/delivered", seq=seq)
    expect(said(visitor).last.locator(".k-meta")).to_contain_text("Delivered")
    agent.put(f"/conversations/{conversation}/read", seq=seq)
    expect(said(visitor).last.locator(".k-meta")).to_contain_text("Read")
    expect(said(visitor).last).to_have_attribute("data-state", "read")


def test_a_reload_finds_the_conversation_and_the_draft_again(
    visitor: Page,
    agent: Staff,
):
    conversation = begin(visitor, agent)
    composer(visitor).fill("half a thou")
    visitor.reload()
    expect(texts(visitor)).to_have_text(["在吗？"])
    expect(composer(visitor)).to_have_value("half a thou")
    agent.say(conversation, "在的。")
    expect(texts(visitor)).to_have_text(["在吗？", "在的。"])


def test_a_second_tab_shows_the_same_and_hears_what_the_first_says(
    visitor: Page,
    agent: Staff,
):
    begin(visitor, agent)
    second = visitor.context.new_page()
    second.goto(WIDGET)
    expect(texts(second)).to_have_text(["在吗？"])
    say(visitor, "One more")
    expect(texts(second)).to_have_text(["在吗？", "One more"])
    say(second, "And another")
    expect(texts(visitor)).to_have_text(["在吗？", "One more", "And another"])


def test_the_end_says_who_closed_it_and_writing_again_opens_it(
    visitor: Page,
    agent: Staff,
):
    conversation = begin(visitor, agent)
    agent.pick(conversation)
    agent.put(f"/conversations/{conversation}/status", status="resolved")
    expect(visitor.locator(".k-note").last).to_have_text(
        re.compile(r"小美 Mei closed the conversation · \d\d:\d\d")
    )
    expect(visitor.locator(".k-head p")).to_have_text(re.compile(r"Closed · Today, \d\d:\d\d"))
    visitor.get_by_role("button", name="Write again").click()
    say(visitor, "One more thing")
    expect(visitor.locator(".k-note").last).to_contain_text("The conversation goes on")
    assert agent.get(f"/conversations/{conversation}")["status"] == "open"
