"""The entries that positions name: whether this store has the one that a cursor stands on.

Rules: each question is one look-up by a unique index.
Not here: how a position is written (``core.cursors``), what comes after it (``following``).
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, func, select

from kefu.core.cursors import make_cursor, mark_of, origin, read_cursor
from kefu.core.errors import Expired
from kefu.storage.schema import message


class End(NamedTuple):
    """Where the store's timeline ends: its newest entry's id, and the cursor of having it all."""

    id: int  # 0: there is no entry
    cursor: str


def find_end(conn: Connection, epoch: str) -> End:
    """Where the timeline ends now."""
    newest: Any = conn.execute(_ENTRY.order_by(message.c.id.desc()).limit(1)).first()
    return End(0, origin(epoch)) if newest is None else End(newest.id, make_cursor(epoch, newest))


def find_position(conn: Connection, cursor: str, epoch: str) -> int:
    """The id of the entry that ``cursor`` stands on; 0: before all.

    Raises BadInput: it is no cursor; Expired: this store has not got that entry.
    """
    mark, id = read_cursor(cursor)
    if (cursor != origin(epoch)) if id == 0 else (mark != _mark(conn, epoch, message.c.id == id)):
        raise Expired
    return id


def find_mark(conn: Connection, epoch: str, conversation_id: int, seq: int) -> str | None:
    """The mark of a conversation's entry with this number; None: there is none."""
    here = (message.c.conversation_id == conversation_id, message.c.seq == seq)
    return _mark(conn, epoch, *here)


def find_cursors(conn: Connection, epoch: str, ids: Collection[int]) -> dict[int, str]:
    """The cursors that stand on these entries, by id; of those that are there."""
    rows: Sequence[Any] = conn.execute(_ENTRY.where(message.c.id.in_(ids))).all()
    return {row.id: make_cursor(epoch, row) for row in rows}


def last_before(conn: Connection, at_ms: int) -> int:
    """The id of the last entry before a time; 0: there is none.

    Entries' ids grow with time, so it is found by halving; where the clock was set back, the
    latest that was said to be before it may be missed by as much.
    """
    low, high = 0, find_newest(conn)
    while low < high:
        middle = (low + high + 1) // 2
        found = conn.execute(_SENT.where(message.c.id <= middle)).first()
        if found is None:
            low, high = 0, 0
        elif found.sent_ms < at_ms:
            low = middle
        else:
            high = found.id - 1
    return low


def find_newest(conn: Connection) -> int:
    """The id of the newest entry; 0: there is none."""
    return conn.scalar(select(func.max(message.c.id))) or 0


def _mark(conn: Connection, epoch: str, *here: ColumnElement[bool]) -> str | None:
    found: Any = conn.execute(_ENTRY.where(*here)).first()
    return None if found is None else mark_of(epoch, found)


_SENT = select(message.c.id, message.c.sent_ms).order_by(message.c.id.desc()).limit(1)
_ENTRY = select(
    message.c.id,
    message.c.conversation_id,
    message.c.seq,
    message.c.type,
    message.c.sent_ms,
    message.c.client_id,
)
