"""The visitor's chat as a page of its own: a visitor in the browser, an agent by the REST API.

What the page has in common with the widget on a site is in ``test_widget_*``.
"""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import OpenPage
from tests.browser.desk import CHAT, Staff
from tests.browser.talking import begin, composer, newest, said, say, texts, write
from tests.browser.test_accessibility import expect_no_violations
from tests.outbound.test_letters import PAYLOADS

PHONE = {"width": 360, "height": 640}


@pytest.fixture
def visitor(open_page: OpenPage) -> Page:
    """A visitor's page that nothing was said on yet."""
    return opened(open_page(CHAT))


def opened(page: Page) -> Page:
    expect(composer(page)).to_be_visible()
    return page


def speak(page: Page, language: str) -> None:
    page.locator(".k-languages select").select_option(language)


def notes(page: Page) -> Locator:
    """What happened, and the days."""
    return page.locator(".k-note")


def choose(page: Page, item: str) -> None:
    """Something in the menu."""
    page.get_by_role("button", name="更多").click()
    page.get_by_role("menu").get_by_text(item, exact=True).click()


def end(page: Page) -> None:
    """End the conversation, as one is asked whether one wants to."""
    choose(page, "结束对话")
    page.get_by_role("dialog").get_by_role("button", name="结束对话").click()
    expect(page.locator("[data-kefu=rating]")).to_be_visible()


def test_a_visitor_and_an_agent_talk(visitor: Page, agent: Staff):
    expect(visitor).to_have_title("素壶 Plain Kettle")
    expect(visitor.locator("[data-kefu=home] h1")).to_have_text("您好！有什么可以帮您？")
    conversation = begin(visitor, agent)
    expect(visitor.locator("[data-kefu=queue]")).to_contain_text("您")
    agent.pick(conversation)
    expect(visitor.locator(".k-head h1")).to_have_text("小美 Mei")
    expect(notes(visitor)).to_contain_text("小美 Mei 为您服务")
    agent.post(f"/conversations/{conversation}/typing")
    expect(visitor.locator(".k-thread")).to_contain_text("小美 Mei 正在输入")
    agent.say(conversation, "在的。")
    expect(visitor.locator(".k-dots")).to_have_count(0)
    expect(said(visitor, "me").last).to_contain_text("已读")
    say(visitor, "谢谢")
    expect(texts(visitor)).to_have_text(["在吗？", "在的。", "谢谢"])
    assert agent.texts(conversation) == ["在吗？", "在的。", "谢谢"]


def test_what_people_write_is_text(visitor: Page, agent: Staff):
    hostile = "<img src=x onerror=alert(1)><a href='javascript:alert(1)'>x</a> javascript:alert(1)"
    conversation = begin(visitor, agent, hostile)
    card = {
        "type": "card",
        "title": "<b>Card</b>",
        "text": hostile,
        "buttons": [{"type": "link", "label": "<i>go</i>", "url": "https://a.example/"}],
    }
    agent.say(conversation, f"{hostile} https://b.example@evil.example/", blocks=[card])
    expect(visitor.locator(".k-offer h2")).to_have_text("<b>Card</b>")
    expect(texts(visitor, "me")).to_have_text(hostile)
    expect(texts(visitor, "team")).to_contain_text(hostile)
    assert visitor.locator(".k-thread").locator("img, b b, h2 b, .k-b b, i").count() == 0
    links = visitor.locator(".k-thread a")
    assert [link.get_attribute("href") for link in links.all()] == ["https://a.example/"]
    expect(links).to_have_attribute("rel", "noopener noreferrer nofollow")


def test_an_address_can_be_followed(visitor: Page, agent: Staff):
    conversation = begin(visitor, agent)
    agent.say(conversation, "看这里：https://shop.example/订单?a=1。")
    link = texts(visitor, "team").locator("a")
    expect(link).to_have_text("https://shop.example/订单?a=1")
    expect(link).to_have_attribute("target", "_blank")


def test_a_message_of_the_team_is_drawn_as_markdown_and_ones_own_as_it_was_written(
    visitor: Page, agent: Staff
):
    text = "**Hello** 2*3*4\n\n1. `a`\n3. [b](https://shop.example/_x_/)\n\n> ~~c~~"
    write(visitor, text)
    expect(said(visitor, "me")).to_have_attribute("data-state", "sent")
    agent.say(newest(agent), text)
    drawn = texts(visitor, "team")
    expect(drawn.locator("strong")).to_have_text("Hello")
    expect(drawn.locator("p").first).to_have_text("Hello 2*3*4")
    expect(drawn.locator("li code")).to_have_text("a")
    grounds = [
        one.evaluate("one => getComputedStyle(one).backgroundColor")
        for one in (drawn, drawn.locator("li code"))
    ]
    assert grounds[0] != grounds[1] != "rgba(0, 0, 0, 0)"
    assert [item.evaluate("item => item.value") for item in drawn.locator("li").all()] == [1, 3]
    expect(drawn.locator("li a")).to_have_attribute("href", "https://shop.example/_x_/")
    expect(drawn.locator("blockquote s")).to_have_text("c")
    own = texts(visitor, "me")
    expect(own).to_have_text(text, use_inner_text=True)
    expect(own.locator("strong, li, s, code")).to_have_count(0)


def test_no_payload_becomes_markup_on_the_page(visitor: Page, agent: Staff):
    conversation = begin(visitor, agent)
    for payload in PAYLOADS:
        agent.say(conversation, payload)
    expect(said(visitor, "team")).to_have_count(len(PAYLOADS))
    drawn = visitor.evaluate(
        """() => [...document.querySelectorAll("[data-from=team] .k-b *")].flatMap(
             (one) => [one.localName, ...[...one.attributes].map(
               ({ name, value }) => (name === "class" ? value : name))])"""
    )
    assert set(drawn) <= {"p", "br", "pre", "code", "a", "href", "target", "rel", "k-plain"}
    links = '() => [...document.querySelectorAll(".k-thread a")].map((a) => a.href)'
    hrefs = visitor.evaluate(links)
    assert hrefs
    assert all(href.startswith(("https://good.example", "https://evil.example")) for href in hrefs)


@pytest.mark.parametrize(
    ("locale", "clock"),
    [
        ("en-US", r" · \d{1,2}:\d\d\s[AP]M · "),
        ("en-GB", r" · \d\d:\d\d · "),
        ("zh-CN", r" · \d\d:\d\d · "),
    ],
)
def test_times_are_those_of_the_readers_country(
    locale: str, clock: str, open_page: OpenPage, agent: Staff
):
    visitor = opened(open_page(CHAT, locale=locale))
    begin(visitor, agent)
    expect(said(visitor, "me").locator(".k-meta")).to_have_text(re.compile(clock))


def test_what_was_said_on_another_day_stands_under_its_date(open_page: OpenPage, agent: Staff):
    visitor = opened(open_page(CHAT, locale="en-GB"))
    conversation = begin(visitor, agent)
    expect(notes(visitor)).to_have_count(0)  # all of it is of today
    visitor.clock.set_fixed_time(visitor.evaluate("Date.now() / 1000 + 86_400"))
    agent.say(conversation, "在的。")
    expect(notes(visitor)).to_have_text("Yesterday")
    speak(visitor, "zh-CN")
    expect(notes(visitor)).to_have_text("昨天")


def test_an_ended_conversation_is_rated_and_followed_by_another(visitor: Page, agent: Staff):
    conversation = begin(visitor, agent)
    agent.pick(conversation)
    end(visitor)
    expect(notes(visitor).last).to_contain_text("您结束了对话")
    rating = visitor.locator("[data-kefu=rating]")
    rating.get_by_role("radio", name="不错").check()
    rating.get_by_role("button", name="发送").click()
    expect(rating).to_contain_text("谢谢")
    assert agent.get(f"/conversations/{conversation}")["rating"] == 4
    visitor.reload()
    expect(rating).to_contain_text("谢谢")
    rating.get_by_role("button", name="新的对话").click()
    expect(said(visitor)).to_have_count(0)
    assert begin(visitor, agent, "另一件事") != conversation


def test_an_end_is_asked_and_can_be_thought_better_of(visitor: Page, agent: Staff):
    conversation = begin(visitor, agent)
    choose(visitor, "结束对话")
    question = visitor.get_by_role("dialog")
    expect(question).to_contain_text("结束")
    expect(question.get_by_role("button", name="关闭")).to_be_focused()
    expect_no_violations(visitor)
    visitor.keyboard.press("Enter")  # held down too long
    expect(question).to_have_count(0)
    expect(visitor.get_by_role("button", name="更多")).to_be_focused()
    say(visitor, "还没完")
    assert agent.get(f"/conversations/{conversation}")["status"] == "queued"


def test_a_refused_message_says_so_and_can_be_taken_away(visitor: Page, agent: Staff):
    begin(visitor, agent)
    long = "长" * 10_001
    composer(visitor).evaluate("(one) => { one.maxLength = 20_000; }")
    write(visitor, long)
    failed = said(visitor, "me").last
    expect(failed).to_have_attribute("data-state", "failed")
    expect(failed).to_contain_text("没有发出：内容太长")
    expect(failed.get_by_role("button", name="重发")).to_have_count(0)  # it would be too long again
    failed.get_by_role("button", name="修改").click()
    expect(said(visitor, "me")).to_have_count(1)
    expect(composer(visitor)).to_have_value(long)
    composer(visitor).press("Enter")
    failed.get_by_role("button", name="删除").click()
    expect(said(visitor, "me")).to_have_count(1)
    expect(composer(visitor)).to_be_empty()


def test_a_chat_that_is_not_there_says_what_to_do(open_page: OpenPage):
    for path in ("/chat/wk_unknown", "/chat/%E4%B8%8D"):
        page = open_page(path, locale="zh-CN", color_scheme="dark")
        expect(page.get_by_role("heading")).to_have_text("没有这个聊天")
        expect(page.locator("html")).to_have_attribute("lang", "zh-CN")
        expect(page.locator("body")).to_have_attribute("data-theme", "dark")
        expect(composer(page)).to_have_count(0)
        expect_no_violations(page)


def test_a_server_that_cannot_answer_yet_is_waited_for_in_words(open_page: OpenPage):
    page = open_page("/licenses")
    page.route("**/api/v1/widgets/*", lambda route: route.fulfill(status=503))
    page.goto(CHAT)
    expect(page.get_by_role("status")).to_have_text("连不上服务器，正在重试…")
    page.unroute("**/api/v1/widgets/*")
    opened(page)
    expect(page.get_by_role("status")).to_have_count(0)


def test_a_link_of_a_letter_that_has_expired_is_no_reason_not_to_chat(
    open_page: OpenPage, agent: Staff
):
    visitor = open_page(f"{CHAT}#kl_{'a' * 43}")
    visitor.get_by_role("button", name="继续邮件中的对话").click()
    assert visitor.evaluate("location.hash") == ""
    notice = visitor.get_by_role("status").filter(has_text="已失效")
    expect(notice).to_be_visible()
    notice.get_by_role("button", name="知道了").click()
    expect(notice).to_have_count(0)
    begin(opened(visitor), agent)


@pytest.mark.parametrize("fragment", ["kl_" + "a" * 30, "kl_", "kl_a%20b"])
def test_a_link_of_a_letter_that_is_damaged_is_told_and_opens_nothing_by_itself(
    fragment: str, open_page: OpenPage, agent: Staff
):
    page = open_page(f"{CHAT}#{fragment}", locale="en", viewport=PHONE)
    expect(page.locator(".k-asked")).to_contain_text("press the link there")
    assert page.evaluate("location.href").endswith(CHAT)
    expect(composer(page)).to_have_count(0)
    expect_no_violations(page)
    page.get_by_role("button", name="Open the chat without it").click()
    begin(opened(page), agent, "Hello")
    page.goto(f"{CHAT}#{fragment}")  # only what follows the # changed
    expect(page.locator(".k-asked")).to_contain_text("press the link there")


def test_a_link_with_something_behind_it_is_read(open_page: OpenPage):
    page = open_page(f"{CHAT}#kl_{'a' * 43}.", locale="en")
    expect(page.locator(".k-asked")).to_contain_text("Go on with the letter's conversation")
    assert page.evaluate("location.hash") == ""


def test_everything_can_be_done_by_keyboard(visitor: Page, agent: Staff):
    keyboard = visitor.keyboard
    press_until(visitor, "Tab", "[data-kefu=composer]")
    keyboard.type("你好")
    keyboard.press("Enter")
    expect(said(visitor, "me")).to_have_attribute("data-state", "sent")
    expect(composer(visitor)).to_be_focused()
    press_until(visitor, "Shift+Tab", "[aria-haspopup=menu]")
    keyboard.press("Enter")
    press_until(visitor, "ArrowUp", "[role=menuitem]:last-child")
    keyboard.press("Enter")
    press_until(visitor, "Tab", "dialog [type=submit]")
    keyboard.press("Enter")
    expect(visitor.locator("[data-kefu=rating]")).to_be_visible()
    press_until(visitor, "Tab", "input[value='1']")
    for _ in range(4):
        keyboard.press("ArrowRight")
    expect(visitor.locator("input[value='5']")).to_be_checked()
    press_until(visitor, "Tab", "textarea")
    keyboard.type("谢谢")
    press_until(visitor, "Tab", "[data-kefu=rating] [type=submit]")
    keyboard.press("Enter")
    expect(visitor.locator("[data-kefu=rating]")).to_contain_text("谢谢")
    press_until(visitor, "Tab", "[data-kefu=rating] button:last-child")
    keyboard.press("Enter")
    expect(composer(visitor)).to_be_focused()


def press_until(page: Page, key: str, selector: str) -> None:
    """Press ``key`` until it leads there."""
    for _ in range(30):
        page.keyboard.press(key)
        if page.evaluate("(there) => document.activeElement.matches(there)", selector):
            return
    raise AssertionError(f"{key} does not lead to {selector}")


def test_a_chat_fits_a_small_phone(open_page: OpenPage, agent: Staff):
    visitor = opened(open_page(CHAT, viewport=PHONE))
    conversation = begin(visitor, agent, "https://shop.example/" + "a" * 300)
    agent.pick(conversation)
    agent.say(conversation, "长" * 300)
    expect(said(visitor, "team")).to_be_visible()
    composer(visitor).fill("长" * 300)
    expect(visitor.locator("[data-kefu=send]")).to_be_in_viewport()
    expect_no_sideways(visitor)
    end(visitor)
    expect_no_sideways(visitor)
    visitor.get_by_role("radio", name="不错").check()
    expect(visitor.locator("[data-kefu=rating] [type=submit]")).to_be_in_viewport()


def expect_no_sideways(page: Page) -> None:
    """Nothing is wider than its place, however far one scrolls."""
    for element in ("document.documentElement", "document.querySelector('.k-body')"):
        assert page.evaluate(f"{element}.scrollWidth - {element}.clientWidth") == 0


def test_no_field_is_so_small_that_a_phone_zooms_in_on_it(open_page: OpenPage):
    for path, field in (
        (CHAT, "[data-kefu=composer]"),
        ("/yonghu.html", "#name"),
        ("/direct.html", "#name"),
    ):
        page = open_page(path, viewport=PHONE, has_touch=True, is_mobile=True)
        look = page.locator(field).evaluate("one => getComputedStyle(one).fontSize")
        assert float(look.removesuffix("px")) >= 16


def test_who_waits_is_told_from_who_has_not_written_and_from_who_is_answered(
    visitor: Page, agent: Staff
):
    expect(visitor.locator("[data-kefu=queue]")).to_have_count(0)
    conversation = begin(visitor, agent)
    expect(visitor.locator("[data-kefu=queue]")).to_be_visible()
    expect(visitor.locator(".k-head h1")).to_have_text("正在等待客服")
    agent.pick(conversation)
    expect(visitor.locator(".k-head h1")).to_have_text("小美 Mei")
    expect(visitor.locator("[data-kefu=queue]")).to_have_count(0)


def test_the_place_in_the_queue_can_be_read_on_a_small_phone(open_page: OpenPage, agent: Staff):
    visitor = opened(open_page(CHAT, viewport=PHONE, locale="en"))
    begin(visitor, agent)
    place = visitor.locator("[data-kefu=queue] h2")
    expect(place).to_contain_text(re.compile(r"You are (no\. \d|next)"))
    expect(place).to_be_in_viewport()
    assert place.evaluate("one => one.scrollWidth - one.clientWidth") == 0


def test_a_chat_is_accessible_from_its_opening_to_its_end(visitor: Page, agent: Staff):
    expect_no_violations(visitor)
    conversation = begin(visitor, agent)
    expect_no_violations(visitor)
    agent.pick(conversation)
    agent.say(conversation, "在的。看 https://shop.example/")
    expect(said(visitor, "team")).to_be_visible()
    expect_no_violations(visitor)
    end(visitor)
    expect_no_violations(visitor)


def test_the_language_can_be_changed_in_the_middle_and_stays(visitor: Page, agent: Staff):
    begin(visitor, agent)
    speak(visitor, "en")
    expect(visitor.locator(".k-head h1")).to_have_text("Waiting for a person")
    expect(said(visitor, "me")).to_contain_text("Sent")
    expect(visitor.locator("html")).to_have_attribute("lang", "en")
    visitor.reload()
    expect(visitor.locator(".k-head h1")).to_have_text("Waiting for a person")
