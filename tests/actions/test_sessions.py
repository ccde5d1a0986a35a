"""Who asks: an actor made of a token, and when it holds no more."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import select

from kefu.actions.context import DAY_MS
from kefu.actions.me import GetMe, get_me
from kefu.actions.sessions import (
    EndOthers,
    EndSession,
    ListSessions,
    Logout,
    attend,
    call_by,
    claim_of,
    end_others,
    end_session,
    list_sessions,
    logout,
)
from kefu.core.actors import AgentRole, Scope, Standing, Visitor
from kefu.core.errors import NotAllowed, NotFound, Unauthenticated
from kefu.core.permissions import Action
from kefu.core.tokens import Kind, hash_token
from kefu.hub import access_channels
from kefu.storage import schema
from tests.actions.desk import Desk
from tests.actions.people import actor_of, agent_of, hire, sign_in, token_of


async def refused(desk: Desk, token: str, widget_key: str | None = None) -> None:
    with pytest.raises(Unauthenticated):
        await actor_of(desk.ctx, token, widget_key)


async def give_token(desk: Desk, agent_id: int, scopes: str = '["read"]', **values) -> str:
    token = token_of(Kind.API)
    row = {"agent_id": agent_id, "token_hash": hash_token(token), "name": "machine"}
    row |= {"scopes": scopes, "created_ms": desk.clock.now_ms} | values
    await desk.insert(schema.api_token, **row)
    return token


async def give_device(desk: Desk, inbox_id: int, contact_id: int, **values) -> str:
    token = token_of(Kind.DEVICE)
    row = {"token_hash": hash_token(token), "contact_id": contact_id, "inbox_id": inbox_id}
    await desk.insert(schema.device, **(row | {"created_ms": desk.clock.now_ms} | values))
    return token


async def widget_key(desk: Desk, inbox_id: int) -> str:
    column = schema.inbox.c.widget_key
    return await desk.ctx.database.read(
        lambda conn: str(conn.scalar(select(column).where(schema.inbox.c.id == inbox_id)))
    )


@pytest.mark.parametrize("text", ["", "ks_", "ks_short", "Bearer", "kl_" + "0" * 43, "\x00" * 46])
async def test_what_is_no_token_is_nobodys(desk: Desk, text: str):
    await refused(desk, text)


async def test_a_session_is_its_agent_as_they_are_now(desk: Desk):
    inbox = await desk.inbox()
    li = await hire(desk, "li@example.com", name="李", inboxes=[inbox])
    _, actor = await sign_in(desk, li)
    assert (actor.id, actor.name, actor.role) == (li.id, "李", AgentRole.AGENT)
    assert actor.inboxes == {inbox}
    assert actor.scopes is None


async def test_a_session_ends_by_its_age_or_by_rest(desk: Desk):
    li = await hire(desk, "li@example.com")
    token, _ = await sign_in(desk, li)
    for _ in range(5):  # used again and again
        desk.clock.advance(6 * 86_400)
        if desk.clock.now_ms < 1_700_000_000_000 + 30 * DAY_MS:
            await agent_of(desk, token)
            await desk.settled()
    await refused(desk, token)
    resting, _ = await sign_in(desk, li)
    desk.clock.advance(7 * 86_400 - 1)
    await agent_of(desk, resting)
    other, _ = await sign_in(desk, li)
    desk.clock.advance(7 * 86_400)
    await refused(desk, other)


async def test_an_agent_who_left_is_nobody(desk: Desk):
    gone = await hire(desk, "gone@example.com", active=0)
    token = await give_token(desk, gone.id)
    await refused(desk, token)
    with pytest.raises(Unauthenticated):
        await sign_in(desk, gone)


async def test_an_api_token_acts_within_its_scopes_until_its_time_is_over(desk: Desk):
    bot = await desk.agent(role=AgentRole.BOT)
    token = await give_token(desk, bot.id, expires_ms=desk.clock.now_ms + 1000)
    actor = await agent_of(desk, token)
    assert (actor.id, actor.session_id) == (bot.id, None)
    assert actor.scopes == frozenset({Scope.READ})
    await desk.settled()
    used = await desk.ctx.database.read(
        lambda conn: conn.scalar(select(schema.api_token.c.used_ms))
    )
    assert used == desk.clock.now_ms
    desk.clock.advance(1)
    await refused(desk, token)


async def test_a_device_that_has_not_written_needs_the_key_of_an_inbox_in_use(desk: Desk):
    inbox, closed = await desk.inbox(), await desk.inbox(active=0)
    token = token_of(Kind.DEVICE)
    known = await actor_of(desk.ctx, token, await widget_key(desk, inbox))
    assert known == Visitor(0, inbox, "", token_hash=hash_token(token))
    with pytest.raises(Unauthenticated, match="name the inbox: X-Kefu-Widget"):
        await actor_of(desk.ctx, token)
    await refused(desk, token, "wk_unknown")
    await refused(desk, token, await widget_key(desk, closed))


async def test_a_device_is_its_contact_in_its_inbox(desk: Desk):
    inbox, other = await desk.inbox(), await desk.inbox()
    li = await desk.visitor(inbox, "Li")
    token = await give_device(desk, inbox, li.contact_id)
    for key in (None, await widget_key(desk, inbox)):
        actor = await actor_of(desk.ctx, token, key)
        assert isinstance(actor, Visitor)
        assert (actor.contact_id, actor.inbox_id, actor.verified) == (li.contact_id, inbox, False)
    await refused(desk, token, await widget_key(desk, other))


async def test_a_device_of_an_inbox_that_is_not_in_use_is_nobodys(desk: Desk):
    closed = await desk.inbox(active=0)
    li = await desk.visitor(closed)
    await refused(desk, await give_device(desk, closed, li.contact_id))


async def test_a_device_without_proof_never_leads_to_somebody_who_was_proved(desk: Desk):
    inbox = await desk.inbox()
    li = await desk.visitor(inbox, identifier="user:42")
    token = await give_device(desk, inbox, li.contact_id)
    await refused(desk, token)
    await refused(desk, token, await widget_key(desk, inbox))
    proved = await give_device(desk, inbox, li.contact_id, verified=1)
    actor = await actor_of(desk.ctx, proved)
    assert isinstance(actor, Visitor)
    assert actor.key == li.key


async def test_a_contact_who_is_blocked_may_not_come_in(desk: Desk):
    inbox = await desk.inbox()
    li = await desk.visitor(inbox, blocked_ms=1)
    token = await give_device(desk, inbox, li.contact_id)
    with pytest.raises(NotAllowed):
        await actor_of(desk.ctx, token)


async def test_logging_out_ends_this_session_and_closes_what_it_opened(desk: Desk):
    li = await hire(desk, "li@example.com")
    token, me = await sign_in(desk, li)
    other_token, other = await sign_in(desk, li)
    mine = desk.recorder(*access_channels(me))
    others = desk.recorder(*access_channels(other))
    await logout(desk.call(me), Logout())
    assert (mine.reasons, others.reasons) == (["logged_out"], [])
    await refused(desk, token)
    await agent_of(desk, other_token)


async def test_an_api_token_cannot_log_out(desk: Desk):
    li = await hire(desk, "li@example.com")
    machine = await agent_of(desk, await give_token(desk, li.id))
    with pytest.raises(NotAllowed):
        await logout(desk.call(machine), Logout())


async def test_the_other_sessions_are_listed_and_ended(desk: Desk):
    li, ann = await hire(desk, "li@example.com"), await hire(desk, "ann@example.com")
    anns_token, anns = await sign_in(desk, ann)
    _, me = await sign_in(desk, li, address="192.0.2.1", user_agent="Firefox")
    other_token, other = await sign_in(desk, li)
    listed = (await list_sessions(desk.call(me), ListSessions())).items
    assert [(one.id, one.current) for one in listed] == [
        (other.session_id, False),
        (me.session_id, True),
    ]
    assert (listed[1].address, listed[1].user_agent) == ("192.0.2.1", "Firefox")
    recorder, annss = desk.recorder(*access_channels(other)), desk.recorder(*access_channels(anns))
    await end_others(desk.call(me), EndOthers())
    assert (recorder.reasons, annss.reasons) == (["logged_out"], [])
    await refused(desk, other_token)
    await agent_of(desk, anns_token)
    assert len((await list_sessions(desk.call(me), ListSessions())).items) == 1


async def test_one_of_ones_own_sessions_is_ended(desk: Desk):
    li, ann = await hire(desk, "li@example.com"), await hire(desk, "ann@example.com")
    anns_token, anns = await sign_in(desk, ann)
    token, me = await sign_in(desk, li)
    other_token, other = await sign_in(desk, li)
    recorder = desk.recorder(*access_channels(other))
    assert me.session_id
    assert other.session_id
    assert anns.session_id
    await end_session(desk.call(me), EndSession(session=other.session_id))
    assert recorder.reasons == ["logged_out"]
    await refused(desk, other_token)
    for gone in (other.session_id, anns.session_id):
        with pytest.raises(NotFound):
            await end_session(desk.call(me), EndSession(session=gone))
    await agent_of(desk, anns_token)
    await end_session(desk.call(me), EndSession(session=me.session_id))
    await refused(desk, token)


async def test_who_one_is_and_what_one_may(desk: Desk):
    inbox = await desk.inbox()
    li = await hire(desk, "li@example.com", role=AgentRole.SUPERVISOR, inboxes=[inbox])
    _, actor = await sign_in(desk, li)
    me = await get_me(desk.call(actor), GetMe())
    assert me.agent
    assert (me.agent.id, me.agent.email, me.session) == (
        li.id,
        "li@example.com",
        actor.session_id,
    )
    assert {Action.SUPERVISE, Action.HANDLE, Action.TAKE_OVER, Action.BEGIN} <= {*me.may}
    assert Action.MANAGE not in me.may
    machine = await agent_of(desk, await give_token(desk, li.id))
    assert (await get_me(desk.call(machine), GetMe())).may == (Action.USE_DESK,)
    visitor = await desk.visitor(inbox, "Ann")
    told = await get_me(desk.call(visitor), GetMe())
    assert told.visitor
    assert (told.visitor.name, told.may) == ("Ann", (Action.START,))
    with pytest.raises(Unauthenticated):
        await get_me(desk.call(Standing.ANYONE), GetMe())


async def test_a_connection_hears_of_an_end_that_comes_while_it_is_let_in(desk: Desk):
    li = await hire(desk, "li@example.com")
    token, me = await sign_in(desk, li)
    recorder = desk.recorder()
    call = await attend(await call_by(desk.ctx, claim_of(token)), recorder)
    assert call.actor == me
    await logout(desk.call(me), Logout())
    assert recorder.reasons == ["logged_out"]


async def test_a_connection_whose_access_ends_while_it_is_let_in_hears_nothing_more(desk: Desk):
    li = await hire(desk, "li@example.com")
    token, me = await sign_in(desk, li)
    recorder = desk.recorder()
    calls = 0

    def now_ms() -> int:
        nonlocal calls
        calls += 1
        return desk.clock.now_ms + (calls > 1) * 60 * DAY_MS  # over, at the second look

    call = await call_by(replace(desk.ctx, now_ms=now_ms), claim_of(token))
    with pytest.raises(Unauthenticated):
        await attend(call, recorder)
    assert calls > 1
    assert not any(desk.hub.listens(channel) for channel in access_channels(me))
