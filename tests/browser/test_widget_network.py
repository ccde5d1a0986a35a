"""The widget while network, server or store fail: nothing is lost, nothing is doubled."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import FilePayload, Locator, Page, Route, WebSocketRoute, expect

from tests.browser.conftest import OpenPage
from tests.browser.desk import Staff
from tests.browser.talking import (
    REALTIME,
    WIDGET,
    Gate,
    begin,
    composer,
    expect_stored,
    newest,
    said,
    say,
    texts,
    write,
)
from tests.databases import back_up_file
from tests.serving import KefuServer

SINCE = [f"Since {number}" for number in range(1, 6)]


@pytest.fixture
def blank(open_page: OpenPage) -> Page:
    """A visitor's window before the chat."""
    return open_page("/licenses", locale="en-GB", viewport={"width": 400, "height": 680})


def opened(page: Page) -> Page:
    page.goto(WIDGET)
    expect(composer(page)).to_be_visible()
    return page


@pytest.fixture
def visitor(blank: Page) -> Page:
    return opened(blank)


@pytest.fixture
def gated(blank: Page) -> tuple[Page, Gate]:
    """A visitor's chat that nothing was said in, and its way to the server."""
    gate = Gate(blank)
    return opened(blank), gate


@pytest.fixture
def backed_up(server: KefuServer, tmp_path: Path) -> Callable[[], Callable[[], None]]:
    """``put_back = backed_up()``, and later ``put_back()``: stop, put the backup back, start."""

    def keep() -> Callable[[], None]:
        put_back = back_up_file(server.data_dir / "kefu.db", tmp_path / "backup.db")

        def restore() -> None:
            server.stop()
            put_back()
            server.start()

        return restore

    return keep


def bar(page: Page) -> Locator:
    return page.locator(".k-bar:not(.k-told)")


def notice(page: Page) -> Locator:
    return page.locator(".k-told")


def test_what_is_said_while_the_server_is_dead_is_said_once_it_is_back(
    visitor: Page, agent: Staff, server: KefuServer
):
    conversation = begin(visitor, agent, "One")
    server.kill()
    write(visitor, "While it is dead")
    write(visitor, "And one more")
    expect(bar(visitor)).to_contain_text("Reconnecting…")
    assert bar(visitor).bounding_box()["height"] == 28  # type: ignore[index]
    expect(said(visitor).last).to_have_attribute("data-state", "sending")
    expect(said(visitor).last).to_contain_text("Waiting for the connection")
    server.start()
    expect_stored(visitor, "And one more")
    expect(bar(visitor)).to_have_count(0)
    expect(texts(visitor)).to_have_text(["One", "While it is dead", "And one more"])
    assert agent.texts(conversation) == ["One", "While it is dead", "And one more"]
    expect(visitor.locator(".k-live")).to_have_text("Connected")


def test_a_short_loss_is_not_worth_a_word(gated: tuple[Page, Gate], agent: Staff):
    visitor, gate = gated
    begin(visitor, agent)
    visitor.evaluate(
        "() => { window.bars = 0; new MutationObserver(() => {"
        " window.bars += document.querySelectorAll('.k-bar').length; })"
        ".observe(document, { childList: true, subtree: true }); }"
    )
    gate.shut()
    gate.open()
    say(visitor, "Still here")
    assert visitor.evaluate("window.bars") == 0


class Line:
    """A page's connection, on which the server's answers can be lost."""

    def __init__(self, page: Page) -> None:
        self.is_deaf = False
        self._said = 0
        self._page = page
        page.route_web_socket(REALTIME, self._route)

    def wait_for_message(self) -> None:
        """Until the page has said something since nothing is heard."""
        while not self._said:
            self._page.wait_for_timeout(10)  # lets frames pass

    def _route(self, socket: WebSocketRoute) -> None:
        server = socket.connect_to_server()

        def to_server(frame: str | bytes) -> None:
            self._said += self.is_deaf and "client_id" in str(frame)
            server.send(frame)

        def to_page(frame: str | bytes) -> None:
            if not (self.is_deaf and self._said):
                socket.send(frame)

        socket.on_message(to_server)
        server.on_message(to_page)


NOTE: FilePayload = {"name": "note.txt", "mimeType": "text/plain", "buffer": b"a note"}


class Hole:
    """A page's sockets, which can be swallowed: nothing comes through, and no end is told."""

    def __init__(self, page: Page) -> None:
        self.is_open = False
        self.given_up = 0
        page.route_web_socket(REALTIME, self._route)

    def _route(self, socket: WebSocketRoute) -> None:
        server = socket.connect_to_server()
        socket.on_message(lambda frame: self._hand_on(server, frame))
        server.on_message(lambda frame: self._hand_on(socket, frame))
        socket.on_close(lambda code, reason: self._give_up(server))

    def _hand_on(self, to: WebSocketRoute, frame: str | bytes) -> None:
        if not self.is_open:
            to.send(frame)

    def _give_up(self, server: WebSocketRoute) -> None:
        self.given_up += 1
        server.close()


def test_a_connection_that_is_swallowed_is_noticed_within_45_seconds(blank: Page, agent: Staff):
    hole = Hole(blank)
    blank.clock.install()
    visitor = opened(blank)
    conversation = begin(visitor, agent, "One")
    visitor.clock.pause_at(visitor.evaluate("Date.now() + 1_000") / 1000)
    hole.is_open = True
    agent.say(conversation, "Into the hole")
    visitor.clock.run_for(45_000)
    while not hole.given_up:
        visitor.wait_for_timeout(10)  # lets frames pass; the page's clock stands
    visitor.clock.run_for(3_000)
    expect(bar(visitor)).to_contain_text("Reconnecting…")
    hole.is_open = False
    visitor.clock.resume()
    expect(texts(visitor)).to_have_text(["One", "Into the hole"])
    expect(bar(visitor)).to_have_count(0)


def test_a_first_message_without_an_answer_is_said_once_and_what_follows_goes_after_it(
    blank: Page, agent: Staff
):
    line = Line(blank)
    visitor = opened(blank)
    line.is_deaf = True
    write(visitor, "First")
    write(visitor, "Second")
    expect(said(visitor)).to_have_count(2)
    line.wait_for_message()
    line.is_deaf = False
    visitor.reload()
    expect(texts(visitor)).to_have_text(["First", "Second"])
    expect_stored(visitor, "Second")
    assert agent.texts(newest(agent)) == ["First", "Second"]


def test_a_network_that_is_cut_in_mid_send_loses_and_doubles_nothing(blank: Page, agent: Staff):
    line = Line(blank)
    visitor = opened(blank)
    conversation = begin(visitor, agent, "One")
    line.is_deaf = True
    write(visitor, "Did it arrive?")
    line.wait_for_message()
    expect(said(visitor).last).to_have_attribute("data-state", "sending")
    agent.say(conversation, "It did.")  # which is not heard either
    line.is_deaf = False
    visitor.evaluate("dispatchEvent(new Event('offline'))")
    expect(texts(visitor)).to_have_text(["One", "Did it arrive?", "It did."])
    assert agent.texts(conversation) == ["One", "Did it arrive?", "It did."]


def test_where_websocket_is_barred_the_chat_goes_over_http(blank: Page, agent: Staff):
    Gate(blank).is_shut = True
    visitor = opened(blank)
    conversation = begin(visitor, agent, "Over HTTP")
    agent.say(conversation, "Heard.")
    expect(texts(visitor)).to_have_text(["Over HTTP", "Heard."])
    say(visitor, "Me, too")
    assert agent.texts(conversation) == ["Over HTTP", "Heard.", "Me, too"]


def test_seven_tabs_without_websocket_have_one_stream(blank: Page, agent: Staff):
    context, streams = blank.context, [0]

    def count(route: Route) -> None:
        accept = route.request.headers.get("accept", "")
        streams[0] += "text/event-stream" in accept
        route.continue_()

    context.route("**/api/v1/events*", count)
    context.route_web_socket(REALTIME, lambda socket: socket.close())
    first = opened(blank)
    conversation = begin(first, agent, "Over HTTP")
    others = [context.new_page() for _ in range(6)]
    for page in others:
        page.goto(WIDGET)
        expect(texts(page)).to_have_text(["Over HTTP"])
    begun = streams[0]
    agent.say(conversation, "To all of you")
    for page in (first, *others):
        expect(texts(page)).to_have_text(["Over HTTP", "To all of you"])
    assert streams[0] == begun  # none is opened for the others


def test_a_script_that_could_not_be_loaded_once_is_fetched_anew(visitor: Page, agent: Staff):
    """By the visitor's browser itself: it must not remember that an import failed."""
    conversation = begin(visitor, agent, "One")
    asked: list[str] = []

    def fail_once(route: Route) -> None:
        asked.append(route.request.url)
        if asked.count(route.request.url) == 1:
            route.abort()
        else:
            route.continue_()

    visitor.route("**/assets/*.js", fail_once)
    visitor.locator("input[type=file]").set_input_files(NOTE)
    expect(said(visitor)).to_have_count(2)
    expect(said(visitor).last).to_contain_text("note.txt")
    assert asked
    while any(asked.count(one) == 1 for one in asked):
        visitor.wait_for_timeout(10)  # lets frames pass
    expect(said(visitor).last).not_to_have_attribute("data-state", "sending")
    assert agent.get(f"/conversations/{conversation}")["last_message"]["files"]


@pytest.mark.parametrize("is_at_home", [True, False], ids=["a file at home", "the menu"])
def test_what_cannot_be_loaded_without_a_server_says_so_and_is_tried_again(
    visitor: Page, agent: Staff, server: KefuServer, is_at_home: bool
):
    if not is_at_home:
        begin(visitor, agent, "One")
    server.kill()
    if is_at_home:
        visitor.locator("input[type=file]").set_input_files(NOTE)
    else:
        visitor.get_by_role("button", name="More").click()
    missing = visitor.get_by_role("button", name="This could not be loaded. Try again")
    expect(missing).to_be_visible()
    server.start()
    missing.evaluate_all("(all) => all[0]?.click()")  # unless it has been tried by itself
    expect(missing).to_have_count(0)
    if is_at_home:
        expect(said(visitor)).to_contain_text(["note.txt"])
    else:
        expect(visitor.get_by_role("menu")).to_be_visible()


def test_a_server_with_other_files_is_asked_for_its_own_and_the_words_are_sent(visitor: Page):
    """As after an upgrade under an open panel: no file that it was built with is there."""
    documents: list[str] = []

    def answer(route: Route) -> None:
        if route.request.is_navigation_request():
            documents.append(route.request.url)
        if documents or "/assets/" not in route.request.url:
            route.continue_()
        else:
            route.fulfill(status=404)

    visitor.route("**", answer)
    write(visitor, "Over an upgrade")
    missing = visitor.get_by_role("button", name="This could not be loaded. Try again")
    expect(missing).to_be_visible()
    assert documents == []
    missing.click()
    expect(said(visitor)).to_have_attribute("data-state", "sent")
    expect(missing).to_have_count(0)
    assert documents


@pytest.mark.parametrize("is_barred", [False, True], ids=["by WebSocket", "over HTTP"])
def test_what_is_said_before_it_is_known_what_goes_on_goes_there(
    blank: Page, agent: Staff, is_barred: bool
):
    """At once after a reload, before the script of the conversation is here and after it."""
    Gate(blank).is_shut = is_barred
    visitor = opened(blank)
    conversation = begin(visitor, agent, "One")
    talk = visitor.evaluate(
        "performance.getEntriesByType('resource').map(({name}) => name)"
        ".find((name) => /talk-[^/]*\\.js$/.test(name))"
    )
    waiting: list[Route] = []
    visitor.route(talk, lambda route: waiting.append(route))
    visitor.reload()
    write(visitor, "Before it is loaded")
    expect(texts(visitor)).to_have_text(["Before it is loaded"])
    (route,) = waiting
    route.continue_()
    write(visitor, "While it is asked for")
    expect_stored(visitor, "While it is asked for")
    all_of_it = ["One", "Before it is loaded", "While it is asked for"]
    expect(texts(visitor)).to_have_text(all_of_it)
    assert agent.texts(conversation) == all_of_it
    assert newest(agent) == conversation


def test_what_was_refused_says_why_and_can_be_written_anew(visitor: Page, agent: Staff):
    conversation = begin(visitor, agent, "One")
    visitor.route("**/*", lambda route: route.continue_())
    write(visitor, "x\0y")  # no character that can be kept
    failed = said(visitor).last
    expect(failed).to_have_attribute("data-state", "failed")
    expect(failed).to_contain_text(
        "Not sent: it is too long, or has characters that cannot be kept"
    )
    expect(failed.get_by_role("button", name="Retry")).to_have_count(0)
    failed.get_by_role("button", name="Edit").click()
    expect(said(visitor)).to_have_count(1)
    expect(composer(visitor)).to_have_value("x\0y")
    say(visitor, "In other words")
    assert agent.texts(conversation) == ["One", "In other words"]


def test_a_restored_backup_under_an_open_panel_is_noticed(
    gated: tuple[Page, Gate], backed_up, agent: Staff
):
    visitor, gate = gated
    conversation = begin(visitor, agent, "Hello?")
    agent.pick(conversation)
    agent.say(conversation, "Yes.")
    expect(texts(visitor)).to_have_text(["Hello?", "Yes."])
    put_back = backed_up()
    for number in range(1, 4):
        agent.say(conversation, f"Lost {number}")
    expect(said(visitor, "team")).to_have_count(4)
    gate.shut()
    put_back()
    for text in SINCE:
        agent.say(conversation, text)
    gate.open()
    expect(notice(visitor)).to_contain_text("The last messages may be lost")
    expect(texts(visitor)).to_have_text(["Hello?", "Yes.", *SINCE])
    say(visitor, "I see")
    assert agent.texts(conversation) == ["Hello?", "Yes.", *SINCE, "I see"]


def test_ones_own_words_that_were_lost_stay_over_reloads_until_they_are_sent_again_or_dropped(
    gated: tuple[Page, Gate], backed_up, agent: Staff
):
    visitor, gate = gated
    conversation = begin(visitor, agent, "Hello?")
    agent.pick(conversation)
    put_back = backed_up()
    say(visitor, "Lost one")
    say(visitor, "Lost two")
    gate.shut()
    visitor.reload()  # it does not hear of the restore: what it knows is what the browser kept
    put_back()
    agent.say(conversation, "Since")
    gate.open()
    expect(texts(visitor)).to_have_text(["Hello?", "Lost one", "Lost two", "Since"])
    expect(said(visitor, "me").nth(1)).to_have_attribute("data-state", "failed")
    visitor.reload()
    expect(texts(visitor)).to_have_text(["Hello?", "Lost one", "Lost two", "Since"])
    assert agent.texts(conversation) == ["Hello?", "Since"]  # nothing is said by itself
    lost = said(visitor).filter(has_text="Lost two")
    expect(lost).to_contain_text("Lost: nobody else sees this")
    lost.get_by_role("button", name="Send again").click()
    expect_stored(visitor, "Lost two")
    said(visitor).filter(has_text="Lost one").get_by_role("button", name="Delete").click()
    expect(texts(visitor)).to_have_text(["Hello?", "Since", "Lost two"])
    visitor.reload()
    expect(texts(visitor)).to_have_text(["Hello?", "Since", "Lost two"])
    assert agent.texts(conversation) == ["Hello?", "Since", "Lost two"]


def test_the_notice_of_a_loss_stays_over_a_reload_until_it_is_closed(
    gated: tuple[Page, Gate], backed_up, agent: Staff
):
    visitor, gate = gated
    conversation = begin(visitor, agent, "Hello?")
    put_back = backed_up()
    agent.say(conversation, "Lost")
    expect(said(visitor)).to_have_count(2)
    gate.shut()
    put_back()
    gate.open()
    expect(notice(visitor)).to_be_visible()
    visitor.reload()
    expect(notice(visitor)).to_be_visible()
    notice(visitor).get_by_role("button").click()
    expect(notice(visitor)).to_have_count(0)
    visitor.reload()
    expect(said(visitor)).to_have_count(1)
    expect(notice(visitor)).to_have_count(0)


def test_a_panel_of_what_was_in_the_backup_goes_on_and_says_nothing(
    gated: tuple[Page, Gate], backed_up, agent: Staff
):
    visitor, gate = gated
    conversation = begin(visitor, agent, "Hello?")
    agent.pick(conversation)
    expect(visitor.locator(".k-head h1")).to_have_text("小美 Mei")
    put_back = backed_up()
    gate.shut()
    agent.say(conversation, "Lost")
    put_back()
    for text in SINCE:
        agent.say(conversation, text)
    gate.open()
    expect(texts(visitor)).to_have_text(["Hello?", *SINCE])
    expect(notice(visitor)).to_have_count(0)


def test_what_was_not_sent_to_a_lost_conversation_begins_another(
    gated: tuple[Page, Gate], backed_up, open_page: OpenPage, agent: Staff
):
    visitor, gate = gated
    put_back = backed_up()
    lost = begin(visitor, agent, "Lost")
    gate.shut()
    visitor.route("**/api/v1/**", lambda route: route.abort())  # the other ways there
    write(visitor, "Still there?")
    write(visitor, "Hello?")
    put_back()
    other = opened(open_page("/licenses"))
    assert begin(other, agent, "I am somebody else") == lost  # the number is given again
    visitor.unroute("**/api/v1/**")
    gate.open()
    expect(notice(visitor)).to_contain_text("not there any more")
    expect_stored(visitor, "Hello?")
    expect(texts(visitor)).to_have_text(["Lost", "Still there?", "Hello?"])
    expect(said(visitor).first).to_have_attribute("data-state", "failed")
    assert newest(agent) != lost
    assert agent.texts(newest(agent)) == ["Still there?", "Hello?"]
    assert agent.texts(lost) == ["I am somebody else"]


def test_unsent_messages_keep_their_order_though_the_clock_is_put_back(
    gated: tuple[Page, Gate], agent: Staff
):
    visitor, gate = gated
    conversation = begin(visitor, agent, "Hello?")
    gate.shut()
    write(visitor, "First")
    expect(said(visitor)).to_have_count(2)
    visitor.clock.set_fixed_time(visitor.evaluate("Date.now() / 1000 - 3_600"))
    write(visitor, "Second")
    expect(said(visitor)).to_have_count(3)
    gate.is_shut = False
    visitor.reload()
    expect(texts(visitor)).to_have_text(["Hello?", "First", "Second"])
    expect_stored(visitor, "Second")
    assert agent.texts(conversation) == ["Hello?", "First", "Second"]
