"""Looking at conversations."""

from __future__ import annotations

import pytest

from kefu.actions.conversations import GetConversation, get_conversation
from kefu.core.errors import NotFound
from kefu.core.states import Status
from tests.actions.desk import Desk


async def test_a_conversation_is_shown_to_its_contact_and_to_nobody_elses(desk: Desk):
    inbox = await desk.inbox()
    li, other = await desk.visitor(inbox), await desk.visitor(inbox)
    id = await desk.conversation(li)
    found = await get_conversation(desk.call(li), GetConversation(conversation=id))
    assert found.status is Status.QUEUED
    with pytest.raises(NotFound):
        await get_conversation(desk.call(other), GetConversation(conversation=id))
