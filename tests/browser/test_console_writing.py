"""What an agent writes in the console, and what they do with a message."""

from __future__ import annotations

import re
from contextlib import closing

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser import talking
from tests.browser.conftest import OpenConsole, OpenPage
from tests.browser.consoling import (
    CONSOLE,
    account,
    answer,
    card,
    expect_stored,
    hook,
    open_chat,
    said,
    sign_in,
)
from tests.browser.desk import Staff
from tests.browser.test_accessibility import expect_no_violations
from tests.browser.test_widget_files import picture
from tests.serving import KefuServer

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


def test_who_sends_by_the_button_goes_on_writing(console: Page, talk: int):
    open_chat(console, talk)
    for text in ("One moment, please.", "Here it is."):
        hook(console, "composer").fill(text)
        hook(console, "send").click()
        expect(hook(console, "composer")).to_be_focused()
        expect_stored(console, text)


def test_what_is_too_long_is_told_before_it_is_sent(console: Page, agent: Staff, talk: int):
    open_chat(console, talk)
    hook(console, "composer").fill("a" * 10_002)
    expect(console.get_by_text("2 characters too long to send")).to_be_visible()
    expect(hook(console, "send")).to_be_disabled()
    hook(console, "composer").press("Enter")
    expect(hook(console, "composer")).to_have_value("a" * 10_002)
    hook(console, "composer").fill("a" * 10_000)
    hook(console, "composer").press("Enter")
    expect_stored(console, "aaa")
    assert agent.texts(talk)[-1] == "a" * 10_000


def test_a_chat_that_is_not_there_leads_to_the_inbox_on_a_phone(open_console: OpenConsole):
    phone = open_console(viewport={"width": 360, "height": 740})
    phone.goto(f"{CONSOLE}/conversations/99999")
    phone.get_by_role("link", name="To the inbox").click()
    expect(hook(phone, "tab-mine")).to_be_visible()


def test_a_hand_that_presses_resolve_twice_resolves(console: Page, agent: Staff, talk: int):
    open_chat(console, talk)
    hook(console, "resolve").dblclick()
    expect(console.get_by_role("button", name="Reopen")).to_be_visible()
    expect(console.get_by_text("Resolved.")).to_be_visible()
    expect(console.get_by_text("Open again.")).to_have_count(0)
    assert agent.get(f"/conversations/{talk}")["status"] == "resolved"
    console.get_by_role("button", name="Undo").click()
    expect(hook(console, "resolve")).to_be_visible()


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


def test_an_emoji_is_found_in_either_language_and_put_where_the_caret_is(
    open_console: OpenConsole, talk: int
):
    page = open_console(locale="zh-CN")
    open_chat(page, talk)
    field = hook(page, "composer")
    field.fill("ab")
    field.press("ArrowLeft")
    hook(page, "emoji").click()
    find = page.get_by_role("searchbox")
    expect(find).to_be_focused()
    find.press_sequentially("teacup")
    expect(page.get_by_role("button", name="热茶")).to_be_visible()
    find.press("Enter")
    expect(field).to_have_value("a🍵b")
    expect(field).to_be_focused()
    hook(page, "emoji").click()
    find.press("ArrowDown")
    expect(page.locator(":focus")).to_have_text("🍵")  # what was used last comes first
    expect_no_violations(page)
    page.keyboard.press("Escape")
    field.fill("")
    field.press_sequentially("Well :teac")
    expect(hook(page, "completion")).to_contain_text("🍵")
    field.press("Tab")
    expect(field).to_have_value("Well 🍵")


def test_a_variable_is_put_in_filled_and_one_that_is_none_is_told_before_it_is_sent(
    console: Page, agent: Staff, talk: int
):
    open_chat(console, talk)
    field = hook(console, "composer")
    field.press_sequentially("This is {{conv")
    expect(hook(console, "completion")).to_have_text(f"conversation.id{talk}")
    field.press("Enter")
    expect(field).to_have_value(f"This is {talk}")
    field.fill("I am {{agent.name}}, hello {{contact.attributes.nick|you}}")
    field.press("Enter")
    expect_stored(console, "I am 小美 Mei, hello you")
    field.fill("Write {{contact.nmae}}")
    field.press("Enter")
    expect(console.get_by_role("alert")).to_contain_text("nothing is known of {{contact.nmae}}")
    assert agent.texts(talk)[-1] == "I am 小美 Mei, hello you"
    field.press("Enter")
    expect_stored(console, "Write {{contact.nmae}}")


def test_a_name_with_lines_in_it_and_an_address_stay_as_they_were_written(
    console: Page, visitor: Page, agent: Staff, talk: int
):
    page = "https://en.wikipedia.org/wiki/A_B_C"
    agent.say(talk, f"{page}\nsnake_case_name and _this_")
    open_chat(console, talk)
    ours = said(console, "snake_case_name")
    expect(ours.locator("a")).to_have_attribute("href", page)
    expect(ours.locator("a")).to_have_text(page)
    expect(ours.locator("em")).to_have_text("this")
    talking.say(visitor, f"my_file_name {page}")
    theirs = said(console, "my_file_name")
    expect(theirs.locator("a")).to_have_attribute("href", page)
    expect(theirs.locator("em")).to_have_count(0)


PLACE = """(log) => {
  const top = log.getBoundingClientRect().top;
  const rows = [...log.querySelectorAll("[data-kefu=message]")];
  window.row ??= rows.find((one) => one.getBoundingClientRect().bottom > top);
  return window.row.getBoundingClientRect().top - top;
}"""


def test_what_is_read_moves_by_no_pixel_while_ten_come_one_is_sent_and_fifty_are_put_before(
    open_page: OpenPage, server: KefuServer, agent: Staff, talk: int
):
    for number in range(170):
        agent.say(talk, f"no. {number}" + " and more" * (number % 40))
    page = open_page("/licenses", locale="en-GB")
    gate = talking.Gate(page)
    page.goto(CONSOLE)
    sign_in(page, *account(server))
    open_chat(page, talk)
    expect(hook(page, "message").nth(99)).to_be_attached()
    gate.shut()
    answer(page, "Waits to be sent")
    expect(said(page, "Waits to be sent")).to_have_attribute("data-state", "waiting")
    log = page.locator("[role=log]")
    count = hook(page, "message").count()
    log.evaluate("one => { one.scrollTop = 400 }")
    before = log.evaluate(PLACE)
    for number in range(10):
        agent.say(talk, f"late {number}")
    gate.open()
    expect_stored(page, "Waits to be sent")
    expect(said(page, "late 9")).to_be_attached()
    expect(hook(page, "message").nth(count + 10 + 40)).to_be_attached()
    assert log.evaluate(PLACE) == before


def test_what_happens_in_another_chat_scrolls_nothing_here(
    console: Page, open_page: OpenPage, agent: Staff, talk: int
):
    for number in range(60):
        agent.say(talk, f"no. {number}")
    open_chat(console, talk)
    expect(said(console, "no. 59")).to_be_in_viewport()
    log = console.locator("[role=log]")
    log.evaluate("one => { one.scrollTop = one.scrollHeight / 2 }")
    before = log.evaluate(PLACE)
    other = open_page(talking.WIDGET, locale="en-GB")
    elsewhere = talking.begin(other, agent, "Another one")
    agent.pick(elsewhere)
    for number in range(10):
        agent.say(elsewhere, f"there {number}")
    expect(card(console, elsewhere)).to_contain_text("there 9")
    assert log.evaluate(PLACE) == before


def test_a_draft_outlives_another_view_a_link_and_what_a_colleague_does(
    console: Page, server: KefuServer, agent: Staff, talk: int
):
    agent.say(talk, "See https://shop.example/a")
    open_chat(console, talk)
    hook(console, "composer").fill("Half a sen")
    hook(console, "note").click()
    hook(console, "composer").fill("Half a note")
    hook(console, "tab-queue").click()
    expect(hook(console, "composer")).to_have_count(0)
    console.go_back()
    expect(hook(console, "composer")).to_have_value("Half a sen")
    with console.context.expect_page() as opened:
        said(console, "See").get_by_role("link").click()
    opened.value.close()
    with closing(Staff.of_demo(server, "ada")) as ada:
        ada.put(f"/conversations/{talk}/tags", tags=["late"])
        ada.put(f"/conversations/{talk}/status", status="resolved")
    expect(console.locator("[data-activity=resolved]")).to_be_visible()
    expect(hook(console, "composer")).to_have_value("Half a sen")
    hook(console, "note").click()
    expect(hook(console, "composer")).to_have_value("Half a note")


def test_what_is_sent_while_the_customer_is_merged_goes_to_whom_one_saw(
    console: Page, visitor: Page, open_page: OpenPage, server: KefuServer
):
    other = open_page(talking.WIDGET, locale="en-GB")
    with closing(Staff.of_demo(server, "ada")) as ada:
        seen = talking.begin(visitor, ada, "Hello")
        elsewhere = talking.begin(other, ada, "I am somebody else")
        whom, into = (
            ada.get(f"/conversations/{one}")["contact"]["id"] for one in (seen, elsewhere)
        )
        ada.patch(f"/contacts/{into}", name="Lin Wei")
        open_chat(console, seen)
        hook(console, "composer").fill("For your eyes")
        ada.post(f"/contacts/{into}/merge", other=whom)
        expect(console.get_by_role("heading", name="Lin Wei", level=1)).to_be_visible()
        hook(console, "composer").press("Enter")
        expect_stored(console, "For your eyes")
        expect(talking.texts(visitor, "team").last).to_have_text("For your eyes")
        assert ada.texts(seen)[-1] == "For your eyes"
        assert "For your eyes" not in ada.texts(elsewhere)


def build(page: Page, kind: str) -> Locator:
    """Open the builder; its dialog."""
    hook(page, "more").click()
    page.get_by_role("menuitem", name=kind).click()
    return page.get_by_role("dialog", name=kind)


def test_a_form_is_built_seen_as_it_will_be_sent_and_its_answers_are_shown(
    console: Page, visitor: Page, agent: Staff, talk: int
):
    open_chat(console, talk)
    hook(console, "composer").fill("Some details, please")
    dialog = build(console, "Form")
    expect(dialog.get_by_label("What you say with it")).to_have_value("Some details, please")
    dialog.get_by_role("button", name="Send").click()
    expect(dialog.get_by_role("alert")).to_contain_text("Each question needs words")
    dialog.get_by_label("Question", exact=True).fill("Order number")
    dialog.get_by_role("button", name="Add a question").click()
    second = dialog.get_by_role("group", name="Question 2")
    second.get_by_label("Question", exact=True).fill("Size")
    second.get_by_label("Answered by").select_option("A choice")
    second.get_by_label("Answers to choose from").fill("Small\nLarge")
    preview = dialog.get_by_role("region", name="As the visitor sees it")
    expect(preview).to_contain_text("Order number *")
    expect_no_violations(console)
    dialog.get_by_role("button", name="Send").click()
    expect(dialog).to_have_count(0)
    expect(hook(console, "composer")).to_have_value("")
    expect_stored(console, "Some details, please")
    form = talking.said(visitor, "team").last
    form.get_by_label("Order number").fill("K-17")
    form.get_by_text("Large").click()
    form.get_by_role("button").filter(has_text=re.compile("Send")).click()
    block = hook(console, "block")
    expect(block.get_by_role("definition").first).to_have_text("K-17")
    expect(block.get_by_role("definition").last).to_have_text("Large")
    expect(said(console, "Answered the form")).to_have_attribute("data-from", "visitor")
    assert agent.texts(talk) == ["Hello", "Some details, please", ""]


def test_a_card_and_suggestions_are_sent_and_what_is_chosen_is_marked(
    console: Page, visitor: Page, talk: int
):
    open_chat(console, talk)
    dialog = build(console, "Card")
    dialog.get_by_label("Title").fill("Plain kettle")
    dialog.get_by_role("button", name="Add a button").click()
    dialog.get_by_label("Words on it").fill("See it")
    dialog.get_by_label("Address it opens").fill("javascript:alert(1)")
    dialog.get_by_role("button", name="Send").click()
    expect(dialog.get_by_role("alert")).to_contain_text("A button's address")
    dialog.get_by_label("Address it opens").fill("https://shop.example/kettle")
    dialog.get_by_role("button", name="Send").click()
    card_sent = said(console, "Plain kettle")
    expect(card_sent.get_by_role("link", name="See it")).to_have_attribute(
        "href", "https://shop.example/kettle"
    )
    expect(talking.said(visitor, "team").last).to_contain_text("Plain kettle")
    dialog = build(console, "Suggested answers")
    dialog.get_by_label("What you say with it").fill("Shall I send one?")
    dialog.get_by_label("Answers, one to a line").fill("Yes, please\nNo")
    expect_no_violations(console)
    dialog.get_by_role("button", name="Send").click()
    expect_stored(console, "Shall I send one?")
    visitor.get_by_role("button", name="Yes, please").click()
    chosen = said(console, "Shall I send one?").get_by_role("listitem").first
    expect(chosen).to_contain_text("chosen")
    expect(said(console, "Yes, please")).to_have_attribute("data-from", "visitor")


def test_what_is_sent_beside_words_is_not_for_notes(console: Page, talk: int):
    open_chat(console, talk)
    expect(hook(console, "more")).to_be_visible()
    hook(console, "note").click()
    expect(hook(console, "more")).to_have_count(0)


def test_a_voice_note_is_recorded_heard_and_sent(
    open_console: OpenConsole, visitor: Page, agent: Staff, talk: int
):
    page = open_console(permissions=["microphone"])
    open_chat(page, talk)
    hook(page, "record").click()
    expect(page.get_by_role("timer")).to_have_text(re.compile("0:0[1-9]"))
    page.get_by_role("button", name="Stop and listen").click()
    note = page.get_by_role("region", name="Voice note")
    expect(note.locator("[data-kefu=voice]")).to_contain_text(re.compile(r"0:00 / 0:0[1-9]"))
    expect_no_violations(page)
    note.get_by_role("button", name="Send").click()
    expect(note).to_have_count(0)
    sent = hook(page, "message").last
    expect(sent).to_have_attribute("data-state", re.compile("sent|delivered|read"))
    expect(hook(page, "composer")).to_be_focused()
    last = agent.get(f"/conversations/{talk}/messages", limit=20)["items"][-1]
    assert last["files"][0]["duration_ms"] >= 1_000
    assert max(last["files"][0]["peaks"]) == 100
    sent.get_by_role("button", name=re.compile("Play")).click()
    expect(sent.get_by_role("button", name="Pause")).to_be_visible()
    expect(sent.get_by_role("button", name=re.compile("Play"))).to_be_visible()
    expect(
        talking.said(visitor, "team").last.get_by_role("button", name=re.compile("Play"))
    ).to_be_visible()


def test_a_page_over_plain_http_says_that_a_microphone_needs_https(console: Page, talk: int):
    # As a browser has it there: the tests' own server is on this computer, which counts as safe.
    console.add_init_script(
        """Object.defineProperty(window, "isSecureContext", { value: false });
        Object.defineProperty(Navigator.prototype, "mediaDevices", { get: () => undefined });"""
    )
    open_chat(console, talk)
    hook(console, "record").click()
    expect(console.get_by_role("alert")).to_contain_text(re.compile("over https alone"))


def test_colleagues_stand_with_their_pictures_where_one_is_chosen(
    console: Page, server: KefuServer, agent: Staff, talk: int
):
    agent.pick(talk)
    with closing(Staff.of_demo(server, "ben")) as ben:
        ben.put_picture(picture())
    open_chat(console, talk)
    hook(console, "note").click()
    hook(console, "composer").press_sequentially("@be")
    hook(console, "completion").locator("img").evaluate("one => one.decode()")
    hook(console, "composer").fill("")
    hook(console, "composer").press("Escape")
    console.keyboard.press("x")
    ben_there = console.get_by_role("dialog").locator("label", has_text="Ben")
    ben_there.locator("img").evaluate("one => one.decode()")


def test_a_voice_note_is_thrown_away_and_a_microphone_that_is_not_there_is_told(
    console: Page, open_console: OpenConsole, agent: Staff, talk: int
):
    open_chat(console, talk)
    hook(console, "record").click()
    expect(console.get_by_role("alert")).to_contain_text(re.compile("microphone"))
    console.keyboard.press("Escape")
    expect(hook(console, "composer")).to_be_focused()
    page = open_console(permissions=["microphone"])
    open_chat(page, talk)
    hook(page, "record").click()
    expect(page.get_by_role("timer")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("timer")).to_have_count(0)
    assert agent.texts(talk) == ["Hello"]
