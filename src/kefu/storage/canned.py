"""Canned responses: kept, and found by their shortcuts.

Not here: their variables (``core.canned``).
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import Connection, delete, or_, select, update

from kefu.core.desk import CannedResponse
from kefu.core.errors import NotFound
from kefu.storage.numbering import add_row
from kefu.storage.schema import canned_response as table


def list_canned(
    conn: Connection,
    inbox_ids: Collection[int] | None,
    *,
    prefix: str = "",
    after: str = "",
    limit: int,
) -> list[CannedResponse]:
    """Those for these inboxes (None: for any) and those for all, in the order of shortcuts.

    ``after``: the last shortcut of the page before.
    """
    chosen = select(table).where(table.c.shortcut.startswith(prefix, autoescape=True))
    if inbox_ids is not None:
        chosen = chosen.where(or_(table.c.inbox_id.is_(None), table.c.inbox_id.in_(inbox_ids)))
    if after:
        chosen = chosen.where(table.c.shortcut > after)
    return [_canned(row) for row in conn.execute(chosen.order_by(table.c.shortcut).limit(limit))]


def get_canned(conn: Connection, id: int) -> CannedResponse:
    """One canned response. Raises NotFound."""
    row = conn.execute(select(table).where(table.c.id == id)).one_or_none()
    if row is None:
        raise NotFound
    return _canned(row)


def list_shortcuts(conn: Connection, but: int = 0) -> list[str]:
    """The shortcuts of all but one."""
    return list(conn.scalars(select(table.c.shortcut).where(table.c.id != but)))


def add_canned(conn: Connection, **values: Any) -> int:
    """Keep a canned response; ``values`` are its columns. Returns the id."""
    return add_row(conn, table, values)


def set_canned(conn: Connection, id: int, **values: Any) -> None:
    """Change columns of a canned response."""
    if values:
        conn.execute(update(table).where(table.c.id == id).values(values))


def remove_canned(conn: Connection, id: int) -> None:
    """Forget a canned response."""
    conn.execute(delete(table).where(table.c.id == id))


def _canned(row: Any) -> CannedResponse:
    return CannedResponse(id=row.id, shortcut=row.shortcut, text=row.text, inbox=row.inbox_id)
