"""What ends a connection: rights that are gone, a reader that stops reading, a server's end."""

from __future__ import annotations

import asyncio
import socket
import time

import pytest
from websockets.exceptions import InvalidStatus

from kefu.app import websocket_limits
from kefu.config import Settings
from kefu.core.endings import Ending
from kefu.gateways.realtime.codec import ENDED, CloseCode
from kefu.gateways.realtime.endpoint import PATH
from kefu.hub import agent_channel, contact_channel
from kefu.transport.websocket import Request
from tests.clients.realtime import RealtimeClient, Refused

NOTICED_S = 2.0


@pytest.mark.parametrize("ending", Ending)
async def test_every_ending_closes_at_once_with_a_code_that_says_what_to_do(realm, ending):
    seat = await realm.seat()
    client = await realm.join(seat.token)
    realm.ctx.hub.revoke(agent_channel(seat.agent.id), ending)
    code, reason = await client.closed()
    assert (code, reason) == (ENDED[ending], ending)
    for_good = ending in (Ending.DEACTIVATED, Ending.BLOCKED)
    assert code in (range(4000, 4100) if for_good else range(4100, 4200))
    assert (code == CloseCode.CHANGED) == ending.may_return


async def test_s13_logging_out_ends_the_sessions_sockets_and_streams_and_no_other(realm):
    inbox = await realm.inbox()
    seat = await realm.seat(inbox)
    other = await realm.join(await realm.session(seat.agent))
    one, same = await realm.join(seat.token), await realm.join(seat.token)
    await same.ask("feed.open")
    begun_s = time.monotonic()
    assert await one.ask("session.logout") == {}  # it is answered first
    for client in (one, same):
        assert await client.closed() == (4101, "logged_out")
    assert time.monotonic() - begun_s < NOTICED_S
    assert await other.ask("ping") == {}
    again = await realm.open()
    with pytest.raises(Refused, match="unauthenticated"):
        await again.hello(seat.token)


async def test_after_the_end_nothing_is_told_or_done(realm):
    inbox = await realm.inbox()
    chat = await realm.chat(inbox)
    seat = await realm.seat(inbox)
    client = await realm.join(seat.token)
    await client.ask("feed.open")
    realm.ctx.hub.revoke(agent_channel(seat.agent.id), Ending.DEACTIVATED)
    await client.send("message.send", conversation=chat.conversation, client_id="x", text="late")
    said = await chat.client.ask(
        "message.send", conversation=chat.conversation, client_id="a", text="said after it"
    )
    await client.closed()
    assert [one for one in client.told if "seq" in one] == []
    found = (await chat.client.ask("message.list", conversation=chat.conversation))["items"]
    assert found[-1]["seq"] == said["seq"]
    assert "late" not in {one["text"] for one in found}


async def test_a_visitor_who_is_blocked_is_sent_away(realm):
    chat = await realm.chat(await realm.inbox())
    realm.ctx.hub.revoke(contact_channel(chat.contact), Ending.BLOCKED)
    assert (await chat.client.closed())[0] == 4001


async def test_a_connection_that_is_gone_hears_nothing(realm):
    inbox = await realm.inbox()
    chat = await realm.chat(inbox)
    seat = await realm.seat(inbox)
    async with RealtimeClient.join(realm.server.http, seat.token) as client:
        await client.ask("feed.open")
        await client.ask("conversation.open", conversation=chat.conversation)
    while realm.ctx.hub.connected_agents:
        await realm.ctx.database.read(lambda conn: None)
    hub = realm.ctx.hub
    # What is left is the visitor's own, and whoever else hears is not of this connection.
    assert all("agent" not in channel and "inbox" not in channel for channel in hub._channels)
    assert not any(channel.startswith(("inbox", "agent", "team")) for channel in hub._signals)


# S22


def narrow_socket(url: str) -> socket.socket:
    """A connected socket that holds little of what its program does not read."""
    host, _, port = url.removeprefix("http://").partition(":")
    narrow = socket.socket()
    narrow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
    narrow.connect((host, int(port)))
    narrow.setblocking(False)
    return narrow


async def test_s22_who_stops_reading_is_closed_and_the_others_are_told_everything(open_realm):
    realm = await open_realm(
        limits={"outbox_bytes": 200_000, "messages_burst": 100_000, "commands_burst": 100_000}
        | {"commands_per_address_burst": 100_000}
    )
    inbox = await realm.inbox()
    chat, seat = await realm.chat(inbox), await realm.seat(inbox)
    slow = await realm.join(seat.token, sock=narrow_socket(realm.server.http))
    fast = await realm.join((await realm.seat(inbox)).token)
    for client in (slow, fast, chat.client):
        await client.ask("conversation.open", conversation=chat.conversation)
    slow.connection.transport.pause_reading()
    text, sent = "很长的一段话" * 600, 0
    async with asyncio.timeout(50):
        while seat.agent.id in realm.ctx.hub.connected_agents:
            sent += 1
            await chat.client.ask(
                "message.send", conversation=chat.conversation, client_id=f"c{sent}", text=text
            )
    told = [one for one in await fast.level() if one["on"] == "message.added"]
    assert len(told) == sent
    slow.connection.transport.abort()


def test_the_code_for_slow_readers_says_to_come_back_later():
    limits = websocket_limits(Settings())(Request(PATH, {}, {}, ""))
    assert limits.slow_code == CloseCode.SLOW


# The server


async def test_a_server_that_stops_answers_what_it_was_sent_and_says_to_come_back(house, realm):
    inbox = await realm.inbox()
    chat = await realm.chat(inbox)
    ids = [
        await chat.client.send(
            "message.send", conversation=chat.conversation, client_id=f"c{n}", text=str(n)
        )
        for n in range(20)
    ]
    await chat.client.answer(ids[0])
    await realm.server.kefu.stop()
    seqs, codes = [], set()
    for id in ids[1:]:
        try:
            seqs.append((await chat.client.answer(id))["seq"])
        except Refused as refused:
            codes.add(refused.code)
    assert seqs == sorted(seqs)
    assert codes <= {"unavailable"}
    with pytest.raises(InvalidStatus, match="503"):
        await realm.open()
