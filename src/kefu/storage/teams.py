"""Teams: kept, and who is in them.

Not here: which conversations are given to a team (``moving``).
"""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import Connection, delete, insert, select, update

from kefu.core.desk import Team
from kefu.core.errors import NotFound
from kefu.core.states import Status
from kefu.storage.numbering import add_row
from kefu.storage.schema import conversation, inbox, team, team_agent


def list_teams(conn: Connection, ids: Collection[int] | None = None) -> list[Team]:
    """The teams with these ids, or all of them, in the order of their making."""
    chosen = select(team).order_by(team.c.id)
    if ids is not None:
        chosen = chosen.where(team.c.id.in_(ids))
    rows = conn.execute(chosen).all()
    members: dict[int, list[int]] = {row.id: [] for row in rows}
    belonging = select(team_agent).where(team_agent.c.team_id.in_(members))
    for team_id, agent_id in conn.execute(belonging.order_by(team_agent.c.agent_id)):
        members[team_id].append(agent_id)
    return [Team(id=row.id, name=row.name, agents=tuple(members[row.id])) for row in rows]


def get_team(conn: Connection, team_id: int) -> Team:
    """One team. Raises NotFound."""
    found = list_teams(conn, [team_id])
    if not found:
        raise NotFound
    return found[0]


def list_names(conn: Connection, but: int = 0) -> list[str]:
    """The names of all teams but one."""
    return list(conn.scalars(select(team.c.name).where(team.c.id != but)))


def add_team(conn: Connection, name: str) -> int:
    """Make a team; returns the id."""
    return add_row(conn, team, {"name": name})


def rename_team(conn: Connection, team_id: int, name: str) -> None:
    """Call a team ``name``."""
    conn.execute(update(team).where(team.c.id == team_id).values(name=name))


def set_members(conn: Connection, team_id: int, agent_ids: Collection[int]) -> bool:
    """Say who is in a team; returns whether that changed."""
    here = team_agent.c.team_id == team_id
    before = set(conn.scalars(select(team_agent.c.agent_id).where(here)))
    wanted = set(agent_ids)
    if gone := before - wanted:
        conn.execute(delete(team_agent).where(here, team_agent.c.agent_id.in_(gone)))
    if new := wanted - before:
        rows = [{"team_id": team_id, "agent_id": id} for id in sorted(new)]
        conn.execute(insert(team_agent), rows)
    return before != wanted


def is_needed(conn: Connection, team_id: int) -> bool:
    """Whether an inbox, or a conversation that is not resolved, is given to the team."""
    given = select(inbox.c.id).where(inbox.c.team_id == team_id)
    live = (conversation.c.status != Status.RESOLVED, conversation.c.team_id == team_id)
    chosen = select(conversation.c.id).where(*live)
    return any(conn.scalar(one.limit(1)) is not None for one in (given, chosen))


def remove_team(conn: Connection, team_id: int) -> None:
    """Forget a team that is not needed; resolved conversations lose it, their entries do not."""
    conn.execute(delete(team_agent).where(team_agent.c.team_id == team_id))
    theirs = conversation.c.team_id == team_id
    conn.execute(update(conversation).where(theirs).values(team_id=None))
    conn.execute(delete(team).where(team.c.id == team_id))
