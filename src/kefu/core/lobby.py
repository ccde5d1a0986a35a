"""Who sits with whom in the rooms protocol: agents, seats, reservations, visitors who wait.

An agent is a room with one seat. A seat is free, held for a visitor who asked and has not come
yet, or taken. Visitors who came without a seat wait in order, and an agent who gets free takes the
first of them.

Rules: pure; time is an argument (seconds of any monotonic clock). Every look-up is O(1): nothing
walks all agents or all visitors. While somebody waits no seat is free. Two agents, and two
visitors, never have names that look the same (``core.characters``).
Not here: sockets, lines of text and storage (``gateways.rooms``); names are already clean
(``core.names``).
"""

from __future__ import annotations

from typing import NamedTuple

from kefu.core.characters import fold
from kefu.core.errors import NameTaken


class Pair(NamedTuple):
    """An agent and the visitor who now sits with that agent."""

    agent: str
    visitor: str


class _Hold(NamedTuple):
    agent: str
    until_s: float


class Lobby:
    """The rooms of one server. ``hold_s``: how long a seat is kept for a visitor who asked."""

    def __init__(self, hold_s: float) -> None:
        self._hold_s = hold_s
        self._rooms: dict[str, str | None] = {}  # agent → visitor, seated or held for; None = free
        self._free: dict[str, None] = {}  # ordered: the agent who has been free longest is first
        self._holds: dict[str, _Hold] = {}  # visitor → seat, ordered by ``until_s``
        self._visitors: dict[str, str | None] = {}  # online visitor → agent; None = has no seat
        self._agent_folds: set[str] = set()  # of the rooms
        self._visitor_folds: set[str] = set()  # of the visitors online
        self._waiting: dict[str, None] = {}  # online visitors without a seat, in order of coming

    def reserve(self, visitor: str, now_s: float) -> str | None:
        """Hold a free seat for ``visitor`` and return its agent; None if there is none.

        Asking again renews the hold on the same seat. A visitor who is online gets none: the name
        is taken.
        """
        self._check_free(visitor)
        if held := self._holds.get(visitor):
            return held.agent
        agent = next(iter(self._free), None)
        if agent is None:
            return None
        del self._free[agent]
        self._rooms[agent] = visitor
        self._holds[visitor] = _Hold(agent, now_s + self._hold_s)
        return agent

    def join_agent(self, agent: str) -> Pair | None:
        """Open a room; the longest waiting visitor, if any, is seated at once. Raises NameTaken."""
        if fold(agent) in self._agent_folds:
            raise NameTaken
        self._agent_folds.add(fold(agent))
        return self._vacate(agent)

    def join_visitor(self, visitor: str) -> Pair | None:
        """Seat a visitor on the held or any free seat; None: waits. Raises NameTaken."""
        self._check_free(visitor)
        self._visitor_folds.add(fold(visitor))
        held = self._holds.pop(visitor, None)
        agent = held.agent if held else next(iter(self._free), None)
        if agent is None:
            self._visitors[visitor] = None
            self._waiting[visitor] = None
            return None
        return self._seat(agent, visitor)

    def leave_agent(self, agent: str) -> str | None:
        """Close the room at once; return the visitor who sat there.

        That visitor is told to go and does not wait for another agent; a hold on the seat ends.
        """
        visitor = self._rooms.pop(agent)
        self._agent_folds.remove(fold(agent))
        self._free.pop(agent, None)
        if visitor is None:
            return None
        if self._holds.pop(visitor, None):
            return None
        self._visitors[visitor] = None
        return visitor

    def leave_visitor(self, visitor: str) -> tuple[str | None, Pair | None]:
        """Free the visitor's seat.

        Returns the agent who sat with the visitor, and the pair if a waiting visitor takes the
        seat at once.
        """
        agent = self._visitors.pop(visitor)
        self._visitor_folds.remove(fold(visitor))
        self._waiting.pop(visitor, None)
        return agent, (self._vacate(agent) if agent is not None else None)

    def expire(self, now_s: float) -> list[Pair]:
        """Free the seats whose hold has run out; return the waiting visitors who got one."""
        pairs = []
        while (until_s := self.next_expiry_s()) is not None and until_s <= now_s:
            visitor = next(iter(self._holds))
            if pair := self._vacate(self._holds.pop(visitor).agent):
                pairs.append(pair)
        return pairs

    def next_expiry_s(self) -> float | None:
        """When the next hold runs out; None if no seat is held."""
        return next(iter(self._holds.values())).until_s if self._holds else None

    def _check_free(self, visitor: str) -> None:
        if fold(visitor) in self._visitor_folds:
            raise NameTaken

    def _vacate(self, agent: str) -> Pair | None:
        self._rooms[agent] = None
        if self._waiting:
            visitor = next(iter(self._waiting))
            del self._waiting[visitor]
            return self._seat(agent, visitor)
        self._free[agent] = None
        return None

    def _seat(self, agent: str, visitor: str) -> Pair:
        self._free.pop(agent, None)
        self._rooms[agent] = visitor
        self._visitors[visitor] = agent
        return Pair(agent, visitor)
