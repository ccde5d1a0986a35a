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
    count_conversations,
    get_conversation,
    list_conversations,
    list_messages,
)
from kefu.actions.visitor import EndConversation, end_conversation
from kefu.core.actors import Actor, AgentRole, Standing
from kefu.core.conversation import Conversation, Kind, Member, NewMessage, Role
from kefu.core.errors import BadInput, NotAllowed, NotFound, Unauthenticated
from kefu.core.states import Status
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

    assert await counts(agent) == Counts(queued=1, open=1, pending=0, snoozed=1, mine=1)
    assert await counts(admin) == Counts(queued=2, open=1, pending=0, snoozed=1, mine=0)
    assert (await counts(admin, inbox=inbox)).queued == 1
    with pytest.raises(NotAllowed):
        await counts(visitor)


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
