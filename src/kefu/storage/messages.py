"""Messages: appended in sets, each under its conversation's next number, and read back.

Rules: numbers are 1, 2, 3 … per conversation without a hole; the conversation's row is locked
while they are given. A sender's client id is stored once: a repeat with the same text gets the
first message, with another text a Conflict. What one message is refused for does not touch the
others of its set.
Not here: transactions and commits (``database``), how conversations are opened
(``conversations``).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import Connection, Row, select, tuple_
from sqlalchemy.exc import IntegrityError

from kefu.core.conversation import Kind, Member, Message, NewMessage, Role
from kefu.core.errors import BadInput, ChatError, Conflict
from kefu.storage.conversations import Opened, ids_with, open_conversations
from kefu.storage.schema import conversation, message, participant

Known = dict[str, Opened]  # stored conversations, by key
Repeats = dict[tuple[int, str], Message]  # by participant id and client id
Values = tuple[int, int, int, str, str, int]  # a row of ``message`` but for its id

PAGE_ROWS = 1_000  # what a streamed answer holds in memory at a time


def append_messages(
    conn: Connection, news: Sequence[NewMessage], known: Known
) -> list[Message | ChatError]:
    """Store ``news`` in their order; return for each its message, or why it was refused.

    ``known`` spares looking up ids and is added to; clear it if the transaction does not commit.
    Refusals: Conflict; BadInput for text that not every database can hold (NUL, lone surrogates).
    """
    refused = {i: BadInput("this is not Unicode text") for i in _list_unstorable(news)}
    sends = [new for i, new in enumerate(news) if i not in refused]
    missing = [new for new in sends if not _is_known(new, known)]
    if missing:
        known.update(open_conversations(conn, missing))
    results = _store(conn, sends, known)
    for i, refusal in refused.items():
        results.insert(i, refusal)
    return results


def list_messages(
    conn: Connection, conversation_id: int, *, after_seq: int = 0, limit: int = 100
) -> list[Message]:
    """Return the messages numbered above ``after_seq``, in order, at most ``limit``."""
    chosen = _MESSAGES.where(
        message.c.conversation_id == conversation_id, message.c.seq > after_seq
    )
    rows = conn.execute(chosen.order_by(message.c.seq).limit(limit))
    return [_message(row) for row in rows]


def list_history(
    conn: Connection, *, name: str | None = None, limit: int | None = None
) -> Iterator[tuple[Kind, Message]]:
    """Yield messages by conversation and number, in bounded memory however many there are.

    ``name`` keeps the conversations in which somebody takes part under exactly this name.
    ``limit`` keeps the newest so many messages.
    """
    chosen = select(message.c.id)
    if name is not None:
        chosen = chosen.where(message.c.conversation_id.in_(ids_with(name)))
    history = _MESSAGES.order_by(message.c.conversation_id, message.c.seq)
    if name is not None:
        history = history.where(message.c.conversation_id.in_(ids_with(name)))
    if limit is not None:
        history = history.where(message.c.id.in_(chosen.order_by(message.c.id.desc()).limit(limit)))
    for row in conn.execution_options(yield_per=PAGE_ROWS).execute(history):
        yield Kind(row.kind), _message(row)


_MESSAGES = (
    select(
        message.c.conversation_id,
        conversation.c.key,
        conversation.c.kind,
        message.c.seq,
        message.c.sender_id,
        participant.c.role,
        participant.c.name,
        message.c.client_id,
        message.c.text,
        message.c.sent_ms,
    )
    .join(conversation, conversation.c.id == message.c.conversation_id)
    .join(participant, participant.c.id == message.c.sender_id)
)


def _message(row: Row[*tuple[Any, ...]]) -> Message:
    sender = Member(Role(row.role), row.name)
    return Message(
        row.conversation_id, row.key, row.seq, sender, row.client_id, row.text, row.sent_ms
    )


def _list_unstorable(news: Sequence[NewMessage]) -> list[int]:
    """Return the indexes of those with text that not every database can hold."""
    return [
        i
        for i, new in enumerate(news)
        if not (
            _is_storable(new.text)
            and _is_storable(new.client_id)
            and _is_storable(new.conversation.key)
            and all(_is_storable(member.name) for member in new.conversation.members)
        )
    ]


def _is_storable(text: str) -> bool:
    """PostgreSQL holds no NUL, and no database a lone surrogate."""
    if "\0" in text:
        return False
    if text.isascii():
        return True
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _is_known(new: NewMessage, known: Known) -> bool:
    opened = known.get(new.conversation.key)
    return opened is not None and opened.participants.keys() >= {*new.conversation.members}


def _store(
    conn: Connection, sends: Sequence[NewMessage], known: Known
) -> list[Message | ChatError]:
    """Number and insert ``sends``, whose conversations are open.

    Repeats are rare, so they are looked for only when the unique constraint has met one.
    """
    last_seqs = _lock(conn, sorted({known[new.conversation.key].id for new in sends}))
    results, rows = _number(sends, known, dict(last_seqs), {})
    try:
        with conn.begin_nested():
            if rows:
                _insert(conn, rows)
    except IntegrityError:
        results, rows = _number(sends, known, last_seqs, _list_repeats(conn, sends, known))
        if rows:
            _insert(conn, rows)
    return results


def _lock(conn: Connection, ids: Sequence[int]) -> dict[int, int]:
    """Lock the conversations, always in the order of their ids; return their last numbers."""
    if conn.dialect.name == "sqlite":  # the transaction holds the whole store
        places = ", ".join("?" * len(ids))
        sql = f"SELECT id, last_seq FROM conversation WHERE id IN ({places})"  # noqa: S608
        return dict(iter(conn.exec_driver_sql(sql, tuple(ids))))
    # NO KEY: others may add participants meanwhile.
    sql = "SELECT id, last_seq FROM conversation WHERE id = ANY(%s) ORDER BY id FOR NO KEY UPDATE"
    return dict(iter(conn.exec_driver_sql(sql, (ids,))))


def _list_repeats(conn: Connection, sends: Sequence[NewMessage], known: Known) -> Repeats:
    """Return what is stored under the client ids of ``sends``."""
    keys = {(new.client_id, known[new.conversation.key].participants[new.sender]) for new in sends}
    rows = conn.execute(_MESSAGES.where(tuple_(message.c.client_id, message.c.sender_id).in_(keys)))
    return {(row.sender_id, row.client_id): _message(row) for row in rows}


def _number(
    sends: Sequence[NewMessage], known: Known, last_seqs: dict[int, int], stored: Repeats
) -> tuple[list[Message | ChatError], list[Values]]:
    """Give each of ``sends`` that is not in ``stored`` its number; return results and rows.

    ``last_seqs`` and ``stored`` are brought forward, so that a repeat within ``sends`` shows.
    """
    results: list[Message | ChatError] = []
    rows: list[Values] = []
    for new in sends:
        place = known[new.conversation.key]
        sender_id = place.participants[new.sender]
        first = stored.get((sender_id, new.client_id))
        if first is not None:
            results.append(first if first.text == new.text else Conflict())
            continue
        seq = last_seqs[place.id] = last_seqs[place.id] + 1
        numbered = Message(
            place.id, new.conversation.key, seq, new.sender, new.client_id, new.text, new.sent_ms
        )
        stored[sender_id, new.client_id] = numbered
        results.append(numbered)
        rows.append((place.id, seq, sender_id, new.client_id, new.text, new.sent_ms))
    return results, rows


def _insert(conn: Connection, rows: Sequence[Values]) -> None:
    """Insert numbered ``rows`` and bring their conversations' last numbers forward."""
    last_seqs = {row[0]: row[1] for row in rows}
    if conn.dialect.name == "sqlite":
        conn.exec_driver_sql(
            "INSERT INTO message (conversation_id, seq, sender_id, client_id, text, sent_ms)"
            " VALUES (?, ?, ?, ?, ?, ?)",
            rows,
        )
        conn.exec_driver_sql(
            "UPDATE conversation SET last_seq = ? WHERE id = ?",
            [(seq, id) for id, seq in last_seqs.items()],
        )
        return
    conn.exec_driver_sql(
        "INSERT INTO message (conversation_id, seq, sender_id, client_id, text, sent_ms)"
        " SELECT * FROM unnest(%s::bigint[], %s::int[], %s::bigint[], %s::text[], %s::text[],"
        " %s::bigint[])",
        tuple(map(list, zip(*rows, strict=True))),
    )
    conn.exec_driver_sql(
        "UPDATE conversation SET last_seq = new.seq FROM unnest(%s::bigint[], %s::int[])"
        " AS new (id, seq) WHERE conversation.id = new.id",
        ([*last_seqs], [*last_seqs.values()]),
    )
