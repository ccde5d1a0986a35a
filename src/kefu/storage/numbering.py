"""Ids that are never given twice, also when what had one is gone.

Rules: for tables whose ids are told outside and whose rows are deleted. PostgreSQL's sequences do
not go back. SQLite gives the id of a deleted newest row again, so there the last one is kept.
Tables made with AUTOINCREMENT (``session``, ``api_token``) need none of it, and nor do those whose
rows stay; entries of the timeline are numbered by the writer and never deleted.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Table, func, insert, select
from sqlalchemy.dialects.sqlite import insert as insert_or_update

from kefu.storage.schema import numbering

Row = dict[str, Any]


def add_row(conn: Connection, table: Table, row: Row) -> int:
    """Insert a row under a new id, and return that."""
    (new,) = numbered(conn, table, [row])
    return int(conn.execute(insert(table).values(new).returning(table.c.id)).scalar_one())


def numbered(
    conn: Connection, table: Table, rows: Sequence[dict[str, Any]]
) -> list[dict[str, Any]]:
    """``rows`` to be inserted into ``table``, with ids that no row has had."""
    if conn.dialect.name != "sqlite":
        return [*rows]
    newest = conn.scalar(select(func.max(table.c.id))) or 0
    kept = conn.scalar(select(numbering.c.last_id).where(numbering.c.name == table.name)) or 0
    first = max(newest, kept) + 1
    last = first + len(rows) - 1
    keep = insert_or_update(numbering).values(name=table.name, last_id=last)
    conn.execute(keep.on_conflict_do_update(["name"], set_={"last_id": last}))
    return [row | {"id": first + i} for i, row in enumerate(rows)]
