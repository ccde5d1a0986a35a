"""What the team begins: a console begins it, and its contact's page has it at once."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser import talking
from tests.browser.consoling import answer, card, expect_stored, hook, said
from tests.browser.desk import Staff

pytestmark = pytest.mark.usefixtures("nobody_waits")

BEGIN = """async ([contact, form]) => {
  const answer = await fetch(`/api/v1/contacts/${contact}/conversations`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(form),
  });
  return [answer.status, await answer.json()];
}"""


def test_a_conversation_that_the_team_begins_comes_to_the_visitors_page(
    console: Page, visitor: Page, agent: Staff, talk: int
):
    known = agent.get(f"/conversations/{talk}")
    agent.put(f"/conversations/{talk}/status", status="resolved")
    form = {"inbox": known["inbox"], "client_id": "lid-1", "text": "Your lid is here."}
    for _ in range(2):  # a repeat begins none
        status, begun = console.evaluate(BEGIN, [known["contact"]["id"], form])
        assert status == 201, begun
    id = begun["conversation"]["id"]
    assert id != talk
    expect(card(console, id)).to_contain_text("is here now")
    card(console, id).click()
    expect(console).to_have_url(re.compile(f"/console/conversations/{id}$"))
    expect(said(console, "Your lid is here.")).to_have_attribute("data-from", "me")
    expect(console.get_by_text("here now ·")).to_be_visible()
    visitor.get_by_role("button", name="Back").click()  # from the one that is over
    visitor.get_by_text("Your lid is here.").click()
    talking.say(visitor, "Thank you!")
    expect(said(console, "Thank you!")).to_have_attribute("data-from", "visitor")
    answer(console, "You are welcome")
    expect_stored(console, "You are welcome")
    expect(talking.texts(visitor, "team").last).to_have_text("You are welcome")
    expect(hook(console, "conversation-card").and_(card(console, id))).to_have_count(1)
