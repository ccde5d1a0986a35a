"""What is wrong with a command's fields, in words for whoever sent them.

Rules: the fault's place comes first, as they wrote it (``files[0]``), then what must be there; an
enum's values are named. The words are the same over every transport.
Not here: which values are right (the forms, whose decoder finds the fault).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from enum import Enum
from types import UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

import msgspec

from kefu.core.errors import shortened

_KINDS = {
    "int": "an integer",
    "float": "a number",
    "str": "a text",
    "bool": "true or false",
    "array": "a list",
    "object": "an object",
    "datetime": "a time, such as 2026-03-02T09:30:00Z",
    "date": "a date, such as 2026-03-02",
    "null": "null",
}
_SIZES = {"str": ("character", "characters")}
_ENTRIES = ("entry", "entries")
UNKNOWN_FIELD = "is not a field of this"  # what ``words_of`` says of one, after its place
_MOST_PLACE = 200  # characters of where a fault is, which may be a name that was made up
_TIME, _DATE = _KINDS["datetime"], _KINDS["date"]


def words_of(fault: str, form: Any) -> str:
    """The decoder's words (``msgspec.ValidationError``) about a value of type ``form`` as ours."""
    said, _, at = fault.partition(" - at `")
    place = at.rstrip("`").removeprefix("$").removeprefix(".")
    for pattern, say in _SAYINGS:
        if match := pattern.fullmatch(said):
            words = say(*match.groups())
            break
    else:
        values = _values_at(form, place) if said.startswith("Invalid") else ()
        words = f"must be one of {', '.join(values)}" if values else "is not of the documented form"
    if named := _NAMED.fullmatch(words):  # a field that is unknown or missing: it is the place
        place, words = f"{place}.{named[1]}".removeprefix("."), named[2]
    return f"{shortened(place, _MOST_PLACE)}: {words}" if place else words


def _kind(wanted: str, got: str) -> str:
    kinds = [_KINDS.get(one, one) for one in wanted.split(" | ")]
    return f"must be {' or '.join(kinds)}"


def _length(kind: str, comparison: str, count: str, got: str) -> str:
    bound = {">=": "at least ", "<=": "at most ", "": ""}[comparison]
    return f"must have {bound}{count} {_SIZES.get(kind, _ENTRIES)[count != '1']}"


def _bound(kind: str, comparison: str, bound: str) -> str:
    words = {">=": "at least", "<=": "at most", ">": "more than", "<": "less than"}[comparison]
    return f"must be {words} {bound}"


_NAMED = re.compile(r"<(.*)> (.*)", re.DOTALL)
_SAYINGS: tuple[tuple[re.Pattern[str], Callable[..., str]], ...] = tuple(
    (re.compile(pattern, re.DOTALL), say)
    for pattern, say in (
        (r"Object contains unknown field `(.*)`", lambda name: f"<{name}> {UNKNOWN_FIELD}"),
        (r"Object missing required field `(.*)`", lambda name: f"<{name}> is missing"),
        (
            r"Expected `(\w+)` of length ([<>]=)? ?(\d+)(, got .*)?",
            lambda *parts: _length(parts[0], parts[1] or "", *parts[2:]),
        ),
        (r"Expected `(\w+)` ([<>]=?) (.+)", _bound),
        (r"Expected `str` matching regex '(.*)'", lambda pattern: f"must match {pattern}"),
        (r"Expected `(\w+)` with a timezone component", lambda kind: f"must be {_TIME}"),
        (r"Invalid RFC3339 encoded datetime", lambda: f"must be {_TIME}"),
        (r"Invalid RFC3339 encoded date", lambda: f"must be {_DATE}"),
        (r"Expected `([^`]+)`(?:, got `(.*)`)?", _kind),
    )
)


def _values_at(form: Any, place: str) -> list[str]:
    """The values that an enum at ``place`` of ``form`` has; [] if that is none."""
    here = [form]
    for name in re.findall(r"[^.\[\]]+|\[[^\[\]]*\]", place):
        here = [below for one in here for kind in _kinds(one) for below in _below(kind, name)]
    values: list[str] = []
    for kind in (kind for one in here for kind in _kinds(one)):
        if get_origin(kind) is Literal:
            values += map(str, get_args(kind))
        elif isinstance(kind, type) and issubclass(kind, Enum):
            values += [str(one.value) for one in kind]
    return sorted({*values})


def _kinds(one: Any) -> list[Any]:
    """The types that a type stands for: unions and annotations are taken apart."""
    if get_origin(one) is Annotated:
        return _kinds(get_args(one)[0])
    if get_origin(one) in (Union, UnionType):
        return [kind for part in get_args(one) for kind in _kinds(part)]
    return [one]


def _below(kind: Any, name: str) -> list[Any]:
    """The types of what stands under ``name`` (``[0]``: in a list; ``[...]``: in an object)."""
    if name.startswith("["):
        return [part for part in get_args(kind) if part is not Ellipsis]
    if not (isinstance(kind, type) and issubclass(kind, msgspec.Struct)):
        return []
    config = kind.__struct_config__
    if config.tag is not None and name == config.tag_field:
        return [Literal[config.tag]]
    hint = get_type_hints(kind, include_extras=True).get(name)
    return [] if hint is None else [hint]
