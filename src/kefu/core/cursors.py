"""Positions in what is stored, and other names of rows that are told outside.

Rules: a store may be put back to an earlier state and grow anew, and then gives the same numbers to
other rows. So whatever keeps a number outside keeps a mark with it: a hash of what never changes in
the row that the number names. A cursor is ``MARK-ID`` of the newest entry that its holder has; the
store that has this very entry goes on from there, any other says Expired.
A mark is made with the store's ``epoch``, which is told to nobody, so it says nothing of the row.
Not here: looking entries up (``storage.positions``), what comes after them (``storage.following``).
"""

from __future__ import annotations

import re
from hashlib import blake2b
from typing import NamedTuple, Protocol

from kefu.core.errors import BadInput

MARK = "[0-9a-f]{12}"  # 48 bits: what it must not hit is one other row under one number
_FORM = re.compile(f"({MARK})-([0-9]{{1,18}})", re.ASCII)


class Named(Protocol):
    """What never changes in an entry of the timeline, as far as marks are made of it."""

    @property
    def id(self) -> int: ...
    @property
    def conversation_id(self) -> int: ...
    @property
    def seq(self) -> int: ...
    @property
    def type(self) -> str: ...
    @property
    def sent_ms(self) -> int: ...
    @property
    def client_id(self) -> str | None: ...


class Position(NamedTuple):
    """What a cursor says: that its holder has everything up to this entry; id 0: nothing."""

    mark: str
    id: int


def mark_of(epoch: str, entry: Named) -> str:
    """The mark of an entry. ``epoch``: the store's own secret text."""
    said = (
        f"{epoch} {entry.id} {entry.conversation_id} {entry.seq}"
        f" {entry.sent_ms} {entry.type} {entry.client_id}"
    )
    return blake2b(said.encode(), digest_size=6).hexdigest()


def make_cursor(epoch: str, entry: Named) -> str:
    """The cursor of whoever has everything up to ``entry``."""
    return f"{mark_of(epoch, entry)}-{entry.id}"


def origin(epoch: str) -> str:
    """The cursor of whoever has nothing of this store."""
    return name_of(epoch, "origin", 0)


def name_of(epoch: str, kind: str, id: int, *facts: object) -> str:
    """``MARK-ID`` of a row that is no entry: the mark is made of ``facts``, which never change."""
    said = " ".join(map(str, (epoch, kind, id, *facts)))
    return f"{blake2b(said.encode(), digest_size=6).hexdigest()}-{id}"


def read_cursor(cursor: str) -> Position:
    """What ``cursor`` says, whether it is true or not. Raises BadInput: it is no cursor."""
    found = _FORM.fullmatch(cursor)
    if found is None:
        raise BadInput("cursor: not one that this server gave.")
    return Position(found[1], int(found[2]))
