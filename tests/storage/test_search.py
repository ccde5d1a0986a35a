"""The newest come first, however far apart they lie, on both databases."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import Connection, insert

from kefu.core.search import Query, index_words, tsvector
from kefu.storage import indexing
from kefu.storage.database import Database
from kefu.storage.schema import conversation, message, participant
from kefu.storage.search import BLOCKS, MARK, Found, find_messages

# Within a block of either size, in the next one, and far away; the even ones in inbox 2.
IDS = [1, 2, 4_094, 4_096, 4_097, 65_535, 65_536, 65_537, 131_072, 131_075, 300_000]
WANTED = Query((("parcel",),), prefix=True)


@pytest.fixture
async def store(database: Database) -> Database:
    """A store whose index has ``IDS``, and whose newest message is the last of them."""

    def work(conn: Connection) -> None:
        rows = [(id, row_of(conn, id)) for id in IDS]
        indexing.store_pending(conn, indexing.Pending(0, IDS[-1], IDS[-1], rows, []))
        talk = {"key": "desk:1", "kind": "desk", "last_seq": 1, "created_ms": 0}
        conn.execute(insert(conversation).values(id=1, **talk))
        conn.execute(insert(participant).values(id=1, conversation_id=1, role="visitor", name="Li"))
        said: dict[str, Any] = {"conversation_id": 1, "seq": 1, "sender_id": 1, "text": "parcel"}
        conn.execute(insert(message).values(id=IDS[-1], sent_ms=0, **said))

    await database.write(work)
    return database


def row_of(conn: Connection, id: int) -> str:
    """The index's row of a message, as ``indexing`` writes it."""
    inbox = 2 - id % 2
    if conn.dialect.name == "sqlite":
        return f"{MARK}i{inbox} {index_words('parcel')}"
    marks = [f"i{inbox}", *(f"{kind}{id >> bits}" for kind, bits in BLOCKS)]
    return " ".join([*(f"'{MARK}{mark}'" for mark in marks), tsvector("parcel")])


async def found(store: Database, **asked: Any) -> Found:
    return await store.read(lambda conn: find_messages(conn, WANTED, **asked))


async def test_pages_of_any_size_have_everything_once_and_in_order(store: Database):
    for limit in (1, 2, 3, 5, len(IDS), 100):
        got: list[int] = []
        before, more = None, True
        while more:
            ids, more = await found(store, limit=limit, before_id=before)
            assert len(ids) == limit or not more
            got += ids
            before = ids[-1]
        assert got == IDS[::-1], limit


async def test_a_page_begins_below_its_cursor(store: Database):
    for before in (*IDS, 2, 4_096, 65_537, 200_000, 10**15):
        ids, more = await found(store, limit=3, before_id=before)
        older = [id for id in IDS[::-1] if id < before]
        assert (ids, more) == (older[:3], len(older) > 3), before


async def test_one_inbox_among_many(store: Database):
    ids, more = await found(store, limit=4, inbox_ids=[2])
    even = [id for id in IDS[::-1] if id % 2 == 0]
    assert (ids, more) == (even[:4], len(even) > 4)
    assert (await found(store, limit=100, inbox_ids=[1, 2]))[0] == IDS[::-1]
    assert await found(store, limit=4, inbox_ids=[3]) == ([], False)
    assert await found(store, limit=4, inbox_ids=[]) == ([], False)


async def test_what_somebody_else_has_indexed_is_left_alone(store: Database):
    """Two servers that share a store, or one that was killed between two steps."""
    late = indexing.Pending(0, 5, 5, [(7, "parcel")], [IDS[0]])

    def work(conn: Connection) -> None:
        indexing.store_pending(conn, late)

    await store.write(work)
    assert (await found(store, limit=100))[0] == IDS[::-1]
