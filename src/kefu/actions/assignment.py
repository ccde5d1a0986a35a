"""The queue is given to agents: in its order, whenever something has happened that allows it.

Rules: whatever may let somebody be given a conversation asks ``assign_waiting``: each activity of
the desk's conversations does (``begin_assigning``), and so does whoever connects an agent, makes
one available, or changes a limit or who works where. Facts are read, ``choose_agent`` is called and
its choice stored in one transaction; only one transaction writes at a time, so nobody is given what
somebody else has taken. One transaction gives ``MOST_AT_ONCE``, then others may write.
Not here: whom to choose (``core.routing``), picking by hand (``actions.handling``), places in the
queue (``actions.places``).
"""

from __future__ import annotations

import asyncio
from collections.abc import Collection
from functools import partial

import structlog

from kefu.actions.context import Call, Context, Tx, begin
from kefu.actions.places import tell_places
from kefu.core.actors import Standing
from kefu.core.conversation import Conversation, Entry, Kind, Message
from kefu.core.desk import Activity, Details
from kefu.core.errors import ChatError
from kefu.core.offers import OFFER_MS
from kefu.core.routing import choose_agent, has_room
from kefu.core.states import Status
from kefu.storage.assigning import (
    Pool,
    Waiting,
    iter_queue,
    load_free,
    set_assigned,
)
from kefu.storage.moving import Step, take_steps
from kefu.storage.turns import offer

MOST_AT_ONCE = 50
RETRY_S = 1.0  # after the store could not write

log = structlog.get_logger()


def begin_assigning(ctx: Context) -> None:
    """From now on the queue is looked at whenever a conversation of the desk changes, and now."""

    def changed(conversation: Conversation, message: Message) -> None:
        if message.type is Entry.ACTIVITY and conversation.kind is Kind.DESK:
            ctx.chores.alarm.set(ctx.now_ms() + OFFER_MS)  # it may be an offer
            assign_waiting(ctx)
            tell_places(ctx)

    ctx.hub.watch(changed)
    assign_waiting(ctx)


def assign_waiting(ctx: Context) -> None:
    """Give agents what waits, soon. Never twice at once; asked meanwhile, once more after."""
    connected = frozenset(ctx.hub.connected_agents)
    if not connected or not ctx.chores.assigning.enter():
        return

    def done(given: int | Exception) -> None:
        again = ctx.chores.assigning.leave()
        if isinstance(given, Exception):
            if not isinstance(given, ChatError):
                log.error("assignment_failed", exc_info=given)
            asyncio.get_running_loop().call_later(RETRY_S, assign_waiting, ctx)
        elif again or given == MOST_AT_ONCE:
            assign_waiting(ctx)

    begin(Call(ctx, Standing.SERVER), partial(_give, connected), done)


def _give(connected: Collection[int], tx: Tx) -> int:
    """Give agents what waits; return how many conversations were given."""
    pool = load_free(tx.conn, connected)
    if not pool.candidates:
        return 0
    chosen = _choose(tx, pool)
    if chosen:
        steps = [_step(waiting, pool, agent_id, tx.now_ms) for waiting, agent_id in chosen]
        tx.entries += take_steps(tx.conn, steps, tx.now_ms)
        set_assigned(tx.conn, {agent_id for _, agent_id in chosen}, tx.now_ms)
    return len(chosen)


def _choose(tx: Tx, pool: Pool) -> list[tuple[Waiting, int]]:
    chosen: list[tuple[Waiting, int]] = []
    places = sum(one.chat_limit - one.open_chats for one in pool.candidates.values())
    full: set[tuple[int, int | None]] = set()  # queues whose agents all have enough by now
    for waiting in iter_queue(tx.conn, pool):
        queue = (waiting.inbox_id, waiting.team_id)
        if queue in full:
            continue
        candidates = pool.of(waiting)
        agent_id = choose_agent(
            candidates, declined_by=waiting.declined_by, missed_by=waiting.missed_by
        )
        if agent_id is not None:
            pool.count(agent_id, tx.now_ms)
            chosen.append((waiting, agent_id))
        elif not any(map(has_room, candidates)):
            full.add(queue)
        if len(chosen) == min(places, MOST_AT_ONCE):
            break
    return chosen


def _step(waiting: Waiting, pool: Pool, agent_id: int, now_ms: int) -> Step:
    activity = Activity(
        what="assigned",
        agent=pool.people[agent_id],
        team=waiting.team_id,
        status=Status.OPEN,
        values=Details(how="queue"),
    )
    columns = {"status": Status.OPEN, "assignee_id": agent_id, **offer(now_ms)}
    return Step(waiting.id, activity, columns)
