"""A store that was put back to a backup, under clients, receivers and mail of its lost past.

Each test says something, backs up, says three more, puts the backup back and says five.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import msgspec
import pytest

from kefu.core.actors import AgentRole
from kefu.storage.letters import next_due
from tests.actions.receiver import receiving
from tests.clients.realtime import RealtimeClient, Refused
from tests.databases import BACKENDS, back_up, ready_url
from tests.gateways.conftest import House
from tests.gateways.realtime.conftest import Realm, draw
from tests.gateways.realtime.test_stream import streaming
from tests.outbound.smtp import smtp_server

LOST = ["lost 1", "lost 2", "lost 3"]
SINCE = [f"since {n}" for n in range(1, 6)]


class Past:
    """One store, under servers that come and go."""

    def __init__(self, url: str, folder: Path) -> None:
        self._url, self._folder = url, folder
        self._stack = AsyncExitStack()
        self._sections: dict[str, Any] = {}
        self._put_back: Callable[[], None]

    async def start(self, **sections: dict[str, Any]) -> Realm:
        self._sections = sections
        house = House(str(self._folder), self._stack)
        return Realm(await house.serve(storage={"url": self._url}, **sections), self._stack)

    def back_up(self) -> None:
        self._put_back = back_up(self._url, self._folder)

    async def restored(self) -> Realm:
        """Stop the server, put the backup back, and start another."""
        await self.stop()
        self._put_back()
        return await self.start(**self._sections)

    async def stop(self) -> None:
        await self._stack.aclose()
        self._stack = AsyncExitStack()


@pytest.fixture(params=BACKENDS)
async def past(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Past]:
    with ready_url(request.param, tmp_path) as url:
        made = Past(url, tmp_path)
        yield made
        await made.stop()


on_one_store = pytest.mark.parametrize("past", ["sqlite"], indirect=True)


async def say(client: RealtimeClient, conversation: int, *texts: str) -> None:
    for text in texts:
        form = {"conversation": conversation, "client_id": draw(""), "text": text}
        await client.ask("message.send", **form)


def texts(events: list[dict[str, Any]]) -> list[str]:
    return [one["message"]["text"] for one in events if one["on"] == "message.added"]


def position(event: dict[str, Any]) -> dict[str, Any]:
    return {"since": event["seq"], "mark": event["cursor"].partition("-")[0]}


async def test_a_restored_backup_is_noticed_wherever_one_stands_in_the_lost_past(past: Past):
    realm = await past.start()
    inbox = await realm.inbox()
    chat, seat = await realm.chat(inbox), await realm.seat(inbox)
    id = chat.conversation
    agent = await realm.join(seat.token)
    kept = (await agent.ask("feed.open"))["cursor"]
    opened = await agent.ask("conversation.open", conversation=id)
    past.back_up()
    await say(chat.client, id, *LOST)
    lost = await agent.level()
    assert texts(lost) == LOST
    poll = await agent.ask("event.list")

    realm = await past.restored()
    visitor, agent = await realm.join(chat.token, inbox.key), await realm.join(seat.token)
    cursors = [*(event["cursor"] for event in lost), poll["cursor"]]

    async def expect_expired() -> None:
        for client, token in ((agent, seat.token), (visitor, chat.token)):
            for cursor in cursors:
                for command in ("feed.open", "event.list"):
                    with pytest.raises(Refused, match="expired"):
                        await client.ask(command, cursor=cursor)
                headers = {"last-event-id": cursor}
                async with streaming(realm, token, **headers) as stream:
                    assert stream.response.status_code == 410
                answer = await realm.get("/api/v1/events", token, params={"cursor": cursor})
                assert answer.json()["error"]["code"] == "expired"
            for event in lost:
                with pytest.raises(Refused, match="expired"):
                    await client.ask("conversation.open", conversation=id, **position(event))

    await expect_expired()  # it ends before these
    await say(visitor, id, *SINCE)
    await expect_expired()  # and now it has others under their numbers

    # Who has only what was in the backup goes on, and who starts afresh has everything.
    since = {"since": opened["seq"], "mark": opened["mark"]}
    for client in (agent, visitor):
        assert texts((await client.ask("feed.open", cursor=kept))["events"]) == SINCE
        page = await client.ask("conversation.open", conversation=id, **since)
        assert texts(page["events"]) == SINCE
        page = await client.ask("conversation.open", conversation=id, since=0)
        assert texts(page["events"]) == ["Hello", *SINCE]
    # A number alone notices nothing, as the page says.
    bare = await agent.ask("conversation.open", conversation=id, since=lost[-1]["seq"])
    assert texts(bare["events"]) == SINCE[3:]


async def test_an_empty_store_that_was_put_back_is_noticed_too(past: Past):
    realm = await past.start()
    inbox = await realm.inbox()
    seat = await realm.seat(inbox)
    agent = await realm.join(seat.token)
    nothing = (await agent.ask("feed.open"))["cursor"]
    past.back_up()
    await realm.chat(inbox, "lost")
    lost = (await agent.level())[-1]["cursor"]

    realm = await past.restored()
    agent = await realm.join(seat.token)
    with pytest.raises(Refused, match="expired"):
        await agent.ask("feed.open", cursor=lost)
    await realm.chat(inbox, "since")
    with pytest.raises(Refused, match="expired"):
        await agent.ask("feed.open", cursor=lost)
    page = await agent.ask("feed.open", cursor=nothing)
    assert texts(page["events"]) == ["since"]


@on_one_store
async def test_a_heartbeat_names_the_entry_that_it_has_come_to(past: Past):
    realm = await past.start()
    inbox = await realm.inbox()
    chat, seat = await realm.chat(inbox), await realm.seat(inbox)
    async with streaming(realm, seat.token) as stream:
        begun = await stream.until("heartbeat")
        await say(chat.client, chat.conversation, "Hi")
        event = await stream.next()
        inside: Any = next(iter(realm.server.kefu.realtime.streams))
        beat = msgspec.json.decode(inside._following.heartbeat().partition(b"data: ")[2])
    assert begun[-1]["cursor"] != beat["cursor"] == event["cursor"]


async def test_a_receiver_that_skips_the_ids_it_knows_gets_every_event(past: Past):
    async with receiving() as receiver:
        port = receiver.url.rpartition(":")[2].partition("/")[0]
        realm = await past.start(outbound={"allow": [f"127.0.0.1:{port}"]})
        inbox = await realm.inbox()
        chat, boss = await realm.chat(inbox), await realm.seat(role=AgentRole.ADMIN)
        admin = await realm.join(boss.token)
        made = await admin.ask("webhook.create", url=receiver.url, events=["message.added"])
        hook = made.get("webhook", made)["id"]
        await say(chat.client, chat.conversation, "kept")
        await receiver.has(1)
        past.back_up()
        await say(chat.client, chat.conversation, *LOST)
        await admin.ask("webhook.test", webhook=hook)
        await receiver.has(5)
        known = set(receiver.ids)
        assert len(known) == 5

        realm = await past.restored()
        visitor, admin = await realm.join(chat.token, inbox.key), await realm.join(boss.token)
        await say(visitor, chat.conversation, *SINCE)
        await admin.ask("webhook.test", webhook=hook)
        await until_told(receiver, known, 6)
        news = [one for one in receiver.requests if one.headers["webhook-id"] not in known]
        told = [one.content["data"] for one in news]
        assert [one["message"]["text"] for one in told if one] == SINCE
        log = (await admin.ask("webhook.deliveries", webhook=hook))["items"]
        assert {one["event_id"] for one in log} >= {one.headers["webhook-id"] for one in news}


async def until_told(receiver: Any, known: set[str], count: int) -> None:
    async with asyncio.timeout(60), receiver.arrived:
        await receiver.arrived.wait_for(lambda: len(set(receiver.ids) - known) >= count)


@on_one_store
async def test_no_letter_of_a_restored_server_has_the_name_of_a_lost_one(past: Past):
    async with smtp_server() as box:
        realm = await past.start(
            mail=msgspec.structs.asdict(box.server), limits={"answer_mail_s": 0.1}
        )
        inbox = await realm.inbox()
        seat, token = await realm.seat(inbox), draw("kd_")
        headers = {"authorization": f"Bearer {token}", "x-kefu-widget": inbox.key}

        async def post(path: str, **fields: Any) -> Any:
            options = {"headers": headers, "json": fields}
            answer = await realm.server.request("POST", f"/api/v1{path}", **options)
            assert answer.is_success, answer.text
            return answer.json()

        async def talk(text: str, letters: int) -> None:
            """The visitor asks, and leaves; an agent answers."""
            await post(f"/conversations/{talked}/messages", client_id=draw(""), text="And?")
            await say(await realm.join(seat.token), talked, text)
            async with asyncio.timeout(60):
                # That it was sent is noted after it was.
                while await realm.ctx.database.read(next_due) or len(box.messages) < letters:
                    pass

        begun = await post("/conversations", client_id="a", text="Hi", email="li@example.com")
        talked: int = begun["conversation"]["id"]
        await talk("kept", 1)
        past.back_up()
        await talk("lost", 2)
        realm = await past.restored()
        await talk("since", 3)
        kept, lost, since = box.messages
        ids = [str(one["Message-ID"]) for one in (kept, lost, since)]
        assert len(set(ids)) == 3
        numbers = [one.partition("@")[0].rpartition("-")[2] for one in ids]
        assert numbers[1] == numbers[2]  # of the same row, in two pasts
        assert kept["References"] == lost["References"] == since["References"]
        text = since.get_body(("plain",))
        assert text is not None
        assert "since" in text.get_content()
