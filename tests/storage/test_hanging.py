"""A store that hangs: everybody is told in time, and it is of use again once it goes on."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from sqlalchemy import Connection, text

from kefu.core.conversation import Message
from kefu.core.errors import ChatError, NotStored, PerhapsStored, TooMany, Unavailable
from kefu.storage.claims import claim_store
from kefu.storage.database import Database, StoreLost, StoreState
from kefu.storage.engine import StoreUnusable
from kefu.storage.migrations import migrate
from kefu.storage.readers import Readers
from tests.databases import fresh_url
from tests.stalling import Stalling, stalling_url
from tests.storage.chat import append, says, seqs

pytestmark = pytest.mark.timeout(240)

DEADLINE_S = 1.0
IN_TIME_S = 5.0  # on a machine that is busy with other tests


class House(NamedTuple):
    database: Database
    way: Stalling


@pytest.fixture
def path(tmp_path: Path) -> Iterator[tuple[Stalling, str]]:
    with fresh_url("postgresql", tmp_path) as url:
        migrate(url)
        with stalling_url(url) as found:
            yield found


@pytest.fixture
def before(path: object) -> set[threading.Thread]:
    """The threads that are none of the store's."""
    return {*threading.enumerate()}


@pytest.fixture
async def house(path: tuple[Stalling, str], tmp_path: Path) -> AsyncIterator[House]:
    way, url = path
    with claim_store(url, tmp_path / "data", statement_s=DEADLINE_S) as claim:
        database = Database(url, deadline_s=DEADLINE_S, claim=claim, readers=2)
        await database.start()
        yield House(database, way)
        way.go_on()
        await database.close()


def one(conn: Connection) -> int:
    return int(conn.execute(text("SELECT 1")).scalar_one())


def state_of(database: Database) -> StoreState:
    return database.state  # asked anew, whatever mypy knows of the last answer


async def works_again(database: Database) -> None:
    """It may take a refusal or two until old connections are gone."""
    async with asyncio.timeout(60):
        while seqs(await append(database, says("again"))) == ["unavailable"]:
            pass
        while True:
            try:
                assert await database.read(one) == 1
            except Unavailable:
                continue
            return


@pytest.mark.postgres
async def test_whoever_waits_for_a_database_that_hangs_is_refused_in_time(house: House):
    await append(house.database, says("before"))
    house.way.stall()
    begun_s = time.monotonic()
    writing = asyncio.create_task(house.database.write(one))
    sending = asyncio.create_task(append(house.database, says("a"), says("b")))
    reads = [asyncio.create_task(house.database.read(one)) for _ in range(7)]  # of two threads
    refused = await asyncio.gather(writing, *reads, return_exceptions=True)
    assert [type(error) for error in refused] == [NotStored] + [Unavailable] * 7
    assert [type(error) for error in await sending] == [NotStored] * 2
    assert time.monotonic() - begun_s < IN_TIME_S
    house.way.go_on()
    await works_again(house.database)


@pytest.mark.postgres
async def test_a_send_repeated_after_a_hang_is_stored_once(house: House):
    house.way.stall()
    assert seqs(await append(house.database, says("a"))) == ["unavailable"]
    house.way.go_on()
    async with asyncio.timeout(60):
        while seqs(await append(house.database, says("a"))) == ["unavailable"]:
            pass
    await works_again(house.database)
    texts = await house.database.read(
        lambda conn: conn.scalar(text("SELECT count(*) FROM message WHERE client_id = 'a'"))
    )
    assert texts == 1


@pytest.mark.postgres
@pytest.mark.parametrize("end", ["stall", "drop"])
async def test_nobody_claims_to_know_what_became_of_a_send_that_ended_in_its_commit(
    end: str, house: House
):
    house.way.when(b"COMMIT", getattr(house.way, end))
    sending = asyncio.create_task(append(house.database, says("a")))
    assert [type(error) for error in await sending] == [PerhapsStored]
    house.way.go_on()
    await works_again(house.database)
    (found,) = await append(house.database, says("a"))
    assert isinstance(found, Message)
    kept = await house.database.read(
        lambda conn: conn.scalar(text("SELECT count(*) FROM message WHERE client_id = 'a'"))
    )
    assert kept == 1


@pytest.mark.postgres
async def test_a_hang_is_known_before_anybody_is_refused_and_over_when_it_is(path, tmp_path: Path):
    way, url = path
    database = Database(url)
    await database.start()
    way.stall()
    reading = asyncio.create_task(database.read(one))
    seen = [state_of(database)]
    while seen[-1] is StoreState.OK:
        await asyncio.wait([reading], timeout=0.1)
        seen.append(state_of(database))
    assert len(seen) > 1
    assert seen[-1] is StoreState.SILENT
    assert not reading.done()
    way.go_on()
    assert await reading == 1
    assert state_of(database) is StoreState.OK
    await database.close()
    assert state_of(database) is StoreState.CLOSED


@pytest.mark.postgres
async def test_a_store_that_failed_is_tried_by_itself_until_it_works(house: House):
    house.way.stall()
    assert seqs(await append(house.database, says("a"))) == ["unavailable"]
    with pytest.raises(Unavailable):
        await house.database.read(one)
    assert state_of(house.database) is not StoreState.OK
    house.way.go_on()
    async with asyncio.timeout(60):
        while state_of(house.database) is not StoreState.OK:  # nobody writes
            await asyncio.gather(house.database.read(one), return_exceptions=True)
            await asyncio.sleep(0)


@pytest.mark.postgres
async def test_a_close_waits_no_longer_for_a_database_that_hangs(
    before: set[threading.Thread], house: House
):
    house.way.stall()
    answers: list[Message | ChatError] = []
    house.database.append(says("a"), answers.append)
    reading = asyncio.create_task(house.database.read(one))
    await asyncio.sleep(0)
    begun_s = time.monotonic()
    await house.database.close(0.1)
    assert time.monotonic() - begun_s < IN_TIME_S
    assert seqs(answers) == ["unavailable"]
    with pytest.raises(Unavailable):
        await reading
    for thread in {*threading.enumerate()} - before:
        if thread.name.startswith(("kefu-read", "kefu-write")):
            thread.join(10)
            assert not thread.is_alive()


@pytest.mark.postgres
async def test_a_start_on_a_database_that_hangs_ends_with_a_line(path):
    way, url = path
    database = Database(url, deadline_s=DEADLINE_S)
    way.stall()
    with pytest.raises(StoreUnusable, match="cannot use PostgreSQL"):
        await database.start()


ENDLESS = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n"


@pytest.fixture
def url(
    empty_url: str,
) -> str:  # Its sessions may hang on for a while: no store that others use again
    migrate(empty_url)
    return empty_url


@pytest.fixture
async def impatient(url: str) -> AsyncIterator[Database]:
    database = Database(url, lock_wait_s=0.1, deadline_s=DEADLINE_S, readers=1)
    await database.start()
    yield database
    await database.close()


async def test_a_statement_without_end_is_ended(impatient: Database):
    """So that the only reading thread, and the only writing one, are of use again."""
    with pytest.raises(Unavailable):
        await impatient.read(lambda conn: conn.scalar(text(ENDLESS)))
    with pytest.raises(Unavailable):
        await impatient.write(lambda conn: conn.scalar(text(ENDLESS)))
    await works_again(impatient)


async def test_what_was_refused_in_python_is_not_written_later(impatient: Database):
    opened = threading.Event()

    def slow(conn: Connection) -> None:
        assert opened.wait(10)
        conn.exec_driver_sql("UPDATE alembic_version SET version_num = 'lost'")

    with pytest.raises(Unavailable):
        await impatient.write(slow)
    opened.set()
    await works_again(impatient)
    found = await impatient.read(lambda conn: conn.scalar(text("SELECT * FROM alembic_version")))
    assert found != "lost"


async def test_reads_that_wait_are_bounded(url: str):
    database = Database(url, max_pending=2, readers=1)
    await database.start()
    reached, opened = threading.Event(), threading.Event()

    def hold(_: Connection) -> None:
        reached.set()
        assert opened.wait(10)

    held = [asyncio.create_task(database.read(hold)) for _ in range(2)]
    await asyncio.to_thread(reached.wait)
    with pytest.raises(TooMany):
        await database.read(one)
    opened.set()
    await asyncio.gather(*held)
    assert await database.read(one) == 1
    await database.close()


def die(_: Connection) -> None:
    raise SystemExit


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
async def test_a_writer_that_dies_refuses_what_waits_and_says_so(url: str):
    database = Database(url)
    await database.start()
    dying = asyncio.create_task(database.write(die))
    behind = asyncio.create_task(append(database, says("a")))
    with pytest.raises(Unavailable):
        await dying
    assert seqs(await behind) == ["unavailable"]
    assert seqs(await append(database, says("b"))) == ["unavailable"]
    assert state_of(database) is StoreState.CLOSED
    assert isinstance(database.fault, StoreLost)
    await database.close()


async def test_a_read_that_ends_even_its_thread_is_refused_and_no_other_is(url: str):
    database = Database(url, readers=1)
    await database.start()
    with pytest.raises(Unavailable):
        await database.read(die)
    assert await database.read(one) == 1
    assert state_of(database) is StoreState.OK
    await database.close()


async def test_a_fault_of_the_look_at_what_hangs_does_not_end_the_looking(
    impatient: Database, monkeypatch: pytest.MonkeyPatch
):
    looks: list[float] = []
    look = Readers.look

    def faulty(readers: Readers, now_s: float) -> None:
        looks.append(now_s)
        if len(looks) == 1:
            raise RuntimeError("a bug")
        look(readers, now_s)

    monkeypatch.setattr(Readers, "look", faulty)
    with pytest.raises(Unavailable):
        await impatient.read(lambda conn: conn.scalar(text(ENDLESS)))
    assert len(looks) > 1


@pytest.mark.postgres
async def test_a_server_whose_store_another_has_taken_writes_nothing_more(path, tmp_path: Path):
    _, url = path
    with claim_store(url, tmp_path / "data") as claim:
        database = Database(url, claim=claim)
        await database.start()
        await append(database, says("mine"))
        assert claim.engine is not None

        def unlock(conn: Connection) -> None:  # as when PostgreSQL was started anew
            conn.exec_driver_sql("SELECT pg_advisory_unlock_all()")

        await database.write(unlock)
        with claim_store(url, tmp_path / "other"):
            with pytest.raises(Unavailable):
                await database.write(lambda conn: conn.exec_driver_sql(CUT))
            await database.close()
            assert "another Kefu server has this store now" in str(database.fault)


CUT = "SELECT pg_terminate_backend(pg_backend_pid())"
