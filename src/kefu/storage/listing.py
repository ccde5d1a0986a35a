"""Which conversations a list shows, and how many there are.

Rules: the one that was written to last comes first, or of what is worked on whoever waits longest,
or what is most urgent. Those that are worked on are few and have an
index; the resolved ones are many and have one by their last entry; whoever wants both gets the
best of both. A page costs what it shows, unless a filter keeps nearly nothing.
Not here: what is shown of each (``desk.load_conversations``), who may ask (``actions``).
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, NamedTuple

from sqlalchemy import (
    JSON,
    ColumnElement,
    Connection,
    case,
    cast,
    exists,
    func,
    literal,
    literal_column,
    select,
    text,
    tuple_,
)

from kefu.core.conversation import Kind
from kefu.core.lists import Sort
from kefu.core.states import Status
from kefu.storage.conversations import ids_with
from kefu.storage.schema import conversation

# The very words of the indexes' own conditions: SQLite's planner compares them.
_LIVE = text("conversation.status <> 'resolved'")
_RESOLVED = text("conversation.status = 'resolved'")
_NEVER_MS = 2**52  # after whoever waits
_WAITED = func.coalesce(conversation.c.waiting_ms, literal_column(str(_NEVER_MS)))
_URGENCY = 4 - conversation.c.priority
_NEWEST = conversation.c.last_id.desc(), conversation.c.id.desc()


class Scope(NamedTuple):
    """What an actor may see at all. None: all inboxes, or no bound to one contact."""

    inbox_ids: Collection[int] | None = None
    contact_id: int | None = None
    kinds: Collection[Kind] = (Kind.DESK, Kind.ROOMS)


class Filter(NamedTuple):
    """What is wanted of it. None, or nothing in ``statuses``: whatever it is."""

    statuses: Collection[Status] = ()
    inbox_id: int | None = None
    assignee_id: int | None = None
    unassigned: bool = False
    team_id: int | None = None
    tag: str | None = None
    contact_id: int | None = None
    name: str | None = None  # somebody takes part under exactly this name
    priority: int | None = None  # at least
    waiting: bool = False  # its contact waits for an answer
    unread: bool = False  # nobody of the team has read all of it
    also: tuple[ColumnElement[bool], ...] = ()  # what a feature knows of conversations
    after_id: int | None = None  # an entry after this one


class Rank(NamedTuple):
    """Where a conversation stands in a sorted list."""

    urgency: int
    waited: int
    id: int


class Ranked(NamedTuple):
    """One of a sorted list."""

    id: int
    rank: Rank


class Found(NamedTuple):
    """One of a list: the id, and what the order goes by."""

    id: int
    last_id: int


class Live(NamedTuple):
    """How many conversations that are not resolved are alike."""

    status: Status
    team_id: int | None
    mine: bool
    number: int


def list_newest(
    conn: Connection, scope: Scope, wanted: Filter, *, before_id: int | None, limit: int
) -> list[Found]:
    """The conversations whose newest entry has an id below ``before_id``, the newest first."""
    where = [*_within(scope), *_filtered(conn, wanted)]
    if before_id is not None:
        where.append(conversation.c.last_id < before_id)
    chosen = select(conversation.c.id, conversation.c.last_id).where(*where).order_by(*_NEWEST)
    found = [
        Found(*row)
        for part in _parts(scope, wanted)
        for row in conn.execute(chosen.where(part).limit(limit))
    ]
    return sorted(found, key=lambda one: (-one.last_id, -one.id))[:limit]


def list_sorted(
    conn: Connection, scope: Scope, wanted: Filter, sort: Sort, *, after: Rank | None, limit: int
) -> list[Ranked]:
    """Conversations that are worked on, with their ranks; those after a rank."""
    by = _URGENCY if sort is Sort.PRIORITY else literal(0)
    ranks = (by, _WAITED, conversation.c.id)
    where = [*_within(scope), *_filtered(conn, wanted)]
    if after is not None:
        where.append(tuple_(*ranks) > tuple_(*map(literal, after)))
    chosen = select(*ranks).where(*where, _LIVE).order_by(*ranks).limit(limit)
    return [Ranked(row[2], Rank(*row)) for row in conn.execute(chosen)]


def count_live(conn: Connection, scope: Scope, wanted: Filter, agent_id: int) -> list[Live]:
    """How many there are in each state, of each team, and of ``agent_id``; by an index alone."""
    mine = case((conversation.c.assignee_id == agent_id, 1), else_=0)
    alike = (conversation.c.status, conversation.c.team_id, mine)
    where = [*_within(scope), *_filtered(conn, wanted)]
    chosen = select(*alike, func.count()).where(*where, _LIVE).group_by(*alike)
    return [Live(Status(a), b, bool(c), number) for a, b, c, number in conn.execute(chosen)]


def count_some(conn: Connection, scope: Scope, wanted: Filter, *, most: int) -> int:
    """How many are worked on; no more than ``most`` are counted."""
    where = [*_within(scope), *_filtered(conn, wanted)]
    few = select(conversation.c.id).where(*where, _LIVE).limit(most).subquery()
    return conn.scalar(select(func.count()).select_from(few)) or 0


def _parts(scope: Scope, wanted: Filter) -> list[Any]:
    """The conditions under which an index finds what is wanted, together all of it."""
    if scope.contact_id is not None or wanted.contact_id is not None or wanted.name is not None:
        return [text("1 = 1")]  # found by these
    parts: list[Any] = []
    statuses = wanted.statuses or tuple(Status)
    if set(statuses) - {Status.RESOLVED}:
        parts.append(_LIVE)
    if Status.RESOLVED in statuses:
        parts.append(_RESOLVED)
    if Kind.DIRECT in scope.kinds and not wanted.statuses:
        parts.append(conversation.c.status.is_(None))
    return parts


def _within(scope: Scope) -> list[ColumnElement[bool]]:
    where: list[ColumnElement[bool]] = [conversation.c.kind.in_(scope.kinds)]
    if scope.inbox_ids is not None:
        where.append(conversation.c.inbox_id.in_(scope.inbox_ids))
    if scope.contact_id is not None:
        where.append(conversation.c.contact_id == scope.contact_id)
    return where


def _filtered(conn: Connection, wanted: Filter) -> list[ColumnElement[bool]]:
    columns = {
        conversation.c.inbox_id: wanted.inbox_id,
        conversation.c.assignee_id: wanted.assignee_id,
        conversation.c.team_id: wanted.team_id,
        conversation.c.contact_id: wanted.contact_id,
    }
    where: list[ColumnElement[bool]] = [
        column == value for column, value in columns.items() if value is not None
    ]
    if wanted.statuses:
        where.append(conversation.c.status.in_(wanted.statuses))
    if wanted.unassigned:
        where.append(conversation.c.assignee_id.is_(None))
    if wanted.tag is not None:
        where.append(_has_tag(conn, wanted.tag))
    if wanted.name is not None:
        where.append(conversation.c.id.in_(ids_with(wanted.name)))
    if wanted.priority is not None:
        where.append(conversation.c.priority >= wanted.priority)
    if wanted.waiting:
        where.append(conversation.c.waiting_ms.is_not(None))
    if wanted.unread:
        where.append(conversation.c.team_unread > 0)
    if wanted.after_id is not None:
        where.append(conversation.c.last_id > wanted.after_id)
    where += wanted.also
    return where


def _has_tag(conn: Connection, tag: str) -> ColumnElement[bool]:
    """Whether the JSON array of tags holds ``tag``."""
    if conn.dialect.name == "sqlite":
        each = func.json_each(conversation.c.tags)
    else:
        each = func.json_array_elements_text(cast(conversation.c.tags, JSON))
    tags = each.table_valued("value", name="tags")
    return exists(select(tags.c.value).where(tags.c.value == tag))
