"""Admins set webhooks up, look after them, and send again what was lost."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import msgspec
import pytest
from sqlalchemy import select

from kefu.actions.catalogue import BY_NAME
from kefu.actions.commands import Act, read_form
from kefu.actions.forms import with_once
from kefu.actions.webhook_log import ListDeliveries, Replay, list_deliveries, replay
from kefu.actions.webhooks import (
    CreateWebhook,
    DeleteWebhook,
    GetWebhook,
    ListWebhooks,
    NewWebhook,
    RotateSecret,
    TryWebhook,
    UpdateWebhook,
    create_webhook,
    delete_webhook,
    get_webhook,
    list_webhooks,
    rotate_secret,
    try_webhook,
    update_webhook,
)
from kefu.core.actors import AgentRole, Scope
from kefu.core.desk import at
from kefu.core.errors import BadInput, IllegalState, NotAllowed, NotFound, TooMany
from kefu.core.limits import Limits
from kefu.core.permissions import Policy
from kefu.core.webhooks import Circuit, verify
from kefu.storage import schema
from tests.actions.desk import Desk
from tests.actions.outbox_house import House, house_of
from tests.actions.receiver import Request, receiving
from tests.core.unsafe_urls import UNSAFE

URL = "https://example.com/hook"
on_one_store = pytest.mark.parametrize("desk", ["sqlite"], indirect=True)


@pytest.fixture
async def house(desk: Desk) -> AsyncIterator[House]:
    async with house_of(desk) as house:
        yield house


async def act(house: House, do: Any) -> Any:
    """Have the admin do it."""
    acts: dict[type, Act] = {
        CreateWebhook: create_webhook,
        ListWebhooks: list_webhooks,
        GetWebhook: get_webhook,
        UpdateWebhook: update_webhook,
        RotateSecret: rotate_secret,
        DeleteWebhook: delete_webhook,
        TryWebhook: try_webhook,
        ListDeliveries: list_deliveries,
        Replay: replay,
    }
    return await acts[type(do)](house.desk.call(house.admin), do)


def signed_by(request: Request, secret: str, house: House) -> bool:
    return verify([secret], request.headers, request.body, now_s=house.desk.clock.now_ms / 1000)


async def test_a_secret_is_told_once(house: House):
    made: NewWebhook = await act(house, CreateWebhook(url=URL, events=("message.added",)))
    assert made.secret.startswith("whsec_")
    shown = await act(house, GetWebhook(webhook=made.id))
    listed = await act(house, ListWebhooks())
    assert made == with_once(NewWebhook, shown, secret=made.secret)
    assert listed.items == (shown,)
    for value in (shown, listed):
        assert made.secret.encode() not in msgspec.json.encode(value)
        assert b"whsec_" not in msgspec.json.encode(value)


@on_one_store
async def test_a_url_that_leads_inside_is_refused_to_an_admin_too(desk: Desk):
    desk.ctx = replace(desk.ctx, policy=Policy())  # the operator allows nothing
    call = desk.call(await desk.agent(role=AgentRole.ADMIN))
    for case in UNSAFE:
        with pytest.raises(BadInput):
            await create_webhook(call, CreateWebhook(url=str(case.values[0])))
    assert not (await list_webhooks(call, ListWebhooks())).items


@on_one_store
async def test_a_webhook_is_not_moved_to_an_unsafe_url_either(house: House):
    house.desk.ctx = replace(house.desk.ctx, policy=Policy())
    made = await act(house, CreateWebhook(url=URL))
    with pytest.raises(BadInput, match="url"):
        await act(house, UpdateWebhook(webhook=made.id, url="http://127.0.0.1/"))
    assert (await act(house, GetWebhook(webhook=made.id))).url == URL


@on_one_store
@pytest.mark.parametrize("name", [name for name in BY_NAME if name.startswith("webhook.")])
async def test_only_admins_and_tokens_of_that_scope_touch_webhooks(desk: Desk, name: str):
    command = BY_NAME[name]
    form = read_form(command, command.example)
    inbox = await desk.inbox()
    for actor in (
        await desk.agent(role=AgentRole.SUPERVISOR),
        await desk.agent(role=AgentRole.BOT),
        await desk.agent(role=AgentRole.ADMIN, scopes=frozenset({Scope.READ, Scope.WRITE})),
        await desk.visitor(inbox),
    ):
        with pytest.raises(NotAllowed):
            await command.act(desk.call(actor), form)


@on_one_store
@pytest.mark.parametrize("values", [{"inbox": 99}, {"bot": 99}], ids=["inbox", "bot"])
async def test_what_a_webhook_is_about_must_be_there(house: House, values: dict[str, Any]):
    with pytest.raises(BadInput):
        await act(house, CreateWebhook(url=URL, **values))
    made = await act(house, CreateWebhook(url=URL))
    with pytest.raises(BadInput):
        await act(house, UpdateWebhook(webhook=made.id, **values))


@on_one_store
async def test_a_person_is_no_bot(house: House):
    with pytest.raises(BadInput, match="bot"):
        await act(house, CreateWebhook(url=URL, bot=house.admin.id))


@on_one_store
async def test_there_are_so_many_webhooks_and_no_more(house: House):
    house.desk.ctx = replace(house.desk.ctx, limits=Limits(webhooks=1))
    await act(house, CreateWebhook(url=URL))
    with pytest.raises(TooMany):
        await act(house, CreateWebhook(url=URL))


async def test_what_is_left_out_of_a_change_stays(house: House):
    made = await act(house, CreateWebhook(url=URL, events=("message.added",), inbox=house.inbox))
    id = made.id
    changed = await act(house, UpdateWebhook(webhook=id, url="https://example.org/"))
    assert (changed.url, changed.events, changed.inbox) == (
        "https://example.org/",
        ("message.added",),
        house.inbox,
    )
    changed = await act(house, UpdateWebhook(webhook=id, events=(), inbox=None))
    assert (changed.url, changed.events, changed.inbox) == ("https://example.org/", (), None)


async def test_while_a_secret_is_changed_both_are_live(house: House):
    async with receiving() as receiver:
        old = await house.hook(receiver.url)
        id = old.id
        new = await act(house, RotateSecret(webhook=id))
        await house.say("one")
        await house.look()
        newest = await act(house, RotateSecret(webhook=id, drop_old=True))
        await house.say("two")
        await house.look()
    one, two = receiver.requests
    assert signed_by(one, old.secret, house)
    assert signed_by(one, new.secret, house)
    assert signed_by(two, newest.secret, house)
    assert not signed_by(two, new.secret, house)


@on_one_store
async def test_a_third_secret_ends_the_first(house: House):
    async with receiving() as receiver:
        first = await house.hook(receiver.url)
        for _ in range(2):
            await act(house, RotateSecret(webhook=first.id))
        await house.say("one")
        await house.look()
    assert not signed_by(receiver.requests[0], first.secret, house)


async def test_a_webhook_is_deleted_with_its_log(house: House):
    async with receiving() as receiver:
        made = await house.hook(receiver.url)
        await house.say("one")
        await house.look()
        await act(house, DeleteWebhook(webhook=made.id))
        await house.say("two")
        await house.look()
        assert receiver.texts == ["one"]
    for do in (GetWebhook, DeleteWebhook, ListDeliveries, TryWebhook, RotateSecret):
        with pytest.raises(NotFound):
            await act(house, do(webhook=made.id))


async def test_a_test_is_sent_once_and_says_so(house: House):
    async with receiving([500]) as receiver:
        made = await house.hook(receiver.url)
        tested = await act(house, TryWebhook(webhook=made.id))
        assert await house.look() is None
        [request] = receiver.requests
        assert request.content["type"] == "webhook.test"
        assert request.content["data"] == {}
        [logged] = await house.log(made.id)
        assert request.headers["webhook-id"] == logged.event_id
        assert re.fullmatch(f"evt_test_[0-9a-f]{{12}}-{tested.delivery}", logged.event_id)
        assert (logged.type, logged.state, logged.status) == ("webhook.test", "failed", 500)


async def test_a_test_reaches_a_receiver_that_was_left_alone(house: House):
    async with receiving([500]) as receiver:
        made = await house.hook(receiver.url)
        await house.say(*"abcdef")
        await house.look()
        assert len(receiver.requests) == 5
        receiver.answers = [200]
        await act(house, TryWebhook(webhook=made.id))
        await house.look()
        assert "webhook.test" in {request.content["type"] for request in receiver.requests}
        shown = await act(house, GetWebhook(webhook=made.id))
        assert shown.circuit is Circuit.CLOSED


@on_one_store
async def test_one_that_is_off_is_neither_tested_nor_replayed(house: House):
    made = await act(house, CreateWebhook(url=URL))
    id = made.id
    await act(house, UpdateWebhook(webhook=id, active=False))
    for do in (TryWebhook(webhook=id), Replay(webhook=id, delivery=1)):
        with pytest.raises(IllegalState):
            await act(house, do)


async def test_what_failed_can_be_sent_again(house: House):
    async with receiving([410]) as receiver:
        made = await house.hook(receiver.url)
        id = made.id
        await house.say("one", "two", "three")
        await house.look()
        assert [one.state for one in await house.log(id)] == ["failed"] * 3
        receiver.answers = [200]
        receiver.requests.clear()
        await act(house, UpdateWebhook(webhook=id, active=True))
        since = at(house.desk.clock.now_ms)
        late = await act(house, Replay(webhook=id, failed_since=since + timedelta(seconds=1)))
        assert late.count == 0
        done = await act(house, Replay(webhook=id, failed_since=since))
        assert done.count == 3
        await house.look()
        assert receiver.texts == ["one", "two", "three"]
        assert {one.state for one in await house.log(id)} == {"delivered"}


async def test_one_delivery_can_be_sent_again_under_its_id(house: House):
    async with receiving() as receiver:
        made = await house.hook(receiver.url)
        await house.say("one", "two")
        await house.look()
        one, _ = await house.log(made.id)
        house.desk.clock.advance(48 * 3600)
        done = await act(house, Replay(webhook=made.id, delivery=one.id))
        assert done.count == 1
        await house.look()
        assert receiver.texts == ["one", "two", "one"]
        assert receiver.ids[0] == receiver.ids[2] == one.event_id


@on_one_store
@pytest.mark.parametrize(
    "values", [{}, {"delivery": 1, "failed_since": at(0)}], ids=["neither", "both"]
)
async def test_a_replay_says_what_of(house: House, values: dict[str, Any]):
    made = await act(house, CreateWebhook(url=URL))
    with pytest.raises(BadInput):
        await act(house, Replay(webhook=made.id, **values))


@on_one_store
async def test_a_replay_of_another_webhook_s_delivery_finds_nothing(house: House):
    async with receiving() as receiver:
        made = await house.hook(receiver.url)
        await house.say("one")
        await house.look()
        [one] = await house.log(made.id)
        other = await act(house, CreateWebhook(url=URL))
        with pytest.raises(NotFound):
            await act(house, Replay(webhook=other.id, delivery=one.id))


async def test_the_log_is_read_page_by_page_and_by_state(house: House):
    async with receiving([200, 500, 200]) as receiver:
        made = await house.hook(receiver.url)
        await house.say("one", "two", "three")
        await house.look()
    id = made.id
    first = await act(house, ListDeliveries(webhook=id, limit=2))
    assert [one.seq for one in first.items] == [3, 2]
    second = await act(house, ListDeliveries(webhook=id, limit=2, cursor=first.next))
    assert [one.seq for one in second.items] == [1]
    assert second.next is None
    expected: dict[Any, list[int]] = {"waiting": [2], "delivered": [3, 1], "failed": []}
    for state, seqs in expected.items():
        page = await act(house, ListDeliveries(webhook=id, state=state))
        assert [one.seq for one in page.items] == seqs
    waiting = (await act(house, ListDeliveries(webhook=id, state="waiting"))).items[0]
    assert waiting.conversation == house.talk
    assert waiting.tried_at == at(house.desk.clock.now_ms)
    assert waiting.next_at is not None


@on_one_store
@pytest.mark.parametrize("cursor", ["x", "-1", "1" * 17, "１"])
async def test_a_cursor_of_another_list_is_refused(house: House, cursor: str):
    made = await act(house, CreateWebhook(url=URL))
    with pytest.raises(BadInput):
        await act(house, ListDeliveries(webhook=made.id, cursor=cursor))


@on_one_store
async def test_every_change_leaves_a_trace_without_secrets(house: House):
    made = await act(house, CreateWebhook(url=URL))
    id = made.id
    await act(house, UpdateWebhook(webhook=id, active=False))
    await act(house, UpdateWebhook(webhook=id, active=True))
    rotated = await act(house, RotateSecret(webhook=id))
    await act(house, TryWebhook(webhook=id))
    await act(house, Replay(webhook=id, failed_since=at(0)))
    await act(house, DeleteWebhook(webhook=id))
    chosen = select(schema.audit).order_by(schema.audit.c.id)
    rows = await house.desk.ctx.database.read(lambda conn: conn.execute(chosen).all())
    assert [row.act.removeprefix("webhook.") for row in rows] == [
        "create",
        "update",
        "update",
        "rotate_secret",
        "test",
        "replay",
        "delete",
    ]
    assert {row.actor for row in rows} == {house.admin.key}
    for secret in (made.secret, rotated.secret):
        assert secret not in str(rows)
