"""What assignment goes by: who could take a conversation, what waits, and what was declined.

Rules: everything is found by an index: the agents by their ids, what waits by
``ix_conversation_queue``, what they have by ``ix_conversation_open``. The queue is read in pages,
in its order.
Not here: whom to choose (``core.routing``), moves (``moving``).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import ColumnElement, Connection, func, or_, select, text, tuple_, update

from kefu.core.actors import AgentRole
from kefu.core.conversation import Role
from kefu.core.desk import Availability, Person
from kefu.core.routing import Candidate, has_room
from kefu.storage.schema import agent, conversation, declined, inbox_agent, team_agent

PAGE_ROWS = 200
_Agents = dict[int, set[int]]

# Whom a conversation may be given to, if they are connected.
TAKES = (
    agent.c.active == 1,
    agent.c.availability == Availability.ONLINE,
    agent.c.role != AgentRole.BOT,
)

# As the index has it, word by word: a parameter in its place would hide it from the planner.
_QUEUED = text("status = 'queued' AND kind = 'desk'")
_OPEN = text("status = 'open'")


class Queued(NamedTuple):
    """Where a conversation waits: 1 is the next of its queue. Each inbox and team of it has one."""

    id: int
    inbox_id: int
    contact_id: int | None
    place: int


class Waiting(NamedTuple):
    """A conversation in the queue, and the ids of those who were offered it in vain."""

    id: int
    inbox_id: int
    team_id: int | None
    queued_id: int | None  # its turn
    declined_by: frozenset[int] = frozenset()
    missed_by: frozenset[int] = frozenset()


class Pool(msgspec.Struct):
    """Agents, and where they work: sets of agents' ids by inbox and by team."""

    candidates: dict[int, Candidate]
    people: dict[int, Person]
    inboxes: dict[int, set[int]]
    teams: dict[int, set[int]]

    def of(self, waiting: Waiting) -> list[Candidate]:
        """Those who work where this conversation waits."""
        ids = self.inboxes.get(waiting.inbox_id, set())
        if waiting.team_id is not None:
            ids = ids & self.teams.get(waiting.team_id, set())
        return [self.candidates[id] for id in ids]

    def count(self, agent_id: int, now_ms: int) -> None:
        """This agent has been given one more."""
        one = self.candidates[agent_id]
        self.candidates[agent_id] = msgspec.structs.replace(
            one, open_chats=one.open_chats + 1, assigned_ms=now_ms
        )


def load_free(conn: Connection, agent_ids: Collection[int]) -> Pool:
    """Those of these agents who take conversations and have room: active, online, and no bots."""
    rows = conn.execute(select(agent).where(agent.c.id.in_(agent_ids), *TAKES)).all()
    busy = _count_open(conn, [row.id for row in rows])
    known = (
        Candidate(row.id, busy.get(row.id, 0), row.chat_limit, row.assigned_ms) for row in rows
    )
    free = {one.id: one for one in known if has_room(one)}
    return Pool(
        free,
        {row.id: Person(role=Role.AGENT, name=row.name, id=row.id) for row in rows},
        _places(conn, inbox_agent.c.inbox_id, inbox_agent.c.agent_id, free),
        _places(conn, team_agent.c.team_id, team_agent.c.agent_id, free),
    )


def iter_queue(conn: Connection, pool: Pool) -> Iterator[Waiting]:
    """What waits where anybody of ``pool`` works, in the order of the queue."""
    teams = or_(conversation.c.team_id.is_(None), conversation.c.team_id.in_(pool.teams))
    here = conversation.c.inbox_id.in_(pool.inboxes)
    chosen = _WAITING.where(_QUEUED, here, teams).order_by(*_PLACE).limit(PAGE_ROWS)
    rows = conn.execute(chosen).all()
    while rows:
        declined_by, missed_by = _list_declined(conn, [row.id for row in rows])
        for row in rows:
            yield Waiting(*row, frozenset(declined_by[row.id]), frozenset(missed_by[row.id]))
        if len(rows) < PAGE_ROWS:
            return
        after = tuple_(*_PLACE) > tuple_(rows[-1].queued_id, rows[-1].id)
        rows = conn.execute(chosen.where(after)).all()


def set_assigned(conn: Connection, agent_ids: Collection[int], now_ms: int) -> None:
    """These agents were given a conversation now."""
    conn.execute(update(agent).where(agent.c.id.in_(agent_ids)).values(assigned_ms=now_ms))


def list_places(conn: Connection, most: int) -> list[Queued]:
    """The first ``most`` that wait, in the order of the queue."""
    last: dict[tuple[int, int | None], int] = {}
    places = []
    chosen = _WAITING.add_columns(conversation.c.contact_id).where(_QUEUED).order_by(*_PLACE)
    for row in conn.execute(chosen.limit(most)):
        queue = (row.inbox_id, row.team_id)
        last[queue] = last.get(queue, 0) + 1
        places.append(Queued(row.id, row.inbox_id, row.contact_id, last[queue]))
    return places


def list_staffed(conn: Connection, connected: Collection[int]) -> frozenset[int]:
    """The inboxes in which one of the ``connected`` agents takes conversations."""
    members = inbox_agent.join(agent, inbox_agent.c.agent_id == agent.c.id)
    working = select(inbox_agent.c.inbox_id).select_from(members).where(agent.c.id.in_(connected))
    return frozenset(conn.scalars(working.where(*TAKES).distinct()))


def get_place_in_queue(conn: Connection, conversation_id: int) -> int | None:
    """As in ``list_places``; None: it does not wait."""
    chosen = _WAITING.where(_QUEUED, conversation.c.id == conversation_id)
    row = conn.execute(chosen).one_or_none()
    if row is None:
        return None
    before = tuple_(*_PLACE) <= tuple_(row.queued_id, row.id)
    here = (conversation.c.inbox_id == row.inbox_id, _same(conversation.c.team_id, row.team_id))
    return conn.scalar(select(func.count()).select_from(conversation).where(_QUEUED, *here, before))


_PLACE = (conversation.c.queued_id, conversation.c.id)
_WAITING = select(
    conversation.c.id, conversation.c.inbox_id, conversation.c.team_id, conversation.c.queued_id
)


def _same(column: ColumnElement[int], value: int | None) -> ColumnElement[bool]:
    return column.is_(None) if value is None else column == value


def _count_open(conn: Connection, agent_ids: Collection[int]) -> dict[int, int]:
    assignee = conversation.c.assignee_id
    chosen = select(assignee, func.count()).where(_OPEN, assignee.in_(agent_ids))
    return {row[0]: row[1] for row in conn.execute(chosen.group_by(assignee))}


def _list_declined(conn: Connection, ids: Collection[int]) -> tuple[_Agents, _Agents]:
    """By conversation: who declined it, and who let it pass."""
    found: tuple[_Agents, _Agents] = defaultdict(set), defaultdict(set)
    for row in conn.execute(select(declined).where(declined.c.conversation_id.in_(ids))):
        found[row.missed][row.conversation_id].add(row.agent_id)
    return found


def _places(
    conn: Connection, place: Any, member: Any, agent_ids: Collection[int]
) -> dict[int, set[int]]:
    found: dict[int, set[int]] = {}
    for row in conn.execute(select(place, member).where(member.in_(agent_ids))):
        found.setdefault(row[0], set()).add(row[1])
    return found
