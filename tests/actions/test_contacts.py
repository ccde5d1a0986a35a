"""Looking at contacts, changing, merging and blocking them."""

from __future__ import annotations

import pytest
from msgspec import to_builtins

from kefu.actions.commands import read_form
from kefu.actions.contacts import (
    COMMANDS,
    BlockContact,
    GetContact,
    ListContacts,
    MergeContacts,
    UpdateContact,
    block_contact,
    get_contact,
    list_contacts,
    merge_contacts,
    unblock_contact,
    update_contact,
)
from kefu.actions.revising import React, react
from kefu.core.actors import Actor, AgentRole, Visitor
from kefu.core.desk import Contact, Message
from kefu.core.endings import Ending
from kefu.core.errors import BadInput, IllegalState, NotAllowed, NotFound
from kefu.hub import contact_channel, inbox_channel
from kefu.storage import desk as stored
from kefu.storage import schema
from tests.actions.acts import chat, says
from tests.actions.desk import Desk, Recorder

BY_NAME = {command.name: command for command in COMMANDS}


async def get(desk: Desk, actor: Actor, id: int) -> Contact:
    return await get_contact(desk.call(actor), GetContact(contact=id))


async def change(desk: Desk, actor: Actor, contact: int, **changes: object) -> Contact:
    """As a client asks for it, so that what is not a form's is refused."""
    form = read_form(BY_NAME["contact.update"], {"contact": contact, **changes})
    assert isinstance(form, UpdateContact)
    return await update_contact(desk.call(actor), form)


async def merge(desk: Desk, actor: Actor, id: int, other: int) -> Contact:
    return await merge_contacts(desk.call(actor), MergeContacts(contact=id, other=other))


async def trail(desk: Desk) -> list[str]:
    """What was audited."""
    return await desk.ctx.database.read(
        lambda conn: list(conn.scalars(schema.audit.select().with_only_columns(schema.audit.c.act)))
    )


def whats(heard: Recorder) -> list[str]:
    """The activities that were heard of."""
    shown = [event.message for event in heard.events]
    return [one.activity.what for one in shown if one and one.activity]


async def test_an_agent_sees_the_contacts_of_their_inboxes_alone(desk: Desk):
    sales, care = await desk.inbox(), await desk.inbox()
    ann = await desk.agent(inboxes=[sales])
    admin = await desk.agent(role=AgentRole.ADMIN)
    hers, other = await desk.visitor(sales, "Li"), await desk.visitor(care, "Wu")
    await desk.conversation(hers)
    await desk.conversation(other)
    silent = await desk.visitor(sales, "Never wrote")

    async def listed(actor: Actor, **form: int) -> list[str]:
        page = await list_contacts(desk.call(actor), ListContacts(**form))  # type: ignore[arg-type]
        return [one.name for one in page.items]

    assert await listed(ann) == ["Li"]
    assert await listed(admin) == ["Never wrote", "Wu", "Li"]
    assert await listed(admin, inbox=care) == ["Wu"]
    assert (await get(desk, ann, hers.contact_id)).name == "Li"
    for id in (other.contact_id, silent.contact_id, 999_999):
        with pytest.raises(NotFound):
            await get(desk, ann, id)
        with pytest.raises(NotFound):
            await change(desk, ann, id, name="Mine")
    with pytest.raises(NotFound):
        await listed(ann, inbox=care)
    with pytest.raises(NotAllowed):
        await get(desk, hers, hers.contact_id)


async def test_pages_and_tags(desk: Desk):
    inbox = await desk.inbox()
    admin = await desk.agent(role=AgentRole.ADMIN)
    tags = ['["vip"]', '["a \\"vip\\" b"]', '["vip", "50%"]', "[]"]
    ids = [(await desk.visitor(inbox, tags=one)).contact_id for one in tags]

    async def page(cursor: str | None = None, **form: object) -> tuple[list[int], str | None]:
        do = ListContacts(cursor=cursor, **form)  # type: ignore[arg-type]
        found = await list_contacts(desk.call(admin), do)
        return [one.id for one in found.items], found.next

    assert await page(tag="VIP") == ([ids[2], ids[0]], None)
    assert await page(tag="50%") == ([ids[2]], None)
    assert await page(tag="%") == ([], None)
    first, following = await page(limit=3)
    assert first == ids[:0:-1]
    assert await page(following, limit=3) == ([ids[0]], None)


async def test_what_is_known_of_a_contact_is_changed_and_told(desk: Desk):
    inbox = await desk.inbox()
    ann = await desk.agent(inboxes=[inbox])
    li, _ = await chat(desk, inbox)
    team = desk.recorder(inbox_channel(inbox))
    visitor = desk.recorder(contact_channel(li.contact_id), team=False)
    found = await change(
        desk,
        ann,
        li.contact_id,
        email=" Li@Example.com",
        phone="+86 10 1234",
        locale="zh-CN",
        tags=["VIP", "vip", "New"],
        attributes={"plan": "gold", "seats": 3},
    )
    assert (found.email, found.phone, found.locale) == ("li@example.com", "+86 10 1234", "zh-CN")
    assert found.tags == ("vip", "new")
    assert found.attributes == {"plan": "gold", "seats": 3}
    again = await change(desk, ann, li.contact_id, email=None, attributes={"seats": None})
    assert (again.email, again.attributes) == (None, {"plan": "gold"})
    assert whats(team) == ["contact", "contact"]
    assert visitor.events == []
    assert await trail(desk) == []  # what every agent does all day
    assert await change(desk, ann, li.contact_id, tags=["vip", "new"]) == again
    assert whats(team) == ["contact", "contact"]  # nothing was changed


async def test_a_new_name_reaches_everybody_who_shows_it(desk: Desk):
    inbox = await desk.inbox()
    ann = await desk.agent(inboxes=[inbox])
    li, id = await chat(desk, inbox)
    team = desk.recorder(inbox_channel(inbox))
    own = desk.recorder(contact_channel(li.contact_id), team=False)
    await change(desk, ann, li.contact_id, name="\u202e Li  Lei ")
    fresh = await desk.ctx.database.read(lambda conn: stored.get_conversation(conn, id))
    assert fresh.contact is not None
    assert fresh.contact.name == "Li Lei"
    assert team.events[-1].state == fresh
    assert own.events[-1].state is not None
    assert own.events[-1].state.contact == fresh.contact
    assert own.reasons == [Ending.IDENTITY_CHANGED]


async def test_a_fault_names_its_field(desk: Desk):
    inbox = await desk.inbox()
    ann = await desk.agent(inboxes=[inbox])
    li, _ = await chat(desk, inbox)
    faults: dict[str, object] = {
        "email": "no address",
        "phone": "x",
        "locale": "zh_CN; DROP",
        "tags": ["a,b"],
        "attributes": {"nested": {}},
    }
    for field, value in faults.items():
        with pytest.raises(BadInput, match=field):
            await change(desk, ann, li.contact_id, **{field: value})


async def test_what_is_not_the_teams_to_say_is_refused(desk: Desk):
    inbox = await desk.inbox()
    ann = await desk.agent(inboxes=[inbox])
    li, _ = await chat(desk, inbox)
    before = await get(desk, ann, li.contact_id)
    for field in ("id", "verified", "user_id", "blocked", "created_at", "indexed"):
        with pytest.raises(BadInput, match=field):
            await change(desk, ann, li.contact_id, **{field: True})
    assert await get(desk, ann, li.contact_id) == before


async def test_two_contacts_become_one(desk: Desk):
    inbox = await desk.inbox()
    boss = await desk.agent(role=AgentRole.SUPERVISOR, inboxes=[inbox])
    (li, first), (wu, second) = await chat(desk, inbox), await chat(desk, inbox)
    await change(desk, boss, li.contact_id, name="Li", tags=["vip"])
    await change(desk, boss, wu.contact_id, email="wu@example.com", tags=["new"])
    team = desk.recorder(inbox_channel(inbox))
    theirs = [desk.recorder(contact_channel(one.contact_id)) for one in (li, wu)]
    found = await merge(desk, boss, li.contact_id, wu.contact_id)
    assert (found.id, found.name, found.email) == (li.contact_id, "Li", "wu@example.com")
    assert found.tags == ("vip", "new")
    assert await get(desk, boss, wu.contact_id) == found
    moved = await desk.ctx.database.read(lambda conn: stored.get_conversation(conn, second))
    assert moved.contact is not None
    assert moved.contact.id == li.contact_id
    assert whats(team) == ["merged"]
    assert team.events[-1].state == moved
    assert [one.reasons for one in theirs] == [[Ending.IDENTITY_CHANGED]] * 2
    assert await trail(desk) == ["contact.merge"]
    come_back = Visitor(li.contact_id, inbox, "Li", token_hash=wu.token_hash)
    await says(desk, come_back, first)
    await says(desk, come_back, second)


async def test_reactions_of_a_contact_that_was_merged_are_those_of_the_one_that_stays(desk: Desk):
    inbox = await desk.inbox()
    boss = await desk.agent(role=AgentRole.SUPERVISOR, inboxes=[inbox])
    (li, _), (wu, id) = await chat(desk, inbox), await chat(desk, inbox)

    async def react_as(who: Actor, emoji: str, *, on: bool = True) -> Message:
        return await react(desk.call(who), React(conversation=id, seq=2, emoji=emoji, on=on))

    await react_as(wu, "👍")
    await react_as(boss, "👍")
    team = desk.recorder(inbox_channel(inbox))
    await merge(desk, boss, li.contact_id, wu.contact_id)
    told = team.events[-1].message
    assert told is not None  # so that no page goes on showing the one that is gone
    assert [[one.id for one in each.people] for each in told.reactions] == [
        [li.contact_id, boss.id]
    ]
    come_back = Visitor(li.contact_id, inbox, "Li", token_hash=wu.token_hash)
    again = await react_as(come_back, "👍")
    assert again.reactions == told.reactions
    left = await react_as(come_back, "👍", on=False)
    assert [[one.id for one in each.people] for each in left.reactions] == [[boss.id]]


async def test_who_may_merge_and_block(desk: Desk):
    inbox, other = await desk.inbox(), await desk.inbox()
    ann = await desk.agent(inboxes=[inbox])
    boss = await desk.agent(role=AgentRole.SUPERVISOR, inboxes=[inbox])
    (li, _), (wu, _) = await chat(desk, inbox), await chat(desk, other)
    with pytest.raises(NotAllowed):
        await merge(desk, ann, li.contact_id, li.contact_id)
    with pytest.raises(NotAllowed):
        await block_contact(desk.call(ann), BlockContact(contact=li.contact_id))
    with pytest.raises(NotFound):
        await merge(desk, boss, li.contact_id, wu.contact_id)
    with pytest.raises(NotFound):
        await block_contact(desk.call(boss), BlockContact(contact=wu.contact_id))
    with pytest.raises(IllegalState):
        await merge(desk, boss, li.contact_id, li.contact_id)
    assert await trail(desk) == []


async def test_who_is_blocked_is_disconnected_and_can_be_let_in_again(desk: Desk):
    inbox = await desk.inbox()
    boss = await desk.agent(role=AgentRole.SUPERVISOR, inboxes=[inbox])
    li, _ = await chat(desk, inbox)
    team, own = desk.recorder(inbox_channel(inbox)), desk.recorder(contact_channel(li.contact_id))
    do = BlockContact(contact=li.contact_id)
    assert (await block_contact(desk.call(boss), do)).blocked
    assert (await block_contact(desk.call(boss), do)).blocked
    assert own.reasons == [Ending.BLOCKED]
    assert not (await unblock_contact(desk.call(boss), do)).blocked
    assert whats(team) == ["blocked", "unblocked"]
    assert await trail(desk) == ["contact.block", "contact.unblock"]


async def test_who_has_nothing_but_a_name_is_left_alone(desk: Desk):
    inbox = await desk.inbox()
    boss = await desk.agent(role=AgentRole.SUPERVISOR, inboxes=[inbox])
    li = await desk.visitor(inbox, "Li", identifier="rooms:Li")
    await desk.conversation(li)
    with pytest.raises(IllegalState):
        await change(desk, boss, li.contact_id, name="Wu")
    with pytest.raises(IllegalState):
        await block_contact(desk.call(boss), BlockContact(contact=li.contact_id))
    assert (await change(desk, boss, li.contact_id, tags=["vip"])).tags == ("vip",)


def test_examples_are_of_the_forms():
    for command in COMMANDS:
        assert to_builtins(read_form(command, command.example))
