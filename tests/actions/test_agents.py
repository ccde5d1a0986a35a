"""The team: taken in, changed, let go."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from sqlalchemy import select, update

from kefu.actions.agents import (
    CreateAgent,
    GetAgent,
    ListAgents,
    ResetLink,
    UpdateAgent,
    create_agent,
    get_agent,
    list_agents,
    reset_link,
    update_agent,
)
from kefu.actions.leaving import Activate, Deactivate, activate_agent, deactivate_agent
from kefu.core.actors import AgentRole, Scope, Standing
from kefu.core.desk import Availability
from kefu.core.errors import (
    BadInput,
    Conflict,
    IllegalState,
    NameTaken,
    NotAllowed,
    NotFound,
    Unauthenticated,
)
from kefu.core.signals import Presence
from kefu.core.states import Status
from kefu.hub import TEAM_CHANNEL, agent_channel, session_channel
from kefu.storage import schema
from kefu.storage.desk import get_conversation
from kefu.storage.turns import NO_TURN
from tests.actions.acts import chat, notes, says, timeline
from tests.actions.desk import Desk
from tests.actions.people import admin, agent_of, hire, sign_in


async def change(desk: Desk, boss, agent_id: int, **changes: Any):
    return await update_agent(desk.call(boss), UpdateAgent(agent=agent_id, **changes))


async def stored(desk: Desk, conversation_id: int):
    return await desk.ctx.database.read(lambda conn: get_conversation(conn, conversation_id))


async def test_whoever_is_taken_in_gets_a_link_and_is_as_described(desk: Desk):
    boss, inbox = await admin(desk), await desk.inbox()
    wanted = CreateAgent(
        name="  李\u202e雷 ",
        email="LI@example.com",
        role=AgentRole.SUPERVISOR,
        skills=("Billing", "billing", "Cars"),
        languages=("zh-CN",),
        chat_limit=3,
        inboxes=(inbox,),
    )
    made = await create_agent(desk.call(boss), wanted)
    assert made.link
    assert made.link.url.startswith("/join#kl_")
    li = made
    assert (li.name, li.email, li.role) == ("李雷", "li@example.com", AgentRole.SUPERVISOR)
    assert (li.skills, li.languages) == (("billing", "cars"), ("zh-cn",))
    assert (li.chat_limit, li.inboxes, li.active) == (3, (inbox,), True)


async def test_a_bot_has_neither_address_nor_link_and_everybody_else_has(desk: Desk):
    boss = await admin(desk)
    made = await create_agent(desk.call(boss), CreateAgent(name="Echo", role=AgentRole.BOT))
    assert (made.role, made.email, made.link) == (AgentRole.BOT, None, None)
    for role, email in ((AgentRole.BOT, "bot@example.com"), (AgentRole.AGENT, None)):
        with pytest.raises(BadInput):
            await create_agent(desk.call(boss), CreateAgent(name="X", role=role, email=email))


@pytest.mark.parametrize("name", ["Ann Lee", "ann lee", "Аnn Lee", "Ann\u200bLee", "ANN LEE."])
async def test_no_two_agents_can_be_mistaken_for_each_other(desk: Desk, name: str):
    boss = await admin(desk)
    await hire(desk, "ann@example.com", name="Ann Lee")
    bob = await hire(desk, "bob@example.com", name="Bob")
    with pytest.raises(NameTaken):
        await create_agent(desk.call(boss), CreateAgent(name=name, email="x@example.com"))
    with pytest.raises(NameTaken):
        await change(desk, boss, bob.id, name=name)


async def test_an_agent_keeps_a_name_though_another_of_an_older_store_looks_the_same(desk: Desk):
    boss = await admin(desk)
    await hire(desk, "ann@example.com", name="Ann Lee")
    twin = await desk.agent("小工", email="twin@example.com")
    await desk.agent("小エ")
    assert (await change(desk, boss, twin.id, name="小工", chat_limit=3)).chat_limit == 3
    for taken in ("小エ", "Ann Lee"):
        with pytest.raises(NameTaken):
            await change(desk, boss, twin.id, name=taken)


async def test_an_address_is_one_agents_and_what_is_none_is_refused(desk: Desk):
    boss = await admin(desk)
    bob = await hire(desk, "bob@example.com")
    await hire(desk, "ann@example.com")
    with pytest.raises(Conflict):
        await create_agent(desk.call(boss), CreateAgent(name="X", email="ANN@Example.com"))
    with pytest.raises(Conflict):
        await change(desk, boss, bob.id, email="ann@example.com")
    with pytest.raises(BadInput):
        await change(desk, boss, bob.id, email="nobody")
    assert (await change(desk, boss, bob.id, email="BOB@example.com")).email == "bob@example.com"


@pytest.mark.parametrize("name", ["\u200b", "\u202e\u2066", " "])
async def test_a_name_has_something_to_see(desk: Desk, name: str):
    with pytest.raises(BadInput):
        await create_agent(
            desk.call(await admin(desk)), CreateAgent(name=name, email="x@example.com")
        )


async def test_only_admins_manage_the_team(desk: Desk):
    li = await hire(desk, "li@example.com", role=AgentRole.SUPERVISOR)
    inbox = await desk.inbox()
    visitor = await desk.visitor(inbox)
    boss = await admin(desk)
    weak = msgspec.structs.replace(boss, scopes=frozenset({Scope.READ, Scope.WRITE}))
    for actor, refusal in (
        (li, NotAllowed),
        (visitor, NotAllowed),
        (weak, NotAllowed),
        (Standing.ANYONE, Unauthenticated),
        (Standing.LOCAL, Unauthenticated),
    ):
        call = desk.call(actor)
        with pytest.raises(refusal):
            await create_agent(call, CreateAgent(name="X", email="x@example.com"))
        with pytest.raises(refusal):
            await update_agent(call, UpdateAgent(agent=li.id, role=AgentRole.ADMIN))
        with pytest.raises(refusal):
            await deactivate_agent(call, Deactivate(agent=li.id))
        with pytest.raises(refusal):
            await activate_agent(call, Activate(agent=li.id))
        with pytest.raises(refusal):
            await reset_link(call, ResetLink(agent=li.id))


async def test_the_team_is_listed_and_only_admins_see_the_others_addresses(desk: Desk):
    boss, li = await admin(desk), await hire(desk, "li@example.com")
    await hire(desk, "gone@example.com", active=0)
    desk.recorder(agent_channel(li.id))

    async def seen(actor) -> list[tuple[str | None, bool, bool]]:
        page = await list_agents(desk.call(actor), ListAgents())
        return [(one.email, one.active, one.connected) for one in page.items]

    assert await seen(boss) == [
        ("boss@example.com", True, False),
        ("li@example.com", True, True),
        ("gone@example.com", False, False),
    ]
    assert [email for email, *_ in await seen(li)] == [None, "li@example.com", None]
    assert (await get_agent(desk.call(li), GetAgent(agent=boss.id))).email is None
    with pytest.raises(NotFound):
        await get_agent(desk.call(boss), GetAgent(agent=4711))
    with pytest.raises(Unauthenticated):
        await list_agents(desk.call(Standing.ANYONE), ListAgents())


@pytest.mark.parametrize(
    ("changes", "closes"),
    [
        ({"role": AgentRole.SUPERVISOR}, True),
        ({"name": "Another"}, True),
        ({"inboxes": (1,)}, True),
        ({"skills": ("cars",), "languages": ("en",), "chat_limit": 9}, False),
        ({"role": AgentRole.AGENT, "inboxes": ()}, False),
        ({}, False),
    ],
    ids=str,
)
async def test_what_an_agent_may_is_changed_for_what_they_have_open_too(
    desk: Desk, changes: dict[str, Any], closes: bool
):
    boss, li = await admin(desk), await hire(desk, "li@example.com")
    recorder = desk.recorder(agent_channel(li.id))
    token, _ = await sign_in(desk, li)
    after = await change(desk, boss, li.id, **changes)
    for field, value in changes.items():
        assert getattr(after, field) == value
    assert recorder.reasons == (["access_changed"] if closes else [])
    actor = await agent_of(desk, token)  # the session itself holds
    assert (actor.role, actor.inboxes) == (after.role, frozenset(after.inboxes))


async def test_an_inbox_that_is_not_there_is_refused_and_nothing_changes(desk: Desk):
    boss, li = await admin(desk), await hire(desk, "li@example.com", name="Li")
    with pytest.raises(NotFound):
        await change(desk, boss, li.id, name="Other", inboxes=(4711,))
    assert (await get_agent(desk.call(boss), GetAgent(agent=li.id))).name == "Li"


async def test_a_new_name_stands_over_what_was_written_before(desk: Desk):
    boss, inbox = await admin(desk), await desk.inbox()
    li = await hire(desk, "li@example.com", name="Li", inboxes=[inbox])
    _, id = await chat(desk, inbox)
    await notes(desk, li, id)
    await change(desk, boss, li.id, name="Lily")
    *_, note, told = await timeline(desk, id)
    assert note.sender.name == "Lily"
    assert told.activity is not None
    assert told.activity.what == "renamed"
    renamed = msgspec.structs.replace(li, name="Lily")
    await says(desk, renamed, id)
    senders = [one.sender.name for one in await timeline(desk, id) if one.activity is None]
    assert senders[-2:] == ["Lily", "Lily"]


async def test_a_bot_stays_a_bot_and_nobody_becomes_one(desk: Desk):
    boss, li = await admin(desk), await hire(desk, "li@example.com")
    bot = await desk.agent(role=AgentRole.BOT)
    for agent, changes in (
        (li, {"role": AgentRole.BOT}),
        (bot, {"role": AgentRole.ADMIN}),
        (bot, {"email": "bot@example.com"}),
    ):
        with pytest.raises(IllegalState):
            await change(desk, boss, agent.id, **changes)
    with pytest.raises(IllegalState):
        await reset_link(desk.call(boss), ResetLink(agent=bot.id))


async def test_the_last_active_admin_stays(desk: Desk):
    boss = await admin(desk)
    await hire(desk, "gone@example.com", role=AgentRole.ADMIN, active=0)
    with pytest.raises(IllegalState):
        await change(desk, boss, boss.id, role=AgentRole.SUPERVISOR)
    with pytest.raises(IllegalState):
        await deactivate_agent(desk.call(boss), Deactivate(agent=boss.id))
    second = await hire(desk, "second@example.com", role=AgentRole.ADMIN)
    await change(desk, boss, boss.id, role=AgentRole.SUPERVISOR)
    with pytest.raises(IllegalState):
        await deactivate_agent(desk.call(second), Deactivate(agent=second.id))


async def test_whoever_leaves_is_signed_out_disconnected_and_shown_as_gone(desk: Desk):
    boss, li = await admin(desk), await hire(desk, "li@example.com", availability="online")
    token, me = await sign_in(desk, li)
    connected = desk.recorder(agent_channel(li.id))
    session = desk.recorder(session_channel(me.session_id or 0))
    team = desk.recorder(TEAM_CHANNEL)
    await reset_link(desk.call(boss), ResetLink(agent=li.id))
    gone = await deactivate_agent(desk.call(boss), Deactivate(agent=li.id))
    assert (gone.active, gone.availability) == (False, "offline")
    assert (connected.reasons, session.reasons) == (["deactivated"], ["deactivated"])
    assert team.signals == [
        Presence(agent=li.id, availability=Availability.OFFLINE, connected=False)
    ]
    with pytest.raises(Unauthenticated):
        await agent_of(desk, token)
    links = await desk.ctx.database.read(
        lambda conn: conn.execute(select(schema.one_time_link)).all()
    )
    assert links == []
    again = await deactivate_agent(desk.call(boss), Deactivate(agent=li.id))
    assert again == gone
    back = await activate_agent(desk.call(boss), Activate(agent=li.id))
    assert back.active
    with pytest.raises(Unauthenticated):
        await agent_of(desk, token)


async def test_the_open_chats_of_whoever_leaves_go_back_to_their_place_in_the_queue(desk: Desk):
    boss, inbox = await admin(desk), await desk.inbox()
    li = await hire(desk, "li@example.com", inboxes=[inbox])
    _, first = await chat(desk, inbox)
    desk.clock.advance(60)
    _, waiting = await chat(desk, inbox)
    table = schema.conversation
    taken = {"status": "open", "assignee_id": li.id} | NO_TURN

    await desk.ctx.database.write(
        lambda conn: conn.execute(update(table).where(table.c.id == first).values(taken))
    )
    before = await timeline(desk, first)
    await deactivate_agent(desk.call(boss), Deactivate(agent=li.id))
    state = await stored(desk, first)
    assert (state.status, state.assignee) == (Status.QUEUED, None)
    *_, told = await timeline(desk, first)
    assert told.seq == before[-1].seq + 1
    assert told.activity
    assert (told.activity.what, told.activity.status) == ("queued", Status.QUEUED)
    order = select(table.c.id).where(table.c.status == "queued").order_by(table.c.queued_id)
    queue = await desk.ctx.database.read(lambda conn: conn.scalars(order).all())
    assert queue == [first, waiting]
