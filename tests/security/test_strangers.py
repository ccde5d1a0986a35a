"""S03 and S04: of what is not theirs, people are told what they are told of what is not there."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest

from kefu.actions.catalogue import BY_NAME, COMMANDS
from kefu.actions.commands import Command
from kefu.gateways.rest.codec import field_types
from tests.security.asking import NOWHERE, OK, Answer, Asker, Rest, commands_with, join
from tests.security.office import MARK, NOBODY, Chat, Office, Person, draw
from tests.security.witness import undisturbed

# They end the one who asks.
ENDING = {"session.logout", "session.end_others"}
# Reads that need nothing to be named.
LISTS = [one for one in COMMANDS if not one.changes and "{" not in one.path]
OUTSIDERS = ("outsider", "outside", "robot")


async def told(asker: Asker, who: Person, command: Command, /, **fields: Any) -> Answer:
    """What the command's example is answered, with these fields."""
    example = {**command.example, **fields}
    if "client_id" in example:
        example["client_id"] = draw("")
    return await asker.ask(who, command.name, **example)


async def all_of(rest: Rest, chat: Chat) -> tuple[str, str]:
    """Everything that is stored of a conversation."""
    asked = {"conversation": chat.conversation}
    whole = [await rest.ask(chat.visitor, name, **asked) for name in READING]
    return whole[0].told, whole[1].told.partition('"files"')[0]  # links are made anew


READING = ("conversation.get", "message.list")


async def test_s03_every_command_on_anothers_conversation_finds_nothing(office, rest, asker):
    victim, stranger = office.chat(), office.chat().visitor
    before = await all_of(rest, victim)
    async with undisturbed(office):
        for command in commands_with("conversation", "visitor", "both"):
            if "conversation" not in command.example:
                continue
            seq = {"seq": victim.seq} if "seq" in command.example else {}
            theirs = await told(asker, stranger, command, conversation=victim.conversation, **seq)
            missing = await told(asker, stranger, command, conversation=NOWHERE, **seq)
            assert (theirs.code, theirs) == ("not_found", missing), command.name
    assert await all_of(rest, victim) == before


async def test_s03_a_device_that_has_not_written_finds_nothing_either(office, rest, asker):
    victim, stranger = office.chat(), office.visitor()
    for command in commands_with("conversation", "visitor", "both"):
        if "conversation" in command.example:
            theirs = await told(asker, stranger, command, conversation=victim.conversation)
            missing = await told(asker, stranger, command, conversation=NOWHERE)
            assert (theirs.code, theirs) == ("not_found", missing), command.name


async def test_s03_anothers_file_and_message_cannot_be_used(office, asker):
    victim, thief = office.chat(), office.chat()
    own = {"conversation": thief.conversation, "text": "x"}
    for field, theirs, missing in (
        ("files", [victim.file], [NOWHERE]),
        ("quote", 2**31 - 2, 2**31 - 1),
    ):
        said = [
            await asker.ask(
                thief.visitor, "message.send", client_id=draw(""), **own, **{field: value}
            )
            for value in (theirs, missing)
        ]
        assert said[0].code in ("not_found", "bad_input")
        assert said[0] == said[1]


async def test_s03_anothers_file_is_not_handed_out(office, rest):
    victim, thief = office.chat(), office.chat()
    mine = office.upload(thief.visitor)["url"].partition("token=")[2]
    paths = [
        f"/files/{id}/{name}{token}"
        for id in (victim.file, NOWHERE)
        for name in ("x", f"{MARK}.txt")
        for token in ("", "?token=", f"?token={mine}", f"?token={thief.visitor.token}")
    ]
    for who in (thief.visitor, NOBODY, office.agents["outsider"]):
        answers = [await rest.send(who, "GET", path) for path in paths]
        assert {(one.status_code, one.text) for one in answers} == {(404, answers[0].text)}


async def test_s03_nothing_can_be_uploaded_into_anothers_conversation(office, rest):
    victim, thief = office.chat(), office.chat()
    for who in (thief.visitor, office.visitor(), office.agents["outsider"]):
        theirs, missing = [
            await rest.send(who, "POST", "/files", content=b"x", params=asked)
            for asked in (
                {"name": "x", "conversation": victim.conversation},
                {"name": "x", "conversation": NOWHERE},
            )
        ]
        assert (theirs.status_code, theirs.text) == (404, missing.text)


async def test_s03_whatever_a_visitor_reads_is_their_own(office, asker):
    victim, stranger = office.chat(), office.chat(text="mine").visitor
    for command in COMMANDS:
        if command.changes:
            continue
        for field in ("contact", "conversation", "inbox", "assignee"):
            if field in field_types(command.form):
                value = {"contact": victim.contact, "conversation": victim.conversation}
                asked = {**command.example, field: value.get(field, office.shop)}
                answer = await told(asker, stranger, command, **asked)
                assert MARK not in answer.told, (command.name, field)
    for command in LISTS:
        assert MARK not in (await asker.ask(stranger, command.name)).told, command.name


@pytest.mark.parametrize("who", ["visitor", *OUTSIDERS])
async def test_s03_s04_a_feed_tells_nothing_of_others(office, rest, who):
    """Over the socket, as a stream and by polling, while others write, and from the beginning."""
    stranger = office.chat(text="mine").visitor if who == "visitor" else office.agents[who]
    cursor = (await rest.ask(stranger, "event.list")).values["cursor"]
    async with undisturbed(office), join(office, stranger) as client:
        heard = [json.dumps(await client.ask("feed.open"))]
        stream = asyncio.create_task(streamed(rest, stranger, office.beginning))
        victim = office.chat()
        for name in ("conversation.typing", "conversation.read", "message.send"):
            asked = {"conversation": victim.conversation, "client_id": "1", "text": MARK, "seq": 1}
            fields = {key: asked[key] for key in field_types(BY_NAME[name].form) if key in asked}
            assert (await rest.ask(victim.visitor, name, **fields)).code == OK
        heard += map(str, await client.level())
        for since in (cursor, office.beginning):
            heard.append((await rest.ask(stranger, "event.list", cursor=since)).told)
        heard.append(await stream)
        heard.append(json.dumps(await client.ask("feed.open", cursor=office.beginning)))
    assert not [one for one in heard if MARK in one]


async def streamed(rest: Rest, who: Person, cursor: str) -> str:
    """What a stream tells from ``cursor`` on, up to its first heartbeat."""
    headers = who.headers | {"Accept": "text/event-stream", "Last-Event-ID": cursor}
    lines: list[str] = []
    async with rest.http.stream("GET", "/api/v1/events", headers=headers) as response:
        assert response.status_code == 200
        async for line in response.aiter_lines():
            lines.append(line)
            if '"heartbeat"' in line:
                break
    return "\n".join(lines)


@pytest.mark.parametrize("outsider", OUTSIDERS)
async def test_s04_an_agent_outside_the_inbox_finds_nothing(office, rest, asker, outsider):
    victim, who = office.chat(), office.agents[outsider]
    before = await all_of(rest, victim)
    ids = {
        "conversation": victim.conversation,
        "contact": victim.contact,
        "inbox": office.shop,
        "canned": office.ids["canned"],
    }
    for command in COMMANDS:
        for field, theirs in ids.items():
            if command.who not in ("agent", "both") or field not in field_types(command.form):
                continue
            seq = {"seq": victim.seq} if "seq" in command.example else {}
            answer = await told(asker, who, command, **{field: theirs}, **seq)
            missing = await told(asker, who, command, **{field: NOWHERE}, **seq)
            assert MARK not in answer.told, (command.name, field)
            assert answer == missing, (command.name, field)
    assert await all_of(rest, victim) == before


@pytest.mark.parametrize("outsider", OUTSIDERS)
async def test_s04_lists_searches_and_counters_leave_out_other_inboxes(office, asker, outsider):
    office.chat()
    who = office.agents[outsider]
    asked = {"message.search": {"text": MARK}, "contact.search": {"text": "10"}}
    for command in LISTS:
        answer = await asker.ask(who, command.name, **asked.get(command.name, {}))
        told = answer.told.replace(f"other {MARK}", "").replace(f"Team {MARK}", "")
        assert MARK not in told, command.name
    counts = (await asker.ask(who, "conversation.counts")).values
    assert not any(count for count in flat(counts) if isinstance(count, int)), counts


def flat(value: Any) -> list[Any]:
    if isinstance(value, dict):
        value = list(value.values())
    return [each for one in value for each in flat(one)] if isinstance(value, list) else [value]


async def test_s04_a_visitors_token_is_refused_whatever_is_the_teams(office: Office, asker):
    """The same, whether what they name is there or not."""
    own, victim = office.chat(), office.chat()
    there = {
        "conversation": victim.conversation,
        "contact": victim.contact,
        "inbox": office.shop,
        "agent": office.ids["Person witness"],
        "canned": office.ids["canned"],
        "team": office.ids["team"],
    }
    async with undisturbed(office):
        for who in (own.visitor, office.visitor()):
            for command in COMMANDS:
                if command.who != "agent":
                    continue
                named = {name: id for name, id in there.items() if name in command.example}
                answer = await told(asker, who, command, **named)
                missing = await told(asker, who, command, **dict.fromkeys(named, NOWHERE))
                assert answer.code in ("not_allowed", "not_found"), command.name
                assert answer == missing, command.name
                if "conversation" in named:
                    answer = await told(asker, who, command, conversation=own.conversation)
                    assert answer.code in ("not_allowed", "not_found"), command.name


async def test_s04_who_proves_nothing_is_let_do_nothing(office, rest):
    for command in COMMANDS:
        if command.who != "anyone":
            assert (await told(rest, NOBODY, command)).code == "unauthenticated", command.name
