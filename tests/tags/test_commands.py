"""Tags: made by whoever tags, and changed for all."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from kefu.actions.contacts import UpdateContact, update_contact
from kefu.actions.conversations import GetConversation, get_conversation
from kefu.actions.status import SetStatus, SetTags, set_status, set_tags
from kefu.core.actors import Actor, AgentRole
from kefu.core.errors import Conflict, IllegalState, NotAllowed, NotFound
from kefu.core.signals import TagChanged
from kefu.core.states import Status
from kefu.hub import TEAM_CHANNEL, inbox_channel
from kefu.storage import schema
from kefu.tags import commands, rows
from kefu.tags.commands import (
    CreateTag,
    DeleteTag,
    ListTags,
    Tag,
    UpdateTag,
    create_tag,
    delete_tag,
    list_tags,
    update_tag,
)
from tests.actions.acts import chat
from tests.actions.desk import Desk


async def tagged(desk: Desk, who: Actor, id: int, *tags: str) -> None:
    await set_tags(desk.call(who), SetTags(conversation=id, tags=tags))


async def tags_of(desk: Desk, who: Actor, id: int) -> tuple[str, ...]:
    return (await get_conversation(desk.call(who), GetConversation(conversation=id))).tags


async def known(desk: Desk, who: Actor) -> dict[str, Tag]:
    return {one.name: one for one in (await list_tags(desk.call(who), ListTags())).items}


async def changed(desk: Desk, who: Actor, id: int, **values: Any) -> Tag:
    return await update_tag(desk.call(who), UpdateTag(tag=id, **values))


async def test_whoever_tags_makes_the_tag(desk: Desk):
    inbox = await desk.inbox()
    boss = await desk.agent(role=AgentRole.SUPERVISOR, inboxes=[inbox])
    li, id = await chat(desk, inbox)
    team = desk.recorder(TEAM_CHANNEL)
    await tagged(desk, boss, id, "VIP", "late")
    await tagged(desk, boss, id, "late")
    await update_contact(desk.call(boss), UpdateContact(contact=li.contact_id, tags=("gold",)))
    found = await known(desk, boss)
    assert [(one.name, one.conversations) for one in found.values()] == [
        *(("gold", 0), ("late", 1), ("vip", 0)),
    ]
    assert {one.name for one in team.signals} == {"vip", "late", "gold"}
    made = await create_tag(desk.call(boss), CreateTag(name="New", color="red"))
    assert (made.name, made.color) == ("new", "red")
    with pytest.raises(Conflict):
        await create_tag(desk.call(boss), CreateTag(name="NEW"))
    assert (await changed(desk, boss, made.id, color=None)).color is None


async def test_a_tag_is_renamed_wherever_it_is(desk: Desk, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(commands, "AT_ONCE", 2)
    inbox = await desk.inbox()
    boss = await desk.agent(role=AgentRole.SUPERVISOR, inboxes=[inbox])
    chats = [await chat(desk, inbox) for _ in range(5)]
    for _, id in chats:
        await tagged(desk, boss, id, 'a "b"', "c")
    over = chats[0][1]
    await set_status(desk.call(boss), SetStatus(conversation=over, status=Status.RESOLVED))
    _, other = await chat(desk, inbox)
    await tagged(desk, boss, other, "b")
    who = chats[0][0].contact_id
    await update_contact(desk.call(boss), UpdateContact(contact=who, tags=('a "b"',)))
    heard, team = desk.recorder(inbox_channel(inbox)), desk.recorder(TEAM_CHANNEL)
    old = (await known(desk, boss))['a "b"']
    new = await changed(desk, boss, old.id, name="Order")
    assert (new.id, new.name, new.conversations) == (old.id, "order", 4)
    for _, id in chats:
        assert await tags_of(desk, boss, id) == ("order", "c")
    assert await tags_of(desk, boss, other) == ("b",)
    told = [one.state.tags for one in heard.events if one.state]
    assert told == [("order", "c")] * 4  # of what is worked on
    signal = TagChanged(tag=old.id, name="order", was='a "b"')
    assert team.signals == [signal]
    contact = select(schema.contact.c.tags).where(schema.contact.c.id == who)
    assert await desk.ctx.database.read(lambda conn: conn.scalar(contact)) == '["order"]'


async def test_two_tags_become_one_only_if_that_is_meant(desk: Desk):
    inbox = await desk.inbox()
    boss = await desk.agent(role=AgentRole.SUPERVISOR, inboxes=[inbox])
    _, id = await chat(desk, inbox)
    await tagged(desk, boss, id, "vip", "important")
    tags = await known(desk, boss)
    team = desk.recorder(TEAM_CHANNEL)
    with pytest.raises(Conflict):
        await changed(desk, boss, tags["important"].id, name="VIP")
    assert await tags_of(desk, boss, id) == ("vip", "important")
    stays = await changed(desk, boss, tags["important"].id, name="VIP", merge=True, color="pink")
    assert (stays.id, stays.color, stays.conversations) == (tags["vip"].id, "pink", 1)
    assert await tags_of(desk, boss, id) == ("vip",)
    assert [*await known(desk, boss)] == ["vip"]
    gone = TagChanged(tag=tags["important"].id, name="vip", was="important", gone=True)
    assert gone in team.signals


async def test_a_tag_that_is_deleted_is_nowhere(desk: Desk):
    inbox = await desk.inbox()
    boss, ann = [
        await desk.agent(role=role, inboxes=[inbox])
        for role in (AgentRole.SUPERVISOR, AgentRole.AGENT)
    ]
    _, id = await chat(desk, inbox)
    await tagged(desk, ann, id, "vip", "late")
    tag = (await known(desk, ann))["vip"].id
    for refused in (DeleteTag(tag=tag),):
        with pytest.raises(NotAllowed):
            await delete_tag(desk.call(ann), refused)
    with pytest.raises(NotAllowed):
        await changed(desk, ann, tag, name="x")
    await delete_tag(desk.call(boss), DeleteTag(tag=tag))
    assert await tags_of(desk, ann, id) == ("late",)
    assert [*await known(desk, ann)] == ["late"]
    with pytest.raises(NotFound):
        await delete_tag(desk.call(boss), DeleteTag(tag=tag))


async def test_there_are_so_many_tags_at_most(desk: Desk, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(rows, "MOST_TAGS", 2)
    inbox = await desk.inbox()
    ann = await desk.agent(inboxes=[inbox])
    _, id = await chat(desk, inbox)
    await tagged(desk, ann, id, "a", "b")
    with pytest.raises(IllegalState):
        await tagged(desk, ann, id, "a", "c")
    assert await tags_of(desk, ann, id) == ("a", "b")
