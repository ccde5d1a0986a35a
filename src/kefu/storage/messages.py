"""Messages read back: one conversation's page, or the whole history.

Not here: how they get in (``appending``).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import Connection, Row, func, select, tuple_

from kefu.core.conversation import Entry, Kind, Member, Message, Role
from kefu.core.desk import Body, FileInfo
from kefu.storage.conversations import StoredConversation, conversations_of, ids_with
from kefu.storage.desk import load_files
from kefu.storage.schema import conversation, message, participant

PAGE_ROWS = 1_000  # what a streamed answer holds in memory at a time


def list_messages(
    conn: Connection, conversation_id: int, *, after_seq: int = 0, limit: int = 100
) -> list[Message]:
    """Return the messages numbered above ``after_seq``, in order, at most ``limit``."""
    chosen = _MESSAGES.where(
        message.c.conversation_id == conversation_id, message.c.seq > after_seq
    )
    rows = conn.execute(chosen.order_by(message.c.seq).limit(limit))
    return [_message(row) for row in rows]


class Told(NamedTuple):
    """A message of the history, with what it holds beside its text."""

    kind: Kind
    message: Message
    body: Body
    deleted: bool


class Page(NamedTuple):
    """A part of the history, read in one moment. By id: its conversations and files."""

    lines: list[Told]
    conversations: dict[int, StoredConversation]
    files: dict[int, FileInfo]


def list_history(
    conn: Connection, *, name: str | None = None, limit: int | None = None
) -> Iterator[tuple[Kind, Message]]:
    """As ``history_pages``, one message after the other."""
    for page in history_pages(conn, name=name, limit=limit):
        for line in page.lines:
            yield line.kind, line.message


def history_pages(
    conn: Connection, *, name: str | None = None, limit: int | None = None
) -> Iterator[Page]:
    """Yield what was stored until now, by conversation and number, in bounded memory.

    ``name`` keeps the conversations in which somebody takes part under exactly this name.
    ``limit`` keeps the newest so many messages.
    Each page is a transaction of its own, over when the page is handed out: whoever takes their
    time over it (``kefu history | less``) holds nothing that the store could then not let go of.
    """
    chosen = _HISTORY
    if name is not None:
        chosen = chosen.where(message.c.conversation_id.in_(ids_with(name)))
    newest = conn.scalar(select(func.max(message.c.id))) or 0
    chosen = chosen.where(message.c.id <= newest)
    if limit is not None:
        ids = chosen.with_only_columns(message.c.id).order_by(message.c.id.desc())
        oldest = conn.scalar(ids.offset(limit - 1).limit(1))
        chosen = chosen.where(message.c.id >= (oldest or 0))
    place = tuple_(message.c.conversation_id, message.c.seq)
    in_order = chosen.order_by(message.c.conversation_id, message.c.seq).limit(PAGE_ROWS)
    rows: Sequence[Any] = conn.execute(in_order).all()
    while rows:
        page = _page(conn, rows)
        conn.rollback()
        yield page
        if len(rows) < PAGE_ROWS:
            return
        last = rows[-1]
        rows = conn.execute(in_order.where(place > (last.conversation_id, last.seq))).all()
    conn.rollback()


def _page(conn: Connection, rows: Sequence[Any]) -> Page:
    lines = [
        Told(
            Kind(row.kind),
            _message(row),
            Body() if row.body is None else _body(row.body),
            row.deleted_ms is not None,
        )
        for row in rows
    ]
    files = load_files(conn, {id for line in lines for id in line.body.files})
    conversations = conversations_of(conn, {row.conversation_id for row in rows})
    return Page(lines, conversations, files)


_body = msgspec.json.Decoder(Body).decode

_MESSAGES = (
    select(
        message.c.id,
        message.c.conversation_id,
        conversation.c.key,
        conversation.c.kind,
        message.c.seq,
        participant.c.role,
        participant.c.name,
        message.c.client_id,
        message.c.text,
        message.c.sent_ms,
    )
    .join(conversation, conversation.c.id == message.c.conversation_id)
    .join(participant, participant.c.id == message.c.sender_id)
    .where(message.c.type == Entry.MESSAGE)
)
_HISTORY = _MESSAGES.add_columns(message.c.body, message.c.deleted_ms)


def _message(row: Row[*tuple[Any, ...]]) -> Message:
    sender = Member(Role(row.role), row.name)
    return Message(
        row.conversation_id,
        row.key,
        row.seq,
        sender,
        row.client_id,
        row.text,
        row.sent_ms,
        id=row.id,
    )
