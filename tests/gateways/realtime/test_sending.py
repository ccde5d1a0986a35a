"""Messages over a connection: in their order, once, whatever is sent again."""

from __future__ import annotations

import asyncio

import pytest

from tests.clients.realtime import RealtimeClient, Refused
from tests.gateways.realtime.conftest import draw


async def stored(client, conversation):
    items = (await client.ask("message.list", conversation=conversation, limit=200))["items"]
    return [one["text"] for one in items if one["type"] in ("message", "note")]


@pytest.mark.parametrize("opened", [True, False], ids=["open", "not open"])
async def test_messages_and_notes_are_stored_in_the_order_sent(realm, opened):
    inbox = await realm.inbox()
    chat = await realm.chat(inbox)
    agent = await realm.console(inbox)
    if opened:
        await agent.ask("conversation.open", conversation=chat.conversation)
    texts = [str(number) for number in range(40)]
    ids = [
        await agent.send(
            "message.note" if int(text) % 5 == 0 else "message.send",
            conversation=chat.conversation,
            client_id=f"n{text}",
            text=text,
        )
        for text in texts
    ]
    answers = [await agent.answer(id) for id in ids]
    seqs = [one["seq"] for one in answers]
    assert seqs == sorted(seqs)
    assert await stored(agent, chat.conversation) == ["Hello", *texts]


async def test_answers_of_messages_come_in_their_order(realm):
    inbox = await realm.inbox()
    chat = await realm.chat(inbox)
    await chat.client.ask("conversation.open", conversation=chat.conversation)
    ids = [
        await chat.client.send(
            "message.send", conversation=chat.conversation, client_id=f"n{number}", text="x"
        )
        for number in range(30)
    ]
    await chat.client.answer(ids[-1])
    assert list(chat.client.answers) == ids[:-1]


async def test_a_message_that_is_sent_again_is_stored_once(realm):
    inbox = await realm.inbox()
    chat = await realm.chat(inbox)
    agent = await realm.console(inbox)
    await agent.ask("feed.open")
    message = {"conversation": chat.conversation, "client_id": "a", "text": "once"}
    first = await chat.client.ask("message.send", **message)
    await chat.client.connection.close()
    again = await realm.join(chat.token)
    assert await again.ask("message.send", **message) == first
    assert await again.ask("message.send", **message) == first
    with pytest.raises(Refused) as refused:
        await again.ask("message.send", **(message | {"text": "another"}))
    assert refused.value.code == "conflict"
    assert (await stored(again, chat.conversation)).count("once") == 1
    assert len([one for one in await agent.level() if one["on"] == "message.added"]) == 1


async def test_a_command_with_a_key_is_done_once_over_every_transport(realm):
    inbox = await realm.inbox()
    chat = await realm.chat(inbox)
    seat = await realm.seat(inbox)
    agent = await realm.join(seat.token)
    tag = {"conversation": chat.conversation, "tags": ["vip"]}
    first = await agent.ask("conversation.set_tags", key="k1", **tag)
    assert await agent.ask("conversation.set_tags", key="k1", **tag) == first
    page = await agent.ask("conversation.open", conversation=chat.conversation, since=0)
    changes = [one for one in page["events"] if one["on"] == "conversation.changed"]
    tagged = [one for one in changes if one["message"]["activity"]["what"] == "tagged"]
    assert len(tagged) == 1
    with pytest.raises(Refused, match="conflict"):
        await agent.ask("conversation.set_tags", key="k1", conversation=chat.conversation, tags=[])
    over_rest = await realm.put(
        f"/api/v1/conversations/{chat.conversation}/tags",
        seat.token,
        json={"tags": ["vip"]},
        headers={"idempotency-key": "k1"},
    )
    assert over_rest.json() == first


async def test_a_start_pressed_thrice_is_one_conversation_over_every_transport(realm):
    field = {"name": "order", "label": "Order", "required": True}
    invitation = {"name": "help", "text": {"en": "May we help?"}}
    asks = {"prechat": {"fields": [field]}, "consent": {}, "invitations": [invitation]}
    inbox, token = await realm.inbox(**asks), draw("kd_")
    form = {"client_id": "form", "text": "Hi", "answers": {"order": "A-17"}, "consent": True}
    form |= {"invitation": "help", "page": "https://www.example.com/"}
    tabs = [await realm.join(token, inbox.key) for _ in range(2)]
    sent = [(tab, await tab.send("conversation.start", **form)) for tab in tabs for _ in range(3)]
    headers = {"authorization": f"Bearer {token}", "x-kefu-widget": inbox.key}
    over_rest = [
        realm.server.request("POST", "/api/v1/conversations", json=form, headers=headers)
        for _ in range(3)
    ]
    answers = [one.json() for one in await asyncio.gather(*over_rest)]
    answers += [await tab.answer(id) for tab, id in sent]
    assert [one["message"] for one in answers] == [answers[0]["message"]] * 9
    agent = await realm.console(inbox)
    (state,) = (await agent.ask("feed.open"))["conversations"]
    assert await stored(agent, state["id"]) == ["May we help?", "Hi"]


async def test_a_message_to_where_one_may_not_write_is_refused_and_the_next_is_not(realm):
    inbox = await realm.inbox()
    chat, other = await realm.chat(inbox), await realm.chat(inbox)
    ids = [
        await chat.client.send("message.send", conversation=id, client_id="a", text="mine")
        for id in (other.conversation, chat.conversation, 9_999)
    ]
    with pytest.raises(Refused, match="not_found"):
        await chat.client.answer(ids[0])
    assert (await chat.client.answer(ids[1]))["conversation"] == chat.conversation
    with pytest.raises(Refused, match="not_found"):
        await chat.client.answer(ids[2])


@pytest.mark.parametrize("opened", [True, False], ids=["open", "not open"])
async def test_what_was_sent_right_before_leaving_is_stored(realm, opened):
    inbox = await realm.inbox()
    chat, agent = await realm.chat(inbox), await realm.console(inbox)
    await agent.ask("feed.open")
    if opened:
        await chat.client.ask("conversation.open", conversation=chat.conversation)
    for text in ("good", "bye"):
        await chat.client.send(
            "message.send", conversation=chat.conversation, client_id=text, text=text
        )
    await chat.client.connection.close()
    while (await agent.hear("message.added"))["message"]["text"] != "bye":
        pass
    assert await stored(agent, chat.conversation) == ["Hello", "good", "bye"]


async def test_commands_are_carried_out_side_by_side(realm):
    """One that waits does not stop the others."""
    inbox = await realm.inbox()
    agent = await realm.console(inbox)
    cursor = (await agent.ask("event.list"))["cursor"]
    waiting = await agent.send("event.list", cursor=cursor, wait=20)
    assert await agent.ask("ping") == {}
    chat = await realm.chat(inbox)
    async with asyncio.timeout(5):
        page = await agent.answer(waiting)
    assert page["events"][0]["conversation"] == chat.conversation


async def test_what_is_for_others_is_refused(realm):
    inbox = await realm.inbox()
    chat, agent = await realm.chat(inbox), await realm.console(inbox)
    with pytest.raises(Refused, match="not_allowed"):
        await chat.client.ask(
            "message.note", conversation=chat.conversation, client_id="n", text="x"
        )
    with pytest.raises(Refused, match="not_allowed"):
        await agent.ask("conversation.start", client_id="a", text="x")
    with pytest.raises(Refused, match="not_allowed"):
        await chat.client.ask("inbox.list")


async def test_two_tabs_of_a_new_visitor_are_one(realm):
    inbox = await realm.inbox()
    token = "kd_" + 43 * "t"
    tabs = [await realm.join(token, inbox.key) for _ in range(2)]
    started = {"client_id": "same", "text": "Hi"}
    begun = [await tab.ask("conversation.start", **started) for tab in tabs]
    assert begun[0]["conversation"]["id"] == begun[1]["conversation"]["id"]
    async with RealtimeClient.join(realm.server.http, token) as third:
        assert third.welcome["actor"]["id"] == begun[0]["contact"]


async def test_a_message_to_an_open_conversation_needs_no_look_at_the_store(realm, monkeypatch):
    inbox = await realm.inbox()
    chat = await realm.chat(inbox)
    agent = await realm.console(inbox)
    await chat.client.ask("conversation.open", conversation=chat.conversation)
    await agent.ask("conversation.set_priority", conversation=chat.conversation, priority=2)
    message = {"conversation": chat.conversation, "text": "x"}
    await chat.client.ask("message.send", client_id="a", **message)  # after a change it looks once
    looked: list[object] = []
    monkeypatch.setattr(realm.ctx.database, "read", looked.append)
    await chat.client.ask("message.send", client_id="b", **message)
    assert looked == []
