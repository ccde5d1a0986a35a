"""Who is on the site: told by its pages, seen by those who work in the inbox, if it says so."""

from __future__ import annotations

from typing import Any

import pytest

from kefu.actions.forms import Page
from kefu.actions.inboxes import UpdateInbox, update_inbox
from kefu.core.actors import AgentRole, Standing
from kefu.core.desk import at
from kefu.core.errors import BadInput, IllegalState, NotAllowed, NotFound, TooMany
from kefu.core.inbox import SettingsChange
from kefu.core.signals import VisitorsChanged
from kefu.hub import DESK_CHANNEL, inbox_channel
from kefu.widget.visits import GONE_S, MOST_OF_NETWORK, Visit
from kefu.widget.watching import (
    ListVisitors,
    ReportVisit,
    list_visitors,
    report_visit,
    tell_visits,
)
from tests.actions.desk import Desk

PRICES = "https://www.example.com/prices"
WATCHED = {"watch_visitors": True}


async def reports(desk: Desk, visit: str = "a", page: str = PRICES, **more: Any) -> None:
    address = more.pop("address", "192.0.2.7")
    key = more.pop("widget_key", "wk_a")
    do = ReportVisit(widget_key=key, visit=visit * 16, page=page, **more)
    await report_visit(desk.call(Standing.ANYONE, address), do)


async def sees(desk: Desk, who: Any, **asked: Any) -> Page[Visit]:
    return await list_visitors(desk.call(who), ListVisitors(**asked))


async def test_those_who_work_in_the_inbox_see_who_is_on_its_site(desk: Desk):
    shop = await desk.inbox("Shop", widget_key="wk_a", settings=WATCHED)
    other = await desk.inbox("Other", settings=WATCHED)
    ann, ben = await desk.agent(inboxes=[shop]), await desk.agent(inboxes=[other])
    boss = await desk.agent(role=AgentRole.ADMIN)
    about = {"title": "Prices\u202e", "referrer": "https://search.example/", "language": "zh-CN"}
    await reports(desk, seconds=90, **about)
    (one,) = (await sees(desk, ann)).items
    assert (one.inbox, one.page, one.title) == (shop, PRICES, "Prices")
    assert (one.referrer, one.language) == ("https://search.example/", "zh-CN")
    assert one.since == at(desk.clock.now_ms - 90_000)
    for asked in ({}, {"inbox": shop}):
        assert (await sees(desk, boss, **asked)).items == (one,)
    assert (await sees(desk, ben)).items == ()
    with pytest.raises(NotFound):
        await sees(desk, ben, inbox=shop)
    with pytest.raises(NotAllowed):
        await sees(desk, await desk.visitor(shop))


async def test_an_inbox_that_does_not_watch_is_told_of_nobody(desk: Desk):
    shop = await desk.inbox("Shop", widget_key="wk_a")
    with pytest.raises(IllegalState):
        await reports(desk)
    with pytest.raises(NotFound):
        await reports(desk, widget_key="wk_none")
    boss = await desk.agent(role=AgentRole.ADMIN)
    for watches, there in ((True, 0), (False, 0), (True, 1)):
        change = SettingsChange(watch_visitors=watches)
        await update_inbox(desk.call(boss), UpdateInbox(inbox=shop, settings=change))
        assert len((await sees(desk, boss)).items) == there
        if watches:
            await reports(desk)
            assert len((await sees(desk, boss)).items) == 1


@pytest.mark.parametrize("page", ["javascript:alert(1)", "data:text/html,x", "", "about:blank"])
async def test_where_nobody_can_be_is_no_visit(desk: Desk, page: str):
    shop = await desk.inbox(widget_key="wk_a", settings=WATCHED)
    with pytest.raises(BadInput, match="page"):
        await reports(desk, page=page)
    assert (await sees(desk, await desk.agent(inboxes=[shop]))).items == ()


async def test_a_page_that_is_left_or_silent_shows_nobody(desk: Desk):
    shop = await desk.inbox(widget_key="wk_a", settings=WATCHED)
    ann = await desk.agent(inboxes=[shop])
    await reports(desk, "a")
    await reports(desk, "b")
    await reports(desk, "a", left=True)
    assert [one.visit for one in (await sees(desk, ann)).items] == ["b" * 16]
    desk.clock.advance(GONE_S)
    assert (await sees(desk, ann)).items == ()


async def test_one_address_cannot_take_all_the_room(desk: Desk):
    await desk.inbox(widget_key="wk_a", settings=WATCHED)
    for number in range(MOST_OF_NETWORK):
        await reports(desk, f"{number:03}")
    with pytest.raises(TooMany):
        await reports(desk, "x")
    await reports(desk, "y", address="198.51.100.1")


async def test_a_list_is_read_in_parts_while_people_come_and_go(desk: Desk):
    shop = await desk.inbox(widget_key="wk_a", settings=WATCHED)
    ann = await desk.agent(inboxes=[shop])
    for number in range(7):
        await reports(desk, str(number), seconds=7 - number // 2)
    found: list[str] = []
    cursor = None
    while not found or cursor:
        part = await sees(desk, ann, limit=2, cursor=cursor)
        found += [one.visit[0] for one in part.items]
        cursor = part.next
        await reports(desk, found[-1], left=True)
        await reports(desk, "x", seconds=0)
    assert found == ["6", "5", "4", "3", "2", "1", "0"]
    with pytest.raises(BadInput, match="cursor"):
        await sees(desk, ann, cursor="1.x")


async def test_the_team_is_told_that_something_changed_and_how_many_there_are(desk: Desk):
    shop = await desk.inbox(widget_key="wk_a", settings=WATCHED)
    team, other = desk.recorder(inbox_channel(shop), DESK_CHANNEL), desk.recorder(inbox_channel(99))
    await reports(desk, "a")
    await reports(desk, "b")
    assert team.signals == []
    tell_visits(desk.ctx)
    await reports(desk, "b", seconds=30)
    tell_visits(desk.ctx)
    assert {*team.signals} == {VisitorsChanged(inbox=shop, count=2)}
    desk.clock.advance(GONE_S)
    tell_visits(desk.ctx)
    assert team.signals[-1] == VisitorsChanged(inbox=shop)
    assert other.signals == []
