"""What was sent outside is not sent again while the store cannot keep what came of it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import select, text
from structlog.testing import capture_logs

from kefu.actions import deliveries, keeping
from kefu.actions.letters import Post
from kefu.actions.mail import SendTranscript, send_transcript
from kefu.actions.outbox import PAUSE_S
from kefu.storage import schema
from kefu.storage.database import Database
from kefu.storage.engine import writer_engine
from kefu.storage.outbox import make_deliveries
from tests.actions.desk import Desk
from tests.actions.outbox_house import House, house_of
from tests.actions.receiver import receiving
from tests.databases import BACKENDS, ready_url
from tests.outbound.smtp import smtp_server

pytestmark = pytest.mark.timeout(240)

TRIES = 3


@pytest.fixture(params=BACKENDS)
async def url(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[str]:
    with ready_url(request.param, tmp_path) as url:
        yield url


@pytest.fixture
async def desk(url: str, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Desk]:
    """A desk whose writer waits for nobody, and whose tries come one upon the other."""
    monkeypatch.setattr(keeping, "PAUSES_S", (0.0,))
    database = Database(url, lock_wait_s=1.0)
    await database.start()
    desk = await Desk.on(database)
    yield desk
    await desk.settled()
    await database.close()


@contextmanager
def unwritable(url: str) -> Iterator[None]:
    """Somebody else holds a lock that the writer needs."""
    engine = writer_engine(url, lock_wait_s=60)  # other tests' stores share the writer's lock
    with engine.begin() as conn:
        if conn.dialect.name == "postgresql":
            conn.execute(text("LOCK TABLE delivery, letter IN SHARE MODE"))
        yield
    engine.dispose()


async def tried_in_vain(house: House, done: Callable[[], int]) -> None:
    """The outbox looks, sends once, and tries again and again to keep that."""
    before = done()
    with capture_logs() as logs:
        while sum(log["event"] == "result_waits_for_store" for log in logs) < TRIES:
            await house.outbox.look()
            await asyncio.sleep(0.01)  # it is looked at again and again, not all the time
    assert done() == before + 1


async def test_while_the_store_cannot_be_written_an_event_is_posted_once(desk: Desk, url: str):
    async with house_of(desk) as house, receiving([500, 200]) as receiver:
        made = await house.hook(receiver.url)
        await house.say("one")
        await house.look()
        desk.clock.advance(10)
        with unwritable(url):
            await tried_in_vain(house, lambda: len(receiver.requests))
        await house.outbox.settled()
        await house.look()
        [one] = await house.log(made.id)
        assert (one.state, one.attempts, len(receiver.requests)) == ("delivered", 2, 2)


async def test_while_the_store_cannot_be_written_no_event_is_posted_again_or_begun(
    desk: Desk, url: str, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(deliveries, "BATCH", 2)  # then what came of them is kept
    async with house_of(desk) as house, receiving() as receiver:
        made = await house.hook(receiver.url)
        await house.look()  # what a new outbox does once is done
        await house.say("one", "two", "three")
        now_ms = desk.clock.now_ms
        await desk.ctx.database.write(lambda conn: make_deliveries(conn, now_ms))
        with unwritable(url):
            with capture_logs() as logs:
                while sum(log["event"] == "result_waits_for_store" for log in logs) < TRIES:
                    await house.outbox.look()
                    await asyncio.sleep(0.01)  # it is looked at again and again, not all the time
            assert receiver.texts == ["one", "two"]
        await house.outbox.settled()
        await house.look()
        assert receiver.texts == ["one", "two", "three"]
        assert [one.attempts for one in await house.log(made.id)] == [1, 1, 1]


async def test_while_the_store_cannot_be_written_a_letter_is_sent_once(desk: Desk, url: str):
    async with smtp_server() as box, house_of(desk, Post(box.server)) as house:
        ann = await desk.agent("Ann", inboxes=[house.inbox])
        await house.say("Yes?", by=ann)
        await house.look()
        do = SendTranscript(conversation=house.talk, to="li@example.com")
        await send_transcript(desk.call(ann), do)
        with unwritable(url):
            await tried_in_vain(house, lambda: len(box.messages))
        await house.outbox.settled()
        await house.look()
        assert len(box.messages) == 1
        chosen = select(schema.letter.c.state, schema.letter.c.attempts)
        rows = await desk.ctx.database.read(lambda conn: conn.execute(chosen).all())
        assert [tuple(row) for row in rows] == [("sent", 1)]


@pytest.mark.parametrize("url", ["sqlite"], indirect=True)
async def test_a_result_that_is_refused_leaves_the_receiver_alone_for_longer_each_time(desk: Desk):
    """Not the store is away, but this one row cannot be written."""

    never = (
        "CREATE TRIGGER never BEFORE UPDATE ON delivery WHEN new.attempts > 0"
        " BEGIN SELECT RAISE(ABORT, 'never'); END"
    )
    async with house_of(desk) as house, receiving() as receiver:
        await house.hook(receiver.url)
        await house.say("one")
        await desk.ctx.database.write(lambda conn: conn.exec_driver_sql(never))
        posted = []
        for wait_s in (0, PAUSE_S / 2, PAUSE_S / 2, PAUSE_S, PAUSE_S):
            desk.clock.advance(wait_s)
            due_ms = await house.look()
            assert due_ms is not None
            assert due_ms > desk.clock.now_ms
            posted.append(len(receiver.requests))
        assert posted == [1, 1, 2, 2, 3]
