"""Ratings, and their average."""

from __future__ import annotations

import pytest

from kefu.actions.ratings import ListRatings, Ratings, list_all_ratings
from kefu.core.actors import Actor, AgentRole
from kefu.core.errors import NotAllowed, NotFound
from kefu.storage import schema
from tests.actions.desk import NOW_MS, Desk


async def ratings(desk: Desk, actor: Actor, **form: object) -> Ratings:
    return await list_all_ratings(desk.call(actor), ListRatings(**form))  # type: ignore[arg-type]


async def test_supervisors_see_how_conversations_were_found(desk: Desk):
    sales, care = await desk.inbox(), await desk.inbox()
    ann = await desk.agent("Ann", inboxes=[sales])
    boss = await desk.agent(role=AgentRole.SUPERVISOR, inboxes=[sales])
    admin = await desk.agent(role=AgentRole.ADMIN)
    for inbox, score, agent in ((sales, 5, ann.id), (sales, 2, None), (care, 1, ann.id)):
        li = await desk.visitor(inbox)
        id = await desk.conversation(li)
        row = {"conversation_id": id, "score": score, "agent_id": agent, "rated_ms": NOW_MS}
        await desk.insert(schema.rating, **row, comment="So so")
    found = await ratings(desk, boss)
    assert [one.score for one in found.items] == [2, 5]
    assert (found.count, found.average, found.counts) == (2, 3.5, (0, 1, 0, 0, 1))
    best = found.items[1]
    assert best.agent is not None
    assert (best.agent.name, best.comment, best.inbox) == ("Ann", "So so", sales)
    everything = await ratings(desk, admin, limit=2)
    assert [one.score for one in everything.items] == [1, 2]
    assert (everything.count, everything.average) == (3, 2.67)
    rest = await ratings(desk, admin, cursor=everything.next)
    assert ([one.score for one in rest.items], rest.next, rest.count) == ([5], None, 3)
    assert (await ratings(desk, admin, agent=ann.id)).average == 3.0
    assert (await ratings(desk, admin, inbox=care)).count == 1
    empty = await ratings(desk, admin, agent=boss.id)
    assert (empty.items, empty.count, empty.average) == ((), 0, None)
    with pytest.raises(NotAllowed):
        await ratings(desk, ann)
    with pytest.raises(NotFound):
        await ratings(desk, boss, inbox=care)
