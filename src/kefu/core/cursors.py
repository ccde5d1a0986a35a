"""Cursors: where in the whole store's timeline a reader is.

Rules: a cursor is the store's epoch and an entry's id, ``EPOCH-ID``. The epoch is drawn when a
store is made and anew when it is restored, so that nobody goes on from numbers of another past.
Not here: what comes after a cursor (``storage.following``).
"""

from __future__ import annotations

import re

from kefu.core.errors import BadInput, Expired

_FORM = re.compile(r"([A-Za-z0-9_]{1,60})-([0-9]{1,18})", re.ASCII)


def make_cursor(epoch: str, id: int) -> str:
    """The cursor of whoever has everything up to the entry ``id``; 0: nothing."""
    return f"{epoch}-{id}"


def read_cursor(cursor: str, epoch: str) -> int:
    """The entry's id. Raises BadInput: it is no cursor; Expired: it is another store's."""
    found = _FORM.fullmatch(cursor)
    if found is None:
        raise BadInput("cursor: not one that this server gave.")
    if found[1] != epoch:
        raise Expired
    return int(found[2])
