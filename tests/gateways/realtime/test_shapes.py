"""What the server really sends has the shape of the documented frames."""

from __future__ import annotations

import json
from typing import Any

from kefu.core.conversation import Role
from kefu.core.cursors import origin
from kefu.core.desk import Person
from kefu.core.lists import ConversationFilter, Sort, View
from kefu.core.signals import (
    ContactsHere,
    MentionsChanged,
    ProfileChanged,
    QueuePosition,
    ViewChanged,
    VisitorsChanged,
)
from kefu.gateways.realtime import codec
from kefu.hub import TEAM_CHANNEL, agent_channel, contact_channel, inbox_channel
from scripts.make_protocol import FIXTURES
from tests.clients.realtime import Refused

BEN = Person(role=Role.AGENT, name="Ben", id=4)
MENTIONED = MentionsChanged(unread=1, conversation=1, note=2, person=BEN)


RENAMED = ProfileChanged(agent=4, name="Benny", avatar="/avatar/4-0.webp")


VIEW = View(
    id=5, name="VIPs", filter=ConversationFilter(tag="vip", waiting=True), sort=Sort.NEWEST, owner=3
)
SAVED = ViewChanged(view=5, saved=VIEW)


def documented(prefix: str) -> list[Any]:
    """The frames of the fixtures whose names begin so."""
    return [
        json.loads(file.read_text("utf-8"))["frame"] for file in FIXTURES.glob(f"{prefix}*.json")
    ]


def fields(frames: list[Any], at: str = "") -> dict[str, set[str]]:
    """Every field anywhere in these frames, by its path, with the types that it has."""
    found: dict[str, set[str]] = {}
    for frame in frames:
        for name, value in frame.items():
            path = f"{at}.{name}"
            found.setdefault(path, set()).add(
                "number" if isinstance(value, float) else _type(value)
            )
            inner = value if isinstance(value, list) else [value]
            deeper = fields([one for one in inner if isinstance(one, dict)], path)
            for known, kinds in deeper.items():
                found.setdefault(known, set()).update(kinds)
    return found


def _type(value: Any) -> str:
    return {int: "number", float: "number"}.get(type(value), type(value).__name__)


def check(frames: list[Any], prefix: str) -> None:
    """Each field that is sent is one of the documented frames, and of the same type."""
    known, sent = fields(documented(prefix)), fields(frames)
    free = (".limits.", ".attributes.", ".reactions.", ".values.")
    new = {path for path in sent if not any(part in path for part in free)} - known.keys()
    assert not new, f"not in any {prefix} frame"
    assert [path for path in sent.keys() & known if not sent[path] <= known[path]] == []


def check_page(page: dict[str, Any], prefix: str) -> None:
    """A part of what was missed: itself, its events, and conversations as they are in events."""
    for event in page.get("events", []):
        check([event], "event")
    for one in [*page.get("conversations", []), *filter(None, [page.get("conversation")])]:
        check([{"state": one}], "event")
    shallow = {name: one for name, one in page.items() if not isinstance(one, list | dict)}
    check([{"re": 1, "ok": shallow}], prefix)


async def test_everything_that_is_sent_is_documented(realm):
    inbox = await realm.inbox(preview=True)
    chat = await realm.chat(inbox)
    seat = await realm.seat(inbox)
    agent = await realm.join(seat.token)
    id = chat.conversation
    check([{"re": 1, "ok": agent.welcome}, {"re": 1, "ok": chat.client.welcome}], "answer.hello")
    for client in (agent, chat.client):
        page = await client.ask("conversation.open", conversation=id, since=0)
        check_page(page, "answer.conversation.open")
        check_page(await client.ask("feed.open"), "answer.feed.open")
        page = await client.ask("feed.open", cursor=origin(realm.ctx.epoch))
        check_page(page, "answer.feed.open")
    sent = await chat.client.ask("message.send", conversation=id, client_id="a", text="Hi")
    await agent.ask("message.note", conversation=id, client_id="n", text="Hm")
    await agent.ask("message.react", conversation=id, seq=sent["seq"], emoji="👍")
    await chat.client.ask("message.edit", conversation=id, seq=sent["seq"], text="Hi!")
    await agent.ask("conversation.set_tags", conversation=id, tags=["x"])
    await agent.ask("conversation.set_status", conversation=id, status="resolved")
    await chat.client.ask("conversation.typing", conversation=id, text="so f")
    await agent.ask("conversation.read", conversation=id, seq=sent["seq"])
    realm.ctx.hub.signal([inbox_channel(inbox.id)], VisitorsChanged(inbox=inbox.id, count=2))
    place = QueuePosition(conversation=id, position=1)
    realm.ctx.hub.signal([contact_channel(chat.contact)], place)
    realm.ctx.hub.signal([agent_channel(seat.agent.id)], MENTIONED)
    await agent.ask("conversation.look", conversation=id)
    night = {"begin": "22:00", "end": "07:00", "time_zone": "Europe/Berlin", "days": [1]}
    keys = {"resolve": {"outside": "KeyQ", "anywhere": ""}}
    await agent.ask("preferences.update", language="en", keys=keys, quiet_hours=night)
    came = ContactsHere(inbox=inbox.id, contacts=(chat.contact,), gone=(999,))
    realm.ctx.hub.signal([inbox_channel(inbox.id)], came)
    for signal in (RENAMED, SAVED):
        realm.ctx.hub.signal([TEAM_CHANNEL], signal)
    await agent.ask("agent.set_availability", availability="online")
    for client in (agent, chat.client):
        await client.ask("ping")
    told = [*agent.told, *chat.client.told]
    assert {one["on"] for one in told} == {
        *("message.added", "message.changed", "conversation.changed"),
        *("typing", "receipts", "queue.position", "presence", "visitors"),
        *("read", "mentions", "preferences", "profile", "view", "tag", "looking"),
        "here",
    }
    for frame in told:
        check([frame], "event" if "seq" in frame else f"signal.{frame['on']}")
    check([{"re": 1, "ok": sent}], "answer.message.send")
    try:
        await agent.ask("conversation.open", conversation=999_999)
    except Refused as refused:
        check([{"re": 1, "error": refused.error}], "refusal")


def test_a_signal_whose_fields_all_have_their_defaults_is_still_json():
    assert json.loads(codec.signal(MentionsChanged(), "mentions")) == {"on": "mentions"}
