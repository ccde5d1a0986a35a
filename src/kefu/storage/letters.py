"""Letters that are to be sent: transcripts, "you have an answer", and what waits for the team.

Rules: who is to be told of an answer is read off the timeline, with a cursor of its own that moves
in the transaction that makes the letters. At most one answer is written of per place up to which
the contact has read: reading or writing moves that place, and only then may another letter follow.
Not here: what a letter says (``outbound.letters``), sending (``actions.letters``).
"""

from __future__ import annotations

from enum import StrEnum
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, Select, delete, func, insert, or_, select, update

from kefu.core.conversation import Entry, Kind, Role
from kefu.core.webhooks import GIVE_UP_MS
from kefu.storage.identity import is_identified
from kefu.storage.inboxes import get_inbox
from kefu.storage.schema import (
    chat_link,
    consumer,
    contact,
    conversation,
    letter,
    message,
    participant,
)
from kefu.storage.starting import find_contact
from kefu.storage.webhooks import newest_id

CONSUMER = "mail"
TEAM_GATHER_MS = 120_000  # after the first news for one of the team
TEAM_EVERY_MS = 1_800_000  # between two letters to one of them


class Letters(StrEnum):
    """What kind a letter is."""

    TRANSCRIPT = "transcript"
    ANSWER = "answer"
    TEAM = "team"  # to one of the team: what waits while nobody is there


class State(StrEnum):
    """Where a letter stands."""

    WAITING = "waiting"
    SENT = "sent"
    FAILED = "failed"
    UNNEEDED = "unneeded"  # the contact came back before it was sent


class Due(NamedTuple):
    """A letter that is to be sent. ``after_seq``: of an answer, what the contact has read."""

    id: int
    kind: Letters
    conversation_id: int
    conversation_key: str
    contact_id: int
    inbox_id: int
    recipient: str  # of a transcript
    after_seq: int
    attempts: int
    created_ms: int
    agent_id: int = 0  # of the team


class ChatLink(NamedTuple):
    """A letter's link: where it went, and the browser that opened it (its token's hash)."""

    id: int
    conversation_id: int
    email: str | None
    device_hash: str | None


class Unread(NamedTuple):
    """What a contact has not read in a conversation."""

    email: str
    read_seq: int
    first_ms: int  # when the first of it was said


def begin_following(conn: Connection) -> None:
    """Follow the timeline from here on, unless it is followed already."""
    if conn.scalar(select(consumer.c.last_id).where(consumer.c.name == CONSUMER)) is None:
        conn.execute(insert(consumer).values(name=CONSUMER, last_id=newest_id(conn)))


def is_behind(conn: Connection) -> bool:
    """Whether there are entries that were not looked at."""
    last_id = conn.scalar(select(consumer.c.last_id).where(consumer.c.name == CONSUMER))
    return last_id is None or last_id < newest_id(conn)


def plan_answers(conn: Connection, now_ms: int, wait_ms: int, *, limit: int = 500) -> None:
    """Plan a letter for whoever has something unread in the next ``limit`` entries' conversations.

    ``wait_ms``: how long an answer may stay unread.
    """
    begin_following(conn)
    last_id = select(consumer.c.last_id).where(consumer.c.name == CONSUMER).scalar_subquery()
    chosen = select(message.c.id, message.c.conversation_id).where(message.c.id > last_id)
    entries = conn.execute(chosen.order_by(message.c.id).limit(limit)).all()
    if not entries:
        return
    for conversation_id in sorted({entry.conversation_id for entry in entries}):
        unread = find_unread(conn, conversation_id)
        if unread is None or unread.first_ms < now_ms - GIVE_UP_MS:
            continue
        if not _has_letter(conn, conversation_id, unread.read_seq):
            add_letter(
                conn,
                kind=Letters.ANSWER,
                conversation_id=conversation_id,
                recipient="",
                after_seq=unread.read_seq,
                created_ms=now_ms,
                next_ms=min(unread.first_ms, now_ms) + wait_ms,
            )
    conn.execute(update(consumer).where(consumer.c.name == CONSUMER).values(last_id=entries[-1].id))


def find_unread(conn: Connection, conversation_id: int) -> Unread | None:
    """What the contact of a conversation has not read; None: nothing, or there is no address."""
    row = conn.execute(
        select(conversation.c.contact_read_seq, contact.c.email)
        .join(contact, contact.c.id == conversation.c.contact_id)
        .where(
            conversation.c.id == conversation_id,
            conversation.c.kind == Kind.DESK,
            conversation.c.contact_unread > 0,
            contact.c.email.is_not(None),
            contact.c.blocked_ms.is_(None),
        )
    ).one_or_none()
    if row is None:
        return None
    said_ms = conn.scalar(
        _said(conversation_id, message.c.sent_ms)
        .where(message.c.seq > row.contact_read_seq, participant.c.role.in_(_TEAM))
        .order_by(message.c.seq)
        .limit(1)
    )
    if said_ms is None:
        return None
    return Unread(row.email, row.contact_read_seq, said_ms)


def has_answer(conn: Connection, conversation_id: int) -> bool:
    """Whether anybody of the team has said anything."""
    spoke = _said(conversation_id, message.c.seq).where(participant.c.role.in_(_TEAM)).limit(1)
    return conn.scalar(spoke) is not None


def count_said(conn: Connection, conversation_id: int) -> int:
    """How many messages a transcript of the conversation has."""
    return conn.scalar(_said(conversation_id, func.count())) or 0


def was_answered(conn: Connection, one: Due, read_seq: int) -> bool:
    """Whether another letter told the contact of what is unread after ``read_seq``."""
    sent = letter.c.state.in_((State.SENT, State.FAILED))
    return _exists(conn, one.conversation_id, sent, letter.c.after_seq >= read_seq)


def add_letter(conn: Connection, **values: Any) -> int:
    """A letter that waits; ``values`` are its columns. Returns its id."""
    row = {"state": State.WAITING} | values
    return int(conn.execute(insert(letter).values(row).returning(letter.c.id)).scalar_one())


def count_transcripts(conn: Connection, after_ms: int, recipient: str, contact_id: int) -> int:
    """How many transcripts of late went to an address, or were of a contact's conversations."""
    theirs = or_(letter.c.recipient == recipient, conversation.c.contact_id == contact_id)
    late = (letter.c.kind == Letters.TRANSCRIPT, letter.c.created_ms > after_ms)
    counted = select(func.count()).select_from(
        letter.join(conversation, conversation.c.id == letter.c.conversation_id)
    )
    return conn.scalar(counted.where(theirs, *late)) or 0


def next_due(conn: Connection) -> int | None:
    """When (Unix ms) a letter is due; None: none waits."""
    due_ms: int | None = conn.scalar(select(func.min(letter.c.next_ms)))
    return due_ms


def list_due(conn: Connection, now_ms: int, limit: int) -> list[Due]:
    """Letters to send now, the oldest first."""
    rows = conn.execute(
        select(letter, conversation.c.key, conversation.c.contact_id, conversation.c.inbox_id)
        .join(conversation, conversation.c.id == letter.c.conversation_id)
        .where(letter.c.next_ms <= now_ms)
        .order_by(letter.c.next_ms, letter.c.id)
        .limit(limit)
    )
    return [
        Due(
            row.id,
            Letters(row.kind),
            row.conversation_id,
            row.key,
            row.contact_id or 0,
            row.inbox_id or 0,
            row.recipient,
            row.after_seq,
            row.attempts,
            row.created_ms,
            row.agent_id or 0,
        )
        for row in rows
    ]


def set_letter(conn: Connection, letter_id: int, **values: Any) -> None:
    """Change columns of a letter."""
    conn.execute(update(letter).where(letter.c.id == letter_id).values(values))


def add_link(conn: Connection, token_hash: str, **values: Any) -> None:
    """A link that opens a conversation until it expires (Unix ms); ``values``: its columns."""
    conn.execute(insert(chat_link).values({"token_hash": token_hash} | values))


def find_link(conn: Connection, token_hash: str, now_ms: int) -> ChatLink | None:
    """A link that has not expired."""
    columns = [chat_link.c[name] for name in ChatLink._fields]
    holds = (chat_link.c.token_hash == token_hash, chat_link.c.expires_ms > now_ms)
    row = conn.execute(select(*columns).where(*holds)).one_or_none()
    return ChatLink(*row) if row else None


def bind_link(conn: Connection, link_id: int, device_hash: str) -> None:
    """From now on a link is for this browser alone."""
    here = chat_link.c.id == link_id
    conn.execute(update(chat_link).where(here).values(device_hash=device_hash))


def drop_links_of(conn: Connection, device_hash: str) -> None:
    """What a browser has opened lets it in no more."""
    conn.execute(delete(chat_link).where(chat_link.c.device_hash == device_hash))


def is_vouched(conn: Connection, contact_id: int) -> bool:
    """Whether a site vouched for the contact: then only browsers that it vouched for are theirs."""
    return is_identified(
        conn.scalar(select(contact.c.identifier).where(contact.c.id == contact_id))
    )


def is_linkable(conn: Connection, *, inbox_id: int, contact_id: int, email: str) -> bool:
    """Whether a letter to ``email`` may have a link back: it is for the contact alone, and only
    for one whose browser alone proves who it is, in an inbox that has a chat page for them."""
    inbox = get_inbox(conn, inbox_id, members=False)
    known = find_contact(conn, contact_id)
    is_own = known is not None and known.email == email and not known.blocked
    has_page = bool(inbox.widget_key) and not inbox.settings.identity_required
    return is_own and has_page and not is_vouched(conn, contact_id)


def tidy(conn: Connection, now_ms: int) -> None:
    """Forget the links that have expired."""
    conn.execute(delete(chat_link).where(chat_link.c.expires_ms <= now_ms))


def _has_letter(conn: Connection, conversation_id: int, read_seq: int) -> bool:
    """Whether one waits, or what is unread after ``read_seq`` was told."""
    told = letter.c.state.in_((State.SENT, State.FAILED)) & (letter.c.after_seq >= read_seq)
    return _exists(conn, conversation_id, or_(letter.c.state == State.WAITING, told))


def _exists(conn: Connection, conversation_id: int, *where: ColumnElement[bool]) -> bool:
    here = (letter.c.conversation_id == conversation_id, letter.c.kind == Letters.ANSWER)
    return conn.scalar(select(letter.c.id).where(*here, *where).limit(1)) is not None


def _said(conversation_id: int, what: Any) -> Select[Any]:
    """``what`` of the messages that the visitor sees and that were not deleted."""
    return (
        select(what)
        .select_from(message)
        .join(participant, participant.c.id == message.c.sender_id)
        .where(
            message.c.conversation_id == conversation_id,
            message.c.type == Entry.MESSAGE,
            message.c.private == 0,
            message.c.deleted_ms.is_(None),
        )
    )


_TEAM = (Role.AGENT, Role.BOT)
