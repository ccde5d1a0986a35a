"""Contacts that the team makes, and conversations that it begins."""

from __future__ import annotations

from typing import Any

import pytest

from kefu.actions.contacts import (
    BlockContact,
    CreateContact,
    GetContact,
    block_contact,
    create_contact,
    get_contact,
)
from kefu.core.actors import Actor, AgentRole
from kefu.core.errors import (
    BadInput,
    ClientIdUsed,
    IllegalState,
    NotAllowed,
    NotFound,
    TooMany,
)
from kefu.core.states import Status
from kefu.hub import contact_channel
from kefu.outreach.commands import BeginConversation, Begun, begin_conversation
from tests.actions.acts import chat, says
from tests.actions.desk import Desk


async def begun(desk: Desk, who: Actor, contact: int, inbox: int, **more: Any) -> Begun:
    said = {"client_id": "a", "text": "Your parcel is here."} | more
    do = BeginConversation(contact=contact, inbox=inbox, **said)
    return await begin_conversation(desk.call(who), do)


async def test_a_contact_is_made_for_whoever_works_in_the_inbox(desk: Desk):
    inbox = await desk.inbox()
    ann, outside = await desk.agent(inboxes=[inbox]), await desk.agent(inboxes=[])
    said: dict[str, Any] = {"inbox": inbox, "email": " Wang@Example.com ", "tags": ("VIP",)}
    made = await create_contact(desk.call(ann), CreateContact(name="Wang  Fang", **said))
    assert (made.name, made.email, made.tags) == ("Wang Fang", "wang@example.com", ("vip",))
    assert not made.verified
    assert await get_contact(desk.call(ann), GetContact(contact=made.id)) == made
    with pytest.raises(NotFound):
        await get_contact(desk.call(outside), GetContact(contact=made.id))
    with pytest.raises(NotAllowed):
        await create_contact(desk.call(outside), CreateContact(name="Wang", inbox=inbox))
    with pytest.raises(BadInput, match="name"):
        await create_contact(desk.call(ann), CreateContact(name="\u200b", inbox=inbox))
    boss = await desk.agent(role=AgentRole.ADMIN)
    with pytest.raises(NotFound):
        await create_contact(desk.call(boss), CreateContact(name="Wang", inbox=999_999))


async def test_what_the_team_begins_reaches_the_contact_who_can_answer(desk: Desk):
    inbox = await desk.inbox()
    ann = await desk.agent(inboxes=[inbox])
    li, _ = await chat(desk, inbox)
    heard = desk.recorder(contact_channel(li.contact_id), team=False)
    made = await begun(desk, ann, li.contact_id, inbox)
    state = made.conversation
    assert (state.status, state.offered, state.contact_unread) == (Status.OPEN, False, 1)
    assert state.assignee is not None
    assert state.assignee.id == ann.id
    assert [one.on for one in heard.events] == ["conversation.changed", "message.added"]
    assert heard.events[0].state is not None
    assert heard.events[1].message == made.message
    assert (await begun(desk, ann, li.contact_id, inbox)) == made
    assert len(heard.events) == 2
    with pytest.raises(ClientIdUsed):
        await begun(desk, ann, li.contact_id, inbox, text="Something else")
    await says(desk, li, state.id, "Thank you")
    assert heard.events[-1].message is not None
    assert heard.events[-1].message.text == "Thank you"


async def test_nobody_is_written_to_who_may_not_or_cannot_be(desk: Desk):
    inbox, other = await desk.inbox(), await desk.inbox()
    ann = await desk.agent(inboxes=[inbox])
    boss = await desk.agent(role=AgentRole.ADMIN)
    bot = await desk.agent(role=AgentRole.BOT, inboxes=[inbox])
    li, _ = await chat(desk, inbox)
    wu, _ = await chat(desk, other)
    for who, contact, where, refusal in (
        (bot, li, inbox, NotAllowed),
        (ann, li, other, NotAllowed),
        (ann, wu, inbox, NotFound),
        (li, li, inbox, NotAllowed),
    ):
        with pytest.raises(refusal):
            await begun(desk, who, contact.contact_id, where)
    with pytest.raises(BadInput):
        await begun(desk, ann, li.contact_id, inbox, text=" ")
    for number in range(desk.ctx.limits.live_conversations - 1):
        await begun(desk, ann, li.contact_id, inbox, client_id=f"n{number}")
    with pytest.raises(TooMany):
        await begun(desk, ann, li.contact_id, inbox)
    await block_contact(desk.call(boss), BlockContact(contact=wu.contact_id))
    with pytest.raises(IllegalState):
        await begun(desk, boss, wu.contact_id, other)


async def test_whoever_has_no_widget_is_not_begun_with(desk: Desk):
    inbox = await desk.inbox()
    ann = await desk.agent(inboxes=[inbox])
    for kind in ("rooms", "direct"):
        li = await desk.visitor(inbox, "Li", identifier=f"{kind}:Li")
        await desk.conversation(li)
        with pytest.raises(IllegalState):
            await begun(desk, ann, li.contact_id, inbox)
