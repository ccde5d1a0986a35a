"""Messages read back: one conversation's page, or the whole history.

Not here: how they get in (``appending``).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection, Row, select

from kefu.core.conversation import Entry, Kind, Member, Message, Role
from kefu.storage.conversations import ids_with
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


def list_history(
    conn: Connection, *, name: str | None = None, limit: int | None = None
) -> Iterator[tuple[Kind, Message]]:
    """Yield messages by conversation and number, in bounded memory however many there are.

    ``name`` keeps the conversations in which somebody takes part under exactly this name.
    ``limit`` keeps the newest so many messages.
    """
    chosen = select(message.c.id).where(message.c.type == Entry.MESSAGE)
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
