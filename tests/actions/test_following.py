"""What a follower has missed, on every database: all of it, in bounded pages, and no more."""

from __future__ import annotations

from typing import Any

import pytest

from kefu.actions import following
from kefu.actions.agents import UpdateAgent, update_agent
from kefu.actions.contacts import MergeContacts, merge_contacts
from kefu.actions.following import (
    ListEvents,
    OpenConversation,
    OpenFeed,
    list_events,
    open_conversation,
    open_feed,
)
from kefu.actions.revising import (
    DeleteMessage,
    EditMessage,
    React,
    delete_message,
    edit_message,
    react,
)
from kefu.actions.visitor import MarkRead, mark_read
from kefu.core.actors import AgentRole
from kefu.core.cursors import origin
from kefu.core.errors import BadInput, Expired, NotFound
from kefu.core.views import conversation_for_visitor
from kefu.storage import desk as stored
from tests.actions.acts import chat, notes, says


def texts(events):
    return [one.message.text for one in events if one.on == "message.added"]


async def follow(desk, actor, conversation, since):
    """Every page until level: (events, pages)."""
    events: list[Any] = []
    pages = 0
    while True:
        opened = await open_conversation(
            desk.call(actor), OpenConversation(conversation=conversation, since=since)
        )
        events += opened.page.events
        pages += 1
        assert opened.page.seq >= since
        since = opened.page.seq
        if not opened.page.more:
            return events, pages


async def feed(desk, actor, cursor):
    """Every page since a cursor: (events, the last page)."""
    events: list[Any] = []
    while True:
        page = (await open_feed(desk.call(actor), OpenFeed(cursor=cursor))).page
        events += page.events
        cursor = page.cursor
        if not page.more:
            return events, page


async def test_pages_of_a_conversation_join_without_a_seam(desk, monkeypatch):
    monkeypatch.setattr(following, "PAGE", 4)
    inbox = await desk.inbox()
    agent = await desk.agent(inboxes=[inbox])
    visitor, id = await chat(desk, inbox)
    for n in range(10):
        await (notes(desk, agent, id, f"{n}") if n % 3 else says(desk, visitor, id, f"{n}"))
    events, pages = await follow(desk, agent, id, 0)
    assert [one.seq for one in events] == list(range(1, len(events) + 1))
    assert [one.prev for one in events] == list(range(len(events)))
    assert texts(events) == ["Hello", *map(str, range(10))]
    assert pages > 2
    own, _ = await follow(desk, visitor, id, 0)
    assert texts(own) == ["Hello", "0", "3", "6", "9"]
    assert [one.prev for one in own] == [0, *(one.seq for one in own[:-1])]


async def test_pages_of_only_notes_bring_a_visitor_on(desk, monkeypatch):
    monkeypatch.setattr(following, "PAGE", 2)
    inbox = await desk.inbox()
    agent = await desk.agent(inboxes=[inbox])
    visitor, id = await chat(desk, inbox)
    level = (
        await open_conversation(desk.call(visitor), OpenConversation(conversation=id))
    ).page.seq
    for n in range(7):
        await notes(desk, agent, id, f"{n}")
    await says(desk, agent, id, "at last")
    events, _ = await follow(desk, visitor, id, level)
    assert texts(events) == ["at last"]
    assert events[0].prev == level


async def test_a_page_has_a_bounded_number_of_bytes(desk, monkeypatch):
    monkeypatch.setattr(following, "PAGE_BYTES", 10_000)
    inbox = await desk.inbox()
    agent = await desk.agent(inboxes=[inbox])
    visitor, id = await chat(desk, inbox)
    cursor = (await list_events(desk.call(agent), ListEvents())).cursor
    said = [f"{n} " + "x" * 3_000 for n in range(9)]
    for text in said:
        await says(desk, visitor, id, text)
    events, pages = await follow(desk, agent, id, 0)
    assert texts(events)[1:] == said
    assert pages > 2
    events, _ = await feed(desk, agent, cursor)
    assert texts(events) == said


async def test_one_message_larger_than_a_page_still_comes(desk, monkeypatch):
    monkeypatch.setattr(following, "PAGE_BYTES", 100)
    inbox = await desk.inbox()
    visitor, id = await chat(desk, inbox)
    await says(desk, visitor, id, "x" * 1_000)
    events, _ = await follow(desk, visitor, id, 0)
    assert texts(events) == ["Hello", "x" * 1_000]


async def test_a_feed_has_the_inboxes_that_one_works_in_and_no_other(desk, monkeypatch):
    monkeypatch.setattr(following, "PAGE", 3)
    one, other = await desk.inbox(), await desk.inbox()
    agent = await desk.agent(inboxes=[one])
    admin = await desk.agent(role=AgentRole.ADMIN)
    nobody = await desk.agent()
    cursor = origin(desk.ctx.epoch)
    here, there = await chat(desk, one), await chat(desk, other)
    for n in range(6):
        for visitor, id in (here, there):
            await says(desk, visitor, id, f"{n}")
    numbers = list(map(str, range(6)))
    assert texts((await feed(desk, agent, cursor))[0]) == ["Hello", *numbers]
    assert texts((await feed(desk, here[0], cursor))[0]) == ["Hello", *numbers]
    everything = texts((await feed(desk, admin, cursor))[0])
    assert everything == ["Hello", "Hello", *(n for n in numbers for _ in range(2))]
    assert texts((await feed(desk, nobody, cursor))[0]) == []


async def test_receipts_come_with_the_last_part(desk):
    inbox = await desk.inbox()
    agent = await desk.agent(inboxes=[inbox])
    visitor, id = await chat(desk, inbox)
    before = (await open_feed(desk.call(agent), OpenFeed())).page
    (known,) = before.conversations
    assert known.unread == 1
    await mark_read(desk.call(agent), MarkRead(conversation=id, seq=known.last_seq))
    _, page = await feed(desk, agent, before.cursor)
    (receipts,) = page.receipts
    assert (receipts.team.read, receipts.team_unread) == (known.last_seq, 0)
    assert receipts.last_seq == known.last_seq
    _, own = await feed(desk, visitor, before.cursor)
    (seen,) = own.receipts
    assert seen.team.read == known.last_seq
    assert (seen.team_unread, seen.last_public_seq) == (0, 0)


async def test_a_snapshot_is_the_state_of_each_side(desk):
    inbox = await desk.inbox()
    agent = await desk.agent(inboxes=[inbox])
    visitor, id = await chat(desk, inbox)
    await notes(desk, agent, id)
    now = await desk.ctx.database.read(lambda conn: stored.get_conversation(conn, id))
    assert (await open_feed(desk.call(agent), OpenFeed())).page.conversations == (now,)
    own = (await open_feed(desk.call(visitor), OpenFeed())).page.conversations
    assert own == (conversation_for_visitor(now),)


async def test_who_may_not_know_of_a_conversation_cannot_follow_it(desk):
    inbox = await desk.inbox()
    _, id = await chat(desk, inbox)
    stranger, _ = await chat(desk, inbox)
    for actor in (stranger, await desk.agent(), desk.stranger(inbox)):
        for number in (id, 999_999):
            with pytest.raises(NotFound):
                await open_conversation(desk.call(actor), OpenConversation(conversation=number))


async def test_a_cursor_of_an_entry_that_is_not_there_has_expired(desk):
    visitor, id = await chat(desk, await desk.inbox())
    agent = await desk.agent(role=AgentRole.ADMIN)
    (*_, last) = (await follow(desk, agent, id, 0))[0]
    mark, _, number = last.cursor.partition("-")
    wrong = [
        f"{mark}-1000000",  # of the future
        f"{mark}-{int(number) - 1}",  # of another entry
        f"{'f' * 12}-{number}",  # of another past
        f"{'f' * 12}-0",  # of another store
        origin("ffffffffffffffff"),
    ]
    for actor in (visitor, agent):
        for cursor in wrong:
            with pytest.raises(Expired):
                await open_feed(desk.call(actor), OpenFeed(cursor=cursor))
            with pytest.raises(Expired):
                await open_feed(desk.call(actor), OpenFeed(cursor=cursor, next=1))
            with pytest.raises(Expired):
                await list_events(desk.call(actor), ListEvents(cursor=cursor))
        for cursor in (last.cursor, origin(desk.ctx.epoch)):
            assert (await open_feed(desk.call(actor), OpenFeed(cursor=cursor))).page.cursor
            assert (await list_events(desk.call(actor), ListEvents(cursor=cursor))).cursor


@pytest.mark.parametrize("cursor", ["", "-", "1", "mark--1", f"{'a' * 12}-1-1", f"{'a' * 12}-١"])
async def test_what_no_server_gave_is_no_cursor(desk, cursor):
    agent = await desk.agent()
    with pytest.raises(BadInput, match="cursor"):
        await open_feed(desk.call(agent), OpenFeed(cursor=cursor))
    with pytest.raises(BadInput, match="cursor"):
        await list_events(desk.call(agent), ListEvents(cursor=cursor))


async def test_a_cursor_outlives_whatever_happens_to_its_message(desk):
    """Edited, reacted to, deleted; its conversation another contact's: it is the same entry."""
    inbox = await desk.inbox()
    (li, id), (other, _) = await chat(desk, inbox), await chat(desk, inbox)
    admin = await desk.agent("Ann", role=AgentRole.ADMIN, inboxes=[inbox])
    sent = await says(desk, admin, id, "answer")
    page = await list_events(desk.call(admin), ListEvents())
    opened = (await open_conversation(desk.call(admin), OpenConversation(conversation=id))).page
    assert page.cursor == f"{opened.mark}-{page.cursor.partition('-')[2]}"
    seq = sent.seq
    await edit_message(desk.call(admin), EditMessage(conversation=id, seq=seq, text="another"))
    await react(desk.call(admin), React(conversation=id, seq=seq, emoji="👍"))
    await delete_message(desk.call(admin), DeleteMessage(conversation=id, seq=seq))
    await merge_contacts(
        desk.call(admin), MergeContacts(contact=other.contact_id, other=li.contact_id)
    )
    await update_agent(desk.call(admin), UpdateAgent(agent=admin.id, name="Anna"))
    again = await list_events(desk.call(admin), ListEvents(cursor=page.cursor))
    assert [one.on for one in again.events[:3]] == 3 * ["message.changed"]
    do = OpenConversation(conversation=id, since=opened.seq, mark=opened.mark)
    assert (await open_conversation(desk.call(admin), do)).page.events


async def test_since_with_a_mark_names_the_very_entry(desk, monkeypatch):
    """Within and past the end; without a mark only what is past the end is noticed."""
    monkeypatch.setattr(following, "PAGE", 2)
    visitor, id = await chat(desk, await desk.inbox())
    agent = await desk.agent(role=AgentRole.ADMIN)
    for n in range(3):
        await notes(desk, agent, id, f"{n}")
    await says(desk, agent, id, "at last")

    async def page(actor, **fields):
        do = OpenConversation(conversation=id, **fields)
        return (await open_conversation(desk.call(actor), do)).page

    for actor in (visitor, agent):
        part = await page(actor, since=0)
        seen = [part]
        while part.more:
            part = await page(actor, since=part.seq, mark=part.mark)
            seen.append(part)
        assert texts(one for each in seen for one in each.events)[-1] == "at last"
        assert part.mark == part.events[-1].cursor.partition("-")[0]
        whole = await page(actor)
        assert (whole.seq, whole.mark) == (part.seq, part.mark)
        for since in (1, whole.seq):
            with pytest.raises(Expired):
                await page(actor, since=since, mark="0" * 12)
        with pytest.raises(Expired):
            await page(actor, since=whole.seq - 1, mark=whole.mark)
        with pytest.raises(Expired):
            await page(actor, since=1_000)
        assert (await page(actor, since=1)).events
    with pytest.raises(BadInput, match="mark"):
        await page(agent, mark="0" * 12)
