"""One-time links in the browser, as an operator and their team use them; what an inbox can ask."""

from __future__ import annotations

import hashlib
import json
import re
import secrets
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any, Literal

import pytest
from playwright.sync_api import Page, expect

from tests.browser.acts import expect_lines, heard, own_lines, say, write
from tests.browser.conftest import OpenPage
from tests.browser.desk import Staff, conversation_of
from tests.browser.test_accessibility import expect_no_violations
from tests.configured import ConfiguredServer

pytestmark = pytest.mark.browser

EMAIL, PASSWORD = "an@shop.example", "boats at noon"
NEVER = {"time_zone": "Asia/Shanghai", "week": [[]] * 7}


class Production(ConfiguredServer):
    """``kefu serve``, new."""

    @property
    def setup_link(self) -> str:
        """What it printed for the operator."""
        found = re.search(r"http\S+/setup#kl_[\w-]+", self.log)
        assert found, self.log
        return found[0]


@pytest.fixture(scope="module")
def production(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Production]:
    mail = {
        "host": "127.0.0.1",
        "port": 9,
        "from_address": "help@shop.example",
    }  # nobody takes letters
    with Production(tmp_path_factory.mktemp("serve") / "data", mail=mail) as server:
        yield server


@pytest.fixture(scope="module")
def admin(production: Production) -> Iterator[Staff]:
    """The admin of ``production``."""
    staff = Staff.accepting(production.setup_link, name="An", email=EMAIL, password=PASSWORD)
    yield staff
    staff.close()


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


def new_inbox(admin: Staff, **settings: Any) -> str:
    """The address of the chat of a new inbox with these settings."""
    name = f"Shop {secrets.token_hex(3)}"
    key = admin.post("/inboxes", name=name, settings=settings)["widget_key"]
    return f"/chat/{key}"


FORM = {
    "type": "form",
    "title": "请先告诉我们",
    "fields": [
        {"name": "name", "label": "怎么称呼您？", "required": True},
        {"name": "mail", "label": "邮箱", "type": "email"},
        {
            "name": "topic",
            "label": "<b>主题</b>",
            "type": "select",
            "options": [{"label": "订单", "value": "order"}, {"label": "其他", "value": "other"}],
        },
        {"name": "agreed", "label": "同意条款", "type": "checkbox", "required": True},
    ],
}


def test_no_field_of_a_form_is_so_small_that_a_phone_zooms_in_on_it(
    production: Production, admin: Staff, open_page: OpenPage
):
    page = open_page(
        production.base_url + new_inbox(admin, prechat=FORM), has_touch=True, is_mobile=True
    )
    expect(page.locator("#begin")).to_be_visible()
    for field in (
        page.locator("#begin").locator("input:not([type=checkbox]), select, textarea").all()
    ):
        assert field.evaluate("one => getComputedStyle(one).fontSize") == "16px"


def test_an_inbox_asks_before_the_chat(production: Production, admin: Staff, open_page: OpenPage):
    chat = new_inbox(admin, prechat=FORM, greeting="欢迎来到 https://shop.example/ !")
    page = open_page(production.base_url + chat)
    expect(page.locator("#begin")).to_be_visible()
    expect(page.locator("#composer")).to_be_hidden()
    expect(page.locator("#greeting a")).to_have_attribute("href", "https://shop.example/")
    expect_no_violations(page)
    page.click("#begin-go")
    expect(page.locator("#field-name-fault")).to_have_text("请填写这一项。")
    expect(page.locator("#field-agreed-fault")).to_have_text("请勾选后再继续。")
    expect(page.locator("#field-name")).to_be_focused()
    expect_no_violations(page)
    page.get_by_label("怎么称呼您？").fill("李雷")
    page.get_by_label("邮箱").fill("li@shop..example")
    page.get_by_label("<b>主题</b>").select_option("订单")
    page.get_by_label("同意条款").check()
    page.get_by_label("您的问题").fill("订单到哪了？")
    page.click("#begin-go")
    expect(page.locator("#field-mail-fault")).to_contain_text("请检查这一项")
    expect(page.get_by_label("您的问题")).to_have_value("订单到哪了？")
    page.get_by_label("邮箱").fill("li@shop.example")
    page.click("#begin-go")
    expect(own_lines(page)).to_have_attribute("data-delivery", "sent")
    expect(own_lines(page).locator(".bubble")).to_have_text("订单到哪了？")
    expect(page.locator("#begin")).to_be_hidden()
    conversation = conversation_of(page, chat.rpartition("/")[2])
    first = admin.get(f"/conversations/{conversation}/messages")["items"][-1]
    assert first["answers"] == {
        "name": "李雷",
        "mail": "li@shop.example",
        "topic": "order",
        "agreed": True,
    }


def test_outside_the_hours_an_address_is_asked_for(
    production: Production, admin: Staff, open_page: OpenPage
):
    page = open_page(production.base_url + new_inbox(admin, hours=NEVER, offline="form"))
    expect(page.locator("#hours")).to_contain_text("请留下邮箱和问题")
    expect(page.locator("#status")).to_have_text("现在不在服务时间")
    expect_no_violations(page)
    page.get_by_label("邮箱").fill("li@shop.example")
    page.get_by_label("您的问题").fill("什么时候开门？")
    page.click("#begin-go")
    expect(heard(page, "什么时候开门？")).to_be_visible()
    expect(page.locator("#composer")).to_be_visible()


def test_an_inbox_that_asks_for_consent_has_a_box_for_it(
    production: Production, admin: Staff, open_page: OpenPage
):
    asked = {"privacy_page": "https://shop.example/privacy", "text": {"zh-CN": "我同意保存。"}}
    chat = new_inbox(admin, consent=asked)
    page = open_page(production.base_url + chat)
    expect(page.locator("#begin")).to_be_visible()
    expect(page.locator("#composer")).to_be_hidden()
    expect(page.get_by_role("link", name="隐私说明")).to_have_attribute(
        "href", "https://shop.example/privacy"
    )
    expect_no_violations(page)
    page.get_by_label("您的问题").fill("在吗？")
    page.click("#begin-go")
    expect(page.locator("#field--consent-fault")).to_have_text("请勾选后再继续。")
    page.get_by_label("我同意保存。").check()
    page.click("#begin-go")
    expect(own_lines(page)).to_have_attribute("data-delivery", "sent")
    conversation = conversation_of(page, chat.rpartition("/")[2])
    contact = admin.get(f"/conversations/{conversation}")["contact"]["id"]
    assert admin.get(f"/contacts/{contact}")["consented_at"]
    admin.put(f"/conversations/{conversation}/status", status="resolved")
    page.click("#again")
    say(page, "还有一个问题")  # it was said once
    expect(own_lines(page).last).to_have_attribute("data-delivery", "sent")


def test_consent_is_asked_for_beside_a_form_in_the_words_of_the_pages_language(
    production: Production, admin: Staff, open_page: OpenPage
):
    chat = new_inbox(admin, prechat=FORM, consent={"text": {"zh-CN": "我同意保存。"}})
    page = open_page(production.base_url + chat, locale="en")
    page.get_by_label("怎么称呼您？").fill("Li")
    page.get_by_label("同意条款").check()
    expect(page.locator("#begin a")).to_have_count(0)
    page.get_by_label("I agree that what I write here is kept").check()
    page.click("#begin-go")
    expect(page.locator("#begin")).to_be_hidden()
    expect(page.locator("#composer")).to_be_visible()


def test_consent_that_the_server_does_not_know_of_is_asked_for_again(
    production: Production, admin: Staff, open_page: OpenPage
):
    chat = new_inbox(admin, consent={})
    page = open_page(production.base_url + chat)
    page.evaluate(
        "key => localStorage.setItem(key, 'yes')", f"kefu.consented.{chat.rpartition('/')[2]}"
    )
    page.reload()
    write(page, "在吗？")
    expect(page.locator("#field--consent-fault")).to_have_text("请勾选后再继续。")
    expect(page.get_by_label("您的问题")).to_have_value("在吗？")
    page.get_by_label("我同意").check()
    page.click("#begin-go")
    expect(own_lines(page)).to_have_attribute("data-delivery", "sent")


def test_an_inbox_that_begins_none_outside_its_hours_says_so(
    production: Production, admin: Staff, open_page: OpenPage
):
    page = open_page(production.base_url + new_inbox(admin, hours=NEVER, offline="closed"))
    expect(page.locator("#hours")).to_contain_text("暂时不能开始新的对话")
    expect(page.locator("#composer")).to_be_hidden()
    page.click("button[data-language=en]")
    expect(page.locator("#hours")).to_contain_text("no new conversation can begin")


def test_an_inbox_for_known_customers_sends_others_to_the_site(
    production: Production, admin: Staff, open_page: OpenPage
):
    page = open_page(production.base_url + new_inbox(admin, identity_required=True))
    expect(page.locator("#stopped")).to_contain_text("请从网站里打开聊天")


def test_a_letter_without_a_link_is_not_said_to_have_one(
    production: Production, admin: Staff, open_page: OpenPage
):
    """The server does not know by which address browsers reach it."""
    chat = new_inbox(admin, hours=NEVER, offline="form")
    page = open_page(production.base_url + chat)
    page.get_by_label("邮箱").fill("li@shop.example")
    page.get_by_label("您的问题").fill("什么时候开门？")
    page.click("#begin-go")
    expect(own_lines(page)).to_have_attribute("data-delivery", "sent")
    admin.say(conversation_of(page, chat.rpartition("/")[2]), "九点")
    expect(heard(page, "九点")).to_be_visible()
    page.click("#menu summary")
    page.click("#menu-letter")
    expect(page.locator("#notice-about")).to_have_text("已发往 li@shop.example。")


def test_a_letters_link_continues_the_conversation_in_another_browser(
    production: Production, admin: Staff, open_page: OpenPage
):
    chat = new_inbox(admin)
    first, other = (open_page(production.base_url + chat) for _ in range(2))
    say(first, "在吗？")
    say(other, "我是别人")  # so that the link is another visitor's than this browser's
    other.fill("#draft", "只给自己看")
    widget = chat.rpartition("/")[2]
    conversation = conversation_of(first, widget)
    link = letters_link(production, conversation)
    other.goto(f"{production.base_url}{chat}#{link}")
    expect(other.locator("#asking")).to_be_visible()  # it may be anybody's letter
    assert "#" not in other.url
    other.locator("#asking-yes").click()
    expect(heard(other, "在吗？")).to_be_visible()
    expect(other.locator("#draft")).to_be_empty()  # whoever got the letter reads what is said here
    say(other, "换了一台电脑")
    expect(heard(first, "换了一台电脑")).to_be_visible()
    other.reload()
    expect_lines(other, "您好！有什么可以帮您？", "在吗？", "换了一台电脑")
    other.locator("#aside-back").click()  # what was this browser's own is there again
    expect_lines(other, "您好！有什么可以帮您？", "我是别人")
    expect(other.locator("#draft")).to_have_value("只给自己看")
    third = open_page(f"{production.base_url}{chat}#{link}")
    third.locator("#asking-yes").click()
    expect(third.locator("#notice")).to_contain_text("另一个浏览器")


def test_a_visitor_sees_the_browsers_that_read_their_chat_and_removes_one(
    production: Production, admin: Staff, open_page: OpenPage
):
    chat = new_inbox(admin)
    size = {"width": 360, "height": 640}
    first = open_page(production.base_url + chat, locale="en", viewport=size)
    say(first, "Hello")
    link = letters_link(production, conversation_of(first, chat.rpartition("/")[2]))
    other = open_page(production.base_url + chat, locale="en")
    say(other, "My own")
    other.goto(f"{production.base_url}{chat}#{link}")
    other.locator("#asking-yes").click()
    expect(heard(other, "Hello")).to_be_visible()
    expect(other.locator("#aside-about")).to_be_visible()
    first.get_by_label("More").click()
    expect_no_violations(first)
    first.get_by_role("button", name="Browsers that can read it").click()
    rows = first.locator("#device-list li")
    expect(rows).to_have_count(2)
    expect(rows.first).to_contain_text("This browser")
    expect(rows.first.get_by_role("button")).to_have_count(0)
    expect(rows.last).to_contain_text("Opened with a letter's link")
    expect_no_violations(first)
    rows.last.get_by_role("button", name="Remove").click()
    expect_no_violations(first)
    rows.last.get_by_role("button", name="Keep").click()
    rows.last.get_by_role("button", name="Remove").click()
    rows.last.get_by_role("button", name="Yes, remove").click()
    expect(rows).to_have_count(1)
    expect(other.locator("#lost")).to_contain_text("This browser was removed")
    expect(other.locator("#aside-about")).to_be_hidden()
    expect(other.locator("#lines")).to_be_empty()
    other.reload()
    expect(other.locator("main")).not_to_have_attribute("aria-busy", "true")
    expect(other.locator("#lines")).to_be_empty()
    other.locator("#aside-back").click()
    expect(heard(other, "My own")).to_be_visible()
    expect(other.locator("#lost")).to_be_hidden()
    first.keyboard.press("Escape")
    expect(first.locator("#devices")).to_be_hidden()
    say(first, "Still here")


def test_lost_words_to_a_chat_that_asks_first_come_back_into_its_form(
    production: Production, admin: Staff, open_page: OpenPage
):
    chat = new_inbox(admin, prechat=FORM)
    widget = chat.rpartition("/")[2]
    page = open_page(production.base_url + chat)
    lost: dict[str, Any] = {"client_id": "c1", "text": "丢失", "at": "2026-01-01T00:00:00Z"}
    lost |= {"delivery": "lost", "seq": 2, "conversation": None, "place": 1}
    page.evaluate(
        "([key, kept]) => localStorage.setItem(key, kept)",
        [f"kefu.unsent.{widget}.c1", json.dumps(lost)],
    )
    page.reload()
    expect(own_lines(page)).to_contain_text("丢失")
    expect(page.locator("#begin")).to_be_visible()
    expect(page.locator("#composer")).to_be_hidden()
    own_lines(page).get_by_role("button", name="再发一次").click()
    expect(page.get_by_label("您的问题")).to_have_value("丢失")
    expect(own_lines(page)).to_have_count(0)
    page.get_by_label("怎么称呼您？").fill("李雷")
    page.get_by_label("同意条款").check()
    page.click("#begin-go")
    expect(own_lines(page).last).to_have_attribute("data-delivery", "sent")
    expect(own_lines(page)).to_contain_text("丢失")


def letters_link(server: Production, conversation: int) -> str:
    """A link as a letter has it; the letter itself would come two minutes after an answer."""
    token = f"kl_{secrets.token_urlsafe(32)}"
    expires_ms = round(time.time() * 1000) + 60_000
    row = (hashlib.sha256(token.encode()).hexdigest(), conversation, expires_ms)
    with closing(sqlite3.connect(server.data_dir / "kefu.db")) as store, store:
        columns = "(token_hash, conversation_id, expires_ms)"
        store.execute(f"INSERT INTO chat_link {columns} VALUES (?, ?, ?)", row)
    return token


def test_whoever_was_blocked_is_told_so(production: Production, admin: Staff, open_page: OpenPage):
    chat = new_inbox(admin)
    page = open_page(production.base_url + chat)
    say(page, "在吗？")
    state = admin.get(f"/conversations/{conversation_of(page, chat.rpartition('/')[2])}")
    admin.post(f"/contacts/{state['contact']['id']}/block")
    expect(page.locator("#stopped")).to_contain_text("您现在不能在这里聊天")
    page.reload()
    expect(page.locator("#stopped")).to_contain_text("您现在不能在这里聊天")
