"""The visitor's chat page: a visitor in the browser, an agent who answers by the REST API."""

from __future__ import annotations

import re
from collections.abc import Iterator
from io import BytesIO

import pytest
from PIL import Image
from playwright.sync_api import Page, WebSocketRoute, expect

from tests.browser.acts import expect_lines, heard, own_lines, say, write
from tests.browser.conftest import OpenPage
from tests.browser.desk import CHAT, Staff, conversation_of
from tests.browser.test_accessibility import expect_no_violations
from tests.outbound.test_letters import PAYLOADS
from tests.serving import KefuServer

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def the_agent(the_server: KefuServer) -> Iterator[Staff]:
    staff = Staff.of_demo(the_server)
    yield staff
    staff.close()


@pytest.fixture
def agent(server: KefuServer, the_agent: Staff) -> Staff:
    """An agent of the demo; the session outlives restarts of the server."""
    return the_agent


@pytest.fixture
def visitor(open_page: OpenPage, server: KefuServer) -> Page:
    """A visitor's page that nothing was said on yet."""
    return opened(open_page(CHAT))


def opened(page: Page) -> Page:
    expect(page.locator("main")).not_to_have_attribute("aria-busy", "true")
    return page


def begun(visitor: Page, text: str = "在吗？") -> int:
    """Say the first thing; the conversation that it began."""
    say(visitor, text)
    return conversation_of(visitor)


def end(visitor: Page) -> None:
    """End the chat, as one is asked whether one wants to."""
    visitor.click("#end")
    visitor.click("#ending-yes")


def test_a_visitor_and_an_agent_talk(visitor: Page, agent: Staff):
    expect(visitor.locator("#greeting")).to_contain_text("有什么可以帮您")
    conversation = begun(visitor)
    expect(visitor.locator("#status")).to_contain_text("位")
    agent.pick(conversation)
    expect(visitor.locator("#peer")).to_have_text("小美 Mei")
    agent.post(f"/conversations/{conversation}/typing")
    expect(visitor.locator("#typing")).to_have_text("小美 Mei 正在输入…")
    agent.say(conversation, "在的。")
    expect(visitor.locator("#typing")).to_be_empty()
    expect(own_lines(visitor).last).to_contain_text("已读")
    say(visitor, "谢谢")
    expect_lines(visitor, "您好！有什么可以帮您？", "在吗？", "小美 Mei 为您服务", "在的。", "谢谢")
    assert agent.texts(conversation) == ["在吗？", "在的。", "谢谢"]


def test_a_visitor_finds_the_conversation_again_after_a_reload(visitor: Page, agent: Staff):
    conversation = begun(visitor)
    visitor.fill("#draft", "还没写完")
    visitor.reload()
    expect(heard(visitor, "在吗？")).to_be_visible()
    expect(visitor.locator("#draft")).to_have_value("还没写完")
    agent.say(conversation, "在的。")
    expect(heard(visitor, "在的。")).to_be_visible()


def test_what_is_typed_while_the_server_is_dead_is_said_once_it_is_back(
    visitor: Page, agent: Staff, server: KefuServer
):
    conversation = begun(visitor)
    server.kill()
    expect(visitor.locator("#bar")).to_be_visible()
    write(visitor, "服务器不在的时候")
    write(visitor, "还有一句")
    expect(own_lines(visitor).last).to_have_attribute("data-delivery", "pending")
    server.start()
    expect(own_lines(visitor).last).to_have_attribute("data-delivery", "sent")
    expect(visitor.locator("#bar")).to_be_hidden()
    said = ["在吗？", "服务器不在的时候", "还有一句"]
    expect(own_lines(visitor).locator(".bubble")).to_have_text(said)
    assert agent.texts(conversation) == said


def test_a_first_message_without_an_answer_is_said_once_and_what_follows_goes_after_it(
    open_page: OpenPage, agent: Staff
):
    visitor = open_page("/")
    line = Line(visitor)
    visitor.goto(CHAT)
    line.deaf_after_sending = True
    write(opened(visitor), "第一句")
    write(visitor, "第二句")
    expect(own_lines(visitor)).to_have_count(2)
    line.wait_for_message()
    line.deaf_after_sending = False
    visitor.reload()
    expect(own_lines(visitor).locator(".bubble")).to_have_text(["第一句", "第二句"])
    expect(own_lines(visitor).last).to_have_attribute("data-delivery", "sent")
    assert agent.texts(conversation_of(visitor)) == ["第一句", "第二句"]


def test_a_message_without_an_answer_is_said_once(open_page: OpenPage, agent: Staff):
    visitor = open_page("/")
    line = Line(visitor)
    visitor.goto(CHAT)
    conversation = begun(opened(visitor))
    line.deaf_after_sending = True
    write(visitor, "收到了吗")
    line.wait_for_message()
    expect(own_lines(visitor).last).to_have_attribute("data-delivery", "pending")
    line.deaf_after_sending = False
    visitor.evaluate("dispatchEvent(new Event('offline'))")
    expect(own_lines(visitor).last).to_have_attribute("data-delivery", "sent")
    expect(heard(visitor, "收到了吗")).to_have_count(1)
    assert agent.texts(conversation) == ["在吗？", "收到了吗"]


class Line:
    """A page's connection, on which the server's answers can be lost."""

    def __init__(self, page: Page) -> None:
        self.deaf_after_sending = False
        self._said = 0
        self._page = page
        page.route_web_socket("**/api/v1/realtime", self._route)

    def wait_for_message(self) -> None:
        """Until the page has said something since nothing is heard."""
        while not self._said:
            self._page.wait_for_timeout(10)  # lets frames pass

    def _route(self, socket: WebSocketRoute) -> None:
        server = socket.connect_to_server()

        def to_server(frame: str | bytes) -> None:
            self._said += self.deaf_after_sending and "client_id" in str(frame)
            server.send(frame)

        def to_page(frame: str | bytes) -> None:
            if not (self.deaf_after_sending and self._said):
                socket.send(frame)

        socket.on_message(to_server)
        server.on_message(to_page)


def test_what_people_write_is_text(visitor: Page, agent: Staff):
    hostile = "<img src=x onerror=alert(1)><a href='javascript:alert(1)'>x</a> javascript:alert(1)"
    conversation = begun(visitor, hostile)
    card = {
        "type": "card",
        "title": "<b>Card</b>",
        "text": hostile,
        "buttons": [{"type": "link", "label": "<i>go</i>", "url": "https://a.example/"}],
    }
    agent.say(conversation, f"{hostile} https://b.example@evil.example/", blocks=[card])
    expect(visitor.locator(".card-block strong")).to_have_text("<b>Card</b>")
    expect(own_lines(visitor).locator(".bubble")).to_have_text(hostile)
    expect(visitor.locator(".line.team .bubble")).to_contain_text(hostile)
    assert visitor.locator("#lines img, #lines b, #lines i").count() == 0
    links = visitor.locator("#lines a")
    assert [link.get_attribute("href") for link in links.all()] == ["https://a.example/"]
    expect(links).to_have_attribute("rel", "noopener noreferrer nofollow")


def test_an_address_can_be_followed(visitor: Page, agent: Staff):
    conversation = begun(visitor)
    agent.say(conversation, "看这里：https://shop.example/订单?a=1。")
    link = visitor.locator(".line.team a")
    expect(link).to_have_text("https://shop.example/订单?a=1")
    expect(link).to_have_attribute("target", "_blank")


def test_a_message_of_the_team_is_drawn_as_markdown_and_ones_own_as_it_was_written(
    visitor: Page, agent: Staff
):
    text = "**Hello** 2*3*4\n\n1. `a`\n3. [b](https://shop.example/_x_/)\n\n> ~~c~~"
    conversation = begun(visitor, text)
    agent.say(conversation, text)
    said = visitor.locator(".line.team .bubble")
    expect(said.locator("strong")).to_have_text("Hello")
    expect(said.locator("p").first).to_have_text("Hello 2*3*4")
    expect(said.locator("li code")).to_have_text("a")
    grounds = [
        one.evaluate("one => getComputedStyle(one).backgroundColor")
        for one in (said, said.locator("li code"))
    ]
    assert grounds[0] != grounds[1] != "rgba(0, 0, 0, 0)"
    assert [item.evaluate("item => item.value") for item in said.locator("li").all()] == [1, 3]
    expect(said.locator("li a")).to_have_attribute("href", "https://shop.example/_x_/")
    expect(said.locator("blockquote s")).to_have_text("c")
    own = own_lines(visitor).locator(".bubble")
    expect(own).to_have_text(text, use_inner_text=True)
    expect(own.locator("strong, li, s, code")).to_have_count(0)


def test_no_payload_becomes_markup_on_the_page(visitor: Page, agent: Staff):
    conversation = begun(visitor)
    for payload in PAYLOADS:
        agent.say(conversation, payload)
    expect(visitor.locator(".line.team")).to_have_count(len(PAYLOADS))
    drawn = visitor.evaluate(
        """() => [...document.querySelectorAll(".line.team .bubble *")].flatMap(
             (one) => [one.localName, ...[...one.attributes].map(({ name }) => name)])"""
    )
    assert set(drawn) <= {"p", "br", "pre", "code", "a", "href", "target", "rel"}
    hrefs = visitor.evaluate('() => [...document.querySelectorAll("#lines a")].map((a) => a.href)')
    assert all(href.startswith(("https://good.example", "https://evil.example")) for href in hrefs)


def test_a_choice_is_said_with_one_press(visitor: Page, agent: Staff):
    conversation = begun(visitor)
    options = [{"label": "退货", "value": "我要退货"}, {"label": "换货", "value": "我要换货"}]
    agent.say(conversation, "您想？", blocks=[{"type": "quick_replies", "options": options}])
    choice = visitor.get_by_role("button", name="换货")
    choice.click()
    expect(own_lines(visitor).last).to_have_attribute("data-delivery", "sent")
    expect(own_lines(visitor).last.locator(".bubble")).to_have_text("换货")
    assert agent.texts(conversation) == ["在吗？", "您想？", "我要换货"]
    for _ in range(2):
        expect(choice).to_be_disabled()  # it was chosen, once
        expect(choice).to_have_attribute("aria-pressed", "true")
        expect(visitor.get_by_role("button", name="退货")).to_be_disabled()
        expect_no_violations(visitor)
        visitor.reload()
        opened(visitor)


@pytest.mark.parametrize(
    ("locale", "clock"),
    [("en-US", r"^\d{1,2}:\d\d\s[AP]M$"), ("en-GB", r"^\d\d:\d\d$"), ("zh-CN", r"^\d\d:\d\d$")],
)
def test_times_are_those_of_the_readers_country(locale: str, clock: str, open_page: OpenPage):
    visitor = opened(open_page(CHAT, locale=locale))
    begun(visitor)
    expect(own_lines(visitor).locator("time")).to_have_text(re.compile(clock))


def test_what_was_said_on_another_day_stands_under_its_date(open_page: OpenPage, agent: Staff):
    visitor = opened(open_page(CHAT, locale="en-GB"))
    conversation = begun(visitor)
    expect(visitor.locator(".line.date")).to_have_count(0)  # all of it is of today
    visitor.clock.set_fixed_time(visitor.evaluate("Date.now() / 1000 + 86_400"))
    agent.say(conversation, "在的。")
    expect(visitor.locator(".line.date")).to_have_text("Yesterday")
    visitor.click("button[data-language=zh-CN]")
    expect(visitor.locator(".line.date")).to_have_text("昨天")


def test_a_picture_that_is_not_shown_says_why(visitor: Page, agent: Staff):
    conversation = begun(visitor)
    heic = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic"
    large = BytesIO()
    Image.new("1", (8_000, 6_000)).save(large, "PNG")
    sent = (("IMG.HEIC", heic), ("big.png", large.getvalue()))
    files = [agent.upload(conversation, name, data) for name, data in sent]
    agent.say(conversation, "看", files=files)
    attached = visitor.locator(".attached > *")
    expect(attached).to_have_count(2)
    expect(attached.filter(has_text="big.png")).to_contain_text("像素太多，或已损坏")
    expect(attached.filter(has_text="IMG.HEIC")).to_contain_text("不能在这里显示")
    visitor.click("button[data-language=en]")
    expect(attached.filter(has_text="big.png")).to_contain_text("too many pixels")


def test_a_conversation_is_ended_rated_and_followed_by_another(visitor: Page, agent: Staff):
    conversation = begun(visitor)
    agent.pick(conversation)
    end(visitor)
    expect(visitor.locator("#over")).to_be_visible()
    expect(visitor.locator("#status")).to_have_text("对话已结束")
    expect(visitor.locator("#over").get_by_role("button")).to_have_count(1)
    visitor.locator("label.score", has_text="4").click()
    visitor.locator("#rate button").click()
    expect(visitor.locator("#rated")).to_contain_text("4 分")
    visitor.reload()
    expect(visitor.locator("#rated")).to_contain_text("4 分")
    visitor.click("#again")
    expect(visitor.locator("#lines")).to_be_empty()
    assert begun(visitor, "另一件事") != conversation


def test_an_end_is_asked_and_can_be_thought_better_of(visitor: Page):
    begun(visitor)
    visitor.click("#end")
    expect(visitor.locator("#ending")).to_contain_text("现在结束对话？")
    expect(visitor.locator("#ending-no")).to_be_focused()
    expect_no_violations(visitor)
    visitor.keyboard.press("Enter")  # held down too long
    expect(visitor.locator("#ending")).to_be_hidden()
    expect(visitor.locator("#end")).to_be_focused()
    say(visitor, "还没完")
    expect(visitor.locator("#over")).to_be_hidden()


def test_writing_goes_on_with_a_conversation_that_was_resolved(visitor: Page, agent: Staff):
    conversation = begun(visitor)
    agent.pick(conversation)
    agent.put(f"/conversations/{conversation}/status", status="resolved")
    expect(visitor.locator("#over")).to_be_visible()
    say(visitor, "还有一个问题")
    expect(visitor.locator("#over")).to_be_hidden()
    assert conversation_of(visitor) == conversation


def test_a_second_tab_shows_the_conversation_that_the_first_one_began(visitor: Page, agent: Staff):
    other = opened_beside(visitor)
    conversation = begun(visitor)
    expect(heard(other, "在吗？")).to_be_visible()
    agent.say(conversation, "在的。")
    for page in (visitor, other):
        expect(heard(page, "在的。")).to_be_visible()


def opened_beside(visitor: Page) -> Page:
    other = visitor.context.new_page()
    other.goto(CHAT)
    return opened(other)


def test_earlier_messages_are_fetched_when_asked_for(visitor: Page, agent: Staff):
    conversation = begun(visitor)
    for number in range(60):
        agent.say(conversation, f"第 {number} 条")
    visitor.reload()
    expect(heard(visitor, "第 59 条")).to_be_visible()
    expect(heard(visitor, "第 0 条")).to_have_count(0)
    visitor.click("#earlier")
    expect(heard(visitor, "第 0 条")).to_have_count(1)
    expect(visitor.locator("#earlier")).to_be_hidden()
    expect(visitor.locator(".bubble", has_text="第")).to_have_count(60)


def test_a_refused_message_says_so_and_can_be_taken_away(visitor: Page):
    begun(visitor)
    visitor.evaluate("() => { document.querySelector('#draft').maxLength = 20000 }")
    write(visitor, "长" * 10_001)
    failed = own_lines(visitor).last
    expect(failed).to_have_attribute("data-delivery", "failed")
    expect(failed).to_contain_text("没有发出：内容太长")
    expect(failed.get_by_role("button", name="重发")).to_have_count(0)  # it would be too long again
    failed.get_by_role("button", name="修改").click()
    expect(own_lines(visitor)).to_have_count(1)
    expect(visitor.locator("#draft")).to_have_value("长" * 10_001)
    write(visitor, "长" * 10_001)
    failed.get_by_role("button", name="删除").click()
    expect(own_lines(visitor)).to_have_count(1)
    expect(visitor.locator("#draft")).to_be_empty()


def test_a_chat_that_is_not_there_says_what_to_do(open_page: OpenPage):
    for path in ("/chat/wk_unknown", "/chat/%E4%B8%8D"):
        page = open_page(path, locale="en")
        expect(page.locator("#stopped")).to_contain_text("There is no such chat")
        expect(page.locator("#chat")).to_be_hidden()
        expect_no_violations(page)


def test_a_link_of_a_letter_that_has_expired_is_no_reason_not_to_chat(open_page: OpenPage):
    visitor = opened(open_page(f"{CHAT}#kl_{'a' * 43}"))
    assert visitor.evaluate("location.hash") == ""
    visitor.get_by_role("button", name="继续邮件中的对话").click()
    expect(visitor.locator("#notice")).to_contain_text("已失效")
    begun(visitor)


@pytest.mark.parametrize("fragment", ["kl_" + "a" * 30, "kl_", "kl_a%20b"])
def test_a_link_of_a_letter_that_is_damaged_is_told_and_opens_nothing_by_itself(
    fragment: str, open_page: OpenPage
):
    page = open_page(f"{CHAT}#{fragment}", locale="en", viewport={"width": 360, "height": 640})
    expect(page.locator("#damaged")).to_contain_text("press the link there")
    assert page.evaluate("location.href").endswith(CHAT)
    expect(page.locator("#chat")).to_be_hidden()
    expect_no_violations(page)
    page.get_by_role("button", name="Open the chat without it").click()
    begun(opened(page), "Hello")
    page.goto(f"{CHAT}#{fragment}")  # only what follows the # changed
    expect(page.locator("#damaged")).to_be_visible()


def test_a_link_with_something_behind_it_is_read(open_page: OpenPage):
    page = open_page(f"{CHAT}#kl_{'a' * 43}.", locale="en")
    expect(page.locator("#asking")).to_be_visible()
    assert page.evaluate("location.hash") == ""


def test_the_conversation_by_mail_says_why_not(visitor: Page, agent: Staff):
    begun(visitor)
    visitor.get_by_label("更多").click()
    visitor.get_by_role("button", name="把对话发到我的邮箱").click()
    expect(visitor.locator("#notice")).to_contain_text("不能发送")  # a demo sends no mail
    visitor.locator("#notice").get_by_role("button").click()
    expect(visitor.locator("#notice")).to_be_hidden()


def test_everything_can_be_done_by_keyboard(visitor: Page, agent: Staff):
    keyboard = visitor.keyboard
    press_until(visitor, "Tab", "#draft")
    keyboard.type("你好")
    keyboard.press("Enter")
    expect(own_lines(visitor)).to_have_attribute("data-delivery", "sent")
    expect(visitor.locator("#draft")).to_be_focused()
    agent.pick(conversation_of(visitor))
    press_until(visitor, "Shift+Tab", "#end")
    keyboard.press("Enter")
    press_until(visitor, "Tab", "#ending-yes")
    keyboard.press("Enter")
    press_until(visitor, "Tab", "input[value='1']")
    for _ in range(4):
        keyboard.press("ArrowRight")
    expect(visitor.locator("input[value='5']")).to_be_checked()
    press_until(visitor, "Tab", "#comment")
    keyboard.press("Enter")
    expect(visitor.locator("#rated")).to_contain_text("5 分")
    expect(visitor.locator("#again")).to_be_focused()
    keyboard.press("Enter")
    expect(visitor.locator("#draft")).to_be_focused()


def press_until(page: Page, key: str, selector: str) -> None:
    """Press ``key`` until it leads there."""
    for _ in range(30):
        page.keyboard.press(key)
        if page.evaluate("(there) => document.activeElement.matches(there)", selector):
            return
    raise AssertionError(f"{key} does not lead to {selector}")


def test_a_chat_fits_a_small_phone(open_page: OpenPage, agent: Staff):
    visitor = opened(open_page(CHAT, viewport={"width": 360, "height": 640}))
    conversation = begun(visitor, "https://shop.example/" + "a" * 300)
    agent.pick(conversation)
    agent.say(conversation, "长" * 300)
    expect(visitor.locator(".line.team")).to_be_visible()
    end(visitor)
    expect(visitor.locator("#over")).to_be_visible()
    for element in ("document.documentElement", "document.querySelector('#scroller')"):
        assert visitor.evaluate(f"{element}.scrollWidth - {element}.clientWidth") == 0
    expect(visitor.locator("#send")).to_be_in_viewport()


def test_no_field_is_so_small_that_a_phone_zooms_in_on_it(open_page: OpenPage):
    size = {"width": 360, "height": 640}
    for path, field in ((CHAT, "#draft"), ("/yonghu.html", "#name"), ("/direct.html", "#name")):
        page = open_page(path, viewport=size, has_touch=True, is_mobile=True)
        look = page.locator(field).evaluate("one => getComputedStyle(one).fontSize")
        assert float(look.removesuffix("px")) >= 16


def test_who_waits_is_told_from_who_has_not_written(visitor: Page, agent: Staff):
    script = "one => getComputedStyle(one, '::before').backgroundColor"
    dots = [visitor.locator("#status").evaluate(script)]
    conversation = begun(visitor)
    expect(visitor.locator("#status")).to_contain_text("位")
    dots.append(visitor.locator("#status").evaluate(script))
    agent.pick(conversation)
    expect(visitor.locator("#peer")).to_have_text("小美 Mei")
    dots.append(visitor.locator("#status").evaluate(script))
    assert len(set(dots)) == 3


def test_the_place_in_the_queue_can_be_read_on_a_small_phone(open_page: OpenPage):
    size = {"width": 360, "height": 640}
    visitor = opened(open_page(CHAT, viewport=size, locale="en"))
    begun(visitor)
    status = visitor.locator("#status")
    expect(status).to_contain_text("in the queue")
    assert status.evaluate("one => one.scrollWidth - one.clientWidth") == 0


def test_a_chat_is_accessible_from_its_opening_to_its_end(visitor: Page, agent: Staff):
    expect_no_violations(visitor)
    conversation = begun(visitor)
    agent.pick(conversation)
    agent.say(conversation, "在的。看 https://shop.example/")
    expect(visitor.locator(".line.team")).to_be_visible()
    expect_no_violations(visitor)
    end(visitor)
    expect(visitor.locator("#over")).to_be_visible()
    expect_no_violations(visitor)


def test_the_language_can_be_changed_in_the_middle(visitor: Page):
    begun(visitor)
    visitor.click("button[data-language=en]")
    expect(visitor.locator("#status")).to_contain_text("in the queue")
    expect(own_lines(visitor)).to_contain_text("Sent")
    expect(visitor.locator("#end")).to_have_text("End chat")
