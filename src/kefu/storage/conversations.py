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
from sqlalchemy import Connection, Row, Select, Table, select, update
from sqlalchemy.dialects import postgresql, sqlite

from kefu.core.conversation import Kind, Member, NewMessage, Role
from kefu.core.states import Status
from kefu.storage.schema import agent, contact, conversation, inbox, inbox_agent, participant


class Counts(msgspec.Struct):
    """The part of a conversation's row that every entry changes; the order is that of COUNTED."""

    last_seq: int = 0
    last_public_seq: int = 0
    last_message_seq: int = 0
    team_unread: int = 0
    contact_unread: int = 0
    team_read_seq: int = 0
    contact_read_seq: int = 0
    waiting_ms: int | None = None
    contact_messages: int = 0


COUNTED = Counts.__struct_fields__


class Opened(msgspec.Struct):
    """What the writer knows of a stored conversation: participants' ids by ``identity``."""

    id: int
    status: str | None
    assignee_id: int | None
    reopen_until_ms: int | None
    offered_ms: int | None
    contact_id: int | None
    counts: Counts
    participants: dict[str, int] = {}


class StoredConversation(msgspec.Struct, frozen=True, gc=False):
    """A conversation as the store knows it; ``members`` are in the order they came."""

    id: int
    key: str
    kind: Kind
    members: tuple[Member, ...]
    last_seq: int
    created_ms: int


def open_conversations(conn: Connection, news: Sequence[NewMessage]) -> dict[str, Opened]:
    """Find the conversations of ``news``, their members and contacts; return them by key.

    One of the tutorials' protocols is made if it is not there; one of the desk is then left out.
    """
    contacts = _open_contacts(conn, news)
    agents = _open_agents(conn, news)
    tutorials = [new for new in news if new.conversation.kind is not Kind.DESK]
    _make_conversations(conn, tutorials, contacts)
    keys = {new.conversation.key for new in news}
    opened = {row.key: _opened(row) for row in conn.execute(_STATES.where(_KEY.in_(keys)))}
    people = {
        (opened[new.conversation.key].id, member.role, member.name): {
            "contact_id": _contact_id(new, member, contacts),
            "agent_id": _agent_id(member, agents),
        }
        for new in news
        if new.conversation.key in opened
        for member in (*new.conversation.members, new.sender)
        if not _is_anothers(opened[new.conversation.key], member)
    }
    names = ("conversation_id", "role", "name")
    rows = [dict(zip(names, key, strict=True)) | people[key] for key in sorted(people)]
    _insert_missing(conn, participant, rows)
    by_id = {place.id: place for place in opened.values()}
    for row in _participants(conn, by_id):
        by_id[row.conversation_id].participants.update(_identities(row))
    _seat_agents(conn, tutorials, opened, agents)
    return opened


def get_conversation(conn: Connection, key: str) -> StoredConversation | None:
    """Return the conversation that ``key`` names, None if nothing was said in it yet."""
    found = _conversations(conn, select(conversation).where(conversation.c.key == key))
    return found[0] if found else None


def conversations_of(conn: Connection, ids: Collection[int]) -> dict[int, StoredConversation]:
    """These conversations, by id."""
    found = _conversations(conn, select(conversation).where(conversation.c.id.in_(ids)))
    return {one.id: one for one in found}


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
    people = participant.c.role != Role.SYSTEM
    return select(participant.c.conversation_id).where(participant.c.name == name, people)


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
    """Return the people as (conversation id, member, participant id), in the order they came."""
    return [
        (row.conversation_id, Member(Role(row.role), row.name), row.id)
        for row in _participants(conn, conversation_ids)
        if row.role != Role.SYSTEM
    ]


def _participants(conn: Connection, conversation_ids: Collection[int]) -> Sequence[Row[Any]]:
    chosen = _PARTICIPANTS.where(participant.c.conversation_id.in_(conversation_ids))
    return conn.execute(chosen).all()


def _identities(row: Row[Any]) -> dict[str, int]:
    """A participant is found by the name, as the tutorials' protocols do, and by the id."""
    role, known = Role(row.role), row.agent_id or row.contact_id
    found = {Member(role, row.name).identity: row.id}
    return found | ({Member(role, row.name, known).identity: row.id} if known else {})


_PARTICIPANTS = select(participant).order_by(participant.c.id)
_KEY = conversation.c.key
_STATES = select(
    conversation.c.id,
    _KEY,
    conversation.c.status,
    conversation.c.assignee_id,
    conversation.c.reopen_until_ms,
    conversation.c.offered_ms,
    conversation.c.contact_id,
    *(conversation.c[name] for name in COUNTED),
)


def _opened(row: Row[Any]) -> Opened:
    counts = Counts(*row[-len(COUNTED) :])
    state = row.status, row.assignee_id, row.reopen_until_ms, row.offered_ms
    return Opened(row.id, *state, row.contact_id, counts)


def _is_anothers(place: Opened, member: Member) -> bool:
    """Whether the conversation is not (any more) this contact's."""
    return member.role is Role.VISITOR and member.id not in (0, place.contact_id)


def _make_conversations(
    conn: Connection, news: Sequence[NewMessage], contacts: dict[str | None, int]
) -> None:
    made: dict[str, dict[str, Any]] = {}
    inbox_id = None
    if any(new.conversation.kind is Kind.ROOMS for new in news):
        inbox_id = conn.scalar(select(inbox.c.id).where(inbox.c.kind == "classic"))
    for new in reversed(news):  # the first of a conversation's messages says when it began
        about = new.conversation
        rooms = about.kind is Kind.ROOMS
        visitors = [one for one in about.members if one.role is Role.VISITOR]
        made[about.key] = {
            "key": about.key,
            "kind": about.kind,
            "last_seq": 0,
            "created_ms": new.sent_ms,
            "inbox_id": inbox_id if rooms else None,
            "status": Status.QUEUED if rooms else None,
            "queued_ms": new.sent_ms if rooms else None,
            "contact_id": _contact_id(new, visitors[0], contacts) if visitors else None,
        }
    _insert_missing(conn, conversation, [made[key] for key in sorted(made)])


def _seat_agents(
    conn: Connection,
    news: Sequence[NewMessage],
    opened: dict[str, Opened],
    agents: dict[str | None, int],
) -> None:
    """A conversation of the rooms protocol belongs to the agent who sits there."""
    for new in news:
        place = opened[new.conversation.key]
        seated = [
            agents.get(one.name) for one in new.conversation.members if one.role is Role.AGENT
        ]
        if new.conversation.kind is Kind.ROOMS and seated and place.assignee_id != seated[-1]:
            place.assignee_id, place.status = seated[-1], Status.OPEN
            conn.execute(
                update(conversation)
                .where(conversation.c.id == place.id)
                .values(assignee_id=place.assignee_id, status=place.status, queued_ms=None)
            )


def _open_contacts(conn: Connection, news: Sequence[NewMessage]) -> dict[str | None, int]:
    """Find or make the tutorials' contacts; return ids by identifier."""
    people = {
        identifier: {"identifier": identifier, "name": member.name, "created_ms": new.sent_ms}
        for new in reversed(news)
        for member in (*new.conversation.members, new.sender)
        if (identifier := _identifier(new, member))
    }
    if not people:
        return {}
    _insert_missing(conn, contact, [people[key] for key in sorted(people)])
    found = select(contact.c.identifier, contact.c.id).where(contact.c.identifier.in_(people))
    return dict(conn.execute(found).all())


def _open_agents(conn: Connection, news: Sequence[NewMessage]) -> dict[str | None, int]:
    """Find or make the agents of the rooms protocol; return ids by name.

    Somebody of the desk who has that name already stays apart from whoever uses it there.
    """
    people = {
        member.name: {
            "name": member.name,
            "classic_name": member.name,
            "role": Role.AGENT,
            "created_ms": new.sent_ms,
        }
        for new in reversed(news)
        if new.conversation.kind is Kind.ROOMS
        for member in (*new.conversation.members, new.sender)
        if member.role is Role.AGENT and not member.id
    }
    if not people:
        return {}
    found = select(agent.c.classic_name, agent.c.id).where(agent.c.classic_name.in_(people))
    known = dict(conn.execute(found).all())
    if missing := sorted(people.keys() - known.keys()):
        _insert_missing(conn, agent, [people[name] for name in missing])
        known = dict(conn.execute(found).all())
        inbox_id = conn.scalar(select(inbox.c.id).where(inbox.c.kind == "classic"))
        rows = [
            {"inbox_id": inbox_id, "agent_id": known[name]} for name in missing if name in known
        ]
        _insert_missing(conn, inbox_agent, rows)
    return known


def _identifier(new: NewMessage, member: Member) -> str | None:
    """One contact per name and kind of conversation; None for the team, who are no contacts."""
    outside = member.role in (Role.VISITOR, Role.PEER) and not member.id
    return f"{new.conversation.kind}:{member.name}" if outside else None


def _contact_id(new: NewMessage, member: Member, contacts: dict[str | None, int]) -> int | None:
    if member.role is Role.VISITOR and member.id:
        return member.id
    return contacts.get(_identifier(new, member))


def _agent_id(member: Member, agents: dict[str | None, int]) -> int | None:
    if member.role in (Role.AGENT, Role.BOT):
        return member.id or agents.get(member.name)
    return None


def _insert_missing(conn: Connection, table: Table, rows: list[dict[str, Any]]) -> None:
    """Insert ``rows``, in their order, but those that a unique constraint knows already."""
    dialect = postgresql if conn.dialect.name == "postgresql" else sqlite
    if rows:
        conn.execute(dialect.insert(table).on_conflict_do_nothing(), rows)
