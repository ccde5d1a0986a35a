"""Teams: groups of agents that a conversation can be given to.

Rules: everybody at the desk sees them, an admin changes them. A team that conversations or inboxes
still need cannot be deleted.
Not here: giving a conversation to a team (``actions.handling``), what an agent may see, which the
inboxes say.
"""

from __future__ import annotations

from functools import partial
from typing import Annotated

from msgspec import Meta
from sqlalchemy import Connection

from kefu.actions.assignment import assign_waiting
from kefu.actions.commands import Command
from kefu.actions.context import Call, Tx, commit
from kefu.actions.forms import Done, Form, Id, Page
from kefu.core.desk import Team
from kefu.core.display import clean_display_name, is_taken
from kefu.core.errors import BadInput, Conflict, IllegalState, NotFound
from kefu.core.permissions import Action, check
from kefu.storage import teams
from kefu.storage.agents import check_agents

NAME_CHARS = 100

TeamName = Annotated[str, Meta(min_length=1, max_length=10 * NAME_CHARS)]
Agents = Annotated[tuple[Id, ...], Meta(max_length=1_000)]


class ListTeams(Form, frozen=True):
    """All teams."""


class CreateTeam(Form, frozen=True):
    """A new team."""

    name: TeamName
    agents: Agents = ()


class UpdateTeam(Form, frozen=True):
    """Another name."""

    team: Id
    name: TeamName


class SetTeamAgents(Form, frozen=True):
    """Who is in a team: these and nobody else."""

    team: Id
    agents: Agents


class DeleteTeam(Form, frozen=True):
    """One team."""

    team: Id


async def list_teams(call: Call, do: ListTeams) -> Page[Team]:
    """All teams and who is in them."""
    check(call.actor, Action.USE_DESK)
    found = await call.read(teams.list_teams)
    return Page(items=tuple(found))


async def create_team(call: Call, do: CreateTeam) -> Team:
    """Make a team."""
    check(call.actor, Action.MANAGE)

    def work(tx: Tx) -> Team:
        check_agents(tx.conn, do.agents)
        id = teams.add_team(tx.conn, _free_name(tx.conn, do.name))
        teams.set_members(tx.conn, id, do.agents)
        made = teams.get_team(tx.conn, id)
        tx.audit("team.create", "team", id, name=made.name, agents=do.agents)
        return made

    return await commit(call, work)


async def update_team(call: Call, do: UpdateTeam) -> Team:
    """Give a team another name."""
    check(call.actor, Action.MANAGE)

    def work(tx: Tx) -> Team:
        before = teams.get_team(tx.conn, do.team)
        name = _free_name(tx.conn, do.name, own=before)
        if name != before.name:
            teams.rename_team(tx.conn, do.team, name)
            tx.audit("team.update", "team", do.team, name=name)
        return teams.get_team(tx.conn, do.team)

    return await commit(call, work)


async def set_agents(call: Call, do: SetTeamAgents) -> Team:
    """Say who is in a team."""
    check(call.actor, Action.MANAGE)

    def work(tx: Tx) -> Team:
        teams.get_team(tx.conn, do.team)
        check_agents(tx.conn, do.agents)
        if teams.set_members(tx.conn, do.team, do.agents):
            tx.audit("team.set_agents", "team", do.team, agents=do.agents)
            tx.after.append(partial(assign_waiting, call.ctx))
        return teams.get_team(tx.conn, do.team)

    return await commit(call, work)


async def delete_team(call: Call, do: DeleteTeam) -> Done:
    """Delete a team that nothing is given to any more; resolved conversations lose it."""
    check(call.actor, Action.MANAGE)

    def work(tx: Tx) -> Done:
        known = teams.get_team(tx.conn, do.team)
        if teams.is_needed(tx.conn, do.team):
            raise IllegalState("An inbox or a conversation is given to this team.")
        teams.remove_team(tx.conn, do.team)
        tx.audit("team.delete", "team", do.team, name=known.name)
        return Done()

    return await commit(call, work)


def _free_name(conn: Connection, raw: str, own: Team | None = None) -> str:
    name = clean_display_name(raw, NAME_CHARS)
    if not name:
        raise BadInput("name: nothing of it can be seen")
    others = teams.list_names(conn, but=own.id if own else 0)
    if is_taken(name, others, own=own.name if own else None):
        raise Conflict("name: another team has it, or one that looks the same")
    return name


_ONE = "/teams/{team}"
COMMANDS = (
    Command("team.list", list_teams, "GET", "/teams", {}, compressed=True),
    Command(
        "team.create",
        create_team,
        "POST",
        "/teams",
        {"name": "Returns", "agents": [3]},
        errors=(Conflict,),
        status=201,
    ),
    Command(
        "team.update",
        update_team,
        "PATCH",
        _ONE,
        {"team": 1, "name": "Returns"},
        errors=(NotFound, Conflict),
    ),
    Command(
        "team.set_agents",
        set_agents,
        "PUT",
        f"{_ONE}/agents",
        {"team": 1, "agents": [3, 4]},
        errors=(NotFound,),
    ),
    Command(
        "team.delete",
        delete_team,
        "DELETE",
        _ONE,
        {"team": 1},
        errors=(NotFound, IllegalState),
    ),
)
