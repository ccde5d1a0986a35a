"""The queue is given to agents."""

from __future__ import annotations

import time
from typing import Any

import pytest
from sqlalchemy import Connection, insert, select, update

from kefu.actions import assignment
from kefu.actions.assignment import assign_waiting, begin_assigning
from kefu.actions.availability import SetAvailability, begin_presence, set_availability
from kefu.actions.context import Tx, commit
from kefu.actions.handling import (
    AssignConversation,
    OneConversation,
    assign_conversation,
    pick_conversation,
)
from kefu.actions.leaving import Deactivate, deactivate_agent
from kefu.actions.offers import decline_conversation
from kefu.actions.places import GetQueuePosition, get_queue_position, tell_places
from kefu.actions.status import SetStatus, set_status
from kefu.core.actors import Agent, AgentRole, Visitor
from kefu.core.conversation import SYSTEM
from kefu.core.desk import Activity, Availability, Details
from kefu.core.errors import Unavailable
from kefu.core.offers import GRACE_MS
from kefu.core.signals import QueuePosition
from kefu.core.states import Move, Status
from kefu.hub import agent_channel, contact_channel, inbox_channel
from kefu.storage import schema, states
from kefu.storage.assigning import Pool, list_places, load_free
from tests.actions.acts import chat
from tests.actions.desk import NOW_MS, Desk
from tests.conftest import clock

ONLINE: dict[str, Any] = {"availability": "online"}


def connect(desk: Desk, *agents: Agent) -> None:
    for agent in agents:
        desk.recorder(agent_channel(agent.id))


async def assignees(desk: Desk, *ids: int) -> list[int | None]:
    def read(conn: Connection) -> dict[int, int | None]:
        table = schema.conversation
        return {row.id: row.assignee_id for row in conn.execute(select(table))}

    await desk.settled()
    found = await desk.ctx.database.read(read)
    return [found[id] for id in ids]


async def change(desk: Desk, table, id: int, **values) -> None:
    def work(conn: Connection) -> None:
        conn.execute(update(table).where(table.c.id == id).values(values))

    await desk.ctx.database.write(work)


async def test_the_queue_is_given_in_its_order_to_whoever_is_least_busy(desk: Desk):
    inbox = await desk.inbox()
    ann = await desk.agent("Ann", inboxes=[inbox], chat_limit=2, **ONLINE)
    bo = await desk.agent("Bo", inboxes=[inbox], chat_limit=1, **ONLINE)
    connect(desk, ann, bo)
    visitor = await desk.visitor(inbox)
    late, early, middle, later = [
        await desk.conversation(visitor, queued_ms=NOW_MS + wait) for wait in (30, 10, 20, 40)
    ]
    assign_waiting(desk.ctx)
    assert await assignees(desk, early, middle, late, later) == [ann.id, bo.id, ann.id, None]


@pytest.mark.parametrize(
    "fault",
    [
        {"availability": "busy"},
        {"availability": "away"},
        {"availability": "offline"},
        {"active": 0},
        {"role": AgentRole.BOT},
        {"chat_limit": 0},
    ],
    ids=str,
)
async def test_whoever_takes_none_gets_none(desk: Desk, fault):
    inbox = await desk.inbox()
    ann = await desk.agent("Ann", inboxes=[inbox], **(ONLINE | fault))
    connect(desk, ann)
    waiting = await desk.conversation(await desk.visitor(inbox))
    assign_waiting(desk.ctx)
    assert await assignees(desk, waiting) == [None]


async def test_only_who_is_connected_and_works_there_is_given_any(desk: Desk):
    inbox, other = await desk.inbox(), await desk.inbox()
    team = await desk.insert(schema.team, name="Sales")
    gone = await desk.agent("Gone", inboxes=[inbox], **ONLINE)
    elsewhere = await desk.agent("Elsewhere", inboxes=[other], **ONLINE)
    here = await desk.agent("Here", inboxes=[inbox], **ONLINE)
    seller = await desk.agent("Seller", inboxes=[inbox], chat_limit=1, **ONLINE)
    await desk.insert(schema.team_agent, team_id=team, agent_id=seller.id)
    await desk.insert(schema.team_agent, team_id=team, agent_id=gone.id)
    connect(desk, elsewhere, here, seller)
    visitor = await desk.visitor(inbox)
    for_team = [await desk.conversation(visitor, team_id=team) for _ in range(2)]
    for_all = await desk.conversation(visitor)
    assign_waiting(desk.ctx)
    # What waits before it for a team that has enough does not hold the last one up.
    assert await assignees(desk, *for_team, for_all) == [seller.id, None, here.id]


async def test_what_is_offered_is_told_with_the_state_and_may_come_back(desk: Desk):
    inbox = await desk.inbox()
    ann = await desk.agent("Ann", inboxes=[inbox], **ONLINE)
    connect(desk, ann)
    li = await desk.visitor(inbox)
    waiting = await desk.conversation(li, queued_ms=NOW_MS - 5)
    team, own = desk.recorder(inbox_channel(inbox)), desk.recorder(contact_channel(li.contact_id))
    desk.clock.advance(1)
    assign_waiting(desk.ctx)
    await desk.settled()
    (event,) = team.events
    assert event.state is not None
    assert event.message is not None
    assert event.state.assignee is not None
    assert (event.state.status, event.state.assignee.name) == (Status.OPEN, "Ann")
    assert event.state.offered
    assert event.message.activity is not None
    assert event.message.activity.values == Details(how="queue")
    assert own.events == team.events

    def read(conn: Connection) -> tuple[int | None, int | None]:
        table, agent = schema.conversation, schema.agent
        place = conn.scalar(select(table.c.queued_ms).where(table.c.id == waiting))
        return place, conn.scalar(select(agent.c.assigned_ms).where(agent.c.id == ann.id))

    assert await desk.ctx.database.read(read) == (NOW_MS - 5, NOW_MS + 1_000)


async def test_whoever_declined_is_not_offered_it_again(desk: Desk):
    inbox = await desk.inbox()
    ann, bo = [await desk.agent(name, inboxes=[inbox], **ONLINE) for name in ("Ann", "Bo")]
    connect(desk, ann, bo)
    li = await desk.visitor(inbox)
    refused = await desk.conversation(li)
    await desk.insert(schema.declined, conversation_id=refused, agent_id=ann.id)
    by_all = await desk.conversation(li, queued_ms=NOW_MS - 1)
    for one in (ann, bo):
        await desk.insert(schema.declined, conversation_id=by_all, agent_id=one.id)
    assign_waiting(desk.ctx)
    assert await assignees(desk, refused, by_all) == [bo.id, None]


async def test_asked_many_times_at_once_it_gives_each_once(desk: Desk):
    inbox = await desk.inbox()
    agents = [await desk.agent(inboxes=[inbox], chat_limit=3, **ONLINE) for _ in range(2)]
    connect(desk, *agents)
    li = await desk.visitor(inbox)
    waiting = [await desk.conversation(li) for _ in range(8)]
    team = desk.recorder(inbox_channel(inbox))
    for _ in range(20):
        assign_waiting(desk.ctx)
    given = await assignees(desk, *waiting)
    assert sorted(one for one in given if one) == sorted([one.id for one in agents] * 3)
    assert given[6:] == [None, None]
    assert len(team.events) == 6


async def test_every_event_that_makes_room_gives_the_next(desk: Desk):
    inbox = await desk.inbox()
    ann = await desk.agent("Ann", inboxes=[inbox], chat_limit=1, **ONLINE)
    connect(desk, ann)
    li = await desk.visitor(inbox)
    first, second = [await desk.conversation(li, queued_ms=NOW_MS + n) for n in range(2)]
    begin_assigning(desk.ctx)
    assert await assignees(desk, first, second) == [ann.id, None]
    await move(desk, first, Move.RESOLVE, Activity(what="resolved"))
    assert await assignees(desk, second) == [ann.id]
    third = await desk.conversation(li, status="resolved", queued_ms=None)
    await move(desk, second, Move.SNOOZE, Activity(what="snoozed"))
    await move(desk, third, Move.ENQUEUE, Activity(what="queued"))
    assert await assignees(desk, third) == [ann.id]


async def move(desk: Desk, id: int, to: Move, activity: Activity) -> None:
    """A move as an action makes it."""

    def work(tx: Tx) -> None:
        tx.entries.append(states.move(tx.conn, id, to, activity, by=SYSTEM, now_ms=tx.now_ms))

    await commit(desk.call(await anybody(desk)), work)


async def anybody(desk: Desk) -> Agent:
    return await desk.agent(role=AgentRole.ADMIN)


async def test_at_start_what_waits_is_given_more_than_one_transaction_takes(desk: Desk):
    inbox = await desk.inbox()
    agents = [await desk.agent(inboxes=[inbox], chat_limit=60, **ONLINE) for _ in range(2)]
    connect(desk, *agents)
    await fill(desk, await desk.visitor(inbox), 110)
    begin_assigning(desk.ctx)
    await desk.settled()
    assert await count(desk, Status.QUEUED) == 0


async def fill(desk: Desk, visitor: Visitor, number: int) -> None:
    rows = [
        {
            "key": f"desk:many{n}",
            "kind": "desk",
            "last_seq": 0,
            "created_ms": NOW_MS,
            "inbox_id": visitor.inbox_id,
            "contact_id": visitor.contact_id,
            "status": "queued",
            "queued_ms": NOW_MS,
            "queued_id": n,
        }
        for n in range(number)
    ]

    def work(conn: Connection) -> None:
        conn.execute(insert(schema.conversation), rows)

    await desk.ctx.database.write(work)


async def count(desk: Desk, status: Status) -> int:
    def read(conn: Connection) -> int:
        table = schema.conversation
        return len(conn.execute(select(table.c.id).where(table.c.status == status)).all())

    return await desk.ctx.database.read(read)


async def test_one_place_among_200_agents_and_1000_waiting_costs_little(desk: Desk):
    inbox = await desk.inbox()
    rows = [
        {"name": f"A{n}", "role": "agent", "created_ms": 0, "chat_limit": 2, **ONLINE}
        for n in range(200)
    ]

    def work(conn: Connection) -> list[int]:
        ids = conn.scalars(insert(schema.agent).returning(schema.agent.c.id), rows).all()
        seats = [{"inbox_id": inbox, "agent_id": id} for id in ids]
        conn.execute(insert(schema.inbox_agent), seats)
        return [*ids]

    ids = await desk.ctx.database.write(work)
    for id in ids:
        desk.recorder(agent_channel(id))
    await fill(desk, await desk.visitor(inbox), 1_400)
    assign_waiting(desk.ctx)
    await desk.settled()
    assert await count(desk, Status.OPEN) == 400
    took = []
    for n in range(5):
        await change(desk, schema.agent, ids[n], chat_limit=3)
        began = time.process_time()  # of this process, however busy the machine
        assign_waiting(desk.ctx)
        await desk.settled()
        took.append(time.process_time() - began)
    assert await count(desk, Status.OPEN) == 405
    assert min(took) < 0.05


async def test_places_are_told_when_they_change_and_only_then(desk: Desk):
    inbox = await desk.inbox()
    people = [await desk.visitor(inbox) for _ in range(3)]
    waiting = [await desk.conversation(one, queued_ms=NOW_MS + n) for n, one in enumerate(people)]
    heard = [desk.recorder(contact_channel(one.contact_id), team=False) for one in people]
    begin_assigning(desk.ctx)
    await move(desk, waiting[0], Move.PEND, Activity(what="pending"))
    await desk.settled()
    assert [one.signals for one in heard] == [
        [],
        [QueuePosition(conversation=waiting[1], position=1)],
        [QueuePosition(conversation=waiting[2], position=2)],
    ]
    desk.clock.advance(2)
    await move(desk, waiting[2], Move.RESOLVE, Activity(what="resolved"))
    await desk.settled()
    assert [len(one.signals) for one in heard] == [0, 1, 1]


@pytest.mark.asyncio(loop_factories=["clock"])
async def test_whether_anybody_takes_from_the_queue_is_told_when_it_changes(desk: Desk):
    inbox, other = await desk.inbox(), await desk.inbox("Other")
    li, lucy = await desk.visitor(inbox), await desk.visitor(other)
    waiting = await desk.conversation(li, queued_ms=NOW_MS)
    await desk.conversation(lucy, queued_ms=NOW_MS)
    heard, elsewhere = [desk.recorder(contact_channel(one.contact_id)) for one in (li, lucy)]
    begin_assigning(desk.ctx)
    await begin_presence(desk.ctx)

    async def told(available: Availability | None = None) -> tuple[list[bool], bool]:
        """What was heard since, and what is answered."""
        if available:
            await set_availability(desk.call(ann), SetAvailability(availability=available))
        await desk.settled()
        desk.clock.advance(2)
        await clock().advance(2)
        await desk.settled()
        signals = [one.staffed for one in heard.signals]
        heard.signals.clear()
        do = GetQueuePosition(conversation=waiting)
        return signals, (await get_queue_position(desk.call(li), do)).staffed

    tell_places(desk.ctx)
    assert await told() == ([False], False)
    ann = await desk.agent("Ann", inboxes=[inbox], availability="away")
    console = desk.recorder(agent_channel(ann.id))
    assert await told() == ([], False)
    await change(desk, schema.agent, ann.id, chat_limit=0)  # who is there has no room
    assert await told(Availability.ONLINE) == ([True], True)
    assert await told(Availability.ONLINE) == ([], True)
    assert await told(Availability.BUSY) == ([False], False)
    assert await told(Availability.ONLINE) == ([True], True)
    desk.hub.ignore(agent_channel(ann.id), console)
    await desk.settled()
    await clock().advance(GRACE_MS / 1000)
    assert await told() == ([False], False)
    assert [one.staffed for one in elsewhere.signals] == [False]


async def test_a_place_can_be_asked_for(desk: Desk):
    inbox = await desk.inbox()
    team = await desk.insert(schema.team, name="Sales")
    li = await desk.visitor(inbox)
    first = await desk.conversation(li, queued_ms=NOW_MS)
    other = await desk.conversation(li, queued_ms=NOW_MS, team_id=team)
    second = await desk.conversation(li, queued_ms=NOW_MS)
    over = await desk.conversation(li, status="resolved", queued_ms=None)
    asked = [
        await get_queue_position(desk.call(li), GetQueuePosition(conversation=id))
        for id in (first, other, second, over)
    ]
    assert [one.position for one in asked] == [1, 1, 2, None]


async def test_a_store_that_cannot_write_is_tried_again(desk: Desk, monkeypatch):
    monkeypatch.setattr(assignment, "RETRY_S", 0.0)
    inbox = await desk.inbox()
    ann = await desk.agent("Ann", inboxes=[inbox], **ONLINE)
    connect(desk, ann)
    waiting = await desk.conversation(await desk.visitor(inbox))
    faults = [Unavailable()]

    def load(conn: Connection, ids: frozenset[int]) -> Pool:
        if faults:
            raise faults.pop()
        return load_free(conn, ids)

    monkeypatch.setattr(assignment, "load_free", load)
    assign_waiting(desk.ctx)
    assert await assignees(desk, waiting) == [None]
    assert await assignees(desk, waiting) == [ann.id]


async def places(desk: Desk, *waiting: tuple[Visitor, int]) -> list[int | None]:
    return [
        (await get_queue_position(desk.call(who), GetQueuePosition(conversation=id))).position
        for who, id in waiting
    ]


async def test_who_came_first_stays_first_though_the_clock_was_an_hour_ahead(desk: Desk):
    inbox = await desk.inbox()
    ann = await desk.agent("Ann", inboxes=[inbox], chat_limit=1, **ONLINE)
    bo = await desk.agent("Bo", inboxes=[inbox], **ONLINE)
    desk.clock.advance(3600)
    first = await chat(desk, inbox)
    desk.clock.advance(-3600)
    second = await chat(desk, inbox)
    assert await places(desk, first, second) == [1, 2]

    def told(conn: Connection) -> list[tuple[int, int]]:
        return [(one.id, one.place) for one in list_places(conn, 10)]

    assert await desk.ctx.database.read(told) == [(first[1], 1), (second[1], 2)]
    connect(desk, ann)
    assign_waiting(desk.ctx)
    assert await assignees(desk, first[1], second[1]) == [ann.id, None]
    # Declined it has the place that it had; transferred to a queue it goes to the end.
    await decline_conversation(desk.call(ann), OneConversation(conversation=first[1]))
    assert await places(desk, first, second) == [1, 2]
    await pick_conversation(desk.call(bo), OneConversation(conversation=first[1]))
    put_back = SetStatus(conversation=first[1], status=Status.QUEUED)
    await set_status(desk.call(bo), put_back)
    assert await places(desk, first, second) == [2, 1]


async def test_what_somebody_had_who_leaves_goes_before_what_came_later_by_any_clock(desk: Desk):
    inbox = await desk.inbox()
    boss = await desk.agent(role=AgentRole.ADMIN)
    ann = await desk.agent("Ann", inboxes=[inbox], **ONLINE)
    desk.clock.advance(3600)
    first = await chat(desk, inbox)
    await pick_conversation(desk.call(ann), OneConversation(conversation=first[1]))
    desk.clock.advance(-3600)
    second = await chat(desk, inbox)
    await deactivate_agent(desk.call(boss), Deactivate(agent=ann.id))
    assert await places(desk, first, second) == [1, 2]


async def test_an_offer_made_by_hand_and_declined_waits_behind_what_came_before_it(desk: Desk):
    inbox = await desk.inbox()
    ann, bo = [await desk.agent(name, inboxes=[inbox], **ONLINE) for name in ("Ann", "Bo")]
    given, waiting = await chat(desk, inbox), await chat(desk, inbox)
    await pick_conversation(desk.call(ann), OneConversation(conversation=given[1]))
    desk.clock.advance(-3600)
    await assign_conversation(
        desk.call(ann), AssignConversation(conversation=given[1], agent=bo.id)
    )
    await decline_conversation(desk.call(bo), OneConversation(conversation=given[1]))
    assert await places(desk, given, waiting) == [2, 1]
