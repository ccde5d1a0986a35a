"""What one of the team has not read, and notes that name them."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import delete

from kefu.actions.conversations import ListConversations, list_conversations
from kefu.actions.following import FeedPage, OpenFeed, open_feed
from kefu.actions.revising import DeleteMessage, delete_message
from kefu.actions.visitor import MarkRead, mark_read
from kefu.core.actors import Actor, Agent, AgentRole
from kefu.core.errors import IllegalState, NotAllowed, NotFound
from kefu.core.signals import MentionsChanged, ReadMark
from kefu.hub import agent_channel
from kefu.notifications.commands import (
    ListMentions,
    MarkUnread,
    ReadMentions,
    list_mentions,
    mark_unread,
    read_mentions,
)
from kefu.storage import schema
from tests.actions.acts import chat, notes, says
from tests.actions.desk import Desk


async def unread(desk: Desk, agent: Agent, of: str = "me") -> list[int]:
    """The ids of what this agent has not read."""
    wanted = ListConversations(unread=of)  # type: ignore[arg-type]
    return [one.id for one in (await list_conversations(desk.call(agent), wanted)).items]


async def read(desk: Desk, agent: Agent, id: int, seq: int) -> None:
    await mark_read(desk.call(agent), MarkRead(conversation=id, seq=seq))


async def unread_again(desk: Desk, who: Actor, id: int, seq: int | None = None) -> None:
    await mark_unread(desk.call(who), MarkUnread(conversation=id, seq=seq))


async def fed(desk: Desk, agent: Agent) -> FeedPage:
    return (await open_feed(desk.call(agent), OpenFeed())).page


async def unread_by_feed(desk: Desk, agent: Agent, id: int) -> int:
    """How much of a conversation an agent has not read, by the rule that clients follow."""
    page = await fed(desk, agent)
    (state,) = [one for one in page.conversations if one.id == id]
    for mark in page.marks:
        if mark.conversation == id:
            return state.contact_messages - mark.messages
    return state.unread


async def mentioned(desk: Desk, agent: Agent, **wanted: Any) -> list[tuple[int, bool]]:
    """The numbers of the notes that name this agent, and whether they were read."""
    found = await list_mentions(desk.call(agent), ListMentions(**wanted))
    return [(one.message.seq, one.read) for one in found.items]


async def test_what_a_colleague_reads_is_still_unread_by_whoever_has_a_mark(desk: Desk):
    inbox = await desk.inbox()
    ann, bob = [await desk.agent(inboxes=[inbox]) for _ in range(2)]
    li, id = await chat(desk, inbox)  # 1 began, 2 Hello
    assert [await unread(desk, one) for one in (ann, bob)] == [[id], [id]]
    await read(desk, ann, id, 2)
    assert [await unread(desk, one) for one in (ann, bob)] == [[], []]  # the team has read it
    await says(desk, li, id)  # 3
    await says(desk, li, id)  # 4
    await read(desk, bob, id, 4)
    assert await unread(desk, ann) == [id]
    assert [await unread(desk, one, "team") for one in (ann, bob)] == [[], []]
    assert await unread_by_feed(desk, ann, id) == 2
    await read(desk, ann, id, 3)
    assert await unread_by_feed(desk, ann, id) == 1
    await read(desk, ann, id, 2)  # it does not go back
    assert await unread_by_feed(desk, ann, id) == 1
    await says(desk, bob, id)
    await notes(desk, bob, id)
    assert await unread_by_feed(desk, ann, id) == 1  # what the team wrote counts for nobody
    assert await unread_by_feed(desk, bob, id) == 0


async def test_what_was_read_is_unread_again_for_oneself_alone(desk: Desk):
    inbox = await desk.inbox()
    ann, bob = [await desk.agent(inboxes=[inbox]) for _ in range(2)]
    li, id = await chat(desk, inbox)  # 1 began, 2 Hello
    await says(desk, li, id)  # 3
    await says(desk, bob, id)  # 4
    for one in (ann, bob):
        await read(desk, one, id, 4)
    heard = desk.recorder(agent_channel(ann.id))
    await unread_again(desk, ann, id)
    assert await unread_by_feed(desk, ann, id) == 1
    await unread_again(desk, ann, id)  # so it is already
    await unread_again(desk, ann, id, 1)
    assert await unread_by_feed(desk, ann, id) == 2
    assert [await unread(desk, one) for one in (ann, bob)] == [[id], []]
    assert await unread(desk, ann, "team") == []  # the contact has seen that it was read
    await read(desk, ann, id, 4)
    assert await unread(desk, ann) == []
    told = [one for one in heard.signals if isinstance(one, ReadMark)]
    assert [(one.read, one.messages, one.back) for one in told] == [(2, 1, 1), (0, 0, 2), (4, 2, 2)]


async def test_what_a_colleague_has_read_is_unread_again_without_a_mark_of_ones_own(desk: Desk):
    inbox = await desk.inbox()
    ann, bob = [await desk.agent(inboxes=[inbox]) for _ in range(2)]
    _, id = await chat(desk, inbox)
    await unread_again(desk, ann, id)  # nobody has read it: it stays so
    assert (await fed(desk, ann)).marks == ()
    await read(desk, bob, id, 2)
    await unread_again(desk, ann, id)
    assert await unread(desk, ann) == [id]


async def test_what_the_contact_did_not_write_is_not_unread(desk: Desk):
    inbox = await desk.inbox()
    ann = await desk.agent(inboxes=[inbox])
    li, id = await chat(desk, inbox)
    with pytest.raises(IllegalState):
        await unread_again(desk, ann, id, 3)
    with pytest.raises(NotFound):
        await unread_again(desk, await desk.agent(), id)
    with pytest.raises(NotAllowed):
        await unread_again(desk, li, id)


async def test_a_mark_is_told_to_its_agent_alone_and_once(desk: Desk):
    inbox = await desk.inbox()
    ann, bob = [await desk.agent(inboxes=[inbox]) for _ in range(2)]
    li, id = await chat(desk, inbox)
    await says(desk, li, id)
    own = desk.recorder(agent_channel(ann.id))
    others = desk.recorder(agent_channel(bob.id))
    for seq in (2, 2, 1, 3):
        await read(desk, ann, id, seq)
    assert own.signals == [
        ReadMark(conversation=id, read=2, messages=1),
        ReadMark(conversation=id, read=3, messages=2),
    ]
    assert others.signals == []


async def test_whoever_is_named_in_a_note_is_told_and_finds_it(desk: Desk):
    inbox = await desk.inbox()
    ann, bob = [await desk.agent(inboxes=[inbox]) for _ in range(2)]
    _, id = await chat(desk, inbox)
    heard = desk.recorder(agent_channel(ann.id))
    first = await notes(desk, bob, id, mentions=(ann.id, bob.id))  # not oneself
    second = await notes(desk, bob, id, mentions=(ann.id,))
    assert [(one.unread, one.conversation, one.note) for one in heard.signals] == [
        (1, id, first.seq),
        (2, id, second.seq),
    ]
    assert heard.signals[0].person.id == bob.id
    assert await mentioned(desk, ann) == [(second.seq, False), (first.seq, False)]
    assert await mentioned(desk, bob) == []
    assert (await fed(desk, ann)).mentions == 2
    wanted = ListConversations(mentioned=True)
    found = await list_conversations(desk.call(ann), wanted)
    assert [one.id for one in found.items] == [id]
    assert (await list_conversations(desk.call(bob), wanted)).items == ()


async def test_a_mention_is_read_with_its_conversation_or_by_itself(desk: Desk):
    inbox = await desk.inbox()
    ann, bob = [await desk.agent(inboxes=[inbox]) for _ in range(2)]
    chats = [(await chat(desk, inbox))[1] for _ in range(3)]
    seqs = [(await notes(desk, bob, id, mentions=(ann.id,))).seq for id in chats]
    heard = desk.recorder(agent_channel(ann.id))
    await read(desk, ann, chats[0], seqs[0] - 1)
    assert (await fed(desk, ann)).mentions == 3
    await read(desk, ann, chats[0], seqs[0])
    one = (await list_mentions(desk.call(ann), ListMentions(unread=True))).items[0]
    assert one.conversation == chats[2]
    assert (await read_mentions(desk.call(ann), ReadMentions(mention=one.id))).unread == 1
    assert (await read_mentions(desk.call(ann), ReadMentions())).unread == 0
    assert (await read_mentions(desk.call(ann), ReadMentions())).unread == 0
    told = [one.unread for one in heard.signals if isinstance(one, MentionsChanged)]
    assert told == [2, 1, 0]
    assert await mentioned(desk, ann, unread=True) == []
    assert [was_read for _, was_read in await mentioned(desk, ann)] == [True] * 3
    with pytest.raises(NotFound):
        await read_mentions(desk.call(bob), ReadMentions(mention=one.id))


async def test_a_note_that_is_gone_names_nobody(desk: Desk):
    inbox = await desk.inbox()
    ann, bob = [await desk.agent(inboxes=[inbox]) for _ in range(2)]
    _, id = await chat(desk, inbox)
    note = await notes(desk, bob, id, mentions=(ann.id,))
    heard = desk.recorder(agent_channel(ann.id))
    await delete_message(desk.call(bob), DeleteMessage(conversation=id, seq=note.seq))
    assert await mentioned(desk, ann) == []
    assert heard.signals == [MentionsChanged()]


async def test_mentions_are_of_what_one_may_see_by_now(desk: Desk):
    inbox = await desk.inbox()
    ann, bob = [await desk.agent(inboxes=[inbox]) for _ in range(2)]
    boss = await desk.agent(role=AgentRole.ADMIN)
    li, id = await chat(desk, inbox)
    await notes(desk, bob, id, mentions=(ann.id, boss.id))
    mine = schema.inbox_agent.c.agent_id == ann.id
    await desk.ctx.database.write(lambda conn: conn.execute(delete(schema.inbox_agent).where(mine)))
    assert await mentioned(desk, ann) == []
    assert (await fed(desk, ann)).mentions == 0
    assert len(await mentioned(desk, boss)) == 1
    with pytest.raises(NotAllowed):
        await list_mentions(desk.call(li), ListMentions())


async def test_mentions_come_in_pages(desk: Desk):
    inbox = await desk.inbox()
    ann, bob = [await desk.agent(inboxes=[inbox]) for _ in range(2)]
    _, id = await chat(desk, inbox)
    seqs = [(await notes(desk, bob, id, mentions=(ann.id,))).seq for _ in range(3)]
    paged: list[int] = []
    cursor = None
    while True:
        page = await list_mentions(desk.call(ann), ListMentions(limit=2, cursor=cursor))
        paged += [one.message.seq for one in page.items]
        if page.next is None:
            break
        cursor = page.next
    assert paged == seqs[::-1]
