"""What a site's page says of itself and of its visitor, whatever that is: the chat goes on."""

from __future__ import annotations

import json
import re
from urllib.parse import quote

import pytest
from playwright.sync_api import WebSocket, expect

from tests.browser.hosts.conftest import Look, Shop, Visit

STORED = "[data-state=sent], [data-state=delivered], [data-state=read]"
# A page whose address follows a map, 250 times a second for three seconds.
WANDER = """async () => {
  for (let at = 0; at < 750; at++) {
    history.replaceState(null, "", `?at=${at}`);
    await new Promise((resolve) => setTimeout(resolve, 4));
  }
}"""
SET = {
    "something nested": "{ user: { name: 'Li' } }",
    "no name of an attribute": "{ 'first name': 'Li', constructor: 1 }",
    "too many": "Object.fromEntries(Array.from({ length: 60 }, (_, at) => ['k' + at, at]))",
    "a text that is too long": "{ about: 'x'.repeat(1001) }",
    "no number": "{ seats: NaN, day: new Date(), list: [1] }",
    "more than a frame holds": "Object.fromEntries(Array.from({ length: 45 }, "
    "(_, at) => ['k' + at, '中'.repeat(990)]))",
    "what no store keeps": "{ half: '\\ud800', zero: '\\u0000' }",
    "nothing": "{ plan: null }",
}
SAID = {
    "a title that is too long": "document.title = 'x'.repeat(1001)",
    "an address that is too long": "history.replaceState(null, '', '?q=' + 'x'.repeat(4100))",
    "a page that is none": "Kefu('page', { url: 'javascript:alert(1)', title: 5, referrer: {} })",
    "a title with half a character": "document.title = 'a\\ud83d'",
    **{name: f"Kefu('set', {said})" for name, said in SET.items()},
}
GUESTS_WORDS = [
    '<img name="currentScript" src="http://localhost:9/kefu.png" data-widget="wk_theirs" alt="">',
    '<form name="Kefu"><input name="join"><select name="q"><option>open</option></select></form>',
    '<a id="Kefu" name="q" href="clobbered:open">1</a><a id="Kefu" name="join">2</a>',
    '<object name="Kefu"></object>',
]
# What no frame can be told, or what is no more than text then.
UNTELLABLE = [
    "Kefu('set', { f() {} })",
    "Kefu('set', { element: document.body })",
    "Kefu('page', { url: new URL(location.href) })",
    "Kefu('identify', () => 1)",
    "Kefu('set', null)",
    "(() => { const all = {}; all.all = all; return Kefu('set', all); })()",
    "Kefu('set', { n: 1n })",
]


def write(visit: Visit, text: str) -> None:
    field = visit.frame.locator("[data-kefu=composer]")
    field.fill(text)
    field.press("Enter")


def expect_stored(visit: Visit, text: str) -> None:
    own = visit.frame.locator("[data-kefu=message][data-from=me]").filter(has_text=text)
    expect(own.and_(visit.frame.locator(STORED))).to_have_count(1)


def run(visit: Visit, code: str) -> None:
    """Whether it is refused does not matter."""
    visit.page.evaluate("(code) => Promise.resolve(eval(code)).then(() => 0, () => 0)", code)


@pytest.mark.parametrize("what", SAID)
def test_whatever_a_page_says_one_can_begin_a_chat(look: Look, what: str):
    visit = look("plain")
    visit.open()
    run(visit, SAID[what])
    visit.page.wait_for_timeout(
        600
    )  # routers change the title after the address: so the loader waits
    write(visit, "Is it there?")
    expect_stored(visit, "Is it there?")


@pytest.mark.parametrize("code", UNTELLABLE)
def test_what_cannot_be_told_keeps_the_chat_from_nothing(look: Look, code: str):
    visit = look("plain")
    expect(visit.launcher).to_be_visible()
    # Before the first opening: a call waits for the panel, so it is not waited for.
    visit.page.evaluate(
        "(code) => void Promise.resolve().then(() => eval(code)).catch(() => 0)", code
    )
    visit.open()
    write(visit, "Is it there?")
    expect_stored(visit, "Is it there?")


def test_a_token_that_no_server_takes_is_refused_and_one_can_write(look: Look):
    visit = look("plain")
    visit.open()
    refused = visit.page.evaluate(
        "() => Kefu('identify', 'x'.repeat(200_000)).then(() => '', ({ code }) => code)"
    )
    assert refused == "too_large"
    write(visit, "Is it there?")
    expect_stored(visit, "Is it there?")


def test_a_page_that_changes_its_address_all_the_time_tells_the_team_now_and_then(look: Look):
    said: list[str] = []

    def listen(visit: Visit) -> None:
        def opened(socket: WebSocket) -> None:
            socket.on("framesent", lambda frame: said.append(str(frame)))

        visit.page.on("websocket", opened)

    visit = look("plain", prepare=listen)
    visit.open()
    write(visit, "Where is it?")
    expect_stored(visit, "Where is it?")
    visit.page.evaluate(WANDER)
    write(visit, "Here?")
    expect_stored(visit, "Here?")
    told = [frame for frame in map(json.loads, said) if frame["do"] == "conversation.page"]
    assert 0 < len(told) <= 4
    # The last step is told, too.
    with visit.page.expect_event("console", lambda line: "told" in line.text):
        visit.page.evaluate("setTimeout(() => console.log('told'), 2600)")
    assert any("?at=749" in frame for frame in said)


def test_a_page_that_changes_its_address_all_the_time_reports_its_visit_now_and_then(
    look: Look, shop: Shop
):
    shop.set(watch_visitors=True)
    try:
        visit = look("plain")
        with visit.page.expect_request("**/visit"):
            pass
        visit.page.evaluate(WANDER)
    finally:
        shop.set(watch_visitors=False)
    reported = [path for path in visit.asked_of_kefu() if path.endswith("/visit")]
    assert 0 < len(reported) <= 4


@pytest.mark.parametrize("words", GUESTS_WORDS)
def test_what_a_guest_wrote_into_the_page_is_not_taken_for_the_loader(
    look: Look, shop: Shop, words: str
):
    """A named element stands in the place of a property of the document or of the window."""
    visit = look(f"clobbered?words={quote(words)}")
    expect(visit.launcher).to_be_visible()
    visit.open()
    assert visit.panel.get_attribute("src") == f"{shop.kefu.base_url}/widget/{shop.key}"
    asked = [one.url for one in visit.requests if not one.url.endswith("/kefu.png")]
    ours = (shop.hosts.origin, shop.kefu.base_url)
    assert all(one.startswith(ours) for one in asked if not re.match("data:|blob:", one))


@pytest.mark.parametrize("queue", ["null", "{}", "5", "[null, undefined, 'open', {}, 7]"])
def test_a_queue_that_is_none_keeps_the_chat_from_nothing(look: Look, queue: str):
    """What can be called of it is called."""
    stub = f"window.Kefu = () => {{}}; Kefu.q = {queue}; Kefu.q?.push?.(['hide'])"
    visit = look("plain", prepare=lambda visit: visit.page.add_init_script(stub))
    expect(visit.launcher).to_be_attached()
    if queue.startswith("["):
        expect(visit.button).to_be_hidden()
    assert visit.call("open") is True


@pytest.mark.parametrize("page", ["trusted", "named", "default"])
def test_a_page_that_demands_trusted_types_lets_the_panel_in_as_documented(look: Look, page: str):
    """Whichever policies it has, the one that is named ``kefu``, or its own by default."""
    visit = look(page)
    visit.open()
    write(visit, "Is it there?")
    expect_stored(visit, "Is it there?")
    told = [line for line in visit.lines if "Trusted" in line]
    assert all("'kefu'" in line for line in told)
    assert bool(told) == (page == "default")
