"""What a demo begins with."""

from __future__ import annotations

import pytest

from kefu.core.actors import AgentRole, Standing
from kefu.core.passwords import verify_password
from kefu.demo.team import WIDGET_KEY, prepare_demo
from kefu.storage import agents, inboxes
from kefu.widget.config import GetPublicInbox, get_public_inbox
from tests.actions.desk import Desk


async def test_a_demo_has_an_inbox_and_a_team_of_every_role_who_can_sign_in(desk: Desk):
    accounts = await prepare_demo(desk.ctx)
    assert [one.role for one in accounts] == ["agent", "agent", "supervisor", "admin"]
    stored = await desk.ctx.database.read(
        lambda conn: [agents.find_credentials(conn, email=one.email) for one in accounts]
    )
    for account, credentials in zip(accounts, stored, strict=True):
        assert credentials is not None
        assert verify_password(account.password, credentials.password_hash)
    (inbox,) = await desk.ctx.database.read(
        lambda conn: [one for one in inboxes.list_inboxes(conn) if one.kind == "widget"]
    )
    assert len(inbox.agents) == 4


@pytest.mark.parametrize(
    ("locale", "greeting"),
    [("en", "Hello. What can we help you with?"), ("zh-CN", "您好！有什么可以帮您？")],
)
async def test_the_demo_greets_whoever_comes_and_asks_nothing_of_them(
    desk: Desk, locale: str, greeting: str
):
    await prepare_demo(desk.ctx)
    asked = GetPublicInbox(widget_key=WIDGET_KEY, locale=locale)
    told = await get_public_inbox(desk.call(Standing.ANYONE), asked)
    assert told.greeting == greeting
    assert "Plain Kettle" in told.name
    assert told.open
    assert told.opens_at is None
    assert told.closes_at is None
    assert told.prechat is None
    assert told.consent is None
    assert told.invitations == ()
    assert not told.identity_required
    assert not told.watch_visitors


async def test_the_same_demo_says_the_same_passwords_and_makes_nobody_twice(desk: Desk):
    first = await prepare_demo(desk.ctx)
    assert await prepare_demo(desk.ctx) == first
    everybody = await desk.ctx.database.read(agents.list_agents)
    assert len({one.email for one in everybody}) == len(everybody)


async def test_a_demo_starts_on_a_store_where_somebody_has_one_of_its_names(desk: Desk):
    values = {"email": "ada@example.com", "role": AgentRole.ADMIN, "created_ms": 0}
    await desk.ctx.database.write(lambda conn: agents.add_agent(conn, name="Ada", **values))
    await prepare_demo(desk.ctx)
    names = await desk.ctx.database.read(agents.list_names)
    assert {"Ada", "Ada (demo)"} <= set(names)


async def test_accounts_of_a_demo_have_passwords_of_their_own(desk: Desk):
    accounts = await prepare_demo(desk.ctx)
    assert len({one.password for one in accounts}) == len(accounts)
    assert all(len(one.password) >= 16 for one in accounts)
