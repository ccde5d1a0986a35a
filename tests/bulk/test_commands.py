"""One act for many conversations."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from kefu.actions.carrying import carry_out, repeat_of
from kefu.actions.catalogue import BY_NAME
from kefu.actions.context import Call
from kefu.actions.conversations import (
    GetConversation,
    ListConversations,
    get_conversation,
    list_conversations,
)
from kefu.bulk.commands import MOST, BulkConversations, bulk
from kefu.core.actors import Actor
from kefu.core.desk import Conversation
from kefu.core.errors import NotAllowed
from kefu.core.states import Status
from kefu.hub import inbox_channel
from tests.actions.acts import chat, says
from tests.actions.desk import Desk

LATER = "2023-12-24T08:00:00Z"


def wanted(ids: list[int], **act: Any) -> BulkConversations:
    return msgspec.convert({"conversations": ids, "act": act}, BulkConversations)


async def done(desk: Desk, who: Actor, ids: list[int], **act: Any) -> list[str | None]:
    """The codes of what was refused, in their order."""
    found = await bulk(desk.call(who), wanted(ids, **act))
    assert [one.conversation for one in found.results] == ids
    return [one.error.code if one.error else None for one in found.results]


async def states(desk: Desk, who: Actor, ids: list[int]) -> list[Conversation]:
    call = desk.call(who)
    return [await get_conversation(call, GetConversation(conversation=id)) for id in ids]


async def test_each_is_done_or_refused_by_itself(desk: Desk):
    inbox = await desk.inbox()
    ann, bob = [await desk.agent(inboxes=[inbox]) for _ in range(2)]
    ids = [(await chat(desk, inbox))[1] for _ in range(3)]
    _, hidden = await chat(desk, await desk.inbox())
    await says(desk, bob, ids[1])  # it is Bob's now
    heard = desk.recorder(inbox_channel(inbox))
    asked = [*ids[:2], hidden, ids[2]]
    assert await done(desk, ann, asked, do="assign", agent=ann.id) == [
        *(None, "not_allowed", "not_found", None),
    ]
    found = await states(desk, ann, ids)
    assert [one.assignee and one.assignee.id for one in found] == [ann.id, bob.id, ann.id]
    assert [one.conversation for one in heard.events] == [ids[0], ids[2]]


async def test_whatever_can_be_done_to_one_is_done_to_many(desk: Desk):
    inbox = await desk.inbox()
    ann = await desk.agent(inboxes=[inbox])
    ids = [(await chat(desk, inbox))[1] for _ in range(2)]
    await done(desk, ann, ids, do="assign", agent=ann.id)
    await done(desk, ann, ids[:1], do="tag", add=["VIP", "late"])
    await done(desk, ann, ids, do="tag", add=["new"], remove=["Late"])
    assert [one.tags for one in await states(desk, ann, ids)] == [("vip", "new"), ("new",)]
    await done(desk, ann, ids, do="priority", priority=3)
    await done(desk, ann, ids, do="read")
    found = await states(desk, ann, ids)
    assert [(one.priority, one.unread) for one in found] == [(3, 0), (3, 0)]
    await done(desk, ann, ids, do="unread")
    mine = ListConversations(unread="me")
    page = await list_conversations(desk.call(ann), mine)
    assert {one.id for one in page.items} == set(ids)
    for act, reached in (
        ({"do": "snooze", "until": LATER}, Status.SNOOZED),
        ({"do": "reopen"}, Status.OPEN),
        ({"do": "snooze"}, Status.SNOOZED),
        ({"do": "resolve"}, Status.RESOLVED),
    ):
        assert await done(desk, ann, ids, **act) == [None, None]
        assert [one.status for one in await states(desk, ann, ids)] == [reached] * 2
    assert await done(desk, ann, ids, do="snooze", until=LATER) == ["illegal_state"] * 2


async def test_a_repeat_is_done_once(desk: Desk):
    inbox = await desk.inbox()
    ann = await desk.agent(inboxes=[inbox])
    _, id = await chat(desk, inbox)
    command, form = BY_NAME["conversation.bulk"], wanted([id], do="resolve")
    call = Call(desk.ctx, ann, "192.0.2.7", repeat=repeat_of(command, form, "k1"))
    first = await carry_out(call, command, form)
    await done(desk, ann, [id], do="assign", agent=ann.id)
    assert await carry_out(call, command, form) == first
    assert [one.status for one in await states(desk, ann, [id])] == [Status.OPEN]


async def test_it_is_bounded_and_for_the_team(desk: Desk):
    li, id = await chat(desk, await desk.inbox())
    with pytest.raises(NotAllowed):
        await done(desk, li, [id], do="read")
    for wrong in ([], [*range(1, MOST + 2)]):
        with pytest.raises(msgspec.ValidationError):
            wanted(wrong, do="read")
