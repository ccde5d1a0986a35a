"""What somebody had open goes back to its place in the queue.

Not here: when (``actions.leaving``, ``actions.agents``, ``actions.inboxes``), how the queue is
given to others (``actions.assignment``).
"""

from __future__ import annotations

from kefu.actions.context import Tx
from kefu.core.actors import AgentRole
from kefu.core.desk import Activity
from kefu.core.states import Status
from kefu.storage import agents
from kefu.storage.moving import Step, take_steps


def requeue_chats(tx: Tx, agent_id: int) -> None:
    """Queue again what an agent has open but may not see (any more)."""
    known = agents.get_agent(tx.conn, agent_id)
    if known.active and known.role is AgentRole.ADMIN:
        return
    keeps = known.inboxes if known.active else ()
    activity = Activity(what="queued", status=Status.QUEUED)
    steps = [
        Step(id, activity, {"status": Status.QUEUED, "assignee_id": None, "queued_ms": since_ms})
        for id, since_ms in agents.list_open_chats(tx.conn, agent_id, but_in=keeps)
    ]
    if steps:
        tx.entries += take_steps(tx.conn, steps, tx.now_ms)
