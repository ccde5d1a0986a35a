"""Reading in the widget: nothing that is read is moved, nothing new is missed or said twice."""

from __future__ import annotations

import json
import re
from io import BytesIO

import pytest
from PIL import Image
from playwright.sync_api import FrameLocator, Locator, Page, Route, WebSocketRoute, expect

from tests.browser.conftest import OpenPage
from tests.browser.desk import Staff
from tests.browser.talking import REALTIME, WIDGET, begin, composer, newest, said, say, texts

SIZE = {"width": 400, "height": 680}
MANY = 70  # more than a page of entries

SCROLL = """
(body, by) => new Promise((done) => {
  body.addEventListener("scroll", () => requestAnimationFrame(() => done()), { once: true });
  body.scrollTop += by;
})
"""
# From now on: by how many pixels the first message in sight was moved at most, frame by frame.
WATCH = """
(body) => {
  const top = body.getBoundingClientRect().top;
  const rows = [...body.querySelectorAll("[data-kefu=message]")];
  const row = rows.find((one) => one.getBoundingClientRect().bottom > top);
  const from = row.getBoundingClientRect().top;
  window.mostMoved = 0;
  const look = () => {
    const moved = Math.abs(row.getBoundingClientRect().top - from);
    window.mostMoved = Math.max(window.mostMoved, row.isConnected ? moved : 9999);
    requestAnimationFrame(look);
  };
  look();
}
"""
# How many messages are there when the first one is.
FIRST_COUNT = """
window.firstCount = 0;
new MutationObserver(() => {
  window.firstCount ||= document.querySelectorAll("[data-kefu=message]").length;
}).observe(document, { childList: true, subtree: true });
"""
# All that the live region says.
LISTEN = """
window.heard = [];
new MutationObserver(() => {
  const said = document.querySelector(".k-live")?.textContent ?? "";
  if (said && said !== window.heard.at(-1)) window.heard.push(said);
}).observe(document, { childList: true, subtree: true, characterData: true });
"""
# A site's page, with as much of a loader as says hello.
HOST = f"""
<!doctype html><title>Host</title>
<script>
  addEventListener("message", ({{ source, data }}) => {{
    const page = {{ url: location.href, title: "Host", referrer: "" }};
    const how = {{ theme: "light", isOpen: true, isPhone: false, config: null, page }};
    if (data.type === "loaded") source.postMessage({{ kefu: 1, type: "hello", ...how }});
  }});
</script>
<iframe src="{WIDGET}" width="400" height="680"></iframe>
"""
# A window that is hidden, or not, as it is told.
HIDING = """
window.hide = (isHidden) => {
  window.isHiddenNow = isHidden;
  document.dispatchEvent(new Event("visibilitychange"));
};
const isHidden = () => Boolean(window.isHiddenNow);
const state = () => (isHidden() ? "hidden" : "visible");
Object.defineProperty(document, "hidden", { get: isHidden });
Object.defineProperty(document, "visibilityState", { get: state });
"""


@pytest.fixture
def blank(open_page: OpenPage) -> Page:
    """A visitor's window before the chat."""
    return open_page("/licenses", locale="en-GB", viewport=SIZE)


@pytest.fixture
def visitor(blank: Page) -> Page:
    for script in (FIRST_COUNT, LISTEN, HIDING):
        blank.add_init_script(script)
    blank.goto(WIDGET)
    expect(composer(blank)).to_be_visible()
    return blank


@pytest.fixture
def talk(visitor: Page, agent: Staff) -> int:
    """A conversation of more than a page, read to its end."""
    conversation = begin(visitor, agent, "Hello")
    agent.pick(conversation)
    for number in range(MANY):
        agent.say(conversation, f"Line {number}, and a little more to read of it")
    expect(said(visitor).last).to_contain_text(f"Line {MANY - 1},")
    expect(said(visitor).last).to_have_attribute("data-state", "read")
    expect(visitor.get_by_text("sees what you type")).to_be_visible()  # it takes room of its own
    return conversation


def body(page: Page) -> Locator:
    return page.locator(".k-body")


def pill(page: Page) -> Locator:
    return page.locator(".k-jump")


def unread(agent: Staff, conversation: int) -> int:
    """How much the visitor has not read."""
    return int(agent.get(f"/conversations/{conversation}").get("contact_unread", 0))


def expect_end(page: Page) -> None:
    page.wait_for_function(
        "() => { const body = document.querySelector('.k-body');"
        " return body.scrollHeight - body.scrollTop - body.clientHeight < 2; }"
    )


def test_the_newest_fifty_are_in_the_page_as_soon_as_it_shows_any_and_the_end_is_seen(
    visitor: Page, talk: int
):
    visitor.reload()
    expect(said(visitor).last).to_contain_text(f"Line {MANY - 1},")
    assert visitor.evaluate("window.firstCount") == 50
    expect_end(visitor)


def test_whoever_reads_back_is_moved_by_nothing_and_told_how_much_is_new(
    visitor: Page, agent: Staff, talk: int
):
    body(visitor).evaluate(SCROLL, -1500)
    body(visitor).evaluate(WATCH)
    for number in range(10):
        agent.say(talk, f"New {number}")
    expect(pill(visitor)).to_have_text("10 new messages")
    agent.post(f"/conversations/{talk}/typing")
    expect(visitor.locator(".k-dots")).to_have_count(1)
    assert visitor.evaluate("window.mostMoved") == 0
    assert unread(agent, talk) == 10
    pill(visitor).click()
    expect_end(visitor)
    expect(pill(visitor)).to_have_count(0)
    expect(said(visitor).last).to_have_attribute("data-state", "read")
    assert unread(agent, talk) == 0


class Held:
    """Answers to one command that are held back until they are let go."""

    def __init__(self, page: Page, command: str) -> None:
        self.is_holding = False
        self._command, self._ids, self._held = (
            command,
            set[int](),
            list[tuple[WebSocketRoute, str]](),
        )
        page.route_web_socket(REALTIME, self._route)

    def let_go(self) -> None:
        self.is_holding = False
        for socket, frame in self._held:
            socket.send(frame)
        self._held.clear()

    def _route(self, socket: WebSocketRoute) -> None:
        server = socket.connect_to_server()

        def to_server(frame: str | bytes) -> None:
            asked = json.loads(frame)
            if asked.get("do") == self._command:
                self._ids.add(asked["id"])
            server.send(frame)

        def to_page(frame: str | bytes) -> None:
            if self.is_holding and json.loads(frame).get("re") in self._ids:
                self._held.append((socket, str(frame)))
            else:
                socket.send(frame)

        socket.on_message(to_server)
        server.on_message(to_page)


def test_older_ones_come_on_the_way_up_and_move_nothing(blank: Page, agent: Staff):
    held = Held(blank, "message.list")
    blank.goto(WIDGET)
    conversation = begin(blank, agent, "Hello")
    for number in range(MANY):
        agent.say(conversation, f"Line {number}, and a little more to read of it")
    blank.reload()
    expect(said(blank).last).to_contain_text(f"Line {MANY - 1},")
    expect_end(blank)
    held.is_holding = True
    body(blank).evaluate(SCROLL, -100_000)
    expect(blank.locator("ol.k-thread")).to_have_attribute("aria-busy", "true")
    expect(blank.locator(".k-skel").first).to_be_attached()
    body(blank).evaluate(WATCH)
    held.let_go()
    expect(said(blank)).to_have_count(MANY + 1)
    expect(blank.locator("ol.k-thread")).to_have_attribute("aria-busy", "false")
    expect(blank.locator(".k-skel")).to_have_count(0)
    expect(blank.locator(".k-live")).to_have_text("")  # history is not read out
    assert blank.evaluate("window.mostMoved") == 0
    expect(texts(blank).first).to_have_text("Hello")


def test_a_picture_that_loads_moves_neither_what_is_read_nor_the_end(
    visitor: Page, agent: Staff, talk: int
):
    held: list[Route] = []
    visitor.route("**/api/v1/files/**", lambda route: held.append(route))
    picture = agent.upload(talk, "pot.png", png(800, 600))
    agent.say(talk, "See", files=[picture])
    place = said(visitor).last.locator(".k-pic")
    expect(place).to_be_visible()
    expect_end(visitor)
    body(visitor).evaluate(WATCH)
    visitor.wait_for_function("() => document.querySelector('.k-pic img')")
    while not held:
        visitor.wait_for_timeout(10)  # lets the request come
    height = place.bounding_box()["height"]  # type: ignore[index]
    for route in held:
        route.continue_()
    visitor.wait_for_function("() => document.querySelector('.k-pic img')?.naturalWidth > 0")
    assert place.bounding_box()["height"] == height  # type: ignore[index]
    assert visitor.evaluate("window.mostMoved") == 0
    expect_end(visitor)


def png(width: int, height: int) -> bytes:
    made = BytesIO()
    Image.new("RGB", (width, height), (163, 192, 176)).save(made, "PNG")
    return made.getvalue()


def test_what_comes_while_the_window_is_hidden_is_delivered_and_marked_as_new(
    visitor: Page, agent: Staff
):
    conversation = begin(visitor, agent)
    agent.pick(conversation)
    visitor.evaluate("window.hide(true)")
    agent.say(conversation, "Are you there?")
    expect(said(visitor, "team")).to_have_attribute("data-state", "delivered")
    assert agent.get(f"/conversations/{conversation}")["contact_receipts"]["delivered"] > 0
    assert unread(agent, conversation) == 1
    visitor.evaluate("window.hide(false)")
    expect(said(visitor, "team")).to_have_attribute("data-state", "read")
    expect(visitor.locator(".k-new")).to_have_text("New")
    assert unread(agent, conversation) == 0
    agent.say(conversation, "I see you.")
    expect(said(visitor, "team")).to_have_count(2)
    expect(visitor.locator(".k-new")).to_have_count(1)  # it stays where it was


def test_the_line_at_what_is_new_goes_when_the_panel_is_closed(open_page: OpenPage, agent: Staff):
    host = open_page("/licenses", locale="en-GB")
    panel = framed(host)
    field = panel.locator("[data-kefu=composer]")
    field.fill("Hello")
    field.press("Enter")
    expect(in_panel(panel, "me")).to_have_attribute("data-state", "sent")
    conversation = newest(agent)
    tell(host, "close")
    agent.say(conversation, "Are you there?")
    expect(in_panel(panel, "team")).to_have_attribute("data-state", "delivered")
    tell(host, "open")
    expect(panel.locator(".k-new")).to_have_text("New")
    expect(in_panel(panel, "team")).to_have_attribute("data-state", "read")
    tell(host, "close")
    expect(panel.locator(".k-new")).to_have_count(0)


def framed(page: Page) -> FrameLocator:
    """The widget in a frame, before a host that says what the loader says."""
    page.route("**/host", lambda route: route.fulfill(body=HOST, content_type="text/html"))
    page.goto("/host")
    panel = page.frame_locator("iframe")
    expect(panel.locator("[data-kefu=composer]")).to_be_visible()
    return panel


def tell(host: Page, type: str) -> None:
    word = {"kefu": 1, "type": type}
    host.evaluate(
        "(word) => document.querySelector('iframe').contentWindow.postMessage(word)", word
    )


def in_panel(panel: FrameLocator, sender: str) -> Locator:
    return panel.locator(f'[data-kefu=message][data-from="{sender}"]')


def test_a_screen_reader_hears_what_others_say_once_and_neither_ones_own_nor_history(
    visitor: Page, agent: Staff
):
    for one in agent.get("/conversations", status="queued", limit=100)["items"]:
        agent.put(f"/conversations/{one['id']}/status", status="resolved")
    conversation = begin(visitor, agent, "Mine")
    agent.pick(conversation)
    for _ in range(2):
        agent.post(f"/conversations/{conversation}/typing")
    expect(visitor.locator(".k-dots")).to_be_attached()
    agent.say(conversation, "**Yes**, really")
    expect(said(visitor, "team")).to_have_count(1)
    agent.say(conversation, "And more")
    expect(said(visitor, "team")).to_have_count(2)
    heard = visitor.evaluate("window.heard")
    # Whether somebody is there is up to who else has a page open.
    assert heard[0] in {"You are next", "Nobody is here right now."}
    assert heard[1:] == [
        "小美 Mei is here for you",
        "小美 Mei is typing",
        "小美 Mei: Yes, really",
        "小美 Mei: And more",
    ]
    visitor.reload()
    expect(said(visitor)).to_have_count(3)
    say(visitor, "Mine, too")
    assert visitor.evaluate("window.heard") == []


def test_typing_ends_by_itself_when_the_typist_is_gone(visitor: Page, agent: Staff):
    conversation = begin(visitor, agent)
    agent.post(f"/conversations/{conversation}/typing")
    expect(visitor.locator(".k-dots")).to_be_attached()
    expect(visitor.locator(".k-dots")).to_have_count(0)  # nobody types on


def test_a_row_stays_the_same_element_from_being_written_to_being_read(visitor: Page, agent: Staff):
    conversation = begin(visitor, agent)
    visitor.evaluate("document.querySelector('[data-kefu=message]').dataset.mark = 'it'")
    composer(visitor).fill("Two")
    composer(visitor).press("Enter")
    visitor.evaluate("document.querySelectorAll('[data-kefu=message]')[1].dataset.mark = 'two'")
    agent.say(conversation, "Read")
    expect(said(visitor, "me").last).to_have_attribute("data-state", "read")
    expect(said(visitor, "me").first).to_have_attribute("data-mark", "it")
    expect(said(visitor, "me").last).to_have_attribute("data-mark", "two")


def test_days_are_told_apart_by_their_dates(visitor: Page, agent: Staff):
    begin(visitor, agent)
    expect(visitor.locator(".k-note")).to_have_count(0)
    visitor.clock.set_fixed_time(visitor.evaluate("Date.now() + 86_400_000") / 1000)
    visitor.reload()
    expect(visitor.locator(".k-note")).to_have_text(re.compile("Yesterday"))
