"""Whom a waiting conversation is given to: the one place that chooses.

Rules: pure; everything that the choice goes by is an argument, so that it can be repeated and
explained. The caller reads the facts and stores the choice in one transaction.
Not here: which conversation is next, who works where (``storage.assigning``), when the queue is
looked at (``actions.assignment``), who may pick or give by hand (``core.permissions``).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

import msgspec

NEVER_MS = -1  # before every assignment there was


class Candidate(msgspec.Struct, frozen=True, gc=False):
    """An agent who works in the conversation's inbox, and in its team if it has one.

    ``assigned_ms``: the last time this agent was given a conversation (Unix ms); None: never.
    """

    id: int
    open_chats: int
    chat_limit: int
    assigned_ms: int | None = None
    available: bool = True  # as the agent says: online, not busy, away or offline
    connected: bool = True  # a console of this agent is there


def has_room(candidate: Candidate) -> bool:
    """Whether the agent takes conversations and has a free place for one more."""
    return (
        candidate.available and candidate.connected and candidate.open_chats < candidate.chat_limit
    )


def choose_agent(
    candidates: Iterable[Candidate],
    *,
    declined_by: Collection[int] = (),
    missed_by: Collection[int] = (),
) -> int | None:
    """Return the id of the agent to give the conversation to; None leaves it in the queue.

    The least busy (open conversations per place), then whoever was given one longest ago, then the
    lowest id. Nobody beyond their limit, nobody who has declined this conversation; whoever has let
    it pass only if nobody else can take it.
    """
    free = [one for one in candidates if has_room(one) and one.id not in declined_by]
    untried = [one for one in free if one.id not in missed_by]
    best = min(untried or free, key=_rank, default=None)
    return best.id if best else None


def _rank(candidate: Candidate) -> tuple[float, int, int]:
    assigned_ms = NEVER_MS if candidate.assigned_ms is None else candidate.assigned_ms
    return candidate.open_chats / candidate.chat_limit, assigned_ms, candidate.id
