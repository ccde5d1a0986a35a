"""Changing what was said."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from kefu.actions.revising import (
    DeleteMessage,
    EditMessage,
    GetHistory,
    React,
    delete_message,
    edit_message,
    get_history,
    react,
)
from kefu.core.actors import Actor, AgentRole
from kefu.core.desk import Message, PersonId, Reaction
from kefu.core.errors import (
    BadInput,
    IllegalState,
    NotAllowed,
    NotFound,
    TooMany,
)
from kefu.hub import contact_channel, inbox_channel
from kefu.storage.schema import audit, file, message
from tests.actions.acts import chat, fresh_id, notes, says, texts, timeline
from tests.actions.desk import Desk


async def edit(desk: Desk, who: Actor, id: int, *said: Any) -> Message:
    seq, text = said if len(said) == 2 else (*said, "better")
    return await edit_message(desk.call(who), EditMessage(conversation=id, seq=seq, text=text))


async def delete(desk: Desk, who: Actor, id: int, seq: int) -> Message:
    return await delete_message(desk.call(who), DeleteMessage(conversation=id, seq=seq))


async def set_emoji(desk: Desk, who: Actor, id: int, emoji: str, **more: Any) -> Message:
    more = {"seq": 2} | more
    return await react(desk.call(who), React(conversation=id, emoji=emoji, **more))


async def said_before(desk: Desk, who: Actor, id: int, seq: int) -> list[str]:
    found = await get_history(desk.call(who), GetHistory(conversation=id, seq=seq))
    return [one.text for one in found.items]


async def test_an_edit_is_told_to_both_sides_and_the_team_sees_what_was_said_before(desk: Desk):
    inbox = await desk.inbox()
    li, id = await chat(desk, inbox)
    agent = await desk.agent(inboxes=[inbox])
    sent = await says(desk, agent, id, "one")
    team = desk.recorder(inbox_channel(inbox))
    visitor = desk.recorder(contact_channel(li.contact_id), team=False)
    await edit(desk, agent, id, sent.seq, "two")
    found = await edit(desk, agent, id, sent.seq, "three")
    assert (found.text, found.seq) == ("three", sent.seq)
    assert found.edited_at is not None
    for heard in (team, visitor):
        assert [(one.on, one.seq, one.prev) for one in heard.events] == [
            ("message.changed", 5, 4),
            ("message.changed", 6, 5),
        ]
        assert heard.events[-1].message == found
        assert heard.events[-1].state is not None
        assert heard.events[-1].state.last_message == found
    assert await said_before(desk, agent, id, sent.seq) == ["one", "two"]
    with pytest.raises(NotFound):
        await said_before(desk, await desk.agent(), id, sent.seq)
    with pytest.raises(NotAllowed):
        await said_before(desk, li, id, sent.seq)


async def test_to_set_the_text_that_is_there_changes_nothing(desk: Desk):
    li, id = await chat(desk, await desk.inbox())
    found = await edit(desk, li, id, 2, "Hello")
    assert found.edited_at is None
    assert len(await timeline(desk, id)) == 2


async def test_only_ones_own_messages_can_be_edited(desk: Desk):
    inbox = await desk.inbox()
    li, id = await chat(desk, inbox)
    agent, other = await desk.agent(inboxes=[inbox]), await desk.agent(inboxes=[inbox])
    admin = await desk.agent(role=AgentRole.ADMIN)
    sent, note = await says(desk, agent, id), await notes(desk, agent, id)
    for who in (li, other, admin):
        with pytest.raises(NotAllowed):
            await edit(desk, who, id, sent.seq)
    with pytest.raises(NotFound):
        await edit(desk, li, id, note.seq)  # which a visitor may not know of
    with pytest.raises(NotFound):
        await edit(desk, agent, id, 1)  # an activity
    with pytest.raises(BadInput):
        await edit(desk, agent, id, sent.seq, " ")
    with pytest.raises(BadInput):
        await edit(desk, agent, id, sent.seq, "x" * 10_001)
    await edit(desk, agent, id, note.seq)
    assert await texts(desk, id) == ["Hello", "Well", "better"]


async def test_a_visitor_may_edit_and_delete_for_a_while_and_an_agent_ever_after(desk: Desk):
    inbox = await desk.inbox()
    li, id = await chat(desk, inbox)
    agent = await desk.agent(inboxes=[inbox])
    sent = await says(desk, agent, id)
    desk.clock.advance(desk.ctx.limits.edit_s)
    await edit(desk, li, id, 2)
    desk.clock.advance(1)
    with pytest.raises(IllegalState):
        await edit(desk, li, id, 2)
    with pytest.raises(IllegalState):
        await delete(desk, li, id, 2)
    await edit(desk, agent, id, sent.seq)
    await delete(desk, agent, id, sent.seq)


async def test_what_is_deleted_leaves_its_place_and_nothing_it_ever_said(desk: Desk):
    inbox = await desk.inbox()
    li, id = await chat(desk, inbox)
    agent = await desk.agent(inboxes=[inbox])
    row = {"inbox_id": inbox, "owner": li.key, "name": "secret.png", "type": "image/png"}
    row |= {"size": 1, "storage_key": fresh_id(), "created_ms": desk.clock.now_ms}
    picture = await desk.insert(file, **row)
    sent = await says(desk, li, id, "secret", files=(picture,), client_id="a")
    await edit(desk, li, id, sent.seq, "secret too")
    heard = desk.recorder(inbox_channel(inbox))
    await delete(desk, li, id, sent.seq)
    again = await delete(desk, li, id, sent.seq)
    assert (again.text, again.files, again.deleted_at is None) == ("", (), False)
    assert [one.on for one in heard.events] == ["message.changed"]
    assert await said_before(desk, agent, id, sent.seq) == []
    rows = await desk.ctx.database.read(
        lambda conn: [
            [*conn.execute(select(message.c.text, message.c.body))],
            [*conn.execute(select(file.c.owner, file.c.conversation_id))],
        ]
    )
    assert "secret" not in str(rows)
    assert rows[1] == [("", None)]
    with pytest.raises(IllegalState):
        await edit(desk, li, id, sent.seq)
    with pytest.raises(IllegalState):
        await set_emoji(desk, li, id, "👍", seq=sent.seq)
    # A repeat of the send finds its place taken, and says so as the first time.
    assert await says(desk, li, id, "secret", files=(picture,), client_id="a") == sent


async def test_a_supervisor_may_delete_what_others_wrote_and_leaves_a_trace(desk: Desk):
    inbox = await desk.inbox()
    _, id = await chat(desk, inbox)
    agent = await desk.agent(inboxes=[inbox])
    boss = await desk.agent(role=AgentRole.SUPERVISOR, inboxes=[inbox])
    with pytest.raises(NotAllowed):
        await delete(desk, agent, id, 2)
    desk.clock.advance(99_999)
    await delete(desk, boss, id, 2)
    assert await texts(desk, id) == [""]
    traces = await desk.ctx.database.read(
        lambda conn: conn.execute(select(audit.c.actor, audit.c.act)).all()
    )
    assert [tuple(one) for one in traces] == [(boss.key, "message.delete")]


def who(actor) -> PersonId:
    return PersonId(role=actor.member.role, id=actor.member.id)


async def test_reactions_are_set_once_and_taken_back(desk: Desk):
    inbox = await desk.inbox()
    li, id = await chat(desk, inbox)
    agent = await desk.agent(inboxes=[inbox])
    await set_emoji(desk, agent, id, "👍")
    await set_emoji(desk, agent, id, "👍")
    found = await set_emoji(desk, li, id, "👍")
    assert found.reactions == (Reaction(emoji="👍", people=(who(agent), who(li))),)
    await set_emoji(desk, agent, id, "👍", on=False)
    await set_emoji(desk, agent, id, "👍", on=False)
    found = await set_emoji(desk, li, id, "👍", on=False)
    assert found.reactions == ()
    seqs = await desk.ctx.database.read(
        lambda conn: conn.scalars(select(message.c.seq).order_by(message.c.seq)).all()
    )
    assert seqs == [1, 2, 3, 4, 5, 6]


async def test_a_send_can_be_repeated_after_others_have_reacted_to_it(desk: Desk):
    inbox = await desk.inbox()
    li, id = await chat(desk, inbox)
    agent = await desk.agent(inboxes=[inbox])
    for more in ({}, {"quote": 2}):
        name = fresh_id()
        sent = await says(desk, li, id, "x", client_id=name, **more)
        await set_emoji(desk, agent, id, "👍", seq=sent.seq)
        assert await says(desk, li, id, "x", client_id=name, **more) == sent


async def test_reactions_are_emoji_and_of_a_bounded_number_of_kinds(desk: Desk):
    li, id = await chat(desk, await desk.inbox())
    for text in ("a", "<b>", "👍 ", "👍a", "1"):
        with pytest.raises(BadInput, match="emoji"):
            await set_emoji(desk, li, id, text)
    for number in range(desk.ctx.limits.reaction_kinds):
        await set_emoji(desk, li, id, chr(0x1F600 + number))
    with pytest.raises(TooMany):
        await set_emoji(desk, li, id, "👍")
