"""Conversations and the people in them: opened with their first message, found, listed.

Rules: opening is done for a whole batch at once and is safe beside other writers: rows are
inserted in one fixed order, so that two processes that open the same ones wait for each other but
never in a circle. Nothing opens a conversation without a message in the same transaction.
Not here: messages and their numbers (``messages``).
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

import msgspec
from sqlalchemy import Connection, Select, Table, select
from sqlalchemy.dialects import postgresql, sqlite

from kefu.core.conversation import Kind, Member, NewMessage, Role
from kefu.storage.schema import contact, conversation, participant


class Opened(msgspec.Struct):
    """What the writer knows of a stored conversation.

    ``members`` are the ones it was last written to with: all of them are participants.
    """

    id: int
    last_seq: int
    participants: dict[Member, int]
    members: tuple[Member, ...]


class StoredConversation(msgspec.Struct, frozen=True, gc=False):
    """A conversation as the store knows it; ``members`` are in the order they came."""

    id: int
    key: str
    kind: Kind
    members: tuple[Member, ...]
    last_seq: int
    created_ms: int


def open_conversations(conn: Connection, news: Sequence[NewMessage]) -> dict[str, Opened]:
    """Find or make the conversations of ``news``, their members and contacts; return all by key."""
    contacts = _open_contacts(conn, news)
    made = {
        new.conversation.key: {
            "key": new.conversation.key,
            "kind": new.conversation.kind,
            "last_seq": 0,
            "created_ms": new.sent_ms,
        }
        for new in reversed(news)  # the first of a conversation's messages says when it began
    }
    _insert_missing(conn, conversation, [made[key] for key in sorted(made)])
    found = select(conversation.c.key, conversation.c.id, conversation.c.last_seq)
    members = {new.conversation.key: new.conversation.members for new in news}
    opened = {
        key: Opened(id, last_seq, {}, members[key])
        for key, id, last_seq in conn.execute(found.where(conversation.c.key.in_(made)))
    }
    people = {
        (opened[new.conversation.key].id, member.role, member.name): contacts.get(
            _identifier(new, member)
        )
        for new in news
        for member in (*new.conversation.members, new.sender)
    }
    columns = ("conversation_id", "role", "name", "contact_id")
    rows = [dict(zip(columns, (*key, people[key]), strict=True)) for key in sorted(people)]
    _insert_missing(conn, participant, rows)
    by_id = {place.id: place for place in opened.values()}
    for conversation_id, member, id in _list_participants(conn, by_id):
        by_id[conversation_id].participants[member] = id
    return opened


def get_conversation(conn: Connection, key: str) -> StoredConversation | None:
    """Return the conversation that ``key`` names, None if nothing was said in it yet."""
    found = _conversations(conn, select(conversation).where(conversation.c.key == key))
    return found[0] if found else None


def has_conversation(conn: Connection, id: int) -> bool:
    """Whether there is a conversation with this id."""
    return conn.scalar(select(conversation.c.id).where(conversation.c.id == id)) is not None


def list_conversations(
    conn: Connection, *, name: str | None = None, before_id: int | None = None, limit: int = 50
) -> list[StoredConversation]:
    """Return conversations, the youngest first; for the next page pass the last id as before_id.

    ``name`` keeps those in which somebody takes part under exactly this name.
    """
    chosen = select(conversation).order_by(conversation.c.id.desc()).limit(limit)
    if name is not None:
        chosen = chosen.where(conversation.c.id.in_(ids_with(name)))
    if before_id is not None:
        chosen = chosen.where(conversation.c.id < before_id)
    return _conversations(conn, chosen)


def ids_with(name: str) -> Select[tuple[int]]:
    """Select the ids of the conversations in which somebody takes part under ``name``."""
    return select(participant.c.conversation_id).where(participant.c.name == name)


def _conversations(conn: Connection, chosen: Select[Any]) -> list[StoredConversation]:
    rows = conn.execute(chosen).all()
    members: dict[int, list[Member]] = {row.id: [] for row in rows}
    for conversation_id, member, _ in _list_participants(conn, members):
        members[conversation_id].append(member)
    return [
        StoredConversation(
            row.id, row.key, Kind(row.kind), tuple(members[row.id]), row.last_seq, row.created_ms
        )
        for row in rows
    ]


def _list_participants(
    conn: Connection, conversation_ids: Collection[int]
) -> list[tuple[int, Member, int]]:
    """Return (conversation id, member, participant id), in the order they came."""
    chosen = select(participant).where(participant.c.conversation_id.in_(conversation_ids))
    return [
        (row.conversation_id, Member(Role(row.role), row.name), row.id)
        for row in conn.execute(chosen.order_by(participant.c.id))
    ]


def _open_contacts(conn: Connection, news: Sequence[NewMessage]) -> dict[str | None, int]:
    """Find or make the contacts of all members outside the team; return ids by identifier."""
    people = {
        identifier: {"identifier": identifier, "name": member.name, "created_ms": new.sent_ms}
        for new in reversed(news)
        for member in (*new.conversation.members, new.sender)
        if (identifier := _identifier(new, member))
    }
    _insert_missing(conn, contact, [people[key] for key in sorted(people)])
    found = select(contact.c.identifier, contact.c.id).where(contact.c.identifier.in_(people))
    return dict(conn.execute(found).all())


def _identifier(new: NewMessage, member: Member) -> str | None:
    """One contact per name and kind of conversation; None for the team, who are no contacts."""
    return None if member.role is Role.AGENT else f"{new.conversation.kind}:{member.name}"


def _insert_missing(conn: Connection, table: Table, rows: list[dict[str, Any]]) -> None:
    """Insert ``rows``, in their order, but those that a unique constraint knows already."""
    dialect = postgresql if conn.dialect.name == "postgresql" else sqlite
    if rows:
        conn.execute(dialect.insert(table).on_conflict_do_nothing(), rows)
