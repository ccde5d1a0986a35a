"""Which contacts are here, by inbox, in memory.

Rules: a contact is here at the inbox that their connection named. A look-up is by inbox and
contact; nothing goes through all of them but for whoever asks who is here.
Not here: for how long somebody stays who has left, and who is told (``telling``).
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Collection, Iterator
from itertools import islice


class Attendance:
    """That of one server."""

    def __init__(self) -> None:
        self._connections: dict[int, Counter[int]] = {}  # by inbox, of each contact who is here
        self._leaving: dict[tuple[int, int], asyncio.TimerHandle] = {}  # 0 connections, still here
        self._news: dict[int, set[int]] = {}  # whose presence changed and was not told yet

    def add(self, inbox_id: int, contact_id: int) -> bool:
        """One more connection of a contact; whether they were not here before."""
        contacts = self._connections.setdefault(inbox_id, Counter())
        is_new = contact_id not in contacts
        contacts[contact_id] += 1
        if end := self._leaving.pop((inbox_id, contact_id), None):
            end.cancel()
        return is_new

    def remove(self, inbox_id: int, contact_id: int) -> bool:
        """One connection less; whether it was the last."""
        contacts = self._connections[inbox_id]
        contacts[contact_id] -= 1
        return not contacts[contact_id]

    def leave_by(self, inbox_id: int, contact_id: int, end: asyncio.TimerHandle) -> None:
        """``end``: when a contact without a connection is gone."""
        self._leaving[inbox_id, contact_id] = end

    def drop(self, inbox_id: int, contact_id: int) -> None:
        """A contact without a connection is here no more."""
        self._leaving.pop((inbox_id, contact_id), None)
        contacts = self._connections[inbox_id]
        del contacts[contact_id]
        if not contacts:
            del self._connections[inbox_id]

    def here(self, inbox_ids: Collection[int] | None, most: int) -> Iterator[tuple[int, list[int]]]:
        """Who is here at each of these inboxes, ``most`` in all; None: at all inboxes."""
        for inbox_id, contacts in self._connections.items():
            if most > 0 and (inbox_ids is None or inbox_id in inbox_ids):
                shown = list(islice(contacts, most))
                most -= len(shown)
                yield inbox_id, shown

    def note(self, inbox_id: int, contact_id: int) -> bool:
        """A contact came or is gone; whether nothing of the inbox was waiting to be told."""
        is_first = inbox_id not in self._news
        self._news.setdefault(inbox_id, set()).add(contact_id)
        return is_first

    def take_news(self, inbox_id: int) -> tuple[list[int], list[int]]:
        """Who of those with news is here, and who is gone; they are told by that."""
        news = sorted(self._news.pop(inbox_id))
        contacts = self._connections.get(inbox_id, Counter())
        here = [id for id in news if id in contacts]
        return here, [id for id in news if id not in contacts]
