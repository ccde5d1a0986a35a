"""What is wrong with a command's fields is said in words for people."""

from __future__ import annotations

from typing import Any

import pytest

from kefu.actions.catalogue import BY_NAME
from kefu.actions.commands import Command, read_form
from kefu.core.errors import BadInput

SEND = {"conversation": 1, "client_id": "a", "text": "Hi"}
TOKEN = {"name": "bot", "scopes": ["read"]}
TIME = "must be a time, such as 2026-03-02T09:30:00Z"


def said(name: str, fields: dict[str, Any]) -> str:
    with pytest.raises(BadInput) as refused:
        read_form(BY_NAME[name], fields)
    return str(refused.value)


@pytest.mark.parametrize(
    ("name", "fields", "words"),
    [
        ("message.send", {"files": [None]}, "files[0]: must be an integer"),
        ("message.send", {"colour": 1}, "colour: is not a field of this"),
        ("message.send", {"client_id": ""}, "client_id: must have at least 1 character"),
        ("message.send", {"client_id": "a b"}, r"client_id: must match ^[\\x21-\\x7e]+$"),
        ("message.send", {"conversation": 0}, "conversation: must be at least 1"),
        ("message.send", {"conversation": 1.5}, "conversation: must be an integer"),
        ("conversation.list", {"inbox": {}}, "inbox: must be an integer or null"),
        ("token.create", {"scopes": []}, "scopes: must have at least 1 entry"),
        ("token.create", {"scopes": ["reed"]}, "scopes[0]: must be one of admin, read, write"),
        ("token.create", {"expires_at": "soon"}, f"expires_at: {TIME}"),
        ("token.create", {"expires_at": "2026-01-01T00:00:00"}, f"expires_at: {TIME}"),
        (
            "inbox.update",
            {"settings": {"offline": 9}},
            "settings.offline: must be a text or null",
        ),
        (
            "inbox.update",
            {"settings": {"offline": "x"}},
            "settings.offline: must be one of closed, form, queue",
        ),
        ("inbox.update", {"settings": {"x": 1}}, "settings.x: is not a field of this"),
        (
            "inbox.update",
            {"settings": {"hours": {"time_zone": "x", "week": []}}},
            "settings.hours.week: must have 7 entries",
        ),
        (
            "message.send",
            {"blocks": [{"type": "no"}]},
            "blocks[0].type: must be one of card, form, quick_replies",
        ),
        ("message.send", {"blocks": [{}]}, "blocks[0].type: is missing"),
    ],
)
def test_a_fault_is_told_with_its_place(name, fields, words):
    assert said(name, {**BY_NAME[name].example, **fields}) == words


ODD: tuple[Any, ...] = ({"zz": 1}, [None], 9.5, True, None, "", "\x7f x" * 500, [[]] * 2000, -1)


def words_about(command: Command, fields: dict[str, Any]) -> str:
    try:
        read_form(command, fields)
    except BadInput as refused:
        return str(refused)
    return ""


@pytest.mark.parametrize("name", BY_NAME)
def test_no_word_of_the_decoder_is_told(name):
    """Whatever stands in whatever field."""
    command = BY_NAME[name]
    for field in command.form.__struct_fields__:
        for odd in ODD:
            words = words_about(command, {**command.example, field: odd})
            assert not any(one in words for one in ("Expected", "Invalid", "`", "$."))
