"""Rows of saved views."""

from __future__ import annotations

from typing import Any

import msgspec
from sqlalchemy import Connection, delete, func, or_, select, update

from kefu.core.errors import NotFound
from kefu.core.lists import ConversationFilter, Sort, View
from kefu.storage.numbering import add_row
from kefu.storage.schema import saved_view as table

_filter = msgspec.json.Decoder(ConversationFilter).decode


def list_views(conn: Connection, agent_id: int) -> list[View]:
    """The agent's own and those that are shared, by name."""
    seen = or_(table.c.agent_id == agent_id, table.c.shared == 1)
    chosen = select(table).where(seen).order_by(func.lower(table.c.name), table.c.id)
    return [_view(row) for row in conn.execute(chosen)]


def get_view(conn: Connection, view_id: int, agent_id: int) -> View:
    """A view that the agent sees. Raises NotFound."""
    row = conn.execute(select(table).where(table.c.id == view_id)).one_or_none()
    if row is None or not (row.shared or row.agent_id == agent_id):
        raise NotFound
    return _view(row)


def count_views(conn: Connection, *, owner: int | None = None) -> int:
    """How many views an agent has for themselves; None: how many are shared."""
    mine = (table.c.agent_id == owner, table.c.shared == 0)
    which = (table.c.shared == 1,) if owner is None else mine
    return conn.scalar(select(func.count()).select_from(table).where(*which)) or 0


def add_view(conn: Connection, agent_id: int, created_ms: int, **values: Any) -> int:
    """Keep a view; ``values`` are its columns. The id."""
    return add_row(conn, table, {"agent_id": agent_id, "created_ms": created_ms, **_stored(values)})


def set_view(conn: Connection, view_id: int, **values: Any) -> None:
    """Change columns of a view."""
    if values:
        conn.execute(update(table).where(table.c.id == view_id).values(_stored(values)))


def drop_view(conn: Connection, view_id: int) -> None:
    """Forget a view."""
    conn.execute(delete(table).where(table.c.id == view_id))


def _stored(values: dict[str, Any]) -> dict[str, Any]:
    written: dict[str, Any] = {}
    if "filter" in values:
        written["filter"] = msgspec.json.encode(values["filter"]).decode()
    if "shared" in values:
        written["shared"] = int(values["shared"])
    return values | written


def _view(row: Any) -> View:
    return View(
        id=row.id,
        name=row.name,
        filter=_filter(row.filter),
        sort=Sort(row.sort),
        owner=row.agent_id,
        shared=bool(row.shared),
    )
