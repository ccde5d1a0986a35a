"""Rows of what one of the team has set for themselves.

Rules: of an older version's document, what is not known any more is passed over.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import msgspec
from sqlalchemy import Connection, delete, or_, select
from sqlalchemy.dialects import postgresql, sqlite

from kefu.profile.preferences import DEFAULTS, Mail, Preferences
from kefu.storage.schema import avatar, preferences

_known = {field.encode_name for field in msgspec.structs.fields(Preferences)}


class Picture(NamedTuple):
    """An agent's picture, small, as it is kept."""

    agent_id: int
    storage_key: str
    size: int  # bytes
    sha256: str


def get_preferences(conn: Connection, agent_id: int) -> Preferences:
    """What the agent prefers."""
    kept = conn.scalar(select(preferences.c.json).where(preferences.c.agent_id == agent_id))
    if kept is None:
        return DEFAULTS
    fields: dict[str, Any] = msgspec.json.decode(kept)
    return msgspec.convert({n: one for n, one in fields.items() if n in _known}, Preferences)


def list_preferring_mail(conn: Connection) -> list[int]:
    """The ids of those who want letters while they are not there."""
    told = [preferences.c.json.contains(f'"{name}":true') for name in Mail.__struct_fields__]
    kept = conn.execute(select(preferences).where(or_(*told)))
    found = [(row.agent_id, get_preferences(conn, row.agent_id).mail) for row in kept.all()]
    return [id for id, mail in found if mail != Mail()]


def set_preferences(conn: Connection, agent_id: int, values: Preferences) -> None:
    """Keep what the agent prefers."""
    json = msgspec.json.encode(values).decode()
    _put(conn, preferences, {"agent_id": agent_id}, {"json": json})


def find_picture(conn: Connection, agent_id: int) -> Picture | None:
    """The agent's picture."""
    columns = [avatar.c[name] for name in Picture._fields]
    row = conn.execute(select(*columns).where(avatar.c.agent_id == agent_id)).one_or_none()
    return Picture(*row) if row else None


def set_picture(conn: Connection, picture: Picture) -> None:
    """Give an agent this picture."""
    values = picture._asdict()
    _put(conn, avatar, {"agent_id": values.pop("agent_id")}, values)


def drop_picture(conn: Connection, agent_id: int) -> None:
    """Take an agent's picture away."""
    conn.execute(delete(avatar).where(avatar.c.agent_id == agent_id))


def _put(conn: Connection, table: Any, key: dict[str, Any], values: dict[str, Any]) -> None:
    dialect = sqlite if conn.dialect.name == "sqlite" else postgresql
    new = dialect.insert(table).values(key | values)
    conn.execute(new.on_conflict_do_update(index_elements=[*key], set_=values))
