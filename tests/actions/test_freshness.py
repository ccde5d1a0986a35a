"""A stale snapshot and what was told since make a fresh one, for every command and both sides."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import select

from kefu.actions.assignment import assign_waiting
from kefu.actions.catalogue import COMMANDS
from kefu.actions.sweeps import return_snoozed
from kefu.hub import agent_channel
from kefu.storage import schema
from kefu.storage.database import Database
from tests.actions.desk import NOW_MS, Desk
from tests.actions.freshness import CASES, LATER, QUIET
from tests.actions.recording import FOLDER, Recording
from tests.actions.scene import Scene, Watch
from tests.databases import ready_url

CHANGING = sorted(command.name for command in COMMANDS if command.changes)


@pytest.fixture
async def quick_desk(tmp_path: Path) -> AsyncIterator[Desk]:
    """A desk on SQLite."""
    with ready_url("sqlite", tmp_path) as url:
        database = Database(url)
        await database.start()
        yield await Desk.on(database)
        await database.close()


async def watch(desk: Desk, scene: Scene) -> list[Watch]:
    """The team, and every contact of the scene."""
    ours = select(schema.contact.c.id).where(schema.contact.c.id >= scene.li.contact_id)
    ids = await desk.ctx.database.read(lambda conn: conn.scalars(ours).all())
    return [Watch(desk, from_id=scene.chat), *[Watch(desk, id) for id in ids]]


async def heard_of(desk: Desk, name: str, recording: Recording | None = None) -> int:
    """Carry a command's case out before everybody's eyes; how much they heard of it."""
    scene = await Scene.on(desk)
    heard = 0
    for who, fields in await CASES[name](scene):
        watches = await watch(desk, scene)
        for one in watches:
            await one.look()
        await scene.act(name, who, **fields)
        await desk.settled()
        for one in watches:
            if not one.is_gone:
                heard += await one.check(recording)
    return heard


def test_every_command_that_changes_something_has_a_case():
    assert sorted(CASES) == CHANGING


@pytest.mark.parametrize("name", CHANGING)
async def test_what_was_told_makes_a_stale_copy_fresh(
    quick_desk: Desk, name: str, pytestconfig: pytest.Config
):
    recording = Recording(name)
    heard = await heard_of(quick_desk, name, recording)
    assert bool(heard) != (name in QUIET)
    recording.check(update=pytestconfig.getoption("update_fixtures"))


def test_no_case_is_on_file_whose_command_is_gone():
    assert {path.stem for path in FOLDER.iterdir()} <= {*CHANGING}


async def test_what_the_server_does_by_itself_is_told_as_well(desk: Desk):
    scene = await Scene.on(desk)
    _, waiting = await scene.begin()
    await scene.set_status("snoozed", until=LATER)
    await scene.act("agent.set_availability", scene.bob, availability="online")
    desk.recorder(agent_channel(scene.bob.id))  # Bob's console
    watches = await watch(desk, scene)
    for one in watches:
        await one.look()
    assign_waiting(desk.ctx)
    desk.clock.now_ms = NOW_MS + 365 * 86_400_000
    await return_snoozed(desk.ctx)
    await desk.settled()
    told = {event.conversation for event in watches[0].heard.events}
    assert told == {scene.chat, waiting}
    for one in watches:
        await one.check()


@pytest.mark.postgres
async def test_what_was_told_makes_a_stale_copy_fresh_on_postgresql(tmp_path: Path):
    with ready_url("postgresql", tmp_path) as url:
        database = Database(url)
        await database.start()
        desk = await Desk.on(database)
        for name in CASES:
            if name not in QUIET:
                assert await heard_of(desk, name), name
        await database.close()
