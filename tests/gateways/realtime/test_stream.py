"""The same over plain HTTP: a stream of events, and a long poll."""

from __future__ import annotations

import asyncio
import json
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest

from kefu.core.endings import Ending
from kefu.hub import agent_channel
from tests.clients.realtime import Refused
from tests.conftest import clock
from tests.gateways.realtime.conftest import Realm, draw

WAIT_S = 60.0
on_a_clock = pytest.mark.asyncio(loop_factories=["clock"])


class Stream:
    """A stream as it comes: (id, frame)."""

    def __init__(self, response: httpx.Response) -> None:
        self.response = response
        self.id: str | None = None  # of the newest frame that had one
        self._lines = response.aiter_lines()

    async def next(self) -> dict[str, Any]:
        """The next frame, but for who comes and goes of the team.

        Raises StopAsyncIteration: the stream has ended.
        """
        async with asyncio.timeout(WAIT_S):
            async for line in self._lines:
                name, _, value = line.partition(": ")
                if name == "id":
                    self.id = value
                elif name == "data":
                    frame: dict[str, Any] = json.loads(value)
                    if frame["on"] != "presence":
                        return frame
                else:
                    assert line == ""
        raise StopAsyncIteration

    async def until(self, on: str) -> list[dict[str, Any]]:
        """What comes up to the next frame of this name, that one included."""
        frames = [await self.next()]
        while frames[-1]["on"] != on:
            frames.append(await self.next())
        return frames


@asynccontextmanager
async def streaming(
    realm: Realm, token: str, cursor: str | None = None, **headers: str
) -> AsyncIterator[Stream]:
    headers = {"accept": "text/event-stream"} | headers
    if token:
        headers["authorization"] = f"Bearer {token}"
    params = {} if cursor is None else {"cursor": cursor}
    async with (
        httpx.AsyncClient(base_url=realm.server.http, verify=False, timeout=WAIT_S) as client,
        client.stream("GET", "/api/v1/events", headers=headers, params=params) as response,
    ):
        yield Stream(response)


async def say(client, conversation, text):
    return await client.ask("message.send", conversation=conversation, client_id=text, text=text)


def texts(frames):
    return [one["message"]["text"] for one in frames if one["on"] == "message.added"]


async def test_a_stream_tells_what_happens_from_now_on(realm):
    inbox = await realm.inbox()
    chat, seat = await realm.chat(inbox), await realm.seat(inbox)
    async with streaming(realm, seat.token) as stream:
        assert stream.response.headers["content-type"].startswith("text/event-stream")
        assert stream.response.headers["cache-control"] == "no-store"
        await stream.until("heartbeat")
        assert stream.id is not None
        await say(chat.client, chat.conversation, "live")
        await chat.client.ask("conversation.typing", conversation=chat.conversation)
        event, typing = await stream.next(), await stream.next()
        assert texts([event]) == ["live"]
        assert stream.id == event["cursor"]
        assert typing["on"] == "typing"


@pytest.mark.parametrize("by_header", [True, False], ids=["Last-Event-ID", "cursor"])
async def test_a_stream_goes_on_where_it_was(realm, by_header):
    inbox = await realm.inbox()
    chat, seat = await realm.chat(inbox), await realm.seat(inbox)
    async with streaming(realm, seat.token) as stream:
        await stream.until("heartbeat")
    for text in ("one", "two"):
        await say(chat.client, chat.conversation, text)
    name = "last-event-id" if by_header else "cursor"
    async with streaming(realm, seat.token, **{name: str(stream.id)}) as again:
        frames = await again.until("heartbeat")
        assert texts(frames) == ["one", "two"]
        (receipts,) = [one for one in frames if one["on"] == "receipts"]
        assert receipts["team_unread"] == 3
        await say(chat.client, chat.conversation, "three")
        assert texts(await again.until("message.added")) == ["three"]


async def test_a_long_absence_is_streamed_in_pages(realm, monkeypatch):
    monkeypatch.setattr("kefu.actions.following.PAGE", 3)
    inbox = await realm.inbox()
    chat, seat = await realm.chat(inbox), await realm.seat(inbox)
    async with streaming(realm, seat.token) as stream:
        await stream.until("heartbeat")
    said = [str(number) for number in range(20)]
    for text in said:
        await say(chat.client, chat.conversation, text)
    async with streaming(realm, seat.token, stream.id) as again:
        assert texts(await again.until("heartbeat")) == said


async def test_a_visitor_is_streamed_their_own_side(realm):
    inbox = await realm.inbox()
    chat, other = await realm.chat(inbox), await realm.chat(inbox)
    agent = await realm.console(inbox)
    async with streaming(realm, chat.token) as stream:
        await stream.until("heartbeat")
        for id in (other.conversation, chat.conversation):
            await agent.ask("message.note", conversation=id, client_id="n", text="secret")
            await say(agent, id, f"to-{id}")
        assert texts(await stream.until("message.added")) == [f"to-{chat.conversation}"]


@pytest.mark.parametrize("seed", range(2))
async def test_streams_that_break_miss_nothing(realm, seed):
    inbox = await realm.inbox()
    chat, seat = await realm.chat(inbox), await realm.seat(inbox)
    await chat.client.ask("conversation.open", conversation=chat.conversation)
    moody, said = random.Random(seed), [f"t{n}" for n in range(120)]
    heard: list[str] = []
    begun = asyncio.Event()

    async def write():
        await begun.wait()
        for text in said:
            await say(chat.client, chat.conversation, text)

    async def read():
        cursor = None
        while len(heard) < len(said):
            async with streaming(realm, seat.token, cursor) as stream:
                for _ in range(moody.randrange(1, 30)):
                    if len(heard) < len(said):
                        heard.extend(texts([await stream.next()]))
                        cursor = stream.id
                        begun.set()

    async with asyncio.TaskGroup() as both:
        both.create_task(write())
        both.create_task(read())
    assert heard == said


async def test_a_stream_ends_with_what_it_was_let_in_for(realm):
    seat = await realm.seat(await realm.inbox())
    async with streaming(realm, seat.token) as stream:
        await stream.until("heartbeat")
        realm.ctx.hub.revoke(agent_channel(seat.agent.id), Ending.LOGGED_OUT)
        with pytest.raises(StopAsyncIteration):
            await stream.next()
    while realm.ctx.hub.connected_agents:
        await realm.ctx.database.read(lambda conn: None)


async def test_a_stream_that_is_gone_hears_nothing(realm):
    seat = await realm.seat(await realm.inbox())
    async with streaming(realm, seat.token) as stream:
        await stream.until("heartbeat")
        assert realm.ctx.hub.connected_agents == {seat.agent.id}
    while realm.ctx.hub.connected_agents or realm.server.kefu.realtime.streams:
        await realm.ctx.database.read(lambda conn: None)


async def test_s22_a_stream_that_nobody_reads_is_bounded(open_realm):
    realm = await open_realm(limits={"outbox_bytes": 50_000})
    inbox = await realm.inbox()
    chat, seat = await realm.chat(inbox), await realm.seat(inbox)
    async with streaming(realm, seat.token) as stream:
        await stream.until("heartbeat")
        (inside,) = realm.server.kefu.realtime.streams
        frame = b"x" * 1_000
        for _ in range(60):  # in one turn of the loop: nothing is taken meanwhile
            inside._push(frame)
        assert inside._waiting == []
        with pytest.raises((StopAsyncIteration, httpx.RemoteProtocolError)):
            await stream.next()
    assert await chat.client.ask("ping") == {}


async def test_a_server_that_stops_ends_its_streams(realm):
    seat = await realm.seat(await realm.inbox())
    async with streaming(realm, seat.token) as stream:
        await stream.until("heartbeat")
        await realm.server.kefu.stop()
        with pytest.raises(StopAsyncIteration):
            await stream.next()


@pytest.mark.parametrize(
    ("token", "cursor", "status"),
    [
        pytest.param(None, "0123456789ab-1", 410, id="another store's cursor"),
        pytest.param(None, "0123456789abcdef-1", 422, id="almost a cursor"),
        pytest.param(None, "nonsense", 422, id="no cursor"),
        pytest.param("ks_" + 43 * "A", None, 401, id="a session that is not there"),
        pytest.param("", None, 401, id="nobody"),
    ],
)
async def test_what_cannot_be_streamed_is_refused_as_over_rest(realm, token, cursor, status):
    seat = await realm.seat(await realm.inbox())
    async with streaming(realm, seat.token if token is None else token, cursor) as stream:
        assert stream.response.status_code == status
        body = json.loads(await stream.response.aread())
        assert body["error"]["code"] in ("expired", "bad_input", "unauthenticated")
    assert not realm.server.kefu.realtime.streams
    assert not realm.ctx.hub.connected_agents


async def test_s24_streams_count_as_connections(open_realm):
    realm = await open_realm(limits={"connections_per_actor": 1})
    seat = await realm.seat(await realm.inbox())
    client = await realm.join(seat.token)
    async with streaming(realm, seat.token) as stream:
        assert stream.response.status_code == 429
    assert await client.ask("ping") == {}
    assert (await client.ask("session.me"))["agent"]["id"] == seat.agent.id


@on_a_clock
async def test_a_stream_has_a_heartbeat(realm):
    seat = await realm.seat(await realm.inbox())
    async with streaming(realm, seat.token) as stream:
        first = await stream.next()
        assert first["on"] == "heartbeat"
        await clock().advance(20)
        assert await stream.next() == first


# Long poll


async def poll(realm, token, cursor=None, wait=0):
    params = {"wait": wait} | ({} if cursor is None else {"cursor": cursor})
    answer = await realm.get("/api/v1/events", token, params=params, timeout=WAIT_S)
    return answer.json()


async def test_a_long_poll_waits_for_something(realm):
    inbox = await realm.inbox()
    chat, seat = await realm.chat(inbox), await realm.seat(inbox)
    cursor = (await poll(realm, seat.token))["cursor"]
    assert (await poll(realm, seat.token, cursor)).get("events", []) == []
    waiting = asyncio.create_task(poll(realm, seat.token, cursor, wait=20))
    while not realm.ctx.hub.connected_agents:
        await realm.ctx.database.read(lambda conn: None)
    await say(chat.client, chat.conversation, "there")
    page = await waiting
    assert texts(page["events"]) == ["there"]
    assert (await poll(realm, seat.token, page["cursor"])).get("events", []) == []


async def test_a_long_poll_of_a_visitor_does_not_wake_for_notes(realm):
    inbox = await realm.inbox()
    chat = await realm.chat(inbox)
    agent = await realm.console(inbox)
    cursor = (await poll(realm, chat.token))["cursor"]
    waiting = asyncio.create_task(poll(realm, chat.token, cursor, wait=20))
    await asyncio.sleep(0)
    await agent.ask("message.note", conversation=chat.conversation, client_id="n", text="secret")
    await say(agent, chat.conversation, "hello")
    assert texts((await waiting)["events"]) == ["hello"]


async def test_a_long_poll_ends_with_what_it_was_let_in_for(realm):
    seat = await realm.seat(await realm.inbox())
    cursor = (await poll(realm, seat.token))["cursor"]
    waiting = asyncio.create_task(poll(realm, seat.token, cursor, wait=20))
    while not realm.ctx.hub.connected_agents:
        await realm.ctx.database.read(lambda conn: None)
    realm.ctx.hub.revoke(agent_channel(seat.agent.id), Ending.LOGGED_OUT)
    assert (await waiting)["error"]["code"] == "unauthenticated"


async def test_a_long_poll_gives_up_after_its_time(realm):
    seat = await realm.seat(await realm.inbox())
    cursor = (await poll(realm, seat.token))["cursor"]
    assert (await poll(realm, seat.token, cursor, wait=1))["cursor"] == cursor


async def test_a_device_that_has_not_written_hears_nothing(realm):
    inbox = await realm.inbox()
    await realm.chat(inbox)
    headers = {"x-kefu-widget": inbox.key}
    page = (await realm.get("/api/v1/events", draw("kd_"), headers=headers)).json()
    assert page.keys() == {"cursor"}


@pytest.mark.parametrize(
    "garbage", ["nonsense", "x-1", "8f3a61c09d2be574-4711", "-", "1-0123456789ab"]
)
async def test_garbage_as_a_cursor_is_bad_input_and_another_past_has_expired(realm, garbage):
    """By each transport in its own words; as a mark beside a number, too."""
    inbox = await realm.inbox()
    chat, seat = await realm.chat(inbox), await realm.seat(inbox)
    agent = await realm.join(seat.token)
    for cursor, code, status in ((garbage, "bad_input", 422), ("0" * 12 + "-1", "expired", 410)):
        for client in (agent, chat.client):
            for command in ("feed.open", "event.list"):
                with pytest.raises(Refused, match=code):
                    await client.ask(command, cursor=cursor)
            opening = {
                "conversation": chat.conversation,
                "since": 1,
                "mark": cursor.removesuffix("-1"),
            }
            with pytest.raises(Refused, match=code):
                await client.ask("conversation.open", **opening)
        for accept in ("text/event-stream", "application/json"):
            headers = {"accept": accept}
            asked = await realm.get(
                "/api/v1/events", seat.token, params={"cursor": cursor}, headers=headers
            )
            assert (asked.status_code, asked.json()["error"]["code"]) == (status, code)
        async with streaming(realm, seat.token, **{"last-event-id": cursor}) as stream:
            assert stream.response.status_code == status
