"""Whether an agent takes conversations."""

from __future__ import annotations

import pytest
from sqlalchemy import Connection, select

from kefu.actions.availability import (
    SetAvailability,
    begin_presence,
    set_availability,
)
from kefu.core.actors import AgentRole
from kefu.core.desk import Availability
from kefu.core.errors import NotAllowed, NotFound
from kefu.core.signals import Presence
from kefu.hub import TEAM_CHANNEL, agent_channel
from kefu.storage import schema
from tests.actions.desk import NOW_MS, Desk
from tests.conftest import clock

ONLINE = SetAvailability(availability=Availability.ONLINE)


async def assignee(desk: Desk, id: int) -> int | None:
    def read(conn: Connection) -> int | None:
        table = schema.conversation
        return conn.scalar(select(table.c.assignee_id).where(table.c.id == id))

    await desk.settled()
    return await desk.ctx.database.read(read)


async def test_whoever_goes_online_is_told_of_and_gets_the_next(desk: Desk):
    inbox = await desk.inbox()
    ann = await desk.agent("Ann", inboxes=[inbox])
    id = await desk.conversation(await desk.visitor(inbox))
    desk.recorder(agent_channel(ann.id))
    team = desk.recorder(TEAM_CHANNEL)
    answer = await set_availability(desk.call(ann), ONLINE)
    assert (answer.agent, answer.availability, answer.connected) == (ann.id, "online", True)
    assert team.signals == [
        Presence(agent=ann.id, availability=Availability.ONLINE, connected=True)
    ]
    assert await assignee(desk, id) == ann.id


@pytest.mark.asyncio(loop_factories=["clock"])
async def test_who_comes_gets_the_next_and_who_stays_away_is_told_of(desk: Desk):
    await begin_presence(desk.ctx)
    inbox = await desk.inbox()
    ann = await desk.agent("Ann", inboxes=[inbox], availability=Availability.ONLINE)
    times = {"created_ms": NOW_MS, "seen_ms": NOW_MS, "expires_ms": 2 * NOW_MS}
    await desk.insert(schema.session, token_hash="h", agent_id=ann.id, **times)
    id = await desk.conversation(await desk.visitor(inbox))
    team, console, other = desk.recorder(TEAM_CHANNEL), desk.recorder(), desk.recorder()
    here = Presence(agent=ann.id, availability=Availability.ONLINE, connected=True)
    for one in (console, other):
        desk.hub.listen(agent_channel(ann.id), one)
    assert await assignee(desk, id) == ann.id
    assert team.signals == [here]
    desk.hub.ignore(agent_channel(ann.id), console)
    desk.hub.ignore(agent_channel(ann.id), other)
    await clock().advance(29.9)
    desk.hub.listen(agent_channel(ann.id), console)  # one who polls, say
    await clock().advance(0.1)
    await desk.settled()
    assert team.signals == [here, here]
    desk.hub.ignore(agent_channel(ann.id), console)
    await desk.settled()
    await clock().advance(29.9)
    assert team.signals[2:] == []
    await clock().advance(0.1)
    await desk.settled()
    assert team.signals[2:] == [
        Presence(agent=ann.id, availability=Availability.ONLINE, connected=False)
    ]


async def test_a_supervisor_sets_it_for_others_and_the_audit_trail_knows(desk: Desk):
    inbox = await desk.inbox()
    ann, bo = [await desk.agent(name, inboxes=[inbox]) for name in ("Ann", "Bo")]
    cai = await desk.agent("Cai", role=AgentRole.SUPERVISOR, inboxes=[inbox])
    do = SetAvailability(availability=Availability.AWAY, agent=ann.id)
    with pytest.raises(NotAllowed):
        await set_availability(desk.call(bo), do)
    assert (await set_availability(desk.call(cai), do)).availability == "away"

    def read(conn: Connection) -> list[tuple[str, str, str]]:
        rows = conn.execute(select(schema.audit))
        return [(row.actor, row.act, row.subject) for row in rows]

    trace = (cai.key, "agent.set_availability", ann.key)
    assert await desk.ctx.database.read(read) == [trace]
    await set_availability(desk.call(ann), do)  # one's own is nobody's business
    assert await desk.ctx.database.read(read) == [trace]


async def test_who_is_not_there_or_is_a_bot_has_no_availability(desk: Desk):
    cai = await desk.agent("Cai", role=AgentRole.SUPERVISOR)
    gone = await desk.agent("Gone", active=0)
    bot = await desk.agent("Bot", role=AgentRole.BOT)
    for id, refusal in ((gone.id, NotFound), (999, NotFound), (bot.id, NotAllowed)):
        with pytest.raises(refusal):
            await set_availability(
                desk.call(cai), SetAvailability(availability=Availability.AWAY, agent=id)
            )
