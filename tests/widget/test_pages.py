"""Where a visitor is: for the team, while they talk, and no more than the page's word."""

from __future__ import annotations

from typing import Any

import pytest

from kefu.core.actors import Actor
from kefu.core.desk import Conversation
from kefu.core.errors import BadInput, NotAllowed, NotFound
from kefu.hub import contact_channel, inbox_channel
from kefu.storage import desk as stored
from kefu.widget.pages import ShowPage, show_page
from tests.actions.acts import chat
from tests.actions.desk import Desk

PRICES = "https://www.example.com/prices"


async def shows(desk: Desk, who: Actor, id: int, page: str = PRICES, **more: Any) -> None:
    await show_page(desk.call(who), ShowPage(conversation=id, page=page, **more))


async def now(desk: Desk, id: int) -> Conversation:
    return await desk.ctx.database.read(lambda conn: stored.get_conversation(conn, id))


async def test_the_team_is_told_where_a_visitor_is_and_the_visitor_is_not(desk: Desk):
    inbox = await desk.inbox()
    li, id = await chat(desk, inbox)
    team = desk.recorder(inbox_channel(inbox))
    own = desk.recorder(contact_channel(li.contact_id))
    await shows(desk, li, id, title="Prices", referrer="https://search.example/")
    (event,) = team.events
    assert event.private
    assert event.state is not None
    assert (event.state.page, event.state.title) == (PRICES, "Prices")
    assert event.state.referrer == "https://search.example/"
    assert all(one.private for one in own.events)
    await shows(desk, li, id, title="Prices", referrer="https://search.example/")
    assert len(team.events) == 1
    await shows(desk, li, id, "https://www.example.com/b")
    state = await now(desk, id)
    assert (state.page, state.title, state.referrer) == ("https://www.example.com/b", None, None)


async def test_attributes_are_added_and_taken_away_and_stay_unverified(desk: Desk):
    li, id = await chat(desk, await desk.inbox())
    await shows(desk, li, id, attributes={"plan": "pro", "seats": 3})
    await shows(desk, li, id, attributes={"plan": None})
    state = await now(desk, id)
    assert (state.unverified, state.attributes) == ({"seats": 3}, {})
    with pytest.raises(BadInput, match="attributes"):
        await shows(desk, li, id, attributes={"__proto__": "x"})
    with pytest.raises(BadInput, match="attributes"):
        await shows(desk, li, id, attributes={f"a{i}": i for i in range(60)})


@pytest.mark.parametrize("page", ["javascript:alert(1)", "data:text/html,x", "", "about:blank"])
async def test_what_could_not_stand_behind_a_link_is_no_page(desk: Desk, page: str):
    li, id = await chat(desk, await desk.inbox())
    await shows(desk, li, id)
    await shows(desk, li, id, page)
    assert (await now(desk, id)).page is None


async def test_nobody_says_where_another_is(desk: Desk):
    inbox = await desk.inbox()
    _, id = await chat(desk, inbox)
    other, _ = await chat(desk, inbox)
    with pytest.raises(NotFound):
        await shows(desk, other, id)
    with pytest.raises(NotAllowed):
        await shows(desk, await desk.agent(inboxes=[inbox]), id)
    assert (await now(desk, id)).page is None
