"""What a conversation of the desk begins with: its contact, the contact's browser, its row.

Not here: whether it may begin (``actions.starting``), its first entries (``appending``).
"""

from __future__ import annotations

from typing import Any, NamedTuple

from sqlalchemy import Connection, func, insert, select

from kefu.core.conversation import Entry, Kind, Role
from kefu.core.states import Status
from kefu.storage.schema import agent, contact, conversation, device, message, participant


class KnownContact(NamedTuple):
    """As much of a contact as their next conversation needs."""

    id: int
    name: str
    email: str | None
    phone: str | None
    locale: str | None
    blocked: bool
    consent_ms: int | None


class FirstMessage(NamedTuple):
    """What a contact began a conversation with."""

    seq: int
    text: str
    body: str | None
    changed: bool  # since


def find_contact(conn: Connection, contact_id: int) -> KnownContact | None:
    """The contact with this id."""
    row = conn.execute(select(contact).where(contact.c.id == contact_id)).one_or_none()
    if row is None:
        return None
    blocked = row.blocked_ms is not None
    named = (row.id, row.name, row.email, row.phone, row.locale)
    return KnownContact(*named, blocked, row.consent_ms)


def contact_of_device(conn: Connection, token_hash: str) -> int | None:
    """Whose browser this is."""
    found: int | None = conn.scalar(
        select(device.c.contact_id).where(device.c.token_hash == token_hash)
    )
    return found


def add_device(conn: Connection, **values: Any) -> None:
    """From now on this browser is known by its token; ``values`` are the columns."""
    conn.execute(insert(device).values(values))


def find_by_key(conn: Connection, key: str) -> int | None:
    """The id of the conversation that ``key`` names."""
    return conn.scalar(select(conversation.c.id).where(conversation.c.key == key))


def find_first(conn: Connection, conversation_id: int, client_id: str) -> FirstMessage | None:
    """The message that the contact began with, under this id."""
    changed = func.coalesce(message.c.edited_ms, message.c.deleted_ms).is_not(None)
    row = conn.execute(
        select(message.c.seq, message.c.text, message.c.body, changed)
        .join(participant, participant.c.id == message.c.sender_id)
        .where(message.c.conversation_id == conversation_id, message.c.type == Entry.MESSAGE)
        .where(message.c.client_id == client_id, participant.c.role == Role.VISITOR)
    ).one_or_none()
    return FirstMessage(*row) if row else None


def add_conversation(conn: Connection, **values: Any) -> int:
    """Add a conversation of the desk without entries; ``values`` are the columns. The id."""
    row = {"kind": Kind.DESK, "last_seq": 0} | values
    return int(
        conn.execute(insert(conversation).values(row).returning(conversation.c.id)).scalar_one()
    )


def count_live(conn: Connection, contact_id: int) -> int:
    """How many of a contact's conversations are not resolved."""
    live = (conversation.c.contact_id == contact_id, conversation.c.status != Status.RESOLVED)
    return conn.scalar(select(func.count()).select_from(conversation).where(*live)) or 0


def is_active(conn: Connection, agent_id: int | None) -> bool:
    """Whether this agent is there and not deactivated."""
    found = select(agent.c.active).where(agent.c.id == agent_id)
    return agent_id is not None and bool(conn.scalar(found))
