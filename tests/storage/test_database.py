"""The group commit: who is answered, when, and in which order."""

from __future__ import annotations

import asyncio
import os
import threading
from pathlib import Path

import pytest
from sqlalchemy import Connection, func, select
from sqlalchemy.exc import DBAPIError

from kefu.core.conversation import Message
from kefu.core.errors import ChatError, ClientIdUsed, NotFound, TooMany, Unavailable
from kefu.storage.database import Database
from kefu.storage.engine import open_for_reading
from kefu.storage.messages import list_messages
from kefu.storage.migrations import migrate
from kefu.storage.schema import message
from tests.storage.chat import append, says, seqs

COUNT = select(func.count()).select_from(message)


class Gate:
    """Holds the writer in the middle of a group until it is opened."""

    def __init__(self) -> None:
        self.reached = threading.Event()
        self.opened = threading.Event()

    def __call__(self, conn: Connection) -> None:
        self.reached.set()
        assert self.opened.wait(10)


async def hold(database: Database) -> tuple[Gate, asyncio.Task[None]]:
    gate = Gate()
    task = asyncio.create_task(database.write(gate))
    await asyncio.to_thread(gate.reached.wait)
    return gate, task


async def test_an_answer_means_that_others_can_read_it(database: Database, url: str):
    counts: list[int | None] = []

    def count(_answer: Message | ChatError) -> None:
        with open_for_reading(url) as conn:
            counts.append(conn.scalar(COUNT))

    answered = asyncio.Event()
    database.append(says("a"), count)
    database.after_pending(answered.set)
    await answered.wait()
    assert counts == [1]


async def test_nobody_is_answered_before_the_commit(database: Database):
    answers: list[Message | ChatError] = []
    earlier, held = await hold(database)
    database.append(says("a"), answers.append)
    gate = Gate()  # in the same group as the message, after it
    writing = asyncio.create_task(database.write(gate))
    await asyncio.sleep(0)
    earlier.opened.set()
    await held
    await asyncio.to_thread(gate.reached.wait)
    assert answers == []
    gate.opened.set()
    await writing
    assert seqs(answers) == [1]


async def test_what_came_while_the_writer_was_busy_is_committed_together(database: Database):
    gate, held = await hold(database)
    # Within one group nothing is visible to readers until the end of the group.
    first = asyncio.create_task(append(database, *[says(f"{i}") for i in range(100)]))
    seen = asyncio.create_task(database.write(lambda conn: conn.scalar(COUNT)))
    await asyncio.sleep(0)
    gate.opened.set()
    await held
    assert seqs(await first) == [*range(1, 101)]
    assert await seen == 100


async def test_answers_and_results_come_in_the_order_of_the_asking(database: Database):
    order: list[object] = []
    gate, held = await hold(database)
    database.append(says("a"), lambda answer: order.append("first"))
    database.after_pending(lambda: order.append("mark"))
    database.append(says("a", "other"), lambda answer: order.append(type(answer)))
    done = asyncio.Event()
    database.after_pending(done.set)
    gate.opened.set()
    await held
    await done.wait()
    assert order == ["first", "mark", ClientIdUsed]


async def test_after_pending_is_now_when_nothing_is_pending(database: Database):
    await append(database, says("a"))
    called: list[int] = []
    database.after_pending(lambda: called.append(1))
    assert called == [1]


async def test_a_write_that_fails_is_undone_alone(database: Database):
    def fail(conn: Connection) -> None:
        conn.execute(message.delete())
        raise NotFound("nobody")

    await append(database, says("a"))
    gate, held = await hold(database)
    failed = asyncio.create_task(database.write(fail))
    beside = asyncio.create_task(append(database, says("b")))
    await asyncio.sleep(0)
    gate.opened.set()
    await held
    with pytest.raises(NotFound, match="nobody"):
        await failed
    assert seqs(await beside) == [2]
    assert await database.read(lambda conn: conn.scalar(COUNT)) == 2


async def test_too_many_are_refused_and_the_others_stored(url: str):
    database = Database(url, max_pending=3)
    await database.start()
    gate, held = await hold(database)
    answers: list[Message | ChatError] = []
    for i in range(4):
        database.append(says(f"{i}"), answers.append)
    with pytest.raises(TooMany):
        await database.write(lambda conn: None)
    gate.opened.set()
    await held
    await append(database)
    assert seqs(answers) == ["too_many", "too_many", 1, 2]
    assert seqs(await append(database, says("3"))) == [3]
    await database.close()


async def test_closing_finishes_what_is_waiting_and_refuses_what_comes_later(database: Database):
    gate, held = await hold(database)
    answers: list[Message | ChatError] = []
    for i in range(10):
        database.append(says(f"{i}"), answers.append)
    closing = asyncio.create_task(database.close())
    await asyncio.sleep(0)
    with pytest.raises(Unavailable):
        await database.write(lambda conn: None)
    with pytest.raises(Unavailable):
        await database.read(lambda conn: None)
    answered: list[int] = []
    database.after_pending(lambda: answered.append(len(answers)))
    assert answered == []
    gate.opened.set()
    await closing
    await held
    assert seqs(answers) == [*range(1, 11)]
    assert answered == [10]


async def test_a_listener_that_fails_does_not_cost_the_others_their_answers(database: Database):
    def fail(_answer: Message | ChatError) -> None:
        raise RuntimeError

    answers: list[Message | ChatError] = []
    database.append(says("a"), fail)
    database.append(says("b"), answers.append)
    await append(database)
    assert seqs(answers) == [2]


async def test_who_stops_waiting_for_a_write_holds_nobody_up(database: Database):
    gate, held = await hold(database)
    held.cancel()
    gate.opened.set()
    assert seqs(await append(database, says("a"))) == [1]


async def test_a_read_sees_one_moment(database: Database, url: str):
    """What is committed in the middle of a read is not seen by it."""
    await append(database, says("a"))
    first, second = threading.Event(), threading.Event()

    def read(conn: Connection) -> tuple[int | None, int | None]:
        before = conn.scalar(COUNT)
        first.set()
        assert second.wait(10)
        return before, conn.scalar(COUNT)

    reading = asyncio.create_task(database.read(read))
    await asyncio.to_thread(first.wait)
    await append(database, says("b"))
    second.set()
    assert await reading == (1, 1)


async def test_a_read_cannot_write(database: Database):
    await append(database, says("a"))
    with pytest.raises((Unavailable, DBAPIError)):
        await database.read(lambda conn: conn.execute(message.delete()))
    assert await database.read(lambda conn: conn.scalar(COUNT)) == 1


async def test_after_a_clean_stop_the_file_alone_is_the_whole_store(tmp_path: Path):
    url = f"sqlite:///{tmp_path / 'kefu.db'}"
    migrate(url)
    opened = Database(url)
    await opened.start()
    await append(opened, says("a"))
    await opened.read(lambda conn: list_messages(conn, 1))
    await opened.close()
    assert os.listdir(tmp_path) == ["kefu.db"]
