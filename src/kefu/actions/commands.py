"""What a command is, whatever the transport.

Rules: REST and realtime decode what they got into the command's form; they know nothing else of it.
Not here: carrying one out (``actions.carrying``), the list of commands (``actions.catalogue``),
paths and frames (``gateways``), who may do what (``core.permissions``).
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal, get_type_hints

import msgspec

from kefu.actions.context import Call
from kefu.actions.faults import words_of
from kefu.core.errors import BadInput, BadText, ChatError
from kefu.core.text import is_storable

Act = Callable[[Call, Any], Awaitable[Any]]

MOST_DEPTH = 32  # of JSON values within each other
MOST_VALUES = 20_000  # in the JSON of one command; a text counts one for each ``,``, ``[``, ``{``


@dataclass(frozen=True, slots=True)
class Command:
    """One thing that clients can ask for.

    ``path`` is below ``/api/v1``; its ``{fields}`` are fields of the form. ``errors`` are those
    that are the command's own, beside the common ones. ``example`` is a form's JSON. ``secret``:
    the answer holds something that must not be stored, so it is not kept for repeats.
    ``compressed``: the answer may be, on the way: the team's own words alone, and no secret.
    ``fresh_s``: for how long a copy of the answer is as good, for whoever asks; 0: not at all.
    """

    name: str
    act: Act
    method: Literal["GET", "POST", "PUT", "PATCH", "DELETE"]
    path: str
    example: dict[str, Any]
    who: Literal["visitor", "agent", "both", "anyone"] = "agent"
    errors: tuple[type[ChatError], ...] = ()
    status: int = 200
    secret: bool = False
    compressed: bool = False
    fresh_s: int = 0

    @property
    def form(self) -> type[msgspec.Struct]:
        """What the command takes."""
        form: type[msgspec.Struct] = _types(self.act)["do"]
        return form

    @property
    def answer(self) -> Any:
        """What it answers."""
        return _types(self.act)["return"]

    @property
    def summary(self) -> str:
        """One line for people."""
        return (self.act.__doc__ or "").strip().splitlines()[0]

    @property
    def changes(self) -> bool:
        """Whether it changes anything."""
        return self.method != "GET"


@cache
def _types(act: Act) -> dict[str, Any]:
    return get_type_hints(act, include_extras=True)


def read_form(command: Command, fields: object) -> msgspec.Struct:
    """Make the command's form of JSON values. Raises BadInput, which names the field."""
    check_values(fields)
    try:
        form: msgspec.Struct = msgspec.convert(fields, command.form)
    except msgspec.ValidationError as error:
        raise BadInput(words_of(str(error), command.form)) from None
    return form


def check_json(json: bytes) -> None:
    """Raise BadInput if reading this made far more values than any command has.

    The values are what reading costs, a hundred times as much as the bytes do; each needs one of
    three bytes that stand for nothing else.
    """
    if sum(map(json.count, b"[{,")) > MOST_VALUES:
        raise BadInput(f"More than {MOST_VALUES:,} values.")


def check_values(value: object) -> None:
    """Raise BadText, BadInput: not every store can keep the texts, or they lie too deep."""
    level = [value]
    for _ in range(MOST_DEPTH):
        below: list[object] = []
        for one in level:
            if isinstance(one, str) and not is_storable(one):
                raise BadText
            if isinstance(one, dict):
                below += one.keys()
                below += one.values()
            elif isinstance(one, list):
                below += one
        if not below:
            return
        level = below
    raise BadInput(f"More than {MOST_DEPTH} levels of values within each other.")
