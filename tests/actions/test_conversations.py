"""Looking at conversations: one, lists, counts."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import Connection, update

from kefu.actions.conversations import (
    CountConversations,
    Counts,
    GetConversation,
    ListConversations,
    ListMessages,
    TeamCount,
    count_conversations,
    get_conversation,
    list_conversations,
    list_messages,
)
from kefu.actions.visitor import EndConversation, MarkRead, end_conversation, mark_read
from kefu.core.actors import Actor, AgentRole, Standing
from kefu.core.conversation import Conversation, Kind, Member, NewMessage, Role
from kefu.core.desk import at
from kefu.core.errors import BadInput, NotAllowed, NotFound, Unauthenticated
from kefu.core.lists import Sort
from kefu.core.states import Status
from kefu.storage import schema
from kefu.storage.schema import conversation
from tests.actions.acts import chat, notes, says
from tests.actions.desk import Desk


async def listed(desk: Desk, who: Actor, **wanted: Any) -> list[int]:
    """Ids of one page."""
    if name := wanted.pop("name", None):
        wanted["with_"] = name
    page = await list_conversations(desk.call(who), ListConversations(**wanted))
    return [one.id for one in page.items]


async def change(desk: Desk, id: int, **values: Any) -> None:
    def work(conn: Connection) -> None:
        conn.execute(update(conversation).where(conversation.c.id == id).values(values))

    await desk.ctx.database.write(work)


async def test_a_conversation_is_shown_to_its_contact_and_to_nobody_elses(desk: Desk):
    inbox = await desk.inbox()
    li, id = await chat(desk, inbox)
    other, others = await chat(desk, inbox)
    agent = await desk.agent(inboxes=[inbox])
    found = await get_conversation(desk.call(li), GetConversation(conversation=id))
    assert (found.status, found.unread, found.members) == (Status.QUEUED, 0, ())
    assert (await get_conversation(desk.call(agent), GetConversation(conversation=id))).unread == 1
    outside = await desk.agent(inboxes=[await desk.inbox()])
    for stranger in (other, desk.stranger(inbox), outside):
        with pytest.raises(NotFound):
            await get_conversation(desk.call(stranger), GetConversation(conversation=id))
        with pytest.raises(NotFound):
            await list_messages(desk.call(stranger), ListMessages(conversation=id))
    assert await listed(desk, other) == [others]
    assert await listed(desk, outside) == []
    assert await listed(desk, agent) == [others, id]


async def test_a_list_begins_with_whatever_was_written_to_last(desk: Desk):
    inbox = await desk.inbox()
    agent = await desk.agent(inboxes=[inbox])
    chats = [await chat(desk, inbox) for _ in range(4)]
    ids = [id for _, id in chats]
    await end_conversation(desk.call(chats[2][0]), EndConversation(conversation=ids[2]))
    await says(desk, chats[0][0], ids[0])
    order = [ids[0], ids[2], ids[3], ids[1]]
    assert await listed(desk, agent) == order
    assert await listed(desk, agent, status=(Status.RESOLVED,)) == [ids[2]]
    assert await listed(desk, agent, status=(Status.QUEUED,)) == [ids[0], ids[3], ids[1]]
    paged, cursor = [], None
    while True:
        wanted = ListConversations(limit=1, cursor=cursor)
        page = await list_conversations(desk.call(agent), wanted)
        paged += [one.id for one in page.items]
        if page.next is None:
            break
        cursor = page.next
    assert paged == order
    with pytest.raises(BadInput, match="cursor"):
        await listed(desk, agent, cursor="1 OR 1=1")


async def test_filters_keep_what_they_say(desk: Desk):
    one, two = await desk.inbox(), await desk.inbox()
    agent = await desk.agent(inboxes=[one, two])
    (li, a), (_, b), (_, c) = [await chat(desk, inbox) for inbox in (one, one, two)]
    await change(desk, a, assignee_id=agent.id, status="open", tags='["vip","a \\"b\\""]')
    await change(desk, b, tags='["vi"]')
    assert await listed(desk, agent, assignee="me") == [a]
    assert await listed(desk, agent, assignee=agent.id) == [a]
    assert await listed(desk, agent, assignee="none") == [c, b]
    assert await listed(desk, agent, tag="VIP") == [a]
    assert await listed(desk, agent, tag='a "b"') == [a]
    assert await listed(desk, agent, tag="vi%") == []
    assert await listed(desk, agent, inbox=two) == [c]
    assert await listed(desk, agent, inbox=two + 1) == []
    assert await listed(desk, agent, contact=li.contact_id) == [a]
    assert await listed(desk, li, assignee="me") == []


async def pages(desk: Desk, who: Actor, **wanted: Any) -> list[int]:
    """The ids of a whole list, read by pages of one."""
    found, cursor = [], None
    while True:
        do = ListConversations(limit=1, cursor=cursor, **wanted)
        page = await list_conversations(desk.call(who), do)
        found += [one.id for one in page.items]
        if page.next is None:
            return found
        cursor = page.next


async def test_whoever_waits_longest_or_is_most_urgent_comes_first(desk: Desk):
    inbox = await desk.inbox()
    agent = await desk.agent(inboxes=[inbox])
    ids = []
    for _ in range(5):
        li, id = await chat(desk, inbox)
        ids.append(id)
        desk.clock.advance(1)
    await says(desk, agent, ids[0])  # it waits no more
    await says(desk, li, ids[4])  # which has waited since before
    await change(desk, ids[3], priority=4)
    await change(desk, ids[0], priority=4)
    await change(desk, ids[2], status="resolved", waiting_ms=None)
    assert await pages(desk, agent, sort=Sort.WAITING) == [ids[1], ids[3], ids[4], ids[0]]
    assert await pages(desk, agent, sort=Sort.PRIORITY) == [ids[3], ids[0], ids[1], ids[4]]
    assert await listed(desk, agent, waiting=True, sort=Sort.WAITING) == [ids[1], ids[3], ids[4]]
    assert await listed(desk, agent, priority=3) == [ids[0], ids[3]]
    for cursor in ("12", "9.1.1", "1.2.3.4"):
        with pytest.raises(BadInput, match="cursor"):
            await listed(desk, agent, sort=Sort.WAITING, cursor=cursor)


async def test_what_happened_since_a_time_is_found(desk: Desk):
    inbox = await desk.inbox()
    agent = await desk.agent(inboxes=[inbox])
    times, ids = [], []
    for _ in range(6):
        times.append(at(desk.clock.now_ms))
        ids.append((await chat(desk, inbox))[1])
        desk.clock.advance(10)
    assert await listed(desk, agent, updated_since=times[0]) == ids[::-1]
    assert await listed(desk, agent, updated_since=times[4]) == ids[:3:-1]
    assert await listed(desk, agent, updated_since=at(desk.clock.now_ms)) == []
    await notes(desk, agent, ids[1])
    assert await listed(desk, agent, updated_since=times[5]) == [ids[1], ids[5]]


async def test_a_visitor_finds_nothing_by_what_only_the_team_sees(desk: Desk):
    li, _ = await chat(desk, await desk.inbox())
    hidden = {"tag": "vip", "team": 1, "priority": 1, "unread": "me", "waiting": True}
    for name, wanted in hidden.items():
        with pytest.raises(NotAllowed):
            await listed(desk, li, **{name: wanted})
    with pytest.raises(NotAllowed):
        await listed(desk, li, sort=Sort.PRIORITY)


async def test_counts_tell_what_waits_for_what(desk: Desk):
    inbox = await desk.inbox()
    agent, admin = await desk.agent(inboxes=[inbox]), await desk.agent(role=AgentRole.ADMIN)
    ids = [(await chat(desk, inbox))[1] for _ in range(4)]
    visitor, _ = await chat(desk, await desk.inbox())
    await change(desk, ids[0], assignee_id=agent.id, status="open")
    await change(desk, ids[1], status="snoozed")
    await change(desk, ids[2], status="resolved", assignee_id=agent.id)

    async def counts(who: Actor, **wanted: Any) -> Counts:
        return await count_conversations(desk.call(who), CountConversations(**wanted))

    rest = {"pending": 0, "snoozed": 1, "mentions": 0}
    assert await counts(agent) == Counts(
        queued=1, open=1, mine=1, all=3, unread=1, teams=(), **rest
    )
    assert await counts(admin) == Counts(
        queued=2, open=1, mine=0, all=4, unread=0, teams=(), **rest
    )
    assert (await counts(admin, inbox=inbox)).queued == 1
    with pytest.raises(NotAllowed):
        await counts(visitor)
    team = await desk.insert(schema.team, name="Refunds")
    for id in ids[:2]:
        await change(desk, id, team_id=team)
    await mark_read(desk.call(agent), MarkRead(conversation=ids[0], seq=2))
    bob = await desk.agent(inboxes=[inbox])
    await notes(desk, bob, ids[1], mentions=(agent.id,))
    now = await counts(agent)
    assert (now.unread, now.mentions, now.mine) == (0, 1, 1)
    assert now.teams == (TeamCount(team=team, queued=0, open=1),)
    assert (await counts(agent, team=team)).all == 2


async def test_the_tutorials_conversations_are_listed_for_whoever_may_read_them(desk: Desk):
    people = Member(Role.PEER, "Li"), Member(Role.PEER, "Wang")
    pair = Conversation("direct:Li,Wang", Kind.DIRECT, people)
    done: list[Any] = []
    new = NewMessage(pair, people[0], None, "Hi", desk.clock.now_ms)
    desk.ctx.database.append(new, done.append)
    await desk.settled()
    id = done[0].conversation_id
    agent, admin = await desk.agent(), await desk.agent(role=AgentRole.ADMIN)
    assert await listed(desk, Standing.LOCAL) == [id]
    assert await listed(desk, Standing.AGENT, name="Li") == [id]
    assert await listed(desk, Standing.LOCAL, name="L") == []
    assert await listed(desk, admin, kind=Kind.DIRECT) == [id]
    assert await listed(desk, admin, kind=Kind.DESK) == []
    assert await listed(desk, agent, kind=Kind.DIRECT) == []
    with pytest.raises(Unauthenticated):
        await listed(desk, Standing.ANYONE)


async def test_pages_of_messages_go_forward_and_back_and_a_visitor_sees_no_notes(desk: Desk):
    inbox = await desk.inbox()
    li, id = await chat(desk, inbox)  # 1 began, 2 Hello
    agent = await desk.agent(inboxes=[inbox])
    await notes(desk, agent, id, "three")
    await says(desk, li, id, "four")
    await says(desk, agent, id, "five")  # 6 assigned

    async def page(who: Actor, **wanted: Any) -> tuple[list[int], str | None]:
        found = await list_messages(desk.call(who), ListMessages(conversation=id, **wanted))
        return [one.seq for one in found.items], found.next

    assert await page(agent) == ([1, 2, 3, 4, 5, 6], None)
    assert await page(li) == ([1, 2, 4, 5, 6], None)
    assert await page(agent, after=1, limit=2) == ([2, 3], "3")
    assert await page(li, after=4, limit=3) == ([5, 6], None)
    assert await page(agent, before=5, limit=2) == ([3, 4], "3")
