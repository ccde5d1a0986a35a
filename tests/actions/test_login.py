"""Signing in, and how often one may try."""

from __future__ import annotations

import asyncio
import statistics
import time
from dataclasses import replace

import pytest
from sqlalchemy import func, select

from kefu.actions.credentials import Passwords
from kefu.actions.login import Login, SetPassword, login, set_password
from kefu.core.actors import AgentRole
from kefu.core.errors import BadInput, NotAllowed, TooMany, Unauthenticated
from kefu.core.passwords import SALT_BYTES, Cost, hash_password, needs_rehash
from kefu.core.tokens import Kind, hash_token, kind_of
from kefu.storage import schema
from tests.actions.desk import Desk
from tests.actions.people import (
    OTHER_PASSWORD,
    PASSWORD,
    agent_of,
    hire,
    log_in,
    sign_in,
    token_of,
)
from tests.quick import QUICK

WRONG = "wrong password, at length"


async def refusal(desk: Desk, email: str, password: str = WRONG, address="192.0.2.7") -> str:
    with pytest.raises(Unauthenticated) as refused:
        await log_in(desk, email, password, address)
    return str(refused.value)


async def test_a_login_gives_a_token_of_which_only_the_hash_is_stored(desk: Desk):
    li = await hire(desk, "li@example.com", name="李")
    signed = await log_in(desk, " LI@Example.com ")
    assert kind_of(signed.token) is Kind.SESSION
    assert (signed.agent.id, signed.agent.name) == (li.id, "李")
    assert (await agent_of(desk, signed.token)).id == li.id
    hashes = await desk.ctx.database.read(
        lambda conn: conn.scalars(select(schema.session.c.token_hash)).all()
    )
    assert hashes == [hash_token(signed.token)]


async def test_each_login_makes_another_session_and_ends_the_one_that_came_with_it(desk: Desk):
    li = await hire(desk, "li@example.com")
    old_token, old = await sign_in(desk, li)
    recorder = desk.recorder(f"session:{old.session_id}")
    signed = await login(desk.call(old), Login(email="li@example.com", password=PASSWORD))
    assert signed.token != old_token
    assert (await agent_of(desk, signed.token)).session_id != old.session_id
    assert recorder.reasons == ["logged_out"]
    with pytest.raises(Unauthenticated):
        await agent_of(desk, old_token)


async def test_whatever_is_wrong_the_answer_is_the_same(desk: Desk):
    await hire(desk, "li@example.com")
    await hire(desk, "gone@example.com", active=0)
    await desk.agent(email="invited@example.com")
    told = {
        await refusal(desk, "li@example.com"),
        await refusal(desk, "nobody@example.com"),
        await refusal(desk, "no address"),
        await refusal(desk, ""),
        await refusal(desk, "gone@example.com", PASSWORD),
        await refusal(desk, "invited@example.com"),
        await refusal(desk, "li@example.com", ""),
        await refusal(desk, "li@example.com", PASSWORD + "x" * 900, "192.0.2.8"),
    }
    assert len(told) == 1


@pytest.mark.parametrize("desk", ["sqlite"], indirect=True)
async def test_unknown_and_known_accounts_take_as_long(desk: Desk):
    cost = Cost(2, 16_384, 1)  # enough to stand out
    desk.ctx = replace(desk.ctx, passwords=Passwords(cost))
    stored = hash_password(PASSWORD, salt=bytes(SALT_BYTES), cost=cost)
    await hire(desk, "li@example.com", password_hash=stored)
    spent: dict[str, list[float]] = {"li@example.com": [], "nobody@example.com": []}
    for number in range(9):
        for email, times in spent.items():
            begin_s = time.perf_counter()
            await refusal(desk, email, address=f"192.0.2.{number}")
            times.append(time.perf_counter() - begin_s)
    known, unknown = map(statistics.median, spent.values())
    assert 0.5 < known / unknown < 2


async def test_a_hash_of_other_parameters_is_made_anew(desk: Desk):
    weaker = hash_password(PASSWORD, salt=bytes(SALT_BYTES), cost=Cost(2, 8, 1))
    li = await hire(desk, "li@example.com", password_hash=weaker)
    await log_in(desk, "li@example.com")
    column = schema.agent.c.password_hash
    stored = await desk.ctx.database.read(
        lambda conn: conn.scalar(select(column).where(schema.agent.c.id == li.id))
    )
    assert not needs_rehash(str(stored), QUICK)
    assert (await log_in(desk, "li@example.com")).token


async def test_the_eleventh_try_of_an_account_is_refused_however_it_is_spelt(desk: Desk):
    await hire(desk, "li@example.com")
    for number in range(10):
        email = "Li@Example.com" if number % 2 else "li@example.com"
        await refusal(desk, email, address=f"198.51.100.{number}")
        desk.clock.advance(1)
    for spelt in ("li@example.com", "LI@EXAMPLE.COM", " Li@example.com", "li@ＥＸＡＭＰＬＥ.com"):
        with pytest.raises(TooMany) as refused:  # also when it is right
            await log_in(desk, spelt, PASSWORD, "203.0.113.1")
        assert refused.value.retry_s == 290.0
    await refusal(desk, "ｌi@example.com", PASSWORD, "203.0.113.1")  # another, which nobody has


@pytest.mark.parametrize(
    ("first", "last"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9"),
        ("192.0.2.7", "::ffff:192.0.2.7"),
    ],
)
async def test_the_eleventh_try_from_an_address_is_refused_whoever_it_is_for(
    desk: Desk, first: str, last: str
):
    await hire(desk, "li@example.com")
    for number in range(10):
        await refusal(desk, f"{number} is no address", address=first)
    with pytest.raises(TooMany):
        await log_in(desk, "li@example.com", PASSWORD, last)
    assert (await log_in(desk, "li@example.com", PASSWORD, "2001:db8:1:3::1")).token


async def test_an_account_that_is_not_there_is_counted_like_one_that_is(desk: Desk):
    for number in range(10):
        await refusal(desk, "nobody@example.com", "", f"198.51.100.{number}")
    with pytest.raises(TooMany):
        await log_in(desk, "nobody@example.com", WRONG, "203.0.113.1")


async def test_the_account_opens_again_when_the_first_try_is_five_minutes_old(desk: Desk):
    await hire(desk, "li@example.com")
    for _ in range(10):
        await refusal(desk, "li@example.com", "")
    desk.clock.advance(299.9)
    with pytest.raises(TooMany) as refused:
        await log_in(desk, "li@example.com")
    assert refused.value.retry_s == pytest.approx(0.1)
    desk.clock.advance(0.1)
    assert (await log_in(desk, "li@example.com")).token


async def test_tries_at_once_are_counted_before_any_is_looked_at(desk: Desk):
    await hire(desk, "li@example.com")
    tries = [log_in(desk, "li@example.com", "", f"198.51.100.{n}") for n in range(20)]
    results = await asyncio.gather(*tries, return_exceptions=True)
    assert sorted(type(one).__name__ for one in results) == (
        ["TooMany"] * 10 + ["Unauthenticated"] * 10
    )


async def test_a_right_password_is_no_wrong_try(desk: Desk):
    await hire(desk, "li@example.com")
    for _ in range(12):
        await log_in(desk, "li@example.com")
    tries = await desk.ctx.database.read(
        lambda conn: conn.scalar(select(func.count()).select_from(schema.login_attempt))
    )
    assert tries == 0


async def test_another_password_ends_the_other_sessions_and_no_more(desk: Desk):
    li = await hire(desk, "li@example.com")
    other_token, other = await sign_in(desk, li)
    token, me = await sign_in(desk, li)
    recorder = desk.recorder(f"session:{other.session_id}")
    mine = desk.recorder(f"session:{me.session_id}", f"agent:{li.id}")
    asked = SetPassword(old=PASSWORD, password=OTHER_PASSWORD)
    await set_password(desk.call(me), asked)
    assert (recorder.reasons, mine.reasons) == (["password_changed"], [])
    assert (await agent_of(desk, token)).id == li.id
    with pytest.raises(Unauthenticated):
        await agent_of(desk, other_token)
    await refusal(desk, "li@example.com", PASSWORD)
    assert (await log_in(desk, "li@example.com", OTHER_PASSWORD)).token


async def test_another_password_needs_the_old_one_and_must_be_a_good_one(desk: Desk):
    _, me = await sign_in(desk, await hire(desk, "li@example.com"))
    with pytest.raises(BadInput):
        await set_password(desk.call(me), SetPassword(old=PASSWORD, password="short"))
    for _ in range(9):
        with pytest.raises(Unauthenticated):
            await set_password(desk.call(me), SetPassword(old="", password=OTHER_PASSWORD))
    with pytest.raises(TooMany):  # a stolen session is no way to guess it
        await set_password(desk.call(me), SetPassword(old="", password=OTHER_PASSWORD))


async def test_a_bot_has_no_password(desk: Desk):
    bot = await desk.agent(role=AgentRole.BOT)
    with pytest.raises(NotAllowed):
        await set_password(desk.call(bot), SetPassword(old="", password=OTHER_PASSWORD))


async def test_a_token_that_was_never_given_is_nobody(desk: Desk):
    for kind in Kind:
        with pytest.raises(Unauthenticated):
            await agent_of(desk, token_of(kind))
