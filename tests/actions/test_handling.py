"""Who has a conversation."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from sqlalchemy import Connection, select

from kefu.actions import handling, offers
from kefu.actions.conversations import ListMessages, list_messages
from kefu.actions.handling import (
    AssignConversation,
    HandOff,
    OneConversation,
    TransferConversation,
)
from kefu.core.actors import Agent, AgentRole
from kefu.core.conversation import Entry, Role
from kefu.core.desk import Conversation, Details, Message
from kefu.core.errors import BadInput, Conflict, IllegalState, NotAllowed, NotFound
from kefu.core.states import Status
from kefu.hub import contact_channel, inbox_channel
from kefu.storage import schema
from tests.actions.desk import NOW_MS, Desk


async def pick(desk: Desk, actor: Agent, id: int) -> Conversation:
    return await handling.pick_conversation(desk.call(actor), OneConversation(conversation=id))


async def accept(desk: Desk, actor: Agent, id: int) -> Conversation:
    return await offers.accept_conversation(desk.call(actor), OneConversation(conversation=id))


async def decline(desk: Desk, actor: Agent, id: int) -> Conversation:
    return await offers.decline_conversation(desk.call(actor), OneConversation(conversation=id))


async def assign(desk: Desk, actor: Agent, id: int, **to: int) -> Conversation:
    do = AssignConversation(conversation=id, **to)
    return await handling.assign_conversation(desk.call(actor), do)


async def transfer(desk: Desk, actor: Agent, id: int, **to: Any) -> Conversation:
    do = TransferConversation(conversation=id, **to)
    return await handling.transfer_conversation(desk.call(actor), do)


async def take_over(desk: Desk, actor: Agent, id: int) -> Conversation:
    return await handling.take_over(desk.call(actor), OneConversation(conversation=id))


async def rows(desk: Desk, table: Any) -> list[Any]:
    def read(conn: Connection) -> list[Any]:
        return [*conn.execute(select(table))]

    return await desk.ctx.database.read(read)


async def timeline(desk: Desk, actor: Any, id: int) -> list[Message]:
    found = await list_messages(desk.call(actor), ListMessages(conversation=id))
    return [*found.items]


def shown(state: Conversation) -> tuple[Status | None, str | None, int | None, bool]:
    who = state.assignee.name if state.assignee else None
    return state.status, who, state.team, state.offered


async def place_queued_ms(desk: Desk, id: int) -> Any:
    (found,) = [row.queued_ms for row in await rows(desk, schema.conversation) if row.id == id]
    return found


async def test_fifty_pick_the_same_one_and_one_gets_it(desk: Desk):
    inbox = await desk.inbox()
    agents = [await desk.agent(inboxes=[inbox]) for _ in range(50)]
    id = await desk.conversation(await desk.visitor(inbox))
    team = desk.recorder(inbox_channel(inbox))
    answers = await asyncio.gather(
        *(pick(desk, agent, id) for agent in agents), return_exceptions=True
    )
    (winner,) = [one for one in answers if isinstance(one, Conversation)]
    assert [type(one) for one in answers if one is not winner] == [Conflict] * 49
    assert len(team.events) == 1
    assert winner.assignee is not None
    assert not winner.offered
    # Once more by the same one does no harm and tells nobody.
    (again,) = [one for one in agents if one.id == winner.assignee.id]
    assert await pick(desk, again, id) == winner
    assert len(team.events) == 1


async def test_only_what_is_in_the_queue_can_be_picked(desk: Desk):
    inbox = await desk.inbox()
    ann = await desk.agent("Ann", inboxes=[inbox])
    over = await desk.conversation(await desk.visitor(inbox), status="resolved", queued_ms=None)
    with pytest.raises(IllegalState):
        await pick(desk, ann, over)
    bot = await desk.agent("Bot", role=AgentRole.BOT, inboxes=[inbox])
    with pytest.raises(NotAllowed):
        await pick(desk, bot, await desk.conversation(await desk.visitor(inbox)))
    stranger = await desk.agent("Eve", inboxes=[await desk.inbox()])
    with pytest.raises(NotFound):
        await pick(desk, stranger, over)


async def test_an_offer_is_accepted_once_and_then_cannot_be_declined(desk: Desk):
    inbox = await desk.inbox()
    ann, bo = [await desk.agent(name, inboxes=[inbox]) for name in ("Ann", "Bo")]
    id = await desk.conversation(await desk.visitor(inbox), status="open", assignee_id=ann.id)
    team = desk.recorder(inbox_channel(inbox))
    for refused in (accept, decline):
        with pytest.raises(Conflict):
            await refused(desk, bo, id)
    assert shown(await accept(desk, ann, id)) == (Status.OPEN, "Ann", None, False)
    await accept(desk, ann, id)
    assert [
        one.message and one.message.activity and one.message.activity.what for one in team.events
    ] == ["accepted"]
    with pytest.raises(IllegalState):
        await decline(desk, ann, id)


async def test_what_is_declined_keeps_its_place_and_remembers_by_whom(desk: Desk):
    inbox = await desk.inbox()
    ann, bo = [await desk.agent(name, inboxes=[inbox]) for name in ("Ann", "Bo")]
    li = await desk.visitor(inbox)
    id = await desk.conversation(li, status="open", assignee_id=ann.id, queued_ms=NOW_MS - 9)
    desk.clock.advance(60)
    assert shown(await decline(desk, ann, id)) == (Status.QUEUED, None, None, False)
    assert await place_queued_ms(desk, id) == NOW_MS - 9
    await assign(desk, ann, id, agent=bo.id)
    assert await place_queued_ms(desk, id) == NOW_MS - 9
    await decline(desk, bo, id)
    assert {row.agent_id for row in await rows(desk, schema.declined)} == {ann.id, bo.id}
    (_, last) = (await timeline(desk, ann, id))[-2:]
    assert last.activity is not None
    assert (last.activity.what, last.activity.values) == (
        "queued",
        Details(reason="declined", from_=bo.id),
    )
    (seen, *_) = await timeline(desk, li, id)
    assert seen.activity is not None
    assert seen.activity.values == Details()  # why is for the team


async def test_a_conversation_is_given_to_an_agent_beyond_the_limit_or_to_a_team(desk: Desk):
    inbox = await desk.inbox()
    ann = await desk.agent("Ann", inboxes=[inbox], chat_limit=0)
    bo = await desk.agent("Bo", inboxes=[inbox], chat_limit=0)
    team = await desk.insert(schema.team, name="Sales")
    await desk.insert(schema.team_agent, team_id=team, agent_id=bo.id)
    id = await desk.conversation(await desk.visitor(inbox))
    assert shown(await assign(desk, ann, id, agent=ann.id)) == (Status.OPEN, "Ann", None, False)
    given = await assign(desk, ann, id, agent=bo.id, team=team)
    assert shown(given) == (Status.OPEN, "Bo", team, True)
    assert shown(await assign(desk, bo, id, team=team)) == (Status.QUEUED, None, team, False)
    assert {row.name: row.assigned_ms for row in await rows(desk, schema.agent)} == {
        "Ann": NOW_MS,
        "Bo": NOW_MS,
    }


async def test_what_waits_goes_to_another_teams_queue_and_keeps_its_place(desk: Desk):
    inbox = await desk.inbox()
    ann = await desk.agent("Ann", inboxes=[inbox])
    team = await desk.insert(schema.team, name="Sales")
    await desk.insert(schema.team_agent, team_id=team, agent_id=ann.id)
    id = await desk.conversation(await desk.visitor(inbox), queued_ms=NOW_MS - 7)
    assert shown(await assign(desk, ann, id, team=team)) == (Status.QUEUED, None, team, False)
    assert await place_queued_ms(desk, id) == NOW_MS - 7


@pytest.mark.parametrize("fault", ["nobody", "missing", "elsewhere", "bot", "inactive", "team"])
async def test_it_is_given_to_nobody_who_could_not_answer(desk: Desk, fault):
    inbox = await desk.inbox()
    ann = await desk.agent("Ann", inboxes=[inbox])
    other = await desk.agent("Other", inboxes=[await desk.inbox()])
    bot = await desk.agent("Bot", role=AgentRole.BOT, inboxes=[inbox])
    gone = await desk.agent("Gone", inboxes=[inbox], active=0)
    team = await desk.insert(schema.team, name="Nobody here")
    await desk.insert(schema.team_agent, team_id=team, agent_id=other.id)
    id = await desk.conversation(await desk.visitor(inbox))
    to = {
        "nobody": {},
        "missing": {"agent": 999},
        "elsewhere": {"agent": other.id},
        "bot": {"agent": bot.id},
        "inactive": {"agent": gone.id},
        "team": {"team": team},
    }[fault]
    with pytest.raises(BadInput):
        await assign(desk, ann, id, **to)


async def test_only_who_has_it_or_a_supervisor_gives_it_away(desk: Desk):
    inbox = await desk.inbox()
    ann, bo = [await desk.agent(name, inboxes=[inbox]) for name in ("Ann", "Bo")]
    cai = await desk.agent("Cai", role=AgentRole.SUPERVISOR, inboxes=[inbox])
    id = await desk.conversation(await desk.visitor(inbox), status="open", assignee_id=ann.id)
    with pytest.raises(NotAllowed):
        await assign(desk, bo, id, agent=bo.id)
    with pytest.raises(NotAllowed):
        await transfer(desk, bo, id, agent=bo.id)
    assert shown(await assign(desk, cai, id, agent=bo.id))[1] == "Bo"
    assert shown(await transfer(desk, bo, id, agent=ann.id))[1] == "Ann"


async def test_a_transfer_stores_its_note_with_it_for_the_team_alone(desk: Desk):
    inbox = await desk.inbox()
    ann, bo = [await desk.agent(name, inboxes=[inbox]) for name in ("Ann", "Bo")]
    li = await desk.visitor(inbox)
    id = await desk.conversation(li, status="open", assignee_id=ann.id)
    team, own = (
        desk.recorder(inbox_channel(inbox)),
        desk.recorder(contact_channel(li.contact_id), team=False),
    )
    state = await transfer(desk, ann, id, agent=bo.id, note="Wants an **invoice**")
    assert shown(state) == (Status.OPEN, "Bo", None, True)
    note, moved = await timeline(desk, bo, id)
    assert (note.type, note.text) == (Entry.NOTE, "Wants an **invoice**")
    assert moved.activity is not None
    assert moved.activity.what == "transferred"
    assert moved.activity.agent is not None
    assert moved.activity.agent.name == "Bo"
    assert moved.activity.values == Details(how="transferred", from_=ann.id)
    assert [one.seq for one in team.events] == [1, 2]
    assert [one.seq for one in own.events] == [2]
    with pytest.raises(BadInput):
        await transfer(desk, bo, id, agent=ann.id, note="x" * 10_001)
    assert len(await timeline(desk, bo, id)) == 2  # the refused one left nothing


async def test_a_supervisor_takes_over_and_the_audit_trail_knows(desk: Desk):
    inbox = await desk.inbox()
    ann = await desk.agent("Ann", inboxes=[inbox])
    cai = await desk.agent("Cai", role=AgentRole.SUPERVISOR, inboxes=[inbox])
    id = await desk.conversation(await desk.visitor(inbox), status="open", assignee_id=ann.id)
    with pytest.raises(NotAllowed):
        await take_over(desk, ann, id)
    assert shown(await take_over(desk, cai, id)) == (Status.OPEN, "Cai", None, False)
    await take_over(desk, cai, id)
    (trace,) = await rows(desk, schema.audit)
    assert (trace.actor, trace.act) == (cai.key, "conversation.take_over")
    assert trace.subject == f"conversation#{id}"


async def test_a_bot_hands_off_to_the_queue_or_a_team(desk: Desk):
    inbox = await desk.inbox()
    bot = await desk.agent("Bot", role=AgentRole.BOT, inboxes=[inbox])
    ann = await desk.agent("Ann", inboxes=[inbox])
    team = await desk.insert(schema.team, name="Sales")
    await desk.insert(schema.team_agent, team_id=team, agent_id=ann.id)
    id = await desk.conversation(
        await desk.visitor(inbox), status="pending", assignee_id=bot.id, queued_ms=None
    )
    do = HandOff(conversation=id, team=team, note="Wants a person")
    assert shown(await handling.hand_off(desk.call(bot), do)) == (Status.QUEUED, None, team, False)
    note, moved = await timeline(desk, ann, id)
    assert (note.sender.role, note.text) == (Role.BOT, "Wants a person")
    assert moved.activity is not None
    assert moved.activity.values == Details(reason="handed_off")
    again = HandOff(conversation=id)
    await handling.hand_off(desk.call(bot), again)
    assert len(await timeline(desk, ann, id)) == 2
    await pick(desk, ann, id)
    with pytest.raises(IllegalState):
        await handling.hand_off(desk.call(bot), again)


async def test_a_conversation_of_the_rooms_protocol_stays_in_its_room(desk: Desk):
    inbox = await desk.inbox(kind="classic")
    ann = await desk.agent("Ann", inboxes=[inbox])
    id = await desk.conversation(await desk.visitor(inbox), kind="rooms", status="open")
    with pytest.raises(IllegalState):
        await assign(desk, ann, id, agent=ann.id)
