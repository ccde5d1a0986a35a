"""One-time links in the browser, as an operator and their team use them."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenPage
from tests.browser.desk import EMAIL, PASSWORD, Production, Staff
from tests.browser.test_accessibility import expect_no_violations


def fill(page: Page, **fields: str) -> None:
    """Fill the form and send it."""
    for name, value in fields.items():
        page.fill(f"#{name}", value)
    page.click("#go")


def test_an_operator_sets_kefu_up(open_page: OpenPage, tmp_path: Path):
    with Production(tmp_path / "data") as new:
        page = open_page(new.setup_link, locale="en")
        assert "#" not in page.url
        expect(page.locator("#name")).to_be_focused()
        expect_no_violations(page)
        page.click("#go")
        expect(page.locator("#name-fault")).to_have_text("Please fill this in.")
        fill(page, name="An", email=EMAIL, password="short")
        expect(page.locator("#password-fault")).to_contain_text("12 to 200 characters")
        expect(page.locator("#password")).to_be_focused()
        expect_no_violations(page)
        fill(page, password="password1234")
        expect(page.locator("#password-fault")).to_contain_text("tried first")
        page.reload()
        fill(page, name="An", email=EMAIL, password=PASSWORD)
        expect(page.locator("#done")).to_contain_text("Hello An.")
        expect(page.locator("#done-title")).to_be_focused()
        expect_no_violations(page)
        me = page.evaluate("fetch('/api/v1/me').then((answer) => answer.json())")
        assert EMAIL in str(me)
        page.click("a[href='/api/v1/docs']")
        expect(page.locator("h1")).to_contain_text("API")
        used = open_page(new.setup_link, locale="en")
        fill(used, name="Eve", email="eve@shop.example", password=PASSWORD)
        expect(used.locator("#refused")).to_contain_text("was used")
        expect(used.locator("#ask")).to_be_hidden()
        expect_no_violations(used)


def test_an_agent_joins_and_later_chooses_a_new_password(
    production: Production, admin: Staff, open_page: OpenPage
):
    told = admin.post("/agents", name="Bo", email="bo@shop.example")
    page = open_page(told["link"]["url"])
    expect(page.locator("#email")).to_be_hidden()
    fill(page, password="bo@shop.example")
    expect(page.locator("#password-fault")).to_have_text("密码不能是邮箱地址。")
    page.click("#show")
    expect(page.locator("#password")).to_have_attribute("type", "text")
    fill(page, password=PASSWORD)
    expect(page.locator("#done-about")).to_have_text("您好，Bo。您已登录。")
    page.goto(admin.post(f"/agents/{told['id']}/reset")["link"]["url"])
    expect(page.locator("h1:visible")).to_have_text("设置新密码")
    fill(page, password="another boat at noon")
    expect(page.locator("#done-title")).to_have_text("新密码已生效")
    Staff(production.base_url, "bo@shop.example", "another boat at noon").close()


def test_a_name_that_a_colleague_has_is_refused_at_the_name(
    production: Production, admin: Staff, open_page: OpenPage
):
    told = admin.post("/agents", name="Cleo", email="cleo@shop.example")
    page = open_page(told["link"]["url"])
    fill(page, name="An", password=PASSWORD)
    expect(page.locator("#name-fault")).to_contain_text("已有同事")
    expect(page.locator("#name")).to_be_focused()
    fill(page, name="Cléo")
    expect(page.locator("#done-about")).to_contain_text("Cléo")


@pytest.mark.parametrize("purpose", ["setup", "join", "reset"])
def test_a_wrong_link_and_none_say_what_to_do(
    purpose: str, production: Production, open_page: OpenPage
):
    page = open_page(f"{production.base_url}/{purpose}")
    expect(page.locator("#refused")).to_contain_text("一次性链接")
    expect(page.locator("#refused-about")).not_to_be_empty()
    page.goto(f"{production.base_url}/{purpose}#kl_{'a' * 43}")  # only what follows the # changed
    page.fill("#password", PASSWORD)
    if purpose == "setup":
        fill(page, name="Eve", email="eve@shop.example")
    else:
        page.click("#go")
    expect(page.locator("#refused-title")).to_have_text("这个链接无效、已用过或已过期")
    page.reload()
    expect(page.locator("#refused-title")).to_have_text("这里需要一次性链接")


def test_a_damaged_link_says_so(production: Production, open_page: OpenPage):
    page = open_page(f"{production.base_url}/join#kl_{'a' * 20}")
    expect(page.locator("#refused-title")).to_have_text("这个链接不完整")
    expect(page.locator("#refused-about")).to_contain_text("完整链接")
    assert page.evaluate("location.hash") == ""


def test_a_server_that_cannot_be_reached_loses_nothing(production: Production, open_page: OpenPage):
    page = open_page(f"{production.base_url}/join#kl_{'a' * 43}")
    page.context.set_offline(True)
    fill(page, password=PASSWORD)
    expect(page.locator("#fault")).to_contain_text("连不上服务器")
    expect(page.locator("#password")).to_have_value(PASSWORD)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_small_phone_shows_the_whole_form(
    scheme: Literal["light", "dark"], production: Production, open_page: OpenPage
):
    size = {"width": 360, "height": 640}
    page = open_page(
        f"{production.base_url}/setup#kl_{'a' * 43}",
        viewport=size,
        color_scheme=scheme,
        locale="en",
    )
    expect(page.locator("#go")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
