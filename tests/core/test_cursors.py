from __future__ import annotations

from typing import NamedTuple

import pytest

from kefu.core.conversation import Entry, Member, Message, Role
from kefu.core.cursors import make_cursor, mark_of, name_of, origin, read_cursor
from kefu.core.errors import BadInput


class Row(NamedTuple):
    """An entry as a database gives it."""

    id: int = 4711
    conversation_id: int = 17
    seq: int = 5
    type: str = "message"
    sent_ms: int = 1_700_000_000_000
    client_id: str | None = "c1"


def test_a_stored_message_and_its_row_have_the_same_mark():
    entry = Message(
        17, "desk:x", 5, Member(Role.VISITOR, "Li"), "c1", "Hi", 1_700_000_000_000,
        Entry.MESSAGE, id=4711,
    )  # fmt: skip
    assert make_cursor("e", entry) == make_cursor("e", Row())


def test_each_of_what_never_changes_makes_another_mark():
    others = [
        Row(id=4712),
        Row(conversation_id=18),
        Row(seq=6),
        Row(type="note"),
        Row(sent_ms=1_700_000_000_001),
        Row(client_id="c2"),
        Row(client_id=None),
    ]
    marks = {mark_of("e", Row()), mark_of("f", Row()), *(mark_of("e", one) for one in others)}
    assert len(marks) == 9


def test_a_cursor_is_read_back():
    mark, id = read_cursor(make_cursor("e", Row()))
    assert (mark, id) == (mark_of("e", Row()), 4711)
    assert read_cursor(origin("e")).id == 0
    assert origin("e") != origin("f")


def test_a_name_is_of_one_row_with_its_facts():
    names = [
        name_of("e", "letter", 1, 1000),
        name_of("e", "letter", 1, 1001),
        name_of("e", "letter", 2, 1000),
        name_of("e", "conversation", 1, 1000),
        name_of("f", "letter", 1, 1000),
    ]
    assert len(set(names)) == 5
    assert all(len(name) < 40 for name in names)


@pytest.mark.parametrize(
    "garbage",
    [
        *("", "-", "1", "abc-1", "g23456789abc-1", "0123456789AB-1", "0123456789ab-"),
        *("0123456789ab--1", "0123456789ab-1-1", "0123456789ab-١", "0123456789ab-" + "1" * 19),
        *(" 0123456789ab-1", "0123456789ab-1\n", "8f3a61c09d2be574-4711"),
    ],
)
def test_garbage_is_no_cursor(garbage):
    with pytest.raises(BadInput, match="cursor"):
        read_cursor(garbage)
