"""Rows of how far each of the team has read, and of who is named in a note.

Rules: a mark goes forward, and back only where its agent asks for it. A mention counts for an agent
as long as they may see its conversation; it is read with the conversation, or by itself.
Not here: what both sides of a conversation have read (``storage.writing``).
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, delete, func, insert, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from kefu.core.actors import AgentRole
from kefu.core.conversation import Entry, Message, Role
from kefu.core.errors import IllegalState
from kefu.core.signals import ReadMark
from kefu.storage.schema import (
    agent,
    conversation,
    inbox_agent,
    mention,
    message,
    participant,
    read_mark,
)
from kefu.storage.writing import count_unread

MOST_COUNTED = 1_000  # mentions that are unread


class Mentioned(NamedTuple):
    """A note that names somebody. ``id``: of its entry."""

    id: int
    conversation_id: int
    read: bool


def move_mark(conn: Connection, agent_id: int, conversation_id: int, seq: int) -> ReadMark | None:
    """The agent has read everything up to ``seq``; None: so they had already."""
    before = _find_mark(conn, agent_id, conversation_id)
    if before is not None and before.seq >= seq:
        return None
    return _set_mark(conn, (agent_id, conversation_id), seq, before.back if before else 0)


def set_back(
    conn: Connection, agent_id: int, conversation_id: int, from_seq: int | None
) -> ReadMark | None:
    """The agent has not read what is from ``from_seq`` on; None: so it is already.

    Without a number it is the contact's last message. Raises IllegalState if the contact has
    written nothing from there on.
    """
    last = _last_of_contact(conn, conversation_id)
    seq = last if from_seq is None else max(from_seq, 1)
    if last is None or seq is None or seq > last:
        raise IllegalState("The contact has written nothing there.")
    before = _find_mark(conn, agent_id, conversation_id)
    team = select(conversation.c.team_read_seq).where(conversation.c.id == conversation_id)
    reached = before.seq if before else conn.scalar(team) or 0
    if reached < seq:
        return None
    back = before.back if before else 0
    return _set_mark(conn, (agent_id, conversation_id), seq - 1, back + 1)


def list_marks(
    conn: Connection, agent_id: int, where: list[ColumnElement[bool]], *, limit: int
) -> list[ReadMark]:
    """The agent's marks in these conversations; of at most ``limit``, those written to last."""
    chosen = (
        select(read_mark)
        .join(conversation, conversation.c.id == read_mark.c.conversation_id)
        .where(read_mark.c.agent_id == agent_id, *where)
        .order_by(conversation.c.last_id.desc())
    )
    return [
        ReadMark(
            conversation=row.conversation_id, read=row.seq, messages=row.messages, back=row.back
        )
        for row in conn.execute(chosen.limit(limit))
    ]


def is_unread_by(agent_id: int) -> ColumnElement[bool]:
    """That a conversation has what this agent has not read: by their mark, or else the team's."""
    mark = _mark_of(agent_id)
    seen = select(read_mark.c.messages).where(*mark).correlate(conversation).scalar_subquery()
    team = conversation.c.contact_messages - conversation.c.team_unread
    return conversation.c.contact_messages > func.coalesce(seen, team)


def names(agent_id: int) -> ColumnElement[bool]:
    """That a note of a conversation names this agent."""
    here = (mention.c.agent_id == agent_id, mention.c.conversation_id == conversation.c.id)
    return select(mention.c.message_id).where(*here).correlate(conversation).exists()


def add_mentions(conn: Connection, note: Message, agent_ids: Collection[int]) -> None:
    """``note`` names these agents."""
    place = {"message_id": note.id, "conversation_id": note.conversation_id, "seq": note.seq}
    conn.execute(insert(mention), [{"agent_id": id, **place} for id in sorted(set(agent_ids))])


def drop_mentions(conn: Connection, message_id: int) -> list[int]:
    """A note names nobody any more; whom it did."""
    gone = delete(mention).where(mention.c.message_id == message_id)
    return sorted(conn.scalars(gone.returning(mention.c.agent_id)))


def read_mentions(
    conn: Connection,
    agent_id: int,
    now_ms: int,
    *,
    message_id: int | None = None,
    in_conversation: tuple[int, int] | None = None,
) -> bool:
    """The agent has read a note that names them, or all; whether that is news.

    ``in_conversation``: its id, and up to which number they have read.
    """
    which = [mention.c.agent_id == agent_id, mention.c.read_ms.is_(None)]
    if message_id is not None:
        which.append(mention.c.message_id == message_id)
    if in_conversation is not None:
        id, seq = in_conversation
        which += [mention.c.conversation_id == id, mention.c.seq <= seq]
    changed = update(mention).where(*which).values(read_ms=now_ms)
    return conn.execute(changed.returning(mention.c.message_id)).first() is not None


def is_mentioned(conn: Connection, agent_id: int, message_id: int) -> bool:
    """Whether this note names the agent."""
    here = (mention.c.agent_id == agent_id, mention.c.message_id == message_id)
    return conn.scalar(select(mention.c.seq).where(*here)) is not None


def count_unread_mentions(conn: Connection, agent_id: int) -> int:
    """How many notes name the agent, who may see and has not read them."""
    few = _mentions(agent_id, unread=True).limit(MOST_COUNTED).subquery()
    return conn.scalar(select(func.count()).select_from(few)) or 0


def list_mentions(
    conn: Connection, agent_id: int, *, unread: bool, before_id: int | None, limit: int
) -> list[Mentioned]:
    """Notes that name the agent and that they may see, the newest first."""
    chosen = _mentions(agent_id, unread=unread).order_by(mention.c.message_id.desc())
    if before_id is not None:
        chosen = chosen.where(mention.c.message_id < before_id)
    return [
        Mentioned(id, conversation_id, read_ms is not None)
        for id, conversation_id, read_ms in conn.execute(chosen.limit(limit))
    ]


def _mentions(agent_id: int, *, unread: bool) -> Any:
    sees = or_(
        select(agent.c.id).where(agent.c.id == agent_id, agent.c.role == AgentRole.ADMIN).exists(),
        select(inbox_agent.c.inbox_id)
        .where(
            inbox_agent.c.agent_id == agent_id, inbox_agent.c.inbox_id == conversation.c.inbox_id
        )
        .exists(),
    )
    chosen = (
        select(mention.c.message_id, mention.c.conversation_id, mention.c.read_ms)
        .join(conversation, conversation.c.id == mention.c.conversation_id)
        .where(mention.c.agent_id == agent_id, sees)
    )
    return chosen.where(mention.c.read_ms.is_(None)) if unread else chosen


def _mark_of(agent_id: int) -> tuple[ColumnElement[bool], ...]:
    return (
        read_mark.c.agent_id == agent_id,
        read_mark.c.conversation_id == conversation.c.id,
    )


def _find_mark(conn: Connection, agent_id: int, conversation_id: int) -> Any:
    mine = (read_mark.c.agent_id == agent_id, read_mark.c.conversation_id == conversation_id)
    return conn.execute(select(read_mark.c.seq, read_mark.c.back).where(*mine)).one_or_none()


def _set_mark(conn: Connection, key: tuple[int, int], seq: int, back: int) -> ReadMark:
    agent_id, conversation_id = key
    written = select(conversation.c.contact_messages).where(conversation.c.id == conversation_id)
    after = count_unread(conn, conversation_id, seq, by_team=True)
    mark = {"seq": seq, "messages": (conn.scalar(written) or 0) - after, "back": back}
    dialect = sqlite if conn.dialect.name == "sqlite" else postgresql
    row = {"agent_id": agent_id, "conversation_id": conversation_id} | mark
    conn.execute(
        dialect.insert(read_mark)
        .values(row)
        .on_conflict_do_update(index_elements=["agent_id", "conversation_id"], set_=mark)
    )
    return ReadMark(conversation=conversation_id, read=seq, messages=mark["messages"], back=back)


def _last_of_contact(conn: Connection, conversation_id: int) -> int | None:
    """The number of the contact's last message; None: there is none."""
    chosen = (
        select(message.c.seq)
        .join(participant, participant.c.id == message.c.sender_id)
        .where(message.c.conversation_id == conversation_id, message.c.private == 0)
        .where(message.c.type == Entry.MESSAGE, participant.c.role == Role.VISITOR)
        .order_by(message.c.seq.desc())
    )
    return conn.scalar(chosen.limit(1))
