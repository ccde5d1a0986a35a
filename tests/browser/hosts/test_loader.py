"""The loader on somebody's page: what it asks, keeps and shows, and what its calls do.

A frame whose answers a test has to choose (unread, silence, an error) is a small document of the
test's own; all else is the widget's.
"""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Frame, Route, expect

from tests.browser.hosts.conftest import Look, Visit
from tests.browser.test_accessibility import expect_no_violations

BOX = """(selector) => {
  const { x, y, width, height } = document.querySelector(selector).getBoundingClientRect();
  return [x, y, width, height];
}"""
STORED = """async () => ({
  local: Object.entries(localStorage), session: Object.entries(sessionStorage),
  cookies: document.cookie, databases: (await indexedDB.databases()).length,
  caches: (await caches.keys()).length,
  workers: (await navigator.serviceWorker.getRegistrations()).length,
})"""
NOTHING = {"local": [], "session": [], "cookies": "", "databases": 0, "caches": 0, "workers": 0}
SHIFTS = """() => {
  window.shifted = 0;
  new PerformanceObserver((list) => {
    for (const one of list.getEntries()) shifted += one.value;
  }).observe({ type: "layout-shift", buffered: true });
}"""
ANSWER_MS = 10_000
READY = ""  # a frame that says what the first version of the handshake asks of it


def hung(_: Route) -> None:
    """Never answered."""


def broken(route: Route) -> None:
    route.fulfill(status=500, body="")


def box(visit: Visit, selector: str) -> list[float]:
    found: list[float] = visit.page.evaluate(BOX, selector)
    return found


def inside(visit: Visit) -> Frame:
    """The frame's own document, as far as it has loaded."""
    element = visit.panel.element_handle()
    found = element.content_frame() if element else None
    assert found
    return found


def with_clock(visit: Visit) -> None:
    visit.page.clock.install()


# Before the first opening


def test_before_the_first_opening_a_page_pays_one_script_and_one_answer_and_keeps_nothing(
    look: Look,
):
    visit = look("plain")
    expect(visit.launcher).to_be_visible()
    visit.page.evaluate(SHIFTS)
    visit.page.wait_for_load_state("networkidle")
    assert visit.asked_of_kefu() == ["/kefu.js", f"/api/v1/widgets/{visit.shop.key}?locale=en"]
    assert visit.page.evaluate(STORED) == NOTHING
    assert visit.page.context.cookies() == []
    assert visit.page.evaluate("document.querySelectorAll('style').length") == 0
    sizes = visit.sent()
    assert 0 < sizes[0] <= 3 * 1024
    assert 0 < sum(sizes) <= 5 * 1024
    assert visit.page.evaluate("shifted") == 0


def test_with_a_conversation_open_the_wire_has_had_45_kib_of_programs_styles_and_documents(
    look: Look,
):
    """What the build counts (web/tools/widget-size.test.mjs), as it comes to a browser."""
    visit = look("plain")
    visit.open()
    composer = visit.frame.locator("[data-kefu=composer]")
    composer.fill("Do you have these in 42?")
    composer.press("Enter")
    own = visit.frame.locator("[data-kefu=message][data-from=me]")
    expect(own).to_have_attribute("data-state", "sent")
    expect(visit.frame.locator("[data-kefu=queue]")).to_be_visible()
    visit.page.wait_for_load_state("networkidle")
    assert 30 * 1024 < sum(visit.sent("document", "script", "stylesheet")) <= 45 * 1024


def test_a_second_page_asks_for_the_inbox_again_only_as_its_copy_grows_old(look: Look):
    visit = look("plain")
    expect(visit.launcher).to_be_visible()
    visit.page.goto(f"{visit.shop.hosts.origin}/silent")
    expect(visit.launcher).to_be_visible()
    (told,) = [one for one in visit.page.evaluate("performance.getEntriesByType('resource')")
               if "/api/v1/" in one["name"]]  # fmt: skip
    assert told["transferSize"] == 0


def test_a_pointer_on_the_launcher_brings_the_panels_script_and_asks_the_api_nothing(look: Look):
    visit = look("plain")
    expect(visit.launcher).to_be_visible()
    before = visit.asked_of_kefu()
    visit.launcher.hover()
    visit.page.wait_for_function("document.querySelector('script[src*=kefu-panel-]')")
    visit.page.wait_for_load_state("networkidle")
    (asked,) = visit.asked_of_kefu()[len(before) :]
    assert asked.startswith("/kefu-panel-")
    expect(visit.panel).not_to_be_attached()
    assert visit.page.evaluate(STORED) == NOTHING
    visit.open()
    assert sum(one.startswith("/kefu-panel-") for one in visit.asked_of_kefu()) == 1


def test_opening_moves_nothing_of_the_page(look: Look):
    visit = look("plain")
    visit.page.evaluate(SHIFTS)
    visit.open()
    visit.page.evaluate(
        "new Promise((seen) => requestAnimationFrame(() => requestAnimationFrame(seen)))"
    )
    assert visit.page.evaluate("shifted") == 0


# Launcher and panel


def test_launcher_and_panel_have_the_measures_of_the_design(look: Look):
    visit = look("plain", viewport={"width": 1280, "height": 900})
    expect(visit.launcher).to_be_visible()
    assert box(visit, "#kefu-launcher") == [1280 - 20 - 56, 900 - 20 - 56, 56, 56]
    visit.open()
    assert box(visit, "#kefu-frame") == [1280 - 20 - 400, 900 - 20 - 680, 400, 680]
    expect(visit.launcher).to_be_hidden()
    visit.page.set_viewport_size({"width": 1280, "height": 600})
    assert box(visit, "#kefu-frame") == [860, 76, 400, 504]
    assert visit.panel.get_attribute("allow") == "microphone; camera"
    assert visit.panel.get_attribute("title") == "Chat"


def test_a_script_that_clicks_the_launcher_opens_the_chat(look: Look):
    visit = look("plain")
    expect(visit.launcher).to_be_visible()
    visit.page.evaluate("document.querySelector('#kefu-launcher').click()")
    expect(visit.frame.locator("[data-kefu=composer]")).to_be_visible()


def test_by_keyboard_the_chat_opens_takes_the_focus_closes_and_gives_it_back(look: Look):
    visit = look("plain")
    expect(visit.button).to_have_accessible_name("Open chat")
    visit.page.locator("#link").focus()
    visit.page.keyboard.press("Tab")
    expect(visit.button).to_be_focused()
    visit.page.keyboard.press("Enter")
    expect(visit.panel).to_be_focused()
    expect(visit.frame.locator(":focus")).to_be_visible()
    visit.page.keyboard.press("Escape")
    expect(visit.panel).to_be_hidden()
    expect(visit.button).to_be_focused()
    visit.page.keyboard.press("Space")
    expect(visit.panel).to_be_focused()


def test_focus_goes_back_to_the_sites_own_button(look: Look):
    visit = look("stub")
    expect(visit.launcher).to_be_attached()
    visit.page.locator("#own").focus()
    visit.page.keyboard.press("Enter")
    expect(visit.panel).to_be_focused()
    visit.page.keyboard.press("Escape")
    expect(visit.page.locator("#own")).to_be_focused()


def test_opening_shows_a_ring_after_a_while_and_a_second_press_stops_it(look: Look):
    visit = look("plain", frame=hung)
    visit.launcher.click()
    expect(visit.button).to_have_attribute("aria-busy", "true")
    expect(visit.button).to_have_accessible_name("Close chat")
    ring = visit.page.locator("#kefu-launcher button i")
    expect(ring).to_have_css("border-left-color", "rgba(0, 0, 0, 0)")
    visit.launcher.click()
    expect(visit.button).to_have_attribute("aria-busy", "false")
    expect(visit.panel).to_be_hidden()


def test_reduced_motion_lets_the_ring_stand(look: Look):
    visit = look("plain", frame=hung, reduced_motion="reduce")
    visit.launcher.click()
    expect(visit.button).to_have_attribute("aria-busy", "true")
    expect(visit.page.locator("#kefu-launcher button i")).to_have_css("animation-name", "none")


# When the chat does not come


@pytest.mark.parametrize(
    ("page", "frame"),
    [("plain", broken), ("plain", hung), ("barred", None), ("plain", lambda route: route.abort())],
    ids=["error", "silence", "policy", "network"],
)
def test_a_frame_that_does_not_answer_is_told_and_takes_no_click(look: Look, page, frame):
    visit = look(page, frame=frame, prepare=with_clock)
    expect(visit.launcher).to_be_visible()
    visit.launcher.click()
    expect(visit.panel).to_be_attached()
    expect(visit.panel).to_be_hidden()
    expect(visit.launcher).to_be_visible()
    under = "document.elementFromPoint(innerWidth - 100, innerHeight - 300).id"
    assert visit.page.evaluate(under) == ""
    visit.page.clock.fast_forward(ANSWER_MS)
    expect(visit.box).to_contain_text("The chat does not load.")
    link = visit.box.get_by_role("link", name="Open as a page")
    expect(link).to_have_attribute("href", f"{visit.shop.kefu.base_url}/chat/{visit.shop.key}")
    expect(link).to_have_attribute("rel", "noopener")
    visit.box.get_by_role("button", name="Dismiss").click()
    expect(visit.box).to_be_hidden()
    expect(visit.panel).to_be_hidden()
    expect(visit.button).to_have_accessible_name("Open chat")


def test_the_panels_script_may_fail_as_well(look: Look):
    def barred(visit: Visit) -> None:
        with_clock(visit)
        visit.page.route("**/kefu-panel-*", broken)

    visit = look("plain", prepare=barred)
    visit.launcher.click()
    visit.page.clock.fast_forward(ANSWER_MS)
    expect(visit.box).to_contain_text("The chat does not load.")
    visit.page.unroute("**/kefu-panel-*")
    visit.box.get_by_role("button", name="Try again").click()
    expect(visit.panel).to_be_visible()


def test_trying_again_loads_the_frame_again(look: Look):
    answers = [broken]

    def answer(route: Route) -> None:
        answers.pop()(route) if answers else route.continue_()

    visit = look("plain", frame=answer, prepare=with_clock)
    visit.launcher.click()
    visit.page.clock.fast_forward(ANSWER_MS)
    visit.box.get_by_role("button", name="Try again").click()
    expect(visit.panel).to_be_visible()
    expect(visit.box).to_be_hidden()
    expect(visit.launcher).to_be_hidden()


def test_an_answer_that_comes_late_still_opens_the_chat(look: Look):
    visit = look("plain", frame="window.late = () => say('loaded');", prepare=with_clock)
    visit.launcher.click()
    expect(visit.panel).to_be_attached()
    visit.page.clock.fast_forward(ANSWER_MS)
    expect(visit.box).to_be_visible()
    inside(visit).evaluate("late()")
    expect(visit.panel).to_be_visible()
    expect(visit.box).to_be_hidden()
    expect(visit.launcher).to_be_hidden()


def test_a_frame_that_loads_itself_into_an_error_is_told(look: Look):
    visit = look("plain", frame=READY, prepare=with_clock)
    visit.open()
    visit.page.route("**/widget/*?again", broken)
    visit.page.evaluate("""() => {
      const frame = document.querySelector("#kefu-frame");
      window.loaded = new Promise((done) => frame.addEventListener("load", done));
    }""")
    inside(visit).evaluate("location.search = 'again'")
    visit.page.evaluate("loaded.then(() => null)")
    visit.page.clock.fast_forward(ANSWER_MS)
    expect(visit.box).to_be_visible()
    expect(visit.panel).to_be_hidden()
    visit.box.get_by_role("button", name="Try again").click()
    expect(visit.panel).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_what_stands_on_the_page_can_be_used_by_everybody(look: Look, scheme: str):
    visit = look(f"plain?attributes=data-theme={scheme}", frame=broken, prepare=with_clock)
    expect(visit.launcher).to_be_visible()
    expect_no_violations(visit.page)
    visit.launcher.click()
    visit.page.clock.fast_forward(ANSWER_MS)
    expect(visit.box).to_be_visible()
    expect_no_violations(visit.page)
    visit.button.focus()
    visit.page.keyboard.press("Tab")
    expect(visit.box.get_by_role("button", name="Dismiss")).to_be_focused()
    visit.page.keyboard.press("Enter")
    expect(visit.box).to_be_hidden()
    expect(visit.button).to_be_focused()


# Phones


PHONE = {"viewport": {"width": 390, "height": 700}, "has_touch": True, "is_mobile": True}


def test_on_a_phone_the_panel_is_the_screen_and_back_closes_it(look: Look):
    visit = look("plain", **PHONE)
    expect(visit.launcher).to_be_visible()
    visit.page.evaluate("scrollTo(0, 500)")
    before = visit.page.evaluate("history.length")
    visit.launcher.tap()
    expect(visit.panel).to_be_visible()
    assert box(visit, "#kefu-frame") == [0, 0, 390, 700]
    assert visit.page.evaluate("getComputedStyle(document.documentElement).overflow") == "hidden"
    assert visit.page.evaluate("document.body.inert")
    assert visit.page.evaluate("history.length") == before + 1
    visit.page.evaluate("history.back()")
    expect(visit.panel).to_be_hidden()
    assert visit.page.evaluate("scrollY") == 500
    assert visit.page.evaluate("document.documentElement.style.overflow") == ""
    assert not visit.page.evaluate("document.body.inert")
    assert visit.page.url == f"{visit.shop.hosts.origin}/plain"


def test_closing_on_a_phone_takes_the_entry_away_and_a_router_finds_nothing_of_its_own_in_that(
    look: Look,
):
    visit = look("plain", **PHONE)
    expect(visit.launcher).to_be_visible()
    visit.page.evaluate("""() => {
      window.popped = [];
      history.replaceState({ own: 1 }, "");
      addEventListener("popstate", ({ state }) => popped.push(state));
    }""")
    visit.launcher.tap()
    expect(visit.panel).to_be_visible()
    assert visit.page.evaluate("history.state") == {"own": 1}
    visit.call("close")
    visit.page.wait_for_function("() => popped.length && history.state")
    assert visit.page.evaluate("[popped, history.state]") == [[None], {"own": 1}]


def test_a_page_that_went_on_under_an_open_panel_stays_where_it_is(look: Look):
    visit = look("plain", **PHONE)
    visit.launcher.tap()
    expect(visit.panel).to_be_visible()
    visit.page.evaluate("history.pushState({}, '', '/oak')")
    visit.call("close")
    expect(visit.panel).to_be_hidden()
    assert visit.page.url.endswith("/oak")


def test_back_closes_what_is_open_in_the_chat_first(look: Look):
    script = """addEventListener("message", ({ data }) => data.type === "back" && say("stay"));"""
    visit = look("plain", frame=script, **PHONE)
    visit.launcher.tap()
    expect(visit.panel).to_be_visible()
    before = visit.page.evaluate("history.length")
    visit.page.evaluate("history.back()")
    inside(visit).wait_for_function("heard.some((one) => one.type === 'back')")
    visit.page.wait_for_function("() => navigation.canGoForward === false")
    assert visit.page.evaluate("history.length") == before
    expect(visit.panel).to_be_visible()


def test_back_closes_the_panel_of_a_frame_that_does_not_answer(look: Look):
    visit = look("plain", frame=READY, **PHONE)
    visit.launcher.tap()
    expect(visit.panel).to_be_visible()
    visit.page.evaluate("history.back()")
    expect(visit.panel).to_be_hidden()


def test_on_a_desktop_nothing_is_pushed_and_the_page_scrolls_on(look: Look):
    visit = look("plain")
    before = visit.page.evaluate("history.length")
    visit.open()
    assert visit.page.evaluate("history.length") == before
    assert visit.page.evaluate("getComputedStyle(document.documentElement).overflow") == "visible"
    assert not visit.page.evaluate("document.body.inert")


def test_a_keyboard_leaves_the_panel_what_is_seen(look: Look):
    visit = look("plain", **PHONE)
    visit.launcher.tap()
    expect(visit.panel).to_be_visible()
    visit.page.evaluate("""() => {
      Object.defineProperty(visualViewport, "height", { value: 380, configurable: true });
      Object.defineProperty(visualViewport, "offsetTop", { value: 120, configurable: true });
      visualViewport.dispatchEvent(new Event("resize"));
    }""")
    assert box(visit, "#kefu-frame") == [0, 120, 390, 380]


INSETS = {"top": 47, "right": 5, "bottom": 34, "left": 6}


def test_what_a_phones_edges_cover_stays_free(look: Look):
    """The frame's document has no edges of its own in this: its element keeps them free."""
    visit = look("plain", **PHONE)
    expect(visit.launcher).to_be_visible()
    devtools = visit.page.context.new_cdp_session(visit.page)
    devtools.send("Emulation.setSafeAreaInsetsOverride", {"insets": INSETS})
    expect(visit.launcher).to_have_css("bottom", f"{20 + 34}px")
    expect(visit.launcher).to_have_css("right", f"{20 + 5}px")
    visit.launcher.tap()
    expect(visit.panel).to_be_visible()
    expect(visit.panel).to_have_css("padding", "47px 5px 34px 6px")
    assert box(visit, "#kefu-frame") == [0, 0, 390, 700]
    assert inside(visit).evaluate("[innerWidth, innerHeight]") == [390 - 11, 700 - 81]


@pytest.mark.parametrize("place", ["home", "conversation"])
def test_scrolling_to_an_end_in_the_panel_does_not_scroll_the_page(look: Look, place: str):
    visit = look("plain", viewport={"width": 1280, "height": 900})
    visit.open()
    composer = visit.frame.locator("[data-kefu=composer]")
    expect(composer).to_be_visible()
    if place == "conversation":
        composer.fill("\n".join(["Is it there?"] * 40))
        composer.press("Enter")
        expect(visit.frame.locator("[data-kefu=message]")).to_be_visible()
    visit.page.mouse.move(1280 - 220, 900 - 360)
    for way in (-1, 1):
        for _ in range(4):
            visit.page.mouse.wheel(0, way * 2_000)
    visit.page.mouse.move(300, 300)
    visit.page.mouse.wheel(0, 500)
    visit.page.wait_for_function("scrollY === 500")  # this alone, and nothing of the panel's


# How it looks


@pytest.mark.parametrize(
    ("style", "theme"),
    [
        ("background: #fff", "light"),
        ("background: #0c0d0e", "dark"),
        ("background: oklch(21% 0.006 285)", "dark"),
        ("background: oklch(98% 0.01 285)", "light"),
        ("background: lab(10 2 2)", "dark"),
        ("background: color(srgb 1 1 0.9)", "light"),
        ("color: #eee", "dark"),
        ("background: rgb(0 0 0 / 0)", "light"),
        ("color-scheme: dark", "dark"),
    ],
)
def test_dark_mode_follows_the_page_and_its_changes(look: Look, style: str, theme: str):
    visit = look("plain", frame=READY)
    visit.open()
    other = "background: #000" if theme == "light" else "background: #fff"
    for now, wanted in ((other, "light" if theme == "dark" else "dark"), (style, theme)):
        visit.page.evaluate(
            "(css) => { document.documentElement.style.cssText = /scheme/.test(css) ? css : '';"
            " document.body.style.cssText = /scheme/.test(css) ? '' : css }",
            now,
        )
        expect(visit.launcher).to_have_css("color-scheme", wanted)
    frame = inside(visit)
    frame.wait_for_function(f"heard.findLast((one) => one.theme)?.theme === '{theme}'")


@pytest.mark.parametrize("wanted", ["light", "dark"])
def test_a_theme_that_is_set_is_the_one(look: Look, wanted: str):
    visit = look(f"plain?attributes=data-theme={wanted}", color_scheme="dark")
    expect(visit.launcher).to_have_css("color-scheme", wanted)


def test_the_pages_own_colour_corner_and_offset(look: Look):
    visit = look(
        "plain?attributes=data-color='%23ffd400' data-position=left data-offset=30,60",
        viewport={"width": 1280, "height": 900},
    )
    expect(visit.button).to_have_css("background-color", "rgb(255, 212, 0)")
    expect(visit.button).to_have_css("color", "rgb(21, 24, 29)")
    assert box(visit, "#kefu-launcher") == [30, 900 - 60 - 56, 56, 56]
    visit.open()
    assert box(visit, "#kefu-frame")[:2] == [30, 900 - 60 - 680]


def test_no_rule_of_the_page_breaks_it(look: Look):
    visit = look("hostile", viewport={"width": 1280, "height": 900})
    visit.page.wait_for_selector("#kefu-launcher", state="attached")
    assert box(visit, "#kefu-launcher") == [1204, 824, 56, 56]
    visit.page.mouse.click(1232, 852)
    visit.page.wait_for_function("() => document.querySelector('#kefu-frame')?.offsetHeight > 100")
    assert box(visit, "#kefu-frame") == [860, 200, 400, 680]
    seen = visit.page.evaluate(
        "(({ opacity, visibility, filter, transform, pointerEvents, zIndex }) =>"
        " [opacity, visibility, filter, transform, pointerEvents, zIndex])"
        "(getComputedStyle(document.querySelector('#kefu-frame')))"
    )
    assert seen == ["1", "visible", "none", "none", "auto", "2147483647"]


# What the frame says


def test_unread_messages_are_counted_on_the_launcher_and_told_to_the_page(look: Look):
    script = """addEventListener("message", ({ data }) => data.type === "close" &&
      say("unread", { count: 2, label: "Open chat, 2 unread messages" }));
      window.more = (count) => say("unread", { count });"""
    visit = look("plain", frame=script)
    visit.page.evaluate(
        "window.told = []; Kefu('on', 'unread', (event) => told.push(event.detail.count))"
    )
    visit.open()
    visit.call("close")
    badge = visit.page.locator("#kefu-launcher b")
    expect(badge).to_have_text("2")
    expect(visit.button).to_have_accessible_name("Open chat, 2 unread messages")
    frame = inside(visit)
    for count, text in ((99, "99"), (100, "99+"), (0, "")):
        frame.evaluate("(count) => more(count)", count)
        expect(badge).to_have_text(text)
    expect(badge).to_be_hidden()
    assert visit.page.evaluate("told") == [2, 99, 100, 0]


def test_the_frame_may_show_itself_small_above_the_launcher(look: Look):
    script = """window.peek = (height) => say("peek", { height });
      document.querySelector("#inside").onclick = () => say("open", { invitation: "prices" });"""
    visit = look("plain", frame=script, viewport={"width": 1280, "height": 900})
    visit.open()
    visit.call("close")
    expect(visit.panel).to_be_hidden()
    frame = inside(visit)
    frame.evaluate("peek(92)")
    expect(visit.panel).to_be_visible()
    assert box(visit, "#kefu-frame") == [1280 - 20 - 320, 900 - 88 - 92, 320, 92]
    expect(visit.launcher).to_be_visible()
    expect(visit.panel).not_to_be_focused()
    frame.evaluate("peek(0)")
    expect(visit.panel).to_be_hidden()
    frame.evaluate("peek(92)")
    visit.frame.locator("#inside").click()
    expect(visit.launcher).to_be_hidden()
    frame.wait_for_function(
        "heard.some((one) => one.type === 'open' && one.invitation === 'prices')"
    )


def test_a_browser_with_a_conversation_gets_the_frame_on_later_pages_but_closed(look: Look):
    script = """addEventListener("message", ({ data }) => {
        if (data.type === "open") say("live", { isLive: true });
      });
      window.end = () => say("live", { isLive: false });"""
    visit = look("plain", frame=script)
    visit.open()
    flag = f"localStorage.getItem('kefu.{visit.shop.key}.live')"
    visit.page.wait_for_function(f"() => {flag} === '1'")
    visit.page.reload()
    expect(visit.panel).to_be_attached()
    frame = inside(visit)
    frame.wait_for_function("window.heard?.length > 0")
    assert frame.evaluate("heard[0].isOpen") is False
    expect(visit.panel).to_be_hidden()
    expect(visit.launcher).to_be_visible()
    stored = visit.page.evaluate(STORED)
    assert stored == {**NOTHING, "local": [[f"kefu.{visit.shop.key}.live", "1"]]}
    frame.evaluate("end()")
    visit.page.wait_for_function(f"() => {flag} === null")


def test_a_number_in_the_title_goes_as_it_came(look: Look):
    visit = look("plain", frame="window.count = (count) => say('title', { count });")
    visit.open()
    frame = inside(visit)
    for count, title in ((1, "(1) Harbour & Oak"), (3, "(3) Harbour & Oak"), (0, "Harbour & Oak")):
        frame.evaluate("(count) => count_ = window.count(count)", count)
        expect(visit.page).to_have_title(title)


def test_words_of_another_window_or_origin_are_not_heard(look: Look):
    visit = look("plain", frame=READY)
    visit.open()
    visit.page.evaluate("""(origin) => {
      const data = { kefu: 1, type: "close" };
      postMessage(data, "*");
      const source = document.querySelector("#kefu-frame").contentWindow;
      dispatchEvent(new MessageEvent("message", { data, origin: "https://evil.example", source }));
      dispatchEvent(new MessageEvent("message", { data, origin, source: window }));
    }""", visit.shop.kefu.base_url)  # fmt: skip
    visit.page.evaluate("new Promise((done) => setTimeout(done, 50))")
    expect(visit.panel).to_be_visible()


def test_words_that_are_not_known_change_nothing(look: Look):
    visit = look("plain", frame="say('sing', { loud: true }); say('toString');")
    visit.open()
    expect(visit.panel).to_be_visible()


# What the page does to it


REMOVED = """(id) => {
  const remove = () => document.getElementById(id)?.remove();
  window.observer = new MutationObserver(remove);
  observer.observe(document.documentElement, { childList: true });
  remove();
}"""


@pytest.mark.parametrize("id", ["kefu-launcher", "kefu-frame"])
def test_a_page_that_keeps_removing_it_is_told_so_once_and_left_alone(look: Look, id: str):
    visit = look("plain", **PHONE)
    visit.launcher.tap()
    expect(visit.panel).to_be_visible()
    visit.page.evaluate(REMOVED, id)
    expect(visit.launcher).not_to_be_attached()
    expect(visit.panel).not_to_be_attached()
    assert not visit.page.evaluate("document.body.inert")
    lines = [one for one in visit.lines if one.startswith("Kefu:")]
    assert lines == [f"Kefu: gave up: the page removes #{id}"]
    assert visit.call("open") is False
    visit.page.evaluate("observer.disconnect()")
    assert visit.call("boot") is True
    visit.open()


def test_what_is_removed_now_and_then_comes_back_each_time(look: Look):
    visit = look("plain", prepare=with_clock)
    expect(visit.launcher).to_be_visible()
    for _ in range(30):
        visit.page.evaluate("document.querySelector('#kefu-launcher').remove()")
        expect(visit.launcher).to_be_attached()
        visit.page.clock.run_for(1_000)
    assert [one for one in visit.lines if one.startswith("Kefu:")] == []


def test_what_was_shut_down_stays_away_whatever_still_comes(look: Look):
    """A frame that was on its way, the time of one that was to come, another theme."""
    visit = look("plain", prepare=with_clock)
    expect(visit.launcher).to_be_visible()
    visit.page.evaluate("(flag) => localStorage[flag] = 1", f"kefu.{visit.shop.key}.live")
    visit.page.reload()
    expect(visit.launcher).to_be_visible()
    visit.page.evaluate("Kefu('open'); Kefu('shutdown')")
    visit.page.clock.run_for(1_000)
    visit.page.emulate_media(color_scheme="dark")
    visit.page.wait_for_load_state("networkidle")
    visit.page.clock.run_for(1_000)
    expect(visit.launcher).not_to_be_attached()
    expect(visit.panel).not_to_be_attached()


def test_pressed_again_and_again_on_a_slow_network_there_is_one_frame(look: Look):
    held: list[Route] = []
    is_slow = True

    def answer(route: Route) -> None:
        held.append(route) if is_slow else route.continue_()

    visit = look("plain", prepare=lambda visit: visit.page.route("**/kefu-panel-*", answer))
    for state in ("true", "false", "true"):
        visit.launcher.click()
        expect(visit.button).to_have_attribute("aria-busy", state)
    expect(visit.page.locator("script[src*=kefu-panel-]")).to_have_count(1)
    is_slow = False
    for route in held:
        route.continue_()
    expect(visit.panel).to_be_visible()
    visit.page.wait_for_load_state("networkidle")
    expect(visit.panel).to_have_count(1)
    visit.page.set_viewport_size({"width": 900, "height": 700})  # what listens, listens once


# The page's calls


def test_calls_made_before_the_loader_is_there_are_done_in_their_order(look: Look):
    visit = look("stub", viewport={"width": 1280, "height": 900})
    visit.page.wait_for_function("() => told[0] === 'ready'")
    expect(visit.launcher).to_be_attached()
    expect(visit.button).to_be_hidden()
    visit.page.locator("#own").click()
    expect(visit.panel).to_be_visible()
    assert box(visit, "#kefu-frame")[:2] == [30, 900 - 60 - 680]
    visit.page.evaluate("Kefu('toggle')")
    expect(visit.panel).to_be_hidden()
    visit.page.wait_for_function("() => told.length === 3")
    assert visit.page.evaluate("told") == ["ready", "open", "close"]


def test_calls_are_promises_of_what_comes_of_them(look: Look):
    visit = look("plain", frame=READY)
    assert visit.call("boot", {"widget": visit.shop.key}) is True
    assert visit.call("open") is True
    expect(visit.panel).to_be_visible()
    assert visit.call("open") is True
    visit.call("close")
    expect(visit.panel).to_be_hidden()
    visit.call("hide")
    expect(visit.button).to_be_hidden()
    visit.call("show")
    expect(visit.button).to_be_visible()


@pytest.mark.parametrize("act", ["opne", "toString", "$place", "constructor"])
def test_an_act_that_there_is_none_of_is_told_with_those_there_are(look: Look, act: str):
    visit = look("plain")
    assert visit.call(act) is None
    (line,) = [one for one in visit.lines if one.startswith("Kefu:")]
    known = "boot,shutdown,on,off,open,close,toggle,show,hide,identify,set,page"
    assert line == f"Kefu: no act {act}, only {known}"


def test_an_opening_that_comes_to_nothing_says_so(look: Look):
    visit = look("plain", frame=hung, prepare=with_clock)
    expect(visit.launcher).to_be_visible()
    visit.page.evaluate("window.came = Kefu('open'); null")
    expect(visit.panel).to_be_attached()
    visit.page.clock.fast_forward(ANSWER_MS)
    assert visit.page.evaluate("came") is False


def test_who_is_there_what_they_are_and_where_goes_to_the_frame(look: Look):
    script = """addEventListener("message", ({ data }) => {
      if (data.type !== "identify") return;
      const error = data.token === "bad" && { code: "forbidden", message: "No." };
      say("done", { id: data.id, ...(error && { error }) });
    });"""
    visit = look("plain", frame=script)
    expect(visit.launcher).to_be_visible()
    visit.page.evaluate("""() => {
      window.known = Kefu("identify", "first").then(() => "known");
      Kefu("set", { plan: "gold" });
      Kefu("page", { url: "https://shop.example/oak", title: "Oak" });
    }""")
    visit.open()
    assert visit.page.evaluate("known") == "known"
    frame = inside(visit)
    frame.wait_for_function("heard.some((one) => one.page?.title === 'Oak')")
    frame.wait_for_function("heard.some((one) => one.attributes?.plan === 'gold')")
    refused = visit.page.evaluate(
        "Kefu('identify', 'bad').catch(({ code, message }) => [code, message])"
    )
    assert refused == ["forbidden", "No."]


def test_a_page_that_turns_without_a_load_is_told(look: Look):
    visit = look("plain", frame=READY)
    visit.open()
    was = visit.page.url
    visit.page.evaluate("history.pushState({}, '', '/oak'); document.title = 'Oak'")
    frame = inside(visit)
    frame.wait_for_function("heard.at(-1).type === 'page'")
    told: dict[str, Any] = frame.evaluate("heard.at(-1).page")
    assert told == {"url": f"{visit.shop.hosts.origin}/oak", "title": "Oak", "referrer": was}


def test_another_language_is_asked_for_once_for_launcher_and_frame(look: Look):
    visit = look("plain", frame=READY)
    visit.open()
    visit.call("set", {"locale": "zh-CN"})
    frame = inside(visit)
    frame.wait_for_function(
        "heard.some((one) => one.type === 'locale' && one.config.locale === 'zh-CN')"
    )
    visit.call("close")
    expect(visit.button).to_have_accessible_name("打开聊天")


def test_a_shutdown_leaves_nothing_and_the_widget_may_start_again(look: Look):
    script = """say("live", { isLive: true });
      addEventListener("message", ({ data }) => {
        if (data.type === "open") say("live", { isLive: true });
      });"""
    visit = look("plain", frame=script)
    visit.open()
    visit.page.wait_for_function("() => localStorage.length === 1")
    visit.call("shutdown")
    expect(visit.launcher).not_to_be_attached()
    expect(visit.panel).not_to_be_attached()
    assert visit.page.evaluate(STORED) == NOTHING
    expect(visit.page.locator("iframe")).to_have_count(0)
    assert visit.call("boot") is True
    visit.open()


# Who may


def test_a_page_that_is_not_among_the_origins_gets_nothing_but_one_line(look: Look):
    visit = look("plain")
    expect(visit.launcher).to_be_visible()
    visit.lines.clear()
    stranger = visit.shop.hosts.origin.replace("localhost", "127.0.0.1")
    visit.page.goto(f"{stranger}/plain")
    assert visit.call("boot", {"widget": visit.shop.key}) is False
    expect(visit.launcher).not_to_be_attached()
    (line,) = {one for one in visit.lines if one.startswith("Kefu:")}  # one for each boot
    assert stranger in line
    assert "origins" in line
    assert visit.call("open") is False


def test_a_key_that_there_is_none_of_is_told_as_well(look: Look):
    visit = look("plain?widget=wk_none")
    visit.page.wait_for_function("() => window.Kefu?.join")
    assert visit.call("boot", {"widget": "wk_none"}) is False
    (line,) = {one for one in visit.lines if one.startswith("Kefu:")}
    assert "wk_none" in line
    assert visit.call("open") is False


@pytest.mark.parametrize(
    "page", ["plain?widget=", "clobbered?snippet=<script src={loader}></script>"]
)
def test_a_snippet_without_a_key_is_told_what_to_do_and_asks_nothing(look: Look, page: str):
    visit = look(page)
    visit.page.wait_for_function("() => window.Kefu?.join")
    assert visit.call("boot") is False
    (line,) = {one for one in visit.lines if one.startswith("Kefu:")}
    assert line == "Kefu: no chat: data-widget is missing"
    assert [one for one in visit.asked_of_kefu() if "/api/" in one] == []
    assert visit.call("open") is False


def test_after_a_boot_that_failed_another_one_may_be_tried(look: Look):
    visit = look("plain?widget=wk_none", frame=READY)
    visit.page.wait_for_function("() => window.Kefu?.join")
    assert visit.call("boot", {"widget": "wk_none"}) is False
    assert visit.call("boot", {"widget": visit.shop.key}) is True
    visit.open()


def test_an_option_that_is_none_is_passed_over(look: Look):
    visit = look(
        "plain?attributes=data-color=red data-position=top data-offset=1rem,x data-theme=pink",
        viewport={"width": 1280, "height": 900},
    )
    expect(visit.button).to_have_css("background-color", "rgb(47, 107, 91)")
    assert box(visit, "#kefu-launcher") == [1280 - 56, 900 - 56, 56, 56]
    visit.open()
    assert box(visit, "#kefu-frame") == [1280 - 400, 220, 400, 680]


@pytest.mark.parametrize("second", ["wk_other", None], ids=["another", "the same"])
def test_of_two_snippets_one_is_the_widget_and_one_line_says_so(look: Look, shop, second):
    visit = look(f"twice?second={second or shop.key}")
    expect(visit.launcher).to_have_count(1)
    expect(visit.launcher).to_be_visible()
    lines = [one for one in visit.lines if one.startswith("Kefu:")]
    assert lines == [f"Kefu: one widget a page: {shop.key}"]
