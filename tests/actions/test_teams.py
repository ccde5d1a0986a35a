"""Teams: made, filled, deleted."""

from __future__ import annotations

import pytest

from kefu.actions.commands import read_form
from kefu.actions.teams import (
    COMMANDS,
    CreateTeam,
    DeleteTeam,
    ListTeams,
    SetTeamAgents,
    UpdateTeam,
    create_team,
    delete_team,
    list_teams,
    set_agents,
    update_team,
)
from kefu.core.actors import AgentRole
from kefu.core.errors import BadInput, Conflict, IllegalState, NotAllowed, NotFound
from kefu.storage import schema
from tests.actions.desk import Desk
from tests.actions.test_contacts import trail


async def test_an_admin_makes_fills_and_deletes_teams(desk: Desk):
    admin, ann = await desk.agent(role=AgentRole.ADMIN), await desk.agent()
    call = desk.call(admin)
    made = await create_team(call, CreateTeam(name=" Returns ", agents=(ann.id,)))
    assert (made.name, made.agents) == ("Returns", (ann.id,))
    await set_agents(call, SetTeamAgents(team=made.id, agents=(admin.id,)))
    await update_team(call, UpdateTeam(team=made.id, name="Repairs"))
    (shown,) = (await list_teams(desk.call(ann), ListTeams())).items
    assert (shown.name, shown.agents) == ("Repairs", (admin.id,))
    for twin in (
        "Repairs",
        "REPAIRS",
        "Rep\u0430irs",
        "Repairs\u2800",
    ):
        with pytest.raises(Conflict, match="name"):
            await create_team(call, CreateTeam(name=twin))
    for faulty in ({"name": "\u200b"}, {"name": "X", "agents": (999_999,)}):
        with pytest.raises(BadInput, match=r"name|agents"):
            await create_team(call, CreateTeam(**faulty))
    await delete_team(call, DeleteTeam(team=made.id))
    assert (await list_teams(call, ListTeams())).items == ()
    with pytest.raises(NotFound):
        await delete_team(call, DeleteTeam(team=made.id))
    assert await trail(desk) == ["team.create", "team.set_agents", "team.update", "team.delete"]


async def test_a_team_keeps_its_name_though_another_of_an_older_store_looks_the_same(desk: Desk):
    call = desk.call(await desk.agent(role=AgentRole.ADMIN))
    await desk.insert(schema.team, name="小エ")
    id = await desk.insert(schema.team, name="小工")
    for name in ("小工", "小工\ufe00"):
        assert (await update_team(call, UpdateTeam(team=id, name=name))).name == name
    await create_team(call, CreateTeam(name="Other"))
    for taken in ("小エ", "OTHER"):
        with pytest.raises(Conflict):
            await update_team(call, UpdateTeam(team=id, name=taken))


async def test_a_team_that_is_needed_stays(desk: Desk):
    admin = await desk.agent(role=AgentRole.ADMIN)
    call = desk.call(admin)
    one = await create_team(call, CreateTeam(name="One"))
    two = await create_team(call, CreateTeam(name="Two"))
    inbox = await desk.inbox(team_id=one.id)
    li = await desk.visitor(inbox)
    await desk.conversation(li, team_id=two.id)
    for team in (one, two):
        with pytest.raises(IllegalState):
            await delete_team(call, DeleteTeam(team=team.id))
    three = await create_team(call, CreateTeam(name="Three"))
    await desk.conversation(li, team_id=three.id, status="resolved")
    await delete_team(call, DeleteTeam(team=three.id))


async def test_nobody_but_an_admin_changes_teams(desk: Desk):
    boss = await desk.agent(role=AgentRole.SUPERVISOR)
    visitor = await desk.visitor(await desk.inbox())
    for actor in (boss, visitor):
        with pytest.raises(NotAllowed):
            await create_team(desk.call(actor), CreateTeam(name="Mine"))
        with pytest.raises(NotAllowed):
            await delete_team(desk.call(actor), DeleteTeam(team=1))
    with pytest.raises(NotAllowed):
        await list_teams(desk.call(visitor), ListTeams())


def test_examples_are_of_the_forms():
    for command in COMMANDS:
        assert read_form(command, command.example)
