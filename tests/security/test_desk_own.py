"""S04: what one of the team keeps for themselves, and what the team shares, is no way to others."""

from __future__ import annotations

from typing import Any

import pytest

from kefu.actions.catalogue import COMMANDS
from kefu.gateways.rest.codec import field_types
from tests.security.asking import NOWHERE, OK, Asker
from tests.security.office import MARK, NOBODY, Office, Person, draw
from tests.security.test_strangers import OUTSIDERS, all_of, told
from tests.security.witness import undisturbed

PRIVATE = {"name": MARK, "filter": {"tag": MARK}}
# What names one thing of somebody's beside conversations and contacts.
NAMED = ("view", "mention", "device", "session")


async def belongings(office: Office, asker: Asker) -> dict[str, int]:
    """Things of the insider's and a visitor's, by the fields that name them."""
    victim, insider = office.chat(), office.agents["insider"]
    note = {"conversation": victim.conversation, "client_id": draw(""), "text": MARK}
    named = {"mentions": [office.ids["Person insider"]]}
    said = await asker.ask(office.agents["witness"], "message.note", **note, **named)
    assert said.code == OK, said
    made = {
        "view": await asker.ask(insider, "view.create", **PRIVATE),
        "mention": await asker.ask(insider, "mention.list"),
        "device": await asker.ask(insider, "device.list", contact=victim.contact),
    }
    assert {one.code for one in made.values()} == {OK}, made
    return {
        "view": made["view"].values["id"],
        "mention": made["mention"].values["items"][0]["id"],
        "device": made["device"].values["items"][0]["id"],
    }


@pytest.mark.parametrize("who", ["visitor", "stranger", *OUTSIDERS])
async def test_s04_what_is_one_persons_own_is_nobody_elses(office: Office, asker, who):
    ids = await belongings(office, asker)
    people = {"visitor": office.chat().visitor, "stranger": office.visitor()}
    person = people.get(who) or office.agents[who]
    async with undisturbed(office):
        for command in COMMANDS:
            for field in ids.keys() & field_types(command.form):
                answer = await told(asker, person, command, **{field: ids[field]})
                missing = await told(asker, person, command, **{field: NOWHERE})
                assert answer.code in ("not_found", "not_allowed"), (command.name, field)
                assert answer == missing, (command.name, field)
    insider = office.agents["insider"]
    views = (await asker.ask(insider, "view.list")).values["items"]
    assert ids["view"] in [one["id"] for one in views]


@pytest.mark.parametrize("outsider", OUTSIDERS)
async def test_s04_many_at_once_are_no_more_than_each_alone(office, rest, asker, outsider):
    victim, who = office.chat(), office.agents[outsider]
    before = await all_of(rest, victim)
    for act in (
        {"do": "assign", "team": office.ids["team"]},
        {"do": "tag", "add": ["theirs"]},
        {"do": "resolve"},
        {"do": "reopen"},
        {"do": "snooze"},
        {"do": "priority", "priority": 4},
        {"do": "read"},
    ):
        many = {"conversations": [victim.conversation, NOWHERE], "act": act}
        answer = await asker.ask(who, "conversation.bulk", **many)
        theirs, missing = answer.values["results"]
        assert theirs["error"] == missing["error"], act
        assert theirs["error"]["code"] == "not_found", act
    assert await all_of(rest, victim) == before


@pytest.mark.parametrize("outsider", ["outsider", "outside"])
async def test_s04_nobody_begins_with_those_whom_they_do_not_see(office, asker, outsider):
    victim, who = office.chat(), office.agents[outsider]
    for inbox in (office.other, office.shop, NOWHERE):
        begin = {"inbox": inbox, "client_id": "b", "text": "Hello"}
        theirs = await asker.ask(who, "conversation.begin", contact=victim.contact, **begin)
        missing = await asker.ask(who, "conversation.begin", contact=NOWHERE, **begin)
        assert theirs.code in ("not_found", "not_allowed")
        assert theirs == missing
    made = {"name": "Wang", "email": "wang@example.com"}
    for inbox in (office.shop, NOWHERE):
        assert (await asker.ask(who, "contact.create", inbox=inbox, **made)).code == "not_allowed"


@pytest.mark.parametrize("outsider", OUTSIDERS)
async def test_s04_how_often_a_tag_is_used_is_told_of_what_one_sees(office, asker, outsider):
    tagged = {"conversation": office.chat().conversation, "tags": ["counted"]}
    assert (await asker.ask(office.agents["witness"], "conversation.set_tags", **tagged)).code == OK

    async def counted(who: Person) -> list[int]:
        tags = (await asker.ask(who, "tag.list")).values["items"]
        return [one.get("conversations", 0) for one in tags if one["name"] == "counted"]

    assert (await counted(office.agents["witness"]))[0] >= 1
    assert await counted(office.agents[outsider]) == [0]


async def test_s04_no_view_keeps_others_from_counting_theirs(office, asker):
    maker, reader = office.agents["outsider"], office.agents["witness"]
    for hostile in ({"tag": " "}, {"tag": "​"}, {"tag": "x" * 5_000}, {"inbox": -1}):
        shared: dict[str, Any] = {"name": "All", "filter": hostile, "shared": True}
        assert (await asker.ask(maker, "view.create", **shared)).code == "bad_input", hostile
    kept = await asker.ask(
        maker, "view.create", name="All", filter={"inbox": office.other}, shared=True
    )
    changed = await asker.ask(maker, "view.update", view=kept.values["id"], filter={"tag": " "})
    assert changed.code == "bad_input"
    counts = await asker.ask(reader, "view.counts")
    assert counts.code == OK
    assert {"view": kept.values["id"], "count": 0} in counts.values["items"]
    assert (await asker.ask(maker, "view.delete", view=kept.values["id"])).code == OK


async def test_s04_a_visitor_does_not_find_out_when_the_team_writes_notes(office, asker):
    chat = office.chat()
    for hidden in (
        {"updated_since": "2020-01-01T00:00:00Z"},
        {"sort": "priority"},
        {"unread": "me"},
        {"mentioned": True},
        {"tag": "vip"},
        {"priority": 1},
        {"waiting": True},
    ):
        answer = await asker.ask(chat.visitor, "conversation.list", **hidden)
        assert answer.code == "not_allowed", hidden


async def test_s04_preferences_name_and_picture_are_of_whoever_asks(office, rest):
    """No field and no path names somebody else."""
    for name in ("preferences.update", "preferences.get", "agent.set_name", "agent.remove_avatar"):
        command = next(one for one in COMMANDS if one.name == name)
        assert not {"agent", "id", "email"} & field_types(command.form).keys()
        for who in (NOBODY, office.visitor(), office.chat().visitor):
            assert (await told(rest, who, command)).code in ("unauthenticated", "not_allowed"), name
    other = office.ids["Person insider"]
    for method, path in (
        ("PUT", f"/agents/{other}/avatar"),
        ("DELETE", f"/agents/{other}/avatar"),
        ("PATCH", f"/agents/{other}/preferences"),
        ("PUT", f"/agents/{other}/name"),
    ):
        answer = await rest.send(office.agents["outside"], method, path)
        assert answer.status_code in (404, 405), path
