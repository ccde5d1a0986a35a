"""Searching the full-text index of messages and contacts.

Rules: the newest come first; an id is a page's cursor. What was deleted since the index last
looked is left out. What is looked for is tokens and marks (``indexing``), so no character that
anybody types is an operator.
SQLite: FTS5 gives rows in the order of ids by itself, and stops when it has enough.
PostgreSQL: a GIN index gives whatever matches, so it is asked for the newest messages first, by
marks of blocks of ids, and for all only if those were not enough.
Not here: the index itself (``indexing``), who may search (``actions.search``), what is shown of a
text (``core.snippets``).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Any, NamedTuple

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    Select,
    cast,
    column,
    func,
    select,
    table,
)
from sqlalchemy.dialects.postgresql import TSQUERY

from kefu.core import search
from kefu.core.search import Query
from kefu.storage.schema import contact, conversation, message, participant

MARK = "§"  # what a mark begins with, and no token has
BLOCKS = (("s", 12), ("l", 16))  # PostgreSQL's: of 4,096 and of 65,536 ids


class Found(NamedTuple):
    """Ids, the newest first; ``more``: there are older ones."""

    ids: list[int]
    more: bool


def find_messages(
    conn: Connection,
    wanted: Query,
    *,
    inbox_ids: Collection[int] | None = None,
    conversation_id: int | None = None,
    before_id: int | None = None,
    limit: int,
) -> Found:
    """Messages and notes in these inboxes (None: in all), in one conversation or in all."""
    if inbox_ids is not None and not inbox_ids:
        return Found([], more=False)
    marks: list[Collection[str]] = []
    if inbox_ids is not None:
        marks.append([f"i{id}" for id in inbox_ids])
    if conversation_id is not None:
        marks.append([f"c{conversation_id}"])
    name = "message_search"
    if conn.dialect.name == "sqlite":
        return _newest(conn, name, _fts5(wanted, marks), before_id=before_id, limit=limit)
    newest = conn.scalar(select(func.max(message.c.id))) or 0
    top = newest if before_id is None else min(newest, before_id - 1)
    found = Found([], more=False)
    for blocks in _windows(top):
        asked = _tsquery(wanted, [*marks, blocks] if blocks else marks)
        found = _newest(conn, name, asked, before_id=before_id, limit=limit)
        if found.more:
            break
    return found


def find_contacts(
    conn: Connection,
    wanted: Query,
    visible: ColumnElement[bool],
    *,
    before_id: int | None = None,
    limit: int,
) -> Found:
    """Contacts for whom ``visible``, a condition on the table ``contact``, holds."""
    asked = _fts5(wanted) if conn.dialect.name == "sqlite" else _tsquery(wanted)
    return _newest(conn, "contact_search", asked, before_id=before_id, limit=limit, visible=visible)


def load_hits(conn: Connection, ids: Collection[int]) -> Sequence[Any]:
    """Messages, the newest first, with their senders and conversations, but deleted ones."""
    kept = _HITS.where(message.c.id.in_(ids), message.c.deleted_ms.is_(None))
    return conn.execute(kept.order_by(message.c.id.desc())).all()


_HITS = (
    select(
        message.c.id,
        message.c.conversation_id,
        message.c.seq,
        message.c.type,
        message.c.text,
        message.c.sent_ms,
        participant.c.role,
        participant.c.name,
        func.coalesce(participant.c.agent_id, participant.c.contact_id, 0).label("sender_id"),
        conversation.c.key,
        conversation.c.kind,
        conversation.c.inbox_id,
        conversation.c.contact_id,
        contact.c.name.label("contact_name"),
    )
    .join(participant, participant.c.id == message.c.sender_id)
    .join(conversation, conversation.c.id == message.c.conversation_id)
    .outerjoin(contact, contact.c.id == conversation.c.contact_id)
)


def _newest(
    conn: Connection,
    name: str,
    asked: str,
    *,
    before_id: int | None,
    limit: int,
    visible: ColumnElement[bool] | None = None,
) -> Found:
    chosen = _matches(conn, name, asked)
    id = chosen.selected_columns[0]
    if conn.dialect.name != "sqlite":
        # Left alone, the planner may go through the whole table from its newest row on.
        conn.exec_driver_sql("SET LOCAL enable_seqscan = off")
        hit = chosen.cte("hit").prefix_with("MATERIALIZED")
        chosen, id = select(hit.c.id), hit.c.id
    if visible is not None:
        chosen = chosen.join(contact, contact.c.id == id).where(visible)
    if before_id is not None:
        chosen = chosen.where(id < before_id)
    ids = [*conn.scalars(chosen.order_by(id.desc()).limit(limit + 1))]
    return Found(ids[:limit], len(ids) > limit)


def _matches(conn: Connection, name: str, asked: str) -> Select[Any]:
    words: ColumnElement[str] = column("words")
    if conn.dialect.name == "sqlite":
        rowid = column("rowid", BigInteger)
        return select(rowid).select_from(table(name, rowid)).where(words.op("MATCH")(asked))
    id = column("id", BigInteger)
    return select(id).select_from(table(name, id)).where(words.op("@@")(cast(asked, TSQUERY)))


def _windows(top: int) -> Iterator[Collection[str]]:
    """Marks of the blocks from ``top`` down, each wider than the one before; none: everything."""
    for kind, bits in BLOCKS:
        last = top >> bits
        yield [f"{kind}{block}" for block in (last, last - 1) if block >= 0]
        if last <= 1:
            return  # that was everything
    yield ()


def _fts5(wanted: Query, marks: Iterable[Collection[str]] = ()) -> str:
    sets = [" OR ".join(f'"{MARK}{mark}"' for mark in either) for either in marks]
    return " AND ".join(f"({one})" for one in [search.fts5(wanted), *sets])


def _tsquery(wanted: Query, marks: Iterable[Collection[str]] = ()) -> str:
    sets = [" | ".join(f"'{MARK}{mark}'" for mark in either) for either in marks]
    return " & ".join(f"({one})" for one in [search.tsquery(wanted), *sets])
