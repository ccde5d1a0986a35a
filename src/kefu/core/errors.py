"""Refusals: what a client may be told, each with a code.

Rules: a ``ChatError`` ends one request, never the connection or the process; its ``code`` is
stable and documented, its text is for people. A ``Fault`` ends a command before it serves anybody.
Anything else that escapes is a bug.
Not here: HTTP statuses and close codes; every gateway has its own table from ``code`` to its
protocol.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

_MOST_SAID = 500  # characters of a refusal


def shortened(text: str, most_chars: int) -> str:
    """``text``, or its beginning if it is longer than a refusal needs to tell it."""
    return text if len(text) <= most_chars else f"{text[:most_chars]}…"


class ChatError(Exception):
    """A refusal the client may be told about."""

    code = "chat_error"

    def __init__(self, detail: str = "") -> None:
        # What was sent may stand in it, and is not sent back at any length.
        detail = shortened(detail, _MOST_SAID)
        super().__init__(detail or " ".join((self.__doc__ or self.code).split()))
        self.detail = detail  # "" if there is nothing more to say than the kind of refusal


class BadInput(ChatError):
    """The request is not of the documented form."""

    code = "bad_input"


class BadText(BadInput):
    """The text has characters that not every store can keep: U+0000, or half of a pair."""


class BadName(ChatError):
    """The name cannot be used; ``fault`` says why."""

    code = "bad_name"

    class Fault(StrEnum):
        """Why."""

        NOT_TEXT = "the name must be text"
        BLANK = "the name is blank"
        TOO_LONG = "the name is too long"
        RESERVED = "the name is reserved"
        INVISIBLE = "the name has characters that cannot be seen"

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.value)
        self.fault = fault


class NameTaken(ChatError):
    """Somebody of the same kind is online under this name."""

    code = "name_taken"


class Unauthenticated(ChatError):
    """There is no proof of who asks, or it does not hold (any more)."""

    code = "unauthenticated"


class NotAllowed(ChatError):
    """You may not do this."""

    code = "not_allowed"


class ForeignPage(NotAllowed):
    """This site is not one of the inbox's."""


class NotFound(ChatError):
    """There is no such thing, or the actor may not know of it."""

    code = "not_found"


class Conflict(ChatError):
    """Somebody else was faster, or what was asked for is used already."""

    code = "conflict"


class ClientIdUsed(Conflict):
    """You used this client id for another message."""


class IllegalState(ChatError):
    """What was asked does not fit the state that the conversation is in."""

    code = "illegal_state"


class Expired(ChatError):
    """The position is of another past, e.g. before a restore, or too far behind: start afresh."""

    code = "expired"


class TooLarge(ChatError):
    """It has more bytes than the limit allows."""

    code = "too_large"


class TooMany(ChatError):
    """A rate or a bound is exceeded; try again later.

    ``retry_s``: after how many seconds; 0.0 if that is not known.
    """

    code = "too_many"

    def __init__(self, detail: str = "", retry_s: float = 0.0) -> None:
        super().__init__(detail or "Too many requests; try again later.")
        self.detail = detail
        self.retry_s = retry_s


class Unavailable(ChatError):
    """The store cannot be used now. Try again."""

    code = "unavailable"


class NotStored(Unavailable):
    """The store cannot write now; nothing was stored and nobody else saw it. Try again."""


class PerhapsStored(Unavailable):
    """It is not known if this was stored. A repeat under its client_id or key is stored once."""


class Fault(Exception):
    """Why a command cannot run: one line for the operator, that says what to do.

    ``template`` is English and, as it stands, the key of its translation; ``where`` is the file
    that is at fault, if one is.
    """

    status = 2  # of the process that ends by it

    def __init__(self, template: str, **fields: object) -> None:
        super().__init__(template)
        self.template = template
        self.fields = fields
        self.where = ""

    def __str__(self) -> str:
        return self.said(self.template)

    def said(self, template: str, fields: Mapping[str, object] | None = None) -> str:
        """The line in the language of ``template`` and of ``fields``."""
        text = template.format(**(self.fields if fields is None else fields))
        return f"{self.where}: {text}" if self.where else text
