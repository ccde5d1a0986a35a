"""Contacts: found by what a site signed, and two made one.

Rules: ``identifier`` is "user:ID" once a site vouched for somebody. From then on only devices that
were verified lead to the contact: an unverified one never sees what a verified person wrote. A
contact that was merged stays as a pointer to the other; there is never a second hop. People of the
tutorials' protocols are known by their name alone, so they are not merged with anybody.
Not here: who may merge, and the proof (``core.identity``).
"""

from __future__ import annotations

from collections.abc import Collection
from itertools import islice
from typing import Any

import msgspec
from sqlalchemy import Connection, delete, func, insert, or_, select, update

from kefu.core.attributes import ATTRIBUTES
from kefu.core.conversation import Entry, Kind, Member, Message, Role
from kefu.core.desk import Activity, What
from kefu.core.errors import IllegalState, NotFound
from kefu.core.reactions import hand_over
from kefu.storage.identity import IDENTIFIED, is_identified
from kefu.storage.moving import Step, take_steps
from kefu.storage.schema import contact, conversation, device, file, message, participant
from kefu.storage.writing import changed, find_written, set_body

_json = msgspec.json.decode


def find_identified(conn: Connection, user_id: str) -> int | None:
    """The contact whom the site calls ``user_id``, by whatever other name it has here now."""
    found: int | None = conn.scalar(
        select(func.coalesce(contact.c.merged_into_id, contact.c.id)).where(
            contact.c.identifier == IDENTIFIED + user_id
        )
    )
    return found


def add_contact(conn: Connection, **values: Any) -> int:
    """Add a contact; ``values`` are the columns, attributes and tags as they are. The id."""
    row = _stored(values)
    return int(conn.execute(insert(contact).values(row).returning(contact.c.id)).scalar_one())


def set_contact(conn: Connection, contact_id: int, **values: Any) -> None:
    """Change columns of a contact; a new name is also that of the author of what they wrote.

    The search will look at the contact again (``indexing``).
    """
    if values:
        here = contact.c.id == contact_id
        conn.execute(update(contact).where(here).values(_stored(values) | {"indexed": 0}))
    if "name" in values:  # but in the tutorials' protocols, where it is who they are
        desk = select(conversation.c.id).where(conversation.c.kind == Kind.DESK)
        mine = participant.c.contact_id == contact_id, participant.c.conversation_id.in_(desk)
        conn.execute(update(participant).where(*mine).values(name=values["name"]))


def identify_contact(conn: Connection, contact_id: int, user_id: str) -> None:
    """Let an anonymous contact be the one whom the site calls ``user_id``."""
    set_contact(conn, contact_id, identifier=IDENTIFIED + user_id)
    drop_unverified(conn, contact_id)


def drop_unverified(conn: Connection, *contact_ids: int) -> None:
    """Devices for which no site vouched lead to none of these any more."""
    theirs = device.c.contact_id.in_(contact_ids)
    conn.execute(delete(device).where(theirs, device.c.verified == 0))


def merge_contacts(
    conn: Connection, from_id: int, into_id: int, *, by: Member, now_ms: int, what: What = "merged"
) -> list[Message]:
    """Make the contact ``from_id`` one with ``into_id``, who keeps their id and what they have.

    Returns the activities, to be published; whoever is connected as either must come back.
    Raises NotFound, IllegalState.
    """
    old, new = _mergeable(conn, from_id), _mergeable(conn, into_id)
    if from_id == into_id:
        raise IllegalState("A contact cannot be merged with itself.")
    if is_identified(old.identifier) or is_identified(new.identifier):
        drop_unverified(conn, from_id, into_id)
    conn.execute(update(device).where(device.c.contact_id == from_id).values(contact_id=into_id))
    values = _together(old, new)
    if old.identifier and not new.identifier:  # else a proof of it leads through the pointer
        set_contact(conn, from_id, identifier=None)
        values["identifier"] = old.identifier
    pointers = or_(contact.c.id == from_id, contact.c.merged_into_id == from_id)
    conn.execute(update(contact).where(pointers).values(merged_into_id=into_id, indexed=0))
    set_contact(conn, into_id, **values)
    told: list[Message] = []
    if is_identified(values.get("identifier")):  # what they had themselves is a known person's now
        told = record_about(conn, into_id, Activity(what="identified"), by=by, now_ms=now_ms)
    return told + _move(conn, from_id, into_id, Activity(what=what), by=by, now_ms=now_ms)


def record_about(
    conn: Connection,
    contact_id: int,
    activity: Activity,
    *,
    by: Member,
    now_ms: int,
    but: Collection[int] = (),
) -> list[Message]:
    """Record ``activity`` in all conversations of a contact, whose state says who that is.

    Without those in ``but``.
    """
    mine = [conversation.c.contact_id == contact_id, conversation.c.id.not_in(but)]
    ids = conn.scalars(select(conversation.c.id).where(*mine).order_by(conversation.c.id)).all()
    return take_steps(conn, [Step(id, activity, {}, by) for id in ids], now_ms)


def _mergeable(conn: Connection, contact_id: int) -> Any:
    row = conn.execute(select(contact).where(contact.c.id == contact_id)).one_or_none()
    if row is None or row.merged_into_id is not None:
        raise NotFound
    if row.identifier is not None and not is_identified(row.identifier):
        raise IllegalState("This contact is known by a name alone; it cannot be merged.")
    return row


def _together(old: Any, new: Any) -> dict[str, Any]:
    """What ``new`` is after it took in ``old``: its own, and what it did not have."""
    attributes = _json(new.attributes)
    attributes |= {key: one for key, one in _json(old.attributes).items() if key not in attributes}
    tags = dict.fromkeys([*_json(new.tags), *_json(old.tags)])
    seen = [ms for ms in (old.seen_ms, new.seen_ms) if ms is not None]
    return {
        "name": new.name or old.name,
        "email": new.email or old.email,
        "phone": new.phone or old.phone,
        "locale": new.locale or old.locale,
        "attributes": dict(islice(attributes.items(), ATTRIBUTES)),
        "tags": list(tags),
        "created_ms": min(old.created_ms, new.created_ms),
        "seen_ms": max(seen, default=None),
        "blocked_ms": new.blocked_ms or old.blocked_ms,
        "inbox_id": new.inbox_id or old.inbox_id,
        "consent_ms": new.consent_ms or old.consent_ms,
    }


def _move(
    conn: Connection,
    from_id: int,
    into_id: int,
    activity: Activity,
    *,
    by: Member,
    now_ms: int,
) -> list[Message]:
    """Give the one contact's conversations to the other."""
    name = conn.scalar(select(contact.c.name).where(contact.c.id == into_id))
    people = participant.c.contact_id == from_id
    conn.execute(update(participant).where(people).values(contact_id=into_id, name=name))
    unsent = (file.c.owner == f"contact#{from_id}", file.c.conversation_id.is_(None))
    conn.execute(update(file).where(*unsent).values(owner=f"contact#{into_id}"))
    mine = select(conversation.c.id).where(conversation.c.contact_id == from_id)
    ids = conn.scalars(mine.order_by(conversation.c.id)).all()
    steps = [Step(id, activity, {"contact_id": into_id}, by) for id in ids]
    moved = take_steps(conn, steps, now_ms)
    return moved + _hand_over_reactions(conn, from_id, into_id, by=by, now_ms=now_ms)


def _hand_over_reactions(
    conn: Connection, from_id: int, into_id: int, *, by: Member, now_ms: int
) -> list[Message]:
    """Let the one contact's reactions be the other's, to whom the conversations belong by now."""
    old, new = (Member(Role.VISITOR, "", id).identity for id in (from_id, into_id))
    theirs = select(conversation.c.id).where(conversation.c.contact_id == into_id)
    chosen = select(message.c.conversation_id, message.c.seq).order_by(message.c.id)
    reacted = message.c.body.contains(f'"{old}"', autoescape=True)
    entries = []
    for place in conn.execute(chosen.where(message.c.conversation_id.in_(theirs), reacted)).all():
        found = find_written(conn, *place)
        if found is not None:
            after = hand_over(found.body.reactions, old, new)
            set_body(conn, found, msgspec.structs.replace(found.body, reactions=after))
            entries.append(changed(conn, found, Entry.REACTION, by=by, now_ms=now_ms))
    return entries


def _stored(values: dict[str, Any]) -> dict[str, Any]:
    written = {name: values[name] for name in ("attributes", "tags") if name in values}
    return values | {name: msgspec.json.encode(one).decode() for name, one in written.items()}
