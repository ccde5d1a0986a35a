"""What the widget does in a frame with files, copies and ratings, beside a page of its own."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import FilePayload, Route, expect

from tests.browser.conftest import OpenPage
from tests.browser.framed import Site, Sites
from tests.browser.test_accessibility import expect_no_violations
from tests.browser.test_widget_files import UPLOADS, picture
from tests.browser.test_widget_identity import Signing, expect_stored, identify, stored

COMPOSER = "[data-kefu=composer]"
MESSAGE = "[data-kefu=message]"
PICTURE: FilePayload = {"name": "lid.png", "mimeType": "image/png", "buffer": picture()}


@pytest.fixture
def signing(sites: Sites) -> Signing:
    return Signing(sites)


def talking(open_page: OpenPage, sites: Sites, widget: str) -> tuple[Site, int]:
    """A site's page on which a visitor has said something, and their conversation."""
    site = sites.opened(open_page, widget)
    stored(site, "Hello")
    return site, int(sites.mei.get("/conversations", limit=1)["items"][0]["id"])


def pick(site: Site, *files: FilePayload) -> None:
    with site.page.expect_file_chooser() as choosing:
        site.frame.locator("[data-kefu=attach]").click()
    choosing.value.set_files(list(files))


def test_the_site_hears_of_a_rating(open_page: OpenPage, sites: Sites):
    inbox = sites.new_inbox()
    site, conversation = talking(open_page, sites, inbox["widget_key"])
    sites.mei.put(f"/conversations/{conversation}/status", status="resolved")
    site.frame.get_by_role("radio", name="Very good").check()
    detail = {"conversation": conversation, "score": 5}
    site.expect_said("event", name="rated", detail=detail)
    expect_no_violations(site.page)


def test_what_is_copied_can_be_pasted_though_the_frame_may_not_use_the_clipboard(
    open_page: OpenPage, sites: Sites
):
    site, conversation = talking(open_page, sites, sites.new_inbox()["widget_key"])
    sites.mei.say(conversation, "Order A-17 & more")
    message = site.frame.locator(f"{MESSAGE}[data-from=team]")
    message.locator(".k-b").hover()
    message.get_by_role("button", name="Copy").click()
    expect(site.frame.locator(".k-live")).to_have_text(re.compile("Copied"))
    site.frame.locator(COMPOSER).focus()
    site.page.keyboard.press("Control+V")
    expect(site.frame.locator(COMPOSER)).to_have_value("Order A-17 & more")


def test_no_file_or_quote_of_one_person_is_left_for_the_next(
    open_page: OpenPage, sites: Sites, signing: Signing
):
    site = sites.opened(open_page, signing.widget, hello={"identity": signing.token("Ann")})
    stored(site, "Hello of Ann")
    [conversation] = sites.conversations(signing.inbox)
    sites.mei.say(conversation["id"], "For Ann alone")
    message = site.frame.locator(f"{MESSAGE}[data-from=team]")
    message.locator(".k-b").hover()
    message.get_by_role("button", name="Quote").click()
    expect(site.frame.locator(".k-strip")).to_contain_text("For Ann alone")
    held: list[Route] = []
    site.page.route(UPLOADS, lambda route: held.append(route))
    pick(site, PICTURE)
    expect(site.frame.get_by_role("progressbar")).to_be_visible()
    identify(site, 1, signing.token("Ben"))
    site.expect_said("done", id=1)
    site.page.unroute(UPLOADS)
    stored(site, "Hello of Ben")
    expect(site.frame.locator("body")).not_to_contain_text("Ann")
    expect(site.frame.locator("img")).to_have_count(0)
    of_ben = next(
        one
        for one in sites.conversations(signing.inbox)
        if sites.admin.texts(one["id"]) == ["Hello of Ben"]
    )
    items = sites.mei.get(f"/conversations/{of_ben['id']}/messages")["items"]
    assert [one for one in items if one.get("files") or one.get("quote")] == []


def test_a_file_waits_for_what_the_inbox_asks_before_a_chat(open_page: OpenPage, sites: Sites):
    field = {"name": "order", "label": "Order number", "type": "text", "required": True}
    inbox = sites.new_inbox(prechat={"type": "form", "fields": [field]})
    site = sites.opened(open_page, inbox["widget_key"])
    sent: list[str] = []
    site.page.on("request", lambda one: sent.append(one.url) if "/files?" in one.url else None)
    form = site.frame.locator("[data-kefu=prechat]")
    expect(form).to_be_visible()
    site.frame.locator("body").evaluate(
        """async (body, bytes) => {
             const data = new DataTransfer();
             data.items.add(new File([new Uint8Array(bytes)], "lid.png", { type: "image/png" }));
             const how = { dataTransfer: data, bubbles: true, cancelable: true };
             body.dispatchEvent(new DragEvent("dragenter", how));
             const over = () => body.dispatchEvent(new DragEvent("dragover", how));
             while (!document.querySelector(".k-drop")) {
               over();
               await new Promise((resolve) => setTimeout(resolve, 20));
             }
             body.dispatchEvent(new DragEvent("drop", how));
           }""",
        list(picture(40, 40)),
    )
    expect(site.frame.get_by_text("Drop files to send them")).to_have_count(0)
    assert (sent, sites.conversations(inbox)) == ([], [])
    form.get_by_label("Order number").fill("A-17")
    form.get_by_role("textbox").last.fill("The lid has a chip.")
    site.frame.locator("[data-kefu=send]").click()
    expect_stored(site, "The lid has a chip.")
    own = site.frame.locator(f"{MESSAGE}[data-from=me]")
    expect(own).to_have_count(2)
    expect(own.last).not_to_have_attribute("data-state", "sending")
    [conversation] = sites.conversations(inbox)
    items = sites.mei.get(f"/conversations/{conversation['id']}/messages")["items"]
    assert [file["name"] for one in items for file in one.get("files", [])] == ["lid.png"]
