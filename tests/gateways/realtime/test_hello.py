"""Who is let in, as whom, and how the others are sent away."""

from __future__ import annotations

import json

import pytest
from websockets.exceptions import InvalidStatus

from kefu.core.actors import AgentRole
from kefu.storage import schema
from tests.clients.realtime import RealtimeClient, Refused
from tests.conftest import clock
from tests.gateways.realtime.conftest import draw

on_a_clock = pytest.mark.asyncio(loop_factories=["clock"])


async def test_an_agent_is_told_who_they_are_and_what_holds(realm):
    inbox = await realm.inbox()
    seat = await realm.seat(inbox, role=AgentRole.SUPERVISOR)
    client = await realm.join(seat.token)
    assert client.connection.subprotocol == "kefu.v1"
    assert client.welcome["actor"] == {
        "role": "supervisor",
        "id": seat.agent.id,
        "name": seat.agent.name,
        "inboxes": [inbox.id],
    }
    server = client.welcome["server"]
    assert realm.ctx.epoch not in json.dumps(client.welcome)  # marks are made with it
    assert server["heartbeat_s"] == 20
    published = (await realm.server.get("/api/v1/limits")).json()
    assert server["limits"].items() <= published.items()


async def test_a_visitor_who_has_not_written_is_nobody_yet(realm):
    inbox = await realm.inbox()
    client = await realm.join(draw("kd_"), inbox.key)
    assert client.welcome["actor"] == {"role": "visitor", "id": 0}
    begun = await client.ask("conversation.start", client_id="a", text="Hi")
    assert begun["contact"] > 0
    await client.ask(
        "message.send", conversation=begun["conversation"]["id"], client_id="b", text="?"
    )


async def test_a_visitor_who_comes_back_is_who_they_were(realm):
    chat = await realm.chat(await realm.inbox())
    again = await realm.join(chat.token)  # a known device needs no widget's key
    assert again.welcome["actor"]["id"] == chat.contact


@pytest.mark.parametrize(
    ("token", "widget"),
    [
        pytest.param("ks_" + 43 * "A", None, id="a session that is not there"),
        pytest.param("kd_" + 43 * "A", None, id="a new device without an inbox"),
        pytest.param("kd_" + 43 * "A", "wk_nobody", id="an inbox that is not there"),
        pytest.param("kd_short", "wk_nobody", id="not a token's form"),
        pytest.param("kl_" + 43 * "A", None, id="a link's token"),
        pytest.param(None, None, id="none"),
    ],
)
async def test_who_proves_nothing_is_to_come_with_another_token(realm, token, widget):
    client = await realm.open()
    with pytest.raises(Refused) as refused:
        await client.hello(token, widget)
    assert refused.value.code == "unauthenticated"
    assert await client.closed() == (4100, "unauthenticated")


async def test_the_first_frame_has_to_be_hello(realm):
    client = await realm.open()
    with pytest.raises(Refused, match="hello first"):
        await client.ask("ping")
    assert (await client.closed())[0] == 4100


async def test_hello_is_said_once(realm):
    client = await realm.console()
    with pytest.raises(Refused) as refused:
        await client.hello(draw("ks_"))
    assert refused.value.code == "illegal_state"
    assert await client.ask("ping") == {}


async def test_what_is_sent_before_the_answer_to_hello_is_done_after_it(realm):
    seat = await realm.seat()
    client = await realm.open()
    ids = [await client.send("hello", token=seat.token), await client.send("ping")]
    assert [await client.answer(id) for id in ids][1] == {}


@on_a_clock
async def test_who_says_nothing_is_sent_away(realm):
    client = await realm.open()
    await clock().advance(9.9)
    await clock().advance(0.2)
    assert await clock().advance_until(client.closed()) == (4100, "no hello in time")


async def test_a_blocked_contact_does_not_come_back(realm):
    chat = await realm.chat(await realm.inbox())
    await realm.desk.ctx.database.write(
        lambda conn: conn.execute(schema.contact.update().values(blocked_ms=1)).rowcount
    )
    client = await realm.open()
    with pytest.raises(Refused) as refused:
        await client.hello(chat.token)
    assert refused.value.code == "not_allowed"
    assert (await client.closed())[0] == 4001


# Pages


def cookie(token):
    return {"Cookie": f"theme=dark; kefu_session={token}"}


async def test_the_consoles_cookie_counts_for_our_own_page(realm):
    seat = await realm.seat()
    headers = cookie(seat.token) | {"Origin": realm.server.http}
    client = await realm.join(None, additional_headers=headers)
    assert client.welcome["actor"]["id"] == seat.agent.id


async def test_a_cookie_without_a_page_counts_for_nothing(realm):
    seat = await realm.seat()
    client = await realm.open(additional_headers=cookie(seat.token))
    with pytest.raises(Refused, match="unauthenticated"):
        await client.hello(None)


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://127.0.0.1:1"])
async def test_s07_a_foreign_page_with_a_cookie_gets_no_handshake(realm, origin):
    seat = await realm.seat()
    with pytest.raises(InvalidStatus) as refused:
        await realm.open(additional_headers=cookie(seat.token) | {"Origin": origin})
    assert refused.value.response.status_code == 403


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "capacitor://localhost"])
async def test_a_visitors_page_has_to_be_one_of_the_inboxs(realm, origin):
    inbox = await realm.inbox(origins=["https://shop.example"])
    client = await realm.open(additional_headers={"Origin": origin})
    with pytest.raises(Refused) as refused:
        await client.hello(draw("kd_"), inbox.key)
    assert refused.value.code == "not_allowed"
    assert (await client.closed())[0] == 4003


async def test_the_inboxs_pages_and_our_own_are_let_in(realm):
    inbox = await realm.inbox(origins=["https://shop.example", "capacitor://localhost"])
    for origin in ("https://shop.example", "capacitor://localhost", realm.server.http):
        await realm.join(draw("kd_"), inbox.key, additional_headers={"Origin": origin})


async def test_an_api_token_counts_from_any_page(realm):
    seat = await realm.seat()
    await realm.join(seat.token, additional_headers={"Origin": "https://tool.example"})


@pytest.mark.parametrize("offered", [None, ["kefu.v2"], ["v1.kefu"]])
async def test_another_protocol_is_refused_before_the_handshake(realm, offered):
    with pytest.raises(InvalidStatus) as refused:
        await realm.open(subprotocols=offered)
    assert refused.value.response.status_code == 400


# Bounds


async def test_s24_one_connection_too_many_is_to_come_back_later(open_realm):
    realm = await open_realm(limits={"connections_per_actor": 3})
    seat = await realm.seat()
    present = [await realm.join(seat.token) for _ in range(3)]
    client = await realm.open()
    with pytest.raises(Refused) as refused:
        await client.hello(seat.token)
    assert refused.value.code == "too_many"
    assert (await client.closed())[0] == 4201
    assert [await one.ask("ping") for one in present] == [{}, {}, {}]
    await present[0].connection.close()
    other = await realm.seat()
    await realm.join(other.token)


async def test_a_connection_that_is_gone_counts_no_more(open_realm):
    realm = await open_realm(limits={"connections_per_actor": 1})
    seat = await realm.seat()
    for _ in range(3):
        async with RealtimeClient.join(realm.server.http, seat.token) as client:
            assert await client.ask("ping") == {}
        while realm.ctx.hub.connected_agents:  # the server hears of it in its own time
            await realm.ctx.database.read(lambda conn: None)


async def test_s25_who_tries_many_tokens_is_told_to_wait(open_realm):
    realm = await open_realm(limits={"bad_tokens_burst": 2})
    seat = await realm.seat()
    await realm.join(seat.token)
    codes = []
    for _ in range(3):
        client = await realm.open()
        with pytest.raises(Refused) as refused:
            await client.hello(draw("ks_"))
        codes.append((refused.value.code, (await client.closed())[0]))
    assert codes == [("unauthenticated", 4100)] * 2 + [("too_many", 4201)]
    assert refused.value.error["retry_ms"] > 0
    await realm.join(seat.token)  # whose token was right before is let in all the same
