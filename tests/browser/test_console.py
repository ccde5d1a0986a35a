"""The console as an agent has it: signed in, a chat answered, nothing lost when it breaks."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser import talking
from tests.browser.acts import go_online, join, say
from tests.browser.conftest import OpenConsole, OpenPage
from tests.browser.consoling import (
    CONSOLE,
    account,
    answer,
    attached,
    card,
    expect_stored,
    hook,
    open_chat,
    said,
    sign_in,
)
from tests.browser.desk import Staff
from tests.browser.talking import Gate
from tests.browser.test_accessibility import expect_no_violations
from tests.browser.test_widget_files import UPLOADS, Held, files_in, pick, picture
from tests.serving import KefuServer

# What the page's own policy refused, as the page hears it.
WATCH = """window.refused = []; document.addEventListener(
  "securitypolicyviolation", ({ violatedDirective: what }) => window.refused.push(what))"""

# A file that is pasted into the field, or let go over the page.
GIVE = """([how, name]) => {
  const given = new DataTransfer();
  given.items.add(new File(["Monday"], name, { type: "text/plain" }));
  const field = document.querySelector("[data-kefu=composer]");
  const options = { bubbles: true, cancelable: true };
  field.dispatchEvent(how === "paste"
    ? new ClipboardEvent("paste", { ...options, clipboardData: given })
    : new DragEvent("drop", { ...options, dataTransfer: given }));
}"""

pytestmark = pytest.mark.usefixtures("nobody_waits")


def test_whoever_signs_in_sees_a_chat_answers_it_and_the_visitor_has_it(
    console: Page, visitor: Page, agent: Staff
):
    conversation = talking.begin(visitor, agent, "Where is my kettle?")
    expect(card(console, conversation)).to_contain_text("Where is my kettle?")
    card(console, conversation).click()
    expect(console).to_have_url(re.compile(f"/console/conversations/{conversation}$"))
    expect(said(console, "Where is my kettle?")).to_have_attribute("data-from", "visitor")
    answer(console, "On its way")
    expect_stored(console, "On its way")
    expect(talking.texts(visitor, "team").last).to_have_text("On its way")
    expect(said(console, "On its way")).to_have_attribute("data-state", "read")


def test_an_offer_is_accepted_with_one_act_and_the_caret_is_in_the_field(
    console: Page, visitor: Page, agent: Staff
):
    conversation = talking.begin(visitor, agent, "Anybody there?")
    me = agent.get("/me")["agent"]["id"]
    agent.post(f"/conversations/{conversation}/assign", agent=me)
    expect(card(console, conversation)).to_contain_text("Anybody there?")
    expect(card(console, conversation)).to_contain_text(re.compile(r"0:[34]\d"))
    hook(console, "accept").click()
    expect(console).to_have_url(re.compile(f"/console/conversations/{conversation}$"))
    expect(hook(console, "composer")).to_be_focused()
    expect(hook(console, "accept")).to_have_count(0)


def test_a_note_is_the_teams_alone(console: Page, visitor: Page, agent: Staff, talk: int):
    open_chat(console, talk)
    hook(console, "note").click()
    answer(console, "Be gentle")
    expect(said(console, "Be gentle")).to_have_attribute("data-note", "true")
    expect(hook(console, "composer")).to_have_attribute("placeholder", "Write to the team")
    agent.say(talk, "Hello again")
    expect(talking.texts(visitor, "team").last).to_have_text("Hello again")
    expect(talking.said(visitor).filter(has_text="Be gentle")).to_have_count(0)


def test_files_go_with_an_answer_once_the_server_has_them(
    console: Page, visitor: Page, agent: Staff, talk: int
):
    open_chat(console, talk)
    held = Held(console, UPLOADS)
    pick(console, ("kettle.png", picture()))
    expect(attached(console)).to_have_attribute("data-state", "sending")
    hook(console, "composer").fill("This one?")
    expect(hook(console, "send")).to_be_disabled()
    hook(console, "composer").press("Enter")
    expect(said(console, "This one?")).to_have_count(0)
    held.go()
    expect(attached(console)).to_have_attribute("data-state", "attached")
    expect(attached(console).locator("img")).to_have_js_property("naturalWidth", 400)
    hook(console, "composer").press("Enter")
    expect_stored(console, "This one?")
    expect(attached(console)).to_have_count(0)
    assert [file["name"] for file in files_in(agent, talk)] == ["kettle.png"]
    expect(talking.said(visitor).filter(has_text="This one?").locator("img")).to_be_visible()


def test_a_file_is_pasted_or_dropped_and_taken_away_before_it_is_sent(
    console: Page, agent: Staff, talk: int
):
    open_chat(console, talk)
    hook(console, "note").click()
    console.evaluate(GIVE, ["paste", "plan.txt"])
    expect(attached(console)).to_have_attribute("data-state", "attached")
    console.evaluate(GIVE, ["drop", "list.txt"])
    expect(attached(console)).to_have_count(2)
    attached(console).filter(has_text="plan.txt").get_by_label("Remove plan.txt").click()
    expect(attached(console)).to_have_attribute("data-state", "attached")
    answer(console, "For us")
    expect(said(console, "For us")).to_have_attribute("data-seq", re.compile(r"\d"))
    expect(said(console, "For us")).to_contain_text("list.txt")
    assert [file["name"] for file in files_in(agent, talk)] == ["list.txt"]


def test_a_file_that_was_cut_says_so_and_is_sent_again_when_asked(
    console: Page, agent: Staff, talk: int
):
    open_chat(console, talk)
    console.route(UPLOADS, lambda route: route.abort())
    pick(console, ("plan.txt", b"Monday"), kind="text/plain")
    expect(attached(console)).to_contain_text("the connection was cut")
    expect(hook(console, "send")).to_be_disabled()
    console.unroute(UPLOADS)
    console.get_by_label("Send plan.txt again").click()
    expect(attached(console)).to_have_attribute("data-state", "attached")
    hook(console, "send").click()
    expect(hook(console, "message").filter(has_text="plan.txt")).to_be_visible()
    assert [file["name"] for file in files_in(agent, talk)] == ["plan.txt"]


def test_a_canned_response_is_found_seen_and_put_in(console: Page, agent: Staff, talk: int):
    agent.post(
        "/canned", shortcut="hello", text="I am {{agent.name}}, this is chat {{conversation.id}}"
    )
    agent.post("/canned", shortcut="bye", text="Goodbye")
    open_chat(console, talk)
    hook(console, "composer").press_sequentially("Well, /CHAT")
    expect(hook(console, "completion")).to_have_text(re.compile("^/hello"))
    expect(console.get_by_label("Preview")).to_have_text(f"I am 小美 Mei, this is chat {talk}")
    expect_no_violations(console)
    hook(console, "composer").press("Enter")
    expect(hook(console, "composer")).to_have_value(f"Well, I am 小美 Mei, this is chat {talk}")
    expect(hook(console, "completion")).to_have_count(0)
    hook(console, "composer").press("Enter")
    expect_stored(console, f"Well, I am 小美 Mei, this is chat {talk}")


def test_keys_of_an_input_method_choose_and_leave_nothing_in_a_list(
    console: Page, agent: Staff, talk: int
):
    agent.post("/canned", shortcut="退款", text="马上退款")
    open_chat(console, talk)
    hook(console, "canned").click()
    expect(hook(console, "composer")).to_have_value("/")
    ime = console.context.new_cdp_session(console)
    ime.send("Input.imeSetComposition", {"text": "退", "selectionStart": 1, "selectionEnd": 1})
    expect(hook(console, "completion")).to_contain_text("/退款")
    for key in ("Enter", "Escape"):
        console.evaluate(
            """key => document.activeElement.dispatchEvent(new KeyboardEvent(
              "keydown", { key, isComposing: true, bubbles: true, cancelable: true }))""",
            key,
        )
    expect(hook(console, "composer")).to_have_value("/退")
    ime.send("Input.insertText", {"text": "退"})
    ime.send("Input.dispatchKeyEvent", {"type": "keyUp", "key": " ", "code": "Space"})
    expect(hook(console, "completion")).to_contain_text("/退款")
    hook(console, "composer").press("Escape")
    expect(hook(console, "completion")).to_have_count(0)
    expect(hook(console, "composer")).to_have_value("/退")
    hook(console, "composer").press_sequentially("款 /退")
    hook(console, "completion").click()
    expect(hook(console, "composer")).to_have_value("/退款 马上退款")


def test_a_colleague_is_named_in_a_note_and_told(console: Page, server: KefuServer, talk: int):
    open_chat(console, talk)
    hook(console, "note").click()
    hook(console, "composer").press_sequentially("@be")
    expect(hook(console, "completion")).to_contain_text("Ben")
    hook(console, "composer").press("Tab")
    expect(hook(console, "composer")).to_have_value("@Ben ")
    hook(console, "composer").press_sequentially("please look")
    hook(console, "composer").press("Enter")
    expect(said(console, "please look")).to_have_attribute("data-seq", re.compile(r"\d"))
    with closing(Staff.of_demo(server, "ben")) as ben:
        told = ben.get("/mentions", unread=True)["items"]
    assert talk in [one["conversation"] for one in told]


def test_a_draft_outlives_a_reload_and_is_the_conversations_own(console: Page, talk: int):
    open_chat(console, talk)
    hook(console, "composer").fill("Half a sen")
    expect(console.get_by_text("Draft kept")).to_be_visible()
    console.reload()
    expect(hook(console, "composer")).to_have_value("Half a sen")
    expect(card(console, talk)).to_contain_text("Draft Half a sen")


def test_what_is_written_offline_waits_in_order_and_goes_out_by_itself(
    open_page: OpenPage, server: KefuServer, agent: Staff, talk: int
):
    page = open_page("/licenses", locale="en-GB")
    gate = Gate(page)
    page.goto(CONSOLE)
    sign_in(page, *account(server))
    open_chat(page, talk)
    gate.shut()
    page.context.set_offline(True)
    answer(page, "one")
    answer(page, "two")
    expect(hook(page, "banner")).to_have_attribute("data-state", "offline")
    expect(said(page, "two")).to_have_attribute("data-state", "waiting")
    page.context.set_offline(False)
    gate.open()
    expect_stored(page, "two")
    assert agent.texts(talk)[-2:] == ["one", "two"]
    expect(hook(page, "banner")).to_have_attribute("data-state", "back")


def test_a_server_killed_in_mid_send_loses_nothing_and_says_nothing_twice(
    console: Page, agent: Staff, server: KefuServer, talk: int
):
    open_chat(console, talk)
    answer(console, "before")
    server.kill()
    answer(console, "meanwhile")
    expect(hook(console, "banner")).to_have_attribute("data-state", "reconnecting")
    server.start()
    expect_stored(console, "meanwhile")
    texts = agent.texts(talk)
    assert [texts.count(one) for one in ("before", "meanwhile")] == [1, 1]


def test_who_is_signed_out_in_mid_work_signs_in_over_it_and_goes_on(
    console: Page, agent: Staff, server: KefuServer, talk: int
):
    open_chat(console, talk)
    hook(console, "composer").fill("Still here")
    expect(console.get_by_text("Draft kept")).to_be_visible()
    agent.delete("/sessions/others")
    console.get_by_role("dialog").wait_for()
    sign_in(console, *account(server))
    expect(hook(console, "composer")).to_have_value("Still here")
    hook(console, "composer").press("Enter")
    expect_stored(console, "Still here")


def test_the_keys_lead_from_chat_to_chat_and_resolve_one_and_that_can_be_undone(
    console: Page, agent: Staff, talk: int
):
    open_chat(console, talk)
    console.locator("body").click(position={"x": 100, "y": 500})
    console.keyboard.press("e")
    expect(console.locator("[data-activity=resolved]")).to_be_visible()
    assert agent.get(f"/conversations/{talk}")["status"] == "resolved"
    console.get_by_role("button", name="Undo").click()
    expect(console.locator("[data-activity=reopened]")).to_be_visible()
    assert agent.get(f"/conversations/{talk}")["status"] == "open"
    hook(console, "composer").fill("")
    hook(console, "composer").press("e")
    expect(hook(console, "composer")).to_have_value("e")


def test_what_a_visitor_types_is_seen_before_it_is_sent(console: Page, visitor: Page, talk: int):
    open_chat(console, talk)
    talking.composer(visitor).press_sequentially("Also")
    expect(console.locator("[role=log]")).to_contain_text("A")
    expect(card(console, talk)).to_contain_text("A")


def test_what_people_write_is_never_markup(console: Page, visitor: Page, talk: int):
    evil = '<img src=x onerror="document.title=1"> **bold** javascript:alert(1)'
    console.evaluate(WATCH)
    open_chat(console, talk)
    talking.say(visitor, evil)
    expect(said(console, "onerror")).to_contain_text(evil)
    answer(console, evil)
    expect_stored(console, "onerror")
    assert console.locator("[role=log] img, [role=log] a").count() == 0


@pytest.mark.parametrize("width", [360, 1440])
def test_every_screen_is_fit_for_all_and_breaks_no_policy(
    width: int, open_console: OpenConsole, agent: Staff, talk: int
):
    agent.say(talk, "# Ready\n\n**Now**: https://shop.example/a_b_c")
    page = open_console(viewport={"width": width, "height": 800})
    page.evaluate(WATCH)
    expect_no_violations(page)
    card(page, talk).click()
    expect(said(page, "Ready")).to_be_visible()
    expect_no_violations(page)
    page.keyboard.press("F1")
    page.get_by_role("dialog").wait_for()
    expect_no_violations(page)
    page.keyboard.press("Escape")
    page.get_by_role("button", name="More ways to put it away").click()
    page.get_by_role("menu").wait_for()
    expect_no_violations(page)
    page.keyboard.press("Escape")
    assert page.evaluate("window.refused") == []


def test_nothing_is_wider_than_the_window_however_wide_that_is(console: Page, talk: int):
    open_chat(console, talk)
    for width in (320, 360, 768, 900, 1024, 1100, 1280, 1340, 2560):
        console.set_viewport_size({"width": width, "height": 700})
        expect(hook(console, "composer")).to_be_visible()
        assert console.evaluate("document.documentElement.scrollWidth") <= width


def test_the_way_in_is_fit_for_all_and_says_what_is_wrong(open_page: OpenPage):
    page = open_page(CONSOLE, locale="en-GB")
    page.locator("input[type=email]").fill("mei@demo.kefu")
    page.locator("input[type=password]").fill("not it")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("do not go together")
    expect_no_violations(page)


@pytest.fixture
def chosen_here(agent: Staff) -> Iterator[None]:
    """What 小美 Mei chooses is forgotten after the test: it would count in all others."""
    yield
    agent.patch("/me/preferences", language=None)


@pytest.mark.usefixtures("chosen_here")
def test_the_console_speaks_chinese_too_and_changes_at_once(open_console: OpenConsole):
    page = open_console(locale="zh-CN")
    expect(hook(page, "tab-queue")).to_contain_text("排队")
    page.get_by_role("button", name="English").click()
    expect(hook(page, "tab-queue")).to_contain_text("Queue")
    assert page.evaluate("document.documentElement.lang") == "en"
    page.reload()
    expect(hook(page, "tab-queue")).to_contain_text("Queue")


def test_an_address_that_is_none_says_so(console: Page):
    console.goto(f"{CONSOLE}/nothing/here")
    expect(console.get_by_text("There is no such page")).to_be_visible()


def test_a_conversation_that_is_not_there_says_so(console: Page):
    console.goto(f"{CONSOLE}/conversations/999999")
    expect(console.get_by_text("This conversation is not there")).to_be_visible()


def test_on_a_phone_there_is_the_list_or_the_chat_and_a_way_back(
    open_console: OpenConsole, agent: Staff, talk: int
):
    page = open_console(viewport={"width": 360, "height": 780}, has_touch=True, is_mobile=True)
    expect(hook(page, "composer")).to_have_count(0)
    card(page, talk).tap()
    expect(card(page, talk)).to_be_hidden()
    size = hook(page, "composer").evaluate("one => parseFloat(getComputedStyle(one).fontSize)")
    assert size >= 16  # else iOS zooms
    hook(page, "composer").fill("From the tram")
    hook(page, "send").tap()
    expect_stored(page, "From the tram")
    page.get_by_role("button", name="Back to the list").tap()
    expect(card(page, talk)).to_contain_text("From the tram")
    assert agent.texts(talk)[-1] == "From the tram"


def test_by_keyboard_alone_from_signing_in_to_resolving(
    open_page: OpenPage, server: KefuServer, agent: Staff, talk: int
):
    page = open_page(CONSOLE, locale="en-GB")
    email, password = account(server)
    expect(page.locator("input[type=email]")).to_be_focused()
    page.keyboard.type(email)
    page.keyboard.press("Tab")
    page.keyboard.type(password)
    page.keyboard.press("Enter")
    expect(card(page, talk)).to_be_visible()
    page.keyboard.press("n")
    expect(hook(page, "composer")).to_be_visible()
    page.keyboard.press("r")
    expect(hook(page, "composer")).to_be_focused()
    page.keyboard.type("By hand")
    page.keyboard.press("Enter")
    expect_stored(page, "By hand")
    page.keyboard.press("Escape")
    page.keyboard.press("e")
    expect(page.get_by_text("Resolved.")).to_be_visible()
    assert agent.get(f"/conversations/{talk}")["status"] == "resolved"


def test_enter_of_an_input_method_sends_nothing(console: Page, agent: Staff, talk: int):
    open_chat(console, talk)
    field = hook(console, "composer")
    field.fill("ni hao")
    enter = {"key": "Enter", "code": "Enter", "bubbles": True, "cancelable": True}
    for how in ({"isComposing": True}, {"keyCode": 229}):
        field.dispatch_event("keydown", enter | how)
    expect(field).to_have_value("ni hao")
    assert "ni hao" not in agent.texts(talk)


def test_what_is_read_stays_where_it_is_while_others_write_and_older_comes(
    console: Page, visitor: Page, agent: Staff, talk: int
):
    for number in range(120):
        agent.say(talk, f"no. {number}")
    open_chat(console, talk)
    expect(hook(console, "message").nth(95)).to_be_attached()
    log = console.locator("[role=log]")
    log.evaluate("one => { one.scrollTop = one.scrollHeight / 2 }")
    place = """(log) => {
      const top = log.getBoundingClientRect().top;
      const rows = [...log.querySelectorAll('[data-kefu=message]')];
      const first = rows.find((one) => one.getBoundingClientRect().bottom > top + 40);
      window.row ??= first;
      return Math.round(window.row.getBoundingClientRect().top - top);
    }"""
    before = log.evaluate(place)
    for number in range(10):
        agent.say(talk, f"late {number}")
    talking.say(visitor, "I am here")
    expect(said(console, "I am here")).to_be_attached()
    assert log.evaluate(place) == before
    count = hook(console, "message").count()
    log.evaluate("one => { one.scrollTop = 300 }")
    expect(hook(console, "message").nth(count)).to_be_attached()
    log.evaluate("one => { window.row = null }")
    console.get_by_role("button", name="To the newest").click()
    expect(said(console, "I am here")).to_be_in_viewport()


def test_two_agents_in_one_conversation_see_each_other(
    console: Page, open_page: OpenPage, server: KefuServer, talk: int
):
    other = open_page(CONSOLE, locale="en-GB")
    sign_in(other, *account(server, "ben"))
    open_chat(console, talk)
    open_chat(other, talk)
    expect(card(console, talk)).to_contain_text("Ben looks at it")
    hook(other, "composer").press_sequentially("I k")
    expect(card(console, talk)).to_contain_text("Ben writes")
    expect(console.locator("[role=log]")).to_contain_text("Ben writes")
    hook(other, "composer").fill("")
    hook(other, "note").click()
    answer(other, "I know her")
    expect(said(console, "I know her")).to_have_attribute("data-from", "team")
    answer(console, "Thank you")
    expect(said(other, "Thank you")).to_have_attribute("data-from", "team")


def test_a_chat_is_given_with_a_note_and_it_is_said_who_is_not_there(
    console: Page, server: KefuServer, talk: int
):
    ben = Staff.of_demo(server, "ben")
    ben.put("/availability", availability="away")
    ben.close()
    open_chat(console, talk)
    console.keyboard.press("Control+Shift+KeyX")
    dialog = console.get_by_role("dialog")
    dialog.get_by_role("searchbox").fill("be")
    dialog.get_by_role("radio", name="Ben not there").check()
    expect(dialog.get_by_role("status")).to_contain_text("first in the queue")
    dialog.get_by_role("textbox", name="Note").fill("She wants a refund")
    expect_no_violations(console)
    console.set_viewport_size({"width": 360, "height": 400})
    room = dialog.evaluate("one => one.getBoundingClientRect().toJSON()")
    assert 0 <= room["left"] < room["right"] <= 360
    assert 0 <= room["top"] < room["bottom"] <= 400
    dialog.get_by_role("button", name="Give it away now").click()
    expect(console.get_by_text("Ben is not there: the chat is first in the queue.")).to_be_visible()
    expect(dialog).to_have_count(0)
    expect(said(console, "She wants a refund")).to_have_attribute("data-note", "true")


def test_who_looked_before_one_came_is_seen(
    open_console: OpenConsole, open_page: OpenPage, server: KefuServer, talk: int
):
    other = open_page(CONSOLE, locale="en-GB")
    sign_in(other, *account(server, "ben"))
    open_chat(other, talk)
    console = open_console(viewport={"width": 1440, "height": 900})
    expect(card(console, talk)).to_contain_text("Ben looks at it")


def test_what_a_colleague_has_read_is_unread_until_one_reads_it_oneself(
    console: Page, visitor: Page, server: KefuServer, talk: int
):
    open_chat(console, talk)
    expect(card(console, talk)).not_to_contain_text("unread")
    hook(console, "tab-queue").click()
    hook(console, "tab-mine").click()
    talking.say(visitor, "Are you there?")
    expect(card(console, talk)).to_contain_text("1 unread")
    ben = Staff.of_demo(server, "ben")
    ben.put(f"/conversations/{talk}/read", seq=ben.get(f"/conversations/{talk}")["last_seq"])
    ben.close()
    talking.say(visitor, "Hello?")
    expect(card(console, talk)).to_contain_text("2 unread")
    expect(console).to_have_title("(1) Kefu")
    card(console, talk).click()
    expect(card(console, talk)).not_to_contain_text("unread")
    expect(console).to_have_title("Kefu")


def test_whoever_signs_in_after_somebody_else_finds_nothing_of_theirs(
    console: Page, agent: Staff, server: KefuServer, talk: int
):
    open_chat(console, talk)
    hook(console, "composer").fill("Mine alone")
    expect(console.get_by_text("Draft kept")).to_be_visible()
    agent.delete("/sessions/others")
    console.get_by_role("dialog").wait_for()
    sign_in(console, *account(server, "ben"))
    expect(hook(console, "composer")).to_have_value("")


def test_a_chat_of_the_rooms_protocol_is_seen_and_answered(open_page: OpenPage, server: KefuServer):
    clerk, guest = open_page("/kefu.html"), open_page("/yonghu.html")
    go_online(clerk, "小红")
    join(guest, "小明")
    guest.locator("[data-state=talking]").wait_for()
    say(guest, "在吗")
    page = open_page(f"{CONSOLE}/all", locale="en-GB")
    sign_in(page, *account(server, "ada"))
    hook(page, "conversation-card").filter(has_text="在吗").click()
    expect(said(page, "在吗")).to_have_attribute("data-from", "visitor")
    expect(hook(page, "resolve")).to_have_count(0)
    answer(page, "在的")
    expect_stored(page, "在的")
    expect(guest.get_by_text("在的")).to_be_visible()


def test_a_restored_backup_is_told_and_what_it_lost_can_be_said_again(
    open_page: OpenPage, tmp_path: Path
):
    backup = tmp_path / "backup"
    with KefuServer(tmp_path / "kefu") as own:
        staff = Staff.of_demo(own)
        guest = open_page(f"{own.base_url}{talking.WIDGET}", locale="en-GB")
        conversation = talking.begin(guest, staff, "Hello")
        page = open_page(f"{own.base_url}{CONSOLE}", locale="en-GB")
        sign_in(page, *account(own))
        card(page, conversation).click()
        answer(page, "kept")
        expect_stored(page, "kept")
        own.stop()
        shutil.copytree(own.data_dir, backup)
        own.start()
        answer(page, "lost")
        expect_stored(page, "lost")
        own.kill()
        shutil.rmtree(own.data_dir)
        shutil.copytree(backup, own.data_dir)
        own.start()
        expect(page.get_by_text("was put back to an earlier state")).to_be_visible()
        expect(said(page, "lost")).to_have_attribute("data-state", "lost")
        said(page, "lost").get_by_role("button", name="Retry").click()
        expect_stored(page, "lost")
        assert staff.texts(conversation) == ["Hello", "kept", "lost"]
        staff.close()
