"""Every way in which a conversation comes to its end leaves the same behind."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, select

import kefu
from kefu.actions.context import Tx, commit
from kefu.actions.rooms import resolve_left_open
from kefu.actions.status import SetStatus, set_status
from kefu.actions.visitor import EndConversation, end_conversation
from kefu.core.actors import Agent, AgentRole, Standing, Visitor
from kefu.core.conversation import Conversation, Kind, Member, NewMessage, Role
from kefu.core.desk import Activity
from kefu.core.states import Status
from kefu.storage import schema
from kefu.storage.appending import append_entry
from kefu.storage.database import Database
from kefu.storage.rooms import Happening, What, record_happenings
from kefu.storage.states import change
from tests.actions.acts import chat, says, timeline
from tests.actions.desk import NOW_MS, Desk

DAY_MS = 86_400_000
SOURCES = Path(kefu.__file__).parent


@pytest.fixture
async def desk(database: Database) -> AsyncIterator[Desk]:
    desk = await Desk.on(database)
    yield desk
    await desk.settled()


async def row_of(desk: Desk, id: int) -> Any:
    table = schema.conversation
    chosen = select(table).where(table.c.id == id)
    return await desk.ctx.database.read(lambda conn: conn.execute(chosen).one())


async def set_resolved(desk: Desk, who: Agent, id: int) -> None:
    await set_status(desk.call(who), SetStatus(conversation=id, status=Status.RESOLVED))


async def end(desk: Desk, who: Visitor, id: int) -> None:
    await end_conversation(desk.call(who), EndConversation(conversation=id))


@pytest.mark.parametrize("ended_by", ["agent", "bot", "visitor"])
@pytest.mark.parametrize("before", ["queued", "open", "pending", "snoozed"])
async def test_whoever_ends_an_unanswered_chat_its_row_and_event_are_the_same(
    desk: Desk, ended_by: str, before: str
):
    inbox = await desk.inbox(settings={"reopen_days": 3})
    ann = await desk.agent("Ann", inboxes=[inbox])
    bot = await desk.agent("Bot", role=AgentRole.BOT, inboxes=[inbox])
    li, id = await chat(desk, inbox)
    values = {"status": before} | ({"assignee_id": ann.id} if before == "open" else {})
    if before == "snoozed":
        values["snoozed_until_ms"] = NOW_MS + 1_000

    def put(conn: Connection) -> None:
        change(conn, id, **values)

    await desk.ctx.database.write(put)
    desk.clock.advance(60)
    match ended_by:
        case "visitor":
            await end(desk, li, id)
        case "agent":
            await set_resolved(desk, ann, id)
        case _:
            await set_resolved(desk, bot, id)
    row = await row_of(desk, id)
    now_ms = NOW_MS + 60_000
    assert (row.status, row.waiting_ms, row.queued_ms, row.queued_id) == (
        "resolved",
        None,
        None,
        None,
    )
    assert (row.snoozed_until_ms, row.reopen_until_ms) == (None, now_ms + 3 * DAY_MS)
    *_, entry = await timeline(desk, id)
    assert entry.activity == Activity(what="resolved", status=Status.RESOLVED)


async def test_who_comes_back_after_ending_waits_since_then(desk: Desk):
    inbox = await desk.inbox()
    li, id = await chat(desk, inbox)
    desk.clock.advance(60)
    await end(desk, li, id)
    desk.clock.advance(3600)
    await says(desk, li, id, "One more thing")
    row = await row_of(desk, id)
    assert (row.status, row.waiting_ms, row.queued_ms) == (
        "queued",
        desk.clock.now_ms,
        desk.clock.now_ms,
    )


@pytest.mark.parametrize("how", ["left", "restart"])
async def test_a_room_that_is_left_is_as_much_over_as_a_chat(desk: Desk, how: str):
    visitor = Member(Role.VISITOR, "Li")
    place = Conversation("rooms:1", Kind.ROOMS, (visitor,))

    def begin(conn: Connection) -> int:
        return append_entry(conn, NewMessage(place, visitor, None, "Hi", NOW_MS)).conversation_id

    id = await desk.ctx.database.write(begin)
    if how == "restart":
        await resolve_left_open(desk.ctx)
    else:

        def over(tx: Tx) -> None:
            tx.entries += record_happenings(
                tx.conn, [Happening(What.RESOLVED, place, "agent_left")], tx.now_ms
            )

        await commit(desk.call(Standing.SERVER), over)
    row = await row_of(desk, id)
    columns = (row.status, row.waiting_ms, row.queued_ms, row.queued_id, row.snoozed_until_ms)
    assert columns == ("resolved", None, None, None, None)
    *_, entry = await timeline(desk, id)
    assert entry.activity is not None
    assert (entry.activity.what, entry.activity.status) == ("resolved", Status.RESOLVED)


def test_no_other_module_says_what_a_resolved_row_is():
    writes = re.compile(r"""["']?status["']?\s*[:=]\s*Status\.RESOLVED""")
    found = {
        str(path.relative_to(SOURCES))
        for path in SOURCES.rglob("*.py")
        for line in path.read_text().splitlines()
        if writes.search(line) and not re.search(r"Activity\(|SetStatus\(", line)
    }
    assert found == {"storage/states.py"}
