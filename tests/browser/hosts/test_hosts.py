"""The widget on other people's pages, each of a kind that has broken somebody's widget."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.hosts.conftest import Look, Shop, Visit

COMPOSER = "[data-kefu=composer]"


@pytest.mark.parametrize("page", ["strict", "isolated", "isolated-otherwise", "silent", "plain"])
def test_the_chat_opens_on_a_page_with(look: Look, page: str):
    visit = look(page)
    visit.open()
    expect(visit.frame.locator(COMPOSER)).to_be_visible()
    assert [line for line in visit.lines if "Content Security Policy" in line] == []
    if page.startswith("isolated"):
        assert visit.page.evaluate("crossOriginIsolated")
    if page == "silent":
        referrers = [
            one.headers.get("referer") for one in visit.requests if one.is_navigation_request()
        ]
        assert referrers == [None, None]


def test_a_pinned_loader_names_the_panels_script_by_its_hash_and_passes_the_nonce_on(look: Look):
    visit = look("strict")
    visit.open()
    script = visit.page.locator("script[src*=kefu-panel-]")
    assert script.evaluate("(one) => [one.integrity.slice(0, 7), one.crossOrigin, one.nonce]") == [
        "sha256-",
        "anonymous",
        "cmFuZG9t",
    ]


def test_a_panels_script_that_was_changed_on_the_way_does_not_run(look: Look):
    def changed(visit: Visit) -> None:
        visit.page.route(
            "**/kefu-panel-*",
            lambda route: route.fulfill(
                body="window.stolen = true",
                content_type="text/javascript",
                headers={"access-control-allow-origin": "*"},
            ),
        )

    visit = look("strict", prepare=changed)
    visit.launcher.click()
    expect(visit.button).to_have_attribute("aria-busy", "true")
    visit.page.wait_for_load_state("networkidle")
    assert visit.page.evaluate("window.stolen") is None


def test_turbo_replaces_the_body_and_the_chat_stays_as_it_is(look: Look):
    visit = look("turbo?at=one")
    visit.open()
    visit.frame.locator(COMPOSER).fill("Does the oak lid fit?")
    visit.page.locator("#next").click()
    expect(visit.page.locator("h1")).to_have_text("Page two")
    expect(visit.panel).to_be_visible()
    expect(visit.frame.locator(COMPOSER)).to_have_value("Does the oak lid fit?")
    expect(visit.launcher).to_have_count(1)
    assert sum("/widget/" in path for path in visit.asked_of_kefu()) == 1
    assert [line for line in visit.lines if line.startswith("Kefu")] == []


def test_turbo_does_not_draw_a_page_again_when_a_phones_panel_closes(look: Look):
    visit = look("turbo?at=one", viewport={"width": 390, "height": 700}, has_touch=True)
    expect(visit.launcher).to_be_visible()
    visit.page.locator("#next").click()
    expect(visit.page.locator("h1")).to_have_text("Page two")
    visit.page.evaluate("window.renders = 0; addEventListener('turbo:render', () => renders++)")
    visit.open()
    visit.call("close")
    visit.page.wait_for_function("() => history.state?.turbo && !document.body.inert")
    visit.page.wait_for_load_state("networkidle")
    assert visit.page.evaluate("renders") == 0
    visit.page.go_back()
    expect(visit.page.locator("h1")).to_have_text("Page one")
    expect(visit.launcher).to_be_visible()


def test_astros_transitions_leave_the_chat_where_it_is(look: Look):
    visit = look("astro?at=one")
    visit.open()
    visit.frame.locator(COMPOSER).fill("Does the oak lid fit?")
    visit.page.evaluate("go('/astro?at=two')")
    expect(visit.page.locator("h1")).to_have_text("Page two")
    expect(visit.frame.locator(COMPOSER)).to_have_value("Does the oak lid fit?")
    expect(visit.launcher).to_have_count(1)
    visit.call("close")
    expect(visit.launcher).to_be_visible()


def test_a_body_that_is_replaced_takes_nothing_along(look: Look):
    visit = look("plain")
    visit.open()
    visit.page.evaluate("document.body.replaceWith(document.createElement('body'))")
    expect(visit.panel).to_be_visible()
    visit.page.evaluate("document.querySelector('#kefu-launcher').remove()")
    visit.call("close")
    expect(visit.launcher).to_be_visible()
    visit.open()
    visit.page.evaluate("document.querySelector('#kefu-frame').remove()")
    expect(visit.frame.locator(COMPOSER)).to_be_visible()


def test_react_mounts_twice_in_strict_mode_and_there_is_one_widget(look: Look):
    visit = look("react")
    expect(visit.launcher).to_be_visible()
    visit.page.locator("#count").click()
    expect(visit.page.locator("#count")).to_have_text("1")
    expect(visit.launcher).to_have_count(1)
    visit.open()
    expect(visit.frame.locator(COMPOSER)).to_be_visible()
    assert [line for line in visit.lines if line.startswith("Kefu")] == []


def test_react_takes_over_a_document_that_has_the_widget_in_it(look: Look):
    visit = look("document")
    visit.open()
    visit.frame.locator(COMPOSER).fill("Does the oak lid fit?")
    visit.page.add_script_tag(url="/document.js")
    visit.page.evaluate("hydrate()")
    visit.page.locator("#count").click()
    expect(visit.page.locator("#count")).to_have_text("1")
    expect(visit.frame.locator(COMPOSER)).to_have_value("Does the oak lid fit?")
    assert [line for line in visit.lines if "hydrat" in line.lower()] == []


def test_a_frame_that_is_sandboxed_but_keeps_its_origin_has_the_chat(look: Look):
    visit = look("sandbox?may=allow-scripts allow-same-origin allow-popups")
    inner = visit.page.frame_locator("#inner")
    inner.locator("#kefu-launcher").click()
    expect(inner.frame_locator("#kefu-frame").locator(COMPOSER)).to_be_visible()


def test_a_page_without_an_origin_has_no_chat_and_one_line(look: Look):
    visit = look("sandbox?may=allow-scripts")
    inner = visit.page.frame_locator("#inner")
    expect(inner.locator("h1")).to_be_visible()
    visit.page.wait_for_load_state("networkidle")
    (line,) = [one for one in visit.lines if one.startswith("Kefu:")]
    assert "null" in line
    assert "origins" in line
    expect(inner.locator("#kefu-launcher")).to_have_count(0)


def test_a_web_view_of_an_app_has_no_chat_and_is_told_its_own_origin(look: Look, shop: Shop):
    """Its origin is one such as capacitor://localhost; here only the name is another."""
    visit = look("plain")
    expect(visit.launcher).to_be_visible()
    visit.lines.clear()
    app = shop.hosts.origin.replace("localhost", "app.localhost")
    visit.page.goto(f"{app}/plain")
    visit.page.wait_for_function("() => window.Kefu")
    assert visit.call("boot", {"widget": shop.key}) is False
    lines = [one for one in visit.lines if one.startswith("Kefu:")]  # of the snippet and the call
    assert lines
    assert [one for one in lines if app not in one] == []
