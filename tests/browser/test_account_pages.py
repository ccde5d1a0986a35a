"""One-time links in the browser, as an operator and their team use them."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import OpenPage
from tests.browser.consoling import hook
from tests.browser.desk import EMAIL, PASSWORD, Production, Staff
from tests.browser.test_accessibility import expect_no_violations


def field(page: Page, name: str) -> Locator:
    return page.locator(f"input[name={name}]")


def fault(page: Page, name: str) -> Locator:
    """What is said to be wrong with a field."""
    return page.locator(f"[data-fault={name}]")


def fill(page: Page, **fields: str) -> None:
    """Fill the form and send it."""
    for name, value in fields.items():
        field(page, name).fill(value)
    page.keyboard.press("Enter")


def expect_in_console(page: Page) -> None:
    page.wait_for_url("**/console")
    expect(hook(page, "tab-mine")).to_be_visible()


def test_an_operator_sets_kefu_up(open_page: OpenPage, tmp_path: Path):
    with Production(tmp_path / "data") as new:
        page = open_page(new.setup_link, locale="en")
        assert "#" not in page.url
        expect(field(page, "name")).to_be_focused()
        expect_no_violations(page)
        page.keyboard.press("Enter")
        expect(fault(page, "name")).to_have_text("Please fill this in.")
        fill(page, name="An", email=EMAIL, password="short")
        expect(fault(page, "password")).to_contain_text("12 to 200 characters")
        expect(field(page, "password")).to_be_focused()
        expect_no_violations(page)
        fill(page, password="password1234")
        expect(fault(page, "password")).to_contain_text("tried first")
        page.reload()
        fill(page, name="An", email=EMAIL, password=PASSWORD)
        page.wait_for_url("**/console/welcome")  # to go on: test_console_first_run
        me = page.evaluate("fetch('/api/v1/me').then((answer) => answer.json())")
        assert EMAIL in str(me)
        used = open_page(new.setup_link, locale="en")
        fill(used, name="Eve", email="eve@shop.example", password=PASSWORD)
        expect(used.locator("#refused")).to_contain_text("was used")
        expect(field(used, "password")).to_have_count(0)
        expect_no_violations(used)
        used.get_by_role("link").click()
        expect(used.locator("input[type=email]")).to_be_visible()  # the console's sign-in


def test_an_agent_joins_and_later_chooses_a_new_password(
    production: Production, admin: Staff, open_page: OpenPage
):
    told = admin.post("/agents", name="Bo", email="bo@shop.example")
    page = open_page(told["link"]["url"])
    expect(field(page, "name")).to_be_focused()
    expect(field(page, "email")).to_have_count(0)
    fill(page, password="bo@shop.example")
    expect(fault(page, "password")).to_have_text("密码不能是邮箱地址。")
    page.get_by_role("button", name="显示密码").click()
    expect(field(page, "password")).to_have_attribute("type", "text")
    fill(page, password=PASSWORD)
    expect_in_console(page)
    page.goto(admin.post(f"/agents/{told['id']}/reset")["link"]["url"])
    expect(page.locator("h1")).to_have_text("设置新密码")
    fill(page, password="another boat at noon")
    expect_in_console(page)
    Staff(production.base_url, "bo@shop.example", "another boat at noon").close()


def test_a_name_that_a_colleague_has_is_refused_at_the_name(
    production: Production, admin: Staff, open_page: OpenPage
):
    told = admin.post("/agents", name="Cleo", email="cleo@shop.example")
    page = open_page(told["link"]["url"])
    fill(page, name="An", password=PASSWORD)
    expect(fault(page, "name")).to_contain_text("已有同事")
    expect(field(page, "name")).to_be_focused()
    fill(page, name="Cléo")
    expect_in_console(page)
    me = page.evaluate("fetch('/api/v1/me').then((answer) => answer.json())")
    assert me["agent"]["name"] == "Cléo"


@pytest.mark.parametrize("purpose", ["setup", "join", "reset"])
def test_a_wrong_link_and_none_say_what_to_do(
    purpose: str, production: Production, open_page: OpenPage
):
    page = open_page(f"{production.base_url}/{purpose}")
    refused = page.locator("#refused")
    expect(refused).to_contain_text("一次性链接")
    page.goto(f"{production.base_url}/{purpose}#kl_{'a' * 43}")  # only what follows the # changed
    field(page, "password").fill(PASSWORD)
    if purpose == "setup":
        fill(page, name="Eve", email="eve@shop.example")
    else:
        page.keyboard.press("Enter")
    expect(refused).to_contain_text("这个链接无效、已用过或已过期")
    page.reload()
    expect(refused).to_contain_text("这里需要一次性链接")


def test_a_damaged_link_says_so(production: Production, open_page: OpenPage):
    page = open_page(f"{production.base_url}/join#kl_{'a' * 20}")
    expect(page.locator("#refused")).to_contain_text("这个链接不完整")
    expect(page.locator("#refused")).to_contain_text("完整链接")
    assert page.evaluate("location.hash") == ""


def test_a_server_that_cannot_be_reached_loses_nothing(production: Production, open_page: OpenPage):
    page = open_page(f"{production.base_url}/join#kl_{'a' * 43}")
    page.context.set_offline(True)
    fill(page, password=PASSWORD)
    expect(page.get_by_role("alert")).to_contain_text("连不上服务器")
    expect(field(page, "password")).to_have_value(PASSWORD)


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
    expect(page.get_by_role("button", name="Create the admin")).to_be_in_viewport()
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
