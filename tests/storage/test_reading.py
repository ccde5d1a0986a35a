"""What is read back: pages, history, lists; also beside a running writer."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from kefu.core.conversation import Conversation, Kind, Member, Role
from kefu.storage.conversations import get_conversation, list_conversations
from kefu.storage.database import Database
from kefu.storage.engine import open_for_reading
from kefu.storage.messages import PAGE_ROWS, list_history, list_messages
from kefu.storage.migrations import migrate
from tests.storage.chat import ANN, LI, NOW_MS, ROOM, append, room, says

WANG = Member(Role.VISITOR, "王五")
WITH_WANG = Conversation("rooms:wang", Kind.ROOMS, (ANN, WANG))
PAIR = Conversation("direct:1", Kind.DIRECT, (Member(Role.PEER, "a"), Member(Role.PEER, "b")))


async def test_a_page_starts_after_the_last_number_seen(database: Database):
    answers = await append(database, *[says(f"{i}") for i in range(10)])
    [found] = [await database.read(lambda conn: get_conversation(conn, ROOM.key))]
    assert found is not None
    page = await database.read(lambda conn: list_messages(conn, found.id, after_seq=3, limit=4))
    assert page == answers[3:7]
    assert await database.read(lambda conn: list_messages(conn, found.id, after_seq=10)) == []


async def test_a_conversation_is_found_by_its_key(database: Database):
    await append(database, says("a"), says("b", sent_ms=NOW_MS + 1))
    found = await database.read(lambda conn: get_conversation(conn, ROOM.key))
    assert found is not None
    assert (found.key, found.kind, found.members) == (ROOM.key, Kind.ROOMS, (ANN, LI))
    assert (found.last_seq, found.created_ms) == (2, NOW_MS)
    assert await database.read(lambda conn: get_conversation(conn, "rooms:other")) is None


async def test_conversations_are_listed_from_the_youngest_page_by_page(database: Database):
    for i in range(5):
        await append(database, says("a", conversation=room(i)))
    first = await database.read(lambda conn: list_conversations(conn, limit=3))
    last = first[-1].id
    rest = await database.read(lambda conn: list_conversations(conn, before_id=last, limit=3))
    assert [found.key for found in first + rest] == [f"rooms:{i}" for i in (4, 3, 2, 1, 0)]


async def test_conversations_are_listed_by_who_takes_part(database: Database):
    await append(
        database,
        says("a"),
        says("b", conversation=WITH_WANG, sender=WANG),
        says("c", conversation=PAIR, sender=PAIR.members[0]),
    )

    async def keys_with(name: str) -> list[str]:
        found = await database.read(lambda conn: list_conversations(conn, name=name))
        return [conversation.key for conversation in found]

    assert await keys_with(LI.name) == [ROOM.key]
    assert await keys_with(ANN.name) == [WITH_WANG.key, ROOM.key]
    assert await keys_with("%") == []


async def test_history_goes_by_conversation_then_number(database: Database, url: str):
    for i in range(6):
        await append(database, says(f"{i}", conversation=room(i % 2)))
    with open_for_reading(url) as conn:
        rows = [(message.conversation_key, message.seq) for _, message in list_history(conn)]
    assert rows == [(f"rooms:{i}", seq) for i in (0, 1) for seq in (1, 2, 3)]


async def test_history_with_somebody_has_the_whole_of_their_conversations(
    database: Database, url: str
):
    await append(
        database, says("a"), says("b", sender=ANN), says("c", conversation=WITH_WANG, sender=WANG)
    )
    with open_for_reading(url) as conn:
        kinds_and_ids = [
            (kind, message.client_id) for kind, message in list_history(conn, name=LI.name)
        ]
    assert kinds_and_ids == [(Kind.ROOMS, "a"), (Kind.ROOMS, "b")]


async def test_limited_history_has_the_newest_of_all(database: Database, url: str):
    for i in range(6):
        await append(database, says(f"{i}", conversation=room(i % 2)))
    await append(database, says("other", conversation=WITH_WANG, sender=WANG))
    with open_for_reading(url) as conn:
        ids = [message.client_id for _, message in list_history(conn, name=LI.name, limit=3)]
        assert ids == ["4", "3", "5"]
        assert [message.client_id for _, message in list_history(conn, limit=1)] == ["other"]


async def test_long_history_is_streamed_while_more_is_written(database: Database, url: str):
    await append(database, *[says(f"{i}") for i in range(2 * PAGE_ROWS + 1)])
    with open_for_reading(url) as conn:
        history = list_history(conn)
        _, first = next(history)
        await append(database, says("later"))
        assert [first.seq, *[m.seq for _, m in history]] == [*range(1, 2 * PAGE_ROWS + 2)]


async def test_a_reader_who_stands_still_keeps_no_log(tmp_path: Path):
    """As `kefu history | less`: the log is copied back and begun anew under it."""
    url = f"sqlite:///{tmp_path / 'kefu.db'}"
    migrate(url)
    database = Database(url)
    await database.start()
    await append(database, *[says(f"{i}") for i in range(PAGE_ROWS + 1)])
    with open_for_reading(url) as conn:
        history = list_history(conn)
        next(history)
        await append(database, says("later"))
        with closing(sqlite3.connect(tmp_path / "kefu.db", timeout=0)) as other:
            busy, *_ = other.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        assert busy == 0
        assert len([*history]) == PAGE_ROWS
    await database.close()


@pytest.mark.parametrize("rows", [PAGE_ROWS - 1, PAGE_ROWS, PAGE_ROWS + 1])
async def test_history_is_whole_whatever_its_length(rows: int, database: Database, url: str):
    rooms = [room(i % 3) for i in range(rows)]
    await append(database, *[says(f"{i}", conversation=rooms[i]) for i in range(rows)])
    with open_for_reading(url) as conn:
        places = [(m.conversation_id, m.seq) for _, m in list_history(conn)]
        assert len(places) == rows
        assert places == sorted(set(places))
        newest = [*list_history(conn, limit=rows - 5)]
        assert len(newest) == rows - 5
        assert len([*list_history(conn, limit=rows + 5)]) == rows


async def test_what_a_killed_server_left_can_be_read_without_starting_one(tmp_path: Path):
    url = f"sqlite:///{tmp_path / 'kefu.db'}"
    migrate(url)
    database = Database(url)
    await database.start()
    answers = await append(database, says("a"))
    left = tmp_path / "left"  # as after a kill: the log is not copied back yet
    left.mkdir()
    for name in ("kefu.db", "kefu.db-wal"):
        shutil.copy(tmp_path / name, left / name)
    await database.close()
    with open_for_reading(f"sqlite:///{left / 'kefu.db'}") as conn:
        assert [found for _, found in list_history(conn)] == answers
