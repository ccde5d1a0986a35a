"""What a command is, and how one is carried out, whatever the transport.

Rules: REST and realtime decode what they got into the command's form and call ``carry_out``; they
know nothing else of it. A command that changes something may carry a key (``Idempotency-Key``): a
repeat gets the first answer.
Not here: the list of commands (``actions.catalogue``), paths and frames (``gateways``).
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Literal, get_type_hints

import msgspec

from kefu.actions.context import Call
from kefu.core.errors import BadInput, ChatError

Act = Callable[[Call, Any], Awaitable[Any]]


@dataclass(frozen=True, slots=True)
class Command:
    """One thing that clients can ask for.

    ``path`` is below ``/api/v1``; its ``{fields}`` are fields of the form. ``errors`` are those
    that are the command's own, beside the common ones. ``example`` is a form's JSON.
    """

    name: str
    act: Act
    method: Literal["GET", "POST", "PUT", "PATCH", "DELETE"]
    path: str
    example: dict[str, Any]
    who: Literal["visitor", "agent", "both", "anyone"] = "agent"
    errors: tuple[type[ChatError], ...] = ()
    status: int = 200

    @property
    def form(self) -> type[msgspec.Struct]:
        """What the command takes."""
        form: type[msgspec.Struct] = get_type_hints(self.act)["do"]
        return form

    @property
    def answer(self) -> Any:
        """What it answers."""
        return get_type_hints(self.act)["return"]

    @property
    def summary(self) -> str:
        """One line for people."""
        return (self.act.__doc__ or "").strip().splitlines()[0]

    @property
    def changes(self) -> bool:
        """Whether it changes anything."""
        return self.method != "GET"


def read_form(command: Command, fields: object, *, from_text: bool = False) -> msgspec.Struct:
    """Make the command's form of JSON values. Raises BadInput, naming the field.

    ``from_text``: numbers and booleans may be written as text, as in a query string.
    """
    try:
        form: msgspec.Struct = msgspec.convert(fields, command.form, strict=not from_text)
    except msgspec.ValidationError as error:
        raise BadInput(str(error)) from None
    return form


async def carry_out(call: Call, command: Command, form: msgspec.Struct) -> Any:
    """Do what ``form`` asks for. Raises ChatError."""
    return await command.act(call, form)
