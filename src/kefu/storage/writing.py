"""Changes of messages that are stored: text, content, reactions; and what they said before.

Rules: the caller records each change in the timeline (``changed``), so that nobody's view of a
message can be stale.
Not here: new messages (``appending``), who may change what (``actions``).
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import Connection, delete, func, insert, or_, select, update

from kefu.core.actors import AgentRole
from kefu.core.conversation import Entry, Member, Message, NewMessage, Role
from kefu.core.desk import Body
from kefu.storage.appending import append_entry
from kefu.storage.schema import (
    agent,
    conversation,
    inbox_agent,
    message,
    message_version,
    participant,
)
from kefu.storage.states import address_of

_WRITTEN = (Entry.MESSAGE, Entry.NOTE)
_OTHERS = {True: (Role.VISITOR,), False: (Role.AGENT, Role.BOT)}  # by whether the team reads

_body = msgspec.json.Decoder(Body).decode


class Written(NamedTuple):
    """A stored message or note, as much as is needed to change it."""

    id: int
    conversation_id: int
    seq: int
    role: Role
    author_id: int  # of the agent or the contact; 0: of neither
    text: str
    sent_ms: int
    private: bool
    body: Body
    deleted: bool


class Version(NamedTuple):
    """What a message said until it was edited (Unix ms)."""

    text: str
    until_ms: int


class Marks(NamedTuple):
    """How far both sides got and read, and what they have not read."""

    last_seq: int
    last_public_seq: int
    team_delivered_seq: int
    team_read_seq: int
    team_unread: int
    contact_delivered_seq: int
    contact_read_seq: int
    contact_unread: int


def find_written(conn: Connection, conversation_id: int, seq: int) -> Written | None:
    """The message or note with this number."""
    row = conn.execute(
        select(message, participant.c.role, participant.c.agent_id, participant.c.contact_id)
        .join(participant, participant.c.id == message.c.sender_id)
        .where(message.c.conversation_id == conversation_id, message.c.seq == seq)
        .where(message.c.type.in_(_WRITTEN))
    ).one_or_none()
    if row is None:
        return None
    return Written(
        row.id,
        conversation_id,
        seq,
        Role(row.role),
        row.agent_id or row.contact_id or 0,
        row.text,
        row.sent_ms,
        bool(row.private),
        Body() if row.body is None else _body(row.body),
        row.deleted_ms is not None,
    )


def has_answers(conn: Connection, conversation_id: int, quote: int, *, before_seq: int) -> bool:
    """Whether a message before ``before_seq`` answers the form of the message ``quote``.

    Answers that were deleted count no more.
    """
    chosen = select(message.c.body).where(message.c.conversation_id == conversation_id)
    between = message.c.seq > quote, message.c.seq < before_seq, message.c.body.is_not(None)
    bodies = map(_body, conn.scalars(chosen.where(*between, message.c.type == Entry.MESSAGE)))
    return any(body.quote == quote and body.answers is not None for body in bodies)


def set_text(conn: Connection, of: Written, text: str, now_ms: int) -> None:
    """Give a message another text; what it said is kept."""
    version = {"message_id": of.id, "text": of.text, "until_ms": now_ms}
    conn.execute(insert(message_version).values(version))
    here = message.c.id == of.id
    conn.execute(update(message).where(here).values(text=text, edited_ms=now_ms))


def set_body(conn: Connection, of: Written, body: Body) -> None:
    """Replace what a message holds beside its text."""
    stored = None if body == Body() else msgspec.json.encode(body).decode()
    conn.execute(update(message).where(message.c.id == of.id).values(body=stored))


def wipe(conn: Connection, of: Written, now_ms: int) -> None:
    """Take everything that a message says and ever said away; its place stays."""
    conn.execute(delete(message_version).where(message_version.c.message_id == of.id))
    emptied = {"text": "", "body": None, "deleted_ms": now_ms}
    conn.execute(update(message).where(message.c.id == of.id).values(emptied))


def changed(conn: Connection, of: Written, type: Entry, *, by: Member, now_ms: int) -> Message:
    """Record that a message was changed; whoever sees the message sees this."""
    address = address_of(conn, of.conversation_id)
    return append_entry(
        conn, NewMessage(address, by, None, "", now_ms, type, of.private, of.seq, None)
    )


def list_versions(conn: Connection, message_id: int) -> list[Version]:
    """What a message said before, the oldest first."""
    chosen = select(message_version.c.text, message_version.c.until_ms)
    found = chosen.where(message_version.c.message_id == message_id).order_by(message_version.c.id)
    return [Version(*row) for row in conn.execute(found)]


def agents_who_see(conn: Connection, ids: Collection[int], inbox_id: int | None) -> set[int]:
    """Those of these agents who work for the inbox, or everywhere."""
    inside = select(inbox_agent.c.agent_id).where(inbox_agent.c.inbox_id == inbox_id)
    sees = or_(agent.c.role == AgentRole.ADMIN, agent.c.id.in_(inside))
    chosen = select(agent.c.id).where(agent.c.id.in_(ids), agent.c.active == 1, sees)
    return set(conn.scalars(chosen))


def get_marks(conn: Connection, conversation_id: int) -> Marks:
    """How far both sides of a conversation, which must be there, got and read."""
    columns = [conversation.c[name] for name in Marks._fields]
    return Marks(*conn.execute(select(*columns).where(conversation.c.id == conversation_id)).one())


def count_unread(conn: Connection, conversation_id: int, after_seq: int, *, by_team: bool) -> int:
    """Messages after a number that are of the other side."""
    chosen = (
        select(func.count())
        .select_from(message)
        .join(participant, participant.c.id == message.c.sender_id)
        .where(message.c.conversation_id == conversation_id, message.c.seq > after_seq)
        .where(message.c.type == Entry.MESSAGE, message.c.private == 0)
        .where(participant.c.role.in_(_OTHERS[by_team]))
    )
    return conn.scalar(chosen) or 0


def values_of(marks: Marks) -> dict[str, Any]:
    """The columns that ``marks`` stand in, for ``states.change``."""
    return {name: value for name, value in marks._asdict().items() if not name.startswith("last")}
