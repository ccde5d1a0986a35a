"""The past days of a demo."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, func, select

from kefu.actions.context import Files
from kefu.actions.conversations import ListConversations, list_conversations
from kefu.actions.files import UNSENT_S, sweep_files
from kefu.actions.ratings import ListRatings, list_all_ratings
from kefu.actions.search import SearchMessages, search_messages
from kefu.core.actors import Agent, AgentRole
from kefu.core.canned import check_canned, clean_shortcut
from kefu.core.desk import Conversation
from kefu.core.states import Status
from kefu.demo.days import is_new, read_stories
from kefu.demo.papers import make_paper
from kefu.demo.team import WIDGET_KEY, prepare_demo
from kefu.files.intake import Intake
from kefu.files.local import LocalFiles
from kefu.storage import agents, canned, inboxes, indexing, schema
from tests.actions.acts import chat, timeline
from tests.actions.desk import NOW_MS, Desk

NOW = datetime.fromtimestamp(NOW_MS / 1000, UTC)
DAY_MS = 86_400_000


async def ada(desk: Desk) -> Agent:
    """The demo's admin."""
    found = await desk.ctx.database.read(
        lambda conn: agents.find_credentials(conn, email="ada@demo.kefu")
    )
    assert found is not None
    return Agent(found.id, "Ada", AgentRole.ADMIN, frozenset())


async def all_rows(desk: Desk, *tables: Any) -> list[list[Any]]:
    def read(conn: Connection) -> list[list[Any]]:
        return [[*conn.execute(select(table).order_by(table.c.id))] for table in tables]

    return await desk.ctx.database.read(read)


async def listed(desk: Desk, who: Agent, **chosen: Any) -> list[Conversation]:
    page = await list_conversations(desk.call(who), ListConversations(limit=100, **chosen))
    return [*page.items]


async def test_a_new_demo_has_days_of_both_languages_behind_it(desk: Desk):
    await prepare_demo(desk.ctx, past=NOW)
    who = await ada(desk)
    found = await listed(desk, who)
    assert len(found) == len(read_stories())
    assert {one.locale for one in found} == {"en", "zh-CN"}
    assert {one.created_at.date() for one in found} == {
        NOW.date() - timedelta(days=days) for days in range(1, 7)
    }
    assert all(one.tags and one.contact and one.assignee for one in found)
    scores = {one.score for one in (await list_all_ratings(desk.call(who), ListRatings())).items}
    assert len(scores) > 3
    notes = [one for row in found for one in await timeline(desk, row.id) if one.type == "note"]
    assert len(notes) > 5


async def test_a_new_demo_has_canned_responses_that_may_be_kept_so(desk: Desk):
    await prepare_demo(desk.ctx, past=NOW)
    kept = await desk.ctx.database.read(lambda conn: canned.list_canned(conn, None, limit=100))
    assert {one.shortcut for one in kept} == {"delivery", "hello", "returns", "您好", "退货"}
    for one in kept:
        assert (clean_shortcut(one.shortcut), check_canned(one.text)) == (one.shortcut, one.text)


async def test_nothing_of_it_waits_or_is_unread(desk: Desk):
    await prepare_demo(desk.ctx, past=NOW)
    found = await listed(desk, await ada(desk))
    assert {one.status for one in found} == {Status.RESOLVED, Status.PENDING, Status.SNOOZED}
    for one in found:
        assert (one.unread, one.contact_unread, one.waiting_since, one.offered) == (
            0,
            0,
            None,
            False,
        )
        assert one.team_receipts.read == one.contact_receipts.read == one.last_seq
        if one.snoozed_until is not None:
            assert one.snoozed_until > NOW + timedelta(days=7)


async def test_the_entries_are_in_the_order_of_their_times_and_all_past(desk: Desk):
    await prepare_demo(desk.ctx, past=NOW)
    messages, people, conversations = await all_rows(
        desk, schema.message, schema.agent, schema.conversation
    )
    times = [row.sent_ms for row in messages]
    assert times == sorted(times)
    assert times[-1] < NOW_MS
    assert max(row.created_ms for row in people) < times[0]
    last_ids = {row.conversation_id: row.id for row in messages}
    assert {row.id: row.last_id for row in conversations} == last_ids


async def test_a_states_last_entry_leads_to_it(desk: Desk):
    await prepare_demo(desk.ctx, past=NOW)
    for one in await listed(desk, await ada(desk)):
        told = [entry.activity for entry in await timeline(desk, one.id) if entry.activity]
        (*_, state) = [activity.status for activity in told if activity.status]
        (*_, given) = [activity.agent for activity in told if activity.what == "assigned"]
        assert (state, given) == (one.status, one.assignee)
        ratings = [activity.values.score for activity in told if activity.what == "rated"]
        assert ratings == ([one.rating] if one.rating else [])


async def test_it_is_found_at_once(desk: Desk):
    await prepare_demo(desk.ctx, past=NOW)
    assert await desk.ctx.database.read(indexing.next_pending) is None
    assert not await desk.ctx.database.read(indexing.has_unindexed_contacts)
    who = await ada(desk)
    for words in ("induction hob", "小苏打"):
        found = await search_messages(desk.call(who), SearchMessages(text=words))
        assert found.items


async def test_the_same_moment_makes_the_same_days(desk: Desk):
    await prepare_demo(desk.ctx, past=NOW)
    (messages,) = await all_rows(desk, schema.message)
    first = messages[0].sent_ms
    assert datetime.fromtimestamp(first / 1000, UTC) == (NOW - timedelta(days=6)).replace(
        hour=9, minute=14, second=0, microsecond=0
    )


async def test_the_days_are_those_of_the_machines_zone(desk: Desk):
    zone = timezone(timedelta(hours=8))
    await prepare_demo(desk.ctx, past=NOW.astimezone(zone))
    (messages,) = await all_rows(desk, schema.message)
    assert datetime.fromtimestamp(messages[0].sent_ms / 1000, zone).hour == 9


async def test_a_store_that_holds_anything_gets_none(desk: Desk):
    inbox = await desk.inbox()
    await chat(desk, inbox)
    await prepare_demo(desk.ctx, past=NOW)
    assert len(await listed(desk, await ada(desk))) == 1


async def test_a_second_start_writes_nothing_more(desk: Desk):
    await prepare_demo(desk.ctx, past=NOW)
    before = await all_rows(desk, schema.message, schema.conversation, schema.contact)
    await prepare_demo(desk.ctx, past=NOW + timedelta(days=1))
    assert await all_rows(desk, schema.message, schema.conversation, schema.contact) == before


async def test_an_empty_demo_is_empty(desk: Desk):
    await prepare_demo(desk.ctx)
    count = select(func.count()).select_from(schema.message)
    assert await desk.ctx.database.read(lambda conn: conn.scalar(count)) == 0


async def test_whoever_writes_next_goes_on_from_there(desk: Desk):
    assert await desk.ctx.database.read(is_new)
    await prepare_demo(desk.ctx, past=NOW)
    shop = await desk.ctx.database.read(lambda conn: inboxes.find_by_widget_key(conn, WIDGET_KEY))
    assert shop is not None
    (messages,) = await all_rows(desk, schema.message)
    _, id = await chat(desk, shop.id)
    (after,) = await all_rows(desk, schema.message)
    assert [row.id for row in after[len(messages) :]] == [messages[-1].id + 1, messages[-1].id + 2]
    assert id == len(read_stories()) + 1


async def test_pictures_and_papers_go_with_what_was_said(desk: Desk, tmp_path: Path):
    store = LocalFiles(tmp_path / "files")
    intake = Intake(store, store.scratch, most_bytes=1_000_000, most_pixels=1_000_000)
    desk.ctx = replace(desk.ctx, files=Files(store, intake, b"s" * 32))
    await prepare_demo(desk.ctx, past=NOW)
    who = await ada(desk)
    sent = {
        file.name: (one.sender.role, file)
        for row in await listed(desk, who)
        for one in await timeline(desk, row.id)
        for file in one.files
    }
    told = {name for story in read_stories() for name in story.files.values()}
    assert sent.keys() == told
    assert {file.type for _, file in sent.values()} == {"image/png", "application/pdf"}
    assert {role for role, _ in sent.values()} == {"visitor", "agent"}
    (rows,) = await all_rows(desk, schema.file)
    for row in rows:
        assert len(await store.read(row.storage_key, 0, row.size + 1)) == row.size
        assert bool(row.preview_key) == row.name.endswith(".png")
    desk.clock.advance(UNSENT_S + 60)
    await sweep_files(desk.ctx)
    (kept,) = await all_rows(desk, schema.file)
    assert len(kept) == len(told)


def test_every_story_is_told_by_both_and_names_whom_it_may():
    for story in read_stories():
        kinds = [line[:3] for line in story.said]
        assert set(kinds) <= {"v: ", "a: ", "n: "}
        assert kinds[0] == "v: "
        assert kinds[1] == "a: "
        assert story.agent in {"mei", "ben", "chen"}
        assert 1 <= story.day <= 6
        assert all(number < len(story.said) for number in story.files)
        assert all(make_paper(name) for name in story.files.values())
