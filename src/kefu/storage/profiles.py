"""Contacts read back as the team sees them, one or many.

Rules: an agent sees the contacts who have a conversation in an inbox of theirs, or were made in one
by the team, and no other;
``visible_in`` says so in every list and search. People of the direct protocol are nobody's
contacts.
Not here: changing contacts (``contacts``), finding them by a text (``search``).
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, Connection, and_, exists, or_, select

from kefu.core.conversation import Kind
from kefu.core.desk import Contact, at
from kefu.storage.identity import IDENTIFIED, is_identified
from kefu.storage.schema import contact, conversation

_attributes = msgspec.json.Decoder(dict[str, Any]).decode
_tags = msgspec.json.Decoder(tuple[str, ...]).decode


def visible_in(inbox_ids: Collection[int] | None) -> ColumnElement[bool]:
    """That a contact may be seen by whoever sees these inboxes; None: all."""
    if inbox_ids is None:
        direct = contact.c.identifier.like(f"{Kind.DIRECT}:%")
        return and_(
            contact.c.merged_into_id.is_(None), or_(contact.c.identifier.is_(None), ~direct)
        )
    here = (conversation.c.contact_id == contact.c.id, conversation.c.inbox_id.in_(inbox_ids))
    seen = or_(contact.c.inbox_id.in_(inbox_ids), exists().where(*here))
    return and_(contact.c.merged_into_id.is_(None), seen)


def find_visible(
    conn: Connection, contact_id: int, inbox_ids: Collection[int] | None
) -> Contact | None:
    """The contact, or whom it was merged into, if they may be seen."""
    into_id = conn.scalar(select(contact.c.merged_into_id).where(contact.c.id == contact_id))
    found = load_contacts(conn, [into_id or contact_id], visible_in(inbox_ids))
    return found[0] if found else None


def load_contacts(
    conn: Connection, ids: Sequence[int], visible: ColumnElement[bool] | None = None
) -> list[Contact]:
    """The contacts with these ids, in this order; those that are not there are left out."""
    chosen = select(contact).where(contact.c.id.in_(ids))
    if visible is not None:
        chosen = chosen.where(visible)
    found = {row.id: _contact(row) for row in conn.execute(chosen)}
    return [found[id] for id in ids if id in found]


def list_contacts(
    conn: Connection,
    inbox_ids: Collection[int] | None,
    *,
    tag: str | None = None,
    before_id: int | None = None,
    limit: int,
) -> list[Contact]:
    """Contacts who may be seen, the newest first. ``tag``: as it is stored."""
    chosen = select(contact).where(visible_in(inbox_ids))
    if tag is not None:
        written = msgspec.json.encode(tag).decode()
        chosen = chosen.where(contact.c.tags.contains(written, autoescape=True))
    if before_id is not None:
        chosen = chosen.where(contact.c.id < before_id)
    rows = conn.execute(chosen.order_by(contact.c.id.desc()).limit(limit)).all()
    return [_contact(row) for row in rows]


def _contact(row: Any) -> Contact:
    identified = is_identified(row.identifier)
    return Contact(
        id=row.id,
        name=row.name,
        created_at=at(row.created_ms),
        verified=identified,
        user_id=row.identifier.removeprefix(IDENTIFIED) if identified else None,
        email=row.email,
        phone=row.phone,
        locale=row.locale,
        attributes=_attributes(row.attributes),
        tags=_tags(row.tags),
        blocked=row.blocked_ms is not None,
        seen_at=None if row.seen_ms is None else at(row.seen_ms),
        consented_at=None if row.consent_ms is None else at(row.consent_ms),
    )
