"""Keys for machines, and the audit trail of all of it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import msgspec
import pytest
from sqlalchemy import select

from kefu.actions.audit import AuditActor, AuditSubject, ListAudit, list_audit
from kefu.actions.context import commit
from kefu.actions.forms import with_once
from kefu.actions.tokens import (
    CreateToken,
    ListTokens,
    NewToken,
    RevokeToken,
    create_token,
    list_tokens,
    revoke_token,
)
from kefu.core.actors import Agent, AgentRole, Scope, Standing
from kefu.core.audit import ActorRole
from kefu.core.errors import BadInput, NotAllowed, NotFound, TooMany, Unauthenticated
from kefu.core.tokens import hash_token
from kefu.hub import token_channel
from kefu.storage import schema
from tests.actions.desk import Desk
from tests.actions.people import admin, agent_of, hire, sign_in

READ, WRITE, ADMIN = Scope.READ, Scope.WRITE, Scope.ADMIN


async def make(desk: Desk, actor, *scopes: Scope, **more):
    return await create_token(desk.call(actor), CreateToken(name="bot", scopes=scopes, **more))


async def ids(desk: Desk, actor, agent: int | None = None) -> list[int]:
    page = await list_tokens(desk.call(actor), ListTokens(agent=agent))
    return [one.id for one in page.items]


async def test_a_token_is_told_once_and_acts_as_its_agent(desk: Desk):
    boss, bot = await admin(desk), await desk.agent("Echo", role=AgentRole.BOT)
    made = await make(desk, boss, READ, WRITE, agent=bot.id)
    listed = await list_tokens(desk.call(boss), ListTokens(agent=bot.id))
    assert made.secret not in msgspec.json.encode(listed).decode()
    assert made == with_once(NewToken, listed.items[0], secret=made.secret)
    actor = await agent_of(desk, made.secret)  # which notes, in a while, that it was used
    assert (actor.id, actor.token_id) == (bot.id, made.id)
    assert actor.scopes == frozenset({READ, WRITE})
    stored = await desk.ctx.database.read(
        lambda conn: conn.scalar(select(schema.api_token.c.token_hash))
    )
    assert stored == hash_token(made.secret)


async def test_agents_make_tokens_for_themselves_and_admins_for_anybody(desk: Desk):
    boss, li = await admin(desk), await hire(desk, "li@example.com")
    bot = await desk.agent(role=AgentRole.BOT)
    mine = await make(desk, li, READ)
    assert await ids(desk, li) == [mine.id]
    assert await ids(desk, boss, li.id) == [mine.id]
    for act in (make(desk, li, READ, agent=boss.id), make(desk, bot, READ), ids(desk, li, boss.id)):
        with pytest.raises(NotAllowed):
            await act
    with pytest.raises(NotFound):
        await make(desk, boss, READ, agent=4711)


async def test_a_token_makes_none_that_may_more_than_it(desk: Desk):
    boss = await admin(desk)
    weaker = await agent_of(desk, (await make(desk, boss, READ, ADMIN)).secret)
    with pytest.raises(NotAllowed):
        await make(desk, weaker, WRITE)
    assert await make(desk, weaker, READ)
    reader = await agent_of(desk, (await make(desk, boss, READ, WRITE)).secret)
    with pytest.raises(NotAllowed):
        await make(desk, reader, READ)


async def test_a_token_ends_with_its_time_and_must_have_some(desk: Desk):
    boss = await admin(desk)
    now = datetime.fromtimestamp(desk.clock.now_ms / 1000, UTC)
    with pytest.raises(BadInput):
        await make(desk, boss, READ, expires_at=now)
    made = await make(desk, boss, READ, expires_at=now + timedelta(seconds=1))
    assert await agent_of(desk, made.secret)
    desk.clock.advance(1)
    with pytest.raises(Unauthenticated):
        await agent_of(desk, made.secret)


async def test_revoking_a_token_closes_what_it_opened(desk: Desk):
    boss, li = await admin(desk), await hire(desk, "li@example.com")
    first, second = await make(desk, li, READ), await make(desk, li, READ)
    recorder = desk.recorder(token_channel(first.id))
    other = desk.recorder(token_channel(second.id))
    await revoke_token(desk.call(li), RevokeToken(token=first.id))
    assert (recorder.reasons, other.reasons) == (["token_revoked"], [])
    with pytest.raises(Unauthenticated):
        await agent_of(desk, first.secret)
    assert await agent_of(desk, second.secret)
    await revoke_token(desk.call(boss), RevokeToken(token=second.id))
    assert other.reasons == ["token_revoked"]


async def test_somebody_elses_token_is_as_one_that_is_not_there(desk: Desk):
    boss, li = await admin(desk), await hire(desk, "li@example.com")
    made = await make(desk, boss, READ)
    for token in (made.id, 4711):
        with pytest.raises(NotFound):
            await revoke_token(desk.call(li), RevokeToken(token=token))


async def test_an_agent_has_a_bounded_number_of_tokens(desk: Desk):
    boss = await admin(desk)
    for _ in range(50):
        await make(desk, boss, READ)
    with pytest.raises(TooMany):
        await make(desk, boss, READ)


async def test_every_administrative_act_leaves_a_trace_without_secrets(desk: Desk):
    boss = await admin(desk)
    made = await create_token(
        desk.call(boss, "203.0.113.9"), CreateToken(name="bot", scopes=(READ,))
    )
    await revoke_token(desk.call(boss), RevokeToken(token=made.id))
    page = await list_audit(desk.call(boss), ListAudit())
    revoked, created = page.items
    assert (created.actor, created.act, created.subject, created.address) == (
        AuditActor(role=ActorRole.AGENT, id=boss.id),
        "token.create",
        AuditSubject(noun="token", id=made.id),
        "203.0.113.9",
    )
    assert created.details == {"agent": boss.id, "name": "bot", "scopes": ["read"]}
    assert (revoked.act, revoked.subject) == ("token.revoke", created.subject)
    told = msgspec.json.encode(page).decode()
    assert made.secret not in told
    assert hash_token(made.secret) not in told


async def test_the_audit_trail_is_read_in_pages_and_by_what_is_sought(desk: Desk):
    boss, li = await admin(desk), await hire(desk, "li@example.com", role=AgentRole.SUPERVISOR)
    for _ in range(3):
        await make(desk, boss, READ)
    _, lis = await sign_in(desk, li)
    await make(desk, lis, READ)
    first = await list_audit(desk.call(boss), ListAudit(limit=3))
    assert first.next
    rest = await list_audit(desk.call(boss), ListAudit(limit=3, before=int(first.next)))
    assert rest.next is None
    found = [one.id for one in (*first.items, *rest.items)]
    assert found == sorted(found, reverse=True)
    assert len(found) == 4
    for sought, count in (
        (ListAudit(actor_id=lis.id), 1),
        (ListAudit(actor_role=ActorRole.AGENT, actor_id=lis.id), 1),
        (ListAudit(actor_role=ActorRole.AGENT), 4),
        (ListAudit(actor_role=ActorRole.BOT, actor_id=lis.id), 0),
        (ListAudit(actor_role=ActorRole.OPERATOR), 0),
        (ListAudit(act="token.create"), 4),
        (ListAudit(act="token.create", actor_id=boss.id), 3),
        (ListAudit(subject_noun="token"), 4),
        (ListAudit(subject_noun="token", subject_id=first.items[0].subject.id), 1),
        (ListAudit(subject_noun="agent"), 0),
        (ListAudit(subject_id=4711), 0),
    ):
        page = await list_audit(desk.call(boss), sought)
        assert len(page.items) == count, sought


async def test_the_audit_trail_says_who_it_was_by_role_and_id(desk: Desk):
    boss = await admin(desk)
    for id in (9, 19):  # one is the end of the other
        bot = Agent(id, "Echo", AgentRole.BOT)
        for actor in (bot, Standing.OPERATOR, Standing.SERVER, Standing.ANYONE):
            await commit(desk.call(actor), lambda tx: tx.audit("agent.update", "agent", 9))
    told = [one.actor for one in (await list_audit(desk.call(boss), ListAudit(limit=4))).items]
    assert msgspec.to_builtins(told) == [
        {"role": "anyone"},
        {"role": "system"},
        {"role": "operator"},
        {"role": "bot", "id": 19},
    ]
    for sought, ids in (
        (ListAudit(actor_id=9), [9]),
        (ListAudit(actor_role=ActorRole.BOT), [19, 9]),
        (ListAudit(actor_role=ActorRole.SYSTEM), [0, 0]),
    ):
        page = await list_audit(desk.call(boss), sought)
        assert [one.actor.id for one in page.items] == ids
        assert {one.subject for one in page.items} == {AuditSubject(noun="agent", id=9)}


async def test_the_audit_trail_is_for_admins(desk: Desk):
    _, lis = await sign_in(desk, await hire(desk, "li@example.com", role=AgentRole.SUPERVISOR))
    with pytest.raises(NotAllowed):
        await list_audit(desk.call(lis), ListAudit())
