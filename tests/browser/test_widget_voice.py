"""Voice notes in the widget, recorded with the browser's fake microphone."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenPage
from tests.browser.desk import Staff
from tests.browser.talking import WIDGET, begin, composer, said
from tests.browser.test_accessibility import expect_no_violations
from tests.browser.test_widget_files import expect_sent, files_in

ENGLISH = {"locale": "en-GB", "viewport": {"width": 400, "height": 680}}


@pytest.fixture
def visitor(open_page: OpenPage) -> Page:
    """A visitor whose browser may use the microphone."""
    page = open_page(WIDGET, **ENGLISH, permissions=["microphone"])
    expect(composer(page)).to_be_visible()
    return page


def record(page: Page, seconds: int = 1) -> None:
    page.get_by_role("button", name="Record a voice note").click()
    expect(page.get_by_role("timer")).to_have_text(f"0:0{seconds}")


def test_a_voice_note_is_recorded_listened_to_sent_and_played(visitor: Page, agent: Staff):
    conversation = begin(visitor, agent, "Hello")
    record(visitor)
    expect(composer(visitor)).to_have_count(0)
    expect_no_violations(visitor)
    visitor.get_by_role("button", name="Stop and listen").click()
    player = visitor.locator(".k-record .k-voice")
    expect(player).to_contain_text("0:00 / 0:0")
    expect_no_violations(visitor)
    player.get_by_role("button", name="Play voice note").click()
    expect(player.get_by_role("button", name="Pause")).to_be_visible()
    visitor.locator("[data-kefu=send]").click()
    expect(composer(visitor)).to_be_focused()
    expect_sent(visitor, 2)
    [file] = files_in(agent, conversation)
    assert file["type"] in ("audio/webm", "audio/mp4")
    visitor.reload()
    note = said(visitor, "me").last.locator(".k-voice")
    note.get_by_role("button", name="Play voice note").click()
    expect(note.get_by_role("button", name="Pause")).to_be_visible()
    expect(note).to_contain_text("/ 0:0")  # its length, which came with it or was found
    expect(note.get_by_role("button", name="Play voice note")).to_be_visible()  # it has ended
    expect_no_violations(visitor)


def test_a_voice_note_may_be_the_first_thing_that_is_said(visitor: Page, agent: Staff):
    record(visitor)
    visitor.get_by_role("button", name="Send").click()
    expect_sent(visitor, 1)
    expect(said(visitor, "me").locator(".k-voice")).to_be_visible()


def test_what_is_discarded_is_not_sent_and_lets_the_microphone_go(visitor: Page, agent: Staff):
    begin(visitor, agent, "Hello")
    visitor.evaluate(
        """() => {
             const devices = navigator.mediaDevices;
             const ask = devices.getUserMedia.bind(devices);
             devices.getUserMedia = async (what) => (window.stream = await ask(what));
           }"""
    )
    record(visitor)
    visitor.keyboard.press("Escape")
    expect(composer(visitor)).to_be_focused()
    visitor.wait_for_function("stream.getTracks().every((one) => one.readyState === 'ended')")
    expect(said(visitor, "me")).to_have_count(1)


def test_one_voice_note_plays_at_a_time_and_is_heard_from_anywhere(visitor: Page, agent: Staff):
    begin(visitor, agent, "Hello")
    for count in (2, 3):
        record(visitor, seconds=2)
        visitor.get_by_role("button", name="Send").click()
        expect_sent(visitor, count)
    first, second = said(visitor, "me").locator(".k-voice").all()
    first.get_by_role("button", name="Play voice note").click()
    expect(first.get_by_role("button", name="Pause")).to_be_visible()
    second.get_by_role("button", name="Play voice note").click()
    expect(second.get_by_role("button", name="Pause")).to_be_visible()
    expect(first.get_by_role("button", name="Pause")).to_have_count(0)
    second.get_by_role("button", name="Pause").click()
    second.get_by_role("slider").fill("1.5")
    place = re.compile("0:01 / 0:0[12]")  # a busy machine records a little less than two seconds
    expect(second).to_contain_text(place)
    expect(second.get_by_role("slider")).to_have_attribute("aria-valuetext", place)


def test_a_microphone_that_is_not_allowed_is_told_in_words(open_page: OpenPage, agent: Staff):
    page = open_page(WIDGET, **ENGLISH)
    begin(page, agent, "Hello")
    page.get_by_role("button", name="Record a voice note").click()
    expect(page.get_by_role("alert")).to_contain_text("The microphone is not allowed here.")
    expect_no_violations(page)
    page.get_by_role("button", name="Discard the voice note").click()
    expect(composer(page)).to_be_focused()
