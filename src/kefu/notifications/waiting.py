"""What waits while nobody is there, for whom of the team, and what they were told.

Rules: it is read off what is so now, not off what has happened, so that nothing is told that is
over. Whoever is there is told nothing; neither is anybody, of a queue where somebody is who takes
chats.
What was told is not told again until the contact writes again, or it waits anew.
Not here: when a letter leaves (``mail``).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from typing import NamedTuple

from sqlalchemy import Connection, Table, func, select, text

from kefu.core.actors import AgentRole
from kefu.core.conversation import Entry, Role
from kefu.core.offers import Whereabouts, whereabouts
from kefu.profile.rows import get_preferences, list_preferring_mail
from kefu.storage.letters import Letters, State
from kefu.storage.schema import (
    agent,
    conversation,
    inbox_agent,
    letter,
    message,
    participant,
    team_agent,
)
from kefu.storage.turns import entry_of

MOST_WAITING = 200  # looked at, from the front of the queues

_QUEUED = text("status = 'queued' AND kind = 'desk'")  # as the indexes have it, word by word
_OPEN = text("status = 'open'")


class Absent(NamedTuple):
    """Somebody who wants letters and is not there."""

    id: int
    name: str
    email: str
    language: str | None
    zone: str
    waiting: bool  # wants to know what waits
    answers: bool  # wants to know who has answered


class News(NamedTuple):
    """What one of the team is to be told: conversations, those that wait longest first."""

    agent: Absent
    conversations: tuple[int, ...]


class Told(NamedTuple):
    """The last letter of an agent: up to which entry it told, when it was done; and whether one
    waits."""

    id: int = 0
    done_ms: int = 0
    is_planned: bool = False


def find_news(conn: Connection, now_ms: int, *, only: int | None = None) -> list[News]:
    """What is new to those who want letters and are not there; ``only``: this agent."""
    absent = _list_absent(conn, now_ms, only)
    if not absent:
        return []
    queued = _list_unattended(conn, now_ms, absent)
    found = []
    for one in absent:
        ids = dict(queued.get(one.id, {}) if one.waiting else {})
        if one.answers:
            ids |= _list_answered(conn, one.id)
        told_id = find_told(conn, one.id).id
        new = [id for id, entry_id in ids.items() if entry_id > told_id]
        if new:
            found.append(News(one, tuple(new)))
    return found


def find_told(conn: Connection, agent_id: int) -> Told:
    """What this agent was told by letters."""
    mine = (letter.c.kind == Letters.TEAM, letter.c.agent_id == agent_id)
    ended = letter.c.state.in_((State.SENT, State.FAILED))
    columns = (func.max(letter.c.told_id), func.max(letter.c.done_ms))
    told_id, done_ms = conn.execute(select(*columns).where(*mine, ended)).one()
    waits = select(letter.c.id).where(*mine, letter.c.state == State.WAITING).limit(1)
    return Told(told_id or 0, done_ms or 0, conn.scalar(waits) is not None)


def _list_absent(conn: Connection, now_ms: int, only: int | None) -> list[Absent]:
    ids = list_preferring_mail(conn)
    if only is not None:
        ids = [id for id in ids if id == only]
    if not ids:
        return []
    reached = (agent.c.id.in_(ids), agent.c.email.is_not(None), *_PEOPLE)
    rows = conn.execute(select(agent).where(*reached).order_by(agent.c.id))
    found = []
    for row in rows:
        if whereabouts(row.availability, row.gone_ms, now_ms) is not Whereabouts.ABSENT:
            continue
        wants = get_preferences(conn, row.id)
        zone = wants.quiet_hours.time_zone if wants.quiet_hours else "UTC"
        told = (row.id, row.name, row.email, wants.language, zone)
        found.append(Absent(*told, wants.mail.waiting, wants.mail.answers))
    return found


def _list_unattended(
    conn: Connection, now_ms: int, absent: Iterable[Absent]
) -> dict[int, dict[int, int]]:
    """By agent: what waits where they work and nobody is there, each with its newest entry."""
    chosen = select(conversation).where(_QUEUED).order_by(conversation.c.queued_id)
    waiting = conn.execute(chosen.limit(MOST_WAITING)).all()
    if not waiting:
        return {}
    inboxes = _members(conn, inbox_agent, "inbox_id", {row.inbox_id for row in waiting})
    teams = _members(conn, team_agent, "team_id", {row.team_id or 0 for row in waiting})
    there = {
        row.id
        for row in conn.execute(select(agent).where(*_PEOPLE, agent.c.availability == "online"))
        if whereabouts(row.availability, row.gone_ms, now_ms) is not Whereabouts.ABSENT
    }
    said = _newest_said(conn, [row.id for row in waiting])
    wanting = {one.id for one in absent}
    found: dict[int, dict[int, int]] = defaultdict(dict)
    for row in waiting:
        here = inboxes[row.inbox_id]
        if row.team_id is not None:
            here = here & teams[row.team_id]
        if not here & there:
            for id in here & wanting:
                found[id][row.id] = max(said.get(row.id, 0), entry_of(row.queued_id))
    return found


def _list_answered(conn: Connection, agent_id: int) -> dict[int, int]:
    """What an agent has open and whose contact waits for an answer, each with its newest entry."""
    mine = (_OPEN, conversation.c.assignee_id == agent_id, conversation.c.waiting_ms.is_not(None))
    chosen = select(conversation.c.id).where(*mine).order_by(conversation.c.waiting_ms)
    ids = list(conn.scalars(chosen.limit(MOST_WAITING)))
    said = _newest_said(conn, ids)
    return {id: said[id] for id in ids if id in said}


def _newest_said(conn: Connection, ids: Collection[int]) -> dict[int, int]:
    """The newest entry that the contact wrote, by conversation."""
    chosen = (
        select(message.c.conversation_id, func.max(message.c.id))
        .join(participant, participant.c.id == message.c.sender_id)
        .where(
            message.c.conversation_id.in_(ids),
            message.c.type == Entry.MESSAGE,
            participant.c.role == Role.VISITOR,
        )
        .group_by(message.c.conversation_id)
    )
    return {row[0]: row[1] for row in conn.execute(chosen)}


def _members(
    conn: Connection, table: Table, place: str, ids: Collection[int]
) -> dict[int, set[int]]:
    found: dict[int, set[int]] = defaultdict(set)
    here = table.c[place]
    for row in conn.execute(select(here, table.c.agent_id).where(here.in_(ids))):
        found[row[0]].add(row[1])
    return found


_PEOPLE = (agent.c.active == 1, agent.c.role != AgentRole.BOT)
