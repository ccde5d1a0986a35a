"""Appending messages: a whole group at once, each under its conversation's next number.

Rules: numbers are 1, 2, 3 … per conversation without a hole; the conversation's row is locked
while they are given, always in the order of the ids, so that writers never wait in a circle. Then
repeats are looked for: a client id that its sender has used gets the first message back, with
another text a Conflict; a message without a client id is never a repeat. What one message is
refused for does not touch the others of its group.
These statements run for every group. They are plain text, prepared once, and take a group as
one JSON array; everything else in the storage is Core. Why: docs/decisions/0005-group-commit.md.
Not here: transactions and commits (``writer``), how conversations are opened
(``conversations``).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import msgspec
from sqlalchemy import Connection

from kefu.core.conversation import Message, NewMessage
from kefu.core.errors import BadText, ChatError, Conflict
from kefu.core.text import is_storable
from kefu.storage.conversations import Opened, open_conversations

KNOWN_CONVERSATIONS = 20_000  # remembered; above it all are forgotten and looked up again


class _SQL(NamedTuple):
    lock: str  # [conversation id] → (id, last_seq), locked until the commit; "": see below
    repeats: str  # [[sender id, client id]] → (sender_id, client_id, seq, text, sent_ms)
    insert: str  # (conversation id, seq, sender id, client id, text, sent_ms)
    advance: str  # (last_seq, conversation id)


# A SQLite transaction holds the whole store, so nothing is left to lock, and the last numbers that
# the writer remembers are right until somebody else has written (``Known``). Each row is a call
# within the process: executemany is cheaper than unpacking JSON. CROSS JOIN: start from what is
# wanted.
_SQLITE = _SQL(
    lock="",
    repeats="""
        SELECT sender_id, client_id, seq, text, sent_ms
        FROM json_each(?) AS wanted CROSS JOIN message
        ON sender_id = json_extract(wanted.value, '$[0]')
        AND client_id = json_extract(wanted.value, '$[1]')
    """,
    insert="""
        INSERT INTO message (conversation_id, seq, sender_id, client_id, text, sent_ms)
        VALUES (?, ?, ?, ?, ?, ?)
    """,
    advance="UPDATE conversation SET last_seq = ? WHERE id = ?",
)

# Others write to PostgreSQL at the same time. NO KEY lets them add participants meanwhile. The
# look for repeats is a statement after the lock: only so it sees what the last holder committed.
# ARRAY and LATERAL leave the planner nothing but the indexes, even while the tables are empty.
_POSTGRESQL = _SQL(
    lock="""
        SELECT id, last_seq FROM conversation
        WHERE id = ANY (ARRAY(SELECT value::bigint FROM json_array_elements_text(%s)))
        ORDER BY id FOR NO KEY UPDATE
    """,
    repeats="""
        SELECT found.* FROM json_array_elements(%s) AS wanted CROSS JOIN LATERAL (
            SELECT sender_id, client_id, seq, text, sent_ms FROM message
            WHERE sender_id = (wanted->>0)::bigint AND client_id = wanted->>1 LIMIT 1
        ) AS found
    """,
    insert="""
        INSERT INTO message (conversation_id, seq, sender_id, client_id, text, sent_ms)
        SELECT (new->>0)::bigint, (new->>1)::int, (new->>2)::bigint, new->>3, new->>4,
            (new->>5)::bigint
        FROM json_array_elements(%s) AS new
    """,
    advance="""
        UPDATE conversation SET last_seq = (new->>0)::int
        FROM json_array_elements(%s) AS new WHERE id = (new->>1)::bigint
    """,
)


class Known:
    """What the writer remembers of the conversations it wrote to lately, by key.

    Only what is committed may stay: ``forget`` it all when a transaction does not commit.
    """

    def __init__(self) -> None:
        self.conversations: dict[str, Opened] = {}
        self._version = 0

    def forget(self) -> None:
        """Remember nothing."""
        self.conversations.clear()

    def check(self, conn: Connection) -> None:
        """At the begin of a transaction: forget what another writer may have outdated.

        Source: https://sqlite.org/pragma.html#pragma_data_version. On PostgreSQL, where others
        write all the time, the numbers are read under the lock instead.
        """
        if len(self.conversations) > KNOWN_CONVERSATIONS:
            self.forget()
        if conn.dialect.name == "sqlite":
            version: int = conn.exec_driver_sql("PRAGMA data_version").scalar_one()
            if version != self._version:
                self.forget()
            self._version = version


def append_messages(
    conn: Connection, news: Sequence[NewMessage], known: Known
) -> list[Message | ChatError]:
    """Store ``news`` in their order; return for each its message, or why it was refused.

    ``known`` spares looking up ids and is added to.
    Refusals: Conflict, BadText.
    """
    opened = known.conversations
    refused = [not is_storable(new.text) for new in news]
    unknown = []
    for i, new in enumerate(news):
        if new.client_id is not None and not is_storable(new.client_id):
            refused[i] = True
        if not refused[i] and not _is_known(new, opened):
            people = (new.sender, *new.conversation.members)
            refused[i] = not is_storable(new.conversation.key + "".join(p.name for p in people))
            if not refused[i]:
                unknown.append(new)
    if unknown:
        opened.update(open_conversations(conn, unknown))
    stored = iter(_store(conn, [new for i, new in enumerate(news) if not refused[i]], opened))
    return [BadText() if bad else next(stored) for bad in refused]


def _is_known(new: NewMessage, opened: Mapping[str, Opened]) -> bool:
    place = opened.get(new.conversation.key)
    return (
        place is not None
        and place.members == new.conversation.members
        and new.sender in place.participants
    )


def _store(
    conn: Connection, news: Sequence[NewMessage], opened: Mapping[str, Opened]
) -> list[Message | ChatError]:
    """Number and insert ``news``, whose conversations are open."""
    sql = _SQLITE if conn.dialect.name == "sqlite" else _POSTGRESQL
    _lock(conn, sql, [opened[new.conversation.key] for new in news])
    stored = _list_repeats(conn, sql, [new for new in news if new.client_id is not None], opened)
    results: list[Message | ChatError] = []
    rows = []
    touched: dict[int, int] = {}
    for new in news:
        place = opened[new.conversation.key]
        sender_id = place.participants[new.sender]
        message = stored.get((sender_id, new.client_id))
        if message is None:
            seq = place.last_seq = touched[place.id] = place.last_seq + 1
            rows.append((place.id, seq, sender_id, new.client_id, new.text, new.sent_ms))
            message = Message(place.id, new.conversation.key, seq, new.sender, *rows[-1][3:])
            if new.client_id is not None:
                stored[sender_id, new.client_id] = message
        results.append(message if message.text == new.text else Conflict())
    if rows:
        advanced = [(seq, id) for id, seq in touched.items()]
        as_rows = sql is _SQLITE
        conn.exec_driver_sql(sql.insert, rows if as_rows else (_json(rows),))
        conn.exec_driver_sql(sql.advance, advanced if as_rows else (_json(advanced),))
    return results


def _lock(conn: Connection, sql: _SQL, places: Sequence[Opened]) -> None:
    if sql.lock:
        ids = _json(sorted({place.id for place in places}))
        last_seqs: dict[int, int] = dict(conn.exec_driver_sql(sql.lock, (ids,)).all())
        for place in places:
            place.last_seq = last_seqs[place.id]


def _list_repeats(
    conn: Connection, sql: _SQL, news: Sequence[NewMessage], opened: Mapping[str, Opened]
) -> dict[tuple[int, str | None], Message]:
    """Return what is stored already of ``news``, by sender id and client id."""
    sends = {
        (opened[new.conversation.key].participants[new.sender], new.client_id): new for new in news
    }
    stored: dict[tuple[int, str | None], Message] = {}
    if not sends:
        return stored
    for sender_id, client_id, seq, *said in conn.exec_driver_sql(sql.repeats, (_json([*sends]),)):
        new = sends[sender_id, client_id]
        key = new.conversation.key
        stored[sender_id, client_id] = Message(
            opened[key].id, key, seq, new.sender, client_id, *said
        )
    return stored


def _json(values: object) -> str:
    return msgspec.json.encode(values).decode()
