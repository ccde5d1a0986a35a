"""What commands are made of: the base of their forms, the fields that many share, pages.

Rules: a form names every field it takes; any other is refused (``bad_input``). Bounds that do not
change with the configuration stand here, as part of the type, so that they are in the OpenAPI
document; those of ``core.limits`` are checked by the actions.
"""

from __future__ import annotations

import re
from typing import Annotated, Any, Generic, TypeVar

import msgspec
from msgspec import Meta

from kefu.core.desk import Value
from kefu.core.errors import BadInput

T = TypeVar("T")
V = TypeVar("V", bound=Value)

# SQLite and PostgreSQL both keep 64-bit ids and 32-bit numbers of entries; JSON is exact to 2**53.
Id = Annotated[int, Meta(ge=1, lt=2**53, description="An id.")]
Seq = Annotated[int, Meta(ge=0, lt=2**31, description="A number in a conversation's timeline.")]
ClientId = Annotated[
    str,
    Meta(
        min_length=1,
        max_length=100,
        pattern=r"^[\x21-\x7e]+$",
        description="Your own id of this send: a repeat under the same id is stored once.",
    ),
]
Limit = Annotated[int, Meta(ge=1, le=200, description="How many at most.")]
Cursor = Annotated[str, Meta(max_length=100, description="Where the page before this one ended.")]
Name = Annotated[str, Meta(min_length=1, max_length=200)]
Line = Annotated[str, Meta(max_length=500)]


def older_than(cursor: str | None) -> int | None:
    """The id that a page begins below, of the ``next`` before it. Raises BadInput."""
    if cursor is None:
        return None
    if not re.fullmatch("[0-9]{1,15}", cursor):
        raise BadInput("cursor: not one that this list gave.")
    return int(cursor)


class Form(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Base of what commands take."""


class Page(Value, Generic[T], frozen=True):
    """A part of a list; ``next`` is the cursor of the next part, left out if this is the last."""

    items: tuple[T, ...]
    next: str | None = None


def with_once(kind: type[V], made: Value, **once: Any) -> V:
    """``made`` as the answer of what made it: its own fields, and beside them what is told once.

    ``kind``: of the answer, which is ``made``'s with a field more: ``secret`` or ``link``.
    """
    return kind(**msgspec.structs.asdict(made), **once)


class Done(Value, frozen=True):
    """The command took effect; there is nothing more to say."""
