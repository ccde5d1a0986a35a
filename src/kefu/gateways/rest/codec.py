"""A request's path, query and body as the fields of a command's form; pure.

Rules: JSON is strict UTF-8, and every value has its form's own type: no text that looks like a
number. In a path or query a number is its decimal digits, a boolean ``true`` or ``false``, a list
the same name several times. Of a key that stands twice in a JSON object the last counts.
Not here: what the fields may hold (``actions.commands.read_form``).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any
from urllib.parse import parse_qsl

import msgspec
from msgspec import inspect

from kefu.actions.commands import Command, check_json
from kefu.core.errors import BadInput, shortened
from kefu.gateways.rest.errors import WrongType

_INTEGER = re.compile(r"-?(0|[1-9][0-9]{0,19})")
_NUMBER = re.compile(r"-?(0|[1-9][0-9]{0,19})(\.[0-9]{1,20})?")
_LISTS = (inspect.ListType, inspect.VarTupleType, inspect.SetType, inspect.FrozenSetType)
_MOST_NAME = 200  # characters of a name that was made up
_MOST_TYPE_CHARS = 100  # of a Content-Type that is looked at
_MOST_QUERY_FIELDS = 100


@cache
def field_types(form: type[msgspec.Struct]) -> Mapping[str, inspect.Type]:
    """The form's fields, by the names that clients use."""
    made = inspect.type_info(form)
    fields = made.fields if isinstance(made, inspect.StructType) else ()
    return {field.encode_name: _plain(field.type) for field in fields}


def read_query(query: str) -> dict[str, list[str]]:
    """The parameters of a query string, by name. Raises BadInput."""
    try:
        pairs = parse_qsl(
            query, keep_blank_values=True, errors="strict", max_num_fields=_MOST_QUERY_FIELDS
        )
    except ValueError:
        raise BadInput("The query string is not one.") from None
    found: dict[str, list[str]] = {}
    for name, value in pairs:
        found.setdefault(name, []).append(value)
    return found


def texts_to_values(
    types: Mapping[str, inspect.Type], texts: Mapping[str, Sequence[str]]
) -> dict[str, Any]:
    """JSON values of what stood in a path or query. Raises BadInput: one name twice."""
    values: dict[str, Any] = {}
    for name, given in texts.items():
        kind = types.get(name)
        if isinstance(kind, _LISTS):
            values[name] = [_value(_plain(kind.item_type), text) for text in given]
        elif len(given) > 1:
            raise BadInput(f"{shortened(name, _MOST_NAME)}: given more than once.")
        else:
            values[name] = _value(kind, given[0]) if kind else given[0]
    return values


def read_body(body: bytes, content_type: str | None) -> dict[str, Any]:
    """The fields of a JSON body; none, if there is none. Raises WrongType, BadInput."""
    if content_type is not None and not _is_json(content_type):
        raise WrongType("The body has to be application/json.")
    if not body:
        return {}
    if content_type is None:
        raise WrongType("The body has to be application/json.")
    check_json(body)
    try:
        fields = msgspec.json.decode(body)
    except RecursionError:
        raise BadInput("Too many levels of values within each other.") from None
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise BadInput(f"Not JSON: {error}") from None
    if not isinstance(fields, dict):
        raise BadInput("Expected a JSON object.")
    return fields


def _is_json(content_type: str) -> bool:
    """Whether this is JSON (RFC 9110, section 8.3), in the one encoding that JSON has."""
    if len(content_type) > _MOST_TYPE_CHARS:
        return False
    kind, semicolon, parameter = (one.strip(" \t") for one in content_type.lower().partition(";"))
    if kind != "application/json":
        return False
    name, _, value = (one.strip(" \t") for one in parameter.partition("="))
    return not semicolon or (name == "charset" and value.strip('"') == "utf-8")


def fields_of(
    command: Command, path: Mapping[str, str], query: str, body: Mapping[str, Any] | None
) -> dict[str, Any]:
    """All fields of a request. ``body``: None if the method has none. Raises BadInput."""
    types = field_types(command.form)
    texts = {name: [text] for name, text in path.items()}
    asked = read_query(query)
    if twice := path.keys() & (asked.keys() if body is None else body.keys()):
        raise BadInput(f"{shortened(min(twice), _MOST_NAME)}: stands in the path.")
    if body is None:
        return texts_to_values(types, texts | asked)
    if asked:
        raise BadInput(f"{shortened(next(iter(asked)), _MOST_NAME)}: belongs into the body.")
    return {**body, **texts_to_values(types, texts)}


def _plain(kind: inspect.Type) -> inspect.Type:
    return _plain(kind.type) if isinstance(kind, inspect.Metadata) else kind


def _value(kind: inspect.Type, text: str) -> str | int | float | bool:
    kinds = kind.types if isinstance(kind, inspect.UnionType) else (kind,)
    for one in map(_plain, kinds):
        if isinstance(one, inspect.IntType | inspect.LiteralType) and _INTEGER.fullmatch(text):
            number = int(text)
            if isinstance(one, inspect.IntType) or number in one.values:
                return number
        if isinstance(one, inspect.FloatType) and _NUMBER.fullmatch(text):
            return float(text)
        if isinstance(one, inspect.BoolType) and text in ("true", "false"):
            return text == "true"
    return text
