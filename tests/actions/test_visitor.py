"""Read marks, typing, the end, ratings, e-mail addresses."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select

from kefu.actions.conversations import GetConversation, get_conversation
from kefu.actions.handling import OneConversation, pick_conversation
from kefu.actions.visitor import (
    AskPerson,
    EndConversation,
    LeaveEmail,
    MarkDelivered,
    MarkRead,
    Rate,
    ShowTyping,
    ask_person,
    end_conversation,
    leave_email,
    mark_delivered,
    mark_read,
    rate,
    show_typing,
)
from kefu.core.actors import Actor, AgentRole, Visitor
from kefu.core.desk import Conversation, Details, Receipts
from kefu.core.errors import BadInput, IllegalState, NotAllowed, NotFound
from kefu.core.limits import Rates
from kefu.core.signals import ReceiptsChanged, Typing
from kefu.core.states import Status
from kefu.core.views import person
from kefu.hub import contact_channel, inbox_channel
from kefu.storage import schema
from kefu.storage.schema import contact, rating
from tests.actions.acts import chat, notes, says, timeline
from tests.actions.desk import Desk


async def read(desk: Desk, who: Actor, id: int, seq: int) -> None:
    await mark_read(desk.call(who), MarkRead(conversation=id, seq=seq))


async def rated(desk: Desk, who: Visitor, id: int, score: int, **more: Any) -> Conversation:
    return await rate(desk.call(who), Rate(conversation=id, score=score, **more))


async def ended(desk: Desk, who: Visitor, id: int) -> Conversation:
    return await end_conversation(desk.call(who), EndConversation(conversation=id))


async def test_marks_only_go_forward_and_both_sides_are_told(desk: Desk):
    inbox = await desk.inbox()
    li, id = await chat(desk, inbox)
    agent = await desk.agent(inboxes=[inbox])
    for _ in range(2):
        await says(desk, li, id)  # up to 4
    await notes(desk, agent, id)  # 5
    heard = desk.recorder(inbox_channel(inbox))
    await mark_delivered(desk.call(agent), MarkDelivered(conversation=id, seq=4))
    await read(desk, agent, id, 3)
    await read(desk, agent, id, 2)
    await read(desk, agent, id, 3)
    told = [one for one in heard.signals if isinstance(one, ReceiptsChanged)]
    assert [(one.team, one.team_unread) for one in told] == [
        (Receipts(delivered=4), 3),
        (Receipts(delivered=4, read=3), 1),
    ]
    assert (told[-1].last_seq, told[-1].last_public_seq) == (5, 4)
    await read(desk, agent, id, 2**31 - 1)  # as far as there is anything
    found = await get_conversation(desk.call(agent), GetConversation(conversation=id))
    assert (found.team_receipts, found.unread) == (Receipts(delivered=5, read=5), 0)
    assert heard.events == []


async def test_each_side_has_marks_of_its_own(desk: Desk):
    inbox = await desk.inbox()
    li, id = await chat(desk, inbox)
    agent = await desk.agent(inboxes=[inbox])
    await says(desk, agent, id)
    await says(desk, agent, id)
    seen = await get_conversation(desk.call(li), GetConversation(conversation=id))
    assert (seen.unread, seen.contact_receipts.read, seen.team_receipts.read) == (2, 2, 5)
    await read(desk, li, id, 3)
    seen = await get_conversation(desk.call(li), GetConversation(conversation=id))
    assert (seen.unread, seen.contact_receipts.read) == (1, 3)
    stranger, _ = await chat(desk, inbox)
    with pytest.raises(NotFound):
        await read(desk, stranger, id, 3)


async def test_typing_is_told_and_the_text_only_where_the_inbox_allows_it(desk: Desk):
    for preview in (False, True):
        inbox = await desk.inbox(settings={"preview": preview})
        li, id = await chat(desk, inbox)
        agent = await desk.agent(inboxes=[inbox])
        heard = desk.recorder(inbox_channel(inbox))
        await show_typing(desk.call(li), ShowTyping(conversation=id, text="so far"))
        await show_typing(desk.call(agent), ShowTyping(conversation=id, text="x", internal=True))
        of_visitor, of_agent = heard.signals
        assert isinstance(of_visitor, Typing)
        assert (of_visitor.text, of_visitor.internal) == ("so far" if preview else None, False)
        assert (of_agent.text, of_agent.internal) == (None, True)
        with pytest.raises(NotAllowed):
            await show_typing(desk.call(li), ShowTyping(conversation=id, internal=True))


async def test_typing_that_is_told_too_often_is_dropped(desk: Desk):
    desk.ctx = replace(desk.ctx, rates=Rates(desk.ctx.limits))
    inbox = await desk.inbox()
    li, id = await chat(desk, inbox)
    heard = desk.recorder(inbox_channel(inbox))
    for _ in range(10):
        await show_typing(desk.call(li), ShowTyping(conversation=id))
    assert len(heard.signals) == 2
    desk.clock.advance(1)
    await show_typing(desk.call(li), ShowTyping(conversation=id))
    assert len(heard.signals) == 3


async def test_a_visitor_ends_a_conversation_once(desk: Desk):
    inbox = await desk.inbox(settings={"reopen_days": 2})
    li, id = await chat(desk, inbox)
    heard = desk.recorder(contact_channel(li.contact_id), team=False)
    assert (await ended(desk, li, id)).status is Status.RESOLVED
    assert (await ended(desk, li, id)).status is Status.RESOLVED
    assert [one.state.status for one in heard.events if one.state] == [Status.RESOLVED]
    desk.clock.advance(2 * 86_400)
    await says(desk, li, id)  # opens it again
    assert heard.events[-1].state is not None
    assert heard.events[-1].state.status is Status.QUEUED
    await ended(desk, li, id)
    desk.clock.advance(2 * 86_400 + 1)
    with pytest.raises(IllegalState):
        await says(desk, li, id)
    agent = await desk.agent(inboxes=[inbox])
    with pytest.raises(NotAllowed):
        await ended(desk, agent, id)  # type: ignore[arg-type]


async def test_a_rating_can_be_changed_for_a_while(desk: Desk):
    inbox = await desk.inbox(settings={"reopen_days": 0})
    li, id = await chat(desk, inbox)
    await ended(desk, li, id)
    desk.clock.advance(60)
    assert (await rated(desk, li, id, 4)).rating == 4
    await rated(desk, li, id, 4)
    desk.clock.advance(desk.ctx.limits.rating_s)
    assert (await rated(desk, li, id, 5, comment="Quick!")).rating == 5
    desk.clock.advance(1)
    with pytest.raises(IllegalState):
        await rated(desk, li, id, 1)
    await rated(desk, li, id, 5, comment="Quick!")  # a repeat
    told = [one.activity.values for one in await timeline(desk, id) if one.activity]
    assert told[-2:] == [Details(score=4), Details(score=5, comment="Quick!")]
    rows = await desk.ctx.database.read(
        lambda conn: conn.execute(select(rating.c.score, rating.c.comment)).all()
    )
    assert [tuple(one) for one in rows] == [(5, "Quick!")]


async def test_only_the_contact_rates_and_only_where_ratings_are_asked_for(desk: Desk):
    inbox = await desk.inbox()
    _, id = await chat(desk, inbox)
    stranger, _ = await chat(desk, inbox)
    with pytest.raises(NotFound):
        await rated(desk, stranger, id, 5)
    li, quiet = await chat(desk, await desk.inbox(settings={"rating": False}))
    with pytest.raises(NotAllowed):
        await rated(desk, li, quiet, 5)


async def test_an_address_that_is_left_is_the_contacts_and_the_team_hears_of_it(desk: Desk):
    inbox = await desk.inbox()
    li, id = await chat(desk, inbox)
    heard = desk.recorder(contact_channel(li.contact_id), team=False)
    with pytest.raises(BadInput):
        await leave_email(desk.call(li), LeaveEmail(conversation=id, email="li@"))
    await leave_email(desk.call(li), LeaveEmail(conversation=id, email=" Li@Example.com "))
    emails = await desk.ctx.database.read(lambda conn: conn.scalars(select(contact.c.email)).all())
    assert emails == ["li@example.com"]
    last = (await timeline(desk, id))[-1]
    assert last.activity is not None
    assert last.activity.what == "left_email"
    assert heard.events == []


async def asked(desk: Desk, who: Actor, id: int) -> Conversation:
    return await ask_person(desk.call(who), AskPerson(conversation=id))


async def test_a_visitor_gets_from_a_bot_to_people_and_asks_once(desk: Desk):
    bot = await desk.agent("Echo", role=AgentRole.BOT)
    inbox = await desk.inbox(bot_id=bot.id)
    await desk.insert(schema.inbox_agent, inbox_id=inbox, agent_id=bot.id)
    li, id = await chat(desk, inbox)
    team, own = desk.recorder(inbox_channel(inbox)), desk.recorder(contact_channel(li.contact_id))
    for _ in range(2):
        state = await asked(desk, li, id)
        assert (state.status, state.assignee) == (Status.QUEUED, None)
    (told,) = team.events
    assert told.message is not None
    assert told.message.activity is not None
    assert told.message.activity.values == Details(reason="asked")
    assert told.message.sender.id == li.contact_id
    assert [one.private for one in own.events] == [False]


async def test_asking_for_a_person_changes_nothing_where_no_bot_has_the_conversation(desk: Desk):
    inbox = await desk.inbox()
    li, id = await chat(desk, inbox)
    agent = await desk.agent(inboxes=[inbox])
    await pick_conversation(desk.call(agent), OneConversation(conversation=id))
    before = await timeline(desk, id)
    assert (await asked(desk, li, id)).assignee == person(agent.member)
    await ended(desk, li, id)
    assert (await asked(desk, li, id)).status is Status.RESOLVED
    assert len(await timeline(desk, id)) == len(before) + 1  # that it was ended


async def test_only_its_own_visitor_asks_for_a_person(desk: Desk):
    inbox = await desk.inbox()
    _, id = await chat(desk, inbox)
    stranger, _ = await chat(desk, inbox)
    with pytest.raises(NotFound):
        await asked(desk, stranger, id)
    with pytest.raises(NotAllowed):
        await asked(desk, await desk.agent(inboxes=[inbox]), id)
