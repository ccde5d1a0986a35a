"""That what concerns an agent is heard and seen in the console, whatever else they look at.

Rules: what would sound and what the system would show is taken down in the page, before any of its
own scripts: a note by its kind, a notice by its words. Pages of a test have the focus, all of them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser import talking
from tests.browser.conftest import OpenPage
from tests.browser.consoling import CONSOLE, account, card, hook, open_chat, sign_in
from tests.browser.desk import Staff
from tests.browser.test_accessibility import expect_no_violations
from tests.serving import KefuServer

SPY = """(() => {
  window.heard = [];
  window.shown = [];
  let isAway = false;
  document.hasFocus = () => !isAway;
  window.leave = () => { isAway = true; dispatchEvent(new Event("blur")); };
  const start = AudioScheduledSourceNode.prototype.start;
  AudioScheduledSourceNode.prototype.start = function (at) {
    window.heard.push(Math.round(this.frequency.value));
    return start.call(this, at);
  };
  window.Notification = class {
    static permission = localStorage.getItem("test.permission") ?? "default";
    static asked = 0;
    static async requestPermission() {
      this.asked += 1;
      localStorage.setItem("test.permission", "granted");
      return (this.permission = "granted");
    }
    constructor(title, { body, tag }) {
      Object.assign(this, { title, body, tag, isOpen: true });
      window.shown.push(this);
    }
    close() { this.isOpen = false; }
  };
})()"""

# As a browser does that lets no page sound before it is pressed.
SILENT = """(() => {
  let isPressed = false;
  const late = [];
  addEventListener("pointerdown", () => { isPressed = true; late.forEach((go) => go()); }, true);
  const resume = AudioContext.prototype.resume;
  const isLocked = Object.getOwnPropertyDescriptor(BaseAudioContext.prototype, "state").get;
  AudioContext.prototype.resume = function () {
    const pressed = isPressed ? Promise.resolve() : new Promise((go) => late.push(go));
    return pressed.then(() => resume.call(this));
  };
  Object.defineProperty(BaseAudioContext.prototype, "state", {
    get() { return isPressed ? isLocked.call(this) : "suspended"; } });
})()"""

# The note that each kind of news begins with.
OFFER, GIVEN, MESSAGE = 587, 440, 659
TESTED = "Nobody waits: you asked for it."
ALWAYS = {"begin": "00:00", "end": "00:00", "time_zone": "UTC", "days": [1, 2, 3, 4, 5, 6, 7]}
ICON = "link[rel=icon]"

OpenTab = Callable[[], Page]


@pytest.fixture(autouse=True)
def nobody_waits(agent: Staff) -> Iterator[None]:
    """What other tests have left is resolved, so that nothing of it is offered here."""
    for one in agent.get("/conversations", status=["queued", "open"], limit=200)["items"]:
        agent.put(f"/conversations/{one['id']}/status", status="resolved")
    yield
    agent.patch("/me/preferences", sounds=None, notifications=None, quiet_hours=None)
    agent.put("/availability", availability="online")


@pytest.fixture
def open_tab(open_page: OpenPage, server: KefuServer) -> OpenTab:
    """小美 Mei's console, in one more tab of one browser; its sound is unlocked by a press."""
    first = open_page(CONSOLE, locale="en-GB", viewport={"width": 1440, "height": 900})
    first.context.add_init_script(SPY)
    sign_in(first, *account(server))
    tabs = [first]

    def open_tab() -> Page:
        tab = tabs.pop() if tabs else first.context.new_page()
        tab.goto(CONSOLE)
        expect(hook(tab, "tab-mine")).to_be_visible()
        press(tab)
        return tab

    return open_tab


def press(page: Page) -> None:
    """Press where nothing is."""
    page.mouse.click(720, 700)


def offer(visitor: Page, agent: Staff, text: str) -> int:
    conversation = talking.begin(visitor, agent, text)
    agent.post(f"/conversations/{conversation}/assign", agent=agent.get("/me")["agent"]["id"])
    return conversation


def count(tabs: list[Page], note: int) -> int:
    """How often something that begins with this note was heard, in all tabs together."""
    return sum(
        tab.evaluate("note => heard.filter((one) => one === note).length", note) for tab in tabs
    )


def wait_heard(page: Page, note: int, times: int = 1) -> None:
    page.wait_for_function(
        "([note, times]) => heard.filter((one) => one === note).length >= times", arg=[note, times]
    )


def shown(tabs: list[Page]) -> list[str]:
    """The words of all notices of the system, of all tabs."""
    return [one for tab in tabs for one in tab.evaluate("shown.map(({ body }) => body)")]


def ask_why(page: Page) -> None:
    page.keyboard.press("Shift+O")
    expect(page.get_by_role("dialog")).to_be_visible()


def send_test(page: Page) -> None:
    page.get_by_role("button", name="Send a test offer").click()


def line(page: Page, check: str) -> Locator:
    """What is said of one thing that may keep one from hearing."""
    return page.locator(f"[data-check={check}]")


def test_three_tabs_make_one_sound_and_say_the_same_is_unread(
    open_tab: OpenTab, visitor: Page, agent: Staff
):
    agent.patch("/me/preferences", sounds={"repeat": False})
    tabs = [open_tab() for _ in range(3)]
    conversation = offer(visitor, agent, "Anybody there?")
    for tab in tabs:
        expect(card(tab, conversation)).to_be_visible()
        expect(tab).to_have_title("(1) Kefu")
        expect(tab.locator(ICON)).to_have_attribute("href", "/icon-dot.svg")
    wait_heard(tabs[0], OFFER)  # it was pressed first
    assert count(tabs, OFFER) == 1
    hook(tabs[1], "accept").click()
    for tab in tabs:
        expect(tab).to_have_title("Kefu")
        expect(tab.locator(ICON)).to_have_attribute("href", "/icon.svg")
    assert count(tabs, GIVEN) == 0


def test_an_offer_sounds_until_it_is_answered_and_by_another_tab_if_the_first_is_gone(
    open_tab: OpenTab, visitor: Page, agent: Staff
):
    first, second = open_tab(), open_tab()
    offer(visitor, agent, "Anybody there?")
    wait_heard(first, OFFER)
    first.close()
    wait_heard(second, OFFER)
    hook(second, "accept").click()
    expect(hook(second, "accept")).to_have_count(0)


def test_an_answer_sounds_unless_its_chat_is_in_sight_in_some_tab(
    open_tab: OpenTab, visitor: Page, agent: Staff
):
    first, second = open_tab(), open_tab()
    conversation = offer(visitor, agent, "Anybody there?")
    hook(second, "accept").click()
    talking.say(visitor, "Seen")
    expect(card(first, conversation)).to_contain_text("Seen")
    assert count([first, second], MESSAGE) == 0
    second.close()
    talking.say(visitor, "Unseen")
    wait_heard(first, MESSAGE)
    assert count([first], MESSAGE) == 1


def test_a_page_that_the_browser_keeps_silent_says_so_until_it_is_pressed(
    open_page: OpenPage, server: KefuServer, visitor: Page, agent: Staff
):
    page = open_page(CONSOLE, locale="en-GB")
    sign_in(page, *account(server))
    silent = page.context.new_page()
    silent.add_init_script(SPY)
    silent.add_init_script(SILENT)
    page.close()
    silent.goto(CONSOLE)
    expect(hook(silent, "banner")).to_have_attribute("data-state", "muted")
    offer(visitor, agent, "Anybody there?")
    expect(hook(silent, "accept")).to_be_visible()
    assert count([silent], OFFER) == 0
    hook(silent, "banner").get_by_role("button").click(force=True)  # it goes as it is pressed
    expect(hook(silent, "banner")).to_have_count(0)
    wait_heard(silent, OFFER)


def test_an_offer_is_in_sight_on_whatever_page_one_is(
    open_tab: OpenTab, visitor: Page, agent: Staff
):
    tab = open_tab()
    offer(visitor, agent, "Anybody there?")
    tab.goto(f"{CONSOLE}/no/such")
    expect(hook(tab, "accept")).to_be_in_viewport()
    tab.set_viewport_size({"width": 360, "height": 740})
    expect(hook(tab, "accept")).to_be_in_viewport()
    other = talking.newest(agent)
    open_chat(tab, other)
    expect(hook(tab, "accept")).to_be_in_viewport()
    expect(hook(tab, "composer")).to_be_in_viewport()
    hook(tab, "accept").click()
    expect(hook(tab, "composer")).to_be_focused()


def test_the_system_shows_one_notice_while_no_tab_is_in_sight_and_it_leads_to_the_chat(
    open_tab: OpenTab, visitor: Page, agent: Staff
):
    tabs = [open_tab(), open_tab()]
    for tab in tabs:
        assert tab.evaluate("Notification.asked") == 0
    first = tabs[0]
    ask_why(first)
    line(first, "permission").get_by_role("button").click()
    expect(line(first, "permission")).to_have_attribute("data-state", "fine")
    first.keyboard.press("Escape")
    seen = offer(visitor, agent, "Anybody there?")
    wait_heard(first, OFFER)
    agent.post(f"/conversations/{seen}/accept")
    expect(hook(first, "accept")).to_have_count(0)
    assert shown(tabs) == []
    for tab in tabs:
        tab.evaluate("leave()")
    talking.say(visitor, "Hello?")
    first.wait_for_function("shown.length === 1")
    assert shown(tabs) == ["Hello?"]
    first.evaluate("shown[0].onclick()")
    expect(first).to_have_url(f"{first.url.split('/console')[0]}/console/conversations/{seen}")
    first.wait_for_function("!shown[0].isOpen")
    agent.patch("/me/preferences", quiet_hours=ALWAYS)
    ask_why(first)
    expect(line(first, "quiet")).to_have_attribute("data-state", "fault")
    talking.say(visitor, "Are you asleep?")
    expect(card(tabs[1], seen)).to_contain_text("asleep")
    assert shown(tabs) == ["Hello?"]


def test_why_one_heard_nothing_is_told_line_by_line_with_what_to_do_and_tried(
    open_tab: OpenTab, agent: Staff
):
    agent.patch("/me/preferences", sounds={"volume": 0}, quiet_hours=ALWAYS)
    agent.put("/availability", availability="away")
    first, second = open_tab(), open_tab()
    first.keyboard.press("Shift+O")
    wrong = first.locator("[data-check]:not([data-state=fine])")
    checks = ["permission", "availability", "quiet", "preference"]
    expect(wrong).to_have_count(len(checks))
    assert [one.get_attribute("data-check") for one in wrong.all()] == checks
    expect_no_violations(first)
    send_test(first)
    tested = first.get_by_role("dialog").get_by_role("status").locator("p")
    expect(tested).to_have_count(3)
    assert [one.get_attribute("data-state") for one in tested.all()] == ["fine", "fault", "doubt"]
    for at in range(len(checks)):
        wrong.first.get_by_role("button").click()
        expect(wrong).to_have_count(len(checks) - 1 - at)
    send_test(first)
    expect(tested.filter(has_text="sounded in this tab")).to_be_visible()
    assert [one.get_attribute("data-state") for one in tested.all()] == ["fine"] * 3
    assert (count([first, second], OFFER), shown([first, second])) == (1, [TESTED])
    assert agent.get("/conversations", status=["queued", "open"], limit=200)["items"] == []


@pytest.fixture
def chief(server: KefuServer) -> Iterator[Staff]:
    """The admin of the demo."""
    chief = Staff.of_demo(server, "ada")
    yield chief
    chief.close()


def test_a_chat_that_comes_when_there_is_room_again_is_heard(
    open_tab: OpenTab, open_page: OpenPage, agent: Staff, chief: Staff
):
    me = agent.get("/me")["agent"]
    tab, visitor = open_tab(), open_page(talking.WIDGET)
    first = offer(visitor, agent, "I am first")
    hook(tab, "accept").click()
    expect(hook(tab, "accept")).to_have_count(0)
    chief.patch(f"/agents/{me['id']}", chat_limit=1)
    heard = count([tab], OFFER)
    try:
        waiting = talking.begin(open_page(talking.WIDGET), agent, "I can wait")
        hook(tab, "tab-queue").click()
        expect(card(tab, waiting)).to_be_visible()
        assert count([tab], OFFER) == heard
        agent.put(f"/conversations/{first}/status", status="resolved")
        expect(hook(tab, "accept")).to_be_visible()
        wait_heard(tab, OFFER, heard + 1)
        expect(tab).to_have_title("(1) Kefu")
    finally:
        chief.patch(f"/agents/{me['id']}", chat_limit=me["chat_limit"])


def test_what_is_heard_is_chosen_and_counts_in_every_tab(open_tab: OpenTab, agent: Staff):
    first, second = open_tab(), open_tab()
    for tab in (first, second):
        tab.get_by_role("button", name="小美 Mei").click()
        tab.get_by_role("menuitem", name="Sound and notifications").click()
        expect(tab.get_by_role("dialog", name="Sound and notifications")).to_be_visible()
    first.get_by_role("switch", name="An offer sounds again").click()
    first.get_by_role("slider").focus()
    first.keyboard.press("End")
    first.get_by_role("switch", name="Quiet hours").click()
    expect(second.get_by_role("switch", name="Quiet hours")).to_be_checked()
    first.get_by_role("checkbox").first.click()
    expect(second.get_by_role("checkbox").first).not_to_be_checked()
    expect(second.get_by_role("slider")).to_have_value("100")
    kept = agent.get("/me/preferences")
    assert (kept["sounds"]["repeat"], kept["sounds"]["volume"]) == (False, 100)
    assert kept["quiet_hours"]["days"] == [2, 3, 4, 5, 6, 7]
    expect_no_violations(first)


def test_the_bell_lists_what_was_for_one_and_leads_there_in_every_tab_alike(
    open_tab: OpenTab, visitor: Page, agent: Staff, chief: Staff
):
    first, second = open_tab(), open_tab()
    me = agent.get("/me")["agent"]["id"]
    conversation = offer(visitor, agent, "Anybody there?")
    for tab in (first, second):
        expect(bell(tab)).to_have_accessible_name("Notifications, 1 unread")
    first.keyboard.press("Shift+N")
    line = first.get_by_role("dialog").get_by_role("listitem")
    expect(line).to_contain_text("Given to you")
    expect_no_violations(first)
    line.get_by_role("link").click()
    expect(first).to_have_url(re.compile(f"/console/conversations/{conversation}$"))
    for tab in (first, second):
        expect(bell(tab)).to_have_accessible_name("Notifications")
    hook(first, "accept").click()
    expect(hook(first, "accept")).to_have_count(0)
    first.goto(CONSOLE)
    chief.post(
        f"/conversations/{conversation}/notes",
        client_id="n1",
        text="@小美 Mei, look",
        mentions=[me],
    )
    expect(bell(first)).to_have_accessible_name("Notifications, 1 unread")
    press(second)
    bell(second).click()
    dialog = second.get_by_role("dialog", name="Notifications")
    expect(dialog.get_by_role("listitem")).to_have_count(2)
    dialog.get_by_role("button", name="Mark all as read").click()
    for tab in (first, second):
        expect(tab.locator("nav button[aria-label=Notifications]")).to_have_count(1)


def bell(page: Page) -> Locator:
    return page.locator("nav button[aria-label^=Notifications]")
