"""That what concerns an agent is heard and seen in the console, whatever else they look at.

Rules: what would sound and what the system would show is taken down in the page, before any of its
own scripts: a note by its kind, a notice by its words. Pages of a test have the focus, all of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser import talking
from tests.browser.conftest import OpenPage
from tests.browser.consoling import CONSOLE, account, card, hook, open_chat, sign_in
from tests.browser.desk import Staff
from tests.serving import KefuServer

SPY = """(() => {
  window.heard = [];
  window.shown = [];
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
ICON = "link[rel=icon]"

OpenTab = Callable[[], Page]


@pytest.fixture(autouse=True)
def nobody_waits(agent: Staff) -> Iterator[None]:
    """What other tests have left is resolved, so that nothing of it is offered here."""
    for one in agent.get("/conversations", status=["queued", "open"], limit=200)["items"]:
        agent.put(f"/conversations/{one['id']}/status", status="resolved")
    yield
    agent.patch("/me/preferences", sounds=None, notifications=None, quiet_hours=None)


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
    hook(silent, "banner").get_by_role("button").click()
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
