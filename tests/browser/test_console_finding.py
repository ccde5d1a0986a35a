"""Finding in the console: who is on the site, what was said, whom one knows, what can be done."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser import talking
from tests.browser.conftest import OpenPage
from tests.browser.consoling import (
    CONSOLE,
    account,
    expect_stored,
    hook,
    open_chat,
    said,
    sign_in,
)
from tests.browser.desk import Staff
from tests.browser.test_accessibility import expect_no_violations
from tests.serving import KefuServer

EVIL = '<img src=x onerror="document.title=1">'


@pytest.fixture
def console(open_page: OpenPage, server: KefuServer) -> Page:
    """小美 Mei's console, signed in."""
    page = open_page(CONSOLE, locale="en-GB", viewport={"width": 1440, "height": 900})
    sign_in(page, *account(server))
    return page


@pytest.fixture(scope="module")
def boss(the_server: KefuServer) -> Iterator[Staff]:
    """The demo's admin."""
    staff = Staff.of_demo(the_server, "ada")
    yield staff
    staff.close()


@pytest.fixture
def talk(visitor: Page, agent: Staff) -> int:
    """A conversation that the agent has."""
    conversation = talking.begin(visitor, agent, "Hello")
    agent.pick(conversation)
    return conversation


def inbox_of(staff: Staff) -> int:
    """The inbox of the demo's widget."""
    inboxes = staff.get("/inboxes")["items"]
    return int(next(one["id"] for one in inboxes if one.get("widget_key") == "wk_demo"))


@pytest.fixture
def watching(boss: Staff) -> Iterator[None]:
    """The inbox watches who is on its site."""
    path = f"/inboxes/{inbox_of(boss)}"
    boss.patch(path, settings={"watch_visitors": True})
    yield
    boss.patch(path, settings={"watch_visitors": False})


def visit(staff: Staff, page: str, **more: object) -> None:
    """A page of the site says that somebody is on it."""
    staff.post("/widgets/wk_demo/visit", visit="x3Jd8sQ0pLw2VbTn", page=page, **more)


@pytest.mark.usefixtures("watching")
def test_who_is_on_the_site_is_seen_live_where_the_inbox_watches_it(
    agent: Staff, open_page: OpenPage, server: KefuServer
):
    page = open_page(CONSOLE, locale="en-GB", viewport={"width": 1440, "height": 900})
    sign_in(page, *account(server))
    page.get_by_role("link", name="Visitors").click()
    expect(page.get_by_text("Nobody is on the site now")).to_be_visible()
    visit(agent, "https://shop.example/tea?cup=2", title=EVIL, referrer="https://search.example/q")
    row = page.get_by_role("row").filter(has_text="/tea?cup=2")
    expect(row).to_contain_text(EVIL)
    expect(row).to_contain_text("search.example")
    assert page.locator("table img").count() == 0
    link = row.get_by_role("link").first
    assert link.get_attribute("href") == "https://shop.example/tea?cup=2"
    assert link.get_attribute("rel") == "noopener noreferrer nofollow"
    expect(page.get_by_role("link", name="Visitors")).to_contain_text("1")
    expect_no_violations(page)
    page.set_viewport_size({"width": 360, "height": 640})
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    visit(agent, "https://shop.example/cups")
    expect(page.get_by_role("row").filter(has_text="shop.example/cups")).to_be_visible()
    visit(agent, "https://shop.example/cups", left=True)
    expect(page.get_by_text("Nobody is on the site now")).to_be_visible()
    for place in ("Contacts", "Visitors"):
        page.get_by_role("contentinfo").get_by_role("button", name="Lists").click()
        page.get_by_role("menuitem", name=place).click()
        expect(page.get_by_role("heading", name=place)).to_be_visible()


def test_an_inbox_that_does_not_watch_says_how_that_is_turned_on(console: Page):
    expect(console.get_by_role("link", name="Visitors")).to_have_count(0)
    console.goto(f"{CONSOLE}/visitors")
    expect(console.get_by_text("No inbox of yours watches its site")).to_be_visible()
    expect_no_violations(console)


def test_an_address_leads_to_a_message_however_old_it_is(console: Page, agent: Staff, talk: int):
    agent.say(talk, "The first word")
    first = agent.get(f"/conversations/{talk}")["last_message"]["seq"]
    for number in range(250):
        agent.say(talk, f"no. {number}")
    console.goto(f"{CONSOLE}/conversations/{talk}?message={first}")
    expect(said(console, "The first word")).to_be_in_viewport()
    expect(said(console, "The first word")).to_have_attribute("data-found", "")
    agent.say(talk, "And one more")
    expect(said(console, "And one more")).to_be_attached()
    expect(said(console, "The first word")).to_be_in_viewport()
    console.goto(f"{CONSOLE}/conversations/{talk}")
    expect(said(console, "And one more")).to_be_in_viewport()
    expect(hook(console, "composer")).to_be_visible()


def stored(page: Page, what: str) -> None:
    """Wait until the server has this of the contact who is shown."""
    page.wait_for_function(f"""async () => {{
      const id = location.pathname.split("/").at(-1);
      const told = await (await fetch(`/api/v1/contacts/${{id}}`)).json();
      return told.{what};
    }}""")


def find(page: Page, words: str) -> Locator:
    """Ask the command bar for something; the line that is chosen."""
    expect(hook(page, "tab-mine")).to_be_visible()
    page.keyboard.press("Control+K")
    page.get_by_role("combobox").press_sequentially(words)
    return page.get_by_role("option", selected=True)


def test_the_command_bar_does_what_is_possible_now_and_gives_the_focus_back(
    console: Page, agent: Staff, talk: int
):
    open_chat(console, talk)
    hook(console, "composer").click()
    expect(find(console, "deta")).to_contain_text("Details")
    expect_no_violations(console)
    console.keyboard.press("Escape")
    expect(console.get_by_role("combobox")).to_have_count(0)
    expect(hook(console, "composer")).to_be_focused()
    expect(find(console, "write a n")).to_contain_text("Write a note")
    console.keyboard.press("Enter")
    expect(hook(console, "composer")).to_be_focused()
    expect(hook(console, "composer")).to_have_attribute("placeholder", "Write to the team")
    expect(find(console, "resol")).to_contain_text("Resolve or reopen")
    console.keyboard.press("Enter")
    expect(console.locator("[data-activity=resolved]")).to_be_visible()
    assert agent.get(f"/conversations/{talk}")["status"] == "resolved"
    expect(find(console, "send and res")).to_contain_text("Search all that was said: send and res")
    console.keyboard.press("Escape")
    expect(find(console, "")).to_contain_text("Resolve or reopen")


def test_the_command_bar_reaches_chats_by_name_number_and_what_was_said(
    console: Page, visitor: Page, agent: Staff, talk: int
):
    agent.say(talk, f"{EVIL} rooibos blend")
    for number in range(120):
        agent.say(talk, f"no. {number}")
    contact = agent.get(f"/conversations/{talk}")["contact"]
    agent.patch(f"/contacts/{contact['id']}", name="Zoë <b>Wiśniewska</b>")
    expect(find(console, "zoe wisn")).to_contain_text("Zoë <b>Wiśniewska</b>")
    assert console.locator("[role=listbox] :is(img, b b)").count() == 0
    console.keyboard.press("Enter")
    expect(console).to_have_url(re.compile(f"/console/conversations/{talk}$"))
    console.goto(CONSOLE)
    expect(find(console, f"#{talk}")).to_contain_text("Wiśniewska")
    console.keyboard.press("Escape")
    expect(find(console, "rooibos")).to_contain_text(f"{EVIL} rooibos blend")
    console.keyboard.press("Enter")
    expect(console).to_have_url(re.compile(f"/console/conversations/{talk}\\?message="))
    expect(said(console, "rooibos")).to_be_in_viewport()
    expect(console).to_have_title(re.compile("Kefu$"))


def test_keys_of_an_input_method_are_not_the_command_bars(open_page: OpenPage, server: KefuServer):
    page = open_page(CONSOLE, locale="zh-CN", viewport={"width": 1280, "height": 800})
    sign_in(page, *account(server))
    expect(find(page, "snoozed")).to_contain_text("已推迟")  # by its English name, too
    field = page.get_by_role("combobox")
    for key in ("Enter", "Escape"):
        press = {"key": key, "code": key, "bubbles": True, "cancelable": True}
        for how in ({"isComposing": True}, {"keyCode": 229}):
            field.dispatch_event("keydown", press | how)
            field.dispatch_event("keyup", press | how)
    expect(field).to_have_value("snoozed")
    assert page.evaluate("location.pathname") == CONSOLE
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/console/snoozed$"))


def test_a_canned_response_and_a_colleague_are_reached_by_the_command_bar(
    console: Page, boss: Staff, server: KefuServer, talk: int
):
    boss.post("/canned", shortcut="oolong", text="Oolong keeps for two years.")
    boss.post("/tags", name="gongfu")
    open_chat(console, talk)
    expect(find(console, "oolong")).to_contain_text("/oolong")
    console.keyboard.press("Enter")
    expect(hook(console, "composer")).to_have_value("Oolong keeps for two years.")
    hook(console, "send").click()
    expect_stored(console, "Oolong keeps")
    expect(find(console, "give ben")).to_contain_text("Give it to Ben")
    console.keyboard.press("Enter")
    expect(console.get_by_role("status", name="Notices")).to_contain_text("Ben")
    expect(find(console, "gongfu")).to_contain_text("gongfu")
    console.keyboard.press("Enter")
    expect(console).to_have_url(re.compile("tag=gongfu"))


def test_what_was_said_is_searched_and_a_hit_leads_to_the_message_itself(
    console: Page, visitor: Page, agent: Staff, talk: int
):
    agent.say(talk, f"{EVIL} gyokuro from Uji")
    for number in range(120):
        agent.say(talk, f"no. {number}")
    agent.put(f"/conversations/{talk}/status", status="resolved")
    console.goto(f"{CONSOLE}/search")
    expect(console.get_by_text("Search all that was said")).to_be_visible()
    field = console.get_by_role("searchbox")
    expect(field).to_be_focused()
    field.fill("gyokuro nowhere")
    expect(console.get_by_text("Nothing was found")).to_be_visible()
    field.fill("gyokuro")
    hit = console.get_by_role("link").filter(has_text="gyokuro from Uji")
    expect(hit.locator("mark")).to_have_text("gyokuro")
    expect(hit).to_contain_text(EVIL)
    assert console.locator("main img").count() == 0
    expect(console).to_have_url(re.compile(r"/console/search\?q=gyokuro$"))
    expect_no_violations(console)
    hit.click()
    expect(said(console, "gyokuro")).to_be_in_viewport()
    console.go_back()
    expect(field).to_have_value("gyokuro")
    console.set_viewport_size({"width": 360, "height": 700})
    assert console.evaluate("document.documentElement.scrollWidth") <= 360


def test_a_contact_is_made_changed_in_place_and_written_to(console: Page):
    console.get_by_role("link", name="Contacts").first.click()
    console.get_by_role("button", name="New contact").click()
    dialog = console.get_by_role("dialog")
    dialog.get_by_label("Name").fill("Wang Fang")
    dialog.get_by_label("E-mail").fill("wang@shop.example")
    expect_no_violations(console)
    dialog.get_by_role("button", name="Make the contact").click()
    expect(console).to_have_url(re.compile(r"/console/contacts/\d+$"))
    expect(console.get_by_role("link", name="Wang Fang")).to_have_attribute("aria-current", "true")
    console.get_by_role("button", name="Phone: Add. Edit").click()
    field = console.get_by_role("textbox", name="Phone")
    field.fill("not a number")
    field.press("Enter")
    expect(console.get_by_role("alert")).to_be_visible()
    field.fill("+48 601 700 800")
    field.press("Enter")
    expect(console.get_by_role("button", name="Phone: +48 601 700 800. Edit")).to_be_visible()
    console.get_by_role("button", name="Add an attribute").click()
    console.get_by_role("textbox", name="Name", exact=True).fill("plan")
    console.get_by_role("textbox", name="Value").fill(EVIL)
    console.get_by_role("textbox", name="Value").press("Enter")
    expect(console.get_by_role("button", name=f"plan: {EVIL}. Edit")).to_be_visible()
    assert console.locator("article img").count() == 0
    stored(console, "attributes?.plan")
    console.reload()
    expect(console.get_by_role("button", name="Phone: +48 601 700 800. Edit")).to_be_visible()
    expect(console.get_by_role("button", name=f"plan: {EVIL}. Edit")).to_be_visible()
    expect_no_violations(console)
    console.set_viewport_size({"width": 360, "height": 700})
    assert console.evaluate("document.documentElement.scrollWidth") <= 360
    console.set_viewport_size({"width": 1280, "height": 800})
    console.get_by_role("button", name="Begin a chat").click()
    console.get_by_role("textbox", name="First message").fill("Your parcel is here")
    console.get_by_role("button", name="Begin the chat").click()
    expect(said(console, "Your parcel is here")).to_have_attribute("data-from", "me")


@pytest.mark.usefixtures("nobody_waits")
def test_of_two_contacts_one_stays_and_is_blocked_and_let_back(
    open_page: OpenPage, server: KefuServer, boss: Staff
):
    inbox = inbox_of(boss)
    ann, bob = (boss.post("/contacts", inbox=inbox, name=one)["id"] for one in ("Ann A", "Bob B"))
    page = open_page(CONSOLE, locale="en-GB", viewport={"width": 1280, "height": 800})
    sign_in(page, *account(server, "ada"))
    page.goto(f"{CONSOLE}/contacts/{ann}")
    page.get_by_role("button", name="More acts").click()
    page.get_by_role("menuitem", name="Merge with another").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("searchbox").fill("Bob")
    dialog.get_by_role("button", name="Bob B").click()
    dialog.get_by_role("radio", name="Bob B").check()
    expect(dialog).to_contain_text("Bob B stays and takes in the conversations of Ann A")
    expect_no_violations(page)
    dialog.get_by_role("button", name="Merge", exact=True).click()
    expect(page).to_have_url(re.compile(f"/console/contacts/{bob}$"))
    page.goto(f"{CONSOLE}/contacts/{ann}")
    expect(page).to_have_url(re.compile(f"/console/contacts/{bob}$"))
    page.get_by_role("button", name="More acts").click()
    page.get_by_role("menuitem", name="Block").click()
    page.get_by_role("dialog").get_by_role("button", name="Block", exact=True).click()
    expect(page.get_by_text("This contact is blocked")).to_be_visible()
    stored(page, "blocked")
    page.get_by_role("button", name="More acts").click()
    page.get_by_role("menuitem", name="Unblock").click()
    expect(page.get_by_text("This contact is blocked")).to_have_count(0)
    stored(page, "name && !told.blocked")


def test_the_contact_is_changed_beside_the_chat_and_its_notes_and_files_are_at_hand(
    console: Page, agent: Staff, talk: int
):
    path = f"/conversations/{talk}"
    note = agent.post(f"{path}/notes", client_id="n1", text=f"Likes oolong {EVIL}")
    file = agent.upload(talk, "care.txt", b"Wash by hand")
    agent.say(talk, "How to care for it", files=[file])
    for number in range(60):
        agent.say(talk, f"no. {number}")
    open_chat(console, talk)
    details = console.get_by_role("complementary", name="Details")
    details.get_by_role("button", name=re.compile("^Name: ")).click()
    field = details.get_by_role("textbox", name="Name")
    field.fill("Li Wei")
    field.press("Enter")
    expect(details.get_by_role("heading", name="Li Wei")).to_be_visible()
    expect(hook(console, "composer")).to_be_visible()
    expect(console.get_by_role("heading", name="Li Wei", level=1)).to_be_visible()
    details.get_by_role("button", name="E-mail: Add. Edit").click()
    details.get_by_role("textbox", name="E-mail").fill("li@shop.example")
    details.get_by_role("textbox", name="E-mail").press("Escape")
    expect(details.get_by_role("button", name="E-mail: Add. Edit")).to_be_visible()
    expect(details.get_by_role("link", name="care")).to_be_visible()
    details.get_by_role("link", name="Likes oolong").click()
    expect(console).to_have_url(re.compile(f"message={note['seq']}$"))
    expect(said(console, "Likes oolong")).to_be_in_viewport()
    assert console.locator("aside img, aside b b").count() == 0
    expect_no_violations(console)
    details.get_by_role("link", name="Open the contact").click()
    expect(console.get_by_role("heading", name="Name: Li Wei. Edit")).to_be_visible()
