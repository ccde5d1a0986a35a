"""The chat page while the server is put back to a backup, and what becomes of what is not sent."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, WebSocketRoute, expect

from tests.browser.acts import expect_lines, heard, own_lines, say, write
from tests.browser.conftest import OpenPage
from tests.browser.desk import CHAT, Staff, conversation_of
from tests.browser.test_accessibility import expect_no_violations
from tests.databases import back_up_file
from tests.serving import KefuServer

pytestmark = pytest.mark.browser

GREETING = "您好！有什么可以帮您？"
SINCE = [f"之后 {n}" for n in range(1, 6)]


@pytest.fixture
def agent(server: KefuServer) -> Iterator[Staff]:
    """An agent of the demo, signed in before any backup."""
    staff = Staff.of_demo(server)
    yield staff
    staff.close()


@pytest.fixture
def backed_up(server: KefuServer, tmp_path: Path) -> Callable[[], Callable[[], None]]:
    """``put_back = backed_up()``, and later ``put_back()``: stop, put the backup back, start."""

    def keep() -> Callable[[], None]:
        put_back = back_up_file(server.data_dir / "kefu.db", tmp_path / "backup.db")

        def restore() -> None:
            server.stop()
            put_back()
            server.start()

        return restore

    return keep


class Gate:
    """A page's way to the server, which can be shut."""

    def __init__(self, page: Page) -> None:
        self.is_shut = False
        self._open: list[WebSocketRoute] = []
        page.route_web_socket("**/api/v1/realtime", self._route)
        self._page = page

    def shut(self) -> None:
        self.is_shut = True
        for socket in self._open:
            socket.close()
        self._open.clear()
        expect(self._page.locator("#bar")).to_be_visible()

    def open(self) -> None:
        self.is_shut = False
        self._page.evaluate("dispatchEvent(new Event('online'))")

    def _route(self, socket: WebSocketRoute) -> None:
        if self.is_shut:
            socket.close()
        else:
            self._open.append(socket)
            socket.connect_to_server()


@pytest.fixture
def gated(open_page: OpenPage) -> tuple[Page, Gate]:
    """A visitor's page that nothing was said on yet."""
    page = open_page("/")
    gate = Gate(page)
    page.goto(CHAT)
    expect(page.locator("main")).not_to_have_attribute("aria-busy", "true")
    return page, gate


def test_a_restored_backup_is_noticed_by_an_open_page(gated, backed_up, agent: Staff):
    visitor, gate = gated
    say(visitor, "在吗？")
    id = conversation_of(visitor)
    agent.pick(id)
    agent.say(id, "在的。")
    expect(heard(visitor, "在的。")).to_be_visible()
    put_back = backed_up()
    for number in range(1, 4):
        agent.say(id, f"丢失 {number}")
    expect(heard(visitor, "丢失 3")).to_be_visible()
    gate.shut()
    put_back()
    for text in SINCE:
        agent.say(id, text)
    gate.open()
    expect(visitor.locator("#lost")).to_contain_text("可能丢失")
    expect_lines(visitor, GREETING, "在吗？", "小美 Mei 为您服务", "在的。", *SINCE)
    visitor.click("button[data-language=en]")
    expect(visitor.locator("#lost")).to_contain_text("may be lost")
    say(visitor, "明白")
    assert agent.texts(id) == ["在吗？", "在的。", *SINCE, "明白"]


def test_a_visitors_own_words_that_were_lost_stay_until_they_are_sent_again_or_dropped(
    gated, backed_up, agent: Staff
):
    visitor, gate = gated
    say(visitor, "在吗？")
    id = conversation_of(visitor)
    agent.pick(id)
    expect(visitor.locator("#peer")).to_have_text("小美 Mei")
    put_back = backed_up()
    say(visitor, "丢失一")
    say(visitor, "丢失二")
    gate.shut()
    visitor.reload()  # it does not hear of the restore: what it knows is what the browser kept
    put_back()
    agent.say(id, "之后")
    gate.open()
    begun = [GREETING, "在吗？", "小美 Mei 为您服务"]
    lines = [*begun, "丢失一", "丢失二", "之后"]
    expect_lines(visitor, *lines)
    expect(visitor.locator("[data-delivery=lost]")).to_have_count(2)
    visitor.reload()
    expect_lines(visitor, *lines)
    assert agent.texts(id) == ["在吗？", "之后"]  # nothing is said by itself
    lost = own_lines(visitor).filter(has_text="丢失二")
    expect(lost).to_contain_text("已丢失")
    expect_no_violations(visitor)
    lost.get_by_role("button", name="再发一次").click()
    expect(lost).to_have_attribute("data-delivery", "sent")
    own_lines(visitor).filter(has_text="丢失一").get_by_role("button", name="删除").click()
    expect_lines(visitor, *begun, "之后", "丢失二")
    visitor.reload()
    expect_lines(visitor, *begun, "之后", "丢失二")
    assert agent.texts(id) == ["在吗？", "之后", "丢失二"]


def test_the_notice_of_a_loss_stays_over_a_reload_until_it_is_closed(
    gated, backed_up, agent: Staff
):
    visitor, gate = gated
    say(visitor, "在吗？")
    id = conversation_of(visitor)
    put_back = backed_up()
    agent.say(id, "丢失")
    expect(heard(visitor, "丢失")).to_be_visible()
    gate.shut()
    put_back()
    gate.open()
    notice = visitor.locator("#lost")
    expect(notice).to_be_visible()
    visitor.reload()
    expect(notice).to_contain_text("可能丢失")
    notice.get_by_role("button", name="关闭").click()
    expect(notice).to_be_hidden()
    visitor.reload()
    expect(heard(visitor, "在吗？")).to_be_visible()
    expect(notice).to_be_hidden()


def test_a_page_of_what_was_in_the_backup_goes_on_and_says_nothing(gated, backed_up, agent: Staff):
    visitor, gate = gated
    say(visitor, "在吗？")
    id = conversation_of(visitor)
    agent.pick(id)
    expect(visitor.locator("#peer")).to_have_text("小美 Mei")
    put_back = backed_up()
    gate.shut()
    agent.say(id, "丢失")
    put_back()
    for text in SINCE:
        agent.say(id, text)
    gate.open()
    expect_lines(visitor, GREETING, "在吗？", "小美 Mei 为您服务", *SINCE)
    expect(visitor.locator("#lost")).to_be_hidden()


def test_what_was_not_sent_to_a_lost_conversation_begins_another(
    gated, backed_up, open_page: OpenPage, agent: Staff
):
    visitor, gate = gated
    put_back = backed_up()
    say(visitor, "丢失")
    lost = conversation_of(visitor)
    gate.shut()
    write(visitor, "还在吗")
    write(visitor, "喂")
    put_back()
    other = open_page(CHAT)
    expect(other.locator("main")).not_to_have_attribute("aria-busy", "true")
    say(other, "我是别人")
    assert conversation_of(other) == lost  # the number is given again
    gate.open()
    expect(visitor.locator("#lost")).to_contain_text("不在了")
    expect(own_lines(visitor).last).to_have_attribute("data-delivery", "sent")
    expect_lines(visitor, GREETING, "丢失", "还在吗", "喂")
    expect(own_lines(visitor).first).to_have_attribute("data-delivery", "lost")
    assert conversation_of(visitor) != lost
    assert agent.texts(conversation_of(visitor)) == ["还在吗", "喂"]
    assert agent.texts(lost) == ["我是别人"]


def test_unsent_messages_keep_their_order_though_the_clock_is_put_back(gated, agent: Staff):
    visitor, gate = gated
    say(visitor, "在吗？")
    id = conversation_of(visitor)
    gate.shut()
    write(visitor, "第一句")
    expect(own_lines(visitor)).to_have_count(2)
    visitor.clock.set_fixed_time(visitor.evaluate("Date.now() / 1000 - 3_600"))
    write(visitor, "第二句")
    expect(own_lines(visitor)).to_have_count(3)
    gate.is_shut = False
    visitor.reload()
    expect_lines(visitor, GREETING, "在吗？", "第一句", "第二句")
    expect(own_lines(visitor).last).to_have_attribute("data-delivery", "sent")
    assert agent.texts(id) == ["在吗？", "第一句", "第二句"]
