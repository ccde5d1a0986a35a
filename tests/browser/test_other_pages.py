"""The landing page and the small demo page."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import OpenPage
from tests.configured import ConfiguredServer
from tests.serving import KefuServer

TUTORIALS = ["/kefu.html", "/yonghu.html", "/direct.html", "/demo.html"]
DESK = ["/chat/wk_demo", "/api/v1/docs"]
PAGES = ["/", "/shop", *TUTORIALS[:2], *DESK, *TUTORIALS[2:]]


def cards(home: Page) -> list[str | None]:
    """Where the landing page leads, as far as one can see."""
    visible = home.locator("a.card").filter(visible=True)
    return [card.get_attribute("href") for card in visible.all()]


def test_the_landing_page_leads_everywhere(open_page: OpenPage):
    home = open_page("/")
    expect(home.locator("main")).not_to_have_attribute("aria-busy", "true")
    assert cards(home) == PAGES[1:]
    expect(home.locator("#off")).to_be_hidden()
    for path in PAGES[1:]:
        with home.context.expect_page() as opened:
            home.click(f"a[href='{path}']")
        expect(opened.value.locator("h1").first).not_to_be_empty()
        opened.value.close()


def test_the_landing_page_leads_to_the_shop_first(open_page: OpenPage):
    home = open_page("/")
    shop = home.locator("[data-kefu=open-shop]")
    expect(shop).to_be_visible()
    assert cards(home)[0] == shop.get_attribute("href") == "/shop"
    with home.context.expect_page() as opened:
        shop.click()
    expect(opened.value.locator("h1")).to_have_text("出水利落的壶，不怕泡坏的茶。")


@pytest.mark.parametrize(("value", "name"), [("agent", "小美 Mei"), ("supervisor", "Chen")])
def test_the_landing_page_opens_the_console_in_its_tab_for_good(
    open_page: OpenPage, server: KefuServer, value: str, name: str
):
    home = open_page("/")
    door = home.locator(f"#console button[value={value}]")
    expect(home.locator("[data-kefu=open-console]")).to_have_count(1)
    door.click()
    home.wait_for_url("**/console")
    expect(home.get_by_text(name).first).to_be_visible()
    expect(home.locator("[data-kefu=tab-mine]")).to_be_visible()
    server.kill()
    server.start()
    home.reload()
    expect(home.locator("[data-kefu=tab-mine]")).to_be_visible()


def test_the_landing_page_leads_nowhere_before_it_knows_where(open_page: OpenPage):
    home = open_page("/")
    asked: list[Route] = []
    home.route("**/kefu.html", lambda route: route.fulfill(status=404))
    home.route("**/demo.html", lambda route: route.abort())
    home.route("**/direct.html", lambda route: asked.append(route))
    with home.expect_request("**/direct.html"):
        home.reload()
    assert cards(home) == []
    asked[0].continue_()
    expect(home.locator("main")).not_to_have_attribute("aria-busy", "true")
    assert cards(home) == ["/shop", "/yonghu.html", *DESK, "/direct.html", "/demo.html"]


def test_the_landing_page_of_a_server_without_the_tutorials_protocols_says_so(
    open_page: OpenPage, tmp_path: Path
):
    off = {"enabled": False}
    with ConfiguredServer(tmp_path / "data", rooms=off, direct=off) as server:
        home = open_page(server.base_url)
        expect(home.locator("#off")).to_contain_text("[rooms] enabled = true")
        assert cards(home) == []
        home.click("button[data-language=en]")
        expect(home.locator("#off")).to_contain_text("docs/configuration.md")


@pytest.mark.parametrize(
    ("locale", "language", "words"),
    [("zh-CN", "zh-CN", "客服页面"), ("en-GB", "en", "Agent page"), ("fr", "en", "Agent page")],
)
def test_a_page_speaks_the_browsers_language(
    locale: str, language: str, words: str, open_page: OpenPage
):
    home = open_page("/", locale=locale)
    expect(home.locator("html")).to_have_attribute("lang", language)
    expect(home.locator("main")).to_contain_text(words)


def test_a_page_that_is_not_there_says_so_in_the_chosen_language(open_page: OpenPage):
    page = open_page("/no/such/page")
    expect(page.locator("h1")).to_have_text("找不到页面")
    page.click("button[data-language=en]")
    expect(page.locator("h1")).to_have_text("Page not found")
    page.reload()
    page.get_by_role("link", name="To the start page").click()
    expect(page.locator("h1")).to_have_text("Kefu 客服")


def test_every_page_fits_a_small_phone(open_page: OpenPage):
    page = open_page("/", locale="en", viewport={"width": 320, "height": 568})
    for path in PAGES:
        page.goto(path)
        expect(page.locator("[aria-busy=true]")).to_have_count(0)
        assert page.evaluate("document.documentElement.scrollWidth") <= 320, path


def test_everybody_with_the_demo_open_hears_what_anybody_sends(open_page: OpenPage):
    first, second = opened_demo(open_page), opened_demo(open_page)
    first.fill("#message", "<i>hi</i>")
    first.press("#message", "Enter")
    for page in (first, second):
        expect(page.locator(".entry")).to_have_text(["服务器<i>hi</i>服务器"])
    second.click("#close")
    expect(second.locator("#state")).to_have_text("已断开")
    expect(second.locator("#send")).to_be_disabled()


def opened_demo(open_page: OpenPage) -> Page:
    page = open_page("/demo.html")
    page.click("#open")
    expect(page.locator("#state")).to_have_text("已连接")
    return page
