"""A desk on a store of each kind."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from kefu.storage.database import Database
from tests.actions.desk import Desk
from tests.databases import BACKENDS, ready_url


@pytest.fixture(params=BACKENDS)
async def desk(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Desk]:
    """A house to act in; see ``tests.actions.desk``."""
    with ready_url(request.param, tmp_path) as url:
        database = Database(url)
        await database.start()
        house = await Desk.on(database)
        yield house
        await house.settled()
        await database.close()
