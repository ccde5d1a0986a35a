"""An answer as it may look, made of its schema: for people and for tools that read the description.

Rules: pure, and the same each time. What the request's example names has the same value in the
answer. Of the fields that may be left out few are shown below the top, so that an answer stays
short. The example keeps to the schema (a test holds all of them to it).
Not here: the schemas (``openapi``), the examples of requests (each command's own).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

Json = dict[str, Any]

_SHOWN_LEVELS = 3  # of values within each other, in which optional fields are shown
_SHOWN = (
    *("agent", "agents", "assignee", "attributes", "email", "id", "inbox"),
    *("members", "status", "team", "unread"),
)
_LISTS = ("agents", "events", "scopes", "tags")
_CHOICES = ("message", "desk", "open", "online", "agent")  # of enums, before their first value
_TIME = "2026-03-02T09:30:00Z"
_LATER = ("until", "expires_at", "opens_at", "next_at")
_TEXTS = {
    "act": "inbox.update",
    "address": "192.0.2.7",
    "client_id": "c-5f1d",
    "cursor": "8bfa0ad7e460-411",
    "email": "li@example.com",
    "event_id": "evt_a1a92bd50ffe-4096",
    "kind": "widget",
    "kid": "2026-01",
    "locale": "en",
    "name": "Li Lei",
    "next": "411",
    "phone": "+86 10 5555 0123",
    "secret": "…",
    "shortcut": "hello",
    "text": "Where is my order?",
    "title": "Your order",
    "to": "li@example.com",
    "token": "ks_…",
    "type": "image/jpeg",
    "url": "https://example.com/kefu",
    "user_agent": "Mozilla/5.0",
    "user_id": "42",
    "version": "1.0.0",
    "what": "assigned",
    "widget_key": "wk_shop",
}


def example_of(schema: Json, named: Mapping[str, Json], hints: Mapping[str, Any]) -> Any:
    """A value that keeps to ``schema``.

    ``named``: the schemas that it refers to; ``hints``: values that fields of these names have.
    """
    return _Maker(named, hints).value(schema, "", 0)


class _Maker:
    def __init__(self, named: Mapping[str, Json], hints: Mapping[str, Any]) -> None:
        self._named = named
        self._hints = hints

    def value(self, schema: Json, field: str, level: int) -> Any:
        """A value of a field of this name, ``level`` values deep."""
        if "$ref" in schema:
            return self.value(self._named[schema["$ref"].rpartition("/")[2]], field, level)
        if "anyOf" in schema:
            kinds = [kind for kind in schema["anyOf"] if kind != {"type": "null"}]
            return self.value(kinds[0], field, level)
        if "const" in schema:
            return schema["const"]
        if "enum" in schema:
            told = (self._hints.get(field), *_CHOICES)
            return next((one for one in told if one in schema["enum"]), schema["enum"][0])
        match schema.get("type"):
            case "object":
                return self._object(schema, level)
            case "array":
                return self._array(schema, field, level)
            case "string":
                return self._text(schema, field)
            case "integer" | "number":
                return self._number(schema, field)
            case "boolean":
                return schema.get("default", True)
        return {}

    def _object(self, schema: Json, level: int) -> Json:
        needed = schema.get("required", ())
        return {
            name: self.value(one, name, level + 1)
            for name, one in schema.get("properties", {}).items()
            if name in needed or self._is_shown(name, level)
        }

    def _is_shown(self, field: str, level: int) -> bool:
        """Whether an optional field says something: most of them are seldom there."""
        return level == 0 or (level < _SHOWN_LEVELS and (field in _SHOWN or field in self._hints))

    def _array(self, schema: Json, field: str, level: int) -> list[Any]:
        if "prefixItems" in schema:
            return [self.value(one, field, level + 1) for one in schema["prefixItems"]]
        hint = self._hints.get(field)
        if field in _LISTS and isinstance(hint, list):
            return hint
        items = schema.get("items") or {}
        return [self.value(items, field, level + 1) for _ in range(schema.get("minItems", 1))]

    def _text(self, schema: Json, field: str) -> str:
        if schema.get("format") == "date-time" or field.endswith("_at") or field in ("at", "until"):
            return _TIME.replace("-02T", "-03T") if field in _LATER else _TIME
        if schema.get("format") == "date":
            return _TIME[:10]
        told = (self._hints.get(field), _TEXTS.get(field), "order", "en")
        pattern = schema.get("pattern", "")
        return next((one for one in told if isinstance(one, str) and re.search(pattern, one)), "…")

    def _number(self, schema: Json, field: str) -> Any:
        hint = self._hints.get(field)
        if isinstance(hint, int) and not isinstance(hint, bool):
            return hint
        return schema.get("default") or max(1, schema.get("minimum", 1))
