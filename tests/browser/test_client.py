"""The client library in a real browser, loaded from where the server gives it out."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page, Request

from kefu.site import CLIENT
from tests.browser.conftest import OpenPage
from tests.databases import back_up_file
from tests.serving import KefuServer

TABS = 7  # a browser has six connections to one host
CONNECT = """async ([address, isBarred]) => {
  const { connect, portsOf } = await import(address);
  const ports = { ...portsOf(window), ...(isBarred && { WebSocket: null }) };
  window.heard = [];
  window.notices = [];
  window.client = connect({ url: location.origin, side: "visitor", widget: "wk_demo", ports });
  client.on("notice", ({ code }) => notices.push(code));
  client.on("event", ({ message }) => message?.text && heard.push(message.text));
}"""
LIVE = "() => client.status === 'live'"
KNOWN = "() => client.status === 'live' && client.conversations.length === 1"
SAY = "(text) => client.say(text, client.conversations[0]?.id ?? null)"
HEARD = "(texts) => texts.every((text) => heard.filter((one) => one === text).length === 1)"


class Streams:
    """The event streams that a browser holds."""

    def __init__(self, page: Page) -> None:
        self.open: set[Request] = set()
        page.context.on("request", self._begun)
        page.context.on("requestfinished", self._over)
        page.context.on("requestfailed", self._over)

    def _begun(self, request: Request) -> None:
        if "text/event-stream" in request.headers.get("accept", ""):
            self.open.add(request)

    def _over(self, request: Request) -> None:
        self.open.discard(request)


def connect(page: Page, *, barred: bool) -> None:
    page.evaluate(CONNECT, [f"/{CLIENT}", barred])
    page.wait_for_function(LIVE)


@pytest.mark.parametrize("barred", [False, True], ids=["WebSocket", "stream"])
def test_words_survive_a_reload_and_are_said_once(open_page: OpenPage, barred: bool):
    page = open_page("/licenses")
    connect(page, barred=barred)
    page.evaluate(SAY, "before")
    page.wait_for_function(HEARD, arg=["before"])
    page.context.set_offline(True)
    page.evaluate(SAY, "written offline")
    page.context.set_offline(False)
    page.reload()
    connect(page, barred=barred)
    page.wait_for_function("() => client.conversations[0]?.last_message.text === 'written offline'")
    assert page.evaluate("client.unsent(client.conversations[0].id)") == []
    page.evaluate("client.dispose()")


@pytest.mark.parametrize("barred", [False, True], ids=["WebSocket", "stream"])
def test_a_restored_backup_is_noticed_and_ones_own_lost_words_are_kept(
    open_page: OpenPage, server: KefuServer, tmp_path: Path, barred: bool
):
    page = open_page("/licenses")
    connect(page, barred=barred)
    page.evaluate(SAY, "kept")
    page.wait_for_function(KNOWN)
    page.evaluate("window.chat = client.open(client.conversations[0].id), null")
    page.wait_for_function("() => chat.thread?.messages.some(({ text }) => text === 'kept')")
    put_back = back_up_file(server.data_dir / "kefu.db", tmp_path / "backup.db")
    page.evaluate(SAY, "lost")
    page.wait_for_function(HEARD, arg=["lost"])
    server.stop()
    put_back()
    server.start()
    page.wait_for_function("() => notices.includes('expired') && client.status === 'live'")
    assert page.evaluate("notices") == ["expired"]
    waiting = "client.unsent(null).map(({ text, delivery }) => [text, delivery])"
    assert page.evaluate(waiting) == [["lost", "lost"]]
    page.evaluate("client.retry(client.unsent(null)[0].client_id, chat.id)")
    page.wait_for_function("() => chat.thread.messages.at(-1).text === 'lost'")
    assert page.evaluate("[...chat.unsent, ...client.unsent(null)]") == []


def test_seven_tabs_without_websocket_share_one_stream(open_page: OpenPage):
    first = open_page("/licenses")
    streams = Streams(first)
    tabs = [first, *(first.context.new_page() for _ in range(TABS - 1))]
    for tab in tabs[1:]:
        tab.goto("/licenses")
    for tab in tabs:
        connect(tab, barred=True)
    first.evaluate(SAY, "hello")
    for tab in tabs:
        tab.wait_for_function(KNOWN)
    texts = [f"from tab {number}" for number in range(TABS)]
    for tab, text in zip(tabs, texts, strict=True):
        tab.evaluate(SAY, text)
    for tab in tabs:
        tab.wait_for_function(HEARD, arg=texts)
    assert len(streams.open) == 1
    while len(tabs) > 1:  # whichever reads: the others go on
        tabs.pop(0).close()
        tabs[-1].evaluate(SAY, f"{len(tabs)} are left")
        for tab in tabs:
            tab.wait_for_function(HEARD, arg=[f"{len(tabs)} are left"])
    assert tabs[0].evaluate("client.status") == "live"
