"""Whatever connections do, who comes back gets everything, in order, once.

The same checks are seen to fail on servers that are broken on purpose.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable
from typing import Any

import pytest
from websockets.exceptions import ConnectionClosed

from kefu.actions import following
from kefu.actions.following import OpenConversation
from kefu.gateways.realtime import feed
from kefu.gateways.realtime.feed import Following
from tests.clients.realtime import RealtimeClient
from tests.gateways.realtime.conftest import Chat, Inbox, Realm, Seat


class Reader:
    """What a page would show of one conversation; it shows nothing that is missing or double."""

    def __init__(self, realm: Realm, chat: Chat, token: str) -> None:
        self._realm, self._chat, self._token = realm, chat, token
        self.last = 0
        self.numbers: list[int] = []
        self.texts: list[str] = []

    def take(self, event: dict[str, Any]) -> None:
        """An event of a conversation that is open: nothing is missing before it, nor double."""
        assert event["seq"] > self.last, "told twice"
        assert event["prev"] <= self.last, "something is missing"
        self.last = event["seq"]
        self.numbers.append(event["seq"])
        if event["on"] == "message.added":
            self.texts.append(event["message"]["text"])

    async def open(self, client: RealtimeClient) -> None:
        while True:
            page = await client.ask(
                "conversation.open", conversation=self._chat.conversation, since=self.last
            )
            for event in page.get("events", []):
                self.take(event)
            assert page["seq"] >= self.last
            self.last = page["seq"]
            if not page.get("more"):
                return

    async def read_until(self, text: str, moody: random.Random) -> None:
        """Read on until ``text``, losing the connection now and then."""
        while text not in self.texts:
            async with RealtimeClient.join(self._realm.server.http, self._token) as client:
                await self.open(client)
                patience = moody.randrange(1, 40)
                while text not in self.texts and patience:
                    event = await client.hear()
                    if "seq" in event:
                        self.take(event)
                        patience -= 1
                client.connection.transport.abort()


class FeedReader:
    """What a console would know by its feed: every event once, whatever conversation it is of."""

    def __init__(self, realm: Realm, token: str) -> None:
        self._realm, self._token = realm, token
        self.cursor: str | None = None
        self.last: dict[int, int] = {}
        self.texts: list[str] = []

    def take(self, event: dict[str, Any]) -> None:
        last = self.last.get(event["conversation"], 0)
        assert event["seq"] > last, "told twice"
        assert event["prev"] <= last, "something is missing"
        self.last[event["conversation"]] = event["seq"]
        self.cursor = event["cursor"]
        if event["on"] == "message.added":
            self.texts.append(event["message"]["text"])

    async def open(self, client: RealtimeClient) -> None:
        more = True
        while more:
            ask = {} if self.cursor is None else {"cursor": self.cursor}
            page = await client.ask("feed.open", **ask)
            for one in page.get("conversations", []):
                self.last[one["id"]] = one["last_seq"]
            for event in page.get("events", []):
                self.take(event)
            self.cursor, more = page["cursor"], page.get("more", False)

    async def read_until(self, done: Callable[[], bool], moody: random.Random) -> None:
        while not done():
            async with RealtimeClient.join(self._realm.server.http, self._token) as client:
                await self.open(client)
                patience = moody.randrange(1, 40)
                while not done() and patience:
                    event = await client.hear()
                    if "seq" in event:
                        self.take(event)
                        patience -= 1
                client.connection.transport.abort()


async def write(client: RealtimeClient, conversation: int, texts: list[str]) -> None:
    """Say ``texts``, a few at a time, without waiting for each."""
    await client.ask("conversation.open", conversation=conversation)
    for start in range(0, len(texts), 7):
        ids = [
            await client.send("message.send", conversation=conversation, client_id=text, text=text)
            for text in texts[start : start + 7]
        ]
        for id in ids:
            await client.answer(id)


async def place(realm: Realm) -> tuple[Inbox, Seat, Chat]:
    inbox = await realm.inbox()
    return inbox, await realm.seat(inbox), await realm.chat(inbox)


@pytest.mark.parametrize("seed", range(3))
async def test_readers_who_lose_their_connections_show_what_is_stored(realm, seed):
    _, seat, chat = await place(realm)
    moody = random.Random(seed)
    reader, own = Reader(realm, chat, seat.token), Reader(realm, chat, chat.token)
    agent = await realm.join(seat.token)
    texts = {who: [f"{who}{number}" for number in range(150)] for who in ("visitor", "agent")}
    async with asyncio.TaskGroup() as all_at_once:
        all_at_once.create_task(write(chat.client, chat.conversation, texts["visitor"]))
        all_at_once.create_task(write(agent, chat.conversation, texts["agent"]))
        for one in (reader, own):
            all_at_once.create_task(one.read_until("visitor149", moody))
    for one in (reader, own):
        async with RealtimeClient.join(realm.server.http, seat.token) as client:
            await one.open(client)
    stored = (await realm.get(
        f"/api/v1/conversations/{chat.conversation}/messages?limit=200&before=100000", seat.token
    )).json()  # fmt: skip
    newest = [one["text"] for one in stored["items"] if one["type"] == "message"]
    assert reader.texts == own.texts
    assert reader.texts[-len(newest) :] == newest
    assert reader.numbers == list(range(1, len(reader.numbers) + 1))
    for who in texts:
        assert [text for text in reader.texts if text.startswith(who)] == texts[who]


@pytest.mark.parametrize("seed", range(3))
async def test_feeds_that_lose_their_connections_miss_nothing(realm, seed):
    inbox, seat, first = await place(realm)
    chats = [first, await realm.chat(inbox), await realm.chat(inbox)]
    moody = random.Random(seed)
    reader = FeedReader(realm, seat.token)
    async with RealtimeClient.join(realm.server.http, seat.token) as client:
        await reader.open(client)
    texts = [[f"{n}-{number}" for number in range(100)] for n in range(len(chats))]
    async with asyncio.TaskGroup() as all_at_once:
        for chat, said in zip(chats, texts, strict=True):
            all_at_once.create_task(write(chat.client, chat.conversation, said))
        everything = [text for said in texts for text in said]
        all_at_once.create_task(
            reader.read_until(lambda: len(reader.texts) >= len(everything), moody)
        )
    assert sorted(reader.texts) == sorted(everything)
    for n, said in enumerate(texts):
        assert [text for text in reader.texts if text.startswith(f"{n}-")] == said


async def test_what_was_said_before_a_restart_is_told_after_it(house, realm):
    _, seat, chat = await place(realm)
    reader, console = Reader(realm, chat, seat.token), FeedReader(realm, seat.token)
    agent = await realm.join(seat.token)
    await reader.open(agent)
    await console.open(agent)
    await agent.connection.close()
    await write(chat.client, chat.conversation, ["one", "two", "three"])
    again = Realm(await house.serve(), realm.stack)
    client = await again.join(seat.token)
    await reader.open(client)
    assert reader.texts[-3:] == ["one", "two", "three"]
    await console.open(client)
    assert console.texts[-3:] == ["one", "two", "three"]


# What happens in the middle of opening


async def opened_in_the_middle(realm: Realm, monkeypatch: pytest.MonkeyPatch) -> None:
    """Something is said after the store was read and before the answer."""
    _, seat, chat = await place(realm)
    agent = await realm.join(seat.token)
    reader, console = Reader(realm, chat, seat.token), FeedReader(realm, seat.token)
    await write(chat.client, chat.conversation, ["before"])
    said = iter(["in between", "again in between"])

    def then_say(read: Callable[..., Any]) -> Callable[..., Any]:
        async def both(*args: Any) -> Any:
            found = await read(*args)
            text = next(said).replace(" ", "-")
            await chat.client.ask(
                "message.send", conversation=chat.conversation, client_id=text, text=text
            )
            return found

        return both

    monkeypatch.setattr(feed, "open_conversation", then_say(following.open_conversation))
    await reader.open(agent)
    monkeypatch.setattr(feed, "open_conversation", following.open_conversation)
    reader.take(await hear_within(agent, 1))
    assert reader.texts[-1] == "in-between"
    await agent.ask("conversation.close", conversation=chat.conversation)
    monkeypatch.setattr(feed, "open_feed", then_say(following.open_feed))
    await console.open(agent)
    console.take(await hear_within(agent, 1))
    assert console.texts[-1] == "again-in-between"


async def hear_within(client: RealtimeClient, events: int) -> dict[str, Any]:
    """The only event that was told so far."""
    told = [one for one in await client.level() if "seq" in one]
    assert len(told) == events, "something is missing"
    return told[0]


async def test_what_is_said_in_the_middle_of_opening_follows_the_answer(realm, monkeypatch):
    await opened_in_the_middle(realm, monkeypatch)


async def test_a_server_that_reads_before_it_listens_is_found_out(realm, monkeypatch):
    async def read_first(self: Following, call: Any, do: OpenConversation) -> Any:
        place, level, page = await vars(feed)["open_conversation"](call, do)  # as it is patched
        self._listen(place.key)
        self._open[do.conversation] = feed._Open(place.key, level, level, place)
        return page

    monkeypatch.setattr(Following, "open_conversation", read_first)
    with pytest.raises(AssertionError, match="something is missing"):
        await opened_in_the_middle(realm, monkeypatch)


async def test_a_feed_that_reads_before_it_listens_is_found_out(realm, monkeypatch):
    async def read_first(self: Following, call: Any, do: Any) -> Any:
        fed = await vars(feed)["open_feed"](call, do)
        await self._join_feed(call)
        self._level = fed.level
        return fed.page

    monkeypatch.setattr(Following, "open_feed", read_first)
    with pytest.raises(AssertionError, match="something is missing"):
        await opened_in_the_middle(realm, monkeypatch)


async def test_a_server_that_does_not_hold_back_is_found_out(realm, monkeypatch):
    """What is heard while something is being opened must not overtake the answer."""
    monkeypatch.setattr(Following, "_hold", lambda self, tell: None)
    with pytest.raises(AssertionError, match="something is missing"):
        await opened_in_the_middle(realm, monkeypatch)


async def test_a_server_that_resumes_from_memory_is_found_out(realm, house, monkeypatch):
    """Its memory begins with its process: what it has not heard itself, it does not tell."""

    async def from_memory(call: Any, do: OpenConversation) -> Any:
        known = OpenConversation(conversation=do.conversation)
        return await following.open_conversation(call, known)

    monkeypatch.setattr(feed, "open_conversation", from_memory)
    with pytest.raises(AssertionError):
        await test_what_was_said_before_a_restart_is_told_after_it(house, realm)


async def test_a_connection_that_goes_while_it_opens_leaves_nothing_behind(realm, monkeypatch):
    _, seat, chat = await place(realm)
    begun, go_on = asyncio.Event(), asyncio.Event()

    async def slowly(*args: Any) -> Any:
        begun.set()
        await go_on.wait()
        return await following.open_conversation(*args)

    monkeypatch.setattr(feed, "open_conversation", slowly)
    agent = await realm.join(seat.token)
    await agent.send("conversation.open", conversation=chat.conversation, since=0)
    await begun.wait()
    agent.connection.transport.abort()
    with pytest.raises(ConnectionClosed):
        await agent.connection.recv()
    while realm.ctx.hub.connected_agents:
        await realm.ctx.database.read(lambda conn: None)
    go_on.set()
    key = (await following.find_place(realm.desk.call(seat.agent), chat.conversation)).key
    while realm.ctx.hub.listens(key):
        await realm.ctx.database.read(lambda conn: None)
