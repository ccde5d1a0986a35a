"""The first tutorial's stories on Kefu's own agent and visitor pages."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.acts import expect_lines, go_online, heard, join, own_lines, say, write
from tests.browser.conftest import OpenPage
from tests.serving import KefuServer

Ghost = Callable[[str, str], Page]


@pytest.fixture
def agent(open_page: OpenPage) -> Page:
    """An agent who goes online."""
    page = open_page("/kefu.html")
    join(page, "小美")
    return page


@pytest.fixture
def visitor(agent: Page, open_page: OpenPage) -> Page:
    """A visitor who sits with the agent."""
    page = open_page("/yonghu.html")
    expect(agent.locator("#chat")).to_be_visible()
    join(page, "小明")
    expect(agent.locator("#peer")).to_have_text("小明")
    return page


@pytest.fixture
def ghost(open_page: OpenPage) -> Ghost:
    """``ghost(role, name)``: a socket under that name, as a lost connection leaves it behind."""

    def ghost(role: str, name: str) -> Page:
        page = open_page("/")
        page.evaluate(
            """([role, name]) => new Promise((taken) => {
                ghost = new WebSocket(`ws://${location.host}/?type=${role}&name=${name}`);
                ghost.onopen = taken;
            })""",
            [role, name],
        )
        return page

    return ghost


def test_an_agent_and_a_visitor_talk(agent: Page, visitor: Page):
    say(visitor, "在吗？")
    say(agent, "在的。")
    say(agent, "请讲。")
    expect_lines(visitor, "客服-小美-将为您服务", "在吗？", "在的。", "请讲。")
    expect_lines(agent, "用户-小明-已进入房间", "在吗？", "在的。", "请讲。")


def test_text_is_shown_as_it_was_typed(agent: Page, visitor: Page):
    text = "<img src=x onerror=alert(1)> & \"'  two  spaces\nnext line 👩‍👩‍👧 " + "长" * 300
    say(visitor, text)
    expect(agent.locator(".line.peer .bubble")).to_have_text(text, use_inner_text=True)
    assert agent.locator(".log img").count() == 0
    assert agent.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_the_agent_leaves_and_the_visitor_finds_another(
    agent: Page, visitor: Page, open_page: OpenPage
):
    agent.click("#leave")
    expect(visitor.locator("#over")).to_be_visible()
    expect(heard(visitor, "客服-小美-已退出房间")).to_be_visible()
    expect(visitor.locator("#draft")).to_be_hidden()
    expect(visitor.locator("#again")).to_be_focused()
    other = open_page("/kefu.html")
    go_online(other, "小芳")
    visitor.click("#again")
    expect(visitor.locator("#peer")).to_have_text("小芳")
    say(visitor, "我回来了")
    expect(heard(other, "我回来了")).to_be_visible()


def test_the_visitor_leaves_and_the_room_is_free(agent: Page, visitor: Page, open_page: OpenPage):
    visitor.click("#leave")
    expect(heard(agent, "用户-小明-已退出房间")).to_be_visible()
    expect(agent.locator("#status")).to_have_text("正在等待用户")
    following = open_page("/yonghu.html")
    join(following, "小红")
    expect(agent.locator("#peer")).to_have_text("小红")


def test_no_agent_is_free_and_the_visitor_leaves_a_message(open_page: OpenPage):
    visitor = open_page("/yonghu.html")
    join(visitor, "小明")
    expect(visitor.locator("#none")).to_contain_text("暂无客服")
    expect(visitor.locator("#wait")).to_be_focused()
    visitor.press("#wait", "Enter")
    expect(heard(visitor, "暂无客服，请稍后再试")).to_be_visible()
    say(visitor, "有空请联系我")
    agent = open_page("/kefu.html")
    go_online(agent, "小美")
    expect(heard(agent, "有空请联系我")).to_be_visible()
    expect(visitor.locator("#peer")).to_have_text("小美")
    say(agent, "我来了")
    expect(heard(visitor, "我来了")).to_be_visible()


def test_a_visitor_tries_again_until_an_agent_is_there(open_page: OpenPage):
    visitor = open_page("/yonghu.html")
    join(visitor, "小明")
    expect(visitor.locator("#none")).to_be_visible()
    go_online(open_page("/kefu.html"), "小美")
    visitor.click("#retry")
    expect(visitor.locator("#peer")).to_have_text("小美")


def test_a_taken_name_is_refused_at_the_name(agent: Page, open_page: OpenPage):
    second = open_page("/kefu.html")
    expect(agent.locator("#chat")).to_be_visible()
    join(second, " 小美 ")
    expect(second.locator("#error")).to_contain_text("已在线")
    expect(second.locator("#name")).to_be_focused()
    go_online(second, "小芳")
    expect(agent.locator("#chat")).to_be_visible()


def test_a_taken_visitors_name_is_refused_at_the_name(visitor: Page, open_page: OpenPage):
    second = open_page("/yonghu.html")
    join(second, "小明")
    expect(second.locator("#error")).to_contain_text("已在线")
    expect(second.locator("#name")).to_be_focused()
    expect(second.locator("#none")).to_be_hidden()
    say(visitor, "还是我")


@pytest.mark.parametrize("page", ["/kefu.html", "/yonghu.html"])
def test_a_reserved_name_is_refused_with_the_reason(page: str, open_page: OpenPage):
    somebody = open_page(page)
    join(somebody, "系统")
    expect(somebody.locator("#error")).to_contain_text("保留")


def test_both_come_back_when_the_server_restarts(agent: Page, visitor: Page, server: KefuServer):
    say(visitor, "重启之前")
    server.stop()
    expect(agent.locator("#bar")).to_be_visible()
    expect(visitor.locator("#bar")).to_be_visible()
    expect(agent.locator("#send")).to_be_disabled()
    server.start()
    expect(visitor.locator("#peer")).to_have_text("小美")
    expect(agent.locator("#peer")).to_have_text("小明")
    expect(agent.locator("#bar")).to_be_hidden()
    say(visitor, "重启之后")
    expect(heard(agent, "重启之后")).to_be_visible()
    expect(heard(agent, "重启之前")).to_be_visible()


def test_both_come_back_when_the_server_is_killed(agent: Page, visitor: Page, server: KefuServer):
    server.kill()
    expect(agent.locator("#bar")).to_be_visible()
    server.start()
    expect(visitor.locator("#peer")).to_have_text("小美")
    say(agent, "还在")
    expect(heard(visitor, "还在")).to_be_visible()


def test_a_line_without_an_echo_is_said_again_only_by_its_author(agent: Page, visitor: Page):
    # The network swallows the line; then the browser notices that the network is gone.
    visitor.evaluate("() => { WebSocket.prototype.realSend = WebSocket.prototype.send }")
    visitor.evaluate("() => { WebSocket.prototype.send = () => {} }")
    write(visitor, "收到了吗")
    expect(own_lines(visitor)).to_have_attribute("data-delivery", "pending")
    visitor.evaluate("dispatchEvent(new Event('offline'))")
    expect(own_lines(visitor)).to_have_attribute("data-delivery", "failed")
    visitor.evaluate("() => { WebSocket.prototype.send = WebSocket.prototype.realSend }")
    expect(visitor.locator("#peer")).to_have_text("小美")
    expect(own_lines(visitor)).to_have_attribute("data-delivery", "failed")
    own_lines(visitor).get_by_role("button").click()
    expect(own_lines(visitor)).to_have_attribute("data-delivery", "sent")
    expect(heard(agent, "收到了吗")).to_have_count(1)


def test_a_lost_network_is_noticed_and_mended(agent: Page, visitor: Page):
    visitor.context.set_offline(True)
    expect(visitor.locator("#bar")).to_be_visible()
    expect(heard(agent, "用户-小明-已退出房间")).to_be_visible()
    visitor.context.set_offline(False)
    expect(visitor.locator("#bar")).to_be_hidden()
    say(visitor, "又好了")
    expect(heard(agent, "又好了")).to_be_visible()


def test_an_agent_gets_the_name_back_from_its_own_ghost(agent: Page, visitor: Page, ghost: Ghost):
    agent.context.set_offline(True)
    expect(visitor.locator("#over")).to_be_visible()
    come_back_after(ghost("kefu", "小美"), agent)
    visitor.click("#again")
    expect(agent.locator("#peer")).to_have_text("小明")


def test_a_visitor_gets_the_name_back_from_its_own_ghost(agent: Page, visitor: Page, ghost: Ghost):
    visitor.context.set_offline(True)
    expect(heard(agent, "用户-小明-已退出房间")).to_be_visible()
    with visitor.expect_response("**/getroom?*") as asked:
        come_back_after(ghost("yonghu", "小明"), visitor)
    assert asked.value.status == 409
    expect(visitor.locator("#peer")).to_have_text("小美")


def come_back_after(ghost: Page, page: Page) -> None:
    """``page`` has its network again, is refused its name, and gets it when ``ghost`` is gone."""
    with page.expect_websocket() as refused:
        page.context.set_offline(False)
    if not refused.value.is_closed():
        refused.value.wait_for_event("close")
    expect(page.locator("#bar")).to_be_visible()
    ghost.evaluate("() => ghost.close()")
    expect(page.locator("#bar")).to_be_hidden()


def test_enter_sends_and_shift_enter_makes_a_new_line(agent: Page, visitor: Page):
    visitor.locator("#draft").press_sequentially("一")
    visitor.press("#draft", "Shift+Enter")
    visitor.locator("#draft").press_sequentially("二")
    visitor.press("#draft", "Enter")
    expect(heard(agent, "一\n二")).to_be_visible()
    visitor.press("#draft", "Enter")
    expect(own_lines(visitor)).to_have_count(1)


def test_enter_that_chooses_a_word_does_not_send(visitor: Page):
    visitor.fill("#draft", "ni hao")
    press = "new KeyboardEvent('keydown', {key: 'Enter', isComposing: true, bubbles: true})"
    visitor.evaluate(f"document.querySelector('#draft').dispatchEvent({press})")
    expect(visitor.locator("#draft")).to_have_value("ni hao")


def test_a_draft_and_the_name_survive_a_reload(visitor: Page):
    visitor.fill("#draft", "还没写完")
    visitor.reload()
    expect(visitor.locator("#name")).to_have_value("小明")
    join(visitor, "小明")
    expect(visitor.locator("#draft")).to_have_value("还没写完")


def test_the_agent_cannot_talk_to_an_empty_room(agent: Page):
    expect(agent.locator("#empty")).to_contain_text("正在等待用户")
    agent.fill("#draft", "有人吗")
    expect(agent.locator("#send")).to_be_disabled()
    agent.press("#draft", "Enter")
    expect(agent.locator("#draft")).to_have_value("有人吗")


def test_the_language_can_be_changed_in_the_middle(agent: Page, visitor: Page):
    say(visitor, "您好")
    visitor.click("button[data-language=en]")
    expect_lines(visitor, "Agent 小美 is here for you", "您好")
    expect(own_lines(visitor)).to_contain_text("Sent")
    expect(visitor.locator("#leave")).to_have_text("End chat")
    visitor.reload()
    expect(visitor.locator("#enter")).to_have_text("Start")
