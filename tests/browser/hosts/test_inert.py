"""What an inbox says of itself on a site's page, whoever set it: text, never markup or a script."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Frame, expect

from tests.browser.hosts.conftest import Look, Shop, Visit
from tests.outbound.test_letters import PAYLOADS

# What no text may make, in the launcher's root or in the frame's document.
MADE = """() => {
  const root = document.querySelector("#kefu-launcher")?.shadowRoot ?? document.body;
  const isBad = (one) => /^(script|object|embed|base|meta|math|img|iframe)$/.test(one.localName) ||
    [...one.attributes].some(({ name }) => /^on/.test(name)) ||
    (one.href && !/^https?:/.test(one.href));
  return [...root.querySelectorAll("*")].filter(isBad).map((one) => one.outerHTML);
}"""
ONE = "<img src=x onerror=alert(1)>"


@pytest.fixture
def hostile(shop: Shop) -> Iterator[Shop]:
    """Everything that an admin can write is what a program might run."""
    said = "\n".join(PAYLOADS)[:1_000]
    texts = {"name": f"{ONE}</title>", "greeting": said, "away": said}
    options = [{"label": ONE, "value": one} for one in ("a", "b")]
    fields: list[dict[str, Any]] = [
        {"name": "name", "label": ONE, "placeholder": ONE},
        {"name": "topic", "label": ONE, "type": "select", "options": options},
        {"name": "constructor", "label": ONE},
        {"name": "box", "label": ONE, "type": "checkbox"},
    ]
    prechat = {"type": "form", "title": ONE, "submit": ONE, "fields": fields}
    shop.set(texts={"en": texts}, consent={"text": {"en": said}}, prechat=prechat)
    yield shop
    shop.set(texts={}, consent=None, prechat=None)


def frame_of(visit: Visit) -> Frame:
    return next(one for one in visit.page.frames if "/widget/" in one.url)


def test_s01_s02_nothing_that_an_inbox_says_of_itself_becomes_markup(look: Look, hostile: Shop):
    alerts: list[str] = []
    visit = look(
        "plain",
        prepare=lambda visit: visit.page.on("dialog", lambda one: alerts.append(one.message)),
    )
    visit.open()
    form = visit.frame.locator("[data-kefu=prechat]")
    expect(form.get_by_text(ONE).first).to_be_visible()
    expect(visit.frame.get_by_role("heading", name="<script>alert(1)</script>")).to_be_visible()
    # A name that every object has is a field like any other.
    assert form.locator("input[type=text]").evaluate_all(
        "(all) => all.map((one) => one.value)"
    ) == ["", ""]
    assert visit.page.evaluate(MADE) == []
    assert frame_of(visit).evaluate(MADE) == []
    assert alerts == []
