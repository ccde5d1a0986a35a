"""Texts of a path and query become the values of their types, and nothing else does."""

from __future__ import annotations

from typing import Literal

import pytest

from kefu.actions.forms import Form
from kefu.core.errors import BadInput
from kefu.core.states import Status
from kefu.gateways.rest.codec import field_types, read_query, texts_to_values


class Wanted(Form, frozen=True):
    """What some command takes."""

    id: int = 0
    share: float = 0.0
    open: bool = False
    name: str | None = None
    after: int | None = None
    statuses: tuple[Status, ...] = ()
    ids: tuple[int, ...] = ()
    rank: Literal[1, 2] | None = None
    word: Literal["1", "2"] | None = None


def values(query: str) -> dict[str, object]:
    return texts_to_values(field_types(Wanted), read_query(query))


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("id=7", {"id": 7}),
        ("id=-7", {"id": -7}),
        ("id=07", {"id": "07"}),
        ("id=1e3", {"id": "1e3"}),
        ("id=+7", {"id": " 7"}),
        ("id=%EF%BC%97", {"id": "７"}),
        ("id=" + "9" * 400, {"id": "9" * 400}),
        ("share=0.5", {"share": 0.5}),
        ("share=nan", {"share": "nan"}),
        ("open=true", {"open": True}),
        ("open=1", {"open": "1"}),
        ("name=7", {"name": "7"}),
        ("name=null", {"name": "null"}),
        ("name=", {"name": ""}),
        ("name=a+b%26c", {"name": "a b&c"}),
        ("after=7", {"after": 7}),
        ("after=null", {"after": "null"}),
        ("statuses=open", {"statuses": ["open"]}),
        ("statuses=open&statuses=queued", {"statuses": ["open", "queued"]}),
        ("ids=1&ids=x", {"ids": [1, "x"]}),
        ("rank=2", {"rank": 2}),
        ("rank=3", {"rank": "3"}),
        ("word=2", {"word": "2"}),
        ("unknown=7", {"unknown": "7"}),
        ("", {}),
    ],
)
def test_a_text_is_read_by_its_fields_type(query, expected):
    assert values(query) == expected


@pytest.mark.parametrize("query", ["id=1&id=2", "name=%ff", "&".join("a=1" for _ in range(101))])
def test_what_no_query_string_is_gets_refused(query):
    with pytest.raises(BadInput):
        values(query)
