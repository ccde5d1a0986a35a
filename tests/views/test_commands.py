"""Saved views: one's own and the team's, and how much they show."""

from __future__ import annotations

from typing import Any

import pytest

from kefu.actions.status import SetTags, set_tags
from kefu.core.actors import Actor, AgentRole
from kefu.core.errors import BadInput, IllegalState, NotAllowed, NotFound
from kefu.core.lists import ConversationFilter, Sort, View
from kefu.core.signals import ViewChanged
from kefu.hub import TEAM_CHANNEL, agent_channel
from kefu.views.commands import (
    MOST_OWN,
    MOST_SHARED,
    CountViews,
    CreateView,
    DeleteView,
    ListViews,
    UpdateView,
    count_views,
    create_view,
    delete_view,
    list_views,
    update_view,
)
from tests.actions.acts import chat
from tests.actions.desk import Desk

VIP = ConversationFilter(tag="vip")


async def made(desk: Desk, who: Actor, name: str = "VIPs", **more: Any) -> View:
    more.setdefault("filter", VIP)
    return await create_view(desk.call(who), CreateView(name=name, **more))


async def names(desk: Desk, who: Actor) -> list[str]:
    return [one.name for one in (await list_views(desk.call(who), ListViews())).items]


async def changed(desk: Desk, who: Actor, id: int, **values: Any) -> View:
    return await update_view(desk.call(who), UpdateView(view=id, **values))


async def test_a_view_is_ones_own_until_it_is_shared(desk: Desk):
    ann, bob = await desk.agent(), await desk.agent()
    own, team = desk.recorder(agent_channel(ann.id)), desk.recorder(TEAM_CHANNEL)
    view = await made(desk, ann, sort=Sort.WAITING)
    assert await names(desk, bob) == []
    with pytest.raises(NotFound):
        await changed(desk, bob, view.id, name="Mine")
    shared = await changed(desk, ann, view.id, shared=True, name=" Our  VIPs ")
    assert shared == View(
        id=view.id, name="Our VIPs", filter=VIP, sort=Sort.WAITING, owner=ann.id, shared=True
    )
    assert await names(desk, bob) == ["Our VIPs"]
    again = await changed(desk, ann, view.id, shared=False)
    await delete_view(desk.call(ann), DeleteView(view=view.id))
    assert await names(desk, ann) == []
    gone = ViewChanged(view=view.id)
    assert team.signals == [ViewChanged(view=view.id, saved=shared), gone]
    assert own.signals == [
        ViewChanged(view=view.id, saved=view),
        ViewChanged(view=view.id, saved=again),
        gone,
    ]


async def test_what_is_shared_is_changed_by_its_maker_or_a_supervisor(desk: Desk):
    ann, bob = await desk.agent(), await desk.agent()
    boss = await desk.agent(role=AgentRole.SUPERVISOR)
    view = await made(desk, ann, shared=True)
    with pytest.raises(NotAllowed):
        await changed(desk, bob, view.id, name="Bob's")
    assert (await changed(desk, boss, view.id, name="Ours")).name == "Ours"
    with pytest.raises(IllegalState):
        await changed(desk, boss, view.id, shared=False)
    await delete_view(desk.call(boss), DeleteView(view=view.id))
    assert await names(desk, ann) == []


async def test_there_are_so_many_views_at_most(desk: Desk):
    ann = await desk.agent()
    for number in range(MOST_OWN):
        last = await made(desk, ann, f"Own {number}")
    with pytest.raises(IllegalState):
        await made(desk, ann)
    for number in range(MOST_SHARED):
        await made(desk, ann, f"Shared {number}", shared=True)
    with pytest.raises(IllegalState):
        await changed(desk, ann, last.id, shared=True)
    with pytest.raises(BadInput, match="name"):
        await changed(desk, ann, last.id, name="\u200b")


async def test_a_view_counts_what_its_reader_may_see(desk: Desk):
    one, two = await desk.inbox(), await desk.inbox()
    ann, boss = await desk.agent(inboxes=[one]), await desk.agent(role=AgentRole.ADMIN)
    for inbox in (one, one, two):
        _, id = await chat(desk, inbox)
        await set_tags(desk.call(boss), SetTags(conversation=id, tags=("vip",)))
    vips = await made(desk, boss, shared=True)
    unread = await made(desk, ann, filter=ConversationFilter(unread="me", status=()))
    found = await count_views(desk.call(ann), CountViews())
    assert {one.view: one.count for one in found.items} == {vips.id: 2, unread.id: 2}
    found = await count_views(desk.call(boss), CountViews())
    assert [one.count for one in found.items] == [3]
