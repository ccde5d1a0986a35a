"""Where a visitor is: for the team, while they talk, and no more than the page's word."""

from __future__ import annotations

from typing import Any

import pytest

from kefu.core.actors import Actor
from kefu.core.desk import Conversation
from kefu.core.errors import BadInput, NotAllowed, NotFound
from kefu.hub import contact_channel, inbox_channel
from kefu.storage import desk as stored
from kefu.widget.pages import NEWS_EVERY_MS, ShowPage, show_page
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
    assert (state.page, state.title) == ("https://www.example.com/b", None)
    assert state.referrer == "https://search.example/"


async def test_where_a_visitor_came_from_stays_until_another_is_said(desk: Desk):
    li, id = await chat(desk, await desk.inbox())
    said = ["https://search.example/", "", "javascript:alert(1)", "https://www.example.com/a"]
    for number, referrer in enumerate(said):
        await shows(desk, li, id, f"https://www.example.com/{number}", referrer=referrer)
        known = said[3 if number == 3 else 0]
        assert (await now(desk, id)).referrer == known


async def test_thirty_pages_at_once_are_one_entry_and_the_last_is_shown(desk: Desk):
    inbox = await desk.inbox()
    li, id = await chat(desk, inbox)
    team = desk.recorder(inbox_channel(inbox))
    for number in range(30):
        await shows(desk, li, id, f"https://www.example.com/{number}", title=f"No. {number}")
    assert len(team.events) == 1
    state = await now(desk, id)
    assert (state.page, state.title) == ("https://www.example.com/29", "No. 29")
    desk.clock.advance(NEWS_EVERY_MS / 1000)
    for _ in range(2):  # nothing new, but nobody was told of it
        await shows(desk, li, id, "https://www.example.com/29", title="No. 29")
    assert len(team.events) == 2
    assert team.events[-1].state is not None
    assert team.events[-1].state.page == "https://www.example.com/29"


async def test_a_clock_that_is_put_back_holds_no_news_up(desk: Desk):
    inbox = await desk.inbox()
    li, id = await chat(desk, inbox)
    team = desk.recorder(inbox_channel(inbox))
    await shows(desk, li, id)
    desk.clock.advance(-3600)
    await shows(desk, li, id, "https://www.example.com/b")
    assert len(team.events) == 2


async def test_another_title_of_the_same_page_is_no_entry(desk: Desk):
    inbox = await desk.inbox()
    li, id = await chat(desk, inbox)
    team = desk.recorder(inbox_channel(inbox))
    await shows(desk, li, id, title="Prices")
    for count in range(3):
        desk.clock.advance(NEWS_EVERY_MS / 1000)
        await shows(desk, li, id, title=f"({count}) Prices")
    assert len(team.events) == 1
    assert (await now(desk, id)).title == "(2) Prices"


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


async def test_attributes_alone_change_no_page(desk: Desk):
    inbox = await desk.inbox()
    li, id = await chat(desk, inbox)
    await shows(desk, li, id, title="Prices")
    desk.clock.advance(NEWS_EVERY_MS / 1000)
    team = desk.recorder(inbox_channel(inbox))
    attributes = ShowPage(conversation=id, attributes={"plan": "pro"})
    await show_page(desk.call(li), attributes)
    (event,) = team.events
    assert event.state is not None
    assert (event.state.page, event.state.title) == (PRICES, "Prices")
    assert event.state.unverified == {"plan": "pro"}


@pytest.mark.parametrize("page", ["javascript:alert(1)", "data:text/html,x", "", "about:blank"])
async def test_what_could_not_stand_behind_a_link_changes_no_page(desk: Desk, page: str):
    li, id = await chat(desk, await desk.inbox())
    await shows(desk, li, id, page, title="Nowhere")
    assert (await now(desk, id)).page is None
    await shows(desk, li, id, title="Prices")
    await shows(desk, li, id, page, title="Nowhere")
    state = await now(desk, id)
    assert (state.page, state.title) == (PRICES, "Prices")


async def test_nobody_says_where_another_is(desk: Desk):
    inbox = await desk.inbox()
    _, id = await chat(desk, inbox)
    other, _ = await chat(desk, inbox)
    with pytest.raises(NotFound):
        await shows(desk, other, id)
    with pytest.raises(NotAllowed):
        await shows(desk, await desk.agent(inboxes=[inbox]), id)
    assert (await now(desk, id)).page is None
