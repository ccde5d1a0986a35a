"""Offers end, and what is given to somebody who is not there waits in front."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, func, select, update

from kefu.actions.assignment import assign_waiting, begin_assigning
from kefu.actions.availability import SetAvailability, begin_presence, set_availability
from kefu.actions.handling import (
    AssignConversation,
    OneConversation,
    TransferConversation,
    assign_conversation,
    transfer_conversation,
)
from kefu.actions.messages import SendMessage, send_message
from kefu.actions.offers import (
    accept_conversation,
    decline_conversation,
    end_offers,
    hold_conversation,
)
from kefu.actions.places import GetQueuePosition, get_queue_position
from kefu.actions.sessions import Logout, logout
from kefu.actions.status import SetStatus, set_status
from kefu.actions.sweeps import return_snoozed, run_sweeps
from kefu.actions.visitor import MarkRead, ShowTyping, mark_read, show_typing
from kefu.core.actors import Agent, Visitor
from kefu.core.desk import Activity, Availability, Conversation, Details, at
from kefu.core.errors import Conflict, IllegalState
from kefu.core.signals import Presence
from kefu.core.states import Status
from kefu.hub import TEAM_CHANNEL, agent_channel
from kefu.storage import desk as stored
from kefu.storage import schema
from kefu.storage.database import Database
from tests.actions.acts import chat, notes, says, timeline
from tests.actions.desk import NOW_MS, Desk, Recorder
from tests.conftest import clock
from tests.databases import ready_url

WAITED_S = 45.0


@asynccontextmanager
async def server_on(url: str, now_ms: int = NOW_MS) -> AsyncIterator[Desk]:
    """A server that begins on this store, and ends without a word."""
    database = Database(url)
    await database.start()
    desk = await Desk.on(database)
    desk.clock.now_ms = now_ms
    await begin_presence(desk.ctx)
    yield desk
    await desk.settled()
    await database.close()


def connect(desk: Desk, agent: Agent) -> Recorder:
    return desk.recorder(agent_channel(agent.id))


async def lose(desk: Desk, agent: Agent, ear: Recorder) -> None:
    desk.hub.ignore(agent_channel(agent.id), ear)
    await desk.settled()


async def sign_in(desk: Desk, agent: Agent) -> int:
    times = {"created_ms": NOW_MS, "seen_ms": NOW_MS, "expires_ms": NOW_MS + 86_400_000}
    return await desk.insert(schema.session, token_hash=f"h{agent.id}", agent_id=agent.id, **times)


async def state_of(desk: Desk, id: int) -> Conversation:
    return await desk.ctx.database.read(lambda conn: stored.get_conversation(conn, id))


async def assignee(desk: Desk, id: int) -> int | None:
    await desk.settled()
    found = (await state_of(desk, id)).assignee
    return found.id if found else None


async def last_activity(desk: Desk, id: int) -> Activity:
    return [one.activity for one in await timeline(desk, id) if one.activity][-1]


async def offered(desk: Desk, *names: str) -> tuple[list[Agent], Visitor, int]:
    """Agents, and a conversation that the first one is offered by the queue."""
    inbox = await desk.inbox()
    agents = [await desk.agent(name, inboxes=[inbox]) for name in names or ("Ann",)]
    for one in agents:
        connect(desk, one)
    visitor, id = await chat(desk, inbox)
    assign_waiting(desk.ctx)
    assert await assignee(desk, id) == agents[0].id
    return agents, visitor, id


async def wait(desk: Desk, seconds: float) -> int | None:
    desk.clock.advance(seconds)
    ends_ms = await end_offers(desk.ctx)
    await desk.settled()
    return ends_ms


async def test_an_offer_says_when_it_ends_and_then_goes_back_to_its_place(desk: Desk):
    (ann, _), _, id = await offered(desk, "Ann", "Bo")
    first = await state_of(desk, id)
    assert first.offer_expires_at == at(NOW_MS + 45_000)
    assert await wait(desk, WAITED_S - 0.001) == NOW_MS + 45_000
    assert await assignee(desk, id) == ann.id
    await wait(desk, 0.001)
    state = await state_of(desk, id)
    assert (state.status, state.assignee, state.offered) == (Status.QUEUED, None, False)
    assert state.offer_expires_at is None
    told = await last_activity(desk, id)
    assert (told.what, told.values) == ("queued", Details(reason="missed", from_=ann.id))


async def test_who_let_it_pass_is_offered_it_only_after_all_others(desk: Desk):
    (ann, bo), _, id = await offered(desk, "Ann", "Bo")
    await wait(desk, WAITED_S)
    assign_waiting(desk.ctx)
    assert await assignee(desk, id) == bo.id
    await wait(desk, WAITED_S)
    assign_waiting(desk.ctx)
    assert await assignee(desk, id) == ann.id


async def test_who_declined_it_is_not_offered_it_again_though_all_others_let_it_pass(desk: Desk):
    (ann, bo), _, id = await offered(desk, "Ann", "Bo")
    await decline_conversation(desk.call(ann), OneConversation(conversation=id))
    assign_waiting(desk.ctx)
    assert await assignee(desk, id) == bo.id
    await wait(desk, WAITED_S)
    assign_waiting(desk.ctx)
    assert await assignee(desk, id) == bo.id


async def test_what_nobody_answered_keeps_its_place_before_who_came_later(desk: Desk):
    _, first, id = await offered(desk)
    later, other = await chat(desk, first.inbox_id)
    await wait(desk, WAITED_S)

    async def place(who: Visitor, id: int) -> int | None:
        do = GetQueuePosition(conversation=id)
        return (await get_queue_position(desk.call(who), do)).position

    assert (await place(first, id), await place(later, other)) == (1, 2)


async def test_a_page_left_open_is_offered_two_and_is_away_then(desk: Desk):
    (ann,), _, id = await offered(desk)
    team = desk.recorder(TEAM_CHANNEL)
    for _ in range(3):
        await wait(desk, WAITED_S)
        assign_waiting(desk.ctx)
    assert await assignee(desk, id) is None
    away = Presence(agent=ann.id, availability=Availability.AWAY, connected=True, missed=2)
    assert team.signals == [away]
    back = SetAvailability(availability=Availability.ONLINE)
    await set_availability(desk.call(ann), back)
    assert await assignee(desk, id) == ann.id
    await wait(desk, WAITED_S)
    assert team.signals[-1].missed == 0  # one more is the first again


async def test_several_that_pass_at_once_are_one_miss_and_an_answer_forgives(desk: Desk):
    (ann,), _, id = await offered(desk)
    inbox = (await state_of(desk, id)).inbox or 0
    for _ in range(2):
        await chat(desk, inbox)
    assign_waiting(desk.ctx)
    await desk.settled()

    async def missed() -> int:
        chosen = select(schema.agent.c.missed).where(schema.agent.c.id == ann.id)
        return await desk.ctx.database.read(lambda conn: int(conn.scalar(chosen) or 0))

    await wait(desk, WAITED_S)
    assert await missed() == 1
    assign_waiting(desk.ctx)
    await desk.settled()
    await accept_conversation(desk.call(ann), OneConversation(conversation=id))
    assert await missed() == 0


@pytest.mark.parametrize("how", ["accept", "answer", "answer with a quote"])
async def test_what_is_accepted_stays(desk: Desk, how: str):
    (ann,), _, id = await offered(desk)
    if how == "accept":
        await accept_conversation(desk.call(ann), OneConversation(conversation=id))
    else:
        quote: dict[str, Any] = {"quote": 2} if "quote" in how else {}
        await says(desk, ann, id, "Yes?", **quote)
    told = await last_activity(desk, id)
    how_told = None if how == "accept" else "answered"
    assert (told.what, told.values.how) == ("accepted", how_told)
    assert await wait(desk, 1_000) is None
    state = await state_of(desk, id)
    assert (state.status, state.offered) == (Status.OPEN, False)
    assert state.assignee is not None
    assert state.assignee.id == ann.id


async def test_two_answers_at_once_accept_once(desk: Desk):
    (ann,), _, id = await offered(desk)
    await asyncio.gather(says(desk, ann, id), says(desk, ann, id))
    told = [one.activity.what for one in await timeline(desk, id) if one.activity]
    assert told.count("accepted") == 1


async def test_reading_a_note_and_a_colleagues_answer_accept_nothing(desk: Desk):
    (ann, bo), _, id = await offered(desk, "Ann", "Bo")
    await mark_read(desk.call(ann), MarkRead(conversation=id, seq=2))
    await notes(desk, ann, id)
    await says(desk, bo, id)
    assert (await state_of(desk, id)).offered
    assert await wait(desk, WAITED_S) is None
    assert (await state_of(desk, id)).status is Status.QUEUED


async def test_an_offer_is_held_while_accept_is_and_no_longer_than_that(desk: Desk):
    (ann,), _, id = await offered(desk)
    do = OneConversation(conversation=id)
    assert (await hold_conversation(desk.call(ann), do)).expires_at == at(NOW_MS + 45_000)
    await wait(desk, 44)
    assert (await hold_conversation(desk.call(ann), do)).expires_at == at(NOW_MS + 54_000)
    for _ in range(5):
        await wait(desk, 9)
        held = await hold_conversation(desk.call(ann), do)
    assert held.expires_at == at(NOW_MS + 90_000)  # now it is the 89th second
    await wait(desk, 1)
    assert (await state_of(desk, id)).status is Status.QUEUED
    with pytest.raises(Conflict):
        await hold_conversation(desk.call(ann), do)


async def test_who_types_in_it_holds_it_and_others_do_not(desk: Desk):
    (ann, bo), li, id = await offered(desk, "Ann", "Bo")
    desk.clock.advance(40)
    do = ShowTyping(conversation=id)
    for who in (bo, li):
        await show_typing(desk.call(who), do)
    assert await end_offers(desk.ctx) == NOW_MS + 45_000
    await show_typing(desk.call(ann), do)
    assert await end_offers(desk.ctx) == NOW_MS + 50_000
    await wait(desk, 10)
    assert (await state_of(desk, id)).status is Status.QUEUED


async def test_what_was_accepted_is_not_held(desk: Desk):
    (ann,), _, id = await offered(desk)
    await accept_conversation(desk.call(ann), OneConversation(conversation=id))
    with pytest.raises(IllegalState):
        await hold_conversation(desk.call(ann), OneConversation(conversation=id))
    desk.clock.advance(40)
    await show_typing(desk.call(ann), ShowTyping(conversation=id))


async def test_an_offer_outlives_a_page_loaded_anew_and_no_more(desk: Desk):
    await begin_presence(desk.ctx)
    inbox = await desk.inbox()
    ann = await desk.agent("Ann", inboxes=[inbox])
    await sign_in(desk, ann)
    ear = connect(desk, ann)
    await desk.settled()
    _, id = await chat(desk, inbox)
    assign_waiting(desk.ctx)
    await desk.settled()
    await lose(desk, ann, ear)
    await wait(desk, 10)
    ear = connect(desk, ann)  # in time
    await desk.settled()
    assert await wait(desk, 25) == NOW_MS + 45_000
    assert await assignee(desk, id) == ann.id
    await hold_conversation(desk.call(ann), OneConversation(conversation=id))
    await lose(desk, ann, ear)
    ends_ms = await wait(desk, 0)
    assert ends_ms == NOW_MS + 45_000
    await hold_conversation(desk.call(ann), OneConversation(conversation=id))
    await wait(desk, 9)
    await hold_conversation(desk.call(ann), OneConversation(conversation=id))
    await wait(desk, 9)
    await hold_conversation(desk.call(ann), OneConversation(conversation=id))
    assert await wait(desk, 9) == desk.clock.now_ms + 1_000
    await hold_conversation(desk.call(ann), OneConversation(conversation=id))
    assert await wait(desk, 2.999) == desk.clock.now_ms + 1
    await wait(desk, 0.001)
    told = await last_activity(desk, id)
    assert (told.what, told.values) == ("queued", Details(reason="gone", from_=ann.id))


async def test_signing_out_ends_ones_offers_at_once_unless_another_browser_is_there(desk: Desk):
    await begin_presence(desk.ctx)
    inbox = await desk.inbox()
    ann = await desk.agent("Ann", inboxes=[inbox])
    session_id = await sign_in(desk, ann)
    ear, other = connect(desk, ann), connect(desk, ann)
    await desk.settled()
    _, id = await chat(desk, inbox)
    assign_waiting(desk.ctx)
    await desk.settled()
    signed_in = Agent(ann.id, ann.name, ann.role, ann.inboxes, session_id=session_id)
    await logout(desk.call(signed_in), Logout())
    await lose(desk, ann, ear)
    await wait(desk, 0)
    assert await assignee(desk, id) == ann.id
    await lose(desk, ann, other)
    await wait(desk, 0)
    assert (await last_activity(desk, id)).values.reason == "gone"


async def test_an_offer_ends_in_time_though_the_server_was_killed(tmp_path: Path):
    with ready_url("sqlite", tmp_path) as url:
        async with server_on(url) as desk:
            (ann,), _, id = await offered(desk)
            await sign_in(desk, ann)
        async with server_on(url, NOW_MS + 20_000) as desk:
            connect(desk, ann)
            await desk.settled()
            assert await wait(desk, 24.999) == NOW_MS + 45_000
            await wait(desk, 0.001)
            assert (await last_activity(desk, id)).values == Details(reason="missed", from_=ann.id)


async def test_who_does_not_come_back_after_a_restart_is_gone_after_the_grace(tmp_path: Path):
    with ready_url("sqlite", tmp_path) as url:
        async with server_on(url) as desk:
            (ann,), _, id = await offered(desk)
            desk.clock.advance(44)
            await hold_conversation(desk.call(ann), OneConversation(conversation=id))
        async with server_on(url, NOW_MS + 45_000) as desk:
            assert await wait(desk, 0) == NOW_MS + 54_000


@pytest.mark.asyncio(loop_factories=["clock"])
async def test_the_server_ends_them_by_itself(desk: Desk):
    begin_assigning(desk.ctx)
    _, _, id = await offered(desk)
    loop = clock()
    task = loop.create_task(run_sweeps(desk.ctx))
    desk.clock.now_ms = NOW_MS + 45_000
    while (await state_of(desk, id)).offered:
        await loop.advance(1.0 if loop.now_s < 1045.0 else 0.0)
    task.cancel()


async def set_agent(desk: Desk, agent: Agent, **values: Any) -> None:
    table = schema.agent
    changed = update(table).where(table.c.id == agent.id).values(values)
    await desk.ctx.database.write(lambda conn: conn.execute(changed))


LONG_GONE: dict[str, Any] = {"gone_ms": NOW_MS - 30_000}
JUST_GONE: dict[str, Any] = {"gone_ms": NOW_MS - 29_999}


async def rests_with(desk: Desk, holder: Agent, inbox: int, status: str) -> tuple[Visitor, int]:
    visitor, id = await chat(desk, inbox)
    do = AssignConversation(conversation=id, agent=holder.id)
    await assign_conversation(desk.call(holder), do)
    until = at(NOW_MS + 60_000) if status == "snoozed" else None
    rest = SetStatus(conversation=id, status=Status(status), until=until)
    await set_status(desk.call(holder), rest)
    return visitor, id


async def in_front(desk: Desk, inbox: int) -> int | None:
    """Which conversation is the first in the queue."""

    def read(conn: Connection) -> int | None:
        table = schema.conversation
        waiting = select(table.c.id).where(table.c.status == "queued", table.c.inbox_id == inbox)
        return conn.scalar(waiting.order_by(table.c.queued_id, table.c.id).limit(1))

    return await desk.ctx.database.read(read)


@pytest.mark.parametrize("status", ["pending", "snoozed", "resolved"])
@pytest.mark.parametrize("gone", [LONG_GONE, {"availability": "away"}], ids=str)
async def test_a_wake_to_somebody_who_is_not_there_is_first_in_the_queue(
    desk: Desk, status: str, gone: dict[str, Any]
):
    inbox = await desk.inbox()
    ann = await desk.agent("Ann", inboxes=[inbox])
    visitor, id = await rests_with(desk, ann, inbox, status)
    await chat(desk, inbox)  # somebody waits
    await set_agent(desk, ann, **gone)
    await says(desk, visitor, id, "Me again")
    state = await state_of(desk, id)
    assert (state.status, state.assignee) == (Status.QUEUED, None)
    assert await in_front(desk, inbox) == id
    told = await last_activity(desk, id)
    assert (told.what, told.values) == ("queued", Details(reason="message", absent=ann.id))
    *_, seen = await timeline(desk, id, private=False)
    assert seen.activity is not None
    assert seen.activity.status is Status.QUEUED  # the visitor is told


async def test_a_snooze_that_ends_while_nobody_is_there_is_first_in_the_queue(desk: Desk):
    inbox = await desk.inbox()
    ann = await desk.agent("Ann", inboxes=[inbox])
    ids = [(await rests_with(desk, ann, inbox, "snoozed"))[1] for _ in range(2)]
    await set_agent(desk, ann, **LONG_GONE)
    desk.clock.advance(60)
    await return_snoozed(desk.ctx)
    assert await in_front(desk, inbox) == ids[0]  # who came to the front first
    told = await last_activity(desk, ids[1])
    assert told.values == Details(reason="time", absent=ann.id)


async def test_a_wake_to_somebody_who_perhaps_comes_back_is_an_offer(desk: Desk):
    inbox = await desk.inbox()
    ann = await desk.agent("Ann", inboxes=[inbox])
    visitor, id = await rests_with(desk, ann, inbox, "pending")
    await set_agent(desk, ann, **JUST_GONE)
    await chat(desk, inbox)
    await says(desk, visitor, id, "Me again")
    state = await state_of(desk, id)
    assert (state.status, state.offered) == (Status.OPEN, True)
    await wait(desk, 0.001)
    assert (await last_activity(desk, id)).values == Details(reason="gone", from_=ann.id)
    assert await in_front(desk, inbox) == id


async def test_a_wake_to_somebody_who_is_there_is_no_offer(desk: Desk):
    inbox = await desk.inbox()
    ann = await desk.agent("Ann", inboxes=[inbox], availability="busy")
    visitor, id = await rests_with(desk, ann, inbox, "resolved")
    await says(desk, visitor, id, "Me again")
    state = await state_of(desk, id)
    assert (state.status, state.offered) == (Status.OPEN, False)
    assert state.assignee is not None
    assert state.assignee.id == ann.id


async def test_opened_again_by_a_colleague_it_does_not_go_to_who_is_gone(desk: Desk):
    inbox = await desk.inbox()
    ann, bo = [await desk.agent(name, inboxes=[inbox]) for name in ("Ann", "Bo")]
    _, id = await rests_with(desk, ann, inbox, "resolved")
    await set_agent(desk, ann, **LONG_GONE)
    do = SetStatus(conversation=id, status=Status.OPEN)
    assert (await set_status(desk.call(bo), do)).status is Status.QUEUED
    assert (await last_activity(desk, id)).values == Details(absent=ann.id)
    await rests_with(desk, ann, inbox, "resolved")
    _, own = await rests_with(desk, ann, inbox, "resolved")
    do = SetStatus(conversation=own, status=Status.OPEN)
    assert (await set_status(desk.call(ann), do)).status is Status.OPEN  # who opens it is there


@pytest.mark.parametrize("what", ["assigned", "transferred"])
async def test_what_is_given_to_somebody_who_is_not_there_is_first_in_the_queue(
    desk: Desk, what: str
):
    inbox = await desk.inbox()
    ann, bo = [await desk.agent(name, inboxes=[inbox]) for name in ("Ann", "Bo")]
    await set_agent(desk, bo, **LONG_GONE)
    _, id = await chat(desk, inbox)
    await assign_conversation(desk.call(ann), AssignConversation(conversation=id, agent=ann.id))
    await chat(desk, inbox)
    if what == "assigned":
        do = AssignConversation(conversation=id, agent=bo.id)
        answer = await assign_conversation(desk.call(ann), do)
    else:
        noted = TransferConversation(conversation=id, agent=bo.id, note="Knows the kettle")
        answer = await transfer_conversation(desk.call(ann), noted)
    assert (answer.status, answer.assignee) == (Status.QUEUED, None)
    assert await in_front(desk, inbox) == id
    told = await last_activity(desk, id)
    assert told.values == Details(how=what, from_=ann.id, absent=bo.id)  # type: ignore[arg-type]


async def test_an_offer_by_hand_ends_as_well(desk: Desk):
    inbox = await desk.inbox()
    ann, bo = [await desk.agent(name, inboxes=[inbox]) for name in ("Ann", "Bo")]
    _, id = await chat(desk, inbox)
    await assign_conversation(desk.call(ann), AssignConversation(conversation=id, agent=bo.id))
    assert await end_offers(desk.ctx) == NOW_MS + 45_000
    await wait(desk, 45)
    assert (await last_activity(desk, id)).values == Details(reason="missed", from_=bo.id)


async def test_a_new_wait_forgets_who_let_the_old_one_pass(desk: Desk):
    (ann,), visitor, id = await offered(desk)
    await wait(desk, WAITED_S)
    await send_message(desk.call(ann), SendMessage(conversation=id, text="Yes?", client_id="a"))
    await set_status(desk.call(ann), SetStatus(conversation=id, status=Status.RESOLVED))
    await set_agent(desk, ann, availability="away")
    await says(desk, visitor, id)
    count = select(func.count()).select_from(schema.declined)
    assert await desk.ctx.database.read(lambda conn: conn.scalar(count)) == 0
