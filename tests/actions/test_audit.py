"""The audit trail as it is read: whatever a row holds, the rest of the list is shown."""

from __future__ import annotations

from kefu.actions.audit import AuditActor, ListAudit, list_audit
from kefu.actions.context import Tx, commit
from kefu.core.actors import AgentRole, Standing
from kefu.core.audit import ActorRole
from kefu.storage import schema
from tests.actions.desk import Desk

OLDER = ("local", "agent", "server", "operator", "anyone", "device#af03", "contact#5", "")


async def test_the_trail_tells_of_acts_of_every_standing(desk: Desk):
    def work(tx: Tx) -> None:
        tx.audit("agent.set_password", "agent", 7)

    for standing in Standing:
        await commit(desk.call(standing), work)
    boss = await desk.agent(role=AgentRole.ADMIN)
    page = await list_audit(desk.call(boss), ListAudit())
    told = {standing: one.actor for standing, one in zip(Standing, page.items[::-1], strict=True)}
    assert told == {
        Standing.ANYONE: AuditActor(role=ActorRole.ANYONE),
        Standing.LOCAL: AuditActor(role=ActorRole.ANYONE),
        Standing.AGENT: AuditActor(role=ActorRole.ANYONE),
        Standing.OPERATOR: AuditActor(role=ActorRole.OPERATOR),
        Standing.SERVER: AuditActor(role=ActorRole.SYSTEM),
    }


async def test_no_word_that_a_row_holds_shuts_the_trail(desk: Desk):
    boss = await desk.agent(role=AgentRole.ADMIN)
    for actor in (*OLDER, f"agent#{boss.id}"):
        row = {"at_ms": 1, "actor": actor, "act": "agent.create", "subject": "agent#x"}
        await desk.insert(schema.audit, **row)
    page = await list_audit(desk.call(boss), ListAudit())
    assert len(page.items) == len(OLDER) + 1
    assert page.items[0].actor == AuditActor(role=ActorRole.AGENT, id=boss.id)
    assert {one.actor.role for one in page.items[1:]} == {
        ActorRole.ANYONE,
        ActorRole.OPERATOR,
        ActorRole.AGENT,
    }
