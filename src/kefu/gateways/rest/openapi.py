"""The description of the whole API for tools (OpenAPI 3.1), made of the table of commands.

Rules: nothing is said twice: names, bounds and descriptions come from the commands' forms, answers
and docstrings, errors from ``core.errors``. Whatever can be asked for stands here.
Not here: how it looks to people (``pages``).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from copy import deepcopy
from pathlib import Path
from typing import Any, get_args

import msgspec

import kefu
from kefu.actions.commands import Command
from kefu.core.content import Block
from kefu.core.errors import (
    BadInput,
    BadName,
    ChatError,
    Conflict,
    NotAllowed,
    NotFound,
    TooLarge,
    TooMany,
    Unauthenticated,
    Unavailable,
)
from kefu.gateways.rest.authentication import COOKIE
from kefu.gateways.rest.errors import WrongType, body_of, headers_of, status_of

Json = dict[str, Any]

# The struct takes whatever is stored, which was looked at when it was sent.
_BLOCKS = ("Message", "blocks")
# What a server answered to the example of each command: recorded by its test.
ANSWERS = Path(__file__).parent / "answers.json"

COMPONENTS = "#/components/schemas/"
_ABOUT = """\
Live support chat. Every command here is also one of the realtime protocol, under the name that is
its `operationId`.

Lists come in pages: where an answer has `next`, give it as `cursor`, or as what the command names
it, to get the next page. A request that changes something may carry an `Idempotency-Key`: sent
again, it is done once and answered again. Refusals have a stable `code`.
"""
_TOKEN: Json = {"bearer": []}
SECURITY: dict[str, list[Json]] = {
    "agent": [_TOKEN, {"session": []}],
    "visitor": [_TOKEN, {"bearer": [], "widget": []}],
    "both": [_TOKEN, {"session": []}, {"bearer": [], "widget": []}],
    "anyone": [{}],
}
_SCHEMES: Json = {
    "bearer": {
        "type": "http",
        "scheme": "bearer",
        "description": "A session (`ks_…`), an API token (`kt_…`), or a visitor's device (`kd_…`).",
    },
    "session": {
        "type": "apiKey",
        "in": "cookie",
        "name": COOKIE,
        "description": "Counts only for requests of Kefu's own pages.",
    },
    "widget": {
        "type": "apiKey",
        "in": "header",
        "name": "X-Kefu-Widget",
        "description": "The inbox's widget key, for a visitor's device that has not written yet.",
    },
}
_ERROR: Json = {
    "type": "object",
    "required": ["error"],
    "properties": {
        "error": {
            "type": "object",
            "required": ["code", "message"],
            "properties": {
                "code": {"type": "string", "description": "Stable."},
                "message": {"type": "string", "description": "For people."},
                "retry_ms": {"type": "integer", "description": "When to try again."},
            },
        }
    },
}
_REPEAT: Json = {
    "name": "Idempotency-Key",
    "in": "header",
    "description": "A name of your own for this request; sent again, it is done once.",
    "schema": {"type": "string", "minLength": 1, "maxLength": 100, "pattern": "^[\\x21-\\x7e]+$"},
}


def document(
    commands: Iterable[Command], others: Mapping[str, Json], types: Iterable[type]
) -> Json:
    """The OpenAPI document.

    ``others``: operations that are no commands, by path and method; they may refer to ``types``.
    """
    commands = [*commands]
    shapes = _Shapes(commands, types)
    paths: dict[str, Json] = {path: deepcopy(dict(one)) for path, one in others.items()}
    for command in commands:
        place = paths.setdefault(f"/api/v1{command.path}", {})
        place[command.method.lower()] = _operation(command, shapes)
    shared = {"Error": _ERROR, **dict(sorted(shapes.shared().items()))}
    _show_answers(paths)
    tags = sorted({tag for each in paths.values() for one in each.values() for tag in one["tags"]})
    return {
        "openapi": "3.1.0",
        "info": {"title": "Kefu", "version": kefu.__version__, "description": _ABOUT},
        "servers": [{"url": "/", "description": "This server."}],
        "tags": [{"name": tag} for tag in tags],
        "paths": dict(sorted(paths.items())),
        "components": {
            "schemas": shared,
            "securitySchemes": _SCHEMES,
        },
    }


class _Shapes:
    """The JSON schemas of all forms and answers, named consistently."""

    def __init__(self, commands: Sequence[Command], types: Iterable[type]) -> None:
        forms = [command.form for command in commands]
        answers = [command.answer for command in commands]
        made, self._components = msgspec.json.schema_components(
            [*forms, *answers, *types, Block], ref_template=COMPONENTS + "{name}"
        )
        value, field = _BLOCKS
        if value in self._components:
            self._components[value]["properties"][field]["items"] = made[-1]
        names = [command.name for command in commands]
        self._forms = dict(zip(names, made, strict=False))
        self.answers = dict(zip(names, made[len(names) :], strict=False))
        self._others = made[2 * len(names) : -1]

    def form(self, command: Command) -> Json:
        """A command's form as a schema."""
        found: Json = self._components[_named(self._forms[command.name])]
        return found

    def shared(self) -> Json:
        """The schemas that others refer to: forms are written out where they are used."""
        kinds = {kind.__name__ for kind in get_args(Block)}
        referred = kinds | {_named(one) for one in [*self.answers.values(), *self._others]}
        unused = {_named(one) for one in self._forms.values()} - referred
        return {name: one for name, one in self._components.items() if name not in unused}


def _named(schema: Json) -> str:
    return str(schema.get("$ref", "")).removeprefix(COMPONENTS)


def refusals(errors: Iterable[type[ChatError]]) -> Json:
    """The answers that these errors are, by status."""
    by_status: dict[int, list[ChatError]] = {}
    for error in sorted({_example(kind) for kind in errors}, key=lambda one: one.code):
        by_status.setdefault(status_of(error), []).append(error)
    return {str(status): _refusal(alike) for status, alike in sorted(by_status.items())}


def answer(description: str, schema: Json, example: Json | None = None) -> Json:
    """An answer with a JSON body."""
    shown = {"schema": schema} if example is None else {"schema": schema, "example": example}
    return {"description": description, "content": {"application/json": shown}}


def common_errors(who: str, *, body: bool, changes: bool) -> set[type[ChatError]]:
    """What any operation of this kind may be refused with."""
    kinds: set[type[ChatError]] = {BadInput, NotFound, TooMany, Unavailable, NotAllowed}
    if who != "anyone":
        kinds.add(Unauthenticated)
    if changes:
        kinds.add(Conflict)
    return kinds | {TooLarge, WrongType} if body else kinds


def _operation(command: Command, shapes: _Shapes) -> Json:
    form = shapes.form(command)
    properties, required = form.get("properties", {}), set(form.get("required", ()))
    in_path = {name for name in properties if f"{{{name}}}" in command.path}
    in_body = set() if command.method in ("GET", "DELETE") else properties.keys() - in_path
    parameters = [
        _parameter(name, schema, command.example, in_path=name in in_path, needed=name in required)
        for name, schema in properties.items()
        if name not in in_body
    ]
    said = (command.act.__doc__ or "").strip().partition("\n")
    has_body = command.method in ("POST", "PUT", "PATCH")
    errors = common_errors(command.who, body=has_body, changes=command.changes)
    operation: Json = {
        "operationId": command.name,
        "tags": [command.name.partition(".")[0]],
        "summary": said[0].replace("``", "`"),
        "parameters": parameters,
        "security": SECURITY[command.who],
        "x-kefu-who": command.who,
        "responses": {
            str(command.status): answer("Done.", shapes.answers[command.name]),
            **refusals({*errors, *command.errors}),
        },
    }
    if more := _paragraph(said[2]):
        operation["description"] = more
    if command.changes and not command.secret and command.who != "anyone":
        parameters.append(_REPEAT)
    if has_body:
        operation["requestBody"] = _body(form, in_body, command.example)
    return operation


def _show_answers(paths: Mapping[str, Json]) -> None:
    """Show with each operation what a server answered to its example."""
    answers = msgspec.json.decode(ANSWERS.read_bytes())
    for operation in [one for methods in paths.values() for one in methods.values()]:
        if (shown := answers.get(operation["operationId"])) is not None:
            done = min(operation["responses"])
            operation["responses"][done]["content"]["application/json"]["example"] = shown


def _body(form: Json, names: set[str], example: Json) -> Json:
    # Over REST an Idempotency-Key may stand for the ``client_id``.
    required = [name for name in form.get("required", ()) if name in names - {"client_id"}]
    properties = {name: one for name, one in form["properties"].items() if name in names}
    if "client_id" in properties:
        properties["client_id"] = _repeatable(properties["client_id"])
    schema = {
        "type": "object",
        "description": form.get("description", ""),
        "properties": properties,
        "additionalProperties": False,
        **({"required": required} if required else {}),
    }
    shown = {name: value for name, value in example.items() if name in names}
    content = {"application/json": {"schema": schema, "example": shown}}
    return {"required": bool(required), "content": content}


def _repeatable(schema: Json) -> Json:
    told = f"{schema['description']} Needed, unless there is an `Idempotency-Key`: then it is that."
    return {**schema, "description": told}


def _parameter(name: str, schema: Json, example: Json, *, in_path: bool, needed: bool) -> Json:
    schema = _without_null(schema)
    parameter: Json = {
        "name": name,
        "in": "path" if in_path else "query",
        "required": in_path or needed,
        "schema": schema,
    }
    if "description" in schema:
        parameter["description"] = schema["description"]
    if name in example:
        parameter["example"] = example[name]
    return parameter


def _without_null(schema: Json) -> Json:
    """What a text can stand for: a parameter that is null is one that is left out."""
    kinds = [kind for kind in schema.get("anyOf", ()) if kind != {"type": "null"}]
    if not kinds:
        return schema
    rest = {name: value for name, value in schema.items() if name not in ("anyOf", "default")}
    return {**kinds[0], **rest} if len(kinds) == 1 else {**rest, "anyOf": kinds}


def _example(kind: type[ChatError]) -> ChatError:
    if issubclass(kind, TooMany):
        return kind(retry_s=1.5)
    return kind(BadName.Fault.BLANK) if issubclass(kind, BadName) else kind()


def _refusal(errors: Iterable[ChatError]) -> Json:
    errors = [*errors]
    meaning = {error.code: (error.__doc__ or "").partition("\n")[0] for error in errors}
    refusal: Json = answer(" ".join(meaning.values()), {"$ref": f"{COMPONENTS}Error"})
    refusal["content"]["application/json"]["examples"] = {
        error.code: {"value": body_of(error)} for error in errors
    }
    if names := {name for error in errors for name in headers_of(error)}:
        refusal["headers"] = {name: {"schema": {"type": "string"}} for name in sorted(names)}
    return refusal


def _paragraph(docstring: str) -> str:
    """A docstring's further lines; what they raise is told by the responses."""
    lines = [line.strip() for line in docstring.strip().splitlines()]
    kept = "\n".join(lines).partition("\nRaises")[0]
    return "" if kept.startswith("Raises") else kept.strip().replace("``", "`")
