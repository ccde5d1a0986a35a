"""The conversation in the widget: a visitor in the browser, an agent by the REST API."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenPage
from tests.browser.desk import Staff
from tests.browser.talking import (
    WIDGET,
    Gate,
    begin,
    composer,
    newest,
    said,
    say,
    texts,
    write,
)
from tests.browser.test_accessibility import expect_no_violations
from tests.outbound.test_letters import PAYLOADS
from tests.serving import KefuServer


@pytest.fixture
def admin(server: KefuServer) -> Iterator[Staff]:
    staff = Staff.of_demo(server, "ada")
    yield staff
    staff.close()


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
    expect(visitor.locator(".k-head p")).to_have_text(re.compile(r"Closed · Today \d\d:\d\d"))
    visitor.get_by_role("button", name="Write again").click()
    say(visitor, "One more thing")
    expect(visitor.locator("[data-kefu=queue]")).to_be_visible()  # who had it has no page open
    agent.pick(conversation)
    expect(visitor.locator(".k-note").last).to_contain_text("小美 Mei is here for you")
    assert agent.texts(conversation) == ["在吗？", "One more thing"]


def test_the_teams_words_are_markdown_and_ones_own_are_as_they_were_written(
    visitor: Page, agent: Staff
):
    text = "**Hello** 2*3*4\n\n1. `a`\n3. [b](https://shop.example/_x_/)\n\n> ~~c~~"
    conversation = begin(visitor, agent, "*plain* https://shop.example/a_b_c.")
    agent.say(conversation, text)
    own, theirs = texts(visitor, "me"), texts(visitor, "team")
    expect(own.locator("a")).to_have_text("https://shop.example/a_b_c")
    expect(own).to_contain_text("*plain*")
    expect(theirs.locator("strong")).to_have_text("Hello")
    expect(theirs.locator("li").nth(1)).to_have_attribute("value", "3")
    expect(theirs.locator("blockquote s")).to_have_text("c")
    link = theirs.locator("a")
    expect(link).to_have_attribute("href", "https://shop.example/_x_/")
    expect(link).to_have_attribute("rel", "noopener noreferrer nofollow")
    expect(link).to_have_attribute("target", "_blank")


def test_what_people_write_is_text_whatever_it_looks_like(visitor: Page, agent: Staff):
    conversation = begin(visitor, agent, "x")
    visitor.evaluate("() => { window.alert = () => { window.isHit = true; }; }")
    for number, payload in enumerate(PAYLOADS):
        agent.say(conversation, payload + " " * number)
        agent.say(conversation, f"**{number}** {payload}")
    say(visitor, PAYLOADS[0])
    expect(said(visitor, "team")).to_have_count(2 * len(PAYLOADS))
    shown = visitor.locator("ol.k-thread")
    assert (
        shown.locator("img, script, iframe, object, style, form, input, svg:not(.k-i)").count() == 0
    )
    hrefs = [link.get_attribute("href") or "" for link in shown.locator("a").all()]
    assert all(href.startswith(("https://", "http://", "mailto:", "tel:")) for href in hrefs)
    assert not visitor.evaluate("window.isHit ?? false")


def test_a_message_that_was_edited_or_deleted_says_so(visitor: Page, agent: Staff):
    conversation = begin(visitor, agent)
    agent.say(conversation, "Forty")
    agent.say(conversation, "Secret")
    expect(said(visitor, "team")).to_have_count(2)
    seqs = [int(one.get_attribute("data-row") or 0) for one in said(visitor, "team").all()]
    messages = f"/conversations/{conversation}/messages"
    agent.patch(f"{messages}/{seqs[0]}", text="Fourteen")
    agent.delete(f"{messages}/{seqs[1]}")
    expect(texts(visitor, "team")).to_have_text(["Fourteenedited", "Message deleted"])


def test_several_conversations_are_opened_from_home_and_left_again(visitor: Page, agent: Staff):
    first = begin(visitor, agent, "About a pot")
    agent.put(f"/conversations/{first}/status", status="resolved")
    expect(visitor.locator(".k-head p")).to_contain_text("Closed")
    back = visitor.get_by_role("button", name="Back")
    back.click()
    second = begin(visitor, agent, "About a lid")
    assert second != first
    expect(texts(visitor)).to_have_text(["About a lid"])
    back.click()
    visitor.get_by_role("button", name="About a pot").click()
    expect(texts(visitor)).to_have_text(["About a pot"])
    back.click()
    visitor.get_by_role("button", name="Continue").click()
    expect(texts(visitor)).to_have_text(["About a lid"])
    assert agent.texts(second) == ["About a lid"]


def test_what_is_typed_is_told_to_the_conversation_that_is_shown_and_at_home_to_none(
    visitor: Page, agent: Staff
):
    begin(visitor, agent)
    typed: list[str] = []

    def note(frame: str | bytes) -> None:
        if "conversation.typing" in str(frame):
            typed.append(str(frame))

    visitor.on("websocket", lambda socket: socket.on("framesent", note))
    visitor.reload()
    expect(said(visitor)).to_have_count(1)
    visitor.get_by_role("button", name="Back").click()
    composer(visitor).press_sequentially("abc")
    visitor.get_by_role("button", name="Continue").click()
    expect(said(visitor)).to_have_count(1)
    assert typed == []
    composer(visitor).press_sequentially("d")
    say(visitor, "Done")
    (told,) = typed
    assert '"text":"abcd"' in told.replace(" ", "")


def test_who_is_blocked_is_told_so_and_what_to_do(visitor: Page, agent: Staff, admin: Staff):
    conversation = begin(visitor, agent)
    contact = agent.get(f"/conversations/{conversation}")["contact"]["id"]
    admin.post(f"/contacts/{contact}/block")
    stopped = visitor.get_by_role("alert")
    expect(stopped).to_contain_text("You cannot chat here now.")
    expect(composer(visitor)).to_have_count(0)
    admin.post(f"/contacts/{contact}/unblock")
    stopped.get_by_role("button", name="Try again").click()
    say(visitor, "Thank you")
    expect(texts(visitor)).to_have_text(["在吗？", "Thank you"])
    assert agent.texts(conversation) == ["在吗？", "Thank you"]


def test_a_browser_that_was_removed_begins_anew_and_says_so(
    visitor: Page, agent: Staff, admin: Staff
):
    conversation = begin(visitor, agent)
    contact = agent.get(f"/conversations/{conversation}")["contact"]["id"]
    (device,) = admin.get("/devices", contact=contact)["items"]
    admin.delete(f"/devices/{device['id']}")
    expect(visitor.locator(".k-told")).to_contain_text("This browser was removed")
    expect(said(visitor)).to_have_count(0)
    say(visitor, "Again")
    assert newest(agent) != conversation


def test_what_the_team_writes_stays_within_its_bubble(visitor: Page, agent: Staff):
    conversation = begin(visitor, agent)
    agent.pick(conversation)
    for long in (f"```\n{'step ' * 40}\n```", f"`{'x' * 200}`", "W" * 200, f"> - {'y' * 200}"):
        agent.say(conversation, long)
    expect(texts(visitor, "team")).to_have_count(4)
    expect(texts(visitor, "team").locator("pre, code, blockquote")).to_have_count(3)
    widths = "(all) => all.map((one) => [one.scrollWidth > one.clientWidth, one.clientWidth > 292])"
    assert texts(visitor, "team").evaluate_all(widths) == [[False, False]] * 4


def test_without_a_connection_a_bar_says_so_until_it_is_back(visitor: Page, agent: Staff):
    gate = Gate(visitor)
    visitor.reload()
    say(visitor, "Hello")
    banner = visitor.locator("[data-kefu=banner]")
    expect(banner).to_have_count(0)
    visitor.route("**/api/v1/**", lambda route: route.abort())  # the other ways there
    gate.shut()
    expect(banner).to_have_text("Reconnecting… What you send waits here.")
    visitor.unroute_all()
    gate.open()
    expect(banner).to_have_count(0)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 2560])
def test_axe_finds_nothing_in_a_conversation_that_has_all_kinds_of_rows(
    open_page: OpenPage, agent: Staff, scheme: str, width: int
):
    size = {"width": width, "height": 740}
    page = open_page(WIDGET, locale="en-GB", color_scheme=scheme, viewport=size)
    conversation = begin(page, agent, "Hello, see https://shop.example/")
    agent.pick(conversation)
    agent.say(conversation, "**Yes**\n\n- a\n- `b`\n\n> quoted")
    write(page, "x\0y")
    expect(said(page).last).to_have_attribute("data-state", "failed")
    agent.post(f"/conversations/{conversation}/typing")
    expect(page.locator(".k-dots")).to_be_attached()
    expect(texts(page, "team").locator("blockquote")).to_be_attached()
    expect_no_violations(page)


def test_whoever_writes_again_after_the_end_stays_in_the_field(visitor: Page, agent: Staff):
    conversation = begin(visitor, agent, "Hello")
    agent.pick(conversation)
    for round in ("first", "second"):
        agent.put(f"/conversations/{conversation}/status", status="resolved")
        visitor.get_by_role("button", name="Write again").click()
        composer(visitor).focus()
        composer(visitor).evaluate("(field) => { field.isTheOne = true; }")
        say(visitor, f"And a {round} thing")
        expect(composer(visitor)).to_be_focused()
        assert composer(visitor).evaluate("(field) => field.isTheOne")
        expect(visitor.locator("[data-kefu=rating]")).to_have_count(0)
