"""Who looks at which conversation, in memory.

Rules: whoever looks (a connection, or an agent over HTTP) looks at one conversation at a time, so
there are no more of them than connections. A look-up is by the conversation or by who looks.
Not here: for how long a look holds, and who is told (``commands``).
"""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Iterator
from itertools import islice
from typing import NamedTuple

from kefu.core.desk import Person
from kefu.core.permissions import Place

MOST_SHOWN = 20  # of one conversation


class Look(NamedTuple):
    """Somebody looks at a conversation; ``end``: when that is over by itself."""

    place: Place
    person: Person
    end: asyncio.TimerHandle


class Viewers:
    """Those of one server."""

    def __init__(self) -> None:
        self._looks: dict[object, Look] = {}
        self._at: dict[int, dict[object, Look]] = {}

    def put(self, key: object, look: Look) -> Place | None:
        """``key`` looks there from now on; returns where it looked before."""
        before = self.drop(key)
        self._looks[key] = look
        self._at.setdefault(look.place.id, {})[key] = look
        return before

    def drop(self, key: object) -> Place | None:
        """``key`` looks at nothing any more; returns where it looked."""
        look = self._looks.pop(key, None)
        if look is None:
            return None
        look.end.cancel()
        there = self._at[look.place.id]
        del there[key]
        if not there:
            del self._at[look.place.id]
        return look.place

    def people(self, conversation_id: int) -> tuple[Person, ...]:
        """Who looks at a conversation, each once, whoever came first before the others."""
        there = self._at.get(conversation_id, {}).values()
        return tuple(islice(dict.fromkeys(look.person for look in there), MOST_SHOWN))

    def conversations(self, inbox_ids: Collection[int] | None) -> Iterator[int]:
        """The conversations of these inboxes that somebody looks at; None: of all."""
        for id, there in self._at.items():
            inbox_id = next(iter(there.values())).place.inbox_id
            if inbox_ids is None or inbox_id in inbox_ids:
                yield id
