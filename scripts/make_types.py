"""Write web/protocol/src/types.ts: the values, commands and codes of the protocol, for TypeScript.

Rules: the structs of ``core`` and the forms and answers of ``actions.catalogue`` are the source;
msgspec makes their JSON schema, this makes TypeScript of it. A field with a default may be left
out. What is sent leaves out what has its default, so such a field is never null; a form may be sent
null where that means something. Nothing here knows a single struct's fields.
Not here: frames (web/protocol/src/frames.ts), whether the file is up to date (tests/docs).
"""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import re
import textwrap
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple, get_args, get_origin

import msgspec

from kefu import core
from kefu.actions.catalogue import COMMANDS
from kefu.actions.following import ConversationPage, FeedPage, OpenConversation, OpenFeed
from kefu.actions.forms import Done
from kefu.core import content, desk, errors, signals
from kefu.core.audit import Act, Noun
from kefu.gateways.realtime import codec

TARGET = Path(__file__).parents[1] / "web/protocol/src/types.ts"
COMMAND = ".venv/bin/python -m scripts.make_types"
VALUES = (desk.Event, desk.Body, desk.Contact, desk.AgentInfo, content.Block)
SIGNALS: tuple[type[msgspec.Struct], ...] = get_args(signals.Signal)
OWN_ANSWERS = {  # of realtime's own commands; the others answer Done
    codec.Hello: codec.Welcome,
    OpenConversation: ConversationPage,
    OpenFeed: FeedPage,
}
WIDTH = 100

_HEADER = f"""\
/**
 * The protocol's values, commands and error codes. Made of the server's own structs; do not edit.
 *
 * Times are RFC 3339 texts in UTC. A field that is left out has its default, which is null, 0, "",
 * false or empty unless its description says another.
 * To make it again: {COMMAND}
 */
"""
_NARROWER = {  # than the struct says, which takes whatever is stored
    ("Message", "blocks"): "readonly Block[]",
}
_WORDS = {  # enumerations that many fields have, by their names here
    "Act": Act,
    "EventName": desk.EventName,
    "How": desk.How,
    "Noun": Noun,
    "Reason": desk.Reason,
    "What": desk.What,
}
_NATIVE = {
    "string": "string",
    "integer": "number",
    "number": "number",
    "boolean": "boolean",
    "null": "null",
}
_Schema = Mapping[str, Any]


def make() -> str:
    """The file's text."""
    types = [*VALUES, *SIGNALS, *_command_types()]
    _, components = msgspec.json.schema_components(types, ref_template="{name}")
    sent = _names_of_sent(types)
    parts = [_HEADER, *_unions()]
    for name in sorted(components, key=_clean):
        drop_null = name.partition("_")[0] in sent
        parts.append(_declare(_clean(name), components[name], drop_null=drop_null))
    parts += _command_table()
    return "\n".join(parts)


class _Row(NamedTuple):
    name: str
    form: type[msgspec.Struct]
    answer: Any
    summary: str


def _commands() -> list[_Row]:
    """Those of the catalogue, and those that are about a connection itself, by name."""
    rows = [
        _Row(one.name, one.form, one.answer, f"{one.summary} {_WHO[one.who]}") for one in COMMANDS
    ]
    for name, form in codec.OWN.items():
        answer = OWN_ANSWERS.get(form, Done)
        rows.append(_Row(name, form, answer, f"{_first_line(form)} Over realtime alone."))
    return sorted(rows)


def _first_line(kind: type) -> str:
    return inspect.getdoc(kind).splitlines()[0]  # type: ignore[union-attr]


def _command_types() -> Iterator[Any]:
    for command in _commands():
        yield command.form
        if _is_described(command.answer):
            yield command.answer


def _is_described(answer: Any) -> bool:
    return answer not in (None, type(None), Any)


def _names_of_sent(types: Iterable[Any]) -> set[str]:
    """The names of the structs that leave out defaults when they are sent."""
    names = set()
    seen: dict[int, Any] = {}
    todo: list[Any] = [*msgspec.inspect.multi_type_info(types)]
    while todo:
        here = todo.pop()
        if isinstance(here, tuple):
            todo.extend(here)
        elif isinstance(here, msgspec.Struct) and id(here) not in seen:
            seen[id(here)] = here
            todo.extend(getattr(here, field) for field in here.__struct_fields__)
            if isinstance(here, msgspec.inspect.StructType):
                kind = get_origin(here.cls) or here.cls
                if kind.__struct_config__.omit_defaults:
                    names.add(kind.__name__)
    return names


def _clean(name: str) -> str:
    """``Page_Message_`` → ``PageOfMessage``: what a component is called here."""
    generic = re.fullmatch(r"([A-Za-z]+)_(\w+)_", name)
    return "Of".join(generic.groups()) if generic else name.replace(".", "")


def _unions() -> Iterator[str]:
    yield _doc("What was done, as the audit trail has it.") + _union_of("Act", get_args(Act))
    yield _doc("What an event tells.") + _union_of("EventName", get_args(desk.EventName))
    yield _doc("How a conversation came to whoever has it.") + _union_of("How", get_args(desk.How))
    yield _doc("What the audit trail tells of.") + _union_of("Noun", get_args(Noun))
    yield _doc("Why a conversation was queued, came back or is over.") + _union_of(
        "Reason", get_args(desk.Reason)
    )
    yield _doc("What happened to a conversation.") + _union_of("What", get_args(desk.What))
    codes = {kind.code for kind in _refusals(errors.ChatError)}
    yield _doc("Why something was refused.") + _union_of("ErrorCode", codes)
    names = [_clean(kind.__name__) for kind in SIGNALS]
    yield _doc("What is told but never stored.") + _alias("Signal", names)
    blocks = [_clean(kind.__name__) for kind in get_args(content.Block)]
    yield _doc("What a message may hold beside its text.") + _alias("Block", blocks)


def _refusals(kind: type[errors.ChatError]) -> Iterator[type[errors.ChatError]]:
    """Those of the core: whatever of it is imported by now must not matter."""
    for module in pkgutil.iter_modules(core.__path__, f"{core.__name__}."):
        importlib.import_module(module.name)
    for one in kind.__subclasses__():
        if one.__module__.startswith(f"{core.__name__}."):
            yield one
            yield from _refusals(one)


def _union_of(name: str, texts: Iterable[str]) -> str:
    return _alias(name, [_text(one) for one in sorted(texts)])


def _alias(name: str, kinds: Sequence[str]) -> str:
    line = f"export type {name} = {' | '.join(kinds)};\n"
    if len(line) <= WIDTH:
        return line
    return f"export type {name} =" + "".join(f"\n  | {kind}" for kind in kinds) + ";\n"


def _declare(name: str, schema: _Schema, *, drop_null: bool) -> str:
    doc = _doc(schema.get("description", ""))
    if "properties" not in schema:
        if "enum" in schema:
            return doc + _alias(name, [_text(one) for one in schema["enum"]])
        return f"{doc}export type {name} = {_type(schema)};\n"
    required = schema.get("required", ())
    fields = "".join(
        _field((name, field), inner, optional=field not in required, drop_null=drop_null)
        for field, inner in schema["properties"].items()
    )
    return f"{doc}export interface {name} {{\n{_tag(name)}{fields}}}\n"


def _field(place: tuple[str, str], schema: _Schema, *, optional: bool, drop_null: bool) -> str:
    default = schema.get("default")
    no_null = optional and drop_null and default is None
    kind = _NARROWER.get(place) or _type(schema, no_null=no_null)
    said = [schema["description"]] if schema.get("description") else []
    if default not in (None, False, 0, "", []) and not isinstance(default, dict):
        said.append(f"Default: {_text(default)}.")
    mark = "?" if optional else ""
    return f"{_doc(' '.join(said), '  ')}  readonly {_key(place[1])}{mark}: {kind};\n"


def _tag(name: str) -> str:
    """What a signal's frame says that its struct has as a constant."""
    on = {kind.__name__: getattr(kind, "on", None) for kind in SIGNALS}.get(name)
    return f"  readonly on: {_text(on)};\n" if on else ""


def _type(schema: _Schema, *, no_null: bool = False) -> str:
    if "$ref" in schema:
        return _clean(schema["$ref"])
    if "enum" in schema:
        known = (name for name, words in _WORDS.items() if {*get_args(words)} == {*schema["enum"]})
        return next(known, " | ".join(_text(one) for one in schema["enum"]))
    if "const" in schema:
        return _text(schema["const"])
    for several in ("anyOf", "oneOf", "allOf"):
        if several in schema:
            kinds = [_type(one) for one in schema[several]]
            return " | ".join(kind for kind in kinds if not (no_null and kind == "null"))
    return _plain(schema)


def _plain(schema: _Schema) -> str:
    kind = schema.get("type")
    if isinstance(kind, list):
        return " | ".join(_plain({**schema, "type": one}) for one in kind)
    if kind == "array":
        return _array(schema)
    if kind == "object":
        values = schema.get("additionalProperties", {})
        return f"Readonly<Record<string, {_type(values) if values else 'unknown'}>>"
    return _NATIVE[kind] if kind else "unknown"


def _array(schema: _Schema) -> str:
    if "prefixItems" in schema:
        return f"readonly [{', '.join(_type(one) for one in schema['prefixItems'])}]"
    items = schema.get("items", {})
    inner = _type(items) if items else "unknown"
    several = " | " in inner or inner.startswith("readonly ")
    return f"readonly ({inner})[]" if several else f"readonly {inner}[]"


def _command_table() -> Iterator[str]:
    lines = [
        _doc(one.summary, "  ")
        + f"  readonly {_text(one.name)}: {{\n"
        + f"    readonly form: {_clean(one.form.__name__)};\n"
        + f"    readonly answer: {_answer(one.answer)};\n  }};\n"
        for one in _commands()
    ]
    yield _doc("Every command: what it takes and what it answers.") + (
        f"export interface Commands {{\n{''.join(lines)}}}\n"
    )
    yield "export type CommandName = keyof Commands;\n"


_WHO = {
    "visitor": "For visitors.",
    "agent": "For the team.",
    "both": "For visitors and the team.",
    "anyone": "For anyone.",
}


def _answer(answer: Any) -> str:
    if not _is_described(answer):
        return "unknown"
    (schema,), _ = msgspec.json.schema_components([answer], ref_template="{name}")
    return _type(schema)


def _text(value: object) -> str:
    return msgspec.json.encode(value).decode()


def _key(field: str) -> str:
    return field if re.fullmatch(r"[A-Za-z_]\w*", field) else _text(field)


def _doc(text: str, indent: str = "") -> str:
    """A comment; "" if there is nothing to say."""
    text = inspect.cleandoc(text).replace("``", "`").replace("*/", "* /").strip()
    if not text:
        return ""
    if "\n" not in text and len(indent) + len(text) + 7 <= WIDTH:
        return f"{indent}/** {text} */\n"
    room = WIDTH - len(indent) - 3
    wrapped = [part for line in text.splitlines() for part in textwrap.wrap(line, room) or [""]]
    lines = "".join(f"{indent} * {line}".rstrip() + "\n" for line in wrapped)
    return f"{indent}/**\n{lines}{indent} */\n"


if __name__ == "__main__":
    TARGET.write_text(make(), "utf-8")
