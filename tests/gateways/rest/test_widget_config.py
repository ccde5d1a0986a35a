"""A page's copy of its inbox's configuration: how long it is good, and who may read it."""

from __future__ import annotations

import pytest

from kefu.core.actors import AgentRole
from tests.gateways.rest.conftest import SITE, Shop

PATH = "/widgets/wk_shop"
OTHER = "https://other.example"


async def test_a_copy_is_good_for_a_minute_and_then_only_looked_at(shop: Shop):
    first = await shop.ask({}, "GET", PATH)
    assert first.headers["cache-control"] == "public, max-age=60"
    assert "set-cookie" not in first.headers
    assert {one.strip() for one in first.headers["vary"].split(",")} == {
        "Origin", "Accept-Encoding"
    }  # fmt: skip
    known = {"If-None-Match": first.headers["etag"]}
    second = await shop.ask(known, "GET", PATH)
    assert (second.status_code, second.content) == (304, b"")
    assert second.headers["etag"] == first.headers["etag"]
    assert second.headers["cache-control"] == first.headers["cache-control"]
    small = await shop.ask(known | {"Accept-Encoding": "gzip"}, "GET", PATH)
    assert small.status_code == 304


async def test_a_change_and_another_language_are_another_answer(shop: Shop):
    admin = await shop.agent(AgentRole.ADMIN)
    first = await shop.ask({}, "GET", PATH)
    known = {"If-None-Match": first.headers["etag"]}
    chinese = await shop.ask(known, "GET", f"{PATH}?locale=zh-CN")
    assert (chinese.status_code, chinese.json()["locale"]) == (200, "zh-CN")
    change = {"settings": {"look": {"accent": "#ffd400"}}}
    changed = await shop.ask(admin, "PATCH", f"/inboxes/{shop.inbox_id}", json=change)
    assert changed.is_success
    after = await shop.ask(known, "GET", PATH)
    assert after.status_code == 200
    assert after.json()["look"]["colors"]["light"]["on_accent"] == "#15181d"


@pytest.mark.parametrize("origin", [OTHER, "null", "https://evil.example"])
async def test_no_page_but_the_inboxs_own_can_read_it(shop: Shop, origin: str):
    await shop.desk.inbox("Other", widget_key="wk_other", settings={"origins": [OTHER]})
    own = await shop.ask({"Origin": SITE}, "GET", PATH)
    assert own.headers["access-control-allow-origin"] == SITE
    assert "access-control-allow-credentials" not in own.headers
    again = await shop.ask({"Origin": SITE, "If-None-Match": own.headers["etag"]}, "GET", PATH)
    assert (again.status_code, again.headers["access-control-allow-origin"]) == (304, SITE)
    others = await shop.ask({"Origin": origin}, "GET", PATH)
    assert "access-control-allow-origin" not in others.headers
    assert "Origin" in others.headers["vary"]


async def test_nobodys_proof_makes_it_another_answer(shop: Shop):
    admin = await shop.agent(AgentRole.ADMIN)
    tags = {
        (await shop.ask(who, "GET", PATH)).headers["etag"] for who in ({}, admin, shop.visitor())
    }
    assert len(tags) == 1
    assert (await shop.ask({}, "GET", "/widgets/wk_none")).headers["cache-control"] == "no-store"
