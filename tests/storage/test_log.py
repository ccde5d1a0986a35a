"""SQLite's log does not grow for ever, however people read."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import Connection, text

from kefu.storage import writer
from kefu.storage.database import Database
from kefu.storage.migrations import migrate
from tests.storage.chat import append, says, seqs

MIB = 1024 * 1024
LONG = "x" * MIB


@pytest.fixture
async def database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Database]:
    """Whose log is long with 4 MiB, and looked at after each commit."""
    monkeypatch.setattr(writer, "LOG_BYTES", 4 * MIB)
    monkeypatch.setattr(writer, "LOG_LOOK_S", 0.0)
    monkeypatch.setattr(writer, "LOG_SHARE", 1.0)
    url = f"sqlite:///{tmp_path / 'kefu.db'}"
    migrate(url)
    database = Database(url)
    await database.start()
    yield database
    await database.close()


async def read_hand_over_hand(database: Database, ended: asyncio.Event) -> None:
    """Read without a pause: each snapshot is held until the next one has been taken."""
    before = threading.Event()
    held: asyncio.Task[None] | None = None
    while not ended.is_set():
        taken, over = threading.Event(), threading.Event()

        def hold(
            conn: Connection,
            taken: threading.Event = taken,
            over: threading.Event = over,
        ) -> None:
            conn.scalar(text("SELECT count(*) FROM message"))
            taken.set()
            assert over.wait(20)

        reading = asyncio.create_task(database.read(hold))
        await asyncio.to_thread(taken.wait, 20)
        before.set()
        if held:
            await held
        held, before = reading, over
    before.set()
    if held:
        await held


async def test_readers_that_always_overlap_do_not_keep_the_log_growing(
    tmp_path: Path, database: Database
):
    ended = asyncio.Event()
    reading = asyncio.create_task(read_hand_over_hand(database, ended))
    longest = 0
    for i in range(60):
        assert seqs(await append(database, says(f"{i}", LONG))) == [i + 1]
        longest = max(longest, (tmp_path / "kefu.db-wal").stat().st_size)
    ended.set()
    await reading
    assert longest < 30 * MIB  # of 60 that were written


async def test_a_reader_that_stays_costs_others_a_moment_and_no_message(
    tmp_path: Path, database: Database, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(writer, "LOG_WAIT_MS", 1)
    taken, over = threading.Event(), threading.Event()

    def stay(conn: Connection) -> None:
        conn.scalar(text("SELECT count(*) FROM message"))
        taken.set()
        assert over.wait(20)

    staying = asyncio.create_task(database.read(stay))
    await asyncio.to_thread(taken.wait, 20)
    sent = [await append(database, says(f"{i}", LONG)) for i in range(20)]
    assert [seqs(one) for one in sent] == [[i + 1] for i in range(20)]
    over.set()
    await staying
    long = (tmp_path / "kefu.db-wal").stat().st_size
    await append(database, says("then"), says("and then"))
    for i in range(5):  # begun anew: what is written now is written over the log's beginning
        await append(database, says(f"later {i}", LONG))
    assert (tmp_path / "kefu.db-wal").stat().st_size <= long
