"""S19: what is not the client's to say is refused, or changes nothing."""

from __future__ import annotations

import json
from typing import Any

import pytest

from kefu.actions.catalogue import COMMANDS
from kefu.actions.commands import Command
from kefu.gateways.rest.codec import field_types
from tests.clients.direct import DirectClient
from tests.clients.rooms import Line, RoomsClient
from tests.security.asking import OK, Asker, Realtime, Rest
from tests.security.office import NOBODY, Office, Person, draw
from tests.security.witness import undisturbed

FORGED: dict[str, Any] = {
    "role": "admin",
    "verified": True,
    "seq": 1,
    "created_at": "2001-01-01T00:00:00Z",
    "sender": {"role": "agent", "name": "Boss", "id": 1},
    "": 1,
}
MORE: dict[str, Any] = {
    "at": "2001-01-01T00:00:00Z",
    "by": 1,
    "id": 1,
    "type": "note",
    "private": False,
    "status": "resolved",
    "contact": 1,
    "assignee": 1,
    "inbox_id": 1,
    "active": True,
    "password_hash": "x",
    "token_hash": "x",
    "scopes": ["admin"],
    "__proto__": {"role": "admin"},
}
WRITING = ("message.send", "conversation.start", "contact.identify", "contact.update")


def asks(office: Office, command: Command, visitor: Person) -> Person:
    """Somebody who may send the command."""
    if command.who == "anyone":
        return NOBODY
    return office.admin if command.who == "agent" else visitor


async def test_s19_no_command_takes_a_field_that_it_does_not_have(office, asker: Asker):
    visitor = office.chat().visitor
    async with undisturbed(office):
        for number, command in enumerate(COMMANDS):
            who = asks(office, command, visitor)
            if isinstance(asker, Realtime) and not who.token:
                who = visitor  # whoever is connected is somebody
            extra = FORGED | MORE if command.name in WRITING else FORGED
            names = sorted(extra.keys() - field_types(command.form))
            if isinstance(asker, Rest) and command.name not in WRITING:
                names = names[number % 3 :: 3]  # each of them in some command: it takes long
            for name in names:
                if name == "id" and isinstance(asker, Realtime):
                    continue  # a frame's own
                value = extra[name]
                if command.method in ("GET", "DELETE") and isinstance(asker, Rest):
                    value = json.dumps(value)
                answer = await asker.ask(who, command.name, **{**command.example, name: value})
                assert answer.code == "bad_input", (command.name, name, answer.told)


CARD = {"type": "card", "title": "x"}
NESTED: dict[str, tuple[str, dict[str, Any]]] = {
    "a card": ("message.send", {"blocks": [CARD | {"sender": "Boss"}]}),
    "a button": (
        "message.send",
        {"blocks": [CARD | {"buttons": [{"type": "reply", "label": "x", "value": "y", "by": 1}]}]},
    ),
    "a question": (
        "message.send",
        {"blocks": [{"type": "form", "fields": [{"name": "a", "label": "A", "role": "x"}]}]},
    ),
    "an inbox's settings": ("inbox.update", {"settings": {"widget_key": "wk_mine"}}),
    "its hours": ("inbox.update", {"settings": {"hours": {"zone": "UTC", "role": "admin"}}}),
}


@pytest.mark.parametrize("where", NESTED)
async def test_s19_nor_does_any_part_of_one(office, asker: Asker, where):
    name, fields = NESTED[where]
    if name == "message.send":
        chat, who = office.chat(), office.agents["insider"]
        fields = {"conversation": chat.conversation, "client_id": draw(""), **fields}
    else:
        who, fields = office.admin, {"inbox": office.other, **fields}
    assert (await asker.ask(who, name, **fields)).code == "bad_input"


async def test_s19_an_upload_takes_its_name_and_its_conversation_alone(office, rest: Rest):
    visitor = office.visitor()
    for name, value in (FORGED | MORE).items():
        query = {"name": "a", name: json.dumps(value)}
        said = await rest.send(visitor, "POST", "/files", params=query, content=b"x")
        assert said.status_code == 422, name


async def test_s19_a_message_is_its_writers_and_of_its_time(office, asker: Asker):
    """What is free to be said, attributes for one, says nothing about anything else."""
    chat = office.chat()
    claims = {"role": "agent", "verified": True, "sender": "Boss", "seq": 1, "name": "Boss"}
    insider = office.agents["insider"]
    for name, fields in (
        ("contact.update", {"contact": chat.contact, "attributes": claims}),
        ("conversation.set_attributes", {"conversation": chat.conversation, "attributes": claims}),
    ):
        assert (await asker.ask(insider, name, **fields)).code == OK
    own = {"conversation": chat.conversation, "client_id": draw(""), "text": "x"}
    assert (await asker.ask(chat.visitor, "message.send", **own)).code == OK
    listed = await asker.ask(chat.visitor, "message.list", conversation=chat.conversation)
    last = [one for one in listed.values["items"] if one["type"] == "message"][-1]
    assert (last["sender"]["role"], last["sender"]["id"]) == ("visitor", chat.contact)
    assert last["seq"] > chat.seq
    me = (await asker.ask(chat.visitor, "session.me")).values["visitor"]
    assert (me["id"], me.get("verified")) == (chat.contact, None)
    assert me["name"] != "Boss"


async def test_s19_in_a_room_nobody_speaks_as_somebody_else(server, name):
    async with undisturbed(server), RoomsClient.join(server.base_url, "kefu", name) as client:
        said = {"neiRong": "x", "shuiFaDe": "系统", "role": "admin", "seq": 1}
        await client.connection.send(json.dumps(said))
        assert await client.hear() == Line(name, "x")


@pytest.mark.parametrize("transport", ["websocket", "polling"])
async def test_s19_on_direct_nobody_speaks_as_somebody_else(server, name, transport):
    async with undisturbed(server), DirectClient.login(server.base_url, transport, name) as client:
        said = {"to": name, "message": "x", "from": "Boss", "self": False, "id": 1}
        await client.emit("private_message", said)
        assert (await client.until("message"))["from"] == name
