"""What a connection is told: everything it may see, in order, once."""

from __future__ import annotations

import itertools
from typing import Any

import pytest
from sqlalchemy import select

from kefu.actions.following import PAGE
from kefu.core.actors import AgentRole
from kefu.core.cursors import read_cursor
from kefu.core.desk import Availability
from kefu.core.signals import Presence, QueuePosition
from kefu.hub import TEAM_CHANNEL, contact_channel
from kefu.storage import schema
from tests.clients.realtime import Refused
from tests.conftest import clock
from tests.gateways.realtime.conftest import Inbox

on_a_clock = pytest.mark.asyncio(loop_factories=["clock"])


def shown(frames):
    """Numbers and texts of what was told."""
    return [(one["seq"], one.get("message", {}).get("text", "")) for one in frames if "seq" in one]


numbers = itertools.count(1)


async def say(client, conversation, text):
    return await client.ask(
        "message.send", conversation=conversation, client_id=f"c{next(numbers)}", text=text
    )


# One conversation


async def test_a_conversation_is_told_from_where_one_was(realm):
    inbox = await realm.inbox()
    chat = await realm.chat(inbox)
    agent = await realm.console(inbox)
    for text in ("two", "three"):
        await say(chat.client, chat.conversation, text)
    head = (await agent.ask("conversation.get", conversation=chat.conversation))["last_seq"]
    page = await agent.ask("conversation.open", conversation=chat.conversation, since=head - 2)
    assert shown(page["events"]) == [(head - 1, "two"), (head, "three")]
    assert page["seq"] == head
    assert page["conversation"]["last_seq"] == head
    assert "more" not in page
    await say(chat.client, chat.conversation, "four")
    event = await agent.hear("message.added")
    assert (event["seq"], event["prev"], event["message"]["text"]) == (head + 1, head, "four")
    assert event["message"]["sender"] == {
        "role": "visitor",
        "name": event["message"]["sender"]["name"],
        "id": chat.contact,
    }


async def test_without_a_number_only_what_comes_is_told(realm):
    inbox = await realm.inbox()
    chat = await realm.chat(inbox)
    agent = await realm.console(inbox)
    page = await agent.ask("conversation.open", conversation=chat.conversation)
    assert page.get("events", []) == []
    assert page["seq"] == page["conversation"]["last_seq"] > 0
    history = await agent.ask(
        "message.list", conversation=chat.conversation, before=page["seq"] + 1
    )
    assert history["items"][0]["text"] == "Hello" or history["items"][1]["text"] == "Hello"
    await say(chat.client, chat.conversation, "next")
    assert (await agent.hear("message.added"))["message"]["text"] == "next"


async def test_a_closed_conversation_is_told_no_more(realm):
    inbox = await realm.inbox()
    chat = await realm.chat(inbox)
    agent = await realm.console(inbox)
    await agent.ask("conversation.open", conversation=chat.conversation)
    await agent.ask("conversation.close", conversation=chat.conversation)
    await say(chat.client, chat.conversation, "unheard")
    assert await agent.level() == []
    await agent.ask("conversation.close", conversation=chat.conversation)  # once more does no harm


async def test_opening_twice_tells_everything_once(realm):
    inbox = await realm.inbox()
    chat = await realm.chat(inbox)
    agent = await realm.console(inbox)
    ids = [await agent.send("conversation.open", conversation=chat.conversation) for _ in range(3)]
    for id in ids:
        await agent.answer(id)
    await say(chat.client, chat.conversation, "once")
    assert [text for _, text in shown(await agent.level())] == ["once"]


async def test_a_visitor_sees_no_notes_and_no_gap_where_they_are(realm):
    inbox = await realm.inbox()
    chat = await realm.chat(inbox)
    agent = await realm.console(inbox)
    opened = await chat.client.ask("conversation.open", conversation=chat.conversation, since=0)
    last = opened["seq"]
    await agent.ask("message.note", conversation=chat.conversation, client_id="n", text="secret")
    sent = await say(agent, chat.conversation, "hello")
    (event,) = [one for one in await chat.client.level() if one["on"] == "message.added"]
    assert event["message"]["text"] == "hello"
    assert (event["seq"], event["prev"]) == (sent["seq"], last)
    assert "private" not in event
    again = await chat.client.ask("conversation.open", conversation=chat.conversation, since=last)
    assert [(one["seq"], one["prev"]) for one in again["events"]] == [
        (sent["seq"], last),
        (sent["seq"] + 1, sent["seq"]),  # whoever answers has it
    ]
    assert "secret" not in str(again)
    team = await agent.ask("conversation.open", conversation=chat.conversation, since=last)
    assert [one.get("private", False) for one in team["events"]][:2] == [True, False]


async def test_s03_a_stranger_is_told_that_there_is_nothing(realm):
    inbox = await realm.inbox()
    chat, other = await realm.chat(inbox), await realm.chat(inbox)
    errors = []
    for id in (chat.conversation, 4_000_000):
        with pytest.raises(Refused) as refused:
            await other.client.ask("conversation.open", conversation=id, since=0)
        errors.append(refused.value.error)
    assert errors[0] == errors[1]
    assert errors[0]["code"] == "not_found"


async def test_s04_an_agent_outside_the_inbox_is_told_that_there_is_nothing(realm):
    chat = await realm.chat(await realm.inbox())
    agent = await realm.console(await realm.inbox())
    with pytest.raises(Refused, match="not_found"):
        await agent.ask("conversation.open", conversation=chat.conversation)


async def test_a_number_that_is_not_there_yet_is_of_another_store(realm):
    chat = await realm.chat(await realm.inbox())
    with pytest.raises(Refused, match="expired"):
        await chat.client.ask("conversation.open", conversation=chat.conversation, since=10_000)


async def test_only_so_many_conversations_are_open(open_realm):
    realm = await open_realm(limits={"open_conversations": 1})
    inbox = await realm.inbox()
    chats = [await realm.chat(inbox) for _ in range(2)]
    agent = await realm.console(inbox)
    await agent.ask("conversation.open", conversation=chats[0].conversation)
    with pytest.raises(Refused, match="too_many"):
        await agent.ask("conversation.open", conversation=chats[1].conversation)
    await agent.ask("conversation.open", conversation=chats[0].conversation)  # again
    await agent.ask("conversation.close", conversation=chats[0].conversation)
    await agent.ask("conversation.open", conversation=chats[1].conversation)


async def test_a_long_absence_comes_in_pages(realm):
    inbox = await realm.inbox()
    chat = await realm.chat(inbox)
    await chat.client.ask("conversation.open", conversation=chat.conversation)
    for number in range(PAGE + 20):
        id = await chat.client.send(
            "message.send", conversation=chat.conversation, client_id=f"n{number}", text=str(number)
        )
    await chat.client.answer(id)
    agent = await realm.console(inbox)
    since, texts, pages = 0, [], 0
    while True:
        page = await agent.ask("conversation.open", conversation=chat.conversation, since=since)
        texts += [text for _, text in shown(page.get("events", []))]
        since, pages = page["seq"], pages + 1
        if not page.get("more"):
            break
        await say(chat.client, chat.conversation, f"meanwhile {pages}")
    assert [text for text in texts if text.isdigit()] == [str(n) for n in range(PAGE + 20)]
    assert texts[-1] == "meanwhile 1"
    assert pages == 2


# The feed


async def test_a_feed_begins_with_what_stands_and_goes_on_with_what_happens(realm):
    inbox, other = await realm.inbox(), await realm.inbox()
    first, elsewhere = await realm.chat(inbox), await realm.chat(other)
    agent = await realm.console(inbox)
    page = await agent.ask("feed.open")
    assert [one["id"] for one in page["conversations"]] == [first.conversation]
    assert read_cursor(page["cursor"]).id > 0
    assert "more" not in page
    await say(elsewhere.client, elsewhere.conversation, "not for this agent")
    second = await realm.chat(inbox, "new here")
    told = [one for one in await agent.level() if "seq" in one]
    assert {one["conversation"] for one in told} == {second.conversation}
    assert any(one.get("state", {}).get("status") == "queued" for one in told)


async def test_a_feed_goes_on_from_its_cursor(realm):
    inbox = await realm.inbox()
    chat = await realm.chat(inbox)
    seat = await realm.seat(inbox)
    before = await realm.join(seat.token)
    cursor = (await before.ask("feed.open"))["cursor"]
    await before.connection.close()
    await say(chat.client, chat.conversation, "while away")
    await chat.client.ask("conversation.read", conversation=chat.conversation, seq=1)
    agent = await realm.join(seat.token)
    page = await agent.ask("feed.open", cursor=cursor)
    assert [one["message"]["text"] for one in page["events"]] == ["while away"]
    (receipts,) = page["receipts"]
    assert receipts["conversation"] == chat.conversation
    assert receipts["team_unread"] == 2
    again = await agent.ask("feed.open", cursor=page["cursor"])
    assert again.get("events", []) == []


async def test_an_open_conversation_of_a_feed_is_told_once(realm):
    inbox = await realm.inbox()
    chat = await realm.chat(inbox)
    agent = await realm.console(inbox)
    await agent.ask("feed.open")
    await agent.ask("conversation.open", conversation=chat.conversation)
    await say(chat.client, chat.conversation, "once")
    await chat.client.ask("conversation.typing", conversation=chat.conversation)
    told = await agent.level()
    assert [one["on"] for one in told] == ["message.added", "typing"]
    await agent.ask("conversation.close", conversation=chat.conversation)
    await say(chat.client, chat.conversation, "still told by the feed")
    assert [text for _, text in shown(await agent.level())] == ["still told by the feed"]


async def test_a_closed_feed_tells_nothing(realm):
    inbox = await realm.inbox()
    chat = await realm.chat(inbox)
    agent = await realm.console(inbox)
    await agent.ask("feed.open")
    await agent.ask("feed.close")
    await say(chat.client, chat.conversation, "unheard")
    assert await agent.level() == []


async def test_an_admin_hears_inboxes_that_are_made_later(realm):
    admin = await realm.console(role=AgentRole.ADMIN)
    await admin.ask("feed.open")
    chat = await realm.chat(await realm.inbox())
    assert {one["conversation"] for one in await admin.level() if "seq" in one} == {
        chat.conversation
    }


async def test_the_rooms_protocols_conversations_are_in_their_inboxs_feed(realm, house):
    rooms = await realm.ctx.database.read(
        lambda conn: conn.scalar(select(schema.inbox.c.id).where(schema.inbox.c.kind == "classic"))
    )
    inside = await realm.console(Inbox(rooms, ""))
    admin = await realm.console(role=AgentRole.ADMIN)
    outside = await realm.console(await realm.inbox())
    for console in (inside, admin, outside):
        await console.ask("feed.open")
    visitor = await house.visitor(realm.server, "小明")
    await visitor.say("你好")
    for console in (inside, admin):
        event = await console.hear("message.added")
        assert event["message"]["text"] == "你好"
        assert event["message"]["sender"]["name"] == "小明"
    assert [one for one in await outside.level() if "seq" in one] == []


async def test_a_visitors_feed_has_their_own_conversations(realm):
    inbox = await realm.inbox()
    chat, other = await realm.chat(inbox), await realm.chat(inbox)
    page = await chat.client.ask("feed.open")
    assert [one["id"] for one in page["conversations"]] == [chat.conversation]
    assert "team_unread" not in str(page)
    agent = await realm.console(inbox)
    for id in (other.conversation, chat.conversation):
        await agent.ask("message.note", conversation=id, client_id="n", text="secret")
        await say(agent, id, f"to {id}")
    assert [text for _, text in shown(await chat.client.level()) if text] == [
        f"to {chat.conversation}"
    ]


async def test_a_feed_that_was_open_before_the_first_message_has_it(realm):
    inbox = await realm.inbox()
    client = await realm.join("kd_" + 43 * "x", inbox.key)
    page = await client.ask("feed.open")
    assert page.get("conversations", []) == []
    begun = await client.ask("conversation.start", client_id="a", text="Hi")
    agent = await realm.console(inbox)
    id = begun["conversation"]["id"]
    await say(agent, id, "welcome")
    texts = [text for _, text in shown(await client.level()) if text]
    assert texts == ["Hi", "welcome"]


async def test_a_cursor_of_another_store_has_expired(realm):
    agent = await realm.console(await realm.inbox())
    for cursor in ("0123456789ab-1", "0123456789ab-0", "0123456789ab-999999"):
        with pytest.raises(Refused, match="expired"):
            await agent.ask("feed.open", cursor=cursor)


async def test_a_cursor_that_is_too_far_behind_has_expired(open_realm):
    realm = await open_realm(limits={"resume_entries": 3})
    inbox = await realm.inbox()
    chat = await realm.chat(inbox)
    agent = await realm.console(inbox)
    cursor = (await agent.ask("feed.open"))["cursor"]
    for number in range(4):
        await say(chat.client, chat.conversation, str(number))
    with pytest.raises(Refused, match="expired"):
        await agent.ask("feed.open", cursor=cursor)
    fresh = await agent.ask("feed.open")
    assert fresh["conversations"][0]["last_message"]["text"] == "3"


async def test_a_snapshot_in_pages_loses_nothing_that_happens_meanwhile(realm, monkeypatch):
    monkeypatch.setattr("kefu.actions.following.PAGE", 2)
    inbox = await realm.inbox()
    chats = [await realm.chat(inbox, f"chat {n}") for n in range(5)]
    agent = await realm.console(inbox)
    ask: dict[str, Any] = {}
    found: dict[int, Any] = {}
    events: list[Any] = []
    pages = 0
    while True:
        page = await agent.ask("feed.open", **ask)
        pages += 1
        found |= {one["id"]: one for one in page.get("conversations", [])}
        events += page.get("events", [])
        if not page.get("more"):
            break
        ask = {"cursor": page["cursor"]} | ({"next": page["next"]} if "next" in page else {})
        await say(chats[-1].client, chats[-1].conversation, f"meanwhile {pages}")
    assert found.keys() == {chat.conversation for chat in chats}
    said = [text for _, text in shown(events) if text.startswith("meanwhile")]
    assert said == [f"meanwhile {n}" for n in range(1, pages)]
    assert {one["conversation"] for one in page["receipts"]} == found.keys()
    await say(chats[0].client, chats[0].conversation, "live")
    assert [text for _, text in shown(await agent.level())] == ["live"]


# Signals


async def test_typing_is_told_to_the_others_and_not_to_oneself(realm):
    inbox = await realm.inbox()
    chat = await realm.chat(inbox)
    seat = await realm.seat(inbox)
    one, same = await realm.join(seat.token), await realm.join(seat.token)
    for client in (one, same, chat.client):
        await client.ask("conversation.open", conversation=chat.conversation)
    await one.ask("conversation.typing", conversation=chat.conversation)
    typing = await chat.client.hear("typing")
    assert typing["person"]["id"] == seat.agent.id
    assert await one.level() == await same.level() == []
    await one.ask("conversation.typing", conversation=chat.conversation, internal=True)
    assert await chat.client.level() == []


async def test_only_the_team_sees_what_a_visitor_has_typed_so_far(realm):
    inbox = await realm.inbox(preview=True)
    chat = await realm.chat(inbox)
    agent = await realm.console(inbox)
    tab = await realm.join(chat.token)
    for client in (agent, tab, chat.client):
        await client.ask("conversation.open", conversation=chat.conversation)
    await chat.client.ask("conversation.typing", conversation=chat.conversation, text="I wan")
    assert (await agent.hear("typing"))["text"] == "I wan"
    assert "I wan" not in str(await tab.level())


async def test_receipts_are_told_to_both_sides(realm):
    inbox = await realm.inbox()
    chat = await realm.chat(inbox)
    agent = await realm.console(inbox)
    for client in (agent, chat.client):
        await client.ask("conversation.open", conversation=chat.conversation)
    sent = await say(agent, chat.conversation, "read me")
    await chat.client.ask("conversation.read", conversation=chat.conversation, seq=sent["seq"])
    for client in (agent, chat.client):
        receipts = await client.hear("receipts")
        assert receipts["contact"] == {"delivered": sent["seq"], "read": sent["seq"]}
        assert receipts["conversation"] == chat.conversation


async def test_presence_is_for_the_team(realm):
    inbox = await realm.inbox()
    chat, agent = await realm.chat(inbox), await realm.console(inbox)
    await agent.ask("feed.open")
    await chat.client.ask("feed.open")
    realm.ctx.hub.signal(
        [TEAM_CHANNEL], Presence(agent=9, availability=Availability.AWAY, connected=True)
    )
    while (told := await agent.hear("presence"))["agent"] != 9:
        pass
    assert told == {"on": "presence", "agent": 9, "availability": "away", "connected": True}
    await chat.client.ask("ping")
    assert "presence" not in {one["on"] for one in chat.client.told}


async def test_a_visitor_is_told_their_place_in_the_queue(realm):
    chat = await realm.chat(await realm.inbox())
    await chat.client.ask("conversation.open", conversation=chat.conversation)
    signal = QueuePosition(conversation=chat.conversation, position=4)
    realm.ctx.hub.signal([contact_channel(chat.contact)], signal)
    while (told := await chat.client.hear("queue.position"))["position"] != 4:
        pass
    assert told["conversation"] == chat.conversation


# Heartbeat


@on_a_clock
async def test_a_heartbeat_says_how_far_everything_is(realm):
    inbox = await realm.inbox()
    chat = await realm.chat(inbox)
    agent = await realm.console(inbox)
    cursor = (await agent.ask("feed.open"))["cursor"]
    head = (await agent.ask("conversation.open", conversation=chat.conversation))["seq"]
    await clock().advance(20)
    beat = await agent.hear("heartbeat")
    assert beat == {"on": "heartbeat", "heads": {str(chat.conversation): head}, "cursor": cursor}
    sent = await say(chat.client, chat.conversation, "one more")
    event = await agent.hear("message.added")
    await clock().advance(20)
    beat = await agent.hear("heartbeat")
    assert beat["heads"] == {str(chat.conversation): sent["seq"]}
    assert beat["cursor"] == event["cursor"]


@on_a_clock
async def test_nothing_open_needs_no_heartbeat(realm):
    agent = await realm.console(await realm.inbox())
    await clock().advance(20)
    assert await agent.level() == []


# Places that change


async def test_a_message_goes_where_the_conversation_is_now(realm):
    """A conversation's contact may be another one after they were found to be the same."""
    inbox = await realm.inbox()
    chat = await realm.chat(inbox)
    agent = await realm.console(inbox)
    await agent.ask("conversation.open", conversation=chat.conversation)
    other = await realm.desk.visitor(inbox.id)
    await realm.ctx.database.write(
        lambda conn: (
            conn.execute(schema.conversation.update().values(contact_id=other.contact_id)).rowcount
        )
    )
    await agent.ask("conversation.set_tags", conversation=chat.conversation, tags=["x"])
    heard = realm.desk.recorder(contact_channel(other.contact_id))
    await say(agent, chat.conversation, "found")
    assert [
        one.message.text for one in heard.events if one.on == "message.added" and one.message
    ] == ["found"]
