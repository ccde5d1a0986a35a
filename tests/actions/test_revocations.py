"""What ended elsewhere, or by itself, is noticed at the next look."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select, update

from kefu.actions.context import DAY_MS, Tx, commit
from kefu.actions.leaving import Deactivate, deactivate_agent
from kefu.actions.revocations import Revocations, revoke
from kefu.core.actors import Standing
from kefu.core.endings import Ending
from kefu.core.states import Status
from kefu.hub import agent_channel, contact_channel, session_channel
from kefu.storage import schema
from kefu.storage.turns import NO_TURN
from tests.actions.acts import chat
from tests.actions.desk import Desk
from tests.actions.people import hire, sign_in


async def end(desk: Desk, channel: str, why: Ending = Ending.DEACTIVATED) -> None:
    await commit(desk.call(Standing.SERVER), lambda tx: revoke(tx, channel, why))


async def count(desk: Desk, table) -> int:
    return await desk.ctx.database.read(
        lambda conn: int(conn.scalar(select(func.count()).select_from(table)) or 0)
    )


async def test_what_another_server_revoked_is_closed_here(desk: Desk):
    here, elsewhere = desk, await Desk.on(desk.ctx.database)
    recorder = here.recorder(session_channel(7))
    revocations = Revocations(here.ctx)
    await revocations.look()
    await end(elsewhere, session_channel(7))
    assert recorder.reasons == []
    await revocations.look()
    assert recorder.reasons == ["deactivated"]
    await revocations.look()
    assert recorder.reasons == ["deactivated"]


async def test_what_was_revoked_here_closes_nobody_who_came_back_meanwhile(desk: Desk):
    revocations = Revocations(desk.ctx)
    recorder = desk.recorder(session_channel(7))
    await end(desk, session_channel(7), Ending.ACCESS_CHANGED)
    assert recorder.reasons == ["access_changed"]
    returned = desk.recorder(session_channel(7))
    await revocations.look()
    assert returned.reasons == []


async def test_what_is_undone_revokes_nothing(desk: Desk):
    recorder = desk.recorder(agent_channel(7))

    def work(tx: Tx) -> None:
        revoke(tx, agent_channel(7), Ending.DEACTIVATED)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await commit(desk.call(Standing.SERVER), work)
    await Revocations(desk.ctx).look()
    assert recorder.reasons == []


async def test_old_revocations_are_forgotten_and_no_number_comes_twice(desk: Desk):
    revocations = Revocations(desk.ctx)
    for number in range(3):
        await end(desk, session_channel(number))
    await revocations.look()
    desk.clock.advance(2 * 86_400)
    await revocations.tidy()
    assert await count(desk, schema.revocation) == 1
    other = await Desk.on(desk.ctx.database)
    recorder = desk.recorder(session_channel(9))
    await end(other, session_channel(9))
    await revocations.look()
    assert recorder.reasons == ["deactivated"]


async def test_a_session_whose_time_is_over_is_forgotten(desk: Desk):
    li = await hire(desk, "li@example.com")
    await sign_in(desk, li, expires_ms=desk.clock.now_ms + 60_000)
    await sign_in(desk, li)
    revocations = Revocations(desk.ctx)
    await revocations.tidy()
    assert await count(desk, schema.session) == 2
    desk.clock.advance(60)
    await revocations.tidy()
    assert await count(desk, schema.session) == 1


async def test_a_session_is_in_use_while_something_is_connected_by_it(desk: Desk):
    li = await hire(desk, "li@example.com")
    _, connected = await sign_in(desk, li)
    await sign_in(desk, li)
    recorder = desk.recorder(session_channel(connected.session_id or 0))
    revocations = Revocations(desk.ctx)
    for _ in range(8):
        desk.clock.advance(86_400)
        await revocations.tidy()
    assert recorder.reasons == []
    left = await desk.ctx.database.read(
        lambda conn: conn.scalars(select(schema.session.c.id)).all()
    )
    assert left == [connected.session_id]


async def test_tries_and_links_whose_time_is_over_are_forgotten(desk: Desk):
    now_ms, tables = desk.clock.now_ms, (schema.login_attempt, schema.one_time_link)
    await desk.insert(schema.login_attempt, key="account", at_ms=now_ms)
    link = {"token_hash": "hash", "purpose": "setup", "expires_ms": now_ms + DAY_MS}
    await desk.insert(schema.one_time_link, **link)
    revocations = Revocations(desk.ctx)
    await revocations.tidy()
    assert [await count(desk, table) for table in tables] == [1, 1]
    desk.clock.advance(86_400)
    await revocations.tidy()
    assert [await count(desk, table) for table in tables] == [0, 0]


async def test_what_was_open_with_whoever_was_let_go_by_a_command_is_queued_by_the_server(
    desk: Desk,
):
    inbox = await desk.inbox()
    li = await hire(desk, "li@example.com", inboxes=[inbox])
    visitor, id = await chat(desk, inbox)
    table = schema.conversation
    taken = {"status": "open", "assignee_id": li.id} | NO_TURN
    await desk.ctx.database.write(
        lambda conn: conn.execute(update(table).where(table.c.id == id).values(taken))
    )
    elsewhere = await Desk.on(desk.ctx.database)
    await deactivate_agent(elsewhere.call(Standing.OPERATOR), Deactivate(agent=li.id))
    seen = desk.recorder(contact_channel(visitor.contact_id))
    await Revocations(desk.ctx).look()
    (event,) = seen.events
    assert event.state
    assert (event.state.status, event.state.assignee) == (Status.QUEUED, None)
