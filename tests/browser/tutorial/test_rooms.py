"""The first tutorial's stories on its own pages, unmodified."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.tutorial.conftest import OpenTutorial
from tests.serving import KefuServer

KEFU = "http://localhost:3001/kefu.html"
YONGHU = "http://localhost:3001/yonghu.html"


def connect(page: Page, name: str) -> None:
    """Enter a name and press 连接."""
    page.fill("#inputUserName", name)
    page.get_by_role("button", name="连接").click()


def say(page: Page, text: str) -> None:
    page.fill("#sendText", text)
    page.get_by_role("button", name="发送").click()


def expect_lines(page: Page, *lines: tuple[str, str]) -> None:
    """Everything shown: (who, what), in order."""
    expect(page.locator("#neirong span")).to_have_text([who for who, _ in lines])
    expect(page.locator("#neirong p")).to_have_text([what for _, what in lines])


@pytest.fixture
def agent(open_tutorial: OpenTutorial) -> Page:
    page = open_tutorial(KEFU)
    connect(page, "小美")
    expect(page.locator("#liaotianshi")).to_be_visible()
    return page


@pytest.fixture
def visitor(agent: Page, open_tutorial: OpenTutorial) -> Page:
    page = open_tutorial(YONGHU)
    connect(page, "小明")
    expect(page.locator("#neirong")).to_contain_text("客服-小美-将为您服务")
    return page


def test_two_pages_talk(agent: Page, visitor: Page):
    say(visitor, "在吗？")
    expect(agent.locator("#neirong")).to_contain_text("在吗？")
    say(agent, "在的。")
    talk = [("小明", "在吗？"), ("小美", "在的。")]
    expect_lines(visitor, ("系统", "客服-小美-将为您服务"), *talk)
    expect_lines(agent, ("系统", "用户-小明-已进入房间"), *talk)
    expect(visitor.locator("#neirong p.text_align_right")).to_have_text(["在吗？"])


def test_the_agent_leaves(agent: Page, visitor: Page):
    agent.get_by_role("button", name="退出").click()
    # The page as listed shows "close" as a line of "code"; the tutorial's download acts on it.
    expect_lines(
        visitor,
        ("系统", "客服-小美-将为您服务"),
        ("系统", "客服-小美-已退出房间"),
        ("code", "close"),
    )
    expect(agent.locator("#shouye")).to_be_visible()


def test_the_visitor_leaves_and_the_next_one_comes(
    agent: Page, visitor: Page, open_tutorial: OpenTutorial
):
    visitor.get_by_role("button", name="退出").click()
    expect(agent.locator("#neirong")).to_contain_text("用户-小明-已退出房间")
    following = open_tutorial(YONGHU)
    connect(following, "小红")
    expect(following.locator("#neirong")).to_contain_text("客服-小美-将为您服务")
    expect(agent.locator("#neirong")).to_contain_text("用户-小红-已进入房间")


def test_no_agent_is_free(open_tutorial: OpenTutorial):
    page = open_tutorial(YONGHU)
    with page.expect_response("**/getroom?userName=*") as response:
        connect(page, "小明")
    assert response.value.json() == {"room": False}
    expect(page.locator("#shouye")).to_be_visible()


def test_a_taken_name_is_sent_back_to_the_first_page(agent: Page, open_tutorial: OpenTutorial):
    second = open_tutorial(KEFU)
    connect(second, "小美")
    expect(second.locator("#neirong")).to_contain_text("已在线")
    expect(second.locator("#shouye")).to_be_visible()
    expect(agent.locator("#liaotianshi")).to_be_visible()


def test_both_talk_again_after_a_restart(agent: Page, visitor: Page, server: KefuServer):
    server.restart()
    # The tutorial's pages do not reconnect: they show the first page, and people press 连接.
    for page in (agent, visitor):
        expect(page.locator("#shouye")).to_be_visible()
    connect(agent, "小美")
    expect(agent.locator("#liaotianshi")).to_be_visible()
    connect(visitor, "小明")
    expect(visitor.locator("#neirong")).to_contain_text("客服-小美-将为您服务")
    say(visitor, "又好了")
    expect(agent.locator("#neirong")).to_contain_text("又好了")


def test_everybody_on_the_demo_page_hears_what_anybody_sends(open_tutorial: OpenTutorial):
    pages = [open_tutorial("http://localhost:3001/demo.html") for _ in range(2)]
    for page in pages:
        page.get_by_role("button", name="打开服务").click()
        expect(page.locator("#board")).to_have_text("已连接")
    pages[0].fill("#sendText", "你好")
    pages[0].get_by_role("button", name="发送").click()
    for page in pages:
        expect(page.get_by_text("服务器你好服务器")).to_be_visible()
    pages[1].get_by_role("button", name="关闭服务").click()
    expect(pages[1].locator("#board")).to_have_text("已断开")
