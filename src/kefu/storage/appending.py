"""Appending messages: a whole group at once, each under its conversation's next number.

Rules: numbers are 1, 2, 3 … per conversation without a hole; the conversation's row is locked
while they are given, always in the order of the ids, so that writers never wait in a circle. Then
repeats are looked for: a client id that its sender has used gets the first message back, with
another text a Conflict. What one message is refused for does not touch the others of its group.
The four statements run for every group. They are plain text, prepared once, and take a group as
one JSON array; everything else in the storage is Core. Why: docs/decisions/0005-group-commit.md.
Not here: transactions and commits (``writer``), how conversations are opened
(``conversations``).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import msgspec
from sqlalchemy import Connection

from kefu.core.conversation import Message, NewMessage
from kefu.core.errors import BadInput, ChatError, Conflict
from kefu.storage.conversations import Opened, open_conversations

Known = dict[str, Opened]  # stored conversations, by key


class _SQL(NamedTuple):
    lock: str  # [conversation id] → (id, last_seq), locked until the commit
    repeats: str  # [[sender id, client id]] → (sender_id, client_id, seq, text, sent_ms)
    insert: str  # [[conversation id, seq, sender id, client id, text, sent_ms]]
    advance: str  # [conversation id]


# A SQLite transaction holds the whole store, and each inserted row is a call within the process:
# executemany with rows is cheaper than unpacking JSON. CROSS JOIN: start from what is wanted.
_SQLITE = _SQL(
    lock="SELECT id, last_seq FROM conversation WHERE id IN (SELECT value FROM json_each(?))",
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
    advance="""
        UPDATE conversation
        SET last_seq = (SELECT max(seq) FROM message WHERE conversation_id = conversation.id)
        WHERE id IN (SELECT value FROM json_each(?))
    """,
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
        UPDATE conversation
        SET last_seq = (SELECT max(seq) FROM message WHERE conversation_id = conversation.id)
        WHERE id = ANY (ARRAY(SELECT value::bigint FROM json_array_elements_text(%s)))
    """,
)


def append_messages(
    conn: Connection, news: Sequence[NewMessage], known: Known
) -> list[Message | ChatError]:
    """Store ``news`` in their order; return for each its message, or why it was refused.

    ``known`` spares looking up ids and is added to; clear it if the transaction does not commit.
    Refusals: Conflict; BadInput for text that not every database can hold (NUL, lone surrogates).
    """
    storable = [new for new in news if _is_storable(new)]
    missing = [new for new in storable if not _is_known(new, known)]
    if missing:
        known.update(open_conversations(conn, missing))
    results = _store(conn, storable, known) if storable else []
    if len(results) < len(news):
        for i, new in enumerate(news):
            if not _is_storable(new):
                results.insert(i, BadInput("text must be Unicode, without U+0000"))
    return results


def _is_storable(new: NewMessage) -> bool:
    names = [member.name for member in new.conversation.members]
    text = "".join((new.text, new.client_id, new.conversation.key, new.sender.name, *names))
    if "\0" in text:
        return False
    try:
        return text.isascii() or bool(text.encode())
    except UnicodeEncodeError:
        return False


def _is_known(new: NewMessage, known: Known) -> bool:
    opened = known.get(new.conversation.key)
    return opened is not None and opened.participants.keys() >= {*new.conversation.members}


def _store(conn: Connection, news: Sequence[NewMessage], known: Known) -> list[Message | ChatError]:
    """Number and insert ``news``, whose conversations are open."""
    sql = _SQLITE if conn.dialect.name == "sqlite" else _POSTGRESQL
    ids = _json(sorted({known[new.conversation.key].id for new in news}))
    last_seqs: dict[int, int] = dict(conn.exec_driver_sql(sql.lock, (ids,)).all())
    stored = _list_repeats(conn, sql, news, known)
    results: list[Message | ChatError] = []
    rows = []
    for new in news:
        opened = known[new.conversation.key]
        sender_id = opened.participants[new.sender]
        message = stored.get((sender_id, new.client_id))
        if message is None:
            seq = last_seqs[opened.id] = last_seqs[opened.id] + 1
            rows.append((opened.id, seq, sender_id, new.client_id, new.text, new.sent_ms))
            message = stored[sender_id, new.client_id] = Message(
                opened.id, new.conversation.key, seq, new.sender, *rows[-1][3:]
            )
        results.append(message if message.text == new.text else Conflict())
    if rows:
        conn.exec_driver_sql(sql.insert, rows if sql is _SQLITE else (_json(rows),))
        conn.exec_driver_sql(sql.advance, (ids,))
    return results


def _list_repeats(
    conn: Connection, sql: _SQL, news: Sequence[NewMessage], known: Known
) -> dict[tuple[int, str], Message]:
    """Return what is stored already of ``news``, by sender id and client id."""
    sends = {
        (known[new.conversation.key].participants[new.sender], new.client_id): new for new in news
    }
    stored = {}
    for sender_id, client_id, *rest in conn.exec_driver_sql(sql.repeats, (_json([*sends]),)):
        new = sends[sender_id, client_id]
        seq, text, sent_ms = rest
        stored[sender_id, client_id] = Message(
            known[new.conversation.key].id,
            new.conversation.key,
            seq,
            new.sender,
            client_id,
            text,
            sent_ms,
        )
    return stored


def _json(values: object) -> str:
    return msgspec.json.encode(values).decode()
