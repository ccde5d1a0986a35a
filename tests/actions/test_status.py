"""What the team says about a conversation."""

from __future__ import annotations

from datetime import timedelta
from itertools import product

import pytest
from sqlalchemy import Connection, select

from kefu.actions import status as actions
from kefu.actions.conversations import GetConversation, get_conversation
from kefu.actions.status import SetAttributes, SetPriority, SetStatus, SetTags
from kefu.actions.sweeps import return_snoozed
from kefu.core.actors import AgentRole
from kefu.core.desk import Details, at
from kefu.core.errors import BadInput, IllegalState, NotAllowed
from kefu.core.states import Status
from kefu.hub import contact_channel, inbox_channel
from kefu.storage import schema
from tests.actions.acts import chat, says
from tests.actions.desk import NOW_MS, Desk

LATER = at(NOW_MS) + timedelta(hours=2)
DAY_MS = 86_400_000
# Whether an agent has it, from, to: what docs/conversations.md does not let people do.
REFUSED = {
    *(
        (has, Status.RESOLVED, to)
        for has in (True, False)
        for to in (Status.PENDING, Status.SNOOZED)
    ),
    *((False, before, Status.OPEN) for before in Status if before is not Status.OPEN),
    (True, Status.QUEUED, Status.OPEN),
}


@pytest.mark.parametrize("has", [True, False], ids=["an agent has it", "nobody has it"])
async def test_only_legal_moves_are_made(desk: Desk, has):
    inbox = await desk.inbox()
    ann = await desk.agent("Ann", inboxes=[inbox])
    li = await desk.visitor(inbox)
    for before, after in product(Status, Status):
        owner = ann.id if has and before is not Status.QUEUED else None
        id = await desk.conversation(li, status=before, assignee_id=owner, queued_ms=None)
        until = LATER if after is Status.SNOOZED else None
        do = SetStatus(conversation=id, status=after, until=until)
        if (has, before, after) in REFUSED:
            with pytest.raises(IllegalState):
                await actions.set_status(desk.call(ann), do)
            continue
        state = await actions.set_status(desk.call(ann), do)
        assert (state.status, state.snoozed_until) == (after, until)
        keeps = owner is not None and after is not Status.QUEUED
        assert (state.assignee is not None) == keeps


async def test_what_is_so_already_is_no_change(desk: Desk):
    inbox = await desk.inbox()
    ann = await desk.agent("Ann", inboxes=[inbox])
    id = await desk.conversation(await desk.visitor(inbox))
    team = desk.recorder(inbox_channel(inbox))
    call = desk.call(ann)
    for _ in range(2):
        await actions.set_status(call, SetStatus(conversation=id, status=Status.PENDING))
        await actions.set_priority(call, SetPriority(conversation=id, priority=3))
        await actions.set_tags(call, SetTags(conversation=id, tags=("VIP", "vip", "new")))
        changes = SetAttributes(conversation=id, attributes={"order": "A-1", "gone": None})
        await actions.set_attributes(call, changes)
    told = [one.message.activity for one in team.events if one.message]
    assert [(one.what, one.values) for one in told if one] == [
        ("pending", Details()),
        ("prioritised", Details(priority=3)),
        ("tagged", Details(tags=("vip", "new"))),
        ("attributes", Details(attributes={"order": "A-1", "gone": None})),
    ]
    last = team.events[-1].state
    assert last is not None
    assert (last.priority, last.tags, last.attributes) == (3, ("vip", "new"), {"order": "A-1"})


async def test_resolved_it_may_be_opened_again_for_as_long_as_the_inbox_says(desk: Desk):
    inbox = await desk.inbox(settings={"reopen_days": 3})
    ann = await desk.agent("Ann", inboxes=[inbox])
    id = await desk.conversation(await desk.visitor(inbox), waiting_ms=NOW_MS)
    do = SetStatus(conversation=id, status=Status.RESOLVED)
    state = await actions.set_status(desk.call(ann), do)
    assert state.waiting_since is None

    def read(conn: Connection) -> int | None:
        return conn.scalar(select(schema.conversation.c.reopen_until_ms))

    assert await desk.ctx.database.read(read) == NOW_MS + 3 * DAY_MS


@pytest.mark.parametrize(
    ("status", "until"),
    [
        pytest.param(Status.PENDING, LATER, id="a time for another state"),
        pytest.param(Status.SNOOZED, at(NOW_MS), id="now"),
        pytest.param(Status.SNOOZED, at(NOW_MS) + timedelta(days=367), id="too far"),
    ],
)
async def test_a_snooze_has_a_time_to_come(desk: Desk, status, until):
    inbox = await desk.inbox()
    ann = await desk.agent("Ann", inboxes=[inbox])
    id = await desk.conversation(await desk.visitor(inbox))
    with pytest.raises(BadInput):
        await actions.set_status(
            desk.call(ann), SetStatus(conversation=id, status=status, until=until)
        )


async def test_a_snooze_without_a_time_ends_with_the_contacts_next_message(desk: Desk):
    inbox = await desk.inbox()
    ann = await desk.agent("Ann", inboxes=[inbox])
    li, id = await chat(desk, inbox)
    await says(desk, ann, id)
    call = desk.call(ann)
    state = await actions.set_status(call, SetStatus(conversation=id, status=Status.SNOOZED))
    assert (state.status, state.snoozed_until) == (Status.SNOOZED, None)
    desk.clock.now_ms = NOW_MS + 400 * DAY_MS
    assert await return_snoozed(desk.ctx) is None
    await says(desk, ann, id)
    here = GetConversation(conversation=id)
    assert (await get_conversation(call, here)).status is Status.SNOOZED
    await says(desk, li, id)
    assert (await get_conversation(call, here)).status is not Status.SNOOZED


async def test_a_snooze_is_put_to_another_time_and_to_none(desk: Desk):
    inbox = await desk.inbox()
    ann = await desk.agent("Ann", inboxes=[inbox])
    id = await desk.conversation(await desk.visitor(inbox))
    team = desk.recorder(inbox_channel(inbox))
    for until in (LATER, LATER, None, None, LATER + timedelta(hours=1)):
        do = SetStatus(conversation=id, status=Status.SNOOZED, until=until)
        assert (await actions.set_status(desk.call(ann), do)).snoozed_until == until
    told = [one.message.activity for one in team.events if one.message]
    assert [one.until for one in told if one] == [LATER, None, LATER + timedelta(hours=1)]


async def test_the_contact_sees_the_state_and_none_of_the_rest(desk: Desk):
    inbox = await desk.inbox()
    ann = await desk.agent("Ann", inboxes=[inbox])
    li = await desk.visitor(inbox)
    id = await desk.conversation(li)
    own = desk.recorder(contact_channel(li.contact_id), team=False)
    call = desk.call(ann)
    await actions.set_priority(call, SetPriority(conversation=id, priority=4))
    await actions.set_status(call, SetStatus(conversation=id, status=Status.SNOOZED, until=LATER))
    (event,) = own.events
    assert event.state is not None
    assert event.message is not None
    assert event.message.activity is not None
    assert event.state.status is Status.SNOOZED
    assert (event.state.priority, event.state.snoozed_until) == (0, None)
    assert event.message.activity.until is None


async def test_a_visitor_handles_nothing(desk: Desk):
    inbox = await desk.inbox()
    li = await desk.visitor(inbox)
    id = await desk.conversation(li)
    with pytest.raises(NotAllowed):
        await actions.set_status(desk.call(li), SetStatus(conversation=id, status=Status.RESOLVED))


async def test_a_bot_may_resolve_what_it_has(desk: Desk):
    inbox = await desk.inbox()
    bot = await desk.agent("Bot", role=AgentRole.BOT, inboxes=[inbox])
    id = await desk.conversation(
        await desk.visitor(inbox), status="pending", assignee_id=bot.id, queued_ms=None
    )
    do = SetStatus(conversation=id, status=Status.RESOLVED)
    assert (await actions.set_status(desk.call(bot), do)).status is Status.RESOLVED
