"""Which place in the queue a waiting visitor has, and whether anybody takes from it: asked for, and
told when it changes.

Rules: told at most once in ``EVERY_S``, and only to those whose place is another than they were
told, or to whom somebody came or the last one is gone. A place is within the queue of the inbox, or
of the team that the conversation was given to.
Not here: how long it will take (nobody knows yet), who gets it (``actions.assignment``).
"""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Sequence

from sqlalchemy import Connection

from kefu.actions.commands import Command
from kefu.actions.context import Call, Context, place_for
from kefu.actions.forms import Form, Id
from kefu.core.desk import Value
from kefu.core.errors import ChatError
from kefu.core.permissions import Action
from kefu.core.signals import QueuePosition
from kefu.hub import contact_channel
from kefu.storage.assigning import Queued, get_place_in_queue, list_places, list_staffed

EVERY_S = 1.0
MOST_TOLD = 10_000  # whoever waits further back is told when they come nearer


class GetQueuePosition(Form, frozen=True):
    """Where a conversation waits."""

    conversation: Id


class QueuePlace(Value, frozen=True):
    """``position``: 1 is next; left out, it does not wait. ``staffed``: as in the signal."""

    position: int | None = None
    staffed: bool = False


async def get_queue_position(call: Call, do: GetQueuePosition) -> QueuePlace:
    """Where in the queue a conversation waits, and whether anybody takes from it now."""
    connected = frozenset(call.ctx.hub.connected_agents)

    def read(conn: Connection) -> QueuePlace:
        place = place_for(conn, call.actor, do.conversation, Action.READ)
        staffed = place.inbox_id in list_staffed(conn, connected)
        return QueuePlace(position=get_place_in_queue(conn, place.id), staffed=staffed)

    return await call.read(read)


def tell_places(ctx: Context) -> None:
    """Tell waiting visitors their places, soon."""
    if not ctx.chores.telling_places.enter():
        return
    wait_s = ctx.chores.told_s + EVERY_S - ctx.monotonic_s()
    if wait_s > 0:
        asyncio.get_running_loop().call_later(wait_s, _begin, ctx)
    else:
        _begin(ctx)


def _begin(ctx: Context) -> None:
    ctx.background(_tell(ctx))


async def _tell(ctx: Context) -> None:
    chores = ctx.chores
    chores.told_s = ctx.monotonic_s()
    connected = frozenset(ctx.hub.connected_agents)

    def read(conn: Connection) -> tuple[list[Queued], frozenset[int]]:
        return list_places(conn, MOST_TOLD), list_staffed(conn, connected)

    try:
        _tell_changed(ctx, *await ctx.database.read(read))
    except ChatError:
        pass  # the next change tells them
    finally:
        again = chores.telling_places.leave()
    if again:
        tell_places(ctx)


def _tell_changed(ctx: Context, places: Sequence[Queued], staffed: Collection[int]) -> None:
    told, now = ctx.chores.told_places, {}
    for one in places:
        is_staffed = one.inbox_id in staffed
        now[one.id] = one.place, is_staffed
        if one.contact_id is not None and told.get(one.id) != now[one.id]:
            signal = QueuePosition(conversation=one.id, position=one.place, staffed=is_staffed)
            ctx.hub.signal([contact_channel(one.contact_id)], signal)
    ctx.chores.told_places = now


COMMANDS = (
    Command(
        "conversation.queue_position",
        get_queue_position,
        "GET",
        "/conversations/{conversation}/queue-position",
        {"conversation": 17},
        who="both",
    ),
)
