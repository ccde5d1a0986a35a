"""How contacts found their conversations: each, and on average.

Rules: supervisors see those of the inboxes that they work in, an admin all.
Not here: rating a conversation (``actions.visitor``), reports over time.
"""

from __future__ import annotations

from sqlalchemy import Connection

from kefu.actions.commands import Command
from kefu.actions.context import Call
from kefu.actions.forms import Cursor, Form, Id, Limit, older_than
from kefu.core.desk import Rating, Value
from kefu.core.errors import NotFound
from kefu.core.permissions import Action, check, seen_inboxes
from kefu.storage.ratings import count_scores, list_ratings, rated


class ListRatings(Form, frozen=True):
    """Ratings, the newest first; of one inbox or one agent, or all."""

    inbox: Id | None = None
    agent: Id | None = None
    cursor: Cursor | None = None
    limit: Limit = 50


class Ratings(Value, frozen=True):
    """A page of ratings, and the sums of all of them, whatever the page.

    ``counts``: how many of each score from 1 to 5. ``average``: left out if there are none.
    """

    items: tuple[Rating, ...]
    counts: tuple[int, ...]
    count: int
    average: float | None = None
    next: str | None = None


async def list_all_ratings(call: Call, do: ListRatings) -> Ratings:
    """Ratings of conversations, the newest first, with their average."""
    check(call.actor, Action.SUPERVISE)
    seen = seen_inboxes(call.actor, do.inbox)
    before_id = older_than(do.cursor)

    def read(conn: Connection) -> Ratings:
        page = rated(inbox_ids=seen, agent_id=do.agent, before_id=before_id)
        found = list_ratings(conn, page, limit=do.limit + 1)
        counts = count_scores(conn, rated(inbox_ids=seen, agent_id=do.agent))
        count = sum(counts)
        total = sum(score * many for score, many in enumerate(counts, start=1))
        more = len(found) > do.limit
        return Ratings(
            items=tuple(one for _, one in found[: do.limit]),
            counts=tuple(counts),
            count=count,
            average=round(total / count, 2) if count else None,
            next=str(found[do.limit - 1][0]) if more else None,
        )

    return await call.read(read)


COMMANDS = (
    Command("rating.list", list_all_ratings, "GET", "/ratings", {"inbox": 2}, errors=(NotFound,)),
)
