"""What proves who somebody is: sessions, API tokens, links, devices; and what was revoked.

Rules: tokens come and are kept as their hash. Whatever looks a proof up says nothing of one that
does not hold (any more).
Not here: passwords (``agents``, ``actions.credentials``), who may do what (``core.permissions``).
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import ColumnElement, Connection, delete, func, insert, select, update

from kefu.core.actors import Agent, AgentRole, Scope, Visitor
from kefu.storage.identity import is_identified
from kefu.storage.schema import (
    agent,
    api_token,
    contact,
    device,
    inbox,
    inbox_agent,
    login_attempt,
    one_time_link,
    revocation,
    session,
)

USED_MS = 3_600_000  # how exactly it is kept when a proof was used
_NEWEST = "kefu.revocation"  # in Connection.info: the newest number, as far as this one knows

_scopes = msgspec.json.Decoder(frozenset[Scope]).decode


class Proved(NamedTuple):
    """Whom a token stands for, when it was last used and when it ends (Unix ms); None: never."""

    agent: Agent
    used_ms: int | None
    until_ms: int | None


class Device(NamedTuple):
    """A visitor's browser that has written or was identified.

    ``holds``: its inbox is in use, and if a site vouched for the contact it did so here too.
    """

    visitor: Visitor
    widget_key: str | None
    holds: bool
    blocked: bool
    seen_ms: int | None


class Link(NamedTuple):
    """A link that can still be used. ``agent_id``: None for the set-up."""

    id: int
    purpose: str
    agent_id: int | None


def find_session(
    conn: Connection, token_hash: str, *, now_ms: int, used_after_ms: int
) -> Proved | None:
    """The agent of a session that holds now and was used after ``used_after_ms``."""
    holds = (session.c.expires_ms > now_ms, session.c.seen_ms > used_after_ms)
    row = conn.execute(
        select(session.c.id.label("session_id"), session.c.seen_ms, session.c.expires_ms, *_ACTOR)
        .join(agent, agent.c.id == session.c.agent_id)
        .where(session.c.token_hash == token_hash, agent.c.active == 1, *holds)
    ).one_or_none()
    if row is None:
        return None
    return Proved(_actor(conn, row, session_id=row.session_id), row.seen_ms, row.expires_ms)


def find_token(conn: Connection, token_hash: str, *, now_ms: int) -> Proved | None:
    """The agent of an API token that holds now."""
    ends = api_token.c.expires_ms
    row = conn.execute(
        select(api_token.c.id.label("token_id"), api_token.c.scopes, api_token.c.used_ms)
        .add_columns(ends, *_ACTOR)
        .join(agent, agent.c.id == api_token.c.agent_id)
        .where(api_token.c.token_hash == token_hash, agent.c.active == 1)
        .where(ends.is_(None) | (ends > now_ms))
    ).one_or_none()
    if row is None:
        return None
    actor = _actor(conn, row, token_id=row.token_id, scopes=_scopes(row.scopes))
    return Proved(actor, row.used_ms, row.expires_ms)


def find_device(conn: Connection, token_hash: str) -> Device | None:
    """A registered device."""
    row = conn.execute(
        select(device, contact.c.name, contact.c.identifier, contact.c.blocked_ms)
        .add_columns(contact.c.seen_ms, inbox.c.widget_key, inbox.c.active)
        .join(contact, contact.c.id == device.c.contact_id)
        .join(inbox, inbox.c.id == device.c.inbox_id)
        .where(device.c.token_hash == token_hash)
    ).one_or_none()
    if row is None:
        return None
    verified = bool(row.verified)
    holds = bool(row.active) and (verified or not is_identified(row.identifier))
    visitor = Visitor(row.contact_id, row.inbox_id, row.name, verified, token_hash)
    return Device(visitor, row.widget_key, holds, row.blocked_ms is not None, row.seen_ms)


def find_link(conn: Connection, token_hash: str, now_ms: int) -> Link | None:
    """A link that was not used and holds now."""
    row = conn.execute(
        select(one_time_link.c.id, one_time_link.c.purpose, one_time_link.c.agent_id).where(
            one_time_link.c.token_hash == token_hash, one_time_link.c.expires_ms > now_ms
        )
    ).one_or_none()
    return Link(*row) if row else None


def add_session(conn: Connection, agent_id: int, token_hash: str, **values: Any) -> int:
    """Sign an agent in; ``values``: the row's times, address and user agent. Returns the id."""
    row = {"agent_id": agent_id, "token_hash": token_hash} | values
    return int(conn.execute(insert(session).values(row).returning(session.c.id)).scalar_one())


def list_sessions(conn: Connection, agent_id: int, now_ms: int) -> Sequence[Any]:
    """An agent's sessions, the one used last first."""
    mine = (session.c.agent_id == agent_id, session.c.expires_ms > now_ms)
    return conn.execute(
        select(session).where(*mine).order_by(session.c.seen_ms.desc(), session.c.id.desc())
    ).all()


def end_sessions(conn: Connection, *where: ColumnElement[bool]) -> list[int]:
    """End the sessions of which all of ``where`` is true; returns their ids."""
    return list(conn.scalars(delete(session).where(*where).returning(session.c.id)))


def list_tokens(conn: Connection, agent_id: int) -> Sequence[Any]:
    """An agent's API tokens, the oldest first."""
    mine = select(api_token).where(api_token.c.agent_id == agent_id)
    return conn.execute(mine.order_by(api_token.c.id)).all()


def scopes_of(row: Any) -> frozenset[Scope]:
    """What an API token of ``list_tokens`` may be used for."""
    return _scopes(row.scopes)


def add_token(conn: Connection, token_hash: str, scopes: Collection[Scope], **values: Any) -> int:
    """Keep an API token; ``values``: the other columns. Returns the id."""
    row = {"token_hash": token_hash, "scopes": msgspec.json.encode(sorted(scopes)).decode()}
    adding = insert(api_token).values(row | values).returning(api_token.c.id)
    return int(conn.execute(adding).scalar_one())


def get_token_owner(conn: Connection, token_id: int) -> int | None:
    """The agent whose API token this is; None: there is none."""
    owner: int | None = conn.scalar(select(api_token.c.agent_id).where(api_token.c.id == token_id))
    return owner


def drop_token(conn: Connection, token_id: int) -> None:
    """Forget an API token."""
    conn.execute(delete(api_token).where(api_token.c.id == token_id))


def list_resting(conn: Connection, before_ms: int) -> list[int]:
    """The ids of the sessions that were used last at or before a time."""
    return list(conn.scalars(select(session.c.id).where(session.c.seen_ms <= before_ms)))


def set_sessions_used(conn: Connection, ids: Sequence[int], now_ms: int) -> None:
    """Note that these sessions are in use."""
    if ids:
        conn.execute(update(session).where(session.c.id.in_(ids)).values(seen_ms=now_ms))


def set_link(conn: Connection, agent_id: int | None, **values: Any) -> None:
    """Make a link, instead of those that this agent has; None: the one for the set-up.

    ``values``: the other columns.
    """
    drop_links(conn, agent_id)
    conn.execute(insert(one_time_link).values(agent_id=agent_id, **values))


def drop_links(conn: Connection, agent_id: int | None) -> None:
    """An agent's links, None: those for the set-up, lead nowhere any more."""
    whose = one_time_link.c.agent_id
    here = whose.is_(None) if agent_id is None else whose == agent_id
    conn.execute(delete(one_time_link).where(here))


def drop_expired_links(conn: Connection, now_ms: int) -> None:
    """Forget links that do not hold any more."""
    conn.execute(delete(one_time_link).where(one_time_link.c.expires_ms <= now_ms))


def list_attempts(conn: Connection, key: str, after_ms: int, limit: int) -> list[int]:
    """When passwords were tried under ``key`` since, the last first, at most ``limit``."""
    table = login_attempt
    mine = (table.c.key == key, table.c.at_ms > after_ms)
    chosen = select(table.c.at_ms).where(*mine).order_by(table.c.at_ms.desc(), table.c.id.desc())
    return list(conn.scalars(chosen.limit(limit)))


def add_attempts(conn: Connection, keys: Sequence[str], now_ms: int) -> list[int]:
    """Note that a password is tried; returns the rows' ids."""
    adding = insert(login_attempt).returning(login_attempt.c.id)
    return [conn.execute(adding, {"key": key, "at_ms": now_ms}).scalar_one() for key in keys]


def drop_attempts(conn: Connection, *where: ColumnElement[bool]) -> None:
    """Forget tries of which all of ``where`` is true."""
    conn.execute(delete(login_attempt).where(*where))


def add_revocation(conn: Connection, channel: str, reason: str, now_ms: int) -> int:
    """Tell every server to close what it has open on ``channel``; returns the number."""
    row = {"channel": channel, "reason": reason, "at_ms": now_ms}
    added = conn.execute(insert(revocation).values(row).returning(revocation.c.id))
    conn.info[_NEWEST] = id = int(added.scalar_one())
    return id


def newest_revocation(conn: Connection) -> int:
    """The number of what was revoked last; 0: nothing was yet."""
    newest = conn.exec_driver_sql("SELECT max(id) FROM revocation").scalar_one()
    return int(newest or 0)


def newest_revoked_here(conn: Connection) -> int:
    """As ``newest_revocation``, without a look unless this connection is new.

    What another process revoked since may be missing.
    """
    known = conn.info.get(_NEWEST)
    if known is None:
        known = conn.info[_NEWEST] = newest_revocation(conn)
    return int(known)


def forget_revoked_here(conn: Connection) -> None:
    """What was revoked last through this connection was undone."""
    conn.info.pop(_NEWEST, None)


def list_revocations(conn: Connection, after_id: int) -> Sequence[Any]:
    """What was revoked after a number: (id, channel, reason), in order."""
    columns = (revocation.c.id, revocation.c.channel, revocation.c.reason)
    chosen = select(*columns).where(revocation.c.id > after_id).order_by(revocation.c.id)
    return conn.execute(chosen).all()


def drop_revocations(conn: Connection, before_ms: int) -> None:
    """Forget old ones; never the newest, so that no number comes twice."""
    newest = select(func.max(revocation.c.id)).scalar_subquery()
    conn.execute(delete(revocation).where(revocation.c.at_ms < before_ms, revocation.c.id < newest))


def set_used(conn: Connection, actor: Agent | Visitor, now_ms: int) -> None:
    """Note that a proof was used."""
    match actor:
        case Agent(session_id=int(id)):
            conn.execute(update(session).where(session.c.id == id).values(seen_ms=now_ms))
        case Agent(token_id=int(id)):
            conn.execute(update(api_token).where(api_token.c.id == id).values(used_ms=now_ms))
        case Visitor(contact_id=id):
            conn.execute(update(contact).where(contact.c.id == id).values(seen_ms=now_ms))


_ACTOR = (agent.c.id, agent.c.name, agent.c.role)


def _actor(
    conn: Connection,
    row: Any,
    *,
    session_id: int | None = None,
    token_id: int | None = None,
    scopes: frozenset[Scope] | None = None,
) -> Agent:
    chosen = select(inbox_agent.c.inbox_id).where(inbox_agent.c.agent_id == row.id)
    inboxes = frozenset(conn.scalars(chosen))
    return Agent(row.id, row.name, AgentRole(row.role), inboxes, scopes, session_id, token_id)
