"""Who is on the pages of a site right now, by what the pages say: in memory, for a minute.

Rules: nothing of it is stored, and nobody vouched for any of it. A visit has the id that its page
drew and keeps in memory; one that is not reported again within ``GONE_S`` is over. What is kept is
bounded, of an inbox and of one network in it: whoever is one too many is not taken in, and nobody
who is there has to go for them. Time is an argument (seconds of any monotonic clock).
Not here: who may report and look (``widget.watching``).
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Collection
from typing import NamedTuple

from msgspec.structs import replace

from kefu.core.desk import Time, Value, to_ms

GONE_S = 75.0  # after the last report
MOST = 1_000  # of one inbox
MOST_OF_NETWORK = 100


class Visit(Value, frozen=True):
    """Somebody on a site's page, as the page says. ``since``: when they came to the site."""

    visit: str
    inbox: int
    page: str
    since: Time
    title: str = ""
    referrer: str = ""
    language: str = ""


def place_of(visit: Visit) -> tuple[int, str]:
    """Where it stands in a list, the first to come first: since when (Unix ms), and its id."""
    return to_ms(visit.since), visit.visit


class _Seen(NamedTuple):
    visit: Visit
    network: str
    at_s: float  # the last report


class Visits:
    """Those of one server."""

    def __init__(self) -> None:
        self._inboxes: dict[int, OrderedDict[str, _Seen]] = {}  # whoever was silent longest first
        self._changed: set[int] = set()
        self.looked_after = False  # somebody calls ``look`` again and again

    def report(self, visit: Visit, network: str, now_s: float) -> bool:
        """A page says that ``visit`` goes on; whether there is room for it."""
        there = self._inboxes.setdefault(visit.inbox, OrderedDict())
        known = there.pop(visit.visit, None)
        if known is None and not _has_room(there, network):
            return False
        if known:
            visit = replace(visit, since=known.visit.since)  # clocks are set
        if known is None or known.visit != visit:
            self._changed.add(visit.inbox)
        there[visit.visit] = _Seen(visit, network, now_s)
        return True

    def leave(self, inbox_id: int, visit: str) -> None:
        """A page says that it is left."""
        there = self._inboxes.get(inbox_id)
        if there and there.pop(visit, None):
            self._changed.add(inbox_id)

    def list(self, inbox_ids: Collection[int], now_s: float) -> list[Visit]:
        """Who is there, the last to come first."""
        self._forget(now_s)
        found = [one.visit for id in inbox_ids for one in self._inboxes.get(id, {}).values()]
        return sorted(found, key=place_of, reverse=True)

    def look(self, now_s: float) -> dict[int, int]:
        """How many are there now, of each inbox where that or anything of them has changed."""
        self._forget(now_s)
        changed, self._changed = self._changed, set()
        return {id: len(self._inboxes.get(id, ())) for id in sorted(changed)}

    @property
    def is_empty(self) -> bool:
        """Whether nobody is there, as far as ``look`` has said."""
        return not any(self._inboxes.values()) and not self._changed

    def _forget(self, now_s: float) -> None:
        for id, there in [*self._inboxes.items()]:
            while there and next(iter(there.values())).at_s <= now_s - GONE_S:
                there.popitem(last=False)
                self._changed.add(id)
            if not there:
                del self._inboxes[id]


def _has_room(there: OrderedDict[str, _Seen], network: str) -> bool:
    neighbours = sum(one.network == network for one in there.values())
    return len(there) < MOST and neighbours < MOST_OF_NETWORK
