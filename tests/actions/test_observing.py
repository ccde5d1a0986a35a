"""What supervisors do beside."""

from __future__ import annotations

import pytest
from sqlalchemy import Connection, select

from kefu.actions.conversations import ListMessages, list_messages
from kefu.actions.observing import ObserveConversation, Whisper, observe, whisper
from kefu.core.actors import AgentRole
from kefu.core.errors import Conflict, IllegalState, NotAllowed, NotFound
from kefu.hub import contact_channel, inbox_channel
from kefu.storage import schema
from tests.actions.desk import Desk


async def audited(desk: Desk) -> list[tuple[str, str, str]]:
    def read(conn: Connection) -> list[tuple[str, str, str]]:
        rows = conn.execute(select(schema.audit).order_by(schema.audit.c.id))
        return [(row.actor, row.act, row.subject) for row in rows]

    return await desk.ctx.database.read(read)


async def test_a_supervisor_looks_on_unseen_and_the_audit_trail_knows(desk: Desk):
    inbox = await desk.inbox()
    ann = await desk.agent("Ann", inboxes=[inbox])
    cai = await desk.agent("Cai", role=AgentRole.SUPERVISOR, inboxes=[inbox])
    id = await desk.conversation(await desk.visitor(inbox), status="open", assignee_id=ann.id)
    team = desk.recorder(inbox_channel(inbox))
    do = ObserveConversation(conversation=id)
    state = await observe(desk.call(cai), do)
    assert (state.id, state.members) == (id, ())
    assert team.events == []
    assert await audited(desk) == [(cai.key, "conversation.observe", f"conversation#{id}")]
    with pytest.raises(NotAllowed):
        await observe(desk.call(ann), do)
    far = await desk.agent("Far", role=AgentRole.SUPERVISOR, inboxes=[await desk.inbox()])
    with pytest.raises(NotFound):
        await observe(desk.call(far), do)


async def test_a_whisper_names_whoever_has_it_and_is_not_for_the_contact(desk: Desk):
    inbox = await desk.inbox()
    ann = await desk.agent("Ann", inboxes=[inbox])
    cai = await desk.agent("Cai", role=AgentRole.SUPERVISOR, inboxes=[inbox])
    li = await desk.visitor(inbox)
    id = await desk.conversation(li, status="open", assignee_id=ann.id)
    own = desk.recorder(contact_channel(li.contact_id), team=False)
    do = Whisper(conversation=id, client_id="w1", text="Offer a refund")
    first = await whisper(desk.call(cai), do)
    assert await whisper(desk.call(cai), do) == first  # a repeat
    with pytest.raises(Conflict):
        await whisper(desk.call(cai), Whisper(conversation=id, client_id="w1", text="Other"))
    (note,) = (await list_messages(desk.call(ann), ListMessages(conversation=id))).items
    assert (note.text, note.mentions, note.sender.name) == ("Offer a refund", (ann.id,), "Cai")
    assert own.events == []
    assert len(await audited(desk)) == 1
    with pytest.raises(NotAllowed):
        await whisper(desk.call(ann), do)


async def test_there_is_nobody_to_whisper_to_in_the_queue(desk: Desk):
    inbox = await desk.inbox()
    cai = await desk.agent("Cai", role=AgentRole.SUPERVISOR, inboxes=[inbox])
    id = await desk.conversation(await desk.visitor(inbox))
    with pytest.raises(IllegalState):
        await whisper(desk.call(cai), Whisper(conversation=id, client_id="w1", text="Psst"))
