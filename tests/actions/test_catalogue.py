"""One shape for one idea, held for every command of the table."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

import msgspec
import pytest
from msgspec import inspect

import kefu
from kefu.actions.catalogue import BY_NAME, COMMANDS
from kefu.actions.commands import Command
from kefu.actions.forms import Done, Page
from kefu.core import content
from kefu.core.audit import Act
from kefu.core.desk import Availability, EventName, How, Reason, What
from kefu.gateways.rest.openapi import document

# What somebody says is answered with where it is stored; signing in, with the way in.
NO_CREATES = {
    *("conversation.start", "conversation.begin"),
    *("message.send", "message.note", "conversation.whisper"),
    *("session.login", "session.accept_link"),
}
LISTED = {  # the commands that list what others of the same noun make and change
    "agent": "agent.list",
    "canned": "canned.list",
    "contact": "contact.list",
    "inbox": "inbox.list",
    "tag": "tag.list",
    "team": "team.list",
    "token": "token.list",
    "view": "view.list",
    "webhook": "webhook.list",
}
KEYS = "inbox.list_identity_keys"
SERVERS_OWN_ACTS = {"webhook.disable"}
TOLD_ONCE = {"secret", "link"}
NOUNS = {
    *("agent", "assignee", "bot", "canned", "contact", "conversation", "delivery", "inbox"),
    *("other", "team", "token", "webhook"),
}


def fields_of(kind: Any) -> tuple[inspect.Field, ...]:
    """The fields of what a command answers."""
    info = inspect.type_info(kind)
    assert isinstance(info, inspect.StructType)
    return info.fields


def item_of(list_command: str) -> Any:
    """What a list is of."""
    (items,) = [one.type for one in fields_of(BY_NAME[list_command].answer) if one.name == "items"]
    assert isinstance(items, inspect.VarTupleType)
    assert isinstance(items.item_type, inspect.StructType)
    return items.item_type.cls


def object_of(command: Command) -> Any:
    """What the objects are that a command makes or changes."""
    if "identity_key" in command.name:
        return item_of(KEYS)
    return item_of(LISTED[command.name.partition(".")[0]])


def structs_in(kind: Any) -> Iterator[inspect.StructType]:
    """Every struct that a value of this type may hold, itself included."""
    todo, seen = [inspect.type_info(kind)], set()
    while todo:
        here = todo.pop()
        if isinstance(here, inspect.StructType):
            if here.cls in seen:
                continue
            seen.add(here.cls)
            yield here
        for name in here.__struct_fields__:
            inner = getattr(here, name)
            for one in inner if isinstance(inner, tuple) else [inner]:
                todo += [one] if isinstance(one, inspect.Type) else []
                todo += [one.type] if isinstance(one, inspect.Field) else []


def names_of(kind: Any) -> set[str]:
    return {field.encode_name for one in structs_in(kind) for field in one.fields}


def every(*commands: Command) -> Any:
    return pytest.mark.parametrize("command", commands, ids=lambda one: one.name)


@every(*(one for one in COMMANDS if one.status == 201 and one.name not in NO_CREATES))
def test_a_create_answers_the_object_itself(command: Command):
    made, listed = command.answer, object_of(command)
    assert issubclass(made, listed)
    more = set(made.__struct_fields__) - set(listed.__struct_fields__)
    assert more <= TOLD_ONCE
    assert bool(more) == command.secret


@every(*(one for one in COMMANDS if one.name.partition(".")[0] in LISTED and one.who == "agent"))
def test_who_changes_an_object_is_answered_the_object(command: Command):
    listed = "list" in command.name or "items" in names_of(command.answer)
    if command.method == "DELETE" and command.name not in OF_A_PART:
        assert command.answer is Done
    elif not listed and command.name not in OF_ANOTHER_KIND:
        assert issubclass(command.answer, object_of(command))


OF_A_PART = {"agent.remove_avatar"}  # they delete a part; the object stays
OF_ANOTHER_KIND = {  # what they make is something else: a draft, a presence, deliveries
    *("agent.set_availability", "agent.set_password", "agent.test_offer", "canned.render"),
    *("webhook.replay", "webhook.test"),
}


@every(*COMMANDS)
def test_what_is_told_once_is_called_secret_or_link_and_is_told_by_few(command: Command):
    names = names_of(command.answer)
    if not command.secret:
        assert not names & (TOLD_ONCE | {"token", "password"})
    if "token" in names:
        assert command.name in ("session.login", "session.accept_link")
        assert type(fields_of(command.answer)[0].type) is inspect.StrType


@every(*(one for one in COMMANDS if "items" in names_of(one.answer)))
def test_a_list_is_a_page(command: Command):
    assert getattr(command.answer, "__origin__", None) is Page or command.name == "rating.list"
    assert {"items", "next"} <= {field.name for field in fields_of(command.answer)}


@every(*COMMANDS)
def test_a_list_stands_under_items_and_nowhere_else(command: Command):
    if re.search(r"list|search|history|deliveries", command.name) and command.name != "event.list":
        assert "items" in names_of(command.answer)


@every(*COMMANDS)
def test_nothing_but_what_is_empty_is_left_out_of_an_answer(command: Command):
    """Who reads an answer has not to know the defaults: ``active`` is always there.

    Forms and cards keep what whoever wrote them left out.
    """
    left_out = [
        f"{one.cls.__name__}.{field.encode_name}"
        for one in structs_in(command.answer)
        if one.cls.__module__ != content.__name__
        if getattr(one.cls, "__origin__", one.cls).__struct_config__.omit_defaults
        for field in one.fields
        if field.default is not msgspec.NODEFAULT and not is_empty(field.default)
    ]
    assert not left_out


def is_empty(value: object) -> bool:
    return msgspec.json.encode(value) == b"{}" if isinstance(value, msgspec.Struct) else not value


@every(*COMMANDS)
def test_whom_and_what_a_command_names_it_names_by_id(command: Command):
    fields = {field.encode_name: field for field in msgspec.structs.fields(command.form)}
    for name in fields.keys() & NOUNS:
        assert msgspec.convert(3, fields[name].type) == 3
        with pytest.raises(msgspec.ValidationError):
            msgspec.convert("3", fields[name].type)


def written_acts() -> Iterator[str]:
    """Every text that ``audit`` is called with, in all the code."""
    for path in Path(kefu.__file__).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "audit":
                for word in ast.walk(node.args[0]):
                    if isinstance(word, ast.Constant):
                        yield str(word.value)


def test_an_act_of_the_audit_trail_is_a_noun_and_a_verb_and_the_name_of_its_command():
    acts = set(get_args(Act))
    assert all(re.fullmatch(r"[a-z]+\.[a-z_]+", act) for act in acts)
    assert acts - BY_NAME.keys() == SERVERS_OWN_ACTS
    assert set(written_acts()) == acts


def schema_of(name: str, field: str) -> str:
    shown = document(COMMANDS, {}, [])["components"]["schemas"]
    return str(shown[name]["properties"][field])


@pytest.mark.parametrize(
    ("place", "words"),
    [
        (("Activity", "what"), get_args(What)),
        (("Details", "how"), get_args(How)),
        (("Details", "reason"), get_args(Reason)),
        (("AuditEntry", "act"), get_args(Act)),
        (("Webhook", "events"), get_args(EventName)),
        (("Event", "on"), get_args(EventName)),
        (("Inbox", "kind"), ("widget", "classic")),
    ],
    ids=lambda value: ".".join(value) if len(value) == 2 else "",
)
def test_the_description_names_every_word_that_can_stand_there(place, words):
    told = schema_of(*place)
    assert all(f"'{word}'" in told for word in words)


def test_the_description_names_every_availability():
    shown = document(COMMANDS, {}, [])["components"]["schemas"]
    assert set(shown["Availability"]["enum"]) == set(Availability)


def test_the_description_names_the_defaults_of_an_inbox():
    told = document(COMMANDS, {}, [])["components"]["schemas"]["Settings"]["properties"]
    assert (told["rating"]["default"], told["reopen_days"]["default"]) == (True, 7)
    assert told["offline"]["default"] == "queue"
