"""A site's page reports who is on it: with the key alone, from the inbox's own pages."""

from __future__ import annotations

from typing import Any

import pytest

from kefu.core.actors import AgentRole
from tests.gateways.rest.conftest import SITE, Shop

PATH = "/widgets/wk_shop/visit"
OTHER = "https://other.example"
VISIT: dict[str, Any] = {"visit": "x3Jd8sQ0pLw2VbTn", "page": f"{SITE}/prices", "seconds": 5}


@pytest.fixture
async def watched(shop: Shop) -> Shop:
    """The shop's inbox watches who is on its site."""
    admin = await shop.agent(AgentRole.ADMIN)
    change = {"settings": {"watch_visitors": True}}
    assert (await shop.ask(admin, "PATCH", f"/inboxes/{shop.inbox_id}", json=change)).is_success
    return shop


async def test_a_page_of_the_inbox_may_ask_first_and_then_report(watched: Shop):
    asking = {"Origin": SITE, "Access-Control-Request-Method": "POST"}
    asked = await watched.ask(asking, "OPTIONS", PATH)
    assert asked.headers["access-control-allow-origin"] == SITE
    assert "POST" in asked.headers["access-control-allow-methods"]
    told = await watched.ask({"Origin": SITE}, "POST", PATH, json=VISIT)
    assert (told.status_code, told.json()) == (200, {})
    assert told.headers["access-control-allow-origin"] == SITE
    assert "set-cookie" not in told.headers
    seen = await watched.ask(await watched.agent(), "GET", "/visitors")
    assert [one["page"] for one in seen.json()["items"]] == [VISIT["page"]]


async def test_another_inboxs_page_is_not_answered(watched: Shop):
    await watched.desk.inbox("Other", widget_key="wk_other", settings={"origins": [OTHER]})
    told = await watched.ask({"Origin": OTHER}, "POST", PATH, json=VISIT)
    assert "access-control-allow-origin" not in told.headers


@pytest.mark.parametrize(
    "fault",
    [
        {"visit": "short"},
        {"visit": "x" * 65},
        {"visit": "x3Jd8sQ0pLw2VbT\n"},
        {"seconds": -1},
        {"seconds": 10**9},
        {"title": "x" * 1_001},
        {"page": f"{SITE}/" + "x" * 4_000},
        {"language": "<b>"},
        {"email": "li@example.com"},
    ],
    ids=lambda fault: next(iter(fault)),
)
async def test_what_is_too_much_or_nothing_is_refused(watched: Shop, fault: dict[str, Any]):
    refused = await watched.ask({"Origin": SITE}, "POST", PATH, json=VISIT | fault)
    assert (refused.status_code, refused.json()["error"]["code"]) == (422, "bad_input")


async def test_a_body_that_no_report_is_is_not_read(watched: Shop):
    large = VISIT | {"title": "x" * 20_000}
    assert (await watched.ask({}, "POST", PATH, json=large)).status_code == 413


async def test_an_inbox_that_does_not_watch_says_so(shop: Shop):
    refused = await shop.ask({"Origin": SITE}, "POST", PATH, json=VISIT)
    assert (refused.status_code, refused.json()["error"]["code"]) == (409, "illegal_state")
    assert refused.headers["access-control-allow-origin"] == SITE
    assert (await shop.ask({}, "POST", "/widgets/wk_none/visit", json=VISIT)).status_code == 404
