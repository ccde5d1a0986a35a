"""The demo's shop: pages of somebody's own that have the widget in them."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import ConsoleMessage, FrameLocator, Page, expect

from tests.browser.conftest import OpenPage
from tests.browser.desk import Staff
from tests.browser.test_accessibility import expect_no_violations
from tests.serving import KefuServer

PAGES = ["/shop", "/shop/pots", "/shop/round-teapot", "/shop/care", "/shop/basket"]


def put_in(shop: Page, product: str, times: int = 1) -> None:
    """Put a product into the basket, on its page."""
    shop.goto(f"/shop/{product}")
    for _ in range(times):
        shop.get_by_role("button", name="Add to basket").click()


def test_one_looks_around_from_the_first_page_to_a_product_and_back(open_page: OpenPage):
    shop = open_page("/shop", locale="en")
    expect(shop).to_have_title("Plain Kettle · a demo shop")
    expect(shop.locator(".grid li")).to_have_count(8)
    shop.get_by_role("link", name="Pots", exact=True).click()
    expect(shop).to_have_url(re.compile("/shop/pots$"))
    expect(shop).to_have_title("Pots · Plain Kettle")
    expect(shop.locator("nav [aria-current=page]")).to_have_text("Pots")
    shop.get_by_role("link", name="The plain kettle").click()
    expect(shop).to_have_url(re.compile("/shop/plain-kettle$"))
    expect(shop.locator("h1")).to_have_text("The plain kettle")
    expect(shop.locator("article .price")).to_have_text("€72")
    shop.go_back()
    expect(shop.locator("h1")).to_have_text("Pots")
    shop.get_by_role("link", name="Plain Kettle", exact=True).click()
    expect(shop).to_have_url(re.compile("/shop$"))


def test_every_drawing_is_there(open_page: OpenPage):
    shop = open_page("/shop", locale="en")
    for path in ["/shop", "/shop/tea", "/shop/pots", "/shop/cups"]:
        shop.goto(path, wait_until="networkidle")
        widths = shop.locator("main img").evaluate_all(
            "(all) => all.map((one) => one.naturalWidth)"
        )
        assert len(widths) >= 4
        assert 0 not in widths, path


def test_a_basket_is_filled_changed_and_emptied(open_page: OpenPage):
    shop = open_page("/shop/basket", locale="en")
    expect(shop.locator(".empty")).to_be_visible()
    expect(shop.locator(".goods")).to_be_hidden()
    put_in(shop, "plain-kettle", times=2)
    expect(shop.get_by_role("status")).to_contain_text("2 in your basket")
    put_in(shop, "roasted-hojicha")
    expect(shop.locator("#basket")).to_have_text("Basket, 3")
    shop.get_by_role("link", name="See the basket").click()
    expect(shop.locator(".lines strong")).to_have_text(["Roasted hojicha", "The plain kettle"])
    expect(shop.locator(".total .price")).to_have_text("€153.50")
    shop.get_by_label("How many of Roasted hojicha").focus()
    shop.keyboard.press("4")
    expect(shop.get_by_label("How many of Roasted hojicha")).to_be_focused()
    expect(shop.locator(".lines .price")).to_have_text(["€38", "€144"])
    expect(shop.locator(".total .price")).to_have_text("€182")
    expect(shop.locator("#basket")).to_have_text("Basket, 6")
    shop.reload()
    expect(shop.locator(".total .price")).to_have_text("€182")
    shop.get_by_role("button", name="Remove The plain kettle").click()
    expect(shop.locator("h1")).to_be_focused()
    shop.get_by_role("button", name="Remove Roasted hojicha").click()
    expect(shop.locator(".empty")).to_be_visible()
    expect(shop.locator("#basket")).to_have_text("Basket")


def test_there_are_never_more_than_nine_of_one_thing(open_page: OpenPage):
    shop = open_page("/shop", locale="en")
    put_in(shop, "leaf-jar", times=11)
    expect(shop.get_by_role("status")).to_contain_text("9 in your basket")


def test_what_one_tab_puts_into_the_basket_is_in_that_of_another(open_page: OpenPage):
    first = open_page("/shop/basket", locale="en")
    second = first.context.new_page()
    put_in(second, "tea-tray")
    expect(first.locator("#basket")).to_have_text("Basket, 1")
    expect(first.locator(".lines strong")).to_have_text("Ash tea tray")
    first.get_by_role("button", name="Remove Ash tea tray").click()
    expect(second.locator("#basket")).to_have_text("Basket")


def test_what_else_the_browser_keeps_does_not_disturb_the_basket(open_page: OpenPage):
    first = open_page("/shop", locale="en")
    put_in(first, "tea-tray")
    first.goto("/shop/basket")
    first.evaluate("addEventListener('storage', () => { globalThis.isHeard = true; })")
    count = first.get_by_label("How many of Ash tea tray")
    count.focus()
    second = first.context.new_page()
    second.goto("/shop")
    second.evaluate("localStorage.setItem('kefu.wk_demo.live', '1')")
    first.wait_for_function("globalThis.isHeard")
    expect(count).to_be_focused()


def test_who_goes_back_from_the_basket_finds_it_as_it_was_left(open_page: OpenPage):
    shop = open_page("/shop", locale="en")
    put_in(shop, "tea-tray")
    shop.get_by_role("link", name="See the basket").click()
    shop.get_by_role("button", name="Remove Ash tea tray").click()
    expect(shop.locator("#basket")).to_have_text("Basket")
    shop.go_back()
    expect(shop.locator("h1")).to_have_text("Ash tea tray")
    expect(shop.locator("#basket")).to_have_text("Basket")


@pytest.mark.parametrize("kept", ["{", "[]", '{"gold": 3, "tea-tray": -1}'])
def test_a_basket_that_cannot_be_read_is_empty(kept: str, open_page: OpenPage):
    shop = open_page("/shop", locale="en")
    shop.evaluate("(kept) => localStorage.setItem('kefu.shop.basket', kept)", kept)
    shop.goto("/shop/basket")
    expect(shop.locator(".empty")).to_be_visible()


def test_the_shop_speaks_both_languages_and_remembers_which(open_page: OpenPage):
    shop = open_page("/shop/round-teapot")
    expect(shop.locator("html")).to_have_attribute("lang", "zh-CN")
    expect(shop).to_have_title("圆茶壶 · 素壶 Plain Kettle")
    shop.get_by_role("button", name="放进购物篮").click()
    expect(shop.get_by_role("status")).to_contain_text("购物篮里有 1 件")
    shop.click("button[data-language=en]")
    expect(shop.locator("h1")).to_have_text("Round teapot")
    expect(shop).to_have_title("Round teapot · Plain Kettle")
    expect(shop.get_by_role("status")).to_contain_text("1 in your basket")
    shop.goto("/shop/basket")
    expect(shop.get_by_label("How many of Round teapot")).to_have_value("1")
    shop.click("button[data-language=zh-CN]")
    expect(shop.get_by_label("「圆茶壶」的数量")).to_have_value("1")
    expect(shop.get_by_role("button", name="拿出「圆茶壶」")).to_have_text("拿出来")


def test_the_shop_goes_by_keyboard(open_page: OpenPage):
    shop = open_page("/shop/round-teapot", locale="en")
    expect(shop.get_by_role("button", name="Ask us about it")).to_be_visible()
    for _ in range(20):
        shop.keyboard.press("Tab")
        if shop.locator(".add:focus-visible").count():
            break
    shop.keyboard.press("Enter")
    shop.keyboard.press("Space")
    expect(shop.locator("#basket")).to_have_text("Basket, 2")
    shop.keyboard.press("Tab")
    expect(shop.get_by_role("button", name="Ask us about it")).to_be_focused()
    shop.keyboard.press("Tab")
    expect(shop.get_by_role("link", name="See the basket")).to_be_focused()


def test_the_button_of_the_first_page_leads_to_what_is_new(open_page: OpenPage):
    shop = open_page("/shop/basket", locale="en")
    shop.get_by_role("link", name="See what is new").click()
    expect(shop.locator("#new")).to_be_in_viewport()


def chat_of(shop: Page) -> FrameLocator:
    """What is in the chat's panel."""
    return shop.frame_locator("#kefu-frame")


def test_a_customer_asks_about_a_product_and_goes_on_on_another_page(
    open_page: OpenPage, server: KefuServer
):
    shop = open_page("/shop/leaf-jar", locale="en")
    shop.get_by_role("button", name="Ask us about it").click()
    composer = chat_of(shop).locator("[data-kefu=composer]")
    composer.fill("Does the lid close well?")
    composer.press("Enter")
    asked = chat_of(shop).locator("[data-kefu=message][data-from=me]")
    expect(asked).to_have_attribute("data-state", "sent")
    agent = Staff.of_demo(server)
    conversation = agent.get("/conversations")["items"][0]["id"]
    agent.pick(conversation)
    shop.get_by_role("link", name="Pots", exact=True).click()
    expect(shop.locator("h1")).to_have_text("Pots")
    agent.say(conversation, "You hear the air go out.")
    agent.close()
    shop.click("#kefu-launcher")
    answer = chat_of(shop).locator("[data-kefu=message][data-from=team]")
    expect(answer).to_contain_text("You hear the air go out.")
    expect(asked).to_contain_text("Does the lid close well?")


def test_the_chat_speaks_the_language_of_the_shop(open_page: OpenPage):
    shop = open_page("/shop")
    expect(shop.locator("#kefu-launcher")).to_have_attribute("lang", "zh-CN")
    shop.click("#kefu-launcher")
    home = chat_of(shop).locator("[data-kefu=home]")
    expect(home).to_contain_text("您好！有什么可以帮您？")
    shop.click("button[data-language=en]")
    expect(home).to_contain_text("Hello. What can we help you with?")
    shop.goto("/shop/care")
    shop.click("#kefu-launcher")
    expect(home).to_contain_text("Hello. What can we help you with?")


def test_no_page_of_the_shop_complains(open_page: OpenPage):
    shop = open_page("/licenses")
    said: list[str] = []

    def note(message: ConsoleMessage) -> None:
        said.append(f"{message.type}: {message.text} {message.location.get('url')}")

    shop.on("console", note)
    for path in PAGES:
        shop.goto(path, wait_until="networkidle")
    assert said == []


@pytest.mark.parametrize("path", PAGES)
def test_axe_finds_nothing(path: str, open_page: OpenPage):
    shop = open_page("/shop", locale="en")
    if path == "/shop/basket":
        expect_no_violations(open_page(path))  # empty
        put_in(shop, "tea-tray")
    shop.goto(path)
    if "teapot" in path:
        put_in(shop, "round-teapot")
    expect_no_violations(shop)


@pytest.mark.parametrize("locale", ["en", "zh-CN"])
@pytest.mark.parametrize("width", [320, 360, 641, 800, 1280, 2560])
def test_the_shop_fits_every_screen(width: int, locale: str, open_page: OpenPage):
    shop = open_page("/shop", locale=locale, viewport={"width": width, "height": 700})
    shop.evaluate(
        """localStorage.setItem('kefu.shop.basket', '{"plain-kettle": 9, "thumb-cups": 9}')"""
    )
    for path in PAGES:
        shop.goto(path)
        expect(shop.locator("[aria-busy=true]")).to_have_count(0)
        assert shop.evaluate("document.documentElement.scrollWidth") <= width, path


def test_nothing_moves_while_a_page_of_the_shop_opens(open_page: OpenPage):
    shop = open_page("/shop", viewport={"width": 1280, "height": 800})
    shop.goto("/shop/round-teapot", wait_until="networkidle")
    moved = shop.evaluate(
        """new Promise((done) => {
            let sum = 0;
            new PerformanceObserver((list) => {
                for (const entry of list.getEntries()) sum += entry.value;
            }).observe({ type: 'layout-shift', buffered: true });
            requestAnimationFrame(() => requestAnimationFrame(() => done(sum)));
        })"""
    )
    assert moved < 0.01
