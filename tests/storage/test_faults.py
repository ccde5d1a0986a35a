"""A store that cannot write refuses a whole group, keeps nothing of it, and comes back by itself.

The faults are real ones: a lock that another connection holds, a store without space, a file that
may not grow, a server that drops its connections or refuses them, a process that is killed.
"""

from __future__ import annotations

import asyncio
import resource
import signal
import sqlite3
import subprocess
import sys
import threading
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import Connection, text

from kefu.core.conversation import Message
from kefu.core.errors import ChatError, NotStored, Unavailable
from kefu.storage.database import Database
from kefu.storage.engine import open_for_reading, writer_engine
from kefu.storage.messages import list_history
from kefu.storage.migrations import migrate
from kefu.storage.writer import Writer
from tests.databases import POSTGRESQL, postgresql
from tests.storage.chat import append, room, says, seqs


def stored(url: str) -> list[tuple[str, int, str | None]]:
    with open_for_reading(url) as conn:
        return [(m.conversation_key, m.seq, m.client_id) for _, m in list_history(conn)]


def break_down(conn: Connection) -> None:
    """Meet a fault of the database, not of the caller."""
    if conn.dialect.name == "postgresql":
        conn.execute(text("SELECT pg_terminate_backend(pg_backend_pid())"))
    conn.execute(text("SELECT * FROM nowhere"))


async def test_a_locked_store_refuses_and_resumes_when_the_lock_is_gone(url: str):
    database = Database(url, lock_wait_s=0.1)
    await database.start()
    await append(database, says("a"))
    other = writer_engine(url, lock_wait_s=1)
    with other.begin() as conn:
        if conn.dialect.name == "postgresql":
            conn.execute(text("LOCK TABLE conversation"))
        assert seqs(await append(database, says("b"), says("c"))) == ["unavailable"] * 2
    other.dispose()
    assert seqs(await append(database, says("c"))) == [2]
    await database.close()
    assert stored(url) == [("rooms:1", 1, "a"), ("rooms:1", 2, "c")]


async def test_a_fault_refuses_the_whole_group_and_who_waits_behind_it(database: Database):
    reached, opened = threading.Event(), threading.Event()

    def fault(conn: Connection) -> None:
        reached.set()
        assert opened.wait(10)
        break_down(conn)

    failing = asyncio.create_task(database.write(fault))
    await asyncio.to_thread(reached.wait)
    behind = asyncio.create_task(append(database, says("a"), says("b")))
    await asyncio.sleep(0)
    opened.set()
    with pytest.raises(Unavailable):
        await failing
    assert seqs(await behind) == ["unavailable"] * 2
    assert seqs(await append(database, says("b"))) == [1]


def test_a_refused_group_leaves_nothing_in_the_store_and_nothing_in_memory(url: str):
    """The ids of what was opened and rolled back must not be used again."""
    writer = Writer(writer_engine(url, lock_wait_s=1))
    with pytest.raises(Unavailable):
        writer.commit([says("a"), break_down])
    assert stored(url) == []
    assert seqs(writer.commit([says("b", conversation=room(2)), says("c")])) == [1, 1]
    writer.close()


@pytest.fixture
async def sqlite_database(tmp_path: Path) -> tuple[str, Database]:
    url = f"sqlite:///{tmp_path / 'kefu.db'}"
    migrate(url)
    database = Database(url)
    await database.start()
    return url, database


LONG = "x" * 10_000


async def test_a_full_store_refuses_and_resumes_when_there_is_space(
    sqlite_database: tuple[str, Database],
):
    def fill(conn: Connection) -> None:
        pages = conn.exec_driver_sql("PRAGMA page_count").scalar_one()
        conn.exec_driver_sql(f"PRAGMA max_page_count={pages}")

    url, database = sqlite_database
    await append(database, says("a"))
    await database.write(fill)  # until the connection is opened anew
    refused = await append(database, says("b"), says("c", LONG))
    assert [type(error) for error in refused] == [NotStored] * 2
    assert seqs(await append(database, says("b"), says("c", LONG))) == [2, 3]
    await database.close()
    assert [client_id for _, _, client_id in stored(url)] == ["a", "b", "c"]


@pytest.fixture
def no_file_may_grow() -> Iterator[None]:
    """As on a full disk, the operating system refuses to write; reading goes on."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (300_000, hard))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


async def test_a_file_that_may_not_grow_stops_writing_only_until_it_may(
    sqlite_database: tuple[str, Database], no_file_may_grow: None
):
    url, database = sqlite_database
    answers: list[Message | ChatError] = []
    while seqs(answers[-1:]) != ["unavailable"]:
        answers += await append(database, says(f"{len(answers)}", LONG))
    assert isinstance(answers[-1], NotStored)
    assert len(await database.read(lambda conn: [*list_history(conn)])) == len(answers) - 1
    _, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard))
    assert seqs(await append(database, says("last", LONG))) == [len(answers)]
    await database.close()
    assert [seq for _, seq, _ in stored(url)] == [*range(1, len(answers) + 1)]
    with sqlite3.connect(url.removeprefix("sqlite:///")) as conn:
        assert conn.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    conn.close()


def test_what_a_failing_disk_refused_is_gone_though_the_server_is_killed_then(tmp_path: Path):
    url = f"sqlite:///{tmp_path / 'kefu.db'}"
    migrate(url)
    words = [sys.executable, "-m", "tests.storage.failing_writer", url]
    done = subprocess.run(words, stdout=subprocess.PIPE, text=True, timeout=30, check=False)
    assert done.stdout.endswith("refused\n")
    assert done.returncode == -signal.SIGKILL
    assert [client_id for _, _, client_id in stored(url)] == ["stored"]
    with sqlite3.connect(tmp_path / "kefu.db") as conn:
        assert conn.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    conn.close()


@pytest.fixture
def own_database() -> Iterator[str]:
    """A PostgreSQL database of its own, whose name is its URL's last part."""
    name = f"kefu_{uuid4().hex}"
    with postgresql() as conn:
        conn.execute(f"CREATE DATABASE {name}")
    yield f"postgresql://{POSTGRESQL.rpartition('/')[0]}/{name}"
    with postgresql() as conn:
        conn.execute(f"DROP DATABASE {name} WITH (FORCE)")


def drop_connections(url: str, *, refuse_new: bool = False) -> None:
    name = url.rpartition("/")[2]
    with postgresql() as conn:
        conn.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS {not refuse_new}")
        conn.execute(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = %s",
            (name,),
        )


@pytest.mark.postgres
async def test_a_server_that_dropped_its_connections_is_connected_anew(own_database: str):
    migrate(own_database)
    database = Database(own_database)
    await database.start()
    assert seqs(await append(database, says("a"))) == [1]
    drop_connections(own_database)
    assert seqs(await append(database, says("b"))) == [2]
    drop_connections(own_database)
    assert len(await database.read(lambda conn: [*list_history(conn)])) == 2
    await database.close()


@pytest.mark.postgres
async def test_a_server_that_is_away_refuses_until_it_is_back(own_database: str):
    migrate(own_database)
    database = Database(own_database)
    await database.start()
    drop_connections(own_database, refuse_new=True)
    assert seqs(await append(database, says("a"))) == ["unavailable"]
    with pytest.raises(Unavailable):
        await database.read(lambda conn: conn.scalar(text("SELECT 1")))
    drop_connections(own_database)
    assert seqs(await append(database, says("a"))) == [1]
    await database.close()


async def test_what_a_killed_process_acknowledged_is_there(url: str):
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.storage.appender", url, stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None
    lines = [await process.stdout.readline() for _ in range(500)]
    process.kill()
    # A last line may be cut off; whatever is whole was acknowledged.
    lines += [line for line in (await process.stdout.read()).splitlines(True) if line[-1:] == b"\n"]
    await process.wait()
    acknowledged = {
        (key, int(seq), id) for key, seq, id in (line.decode().split() for line in lines)
    }
    found = stored(url)
    assert acknowledged <= set(found)
    numbers = defaultdict(list)
    for key, seq, _ in found:
        numbers[key].append(seq)
    assert all(given == [*range(1, len(given) + 1)] for given in numbers.values())
    assert len({client_id for _, _, client_id in found}) == len(found)
