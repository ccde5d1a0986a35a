"""What webhooks are sent, and when, and what becomes of it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
from sqlalchemy import select

from kefu.actions.outbox import Outbox
from kefu.actions.webhooks import GetWebhook, UpdateWebhook, get_webhook, update_webhook
from kefu.core.webhooks import Circuit, verify
from kefu.outbound.fetch import Bounds, Fetcher
from kefu.storage import schema
from kefu.storage.positions import find_end
from tests.actions.desk import Desk
from tests.actions.outbox_house import LOOPBACK, House, house_of
from tests.actions.receiver import HANG, receiving
from tests.serving import free_ports

HOUR_S = 3600

# What is about HTTP and not about the store is shown on one store.
on_one_store = pytest.mark.parametrize("desk", ["sqlite"], indirect=True)


@pytest.fixture
async def house(desk: Desk) -> AsyncIterator[House]:
    async with house_of(desk) as house:
        yield house


async def circuit_of(house: House, webhook: int) -> Circuit:
    found = await get_webhook(house.desk.call(house.admin), GetWebhook(webhook=webhook))
    return found.circuit


async def test_what_is_said_arrives_in_order_and_signed(house: House):
    async with receiving() as receiver:
        made = await house.hook(receiver.url)
        await house.say("one", "two", "three")
        await house.look()
        assert receiver.texts == ["one", "two", "three"]
        request = receiver.requests[0]
        now_s = house.desk.clock.now_ms / 1000
        assert verify([made.secret], request.headers, request.body, now_s=now_s)
        assert request.headers["content-type"] == "application/json"
        content = request.content
        assert content["type"] == "message.added"
        assert content["id"] == request.headers["webhook-id"]
        assert content["timestamp"] == "2023-11-14T22:13:20Z"
        assert content["data"]["seq"] == 1
        assert content["data"]["state"]["id"] == house.talk
        assert content["data"]["state"]["contact"]["id"] == house.li.contact_id


@on_one_store
async def test_the_id_names_the_entry_for_ever(house: House):
    async with receiving([500, 500, 200]) as receiver:
        await house.hook(receiver.url)
        await house.say("one")
        for _ in range(3):
            await house.look()
            house.desk.clock.advance(60)
        assert len(receiver.ids) == 3
        assert set(receiver.ids) == {await newest_event_id(house)}


async def newest_event_id(house: House) -> str:
    ctx = house.desk.ctx
    return f"evt_{(await ctx.database.read(lambda conn: find_end(conn, ctx.epoch))).cursor}"


@on_one_store
async def test_notes_and_changes_of_the_conversation_are_events_too(house: House):
    async with receiving() as receiver:
        await house.hook(receiver.url)
        await house.note("psst", by=house.admin)
        await house.tag()
        await house.look()
        note, change = (request.content for request in receiver.requests)
        assert (note["type"], note["data"]["private"]) == ("message.added", True)
        assert change["type"] == "conversation.changed"
        assert change["data"]["message"]["activity"]["what"] == "tagged"


async def test_a_webhook_hears_of_its_inbox_and_its_events_alone(house: House):
    other = await house.desk.inbox()
    wang = await house.desk.visitor(other)
    talk = await house.desk.conversation(wang)
    async with receiving() as everything, receiving() as one_inbox, receiving() as changes:
        await house.hook(everything.url)
        await house.hook(one_inbox.url, inbox=other)
        await house.hook(changes.url, events=("conversation.changed",))
        await house.say("in the first")
        await house.say("in the other", by=wang, talk=talk)
        await house.tag()
        await house.look()
        assert len(everything.requests) == 3
        assert one_inbox.texts == ["in the other"]
        assert [request.content["type"] for request in changes.requests] == ["conversation.changed"]


@on_one_store
async def test_a_new_webhook_is_not_told_of_the_past(house: House):
    await house.say("before")
    async with receiving() as receiver:
        await house.hook(receiver.url)
        await house.say("after")
        await house.look()
        assert receiver.texts == ["after"]


async def test_what_fails_is_tried_again_later_and_those_after_it_go_on(house: House):
    async with receiving([500, 200]) as receiver:
        made = await house.hook(receiver.url)
        await house.say("one", "two")
        due_ms = await house.look()
        assert receiver.texts == ["one", "two"]
        now_ms = house.desk.clock.now_ms
        assert due_ms is not None
        assert now_ms < due_ms <= now_ms + 5_000
        one, two = await house.log(made.id)
        assert (one.state, one.attempts, one.status) == ("waiting", 1, 500)
        assert (two.state, two.attempts, two.status) == ("delivered", 1, 200)
        house.desk.clock.now_ms = due_ms
        await house.look()
        assert receiver.texts == ["one", "two", "one"]
        one, _ = await house.log(made.id)
        assert (one.state, one.attempts, one.next_at) == ("delivered", 2, None)


@on_one_store
async def test_a_receiver_may_say_when_to_come_back(house: House):
    async with receiving([(503, "retry-after: 900")]) as receiver:
        await house.hook(receiver.url)
        await house.say("one")
        assert await house.look() == house.desk.clock.now_ms + 900_000


@on_one_store
async def test_a_redirect_is_a_failure_and_is_not_followed(house: House):
    async with receiving() as inner, receiving([(302, f"location: {inner.url}")]) as receiver:
        made = await house.hook(receiver.url)
        await house.say("one")
        await house.look()
        [one] = await house.log(made.id)
        assert (one.state, one.status) == ("waiting", 302)
        assert not inner.requests


@on_one_store
async def test_nobody_there_is_a_failure_with_a_word_for_it(house: House):
    made = await house.hook(f"http://127.0.0.1:{free_ports(1)[0]}/")
    await house.say("one")
    await house.look()
    [one] = await house.log(made.id)
    assert (one.state, one.status, one.fault) == ("waiting", None, "cannot_connect")


@on_one_store
async def test_a_url_that_leads_inside_is_not_gone_to_even_if_it_is_stored(house: House):
    async with receiving() as receiver:
        made = await house.hook(receiver.url)
        strict = Fetcher()  # the operator has taken the allow-list away since
        outbox = Outbox(house.desk.ctx, strict)
        await house.say("one")
        await outbox.look()
        await outbox.settled()
        strict.close()
        [one] = await house.log(made.id)
        assert (one.state, one.fault) == ("waiting", "unsafe_url")
        assert not receiver.requests


@on_one_store
async def test_one_that_hangs_holds_up_no_other(house: House):
    async with receiving([HANG]) as hanging, receiving() as receiver:
        await house.hook(hanging.url)
        await house.hook(receiver.url)
        await house.say("one", "two")
        await house.outbox.look()
        await receiver.has(2)
        await hanging.has(1)
        assert receiver.texts == ["one", "two"]
        assert hanging.texts == ["one"]  # one at a time


@on_one_store
async def test_one_that_does_not_answer_in_time_is_tried_again(house: House):
    hasty = Fetcher(LOOPBACK, Bounds(total_s=0.05))
    outbox = Outbox(house.desk.ctx, hasty)
    async with receiving([HANG]) as receiver:
        made = await house.hook(receiver.url)
        await house.say("one")
        await outbox.look()
        await outbox.settled()
        [one] = await house.log(made.id)
        assert (one.state, one.fault) == ("waiting", "timed_out")
    hasty.close()


async def test_a_receiver_that_keeps_failing_is_left_alone_and_tried_by_one(house: House):
    async with receiving([500]) as receiver:
        made = await house.hook(receiver.url)
        await house.say(*(f"message {i}" for i in range(9)))
        due_ms = await house.look()
        assert len(receiver.requests) == 5
        assert await circuit_of(house, made.id) is Circuit.OPEN
        assert due_ms == house.desk.clock.now_ms + 30_000
        house.desk.clock.now_ms = due_ms
        due_ms = await house.look()
        assert len(receiver.requests) == 6
        assert due_ms == house.desk.clock.now_ms + 60_000
        receiver.answers = [200]
        house.desk.clock.now_ms = due_ms
        await house.look()
        house.desk.clock.advance(HOUR_S)
        await house.look()
        assert await circuit_of(house, made.id) is Circuit.CLOSED
        assert {one.state for one in await house.log(made.id)} == {"delivered"}


@on_one_store
async def test_an_event_is_given_up_after_a_day(house: House):
    async with receiving([500]) as receiver:
        made = await house.hook(receiver.url)
        await house.say("one")
        began_ms = house.desk.clock.now_ms
        while (due_ms := await house.look()) is not None:
            house.desk.clock.now_ms = due_ms
        assert house.desk.clock.now_ms - began_ms <= 24 * HOUR_S * 1000
        [one] = await house.log(made.id)
        assert one.state == "failed"
        assert one.attempts == len(receiver.requests) > 10


async def test_what_was_never_tried_for_a_day_is_given_up_too(house: House):
    async with receiving([500]) as receiver:
        made = await house.hook(receiver.url)
        await house.say(*"abcdefgh")
        await house.look()
        house.desk.clock.advance(25 * HOUR_S)
        await house.look()
        assert {one.state for one in await house.log(made.id)} == {"failed"}


async def test_gone_switches_the_webhook_off_and_leaves_a_trace(house: House):
    async with receiving([410]) as receiver:
        made = await house.hook(receiver.url)
        await house.say("one", "two")
        assert await house.look() is None
        assert len(receiver.requests) == 1
        hook = await get_webhook(house.desk.call(house.admin), GetWebhook(webhook=made.id))
        assert (hook.active, hook.circuit) == (False, Circuit.DISABLED)
        assert [one.state for one in await house.log(made.id)] == ["failed", "failed"]
        audit = select(schema.audit.c.actor, schema.audit.c.act).order_by(schema.audit.c.id.desc())
        last = await house.desk.ctx.database.read(lambda conn: conn.execute(audit).first())
        assert last is not None
        assert tuple(last) == ("system", "webhook.disable")


@on_one_store
async def test_what_happens_while_a_webhook_is_off_is_not_sent_later(house: House):
    async with receiving() as receiver:
        made = await house.hook(receiver.url)

        async def switch(on: bool) -> None:
            do = UpdateWebhook(webhook=made.id, active=on)
            await update_webhook(house.desk.call(house.admin), do)

        await switch(False)
        await house.say("meanwhile")
        await house.look()
        await switch(True)
        await house.say("after")
        await house.look()
        assert receiver.texts == ["after"]


@on_one_store
async def test_the_log_is_kept_for_a_while(house: House):
    async with receiving() as receiver:
        made = await house.hook(receiver.url)
        await house.say("one")
        await house.look()
        house.desk.clock.advance(31 * 24 * HOUR_S)
        await house.say("two")
        await house.look()
        [left] = await house.log(made.id)
        assert left.seq == 2


@on_one_store
async def test_whatever_was_published_wakes_the_outbox(house: House):
    async with receiving() as receiver:
        await house.hook(receiver.url)
        running = asyncio.create_task(house.outbox.run())
        await house.say("one")
        await receiver.has(1)
        await house.say("two")
        await receiver.has(2)
        running.cancel()
        assert receiver.texts == ["one", "two"]


async def test_a_new_outbox_goes_on_where_the_last_one_was_killed(house: House):
    async with receiving([HANG, 200]) as receiver:
        made = await house.hook(receiver.url)
        await house.say("one", "two")
        await house.outbox.look()
        await receiver.has(1)
        next_one = Outbox(house.desk.ctx, house.fetcher)
        await next_one.look()
        await next_one.settled()
        assert receiver.texts == ["one", "one", "two"]
        assert receiver.ids[0] == receiver.ids[1]
        assert {one.state for one in await house.log(made.id)} == {"delivered"}


@on_one_store
async def test_trouble_of_the_store_is_waited_out(house: House):
    async with receiving() as receiver:
        await house.hook(receiver.url)
        await house.say("one")
        await house.desk.ctx.database.close()
        running = asyncio.create_task(house.outbox.run())
        for _ in range(20):
            await asyncio.sleep(0)
        assert not running.done()
        running.cancel()
        assert not receiver.requests
