"""What somebody had open goes back to its place in the queue.

Rules: a server does it, since it tells everybody who is connected. After a command beside it (an
operator's) it does so when it hears of that, or when it starts.
Not here: when (``actions.leaving``, ``actions.agents``, ``actions.inboxes``), how the queue is
given to others (``actions.assignment``).
"""

from __future__ import annotations

from functools import partial

from kefu.actions.context import Call, Context, Tx, commit
from kefu.core.actors import AgentRole, Standing
from kefu.core.desk import Activity
from kefu.core.states import Status
from kefu.storage import agents
from kefu.storage.moving import Step, take_steps


async def requeue_chats_of(ctx: Context, agent_id: int) -> None:
    """As ``requeue_chats``, in a transaction of its own."""
    await commit(Call(ctx, Standing.SERVER), partial(requeue_chats, agent_id=agent_id))


def requeue_chats(tx: Tx, agent_id: int) -> None:
    """Queue again what an agent has open but may not see (any more)."""
    if tx.call.actor is Standing.OPERATOR:
        return
    known = agents.get_agent(tx.conn, agent_id)
    if known.active and known.role is AgentRole.ADMIN:
        return
    keeps = known.inboxes if known.active else ()
    activity = Activity(what="queued", status=Status.QUEUED)
    steps = [
        Step(id, activity, {"status": Status.QUEUED, "assignee_id": None, **turn.columns()})
        for id, turn in agents.list_open_chats(tx.conn, agent_id, but_in=keeps)
    ]
    if steps:
        tx.entries += take_steps(tx.conn, steps, tx.now_ms)
