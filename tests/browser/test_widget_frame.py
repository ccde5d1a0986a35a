"""The widget's document in a frame of other sites' pages, as a browser takes its headers."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest
from playwright.sync_api import Frame, Page, expect

from tests.browser.conftest import PATIENCE_MS, OpenPage
from tests.serving import KefuServer

ISOLATED = {
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
}


def set_inbox(server: KefuServer, *words: str) -> None:
    """Change the demo's inbox as its operator does."""
    command = [sys.executable, "-m", "kefu", "inbox", "set", "wk_demo", *words]
    subprocess.run([*command, "--data", server.data_dir], check=True, capture_output=True)


class Sites:
    """Pages of any site, at ``http://NAME.localhost:PORT``, that hold a frame.

    ``/`` holds what is ``framed``, ``/around`` that page of the shop's.
    """

    def __init__(self) -> None:
        sites = self
        self.framed = ""
        self.headers: Mapping[str, str] = {}

        class Answer(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                framed = sites.origin("shop") if self.path == "/around" else sites.framed
                body = f'<!doctype html><iframe src="{framed}"></iframe>'.encode()
                self.send_response(200)
                for name, value in {"Content-Type": "text/html", **sites.headers}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *about: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Answer)
        Thread(target=self.server.serve_forever, daemon=True).start()

    def origin(self, name: str) -> str:
        return f"http://{name}.localhost:{self.server.server_port}"


@pytest.fixture
def sites(server: KefuServer) -> Iterator[Sites]:
    """Sites that frame the widget of the demo's inbox, which knows ``shop`` alone."""
    made = Sites()
    made.framed = f"{server.base_url}/widget/wk_demo"
    set_inbox(server, "--add-origin", made.origin("shop"))
    yield made
    set_inbox(server, "--remove-origin", made.origin("shop"))
    made.server.shutdown()
    made.server.server_close()


@pytest.fixture
def visit(open_page: OpenPage, sites: Sites) -> Callable[[str], Page]:
    return lambda name: open_page(sites.origin(name))


def frame(page: Page) -> Frame:
    """The frame of a site's page, once it has loaded or was refused."""
    [found] = [one for one in page.frames if one is not page.main_frame]
    found.wait_for_load_state()
    return found


def is_shown(page: Page) -> bool:
    return frame(page).url.endswith("/widget/wk_demo")


def test_s10_a_site_that_the_inbox_does_not_name_cannot_frame_it(visit, browser, sites: Sites):
    assert is_shown(visit("shop"))
    stranger = browser.new_page()  # its console tells the policy, which is no fault here
    with stranger.expect_console_message(lambda one: "frame-ancestors" in one.text):
        stranger.goto(sites.origin("evil"))
    assert not is_shown(stranger)
    stranger.close()


def test_s10_the_sites_own_frames_in_a_strangers_page_show_nothing(browser, sites: Sites):
    """Every page around it has to be one of the inbox's, not the nearest alone."""
    page = browser.new_page()
    with page.expect_console_message(lambda one: "frame-ancestors" in one.text):
        page.goto(f"{sites.origin('evil')}/around")
    page.goto(f"{sites.origin('shop')}/around")
    page.wait_for_load_state()
    assert page.frames[-1].url.endswith("/widget/wk_demo")
    page.close()


@pytest.mark.parametrize("path", ["/", "/setup", "/chat/wk_demo", "/api/v1/docs"])
def test_s10_no_other_page_of_ours_can_be_framed_by_an_inboxs_site(
    browser, sites: Sites, server: KefuServer, path: str
):
    sites.framed = server.base_url + path
    page = browser.new_page()
    with page.expect_console_message(lambda one: "frame-ancestors 'none'" in one.text):
        page.goto(sites.origin("shop"))
    assert frame(page).url.startswith("chrome-error:")
    page.close()


def test_a_site_that_is_taken_out_cannot_frame_the_copy_that_the_browser_has(
    visit, sites: Sites, server: KefuServer
):
    page = visit("shop")
    assert is_shown(page)
    page.reload()
    assert is_shown(page)
    set_inbox(server, "--remove-origin", sites.origin("shop"))
    again = page.context.new_page()
    with again.expect_console_message(lambda one: "frame-ancestors" in one.text):
        again.goto(sites.origin("shop"))
    assert not is_shown(again)
    set_inbox(server, "--add-origin", sites.origin("shop"))


def test_a_page_that_is_isolated_can_frame_it(visit, sites: Sites):
    sites.headers = ISOLATED
    page = visit("shop")
    assert page.evaluate("crossOriginIsolated")
    assert is_shown(page)
    expect(page.frame_locator("iframe").locator("body")).to_be_attached()


def test_a_widget_that_is_not_there_leaves_nothing_to_see(visit, sites: Sites):
    sites.framed = sites.framed.replace("wk_demo", "wk_none")
    page = visit("evil")
    assert frame(page).url.endswith("/widget/wk_none")
    assert frame(page).evaluate("document.body.childNodes.length") == 0


# Later, since what a test evaluates is not held to the policy.
SCRIPTS = """() => new Promise((resolve) => setTimeout(() => {
    const tried = {
        markup: () => { document.body.innerHTML = "<b>x</b>"; },
        frame: () => { document.createElement("iframe").srcdoc = "<b>x</b>"; },
        policy: () => { trustedTypes.createPolicy("any", {}); },
        words: () => { new Function("return 1")(); },
        worker: () => { new Worker("/kefu.js"); },
    };
    const went = [];
    for (const [name, act] of Object.entries(tried)) {
        try { act(); went.push(name); } catch { /* held */ }
    }
    resolve(went);
}))"""


def test_s01_no_text_becomes_markup_or_a_script_in_it(browser, sites: Sites):
    page = browser.new_page()
    page.goto(sites.origin("shop"))
    assert frame(page).evaluate(SCRIPTS) == []
    page.close()


SOCKET = """() => new Promise((resolve) => {
    const address = location.origin.replace(/^http/, "ws") + "/api/v1/realtime";
    const socket = new WebSocket(address, "kefu.v1");
    socket.onopen = () => { socket.close(); resolve("open"); };
    socket.onerror = () => resolve("refused");
})"""


def test_it_connects_to_us_by_every_way_and_to_nobody_else(browser, sites: Sites):
    page = browser.new_page()
    page.goto(sites.origin("shop"))
    inside = frame(page)
    assert inside.evaluate(SOCKET) == "open"
    assert inside.evaluate("fetch('/api/v1/limits').then((answer) => answer.status)") == 200
    elsewhere = f"fetch('{sites.origin('shop')}').then(() => 'sent', (error) => error.name)"
    assert inside.evaluate(elsewhere) == "TypeError"
    page.close()


def test_it_can_hear_a_visitor_if_the_site_lets_it(browser, sites: Sites, server: KefuServer):
    context = browser.new_context(base_url=server.base_url)
    context.grant_permissions(["microphone"])
    page = context.new_page()
    page.set_default_timeout(PATIENCE_MS)
    page.goto(sites.origin("shop"))
    allowed = "document.featurePolicy.allowsFeature('{}')"
    assert not frame(page).evaluate(allowed.format("microphone"))
    page.evaluate(
        """() => {
            const frame = document.querySelector("iframe");
            frame.allow = "microphone; camera; geolocation";
            frame.src = frame.src;
        }"""
    )
    page.wait_for_load_state("networkidle")
    inside = frame(page)
    inside.wait_for_function(allowed.format("microphone"))
    assert inside.evaluate(allowed.format("camera"))
    assert not inside.evaluate(allowed.format("geolocation"))
    context.close()
