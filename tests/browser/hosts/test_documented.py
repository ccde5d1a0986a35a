"""What docs/widget.md says of the widget holds on a site's page, with Kefu's own document."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import expect

from examples.identity.identity import identity
from tests.browser.hosts.conftest import Look, Shop, Visit
from tests.docs.pages import rows

PAGE = "docs/widget.md"
SITE, FRAME = 1, 2  # columns of the table of what is stored


def named(column: int) -> set[str]:
    """The entries that the table of what is stored has in a column."""
    cells = [row[column] for row in rows(PAGE, "## What is stored, and when")]
    names = re.findall(r"`([^`]+)`", " ".join(cells))
    return {name.removeprefix("kefu.").removeprefix("KEY.").rstrip("…") for name in names}


def stored(visit: Visit, *, inside: bool) -> set[str]:
    """The entries that there are, by the names that the page has for them."""
    [frame] = [one for one in visit.page.frames if (one.parent_frame is not None) == inside]
    keys = frame.evaluate("[...Object.keys(localStorage), ...Object.keys(sessionStorage)]")
    names = {re.sub(r"^kefu\.(?:wk_[\w-]+(?:~\w+)?\.)?", "", key) for key in keys}
    return {re.sub(r"^(unsent|words)\..*", r"\1.", name) for name in names}


def device_tokens(visit: Visit) -> set[str]:
    """Which visitors the browser can be."""
    [frame] = [one for one in visit.page.frames if one.parent_frame is not None]
    kept: list[str] = frame.evaluate("Object.values(localStorage)")
    return {one for one in kept if one.startswith("kd_")}


def write(visit: Visit, text: str) -> None:
    composer = visit.frame.locator("[data-kefu=composer]")
    composer.fill(text)
    composer.press("Enter")
    sent = "[data-kefu=message][data-from=me]:not([data-state=sending])"
    expect(visit.frame.locator(sent).last).to_contain_text(text)


@pytest.fixture(scope="session")
def key(shop: Shop) -> dict[str, str]:
    made = shop.staff.post(f"/inboxes/{shop.inbox}/identity-keys")
    return {"kid": made["kid"], "secret": made["secret"], "widget_key": shop.key}


def test_what_is_stored_when_is_what_the_page_says(look: Look):
    visit = look("plain")
    expect(visit.launcher).to_be_visible()
    assert stored(visit, inside=False) == set()
    visit.open()
    expect(visit.frame.locator("[data-kefu=composer]")).to_be_visible()
    assert stored(visit, inside=False) == set()
    assert stored(visit, inside=True) == set()
    write(visit, "Where is my parcel?")
    visit.page.wait_for_function("() => localStorage.length === 1")
    assert stored(visit, inside=False) == named(SITE) == {"live"}
    assert {"device", "who"} <= stored(visit, inside=True) <= named(FRAME)
    assert visit.page.context.cookies() == []


def test_a_token_of_the_sample_makes_the_visitor_known(look: Look, shop: Shop, key: dict[str, str]):
    visit = look("plain")
    user = {"id": "documented-1", "name": "Zoë 李雷", "email": "zoe@example.com"}
    visit.page.evaluate(
        "(token) => { window.known = Kefu('identify', token).then(() => 'known') }",
        identity(user, key),
    )
    visit.open()
    assert visit.page.evaluate("known") == "known"
    write(visit, "It is me.")
    known = {one.get("email"): one["name"] for one in shop.staff.get("/contacts")["items"]}
    assert known[user["email"]] == user["name"]
    assert {"device", "person"} <= stored(visit, inside=True) <= named(FRAME)
    tokens = device_tokens(visit)
    visit.call("identify", None)
    expect(visit.frame.get_by_text("It is me.")).to_have_count(0)
    assert tokens
    assert tokens.isdisjoint(device_tokens(visit))
    assert "person" not in stored(visit, inside=True)


def test_events_carry_what_the_page_says(look: Look):
    visit = look("plain")
    visit.page.evaluate("""() => {
      window.told = {};
      for (const name of ["ready", "open", "close", "message", "unread", "conversation"]) {
        Kefu("on", name, ({ detail }) => { told[name] = Object.keys(detail ?? {}).sort(); });
      }
    }""")
    visit.open()
    write(visit, "Hello")
    visit.page.wait_for_function("() => told.message && told.conversation")
    visit.call("close")
    told: dict[str, Any] = visit.page.evaluate("told")
    assert told["message"] == ["conversation", "from", "name", "seq"]
    assert told["conversation"] == ["id", "status"]
    assert told["open"] == told["close"] == []
