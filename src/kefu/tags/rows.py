"""Rows of tags, and where a tag is used.

Rules: conversations and contacts keep the names of their tags, so that a list is one row each; a
tag beside them has what is the tag's own. Whoever names a new one makes it.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import (
    JSON,
    Connection,
    Table,
    cast,
    delete,
    func,
    insert,
    literal_column,
    select,
    update,
)

from kefu.core.errors import IllegalState, NotFound
from kefu.core.states import Status
from kefu.storage.numbering import numbered
from kefu.storage.schema import contact, conversation, tag

MOST_TAGS = 1_000

_tags = msgspec.json.Decoder(list[str]).decode


class Kept(NamedTuple):
    """A tag as it is stored."""

    id: int
    name: str
    color: str | None


class Tagged(NamedTuple):
    """A conversation or a contact with its tags. ``live``: a conversation that is not resolved."""

    id: int
    tags: list[str]
    live: bool


def list_tags(conn: Connection) -> list[Kept]:
    """All tags, by name."""
    return [Kept(*row) for row in conn.execute(_KEPT.order_by(tag.c.name))]


def get_tag(conn: Connection, tag_id: int) -> Kept:
    """One tag. Raises NotFound."""
    row = conn.execute(_KEPT.where(tag.c.id == tag_id)).one_or_none()
    if row is None:
        raise NotFound
    return Kept(*row)


def find_tag(conn: Connection, name: str) -> Kept | None:
    """The tag with this name, as it is stored."""
    row = conn.execute(_KEPT.where(tag.c.name == name)).one_or_none()
    return Kept(*row) if row else None


def add_missing(conn: Connection, names: Collection[str]) -> list[Kept]:
    """Make those of these tags that are not there; returns them. Raises IllegalState: too many."""
    known = set(conn.scalars(select(tag.c.name).where(tag.c.name.in_(names))))
    new = [name for name in names if name not in known]
    if not new:
        return []
    if (conn.scalar(select(func.count()).select_from(tag)) or 0) + len(new) > MOST_TAGS:
        raise IllegalState(f"There are {MOST_TAGS:,} tags at most: delete or merge some.")
    conn.execute(insert(tag), numbered(conn, tag, [{"name": name} for name in new]))
    return [Kept(*row) for row in conn.execute(_KEPT.where(tag.c.name.in_(new)))]


def set_tag(conn: Connection, tag_id: int, **values: Any) -> None:
    """Change columns of a tag."""
    if values:
        conn.execute(update(tag).where(tag.c.id == tag_id).values(values))


def drop_tag(conn: Connection, tag_id: int) -> None:
    """Forget a tag."""
    conn.execute(delete(tag).where(tag.c.id == tag_id))


def count_live(conn: Connection, inbox_ids: Collection[int] | None) -> dict[str, int]:
    """How many conversations of these inboxes that are not resolved have each tag, by name.

    ``inbox_ids``: None: of all.
    """
    if conn.dialect.name == "sqlite":
        each = func.json_each(conversation.c.tags)
    else:
        each = func.json_array_elements_text(cast(conversation.c.tags, JSON))
    names = each.table_valued("value", name="names", joins_implicitly=True)
    chosen = select(names.c.value, func.count()).select_from(conversation, names)
    live = [_LIVE, conversation.c.tags != "[]"]
    if inbox_ids is not None:
        live.append(conversation.c.inbox_id.in_(inbox_ids))
    found = conn.execute(chosen.where(*live).group_by(names.c.value)).all()
    return {str(row[0]): int(row[1]) for row in found}


def tagged_after(
    conn: Connection, table: Table, name: str, *, after_id: int, limit: int, live: bool = False
) -> list[Tagged]:
    """The next conversations or contacts that have a tag. ``live``: only what is not resolved."""
    written = msgspec.json.encode(name).decode()
    where = [table.c.tags.contains(written, autoescape=True), table.c.id > after_id]
    status = table.c.status if table is conversation else literal_column("NULL")
    if live:
        where.append(_LIVE)
    chosen = select(table.c.id, table.c.tags, status).where(*where).order_by(table.c.id)
    return [
        Tagged(id, tags, status not in (None, Status.RESOLVED))
        for id, json, status in conn.execute(chosen.limit(limit))
        if name in (tags := _tags(json))
    ]


def set_tags(conn: Connection, table: Table, rows: Sequence[Tagged]) -> None:
    """Give these conversations or contacts their tags; contacts are found by them anew."""
    again = {"indexed": 0} if table is contact else {}
    for row in rows:
        json = msgspec.json.encode(row.tags).decode()
        conn.execute(update(table).where(table.c.id == row.id).values(tags=json, **again))


_KEPT = select(tag.c.id, tag.c.name, tag.c.color)
# The very words of the index's condition: a planner compares them.
_LIVE = conversation.c.status != literal_column(f"'{Status.RESOLVED}'")
