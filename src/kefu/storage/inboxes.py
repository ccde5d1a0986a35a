"""Inboxes: kept, found, and who works in them.

Not here: what the settings mean (``core.inbox``).
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import msgspec
from sqlalchemy import Connection, delete, insert, select, update

from kefu.core.errors import NotFound
from kefu.core.inbox import Inbox, Settings
from kefu.storage.schema import inbox, inbox_agent

_settings = msgspec.json.Decoder(Settings).decode


def list_inboxes(
    conn: Connection, ids: Collection[int] | None = None, *, members: bool = True
) -> list[Inbox]:
    """The inboxes with these ids, or all of them, in the order of their making.

    ``members``: with who works there, which may be many.
    """
    chosen = select(inbox).order_by(inbox.c.id)
    if ids is not None:
        chosen = chosen.where(inbox.c.id.in_(ids))
    rows = conn.execute(chosen).all()
    agents: dict[int, list[int]] = {row.id: [] for row in rows}
    if members:
        working = select(inbox_agent).where(inbox_agent.c.inbox_id.in_(agents))
        for inbox_id, agent_id in conn.execute(working.order_by(inbox_agent.c.agent_id)):
            agents[inbox_id].append(agent_id)
    return [
        Inbox(
            id=row.id,
            kind=row.kind,
            name=row.name,
            settings=_settings(row.settings),
            widget_key=row.widget_key,
            team=row.team_id,
            bot=row.bot_id,
            agents=tuple(agents[row.id]),
            active=bool(row.active),
        )
        for row in rows
    ]


def get_inbox(conn: Connection, inbox_id: int, *, members: bool = True) -> Inbox:
    """One inbox; ``members`` as ``list_inboxes``. Raises NotFound."""
    found = list_inboxes(conn, [inbox_id], members=members)
    if not found:
        raise NotFound
    return found[0]


def find_by_widget_key(conn: Connection, widget_key: str, *, members: bool = True) -> Inbox | None:
    """The active inbox that a web page names by this key; ``members`` as ``list_inboxes``."""
    id = conn.scalar(
        select(inbox.c.id).where(inbox.c.widget_key == widget_key, inbox.c.active == 1)
    )
    return get_inbox(conn, id, members=members) if id is not None else None


def add_inbox(conn: Connection, **values: Any) -> int:
    """Make an inbox; ``values`` are its columns, ``settings`` a ``Settings``. Returns the id."""
    values["settings"] = msgspec.json.encode(values.get("settings", Settings())).decode()
    return int(conn.execute(insert(inbox).values(values).returning(inbox.c.id)).scalar_one())


def set_inbox(conn: Connection, inbox_id: int, **values: Any) -> None:
    """Change columns of an inbox."""
    if "settings" in values:
        values["settings"] = msgspec.json.encode(values["settings"]).decode()
    if values:
        conn.execute(update(inbox).where(inbox.c.id == inbox_id).values(values))


def set_members(conn: Connection, inbox_id: int, agent_ids: Collection[int]) -> set[int]:
    """Say who works in an inbox; returns those for whom that changed."""
    here = inbox_agent.c.inbox_id == inbox_id
    before = set(conn.scalars(select(inbox_agent.c.agent_id).where(here)))
    wanted = set(agent_ids)
    if gone := before - wanted:
        conn.execute(delete(inbox_agent).where(here, inbox_agent.c.agent_id.in_(gone)))
    if new := wanted - before:
        rows = [{"inbox_id": inbox_id, "agent_id": id} for id in sorted(new)]
        conn.execute(insert(inbox_agent), rows)
    return before ^ wanted
