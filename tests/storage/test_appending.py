"""What is promised of a stored message, on every database."""

from __future__ import annotations

import threading
from collections import defaultdict
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from kefu.core.conversation import Conversation, Kind, Member, Message, Role
from kefu.storage import migrations
from kefu.storage.appending import Known
from kefu.storage.database import Database
from kefu.storage.engine import open_for_reading, writer_engine
from kefu.storage.messages import list_history, list_messages
from kefu.storage.migrations import migrate
from kefu.storage.schema import contact, participant
from kefu.storage.writer import Writer
from tests.databases import fresh_url
from tests.storage.chat import ANN, LI, ROOM, append, bare, room, says, seqs


async def test_messages_are_numbered_from_one_in_the_order_they_came(database: Database):
    assert seqs(await append(database, says("a"), says("b", sender=ANN), says("c"))) == [1, 2, 3]
    assert seqs(await append(database, says("d"))) == [4]


async def test_every_conversation_counts_for_itself(database: Database):
    news = [says(f"{i}", conversation=room(i % 2)) for i in range(4)]
    assert seqs(await append(database, *news)) == [1, 1, 2, 2]


async def test_what_is_answered_is_what_is_stored(database: Database):
    [message] = await append(database, says("a", "你好 👋"))
    assert isinstance(message, Message)
    stored = await database.read(lambda conn: list_messages(conn, message.conversation_id))
    assert stored == [message]
    assert (message.conversation_key, message.sender, message.text) == (ROOM.key, LI, "你好 👋")


async def test_a_retry_is_stored_once_and_gets_the_first_answer(database: Database):
    [first] = await append(database, says("a", sent_ms=1))
    assert await append(database, says("a", sent_ms=2)) == [first]
    assert seqs(await append(database, says("b"))) == [2]


async def test_a_retry_in_the_same_group_is_stored_once(database: Database):
    assert seqs(await append(database, says("a"), says("a"), says("b"))) == [1, 1, 2]


async def test_another_text_under_a_used_client_id_is_a_conflict(database: Database):
    await append(database, says("a", "one"))
    answers = await append(database, says("b"), says("a", "two"), says("c"), says("c", "three"))
    assert seqs(answers) == [2, "conflict", 3, "conflict"]


async def test_client_ids_belong_to_their_sender_and_conversation(database: Database):
    news = [says("a"), says("a", "other", sender=ANN), says("a", "third", conversation=room(2))]
    assert seqs(await append(database, *news)) == [1, 2, 1]


@pytest.mark.parametrize("text", ["a\0b", "\ud800", "ok\udfff"], ids=ascii)
async def test_what_a_database_cannot_hold_is_refused_alone(database: Database, text: str):
    assert seqs(await append(database, says("a"), says("b", text), says("c"))) == [
        1,
        "bad_input",
        2,
    ]
    strange = [says(text), says("d", sender=Member(Role.VISITOR, text))]
    assert seqs(await append(database, *strange)) == ["bad_input", "bad_input"]


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(texts=st.lists(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))))
def test_any_other_text_comes_back_as_it_went_in(url: str, texts: list[str]):
    key = f"rooms:{hash(tuple(texts))}"
    conversation = Conversation(key, Kind.ROOMS, (ANN, LI))
    writer = Writer(writer_engine(url, lock_wait_s=3))
    news = [says(f"{i}", text, conversation=conversation) for i, text in enumerate(texts)]
    writer.commit(news)
    writer.close()
    with open_for_reading(url) as conn:
        stored = [m.text for _, m in list_history(conn) if m.conversation_key == key]
    assert stored == texts


async def test_people_who_come_later_are_added(database: Database):
    waiting = Conversation(ROOM.key, Kind.ROOMS, (LI,))
    await append(database, says("a", conversation=waiting))
    answers = await append(database, says("b"), says("c", sender=ANN))
    assert seqs(answers) == [2, 3]
    rows = await database.read(lambda conn: conn.execute(select(participant.c.name)).all())
    assert sorted(name for (name,) in rows) == ["Ann", "李四"]


async def test_a_visitor_is_one_contact_in_all_conversations_and_an_agent_none(database: Database):
    namesake = Conversation("rooms:3", Kind.ROOMS, (Member(Role.AGENT, LI.name), LI))
    peer = Conversation("direct:1", Kind.DIRECT, (Member(Role.PEER, LI.name),))
    news = [says("a"), says("b", conversation=room(2)), says("c", conversation=namesake)]
    news.append(says("d", sender=peer.members[0], conversation=peer))
    await append(database, *news)
    rows = await database.read(lambda conn: conn.execute(select(contact.c.identifier)).all())
    assert sorted(identifier for (identifier,) in rows) == ["direct:李四", "rooms:李四"]
    linked = select(participant.c.role).where(participant.c.contact_id.is_not(None))
    roles = await database.read(lambda conn: conn.execute(linked).all())
    assert sorted(role for (role,) in roles) == ["peer", "visitor", "visitor", "visitor"]


def test_writers_at_the_same_time_leave_no_hole_and_no_double(url: str):
    """Four writers open and fill the same conversations, each naming them in its own order."""
    start = threading.Barrier(4)
    answers: list[Message] = []

    def write(number: int) -> None:
        writer = Writer(writer_engine(url, lock_wait_s=10))
        start.wait()
        for turn in range(10):
            rooms = [room((number + 1) * i % 5) for i in range(1, 6)]
            news = [says(f"{number}-{turn}-{i}", conversation=r) for i, r in enumerate(rooms)]
            repeat = says(f"all-{turn}", conversation=rooms[0])
            answers.extend(writer.commit([*news, repeat]))
        writer.close()

    threads = [threading.Thread(target=write, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with open_for_reading(url) as conn:
        stored = [message for _, message in list_history(conn)]
    assert len(answers) == 4 * 10 * 6
    assert {repr(bare(one)) for one in answers} == set(map(repr, stored))
    numbers = defaultdict(list)
    for message in stored:
        numbers[message.conversation_key].append(message.seq)
    assert all(found == [*range(1, len(found) + 1)] for found in numbers.values())
    sends = {(m.conversation_key, m.sender, m.client_id) for m in stored}
    assert len(sends) == len(stored)


@pytest.mark.postgres
def test_two_stores_of_one_postgresql_do_not_wait_for_each_other(tmp_path: Path):
    """Another store's writer and its migration stand still in the middle of a transaction."""
    with fresh_url("postgresql", tmp_path) as other, fresh_url("postgresql", tmp_path) as ours:
        migrate(other)
        busy = writer_engine(other, lock_wait_s=1)
        with busy.begin() as conn:
            Known().check(conn)
            migrations.take_turns(conn)
            migrate(ours)
            writer = Writer(writer_engine(ours, lock_wait_s=1))
            assert seqs(writer.commit([says("a")])) == [1]
            writer.close()
        busy.dispose()
