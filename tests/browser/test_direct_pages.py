"""The second tutorial's stories on Kefu's own direct page."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.acts import expect_lines, heard, join, own_lines, say, write
from tests.browser.conftest import OpenPage
from tests.serving import KefuServer

LogIn = Callable[[str], Page]


@pytest.fixture
def log_in(open_page: OpenPage) -> LogIn:
    def log_in(name: str) -> Page:
        page = open_page("/direct.html")
        join(page, name)
        expect(page.locator("#workspace")).to_be_visible()
        return page

    return log_in


def person(page: Page, name: str) -> Locator:
    """Somebody's entry in the list."""
    return page.locator(".person", has=page.get_by_text(name, exact=True))


def badge(page: Page, name: str) -> Locator:
    """How many of somebody's messages are unread."""
    return person(page, name).locator(".badge")


def test_two_people_talk(log_in: LogIn):
    ann, ben = log_in("Ann"), log_in("Ben")
    person(ann, "Ben").click()
    say(ann, "hello <b>Ben</b>")
    person(ben, "Ann").click()
    say(ben, "hello Ann")
    expect_lines(ann, "hello <b>Ben</b>", "hello Ann")
    expect_lines(ben, "hello <b>Ben</b>", "hello Ann")


def test_conversations_are_kept_apart_and_counted_until_read(log_in: LogIn):
    ann, ben, cleo = log_in("Ann"), log_in("Ben"), log_in("Cleo")
    for page in (ben, cleo):
        person(page, "Ann").click()
    say(ben, "one")
    say(ben, "two")
    say(cleo, "three")
    expect(badge(ann, "Ben")).to_have_text("2")
    expect(ann.locator(".person-name")).to_have_text(["Cleo", "Ben"])
    person(ann, "Ben").click()
    expect_lines(ann, "one", "two")
    expect(badge(ann, "Ben")).to_be_hidden()
    expect(badge(ann, "Cleo")).to_have_text("1")


def test_drafts_are_kept_for_each_person(log_in: LogIn):
    ann = log_in("Ann")
    log_in("Ben")
    log_in("Cleo")
    person(ann, "Ben").click()
    ann.fill("#draft", "for Ben")
    person(ann, "Cleo").click()
    expect(ann.locator("#draft")).to_have_value("")
    person(ann, "Ben").click()
    expect(ann.locator("#draft")).to_have_value("for Ben")


def test_the_list_is_filtered_by_name(log_in: LogIn):
    ann = log_in("Ann")
    log_in("Ben")
    log_in("Cleo")
    ann.fill("#filter", "cl")
    expect(ann.locator(".person-name")).to_have_text(["Cleo"])
    ann.fill("#filter", "nobody")
    expect(ann.locator("#no-match")).to_be_visible()


def test_a_message_to_somebody_who_left_is_refused_where_it_was_said(log_in: LogIn):
    ann, ben = log_in("Ann"), log_in("Ben")
    person(ann, "Ben").click()
    say(ann, "hello")
    ben.click("#leave")
    expect(ann.locator("#status")).to_have_text("已离线")
    write(ann, "still there?")
    expect(ann.locator("#problem")).to_have_text("用户未找到")
    expect(own_lines(ann).last).to_have_attribute("data-delivery", "failed")
    join(ben, "Ben")
    expect(ann.locator("#status")).to_have_text("在线")
    own_lines(ann).last.get_by_role("button").click()
    expect(own_lines(ann).last).to_have_attribute("data-delivery", "sent")


def test_a_taken_name_is_refused_at_the_name(log_in: LogIn, open_page: OpenPage):
    log_in("Ann")
    second = open_page("/direct.html")
    join(second, "Ann")
    expect(second.locator("#error")).to_contain_text("当前用户名已经被注册")
    join(second, "Anna")
    expect(person(second, "Ann")).to_be_visible()


def test_both_come_back_when_the_server_restarts(log_in: LogIn, server: KefuServer):
    ann, ben = log_in("Ann"), log_in("Ben")
    person(ann, "Ben").click()
    say(ann, "before")
    server.stop()
    expect(ann.locator("#bar")).to_be_visible()
    expect(ben.locator("#bar")).to_be_visible()
    server.start()
    expect(ann.locator("#bar")).to_be_hidden()
    expect(ann.locator("#status")).to_have_text("在线")
    say(ann, "after")
    person(ben, "Ann").click()
    expect_lines(ben, "before", "after")


def test_a_lost_network_is_mended_under_the_same_name(log_in: LogIn):
    ann, ben = log_in("Ann"), log_in("Ben")
    person(ann, "Ben").click()
    ann.context.set_offline(True)
    expect(ann.locator("#bar")).to_be_visible()
    ann.context.set_offline(False)
    expect(ann.locator("#bar")).to_be_hidden()
    say(ann, "back")
    person(ben, "Ann").click()
    expect(heard(ben, "back")).to_be_visible()


def test_a_phone_shows_the_list_or_one_conversation(log_in: LogIn):
    ann = log_in("Ann")
    log_in("Ben")
    ann.set_viewport_size({"width": 360, "height": 700})
    expect(ann.locator("#chat")).to_be_hidden()
    person(ann, "Ben").click()
    expect(ann.locator("#people")).to_be_hidden()
    expect(ann.locator("#draft")).to_be_focused()
    ann.click("#back")
    expect(ann.locator("#people")).to_be_visible()
    expect(ann.locator("#chat")).to_be_hidden()
