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

from kefu.core.conversation import Entry, Message, NewMessage, Role
from kefu.core.desk import Body
from kefu.core.errors import BadText, ChatError, ClientIdUsed, IllegalState, NotFound
from kefu.core.states import Status
from kefu.core.text import is_storable
from kefu.storage.conversations import COUNTED, Counts, Opened, open_conversations

KNOWN_CONVERSATIONS = 20_000  # remembered; above it all are forgotten and looked up again
# PostgreSQL's lock for whoever writes, one for each schema; held until the commit.
_ONE_WRITER = "SELECT pg_advisory_xact_lock(1801807478, hashtext(current_schema()))"
_TOUCHED = "kefu.touched"  # in Connection.info: keys of conversations that a function changed


class _SQL(NamedTuple):
    refresh: str  # [conversation id] → (id, state, counts), locked until the commit; "": see below
    repeats: str  # [[sender id, client id]] → what is stored of them
    insert: str
    advance: str


_ROW = (
    "id, conversation_id, seq, sender_id, client_id, text, sent_ms, type, private, about_seq, body"
)
_STATE = ", ".join(("status", "assignee_id", "reopen_until_ms", "offered_ms", *COUNTED))
_STORED = (
    ", ".join(
        f"message.{name}"
        for name in [
            "sender_id",
            "client_id",
            "id",
            "seq",
            "text",
            "sent_ms",
            "type",
            "private",
            "about_seq",
            "body",
        ]
    )
    + ", coalesce(message.edited_ms, message.deleted_ms)"
)
_COUNTED = ", ".join(f"{name} = ?" for name in COUNTED)

# A SQLite transaction holds the whole store, so nothing is left to lock, and the last numbers that
# the writer remembers are right until somebody else has written (``Known``). Each row is a call
# within the process: executemany is cheaper than unpacking JSON. CROSS JOIN: start from what is
# wanted.
_SQLITE = _SQL(
    refresh="",
    repeats=f"""
        SELECT {_STORED}
        FROM json_each(?) AS wanted CROSS JOIN message
        ON sender_id = json_extract(wanted.value, '$[0]')
        AND client_id = json_extract(wanted.value, '$[1]')
    """,  # noqa: S608 - made of the names above
    insert=f"INSERT INTO message ({_ROW}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",  # noqa: S608
    advance=f"UPDATE conversation SET {_COUNTED}, last_id = ? WHERE id = ?",  # noqa: S608
)

# Others write to PostgreSQL between two groups, though never during one (``Known.check``). NO KEY
# lets them add participants meanwhile. ARRAY and LATERAL leave the planner nothing but the
# indexes, even while the tables are empty.
_POSTGRESQL = _SQL(
    refresh=f"""
        SELECT id, {_STATE} FROM conversation
        WHERE id = ANY (ARRAY(SELECT value::bigint FROM json_array_elements_text(%s)))
        ORDER BY id FOR NO KEY UPDATE
    """,  # noqa: S608
    repeats=f"""
        SELECT found.* FROM json_array_elements(%s) AS wanted CROSS JOIN LATERAL (
            SELECT {_STORED} FROM message
            WHERE sender_id = (wanted->>0)::bigint AND client_id = wanted->>1 LIMIT 1
        ) AS found
    """,  # noqa: S608
    insert=f"""
        INSERT INTO message ({_ROW})
        SELECT (new->>0)::bigint, (new->>1)::bigint, (new->>2)::int, (new->>3)::bigint, new->>4,
            new->>5, (new->>6)::bigint, new->>7, (new->>8)::int, (new->>9)::int, new->>10
        FROM json_array_elements(%s) AS new
    """,  # noqa: S608
    advance="UPDATE conversation SET "  # noqa: S608
    + ", ".join(f"{name} = (new->>{i})::bigint" for i, name in enumerate((*COUNTED, "last_id")))
    + f" FROM json_array_elements(%s) AS new WHERE id = (new->>{len(COUNTED) + 1})::bigint",
)


class Known:
    """What the writer remembers of the conversations it wrote to lately, by key.

    Only what is committed may stay: ``forget`` it all when a transaction does not commit.
    """

    def __init__(self) -> None:
        self.conversations: dict[str, Opened] = {}
        self.last_id: int | None = None  # of all entries
        self._version = 0

    def forget(self) -> None:
        """Remember nothing."""
        self.conversations.clear()
        self.last_id = None

    def check(self, conn: Connection) -> None:
        """At the begin of a transaction: forget what another writer may have outdated.

        PostgreSQL gets the same order as SQLite has by itself: one transaction writes at a time,
        so that entries' ids grow in the order of the commits (docs/decisions/0009).
        Source: https://sqlite.org/pragma.html#pragma_data_version.
        """
        if len(self.conversations) > KNOWN_CONVERSATIONS:
            self.forget()
        if conn.dialect.name == "sqlite":
            version: int = conn.exec_driver_sql("PRAGMA data_version").scalar_one()
            if version != self._version:
                self.forget()
            self._version = version
        else:
            conn.exec_driver_sql(_ONE_WRITER)
            self.last_id = None

    def forget_touched(self, conn: Connection) -> None:
        """Forget the conversations that functions changed past this (``touch``)."""
        for key in conn.info.pop(_TOUCHED, ()):
            self.conversations.pop(key, None)
            self.last_id = None

    def next_id(self, conn: Connection) -> int:
        """The id of the next entry."""
        if self.last_id is None:
            newest = conn.exec_driver_sql("SELECT max(id) FROM message").scalar_one()
            self.last_id = int(newest or 0)
        self.last_id += 1
        return self.last_id


def touch(conn: Connection, key: str) -> None:
    """Say that this transaction changes the conversation ``key`` outside ``append_messages``."""
    conn.info.setdefault(_TOUCHED, set()).add(key)


def append_entry(conn: Connection, new: NewMessage) -> Message:
    """Store one entry within a function that ``Database.write`` runs.

    Raises what ``append_messages`` refuses.
    """
    (entry,) = append_entries(conn, [new])
    return entry


def append_entries(conn: Connection, news: Sequence[NewMessage]) -> list[Message]:
    """As ``append_entry``, a group at once."""
    for new in news:
        touch(conn, new.conversation.key)
    entries = []
    for result in append_messages(conn, news, Known()):
        if isinstance(result, ChatError):
            raise result
        entries.append(result)
    return entries


def append_messages(
    conn: Connection, news: Sequence[NewMessage], known: Known
) -> list[Message | ChatError]:
    """Store ``news`` in their order; return for each its message, or why it was refused.

    ``known`` spares looking up ids and is added to.
    Refusals: ClientIdUsed, BadText, NotFound, IllegalState.
    """
    opened = known.conversations
    refused: list[ChatError | None] = [None] * len(news)
    unknown = []
    for i, new in enumerate(news):
        if not is_storable(new.text + (new.client_id or "")):
            refused[i] = BadText()
        elif not _is_known(new, opened):
            people = (new.sender, *new.conversation.members)
            if is_storable(new.conversation.key + "".join(p.name for p in people)):
                unknown.append(new)
            else:
                refused[i] = BadText()
    if unknown:
        opened.update(open_conversations(conn, unknown))
    for i, new in enumerate(news):
        if refused[i] is None and new.conversation.key not in opened:
            refused[i] = NotFound()
    wanted = [new for i, new in enumerate(news) if refused[i] is None]
    stored = iter(_store(conn, wanted, known))
    return [bad or next(stored) for bad in refused]


def _is_known(new: NewMessage, opened: Mapping[str, Opened]) -> bool:
    place = opened.get(new.conversation.key)
    if place is None or new.sender.identity not in place.participants:
        return False
    return all(one.identity in place.participants for one in new.conversation.members)


def _store(conn: Connection, news: Sequence[NewMessage], known: Known) -> list[Message | ChatError]:
    """Number and insert ``news``, whose conversations are open."""
    opened = known.conversations
    sql = _SQLITE if conn.dialect.name == "sqlite" else _POSTGRESQL
    _refresh(conn, sql, [opened[new.conversation.key] for new in news])
    stored = _list_repeats(conn, sql, [new for new in news if new.client_id is not None], opened)
    results: list[Message | ChatError] = []
    rows = []
    touched: dict[int, tuple[Opened, int]] = {}
    for new in news:
        place = opened[new.conversation.key]
        sender_id = place.participants.get(new.sender.identity)
        if sender_id is None:  # a contact whose conversation has become somebody else's
            results.append(NotFound())
            continue
        message = stored.get((sender_id, new.client_id))
        if message is not None:
            results.append(_repeated(message, new))
            continue
        if _is_over(place, new):
            results.append(IllegalState("This conversation is over; begin a new one."))
            continue
        id, prev = known.next_id(conn), place.counts.last_public_seq
        message = _number(place, new, id, prev)
        # fmt: off
        rows.append((
            id, place.id, message.seq, sender_id, new.client_id, new.text, new.sent_ms, new.type,
            int(new.private), new.about_seq, new.body,
        ))
        # fmt: on
        touched[place.id] = (place, id)
        if new.client_id is not None:
            stored[sender_id, new.client_id] = message
        results.append(message)
    if rows:
        advanced = [
            (*msgspec.structs.astuple(place.counts), id, place.id) for place, id in touched.values()
        ]
        as_rows = sql is _SQLITE
        conn.exec_driver_sql(sql.insert, rows if as_rows else (_json(rows),))
        conn.exec_driver_sql(sql.advance, advanced if as_rows else (_json(advanced),))
    return results


def _number(place: Opened, new: NewMessage, id: int, prev: int) -> Message:
    """Give ``new`` the next number, and count it."""
    counts = place.counts
    seq = counts.last_seq = counts.last_seq + 1
    if not new.private:
        counts.last_public_seq = seq
    if new.type is Entry.MESSAGE and not new.private:
        counts.last_message_seq = seq
        if new.sender.role is Role.VISITOR:
            counts.team_unread += 1
            counts.contact_messages += 1
            counts.contact_unread, counts.contact_read_seq = 0, seq
            if counts.waiting_ms is None:
                counts.waiting_ms = new.sent_ms
        elif new.sender.role in (Role.AGENT, Role.BOT):
            counts.contact_unread += 1
            counts.team_unread, counts.team_read_seq = 0, seq
            counts.waiting_ms = None
    return Message(
        place.id,
        new.conversation.key,
        seq,
        new.sender,
        new.client_id,
        new.text,
        new.sent_ms,
        new.type,
        new.private,
        new.about_seq,
        new.body,
        id,
        prev,
    )


def _repeated(message: Message, new: NewMessage) -> Message | ClientIdUsed:
    """The message again, if ``new`` is the same send; what was edited since differs by right."""
    same = message.public_prev == _CHANGED_SINCE or (
        (message.text, message.type) == (new.text, new.type)
        and (message.body == new.body or _as_sent(message.body) == _as_sent(new.body))
    )
    return msgspec.structs.replace(message, repeated=True) if same else ClientIdUsed()


def _as_sent(body: str | None) -> Body:
    """What a message held when it was sent: reactions came later."""
    return Body() if body is None else msgspec.structs.replace(_body(body), reactions={})


_CHANGED_SINCE = -1
_body = msgspec.json.Decoder(Body).decode


def _is_over(place: Opened, new: NewMessage) -> bool:
    """Whether a contact writes to what is over for good."""
    if new.sender.role is not Role.VISITOR or new.type is not Entry.MESSAGE:
        return False
    until_ms = place.reopen_until_ms
    return place.status == Status.RESOLVED and until_ms is not None and new.sent_ms > until_ms


def _refresh(conn: Connection, sql: _SQL, places: Sequence[Opened]) -> None:
    if sql.refresh:
        by_id = {place.id: place for place in places}
        for id, *state in conn.exec_driver_sql(sql.refresh, (_json(sorted(by_id)),)):
            place = by_id[id]
            place.status, place.assignee_id, place.reopen_until_ms, place.offered_ms, *counts = (
                state
            )
            place.counts = Counts(*counts)


def _list_repeats(
    conn: Connection, sql: _SQL, news: Sequence[NewMessage], opened: Mapping[str, Opened]
) -> dict[tuple[int, str | None], Message]:
    """Return what is stored already of ``news``, by sender id and client id."""
    sends = {
        (id, new.client_id): new
        for new in news
        if (id := opened[new.conversation.key].participants.get(new.sender.identity)) is not None
    }
    stored: dict[tuple[int, str | None], Message] = {}
    if not sends:
        return stored
    for sender_id, client_id, id, seq, *said in conn.exec_driver_sql(
        sql.repeats, (_json([*sends]),)
    ):
        new = sends[sender_id, client_id]
        key = new.conversation.key
        text, sent_ms, type, private, about_seq, body, changed_ms = said
        prev = 0 if changed_ms is None else _CHANGED_SINCE
        stored[sender_id, client_id] = Message(
            opened[key].id, key, seq, new.sender, client_id, text, sent_ms,
            Entry(type), bool(private), about_seq, body, id, prev,
        )  # fmt: skip
    return stored


def _json(values: object) -> str:
    return msgspec.json.encode(values).decode()
