"""Saying something: what is stored, told and refused."""

from __future__ import annotations

import asyncio
from typing import Any

import msgspec
import pytest
from sqlalchemy import Connection, select, update

from kefu.actions.messages import SendMessage, Sent, place_to_write, send
from kefu.actions.starting import as_started
from kefu.core.actors import AgentRole, Scope
from kefu.core.content import Blocks
from kefu.core.conversation import Entry
from kefu.core.desk import Conversation, Details
from kefu.core.errors import (
    BadInput,
    BadText,
    Conflict,
    IllegalState,
    NotAllowed,
    NotFound,
    Unauthenticated,
)
from kefu.core.permissions import Action, Standing
from kefu.core.states import Status
from kefu.hub import contact_channel, inbox_channel
from kefu.storage.desk import get_conversation
from kefu.storage.schema import agent as agents
from kefu.storage.schema import conversation, file, participant
from kefu.storage.states import change
from tests.actions.acts import chat, fresh_id, notes, says, starts, texts, timeline
from tests.actions.desk import Desk

FORM = {"type": "form", "fields": [{"name": "size", "label": "Size", "required": True}]}


def blocks(*raw: dict[str, Any]) -> Any:
    return msgspec.convert(raw, Blocks)


async def upload(desk: Desk, owner: str, inbox: int) -> int:
    return await desk.insert(
        file,
        inbox_id=inbox,
        owner=owner,
        name="a.png",
        type="image/png",
        size=3,
        storage_key=fresh_id(),
        created_ms=desk.clock.now_ms,
    )


async def set_state(desk: Desk, id: int, **values: Any) -> None:
    """Change a row directly; by way of a send the writer would remember what it was."""
    await desk.ctx.database.write(lambda conn: change(conn, id, **values))


async def test_a_repeat_gets_the_first_answer_and_nobody_hears_of_it_again(desk: Desk):
    inbox = await desk.inbox()
    li, id = await chat(desk, inbox)
    team = desk.recorder(inbox_channel(inbox))
    first = await says(desk, li, id, "one", client_id="a")
    desk.clock.advance(60)
    assert await says(desk, li, id, "one", client_id="a") == first
    with pytest.raises(Conflict, match="You used this client id for another message"):
        await says(desk, li, id, "two", client_id="a")
    assert [one.seq for one in team.events] == [first.seq]
    assert await texts(desk, id) == ["Hello", "one"]


async def test_the_same_client_id_of_two_senders_is_two_messages(desk: Desk):
    inbox = await desk.inbox()
    li, id = await chat(desk, inbox)
    agent = await desk.agent(inboxes=[inbox])
    assert (await says(desk, li, id, client_id="a")).seq == 3
    assert (await says(desk, agent, id, client_id="a")).seq == 4


async def test_both_sides_hear_a_message_and_only_the_team_a_note(desk: Desk):
    inbox = await desk.inbox()
    li, id = await chat(desk, inbox)
    agent = await desk.agent(inboxes=[inbox])
    await set_state(desk, id, status="open", assignee_id=agent.id)
    team = desk.recorder(inbox_channel(inbox))
    visitor = desk.recorder(contact_channel(li.contact_id), team=False)
    await says(desk, agent, id, "three")
    await notes(desk, agent, id, "four")
    await says(desk, li, id, "five")
    assert [(one.seq, one.prev) for one in team.events] == [(3, 2), (4, 3), (5, 4)]
    assert [(one.seq, one.prev) for one in visitor.events] == [(3, 2), (5, 3)]
    assert team.events[1].message is not None
    assert team.events[1].message.type is Entry.NOTE


@pytest.mark.parametrize("raw", ["**你好** 👋\n<b>x</b>", " leading", "a\u202eb", "x" * 10_000])
async def test_text_is_kept_as_it_is(desk: Desk, raw: str):
    li, id = await chat(desk, await desk.inbox())
    await says(desk, li, id, raw)
    assert (await texts(desk, id))[-1] == raw


@pytest.mark.parametrize(
    ("text", "error"),
    [("", BadInput), (" \n\t", BadInput), ("x" * 10_001, BadInput), ("a\0b", BadText),
     ("\ud800", BadText), ("\u200b\u3164", BadInput)],
    ids=["empty", "blank", "too long", "NUL", "half a pair", "unseen"],
)  # fmt: skip
async def test_what_is_no_text_is_refused(desk: Desk, text: str, error: type[Exception]):
    inbox = await desk.inbox()
    li, id = await chat(desk, inbox)
    with pytest.raises(error):
        await says(desk, li, id, text)
    with pytest.raises(error):
        await notes(desk, await desk.agent(inboxes=[inbox]), id, text)
    assert await texts(desk, id) == ["Hello"]


async def test_only_those_write_who_may(desk: Desk):
    inbox = await desk.inbox()
    li, id = await chat(desk, inbox)
    stranger, _ = await chat(desk, inbox)
    with pytest.raises(NotFound):
        await says(desk, stranger, id)
    with pytest.raises(NotFound):
        await says(desk, await desk.agent(), id)
    with pytest.raises(NotFound):
        await says(desk, li, id + 100)
    reader = await desk.agent(inboxes=[inbox], scopes=frozenset({Scope.READ}))
    with pytest.raises(NotAllowed):
        await says(desk, reader, id)
    with pytest.raises(NotAllowed):
        await notes(desk, li, id)  # type: ignore[arg-type]
    with pytest.raises(Unauthenticated):
        await says(desk, Standing.ANYONE, id)
    assert await texts(desk, id) == ["Hello"]


async def test_a_quote_must_be_a_message_that_is_seen_there(desk: Desk):
    inbox = await desk.inbox()
    li, id = await chat(desk, inbox)
    agent = await desk.agent(inboxes=[inbox])
    await set_state(desk, id, status="open", assignee_id=agent.id)
    note = await notes(desk, agent, id)
    await says(desk, agent, id, "yes", quote=2)
    assert (await timeline(desk, id))[-1].quote == 2
    await notes(desk, agent, id, quote=note.seq)
    for seq in (1, note.seq, 99):  # an activity, a note, nothing
        with pytest.raises(BadInput, match="quote"):
            await says(desk, li, id, quote=seq)
    assert len(await timeline(desk, id)) == 5


async def test_a_file_is_sent_once_by_its_owner_and_told_with_its_name(desk: Desk):
    inbox = await desk.inbox()
    stranger = desk.stranger(inbox)
    early = await upload(desk, stranger.key, inbox)  # before the first message
    started = await starts(desk, stranger, "", files=(early,), client_id="s")
    assert [one.id for one in started.message.files] == [early]
    assert await starts(desk, stranger, "", files=(early,), client_id="s") == started
    li, id = as_started(stranger, started), started.conversation.id
    own, others = await upload(desk, li.key, inbox), await upload(desk, "contact#99", inbox)
    team = desk.recorder(inbox_channel(inbox))
    sent = await says(desk, li, id, "", files=(own,), client_id="a")
    assert await says(desk, li, id, "", files=(own,), client_id="a") == sent
    assert [
        [one.name for one in event.message.files] for event in team.events if event.message
    ] == [["a.png"]]
    _, elsewhere = await chat(desk, inbox)
    agent = await desk.agent(inboxes=[inbox])
    for wrong in ((others,), (99,), (own, own), tuple(range(1, 12))):
        with pytest.raises(BadInput, match="files"):
            await says(desk, li, id, files=wrong)
    with pytest.raises(BadInput, match="files"):
        await says(desk, agent, elsewhere, files=(own,))


async def test_blocks_are_for_the_team_and_answers_for_visitors(desk: Desk):
    inbox = await desk.inbox()
    li, id = await chat(desk, inbox)
    bot = await desk.agent(role=AgentRole.BOT, inboxes=[inbox])
    with pytest.raises(NotAllowed):
        await says(desk, li, id, blocks=blocks(FORM))
    with pytest.raises(BadInput, match="one form"):
        await says(desk, bot, id, blocks=blocks(FORM, FORM))
    asked = await says(desk, bot, id, "", blocks=blocks(FORM))
    assert (await timeline(desk, id))[-1].blocks == (FORM,)
    for wrong in ({"quote": 2}, {"quote": asked.seq, "answers": {}}, {"quote": None}):
        with pytest.raises(BadInput):
            await says(desk, li, id, "", **({"answers": {"size": "L"}} | wrong))
    with pytest.raises(NotAllowed):
        await says(desk, bot, id, quote=asked.seq, answers={"size": "L"})
    given = {"size": " L "}
    sent = await says(desk, li, id, "", quote=asked.seq, answers=given, client_id="a")
    assert await says(desk, li, id, "", quote=asked.seq, answers=given, client_id="a") == sent
    assert (await timeline(desk, id))[-1].answers == {"size": "L"}


async def test_a_form_is_answered_once(desk: Desk):
    inbox = await desk.inbox()
    li, id = await chat(desk, inbox)
    bot = await desk.agent(role=AgentRole.BOT, inboxes=[inbox])
    asked = await says(desk, bot, id, "", blocks=blocks(FORM))
    given: dict[str, Any] = {"quote": asked.seq, "answers": {"size": "L"}}
    first = await says(desk, li, id, "", client_id="a", **given)
    for another in ({"size": "L"}, {"size": "M"}):
        with pytest.raises(IllegalState, match="answered"):
            await says(desk, li, id, "", **(given | {"answers": another}))
    assert await says(desk, li, id, "", client_id="a", **given) == first
    assert len(await timeline(desk, id)) == first.seq
    await says(desk, li, id, "About that", quote=asked.seq)
    again = await says(desk, bot, id, "", blocks=blocks(FORM))
    await says(desk, li, id, "", **(given | {"quote": again.seq}))


async def test_a_note_mentions_those_who_can_see_it(desk: Desk):
    inbox = await desk.inbox()
    _, id = await chat(desk, inbox)
    agent, other = await desk.agent(inboxes=[inbox]), await desk.agent(inboxes=[inbox])
    admin, outside = await desk.agent(role=AgentRole.ADMIN), await desk.agent()
    await notes(desk, agent, id, mentions=(other.id, admin.id))
    assert (await timeline(desk, id))[-1].mentions == (other.id, admin.id)
    for wrong in ((outside.id,), (99,), tuple(range(100, 121))):
        with pytest.raises(BadInput, match="mentions"):
            await notes(desk, agent, id, mentions=wrong)


async def test_a_visitors_message_wakes_what_rests_and_both_are_told_in_order(desk: Desk):
    inbox = await desk.inbox()
    li, id = await chat(desk, inbox)
    agent = await desk.agent(inboxes=[inbox])
    seen = desk.recorder(contact_channel(li.contact_id), team=False)
    plain: dict[str, Any] = {}
    for more in (plain, {"quote": 2}):  # without and with a transaction of its own
        await set_state(desk, id, status="snoozed", assignee_id=agent.id)
        await asyncio.gather(*[says(desk, li, id, **more) for _ in range(3)])
        woken = [one for one in seen.events if one.state]
        assert [one.state.status for one in woken if one.state] == [Status.OPEN]
        numbers = [one.seq for one in seen.events]
        assert numbers == sorted(numbers)
        assert [int(one.cursor.rpartition("-")[2]) for one in seen.events] == sorted(
            int(one.cursor.rpartition("-")[2]) for one in seen.events
        )
        seen.events.clear()


async def standing(desk: Desk, id: int) -> Conversation:
    return await desk.ctx.database.read(lambda conn: get_conversation(conn, id))


async def test_an_agent_who_answers_what_waits_has_it(desk: Desk):
    inbox = await desk.inbox()
    anna, ben = await desk.agent(inboxes=[inbox]), await desk.agent(inboxes=[inbox])
    seen = desk.recorder(inbox_channel(inbox))
    plain: dict[str, Any] = {}
    for more in (plain, {"quote": 2}):  # without and with a transaction of its own
        _, id = await chat(desk, inbox)
        seen.events.clear()
        await asyncio.gather(says(desk, anna, id, **more), says(desk, ben, id, **more))
        state = await standing(desk, id)
        who = (await timeline(desk, id))[2].sender  # whoever was first
        assert (state.status, state.assignee) == (Status.OPEN, who)
        assert not state.offered
        (moved,) = [one.activity for one in await timeline(desk, id) if one.activity][1:]
        assert (moved.what, moved.agent, moved.values) == (
            "assigned",
            who,
            Details(how="answered"),
        )
        assert sorted(one.seq for one in seen.events) == [3, 4, 5]
        assert [one.state.status for one in seen.events if one.state] == [Status.OPEN]


async def test_a_note_or_a_bots_message_leaves_it_in_the_queue(desk: Desk):
    inbox = await desk.inbox()
    _, id = await chat(desk, inbox)
    agent = await desk.agent(inboxes=[inbox])
    bot = await desk.agent(inboxes=[inbox], role=AgentRole.BOT)
    await notes(desk, agent, id)
    await notes(desk, agent, id, quote=2)
    await says(desk, bot, id)
    await says(desk, bot, id, quote=2)
    state = await standing(desk, id)
    assert (state.status, state.assignee) == (Status.QUEUED, None)


async def test_a_repeat_wakes_nothing(desk: Desk):
    inbox = await desk.inbox()
    li, id = await chat(desk, inbox)
    await says(desk, li, id, client_id="a")
    await set_state(desk, id, status="resolved")
    await says(desk, li, id, client_id="a")
    assert [one.activity.what for one in await timeline(desk, id) if one.activity] == ["began"]


async def test_what_is_over_for_good_takes_no_more_messages_but_the_old_ones_again(desk: Desk):
    inbox = await desk.inbox()
    li, id = await chat(desk, inbox)
    sent = await says(desk, li, id, client_id="a")
    await set_state(desk, id, status="resolved", reopen_until_ms=desk.clock.now_ms)
    desk.clock.advance(1)
    with pytest.raises(IllegalState):
        await says(desk, li, id)
    assert await says(desk, li, id, client_id="a") == sent


async def test_fifty_at_once_are_numbered_without_a_hole_and_told_in_order(desk: Desk):
    inbox = await desk.inbox()
    li, id = await chat(desk, inbox)
    agent = await desk.agent(inboxes=[inbox])
    await set_state(desk, id, status="open", assignee_id=agent.id)
    team = desk.recorder(inbox_channel(inbox))
    many = [says(desk, who, id, str(i), quote=2 if i % 5 == 0 else None)
            for i in range(25) for who in (li, agent)]  # fmt: skip
    sent = await asyncio.gather(*many)
    assert sorted(one.seq for one in sent) == list(range(3, 53))
    assert [one.seq for one in team.events] == list(range(3, 53))
    assert [one.seq for one in await timeline(desk, id)] == list(range(1, 53))


async def test_sends_take_effect_in_the_order_of_the_calls_whatever_they_hold(desk: Desk):
    li, id = await chat(desk, await desk.inbox())
    call = desk.call(li)
    place = await place_to_write(call, id, Action.WRITE)
    told: list[Sent | Exception] = []
    for i in range(20):
        quote = 2 if i % 2 else None
        do = SendMessage(conversation=id, client_id=f"o{i}", text=str(i), quote=quote)
        send(call, place, do, told.append)
    send(call, place, SendMessage(conversation=id, client_id="x"), told.append)
    assert isinstance(told[0], BadInput)  # needed no look at the store
    await desk.settled()
    assert [one.seq for one in told[1:] if isinstance(one, Sent)] == list(range(3, 23))
    assert (await texts(desk, id))[1:] == [str(i) for i in range(20)]


async def test_whoever_is_renamed_still_finds_their_first_copy(desk: Desk):
    inbox = await desk.inbox()
    _, id = await chat(desk, inbox)
    ann = await desk.agent("Ann", inboxes=[inbox])
    first = await says(desk, ann, id, client_id="a")

    def rename(conn: Connection) -> None:
        conn.execute(update(agents).where(agents.c.id == ann.id).values(name="Anna"))

    await desk.ctx.database.write(rename)
    anna = msgspec.structs.replace(ann, name="Anna")
    assert await says(desk, anna, id, client_id="a") == first


async def test_whoever_has_become_somebody_else_writes_there_no_more_and_harms_nobody(desk: Desk):
    inbox = await desk.inbox()
    li, id = await chat(desk, inbox)
    other, _ = await chat(desk, inbox)
    call, agent = desk.call(li), await desk.agent(inboxes=[inbox])
    place = await place_to_write(call, id, Action.WRITE)
    for same_name in (False, True):
        name = li.name if same_name else "Wang"
        await set_state(desk, id, contact_id=other.contact_id)

        def take(conn: Connection, name: str = name) -> None:
            mine = update(participant).where(participant.c.conversation_id == id)
            took = {"contact_id": other.contact_id, "name": name}
            conn.execute(mine.where(participant.c.role == "visitor").values(took))

        await desk.ctx.database.write(take)
        told: list[Sent | Exception] = []
        late = SendMessage(conversation=id, client_id=fresh_id(), text="late")
        send(call, place, late, told.append)  # on its way while the two were merged
        await says(desk, agent, id)
        assert isinstance(told[0], NotFound)
    said = {one.sender.name for one in await timeline(desk, id)}
    assert said == {li.name, agent.name}


async def test_what_waits_and_what_is_unread_follows_who_wrote_last(desk: Desk):
    inbox = await desk.inbox()
    li, id = await chat(desk, inbox)
    agent = await desk.agent(inboxes=[inbox])

    async def marks() -> tuple[Any, ...]:
        columns = ("team_unread", "contact_unread", "waiting_ms")
        chosen = select(*[conversation.c[name] for name in columns])
        rows = await desk.ctx.database.read(
            lambda conn: conn.execute(chosen.where(conversation.c.id == id)).one()
        )
        return tuple(rows)

    began_ms = desk.clock.now_ms
    desk.clock.advance(5)
    await says(desk, li, id)
    assert await marks() == (2, 0, began_ms)
    await notes(desk, agent, id)
    assert await marks() == (2, 0, began_ms)
    await says(desk, agent, id)
    assert await marks() == (0, 1, None)
