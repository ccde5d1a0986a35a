"""What an agent writes in the console, and what they do with a message."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser import talking
from tests.browser.consoling import expect_stored, hook, open_chat
from tests.browser.desk import Staff

pytestmark = pytest.mark.usefixtures("nobody_waits")


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
