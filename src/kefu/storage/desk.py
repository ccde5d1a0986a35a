"""The desk's conversations read back: as they stand now, their entries, and what happened since.

Rules: every function reads from one snapshot and gives values of ``core.desk``, for the team;
``core.views`` makes the visitor's of them.
Not here: how entries get in (``appending``), what a search finds (``search``).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, Connection, Row, Select, and_, or_, select

from kefu.core.conversation import Entry, Kind, Role
from kefu.core.cursors import make_cursor
from kefu.core.desk import (
    Activity,
    Body,
    Conversation,
    Event,
    FileInfo,
    Message,
    Person,
    Receipts,
    at,
)
from kefu.core.offers import OFFER_MS
from kefu.core.permissions import Place
from kefu.core.reactions import shown_reactions
from kefu.core.states import Status
from kefu.core.views import event_name
from kefu.storage.identity import is_identified
from kefu.storage.schema import agent, contact, conversation, file, message, participant, store

_Row = Row[Any]


def get_epoch(conn: Connection) -> str:
    """What this store makes the marks of positions with (``core.cursors``)."""
    return str(conn.scalar(select(store.c.epoch)))


def get_place(conn: Connection, conversation_id: int) -> Place | None:
    """What ``may`` needs to know of a conversation; None: there is none."""
    row = conn.execute(_PLACES.where(conversation.c.id == conversation_id)).one_or_none()
    return _place(row) if row else None


def get_conversation(conn: Connection, conversation_id: int) -> Conversation:
    """The conversation, which must be there, as it stands now."""
    (found,) = load_conversations(conn, [conversation_id])
    return found


def load_conversations(conn: Connection, ids: Sequence[int]) -> list[Conversation]:
    """The conversations with these ids, in this order; those that are not there are left out."""
    if not ids:
        return []
    chosen = _CONVERSATIONS.where(conversation.c.id.in_(ids))
    rows = {row.id: row for row in conn.execute(chosen)}
    members = _members(conn, rows)
    assignees = _agents(conn, {row.assignee_id for row in rows.values()})
    last = _last_messages(conn, rows.values())
    return [
        _conversation(rows[id], members[id], assignees, last.get(id)) for id in ids if id in rows
    ]


def list_entries(
    conn: Connection,
    conversation_id: int,
    *,
    after_seq: int = 0,
    before_seq: int | None = None,
    limit: int,
    private: bool,
) -> list[Message]:
    """Messages, notes and activities as they stand now, in order.

    After ``after_seq``, oldest first; or, with ``before_seq``, the newest before it. ``private``:
    with what only the team sees.
    """
    shown = message.c.type.in_((Entry.MESSAGE, Entry.NOTE, Entry.ACTIVITY))
    chosen = _ENTRIES.where(message.c.conversation_id == conversation_id, shown)
    if not private:
        chosen = chosen.where(message.c.private == 0)
    if before_seq is None:
        chosen = chosen.where(message.c.seq > after_seq).order_by(message.c.seq)
    else:
        chosen = chosen.where(message.c.seq < before_seq).order_by(message.c.seq.desc())
    rows = conn.execute(chosen.limit(limit)).all()
    return _messages(conn, rows if before_seq is None else rows[::-1])


def list_events(
    conn: Connection,
    where: Iterable[ColumnElement[bool]],
    *,
    limit: int,
    epoch: str,
) -> list[Event]:
    """Whatever is in the timelines of ``where``, as events for the team, in the order of the store.

    ``prev`` is right for the team; for a visitor see ``public_prevs``.
    """
    rows = conn.execute(_ENTRIES.where(*where).order_by(message.c.id).limit(limit)).all()
    return events_of(conn, rows, epoch)


def in_conversation(conversation_id: int, after_seq: int) -> list[ColumnElement[bool]]:
    """For ``list_events``: the entries of one conversation after a number."""
    return [message.c.conversation_id == conversation_id, message.c.seq > after_seq]


def since(after_id: int, *, inbox_ids: Collection[int] | None = None) -> list[ColumnElement[bool]]:
    """For ``list_events``: everything after an id, of these inboxes; None: of all."""
    chosen = [message.c.id > after_id, conversation.c.inbox_id.is_not(None)]
    return chosen if inbox_ids is None else [*chosen, conversation.c.inbox_id.in_(inbox_ids)]


def of_contact(after_id: int, contact_id: int) -> list[ColumnElement[bool]]:
    """For ``list_events``: what a contact may see after an id."""
    return [
        message.c.id > after_id,
        conversation.c.contact_id == contact_id,
        conversation.c.kind == Kind.DESK,
        message.c.private == 0,
    ]


def entries_by_id(ids: Collection[int]) -> list[ColumnElement[bool]]:
    """For ``list_events``: just these."""
    return [message.c.id.in_(ids)]


def events_of(conn: Connection, rows: Sequence[Any], epoch: str) -> list[Event]:
    """The events that these rows of the timeline are."""
    about = {(row.conversation_id, row.about_seq) for row in rows if row.about_seq is not None}
    changed = {
        (one.conversation, one.seq): one
        for one in _messages(conn, _rows_at(conn, about))
    }  # fmt: skip
    own = {
        (one.conversation, one.seq): one
        for one in _messages(conn, [row for row in rows if row.about_seq is None])
    }
    ids = {row.conversation_id for row in rows if row.type not in _PLAIN}
    states = {one.id: one for one in load_conversations(conn, sorted(ids))}
    return [
        Event(
            on=event_name(Entry(row.type)),
            cursor=make_cursor(epoch, row),
            conversation=row.conversation_id,
            seq=row.seq,
            prev=row.seq - 1,
            private=bool(row.private),
            message=(own if row.about_seq is None else changed).get(
                (row.conversation_id, row.seq if row.about_seq is None else row.about_seq)
            ),
            state=None if row.type in _PLAIN else states[row.conversation_id],
        )
        for row in rows
    ]


def get_message(conn: Connection, conversation_id: int, seq: int) -> Message | None:
    """One message, note or activity as it stands now."""
    found = _messages(conn, _rows_at(conn, {(conversation_id, seq)}))
    return found[0] if found else None


def load_messages(conn: Connection, ids: Collection[int]) -> dict[int, Message]:
    """These messages, notes and activities as they stand now, by the ids of their entries."""
    rows = conn.execute(_ENTRIES.where(message.c.id.in_(ids))).all()
    return dict(zip((row.id for row in rows), _messages(conn, rows), strict=True))


def public_prevs(conn: Connection, events: Sequence[Event]) -> list[int]:
    """For each of these, all that a contact sees after some point, the number before it."""
    last: dict[int, int] = {}
    prevs = []
    for event in events:
        if event.conversation not in last:
            before = (message.c.seq < event.seq, message.c.private == 0)
            here = message.c.conversation_id == event.conversation
            newest = select(message.c.seq).where(here, *before).order_by(message.c.seq.desc())
            last[event.conversation] = conn.scalar(newest.limit(1)) or 0
        prevs.append(last[event.conversation])
        last[event.conversation] = event.seq
    return prevs


def receipts(delivered: int, read: int) -> Receipts:
    """What one side got and read: who has read it has got it."""
    return Receipts(delivered=max(delivered, read), read=read)


_PLAIN = (Entry.MESSAGE, Entry.NOTE)  # told without the conversation's state
_PLACES = select(
    conversation.c.id,
    conversation.c.key,
    conversation.c.kind,
    conversation.c.inbox_id,
    conversation.c.contact_id,
    conversation.c.assignee_id,
)
_ENTRIES: Select[Any] = (
    select(
        message,
        participant.c.role,
        participant.c.name,
        participant.c.agent_id,
        participant.c.contact_id,
    )
    .join(participant, participant.c.id == message.c.sender_id)
    .join(conversation, conversation.c.id == message.c.conversation_id)
)
# Made once: to build a statement costs more than to run it.
_CONVERSATIONS = select(
    conversation, contact.c.name.label("contact_name"), contact.c.identifier
).outerjoin(contact, contact.c.id == conversation.c.contact_id)
_MEMBERS = select(participant).where(participant.c.role != Role.SYSTEM).order_by(participant.c.id)
_body = msgspec.json.Decoder(Body).decode
_activity = msgspec.json.Decoder(Activity).decode
_dict = msgspec.json.Decoder(dict[str, Any]).decode
_texts = msgspec.json.Decoder(tuple[str, ...]).decode


def _place(row: Any) -> Place:
    return Place(row.id, row.key, Kind(row.kind), row.inbox_id, row.contact_id, row.assignee_id)


def _rows_at(conn: Connection, places: Collection[tuple[int, int]]) -> Sequence[_Row]:
    if not places:
        return []
    here = [
        and_(message.c.conversation_id == conversation_id, message.c.seq == seq)
        for conversation_id, seq in places
    ]
    return conn.execute(_ENTRIES.where(or_(*here))).all()


def _messages(conn: Connection, rows: Sequence[_Row]) -> list[Message]:
    bodies = {
        row.id: _body(row.body)
        for row in rows
        if row.body is not None and row.type != Entry.ACTIVITY
    }
    wanted = {id for body in bodies.values() for id in body.files}
    files = load_files(conn, wanted)
    return [_message(row, bodies.get(row.id, Body()), files) for row in rows]


def load_files(conn: Connection, ids: Collection[int]) -> dict[int, FileInfo]:
    """What clients are told of these files, by id; links are added where they are sent."""
    if not ids:
        return {}
    return {
        row.id: FileInfo(
            id=row.id,
            name=row.name,
            type=row.type,
            size=row.size,
            width=row.width,
            height=row.height,
            duration_ms=row.duration_ms,
            peaks=tuple(msgspec.json.decode(row.peaks or "[]")),
            preview="yes" if row.preview_key else "",
        )
        for row in conn.execute(select(file).where(file.c.id.in_(ids)))
    }


def _message(row: _Row, body: Body, files: dict[int, FileInfo]) -> Message:
    activity = None
    if row.type == Entry.ACTIVITY and row.body is not None:
        activity = _activity(row.body)
    return Message(
        conversation=row.conversation_id,
        seq=row.seq,
        type=Entry(row.type),
        sender=_person(row),
        text=row.text,
        at=at(row.sent_ms),
        client_id=row.client_id,
        files=tuple(files[id] for id in body.files if id in files),
        quote=body.quote,
        blocks=body.blocks,
        answers=body.answers,
        mentions=body.mentions,
        reactions=shown_reactions(body.reactions),
        activity=activity,
        edited_at=None if row.edited_ms is None else at(row.edited_ms),
        deleted_at=None if row.deleted_ms is None else at(row.deleted_ms),
    )


def _person(row: _Row) -> Person:
    return Person(role=Role(row.role), name=row.name, id=row.agent_id or row.contact_id or 0)


def _members(conn: Connection, ids: Collection[int]) -> dict[int, list[Person]]:
    members: dict[int, list[Person]] = {id: [] for id in ids}
    for row in conn.execute(_MEMBERS.where(participant.c.conversation_id.in_(ids))):
        members[row.conversation_id].append(_person(row))
    return members


def _agents(conn: Connection, ids: Collection[int | None]) -> dict[int, Person]:
    known = [id for id in ids if id is not None]
    if not known:
        return {}
    chosen = select(agent.c.id, agent.c.name, agent.c.role).where(agent.c.id.in_(known))
    return {
        id: Person(role=Role.BOT if role == Role.BOT else Role.AGENT, name=name, id=id)
        for id, name, role in conn.execute(chosen)
    }


def _last_messages(conn: Connection, rows: Iterable[_Row]) -> dict[int, Message]:
    places = {(row.id, row.last_message_seq) for row in rows if row.last_message_seq}
    return {one.conversation: one for one in _messages(conn, _rows_at(conn, places))}


def _conversation(
    row: _Row, members: list[Person], assignees: dict[int, Person], last: Message | None
) -> Conversation:
    about = _dict(row.about)
    has_contact = row.contact_id is not None
    return Conversation(
        id=row.id,
        kind=Kind(row.kind),
        members=tuple(members),
        last_seq=row.last_seq,
        created_at=at(row.created_ms),
        updated_at=last.at if last else at(row.created_ms),
        inbox=row.inbox_id,
        status=Status(row.status) if row.status else None,
        contact=Person(role=Role.VISITOR, name=row.contact_name, id=row.contact_id)
        if has_contact
        else None,
        contact_verified=is_identified(row.identifier),
        assignee=assignees.get(row.assignee_id or 0),
        team=row.team_id,
        priority=row.priority,
        tags=_texts(row.tags),
        attributes=_dict(row.attributes),
        waiting_since=None if row.waiting_ms is None else at(row.waiting_ms),
        snoozed_until=None if row.snoozed_until_ms is None else at(row.snoozed_until_ms),
        offered=row.offered_ms is not None,
        offer_expires_at=None if row.offered_ms is None else at(row.offered_ms + OFFER_MS),
        page=about.get("page"),
        title=about.get("title"),
        referrer=about.get("referrer"),
        unverified=about.get("unverified", {}),
        locale=about.get("locale"),
        time_zone=about.get("time_zone"),
        rating=row.rating or None,
        unread=row.team_unread,
        contact_unread=row.contact_unread,
        contact_messages=row.contact_messages,
        last_public_seq=row.last_public_seq,
        team_receipts=receipts(row.team_delivered_seq, row.team_read_seq),
        contact_receipts=receipts(row.contact_delivered_seq, row.contact_read_seq),
        last_message=last,
    )
