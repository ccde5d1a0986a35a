"""The team: kept, found, and in which inboxes they work.

Rules: an agent is never deleted, since the timeline names them; one who left is not active. Those
whom the rooms protocol brought (``classic_name``) are agents like any other.
Not here: their sessions and tokens (``access``), teams (``teams``), passwords' form
(``core.passwords``).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import Connection, delete, func, insert, or_, select, update

from kefu.core.actors import AgentRole
from kefu.core.conversation import Kind, Role
from kefu.core.desk import AgentInfo, Availability
from kefu.core.errors import BadInput, NotFound
from kefu.core.states import Status
from kefu.storage.schema import (
    agent,
    avatar,
    conversation,
    inbox,
    inbox_agent,
    message,
    participant,
    team_agent,
)
from kefu.storage.turns import Turn

_texts = msgspec.json.Decoder(tuple[str, ...]).decode


class Credentials(NamedTuple):
    """What signing in is checked against."""

    id: int
    email: str | None
    password_hash: str | None
    active: bool


def list_agents(conn: Connection, ids: Collection[int] | None = None) -> list[AgentInfo]:
    """The agents with these ids, or all of them, in the order in which they came."""
    chosen = _AGENTS
    if ids is not None:
        chosen = chosen.where(agent.c.id.in_(ids))
    rows = conn.execute(chosen).all()
    inboxes, teams = _places(conn)
    return [
        AgentInfo(
            id=row.id,
            name=row.name,
            role=AgentRole(row.role),
            email=row.email,
            active=bool(row.active),
            availability=Availability(row.availability),
            chat_limit=row.chat_limit,
            missed=row.missed,
            avatar=row.sha256 and avatar_path(row.id, row.sha256),
            skills=_texts(row.skills),
            languages=_texts(row.languages),
            teams=tuple(teams[row.id]),
            inboxes=tuple(inboxes[row.id]),
        )
        for row in rows
    ]


_AGENTS = (
    select(agent, avatar.c.sha256)
    .outerjoin(avatar, avatar.c.agent_id == agent.c.id)
    .order_by(agent.c.id)
)


def avatar_path(agent_id: int, sha256: str) -> str:
    """Where an agent's picture is served."""
    return f"/avatar/{agent_id}-{sha256[:32]}.webp"


def get_agent(conn: Connection, agent_id: int) -> AgentInfo:
    """One agent. Raises NotFound."""
    found = list_agents(conn, [agent_id])
    if not found:
        raise NotFound
    return found[0]


def find_credentials(
    conn: Connection, *, email: str | None = None, agent_id: int | None = None
) -> Credentials | None:
    """What is kept for signing in as the agent with this address or id."""
    here = agent.c.email == email if agent_id is None else agent.c.id == agent_id
    columns = (agent.c.id, agent.c.email, agent.c.password_hash, agent.c.active)
    row = conn.execute(select(*columns).where(here)).one_or_none()
    return Credentials(row.id, row.email, row.password_hash, bool(row.active)) if row else None


def list_names(conn: Connection, but: int = 0) -> list[str]:
    """The names of all agents but one."""
    return list(conn.scalars(select(agent.c.name).where(agent.c.id != but)))


def has_email(conn: Connection, email: str) -> bool:
    """Whether an agent has this address."""
    return conn.scalar(select(agent.c.id).where(agent.c.email == email)) is not None


def has_admin(conn: Connection, but: int = 0) -> bool:
    """Whether there is an active admin beside ``but``."""
    other = (agent.c.role == AgentRole.ADMIN, agent.c.active == 1, agent.c.id != but)
    return conn.scalar(select(agent.c.id).where(*other).limit(1)) is not None


def check_agents(conn: Connection, ids: Collection[int]) -> None:
    """Raise BadInput unless there are agents with all these ids."""
    known = conn.scalars(select(agent.c.id).where(agent.c.id.in_(ids)))
    if missing := set(ids) - set(known):
        raise BadInput(f"agents: there is none with the id {min(missing)}")


def list_open_chats(
    conn: Connection, agent_id: int, *, but_in: Collection[int] = ()
) -> list[tuple[int, Turn]]:
    """The desk's conversations that an agent has open: (id, which place in the queue they get).

    Without those in the inboxes ``but_in``.
    """
    table = conversation
    began = select(message.c.id).where(message.c.conversation_id == table.c.id, message.c.seq == 1)
    since = func.coalesce(table.c.queued_ms, table.c.created_ms)
    behind = func.coalesce(table.c.queued_id, began.correlate(table).scalar_subquery(), 0)
    mine = [table.c.assignee_id == agent_id, table.c.status == Status.OPEN]
    if but_in:
        mine.append(table.c.inbox_id.not_in(but_in))
    chosen = select(table.c.id, since, behind).where(*mine, table.c.kind == Kind.DESK)
    return [(id, Turn(*turn)) for id, *turn in conn.execute(chosen.order_by(table.c.id))]


def list_live_with(conn: Connection, agent_id: int, *, limit: int) -> list[int]:
    """The desk's conversations that an agent has or did something in, but for resolved ones.

    In the order of their ids; at most ``limit``, the newest.
    """
    table = conversation
    took_part = select(participant.c.conversation_id).where(participant.c.agent_id == agent_id)
    theirs = or_(table.c.assignee_id == agent_id, table.c.id.in_(took_part))
    live = (table.c.status != Status.RESOLVED, table.c.kind == Kind.DESK)
    chosen = select(table.c.id).where(theirs, *live).order_by(table.c.id.desc()).limit(limit)
    return sorted(conn.scalars(chosen))


def add_agent(conn: Connection, **values: Any) -> int:
    """Add an agent; ``values`` are the columns, lists as they are. Returns the id."""
    row = _stored({"gone_ms": values["created_ms"]} | values)
    return int(conn.execute(insert(agent).values(row).returning(agent.c.id)).scalar_one())


def set_agent(conn: Connection, agent_id: int, **values: Any) -> None:
    """Change columns of an agent."""
    if values:
        conn.execute(update(agent).where(agent.c.id == agent_id).values(_stored(values)))


def rename_agent(conn: Connection, agent_id: int, name: str) -> None:
    """Give an agent another name, in what they have written too.

    In the rooms protocol the name is who they are, so it stays there.
    """
    set_agent(conn, agent_id, name=name)
    desk = select(conversation.c.id).where(conversation.c.kind == Kind.DESK)
    conn.execute(
        update(participant)
        .where(participant.c.agent_id == agent_id, participant.c.conversation_id.in_(desk))
        .where(participant.c.role.in_((Role.AGENT, Role.BOT)))
        .values(name=name)
    )


def set_inboxes(conn: Connection, agent_id: int, inbox_ids: Collection[int]) -> bool:
    """Say in which inboxes an agent works; whether that changed. Raises NotFound: no such inbox."""
    mine = inbox_agent.c.agent_id == agent_id
    wanted = set(inbox_ids)
    if set(conn.scalars(select(inbox.c.id).where(inbox.c.id.in_(wanted)))) != wanted:
        raise NotFound("There is no such inbox.")
    before = set(conn.scalars(select(inbox_agent.c.inbox_id).where(mine)))
    if gone := before - wanted:
        conn.execute(delete(inbox_agent).where(mine, inbox_agent.c.inbox_id.in_(gone)))
    if new := wanted - before:
        conn.execute(
            insert(inbox_agent), [{"inbox_id": id, "agent_id": agent_id} for id in sorted(new)]
        )
    return before != wanted


def _stored(values: dict[str, Any]) -> dict[str, Any]:
    lists = {name: values[name] for name in ("skills", "languages") if name in values}
    return values | {name: msgspec.json.encode(list(one)).decode() for name, one in lists.items()}


def _places(conn: Connection) -> tuple[dict[int, list[int]], dict[int, list[int]]]:
    """The ids of every agent's inboxes and teams."""
    inboxes: dict[int, list[int]] = defaultdict(list)
    teams: dict[int, list[int]] = defaultdict(list)
    for inbox_id, agent_id in conn.execute(select(inbox_agent).order_by(inbox_agent.c.inbox_id)):
        inboxes[agent_id].append(inbox_id)
    for team_id, agent_id in conn.execute(select(team_agent).order_by(team_agent.c.team_id)):
        teams[agent_id].append(team_id)
    return inboxes, teams
