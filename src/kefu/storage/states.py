"""Moving a conversation from one state to another, within the caller's transaction.

Rules: ``core.states`` says which moves are legal; each move is one entry of the timeline, so that
nobody's view of the conversation can be stale. A contact who writes wakes a conversation that
rests: back to its agent, or to the front of the queue if that one is not there. An agent who
answers what waits has it. All that ends one says the same (``resolved``).
Not here: who may make a move (``actions``), whom the queue's next goes to (``core.routing``).
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

import msgspec
from sqlalchemy import Connection, select, update

from kefu.core.conversation import (
    SYSTEM,
    Conversation,
    Entry,
    Kind,
    Member,
    Message,
    NewMessage,
    News,
    Role,
)
from kefu.core.desk import Activity, Details, Person, Reason
from kefu.core.errors import NotFound
from kefu.core.offers import Whereabouts, whereabouts
from kefu.core.states import WOKEN_BY_CONTACT, Move, Status, next_status
from kefu.storage import offers
from kefu.storage.appending import append_entry, touch
from kefu.storage.assigning import set_assigned
from kefu.storage.desk import entries_by_id, list_events
from kefu.storage.inboxes import get_inbox
from kefu.storage.schema import agent, conversation
from kefu.storage.turns import NO_TURN, front_turn, new_turn, offer

DAY_MS = 86_400_000

# Whatever changes what the visitor sees of the conversation.
PUBLIC = frozenset(
    {
        *("began", "assigned", "transferred", "queued", "pending", "snoozed"),
        *("resolved", "reopened", "rated", "renamed"),
    }
)


def address_of(conn: Connection, conversation_id: int) -> Conversation:
    """What entries of this conversation are addressed to and published under. Raises NotFound."""
    found = addresses_of(conn, [conversation_id])
    if not found:
        raise NotFound
    return found[conversation_id]


def addresses_of(conn: Connection, ids: Collection[int]) -> dict[int, Conversation]:
    """As ``address_of``, of those that are there, by id."""
    return {
        row.id: Conversation(row.key, Kind(row.kind), (), row.inbox_id or 0, row.contact_id or 0)
        for row in conn.execute(_ADDRESSES.where(conversation.c.id.in_(ids)))
    }


def record(
    conn: Connection, conversation_id: int, activity: Activity, *, by: Member, now_ms: int
) -> Message:
    """Append an activity; only what ``PUBLIC`` names is shown to the visitor."""
    address = address_of(conn, conversation_id)
    return append_entry(conn, as_entry(address, activity, by=by, now_ms=now_ms))


def as_entry(address: Conversation, activity: Activity, *, by: Member, now_ms: int) -> NewMessage:
    """The entry that records an activity; only what ``PUBLIC`` names is shown to the visitor."""
    private = activity.what not in PUBLIC
    body = msgspec.json.encode(activity).decode()
    return NewMessage(address, by, None, "", now_ms, Entry.ACTIVITY, private, None, body)


def change(conn: Connection, conversation_id: int, **values: Any) -> None:
    """Set columns of a conversation. What clients see must be recorded with it (``record``)."""
    here = conversation.c.id == conversation_id
    key = conn.scalar(update(conversation).where(here).values(values).returning(conversation.c.key))
    if key is None:
        raise NotFound
    touch(conn, key)


def resolved(reopen_until_ms: int | None) -> dict[str, Any]:
    """What the row of a conversation says that is over, whoever or whatever ended it.

    ``reopen_until_ms``: until when its contact may open it again; None: there is no such time.
    """
    return {
        "status": Status.RESOLVED,
        "snoozed_until_ms": None,
        "waiting_ms": None,
        "reopen_until_ms": reopen_until_ms,
        **NO_TURN,
    }


def move(
    conn: Connection,
    conversation_id: int,
    to: Move,
    activity: Activity,
    *,
    by: Member,
    now_ms: int,
    front: bool = False,
    **values: Any,
) -> Message:
    """Make a move, with ``values`` for other columns, and record it.

    ``values`` may have a turn (``turns``), with a move into the queue: then that is its place
    there, and those who have declined it stay so; without one the wait begins anew, behind all
    others or in ``front`` of them.
    Raises NotFound, IllegalState.
    """
    here = conversation.c.id == conversation_id
    columns = (conversation.c.status, conversation.c.inbox_id)
    row = conn.execute(select(*columns).where(here)).one_or_none()
    if row is None or row.status is None:
        raise NotFound
    reached = next_status(Status(row.status), to)
    values = {"status": reached, "snoozed_until_ms": None, **NO_TURN} | values
    if reached is Status.QUEUED:
        values.setdefault("assignee_id", None)
        if values["queued_id"] is None:
            values |= front_turn(now_ms) if front else new_turn(now_ms)
            offers.forget_declined(conn, conversation_id)
    if reached is Status.RESOLVED:
        days = get_inbox(conn, row.inbox_id, members=False).settings.reopen_days
        values |= resolved(now_ms + days * DAY_MS)
    else:
        values["reopen_until_ms"] = None
    change(conn, conversation_id, **values)
    activity = msgspec.structs.replace(activity, status=reached)
    return record(conn, conversation_id, activity, by=by, now_ms=now_ms)


def may_move(wrote: Message, status: str | None, *, offered: bool) -> bool:
    """Whether ``follow`` may have to do anything, as far as is known without the store.

    ``status``, ``offered``: of the conversation, before the group of writes that ``wrote`` is of.
    """
    if wrote.type is not Entry.MESSAGE:
        return False
    if wrote.sender.role is Role.VISITOR:
        return status in WOKEN_BY_CONTACT
    # What rests may have been woken into the queue by a message of the same group.
    return wrote.sender.role is Role.AGENT and status is not None and (offered or status != "open")


def follow(conn: Connection, wrote: Message) -> Message | None:
    """What a message does to its conversation: the activity that records it, if anything.

    A contact's wakes what rests; an agent's makes what waits in the queue theirs, so that nobody
    else is offered what is being answered, and accepts what they are offered. A bot's, and a note,
    do nothing.
    """
    if wrote.type is not Entry.MESSAGE:
        return None
    if wrote.sender.role is Role.VISITOR:
        return _wake(conn, wrote)
    return _claim(conn, wrote) if wrote.sender.role is Role.AGENT else None


def _claim(conn: Connection, wrote: Message) -> Message | None:
    here = conversation.c.id == wrote.conversation_id, conversation.c.kind == Kind.DESK
    row = conn.execute(select(conversation).where(*here)).first()
    if row is None:
        return None
    by, now_ms = wrote.sender, wrote.sent_ms
    person = Person(role=by.role, name=by.name, id=by.id)
    how = Details(how="answered")
    if row.offered_ms is not None and row.assignee_id == by.id:
        change(conn, row.id, **NO_TURN)
        offers.forgive_missed(conn, by.id)
        accepted = Activity(what="accepted", agent=person, values=how)
        return record(conn, row.id, accepted, by=by, now_ms=now_ms)
    if row.status != Status.QUEUED:
        return None
    activity = Activity(what="assigned", agent=person, team=row.team_id, values=how)
    set_assigned(conn, [by.id], now_ms)
    return move(conn, row.id, Move.ASSIGN, activity, by=by, now_ms=now_ms, assignee_id=by.id)


def _wake(conn: Connection, wrote: Message) -> Message | None:
    here = conversation.c.id == wrote.conversation_id
    found = conn.execute(
        select(conversation.c.status, agent.c.role)
        .outerjoin(agent, agent.c.id == conversation.c.assignee_id)
        .where(here, conversation.c.kind == Kind.DESK)
    ).one_or_none()
    if found is None or found.status not in WOKEN_BY_CONTACT:
        return None
    if found.role == Role.BOT and found.status == Status.PENDING:
        return None  # the bot is the one who answers
    return bring_back(conn, wrote.conversation_id, "message", wrote.sent_ms)


def bring_back(
    conn: Connection,
    conversation_id: int,
    reason: Reason | None,
    now_ms: int,
    *,
    by: Member = SYSTEM,
) -> Message:
    """End a conversation's rest: back to its agent, or into the queue if there is none any more.

    To its front, if that agent is not there; who perhaps is, is offered it. Raises IllegalState: it
    does not rest.
    """
    holder = conn.execute(
        select(agent.c.id, agent.c.name, agent.c.availability, agent.c.gone_ms)
        .join(conversation, conversation.c.assignee_id == agent.c.id)
        .where(conversation.c.id == conversation_id, agent.c.active == 1, agent.c.role != Role.BOT)
    ).one_or_none()
    columns: dict[str, Any] = {}
    values = Details(reason=reason)
    there = holder and whereabouts(holder.availability, holder.gone_ms, now_ms)
    if holder is None or there is Whereabouts.ABSENT:
        if holder is not None:
            values = Details(reason=reason, absent=holder.id)
        to, activity = Move.ENQUEUE, Activity(what="queued", values=values)
    else:
        if there is Whereabouts.PERHAPS:
            offers.forget_declined(conn, conversation_id)
            columns = front_turn(now_ms) | offer(now_ms)
        person = Person(role=Role.AGENT, name=holder.name, id=holder.id)
        to, activity = Move.RETURN, Activity(what="reopened", agent=person, values=values)
    front = holder is not None
    return move(conn, conversation_id, to, activity, by=by, now_ms=now_ms, front=front, **columns)


def news_of(conn: Connection, entries: Sequence[Message], epoch: str) -> list[News]:
    """What is to be published of entries that this transaction stored, in their order."""
    if not entries:
        return []
    by_id = {entry.id: entry for entry in entries}
    events = list_events(conn, entries_by_id(by_id), limit=len(by_id), epoch=epoch)
    addresses = addresses_of(conn, {entry.conversation_id for entry in entries})
    return [
        News(addresses[entry.conversation_id], entry, event)
        for entry, event in zip((by_id[id] for id in sorted(by_id)), events, strict=True)
    ]


_ADDRESSES = select(
    conversation.c.id,
    conversation.c.key,
    conversation.c.kind,
    conversation.c.inbox_id,
    conversation.c.contact_id,
)
