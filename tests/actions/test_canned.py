"""Canned responses: kept, listed, rendered."""

from __future__ import annotations

import pytest

from kefu.actions.canned import (
    COMMANDS,
    CreateCanned,
    DeleteCanned,
    ListCanned,
    RenderCanned,
    UpdateCanned,
    create_canned,
    delete_canned,
    list_canned,
    render_for_conversation,
    update_canned,
)
from kefu.actions.commands import read_form
from kefu.core.actors import Actor, AgentRole
from kefu.core.errors import BadInput, Conflict, NotAllowed, NotFound
from kefu.storage import schema
from tests.actions.desk import Desk


async def shortcuts(desk: Desk, actor: Actor, **form: object) -> list[str]:
    page = await list_canned(desk.call(actor), ListCanned(**form))  # type: ignore[arg-type]
    return [one.shortcut for one in page.items]


async def test_agents_share_what_is_for_their_inboxes(desk: Desk):
    sales, care = await desk.inbox(), await desk.inbox()
    ann, bob = await desk.agent(inboxes=[sales]), await desk.agent(inboxes=[care])
    admin = await desk.agent(role=AgentRole.ADMIN)
    for by, shortcut, inbox in ((ann, "/Hello", None), (ann, "help", sales), (bob, "hero", care)):
        do = CreateCanned(shortcut=shortcut, text="Hi", inbox=inbox)
        made = await create_canned(desk.call(by), do)
    assert await shortcuts(desk, ann) == ["hello", "help"]
    assert await shortcuts(desk, bob) == ["hello", "hero"]
    assert await shortcuts(desk, admin) == ["hello", "help", "hero"]
    assert await shortcuts(desk, admin, inbox=care) == ["hello", "hero"]
    assert await shortcuts(desk, admin, prefix="/HEL") == ["hello", "help"]
    assert await shortcuts(desk, admin, limit=1, cursor="hello") == ["help"]
    with pytest.raises(BadInput, match="shortcut"):
        await shortcuts(desk, admin, prefix="he%")
    with pytest.raises(NotFound):
        await shortcuts(desk, ann, inbox=care)
    with pytest.raises(NotFound):
        await update_canned(desk.call(ann), UpdateCanned(canned=made.id, text="Mine"))
    with pytest.raises(NotFound):
        await delete_canned(desk.call(ann), DeleteCanned(canned=made.id))
    await update_canned(desk.call(bob), UpdateCanned(canned=made.id, shortcut="zero", inbox=None))
    assert await shortcuts(desk, ann) == ["hello", "help", "zero"]
    await delete_canned(desk.call(ann), DeleteCanned(canned=made.id))
    assert await shortcuts(desk, bob) == ["hello"]


async def test_a_shortcut_stays_though_another_of_an_older_store_looks_the_same(desk: Desk):
    call = desk.call(await desk.agent(role=AgentRole.ADMIN))
    row = {"text": "Hi", "inbox_id": None}
    await desk.insert(schema.canned_response, shortcut="小エ", **row)
    id = await desk.insert(schema.canned_response, shortcut="小工", **row)
    do = UpdateCanned(canned=id, shortcut="小工", text="Hello")
    assert (await update_canned(call, do)).text == "Hello"
    with pytest.raises(Conflict):
        await update_canned(call, UpdateCanned(canned=id, shortcut="小エ"))


async def test_a_fault_names_its_field(desk: Desk):
    inbox = await desk.inbox()
    call = desk.call(await desk.agent(inboxes=[inbox]))
    await create_canned(call, CreateCanned(shortcut="hi", text="Hi"))
    for twin in ("HI", "h\u0456"):
        with pytest.raises(Conflict, match="shortcut"):
            await create_canned(call, CreateCanned(shortcut=twin, text="Hi"))
    for where, do in (
        ("shortcut", CreateCanned(shortcut="no spaces", text="Hi")),
        ("text: there is no variable", CreateCanned(shortcut="a", text="{{agent.password}}")),
        ("inbox", CreateCanned(shortcut="a", text="Hi", inbox=inbox + 1_000)),
    ):
        with pytest.raises(BadInput, match=where):
            await create_canned(call, do)


async def test_a_visitor_and_a_bot_keep_none(desk: Desk):
    inbox = await desk.inbox()
    for actor in (await desk.visitor(inbox), await desk.agent(role=AgentRole.BOT)):
        with pytest.raises(NotAllowed):
            await create_canned(desk.call(actor), CreateCanned(shortcut="a", text="Hi"))


async def test_variables_are_filled_in_for_a_conversation(desk: Desk):
    inbox = await desk.inbox("Shop")
    ann = await desk.agent("Ann", inboxes=[inbox])
    li = await desk.visitor(inbox, "Li {{agent.name}}", attributes='{"plan": "gold"}')
    id = await desk.conversation(li)
    text = (
        "{{contact.name}}, {{agent.name}}, {{inbox.name}}, {{conversation.id}},"
        " {{contact.attributes.plan}}, {{contact.attributes.none|nothing}}"
    )
    made = await create_canned(desk.call(ann), CreateCanned(shortcut="all", text=text))
    do = RenderCanned(canned=made.id, conversation=id)
    drawn = await render_for_conversation(desk.call(ann), do)
    assert drawn.text == f"Li {{{{agent.name}}}}, Ann, Shop, {id}, gold, nothing"
    with pytest.raises(NotFound):
        await render_for_conversation(desk.call(await desk.agent()), do)


def test_examples_are_of_the_forms():
    for command in COMMANDS:
        assert read_form(command, command.example)
