"""How long an offer stands, and who is there to be given a conversation.

Rules: pure. An offer ends after ``OFFER_MS``; while its agent types in it or holds Accept it is
held, for at most ``MOST_HELD_MS`` more. An agent is there who is online or busy and whose last
connection was lost less than ``GRACE_MS`` ago: a page that is loaded anew changes nothing.
Not here: who is offered what (``core.routing``), ending offers (``actions.offers``).
"""

from __future__ import annotations

from enum import StrEnum

from kefu.core.desk import Availability
from kefu.core.times import passed

OFFER_MS = 45_000
MOST_HELD_MS = 45_000
HOLD_MS = 10_000  # one sign of life holds it this long from then on
LONGEST_MS = OFFER_MS + MOST_HELD_MS
GRACE_MS = 30_000
MISSES = 2  # offers in a row that an agent let pass; then they are away


class Whereabouts(StrEnum):
    """Whether an agent can take a conversation over now."""

    THERE = "there"
    PERHAPS = "perhaps"  # the connection was lost just now
    ABSENT = "absent"


def whereabouts(availability: str, gone_ms: int | None, now_ms: int) -> Whereabouts:
    """``gone_ms``: since when the agent has no connection; None: there is one."""
    if availability not in (Availability.ONLINE, Availability.BUSY):
        return Whereabouts.ABSENT
    if gone_ms is None:
        return Whereabouts.THERE
    return Whereabouts.ABSENT if passed(gone_ms, now_ms, GRACE_MS) else Whereabouts.PERHAPS


def held_until(offered_ms: int, until_ms: int, now_ms: int) -> int:
    """Until when an offer stands that is held now."""
    if passed(offered_ms, now_ms, LONGEST_MS):
        return until_ms
    return max(until_ms, min(now_ms + HOLD_MS, offered_ms + LONGEST_MS))
