"""Links that work once."""

from __future__ import annotations

import asyncio

import pytest

from kefu.actions.agents import CreateAgent, ResetLink, create_agent, reset_link
from kefu.actions.joining import AcceptLink, accept_link, setup_link
from kefu.actions.leaving import Deactivate, deactivate_agent
from kefu.actions.login import SignedIn
from kefu.core.actors import AgentRole, Standing
from kefu.core.errors import BadInput, ChatError, NameTaken, Unauthenticated
from kefu.core.tokens import Kind
from kefu.hub import session_channel
from tests.actions.desk import Desk
from tests.actions.people import (
    OTHER_PASSWORD,
    PASSWORD,
    admin,
    agent_of,
    hire,
    log_in,
    sign_in,
    token_of,
)


async def use(desk: Desk, path: str, password: str = PASSWORD, **more) -> SignedIn:
    token = path.partition("#")[2]
    return await accept_link(
        desk.call(Standing.ANYONE), AcceptLink(link=token, password=password, **more)
    )


async def setup(desk: Desk) -> str:
    path = await setup_link(desk.ctx)
    assert path
    assert path.startswith("/setup#kl_")
    return path


async def invite(desk: Desk, boss, email: str = "li@example.com", name: str = "Li") -> str:
    made = await create_agent(desk.call(boss), CreateAgent(name=name, email=email))
    assert made.link
    return made.link.url


async def reset(desk: Desk, boss, agent) -> str:
    told = await reset_link(desk.call(boss), ResetLink(agent=agent.id))
    assert told.link
    assert told.id == agent.id
    return told.link.url


async def refusal(desk: Desk, path: str, **more) -> str:
    with pytest.raises(Unauthenticated) as refused:
        await use(desk, path, **more)
    return str(refused.value)


async def test_the_set_up_makes_an_admin_who_is_signed_in_and_closes(desk: Desk):
    path, other = await setup(desk), await setup(desk)
    who = {"name": "Boss", "email": "Boss@example.com"}
    await refusal(desk, path, **who)  # the later one counts
    signed = await use(desk, other, **who)
    assert (await agent_of(desk, signed.token)).role is AgentRole.ADMIN
    assert (await log_in(desk, "boss@example.com")).agent.name == "Boss"
    await refusal(desk, other, **who)
    assert await setup_link(desk.ctx) is None


async def test_the_set_up_is_closed_by_an_admin_who_came_another_way(desk: Desk):
    path = await setup(desk)
    await admin(desk)
    await refusal(desk, path, name="Other", email="other@example.com")
    assert await setup_link(desk.ctx) is None


async def test_the_set_up_opens_nothing_while_there_is_a_plain_agent(desk: Desk):
    await hire(desk, "li@example.com")
    assert (await use(desk, await setup(desk), name="Boss", email="boss@example.com")).token


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": "Boss"},
        {"email": "boss@example.com"},
        {"name": "Boss", "email": "no address"},
        {"name": "\u200b", "email": "boss@example.com"},
        {"name": "Boss", "email": "boss@example.com", "password": "password1234"},
        {"name": "Boss", "email": "boss.of.all@example.com", "password": "boss.of.all@example.com"},
    ],
    ids=str,
)
async def test_what_the_set_up_refuses_leaves_it_open(desk: Desk, wrong: dict[str, str]):
    path = await setup(desk)
    with pytest.raises(BadInput):
        await use(desk, path, **wrong)
    assert (await use(desk, path, name="Boss", email="boss@example.com")).token


async def test_an_invitation_gives_a_password_and_a_name_once(desk: Desk):
    path = await invite(desk, await admin(desk))
    with pytest.raises(Unauthenticated):
        await log_in(desk, "li@example.com")
    signed = await use(desk, path, name="李雷")
    assert (signed.agent.name, signed.agent.email) == ("李雷", "li@example.com")
    assert (await log_in(desk, "li@example.com")).token
    await refusal(desk, path)


async def test_an_invitation_says_the_address_itself_and_takes_no_name_of_others(desk: Desk):
    boss = await admin(desk)
    path = await invite(desk, boss)
    with pytest.raises(BadInput):
        await use(desk, path, email="other@example.com")
    with pytest.raises(NameTaken):
        await use(desk, path, name=boss.name)
    assert (await use(desk, path)).agent.name == "Li"


async def test_a_reset_replaces_the_password_and_ends_every_session(desk: Desk):
    boss, li = await admin(desk), await hire(desk, "li@example.com", name="Li")
    token, me = await sign_in(desk, li)
    recorder = desk.recorder(session_channel(me.session_id or 0))
    link = await reset(desk, boss, li)
    assert link.startswith("/reset#kl_")
    assert (await log_in(desk, "li@example.com")).token  # until it is used the old one holds
    signed = await use(desk, link, OTHER_PASSWORD, name="Not Li")
    assert signed.agent.name == "Li"
    assert recorder.reasons == ["password_changed"]
    with pytest.raises(Unauthenticated):
        await agent_of(desk, token)
    with pytest.raises(Unauthenticated):
        await log_in(desk, "li@example.com")
    assert (await log_in(desk, "li@example.com", OTHER_PASSWORD)).token


async def test_whatever_is_wrong_with_a_link_the_answer_is_the_same(desk: Desk):
    boss = await admin(desk)
    used = await invite(desk, boss, "a@example.com", "Abe")
    await use(desk, used)
    gone = await hire(desk, "gone@example.com")
    dead = await reset(desk, boss, gone)
    await deactivate_agent(desk.call(boss), Deactivate(agent=gone.id))
    old = await reset(desk, boss, boss)
    desk.clock.advance(72 * 3600)
    told = [
        await refusal(desk, path)
        for path in (used, dead, old, "#" + token_of(Kind.LINK), "#", "#kl_x")
    ]
    assert len(set(told)) == 1


async def test_a_bad_password_says_nothing_of_a_link_that_does_not_hold(desk: Desk):
    await refusal(desk, "#" + token_of(Kind.LINK), password="short")


async def test_another_link_replaces_the_one_before(desk: Desk):
    boss, li = await admin(desk), await hire(desk, "li@example.com")
    first = await reset(desk, boss, li)
    second = await reset(desk, boss, li)
    await refusal(desk, first)
    assert (await use(desk, second, OTHER_PASSWORD)).token


async def test_a_link_that_two_use_at_once_lets_one_in(desk: Desk):
    path = await invite(desk, await admin(desk))

    async def attempt(password: str) -> bool:
        try:
            await use(desk, path, password)
        except ChatError:
            return False
        return True

    results = await asyncio.gather(attempt(PASSWORD), attempt(OTHER_PASSWORD))
    assert sorted(results) == [False, True]
