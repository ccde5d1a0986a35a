"""Who finds what, and that the index is what was said."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from sqlalchemy import Connection, delete, select, update

from kefu.actions.commands import read_form
from kefu.actions.indexing import Indexer, rest_after
from kefu.actions.search import (
    COMMANDS,
    SearchContacts,
    SearchMessages,
    search_contacts,
    search_messages,
)
from kefu.core.actors import Actor, Agent, AgentRole, Scope, Visitor
from kefu.core.conversation import Conversation, Entry, Kind, Member, NewMessage
from kefu.core.errors import BadInput, NotAllowed, NotFound
from kefu.core.search import query
from kefu.storage import indexing, search
from kefu.storage.appending import append_entry
from kefu.storage.contacts import set_contact
from kefu.storage.schema import consumer, conversation, message
from kefu.storage.states import address_of
from tests.actions.acts import chat, says
from tests.actions.desk import NOW_MS, Desk
from tests.conftest import clock


async def say(
    desk: Desk,
    conversation: int,
    by: Member,
    text: str,
    *,
    type: Entry = Entry.MESSAGE,
    about: int | None = None,
) -> int:
    """Store an entry, as the actions do; returns its number."""

    def work(conn: Connection) -> int:
        private = type is Entry.NOTE
        to = address_of(conn, conversation)
        return append_entry(conn, NewMessage(to, by, None, text, NOW_MS, type, private, about)).seq

    return await desk.ctx.database.write(work)


async def changes(desk: Desk, conversation: int, seq: int, **values: object) -> None:
    """Change a stored message."""
    here = (message.c.conversation_id == conversation, message.c.seq == seq)
    await desk.ctx.database.write(
        lambda conn: conn.execute(update(message).where(*here).values(values))
    )


async def index(desk: Desk) -> None:
    indexer = Indexer(desk.ctx)
    while await indexer.step():
        pass


async def found(desk: Desk, actor: Actor, text: str, **form: object) -> list[tuple[int, int]]:
    """(conversation, seq) of what ``actor`` finds, in order."""
    do = SearchMessages(text=text, **form)  # type: ignore[arg-type]
    page = await search_messages(desk.call(actor), do)
    return [(hit.conversation, hit.seq) for hit in page.items]


class House:
    """Two inboxes, somebody who works in each, an admin, and a conversation in each."""

    def __init__(self) -> None:
        self.ann = self.bob = self.admin = Agent(0, "", AgentRole.AGENT)
        self.li = self.wu = Visitor(0, 0, "")
        self.sales = self.care = self.first = self.second = 0


@pytest.fixture
async def house(desk: Desk) -> House:
    new = House()
    new.sales, new.care = await desk.inbox(), await desk.inbox()
    new.ann = await desk.agent(inboxes=[new.sales])
    new.bob = await desk.agent(inboxes=[new.care])
    new.admin = await desk.agent(role=AgentRole.ADMIN)
    new.li = await desk.visitor(new.sales, "李四", email="li@example.com")
    new.wu = await desk.visitor(new.care, "吴五", attributes='{"plan": "Gold"}', tags='["vip"]')
    new.first = await desk.conversation(new.li)
    new.second = await desk.conversation(new.wu)
    return new


SAID = [
    ("我的订单在哪里？", "订单", "two Chinese characters"),
    ("我的火车在哪里？", "火", "one"),
    ("他的包裹在路上", "包裹 路上", "two words that stand apart"),
    ("Where is my Parcel?", "PARCEL", "another case"),
    ("Nobody answers", "nobody ans", "the beginning of a word"),
    ("100% of a_b", "100%", "LIKE's characters"),
    ('it\'s "here"; DROP TABLE message', 'it\'s "here";', "SQL's characters"),
    ("a* OR b NOT c", "OR b NOT c", "FTS5's operators"),
    ("u & v | !w <-> x:*", "& v | !w <-> x:*", "PostgreSQL's operators"),
]
NOTHING = ["%", "_", "'", '"', "*", "()", "NEAR", "\\", "words:w", "' OR 1=1 --", "-", "§i1"]


async def test_what_was_said_is_found_and_no_character_is_an_operator(desk: Desk, house: House):
    seqs = [await say(desk, house.first, house.li.member, text) for text, _, _ in SAID]
    await index(desk)
    for (_, asked, case), seq in zip(SAID, seqs, strict=True):
        assert await found(desk, house.ann, asked) == [(house.first, seq)], case
    for asked in NOTHING:
        assert await found(desk, house.ann, asked) == [], asked


async def test_only_what_is_in_ones_inboxes_is_found(desk: Desk, house: House):
    a = (house.first, await say(desk, house.first, house.li.member, "parcel"))
    b = (house.second, await say(desk, house.second, house.wu.member, "parcel"))
    await index(desk)
    assert await found(desk, house.ann, "parcel") == [a]
    assert await found(desk, house.bob, "parcel") == [b]
    assert await found(desk, house.admin, "parcel") == [b, a]
    assert await found(desk, house.admin, "parcel", inbox=house.sales) == [a]
    assert await found(desk, house.admin, "parcel", conversation=house.second) == [b]
    assert await found(desk, await desk.agent(), "parcel") == []


async def test_another_inbox_or_conversation_is_as_one_that_is_not_there(desk: Desk, house: House):
    for where in ({"inbox": house.care}, {"inbox": 999_999}):
        with pytest.raises(NotFound):
            await found(desk, house.ann, "parcel", **where)
    for where in ({"conversation": house.second}, {"conversation": 999_999}):
        with pytest.raises(NotFound):
            await found(desk, house.ann, "parcel", **where)


async def test_a_visitor_and_a_token_that_may_not_read_do_not_search(desk: Desk, house: House):
    writes = await desk.agent(inboxes=[house.sales], scopes=frozenset({Scope.WRITE}))
    for actor in (house.li, writes):
        with pytest.raises(NotAllowed):
            await found(desk, actor, "parcel")
        with pytest.raises(NotAllowed):
            await search_contacts(desk.call(actor), SearchContacts(text="li"))


async def test_notes_are_found(desk: Desk, house: House):
    seq = await say(desk, house.first, house.ann.member, "be careful", type=Entry.NOTE)
    await index(desk)
    page = await search_messages(desk.call(house.ann), SearchMessages(text="careful"))
    (hit,) = page.items
    assert (hit.seq, hit.type, hit.sender.name) == (seq, Entry.NOTE, house.ann.name)
    assert [(one.text, one.hit) for one in hit.snippet] == [("be ", False), ("careful", True)]
    assert hit.contact is not None
    assert hit.contact.name == "李四"


async def test_an_edited_message_is_found_by_what_it_says_now(desk: Desk, house: House):
    seq = await say(desk, house.first, house.li.member, "before")
    await index(desk)
    await changes(desk, house.first, seq, text="after", edited_ms=NOW_MS)
    await say(desk, house.first, house.li.member, "", type=Entry.EDIT, about=seq)
    await index(desk)
    assert await found(desk, house.ann, "before") == []
    assert await found(desk, house.ann, "after") == [(house.first, seq)]


async def test_what_was_deleted_is_not_found_and_leaves_the_index(desk: Desk, house: House):
    seq = await say(desk, house.first, house.li.member, "secret")
    await index(desk)
    await changes(desk, house.first, seq, text="", deleted_ms=NOW_MS)
    assert await found(desk, house.ann, "secret") == []
    await say(desk, house.first, house.li.member, "", type=Entry.DELETE, about=seq)
    await index(desk)
    wanted = query("secret")
    assert wanted
    ids = await desk.ctx.database.read(
        lambda conn: search.find_messages(conn, wanted, limit=10).ids
    )
    assert ids == []


async def test_an_edit_that_was_indexed_twice_changes_nothing(desk: Desk, house: House):
    """As after a crash between the index and what remembers how far it came."""
    await say(desk, house.first, house.li.member, "once")
    pending = await desk.ctx.database.read(indexing.next_pending)
    assert pending
    await desk.ctx.database.write(lambda conn: indexing.store_pending(conn, pending))
    await desk.ctx.database.write(lambda conn: indexing.store_pending(conn, pending))
    assert await found(desk, house.ann, "once") == [(house.first, 1)]


async def test_emoji_are_found_by_their_parts_in_messages_and_contacts(desk: Desk, house: House):
    party = await say(desk, house.first, house.li.member, "Thanks 🎉 👍🏽 👨\u200d👩\u200d👧")
    await index(desk)
    for typed in ("🎉", "👍", "👍🏽", "👩"):
        assert await found(desk, house.ann, typed) == [(house.first, party)], typed
    assert await found(desk, house.ann, "👎") == []


async def test_an_index_of_another_version_is_made_anew_while_it_is_used(desk: Desk, house: House):
    seqs = [await say(desk, house.first, house.li.member, f"parcel {n} 🎉") for n in range(3)]
    await index(desk)

    def as_before(conn: Connection) -> None:
        """The store of an earlier Kefu, whose index has no emoji."""
        conn.execute(delete(consumer).where(consumer.c.name.like("% %")))
        rows = conn.execute(
            select(message, conversation.c.inbox_id).join(
                conversation, conversation.c.id == message.c.conversation_id
            )
        ).all()
        old = [(row.id, index_row(conn, row)) for row in rows if row.text]
        indexing._put(conn, "message_search", old)

    await desk.ctx.database.write(as_before)
    assert await found(desk, house.ann, "🎉") == []
    assert len(await found(desk, house.ann, "parcel")) == 3
    new = await say(desk, house.first, house.li.member, "parcel 4 🎉")
    indexer = Indexer(desk.ctx)
    assert await indexer.step()
    assert await found(desk, house.ann, "🎉") == [(house.first, new)]  # what is new goes first
    assert len(await found(desk, house.ann, "parcel")) == 4
    await index(desk)
    assert await found(desk, house.ann, "🎉") == [
        (house.first, seq) for seq in (new, *reversed(seqs))
    ]
    assert not await Indexer(desk.ctx).step()


def index_row(conn: Connection, row: Any) -> str:
    return indexing._row(conn, row.text.replace("🎉", ""), indexing._marks(conn, row))


async def test_direct_pairs_are_not_searched(desk: Desk, house: House):
    pair = Conversation("direct:a:b", Kind.DIRECT, (house.li.member, house.wu.member))
    new = NewMessage(pair, house.li.member, None, "whisper", NOW_MS)
    await desk.ctx.database.write(lambda conn: append_entry(conn, new))
    await index(desk)
    assert await found(desk, house.admin, "whisper") == []


async def test_pages_follow_each_other_without_a_gap(desk: Desk, house: House):
    seqs = [await say(desk, house.first, house.li.member, f"parcel {i}") for i in range(5)]
    await index(desk)
    got, cursor = [], None
    while True:
        do = SearchMessages(text="parcel", limit=2, cursor=cursor)
        page = await search_messages(desk.call(house.ann), do)
        got += [hit.seq for hit in page.items]
        cursor = page.next
        if cursor is None:
            break
    assert got == seqs[::-1]


async def test_a_cursor_of_another_form_is_refused(desk: Desk, house: House):
    for cursor in ("", "x", "-1", "1' OR 1", "9" * 30, "１２"):
        with pytest.raises(BadInput, match="cursor"):
            await found(desk, house.ann, "parcel", cursor=cursor)


async def test_contacts_are_found_by_all_that_is_known_of_them(desk: Desk, house: House):
    await index(desk)

    async def who(actor: Actor, text: str, inbox: int | None = None) -> list[int]:
        page = await search_contacts(desk.call(actor), SearchContacts(text=text, inbox=inbox))
        return [one.id for one in page.items]

    li, wu = house.li.contact_id, house.wu.contact_id
    assert await who(house.ann, "李") == [li]
    assert await who(house.ann, "li@example.com") == [li]
    assert await who(house.ann, "吴五") == []
    assert await who(house.bob, "吴五") == [wu]
    assert await who(house.bob, "gold") == [wu]
    assert await who(house.admin, "vip") == [wu]
    assert await who(house.admin, "vip", inbox=house.sales) == []
    with pytest.raises(NotFound):
        await who(house.ann, "vip", inbox=house.care)


async def test_a_contact_who_changed_is_found_as_they_are_now(desk: Desk, house: House):
    await index(desk)
    id = house.li.contact_id
    await desk.ctx.database.write(lambda conn: set_contact(conn, id, name="Napoleon"))
    await index(desk)
    for text, expected in (("李四", []), ("napol", [id])):
        page = await search_contacts(desk.call(house.ann), SearchContacts(text=text))
        assert [one.id for one in page.items] == expected


def test_while_very_much_is_said_the_writer_is_left_to_others():
    assert rest_after(0.01, 900) == pytest.approx(0.01)
    assert rest_after(0.01, 1_100) > 0.3


async def test_long_texts_are_indexed_apart(desk: Desk, house: House):
    indexer = Indexer(desk.ctx)
    await index(desk)
    marks = "a" + "\u0301\u0334" * 9_000
    for _ in range(3):
        await say(desk, house.first, house.li.member, marks)
    steps = 1
    while await indexer.step():
        steps += 1
    assert steps >= 3


async def until_found(desk: Desk, house: House, text: str) -> None:
    while True:
        if await found(desk, house.ann, text):
            return
        await asyncio.sleep(0.01)


async def test_what_is_said_is_found_soon_after_without_anybody_asking(desk: Desk, house: House):
    await say(desk, house.first, house.li.member, "earlier")  # before a crash, say
    running = asyncio.create_task(Indexer(desk.ctx).run())
    async with asyncio.timeout(60):
        await until_found(desk, house, "earlier")
        _, id = await chat(desk, house.sales)
        await says(desk, house.ann, id, "later")
        await until_found(desk, house, "later")
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running


@pytest.mark.asyncio(loop_factories=["clock"])
async def test_a_hundred_messages_a_second_are_indexed_by_few_writes_and_found_within_half_a_second(
    desk: Desk, house: House, monkeypatch: pytest.MonkeyPatch
):
    loop, writes = clock(), list[int]()
    store = indexing.store_pending

    def counted(conn: Connection, pending: indexing.Pending) -> None:
        writes.append(pending.last_id)
        store(conn, pending)

    monkeypatch.setattr(indexing, "store_pending", counted)
    await index(desk)
    writes.clear()
    running = loop.create_task(Indexer(desk.ctx).run())
    _, id = await chat(desk, house.sales)
    for n in range(100):
        await says(desk, house.ann, id, f"word{n}")
        await loop.advance(0.01)
    assert 1 <= len(writes) <= 5
    said_s = loop.now_s
    while not await found(desk, house.ann, "word99"):  # what is sought for takes real time
        await loop.advance(0.01 if loop.now_s - said_s < 0.5 else 0.0)
    running.cancel()


async def test_there_is_an_end_to_indexing(desk: Desk, house: House):
    await say(desk, house.first, house.li.member, "x")
    await index(desk)
    assert not await Indexer(desk.ctx).step()


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.name)
def test_examples_are_of_the_forms(command):
    read_form(command, command.example)
