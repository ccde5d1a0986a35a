"""A stale snapshot and what was told since make a fresh one, for every command and both sides."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import select

from kefu.actions.catalogue import COMMANDS
from kefu.storage import schema
from kefu.storage.database import Database
from tests.actions.desk import Desk
from tests.actions.freshness import CASES, QUIET
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


async def heard_of(desk: Desk, name: str) -> int:
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
                heard += await one.check()
    return heard


def test_every_command_that_changes_something_has_a_case():
    assert sorted(CASES) == CHANGING


@pytest.mark.parametrize("name", CHANGING)
async def test_what_was_told_makes_a_stale_copy_fresh(quick_desk: Desk, name: str):
    heard = await heard_of(quick_desk, name)
    assert bool(heard) != (name in QUIET)


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
