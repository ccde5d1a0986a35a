"""On the chat's page: what an inbox asks first, letters' links, and who else reads the chat."""

from __future__ import annotations

import hashlib
import json
import secrets
import sqlite3
import time
from contextlib import closing
from typing import Any

from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import OpenPage
from tests.browser.desk import Production, Staff
from tests.browser.talking import composer, newest, said, say, texts, write
from tests.browser.test_accessibility import expect_no_violations

NEVER = {"time_zone": "Asia/Shanghai", "week": [[]] * 7}
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


def new_inbox(admin: Staff, **settings: Any) -> str:
    """The address of the chat of a new inbox with these settings."""
    name = f"Shop {secrets.token_hex(3)}"
    key = admin.post("/inboxes", name=name, settings=settings)["widget_key"]
    return f"/chat/{key}"


def asked(page: Page) -> Locator:
    """The form before the first message."""
    return page.locator("[data-kefu=prechat], [data-kefu=offline]")


def go(page: Page) -> None:
    page.locator("[data-kefu=send]").click()


def expect_sent(page: Page, text: str) -> None:
    expect(texts(page, "me").last).to_have_text(text)
    expect(said(page, "me").last).to_have_attribute("data-state", "sent")


def test_no_field_of_a_form_is_so_small_that_a_phone_zooms_in_on_it(
    production: Production, admin: Staff, open_page: OpenPage
):
    chat = production.base_url + new_inbox(admin, prechat=FORM)
    page = open_page(chat, has_touch=True, is_mobile=True)
    expect(asked(page)).to_be_visible()
    fields = asked(page).locator("input:not([type=checkbox], [type=radio]), select, textarea")
    assert fields.count() == 3
    for field in fields.all():
        assert field.evaluate("one => getComputedStyle(one).fontSize") == "16px"


def test_an_inbox_asks_before_the_chat(production: Production, admin: Staff, open_page: OpenPage):
    chat = new_inbox(admin, prechat=FORM, greeting="**欢迎**来到 https://shop.example/ !")
    page = open_page(production.base_url + chat)
    expect(asked(page)).to_contain_text("请先告诉我们")
    expect(composer(page)).to_have_count(1)  # the form's own field, and no other
    greeting = page.locator(".k-hello")
    expect(greeting.get_by_role("link")).to_have_attribute("href", "https://shop.example/")
    expect(greeting.locator("strong")).to_have_text("欢迎")
    expect_no_violations(page)
    go(page)
    expect(page.get_by_label("怎么称呼您？")).to_have_accessible_description("请填写这一项。")
    expect(page.get_by_label("同意条款")).to_have_accessible_description("请勾选后再继续。")
    expect(page.get_by_label("怎么称呼您？")).to_be_focused()
    expect_no_violations(page)
    page.get_by_label("怎么称呼您？").fill("李雷")
    page.get_by_label("邮箱").fill("li@shop..example")
    page.get_by_role("radiogroup", name="<b>主题</b>").get_by_text("订单").click()
    page.get_by_label("同意条款").check()
    page.get_by_label("您的问题").fill("订单到哪了？")
    go(page)
    expect(page.get_by_label("邮箱")).to_have_attribute("aria-invalid", "true")
    expect(page.get_by_label("您的问题")).to_have_value("订单到哪了？")
    page.get_by_label("邮箱").fill("li@shop.example")
    go(page)
    expect_sent(page, "订单到哪了？")
    expect(asked(page)).to_have_count(0)
    first = admin.get(f"/conversations/{newest(admin)}/messages")["items"][-1]
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
    expect(page.locator("[data-kefu=offline]")).to_contain_text("我们会在这里并通过邮件答复")
    expect(page.locator("[data-kefu=home] h1")).to_have_text("现在不在服务时间。")
    expect_no_violations(page)
    page.get_by_label("邮箱").fill("li@shop.example")
    page.get_by_label("您的问题").fill("什么时候开门？")
    go(page)
    expect_sent(page, "什么时候开门？")
    expect(composer(page)).to_be_visible()


def test_an_inbox_that_asks_for_consent_has_a_box_for_it(
    production: Production, admin: Staff, open_page: OpenPage
):
    consent = {"privacy_page": "https://shop.example/privacy", "text": {"zh-CN": "我同意保存。"}}
    page = open_page(production.base_url + new_inbox(admin, consent=consent))
    privacy = page.get_by_role("link", name="隐私说明")
    expect(privacy).to_have_attribute("href", "https://shop.example/privacy")
    expect_no_violations(page)
    page.get_by_label("您的问题").fill("在吗？")
    go(page)
    box = page.get_by_label("我同意保存。")
    expect(box).to_have_accessible_description("请勾选后再继续。")
    box.check()
    go(page)
    expect_sent(page, "在吗？")
    conversation = newest(admin)
    contact = admin.get(f"/conversations/{conversation}")["contact"]["id"]
    assert admin.get(f"/contacts/{contact}")["consented_at"]
    admin.put(f"/conversations/{conversation}/status", status="resolved")
    page.get_by_role("button", name="返回").click()
    say(page, "还有一个问题")  # it was said once
    assert newest(admin) != conversation


def test_consent_is_asked_for_beside_a_form_in_the_words_of_the_pages_language(
    production: Production, admin: Staff, open_page: OpenPage
):
    chat = new_inbox(admin, prechat=FORM, consent={"text": {"zh-CN": "我同意保存。"}})
    page = open_page(production.base_url + chat, locale="en")
    page.get_by_label("怎么称呼您？").fill("Li")
    page.get_by_label("同意条款").check()
    expect(asked(page).get_by_role("link")).to_have_count(0)
    page.get_by_label("Your question").fill("Hello?")
    page.get_by_label("I agree that what I write here is kept").check()
    go(page)
    expect_sent(page, "Hello?")


def test_consent_that_the_server_does_not_know_of_is_asked_for_again(
    production: Production, admin: Staff, open_page: OpenPage
):
    chat = new_inbox(admin, consent={})
    page = open_page(production.base_url + chat)
    expect(asked(page)).to_be_visible()
    page.evaluate("(key) => localStorage.setItem(key, '1')", f"kefu.{key_of(chat)}.agreed")
    page.reload()
    expect(composer(page)).to_be_visible()
    expect(asked(page)).to_have_count(0)
    write(page, "在吗？")
    expect(page.get_by_label("我同意")).to_have_attribute("aria-invalid", "true")
    expect(page.get_by_label("您的问题")).to_have_value("在吗？")
    page.get_by_label("我同意").check()
    go(page)
    expect_sent(page, "在吗？")


def key_of(chat: str) -> str:
    return chat.rpartition("/")[2]


def test_an_inbox_that_begins_none_outside_its_hours_says_so(
    production: Production, admin: Staff, open_page: OpenPage
):
    page = open_page(production.base_url + new_inbox(admin, hours=NEVER, offline="closed"))
    home = page.locator("[data-kefu=home]")
    expect(home).to_contain_text("暂时不能开始新的对话")
    expect(composer(page)).to_have_count(0)
    page.locator(".k-languages select").select_option("en")
    expect(home).to_contain_text("No new conversation can begin")


def test_an_inbox_for_known_customers_sends_others_to_the_site(
    production: Production, admin: Staff, open_page: OpenPage
):
    page = open_page(production.base_url + new_inbox(admin, identity_required=True))
    expect(page.get_by_role("heading")).to_have_text("请从网站里打开聊天")
    expect(composer(page)).to_have_count(0)
    expect_no_violations(page)


def test_a_letter_without_a_link_is_not_said_to_have_one(
    production: Production, admin: Staff, open_page: OpenPage
):
    """The server does not know by which address browsers reach it."""
    page = open_page(production.base_url + new_inbox(admin, hours=NEVER, offline="form"))
    page.get_by_label("邮箱").fill("li@shop.example")
    page.get_by_label("您的问题").fill("什么时候开门？")
    go(page)
    expect_sent(page, "什么时候开门？")
    admin.say(newest(admin), "九点")
    expect(texts(page, "team")).to_have_text("九点")
    page.get_by_role("button", name="更多").click()
    page.get_by_role("menu").get_by_text("把聊天记录发给我").click()
    expect(page.get_by_role("dialog")).to_contain_text("已发往 li@shop.example。")
    expect(page.get_by_role("dialog")).not_to_contain_text("链接")


def test_a_letters_link_continues_the_conversation_in_another_browser(
    production: Production, admin: Staff, open_page: OpenPage
):
    chat = production.base_url + new_inbox(admin)
    first, other = (open_page(chat) for _ in range(2))
    say(first, "在吗？")
    conversation = newest(admin)
    say(other, "我是别人")  # so that the link is another visitor's than this browser's
    composer(other).fill("只给自己看")
    link = letters_link(production, conversation)
    other.goto(f"{chat}#{link}")
    expect(other.locator(".k-asked")).to_be_visible()  # it may be anybody's letter
    assert "#" not in other.url
    other.get_by_role("button", name="继续邮件中的对话").click()
    expect(texts(other)).to_have_text(["在吗？"])
    expect(composer(other)).to_be_empty()  # whoever got the letter reads what is said here
    say(other, "换了一台电脑")
    expect(texts(first)).to_have_text(["在吗？", "换了一台电脑"])
    other.reload()
    expect(texts(other)).to_have_text(["在吗？", "换了一台电脑"])
    other.get_by_role("button", name="回到我自己的对话").click()
    expect(texts(other)).to_have_text(["我是别人"])
    expect(composer(other)).to_have_value("只给自己看")
    third = open_page(f"{chat}#{link}")
    third.get_by_role("button", name="继续邮件中的对话").click()
    expect(third.get_by_role("status").first).to_contain_text("另一个浏览器")


def test_a_visitor_sees_the_browsers_that_read_their_chat_and_removes_one(
    production: Production, admin: Staff, open_page: OpenPage
):
    chat = production.base_url + new_inbox(admin)
    first = open_page(chat, locale="en", viewport={"width": 360, "height": 640})
    say(first, "Hello")
    link = letters_link(production, newest(admin))
    other = open_page(chat, locale="en")
    say(other, "My own")
    other.goto(f"{chat}#{link}")
    other.get_by_role("button", name="Go on with it").click()
    expect(texts(other)).to_have_text(["Hello"])
    aside = other.get_by_text("This is the letter's conversation.")
    expect(aside).to_be_visible()
    first.get_by_role("button", name="More").click()
    expect_no_violations(first)
    first.get_by_role("menu").get_by_text("Who else can read this").click()
    rows = first.get_by_role("dialog").get_by_role("listitem")
    expect(rows).to_have_count(2)
    expect(rows.first).to_contain_text("This browser")
    expect(rows.first.get_by_role("button")).to_have_count(0)
    expect(rows.last).to_contain_text("Opened with a letter's link")
    expect_no_violations(first)
    rows.last.get_by_role("button", name="Remove").click()
    expect_no_violations(first)
    first.get_by_role("dialog").get_by_role("button", name="Close").focus()
    expect(rows.last.get_by_role("button")).to_have_text("Remove")  # thought better of
    rows.last.get_by_role("button", name="Remove").click()
    rows.last.get_by_role("button", name="Yes, remove").click()
    expect(rows).to_have_count(1)
    notice = other.locator(".k-told")
    expect(notice).to_contain_text("This browser was removed")
    expect(aside).to_have_count(0)
    expect(said(other)).to_have_count(0)
    other.reload()
    expect(composer(other)).to_be_visible()
    expect(said(other)).to_have_count(0)
    other.get_by_role("button", name="Back to my own").click()
    expect(texts(other)).to_have_text(["My own"])
    expect(notice).to_have_count(0)
    first.keyboard.press("Escape")
    expect(first.get_by_role("dialog")).to_have_count(0)
    say(first, "Still here")


def test_lost_words_to_a_chat_that_asks_first_come_back_into_its_form(
    production: Production, admin: Staff, open_page: OpenPage
):
    chat = new_inbox(admin, prechat=FORM)
    page = open_page(production.base_url + chat)
    expect(asked(page)).to_be_visible()
    lost: dict[str, Any] = {"client_id": "c1", "text": "丢失", "at": "2026-01-01T00:00:00Z"}
    lost |= {"delivery": "lost", "seq": 2, "conversation": None, "place": 1}
    lost |= {"isNote": False, "more": {}}
    page.evaluate(
        "([key, kept]) => localStorage.setItem(key, kept)",
        [f"kefu.{key_of(chat)}.unsent.c1", json.dumps(lost)],
    )
    page.reload()
    expect(texts(page, "me")).to_have_text(["丢失"])
    said(page, "me").get_by_role("button", name="再发一次").click()
    expect(page.get_by_label("您的问题")).to_have_value("丢失")
    expect(said(page)).to_have_count(0)
    page.get_by_label("怎么称呼您？").fill("李雷")
    page.get_by_label("同意条款").check()
    go(page)
    expect_sent(page, "丢失")


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
    page = open_page(production.base_url + new_inbox(admin))
    say(page, "在吗？")
    state = admin.get(f"/conversations/{newest(admin)}")
    admin.post(f"/contacts/{state['contact']['id']}/block")
    told = page.get_by_role("alert").filter(has_text="您现在不能在这里聊天")
    expect(told).to_be_visible()
    page.reload()
    expect(told).to_be_visible()
    expect(composer(page)).to_have_count(0)
