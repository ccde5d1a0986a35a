"""The landing page and the small demo page."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenPage

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("path", ["/kefu.html", "/yonghu.html", "/direct.html", "/demo.html"])
def test_the_landing_page_leads_everywhere(path: str, open_page: OpenPage):
    home = open_page("/")
    with home.context.expect_page() as opened:
        home.click(f"a[href='{path}']")
    expect(opened.value.locator("h1").first).not_to_be_empty()


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


@pytest.mark.parametrize("path", ["/", "/kefu.html", "/yonghu.html", "/direct.html", "/demo.html"])
def test_a_page_fits_a_small_phone(path: str, open_page: OpenPage):
    page = open_page(path, locale="en", viewport={"width": 320, "height": 568})
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


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
