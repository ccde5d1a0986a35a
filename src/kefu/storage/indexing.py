"""The full-text index of messages and contacts, brought up to date.

Rules: the index holds tokens (``core.search``) and marks: tokens that no text has, which say where
a message is, so that the index alone finds "in these inboxes". It follows the timeline, whose
entries it takes in the order of their ids from where it stopped (table ``consumer``); what a
message says is read when it is indexed, so doing an entry twice does no harm. A contact is indexed
once its row says that it is not (``contact.indexed``). Direct pairs, which nobody handles, are not
in the index.
Not here: when this is done (``actions.indexing``), what is found (``search``).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import (
    ColumnClause,
    Connection,
    and_,
    column,
    delete,
    func,
    insert,
    select,
    table,
    update,
)

from kefu.core import search
from kefu.core.conversation import Entry
from kefu.storage.schema import consumer, contact, conversation, message
from kefu.storage.search import BLOCKS, MARK

NAME = "search"  # of this consumer of the timeline
# How far the index was made anew for this version of the tokens, from the newest entry down to 0,
# and the contacts, up to _DONE. What is new goes first, and what is indexed is found meanwhile.
RENEWAL = f"search {search.TOKENS}"
CONTACTS_RENEWAL = f"contacts {search.TOKENS}"
RENEWED = 1_000  # contacts looked through at once
_DONE = 2**62
BATCH = 200  # entries taken at once
BATCH_CHARS = 20_000  # … or fewer, if they are long: one at least, whose frame bounds it
CONTACTS = 20  # taken at once
CONTACT_CHARS = 4_000  # of a contact's facts

_TEXTS = frozenset({Entry.MESSAGE, Entry.NOTE, Entry.EDIT, Entry.DELETE})


class Pending(NamedTuple):
    """What the next entries of the timeline change in the index."""

    after_id: int  # the entries that the index has
    last_id: int
    newest_id: int  # of all that is stored
    texts: list[tuple[int, str]]  # message id, its row
    gone: list[int]
    name: str = NAME  # of the consumer that this takes on


def next_pending(conn: Connection) -> Pending | None:
    """What is to be indexed next; None: the index is up to date."""
    after_id = _position(conn, NAME) or 0
    rows = conn.execute(_CHANGED.where(message.c.id > after_id).order_by(message.c.id)).all()
    return _pending(conn, rows, after_id) if rows else _next_renewal(conn, after_id)


def _next_renewal(conn: Connection, newest_id: int) -> Pending | None:
    """What is to be indexed anew next, the newest first; None: nothing is."""
    left_id = _position(conn, RENEWAL)
    left_id = newest_id if left_id is None else left_id
    if left_id == 0:
        return None
    down = _CHANGED.where(message.c.id <= left_id).order_by(message.c.id.desc())
    rows = conn.execute(down).all()
    if not rows:
        return Pending(left_id, 0, newest_id, [], [], RENEWAL)
    pending = _pending(conn, rows, left_id)
    return pending._replace(last_id=pending.last_id - 1, name=RENEWAL)


def _pending(conn: Connection, rows: Sequence[Any], after_id: int) -> Pending:
    texts: dict[int, str] = {}
    gone: list[int] = []
    chars, last_id = 0, after_id
    for row in rows:
        is_text = row.type in _TEXTS and row.inbox_id is not None
        if is_text and chars and chars + len(row.text) > BATCH_CHARS:
            break
        last_id = row.entry_id
        if not is_text:
            continue
        if row.deleted_ms is not None:
            gone.append(row.id)
        elif row.id not in texts:
            texts[row.id] = _row(conn, row.text, _marks(conn, row))
            chars += len(row.text)
    newest_id = conn.scalar(select(func.max(message.c.id))) or last_id
    return Pending(after_id, last_id, newest_id, [*texts.items()], gone)


def store_pending(conn: Connection, pending: Pending) -> None:
    """Index it, unless somebody else has done so meanwhile."""
    if pending.name == RENEWAL:
        _begin(conn, RENEWAL, pending.after_id)
    elif pending.after_id == 0:
        _begin(conn, RENEWAL, 0)  # there is nothing of another version
    here = and_(consumer.c.name == pending.name, consumer.c.last_id == pending.after_id)
    if conn.execute(update(consumer).where(here).values(last_id=pending.last_id)).rowcount:
        _put(conn, "message_search", pending.texts)
        _remove(conn, "message_search", pending.gone)


def has_unindexed_contacts(conn: Connection) -> bool:
    """Whether ``index_contacts`` has anything to do."""
    if _position(conn, CONTACTS_RENEWAL) != _DONE:
        return True
    return conn.execute(_UNINDEXED.limit(1)).first() is not None


def index_contacts(conn: Connection) -> bool:
    """Index some contacts that are new or were changed. Returns whether there are more."""
    renews = _renew_contacts(conn)
    rows = conn.execute(_UNINDEXED).all()
    if not rows:
        return renews
    known = [row for row in rows if row.merged_into_id is None]
    _put(conn, "contact_search", [(row.id, _row(conn, _facts(row))) for row in known])
    _remove(conn, "contact_search", [row.id for row in rows if row.merged_into_id is not None])
    done = contact.c.id.in_([row.id for row in rows])
    conn.execute(update(contact).where(done).values(indexed=1))
    return renews or len(rows) == CONTACTS


def _renew_contacts(conn: Connection) -> bool:
    """Have some contacts indexed anew that the index knows by another version's tokens."""
    last_id = _position(conn, CONTACTS_RENEWAL) or 0
    if last_id == _DONE:
        return False
    _begin(conn, CONTACTS_RENEWAL, 0)
    later = select(contact.c.id).where(contact.c.id > last_id).order_by(contact.c.id)
    ids = [*conn.scalars(later.limit(RENEWED))]
    if ids:
        some = contact.c.id.between(ids[0], ids[-1])
        conn.execute(update(contact).where(some).values(indexed=0))
    reached = ids[-1] if len(ids) == RENEWED else _DONE
    here = consumer.c.name == CONTACTS_RENEWAL
    conn.execute(update(consumer).where(here).values(last_id=reached))
    return True


def _position(conn: Connection, name: str) -> int | None:
    position: int | None = conn.scalar(select(consumer.c.last_id).where(consumer.c.name == name))
    return position


def _begin(conn: Connection, name: str, last_id: int) -> None:
    """Keep where a consumer begins, unless it is known; other versions of it are forgotten."""
    if _position(conn, name) is None:
        conn.execute(delete(consumer).where(consumer.c.name.like(f"{name.partition(' ')[0]} %")))
        conn.execute(insert(consumer).values(name=name, last_id=last_id))


_target = message.alias("target")
_CHANGED = (
    select(
        message.c.id.label("entry_id"),
        message.c.type,
        _target.c.id,
        _target.c.text,
        _target.c.deleted_ms,
        _target.c.conversation_id,
        conversation.c.inbox_id,
    )
    .join(
        _target,
        and_(
            _target.c.conversation_id == message.c.conversation_id,
            _target.c.seq == func.coalesce(message.c.about_seq, message.c.seq),
        ),
    )
    .join(conversation, conversation.c.id == message.c.conversation_id)
    .limit(BATCH)
)
_UNINDEXED = select(contact).where(contact.c.indexed == 0).order_by(contact.c.id).limit(CONTACTS)
_values = msgspec.json.Decoder(dict[str, Any]).decode
_tags = msgspec.json.Decoder(list[str]).decode


def _marks(conn: Connection, row: Any) -> list[str]:
    blocks = [] if conn.dialect.name == "sqlite" else BLOCKS
    places = [f"{kind}{row.id >> bits}" for kind, bits in blocks]
    return [f"i{row.inbox_id}", f"c{row.conversation_id}", *places]


def _row(conn: Connection, text: str, marks: Iterable[str] = ()) -> str:
    if conn.dialect.name == "sqlite":
        return " ".join([*(MARK + mark for mark in marks), search.index_words(text)])
    return " ".join([*(f"'{MARK}{mark}'" for mark in marks), search.tsvector(text)])


def _facts(row: Any) -> str:
    """What a contact is found by, each fact apart."""
    values = (str(one) for one in _values(row.attributes).values() if isinstance(one, str | int))
    own_id = (row.identifier or "").partition(":")[2]
    facts = (row.name, row.email, row.phone, own_id, *_tags(row.tags), *values)
    return "\n".join(fact for fact in facts if fact)[:CONTACT_CHARS]


def _put(conn: Connection, name: str, rows: Sequence[tuple[int, str]]) -> None:
    if not rows:
        return
    if conn.dialect.name == "sqlite":
        into = f"INSERT OR REPLACE INTO {name} (rowid, words) VALUES (?, ?)"  # noqa: S608
        conn.exec_driver_sql(into, [*rows])
        return
    into = (
        f"INSERT INTO {name} (id, words)"  # noqa: S608 - one of the two names above
        " SELECT (new->>0)::bigint, (new->>1)::tsvector FROM json_array_elements(%s) AS new"
        " ON CONFLICT (id) DO UPDATE SET words = excluded.words"
    )
    conn.exec_driver_sql(into, (msgspec.json.encode(rows).decode(),))


def _remove(conn: Connection, name: str, ids: Sequence[int]) -> None:
    if ids:
        id: ColumnClause[int] = column("rowid" if conn.dialect.name == "sqlite" else "id")
        conn.execute(delete(table(name, id)).where(id.in_(ids)))
