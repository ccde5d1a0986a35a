"""The keys that sites sign their visitors' identities with, and the browsers they vouched for.

Not here: checking a signature (``core.identity``), the contacts (``contacts``).
"""

from __future__ import annotations

from sqlalchemy import Connection, delete, insert, select, update

from kefu.core.identity import Key
from kefu.storage.schema import device, identity_key

IDENTIFIED = "user:"  # what a contact's identifier begins with that a site signed


def is_identified(identifier: str | None) -> bool:
    """Whether a site vouched for the contact with this identifier."""
    return identifier is not None and identifier.startswith(IDENTIFIED)


def list_keys(conn: Connection, inbox_id: int) -> list[tuple[Key, int]]:
    """An inbox's live keys and when they were made (Unix ms), the oldest first."""
    table = identity_key
    chosen = select(table.c.kid, table.c.secret, table.c.created_ms).order_by(table.c.id)
    rows = conn.execute(chosen.where(table.c.inbox_id == inbox_id))
    return [(Key(kid, secret), made_ms) for kid, secret, made_ms in rows]


def add_key(conn: Connection, inbox_id: int, key: Key, now_ms: int) -> None:
    """From now on the site may sign with ``key``."""
    row = {"inbox_id": inbox_id, "kid": key.id, "secret": key.secret, "created_ms": now_ms}
    conn.execute(insert(identity_key).values(row))


def drop_key(conn: Connection, inbox_id: int, kid: str) -> bool:
    """What was signed with this key proves nothing any more; whether there was one."""
    here = (identity_key.c.inbox_id == inbox_id, identity_key.c.kid == kid)
    return conn.execute(delete(identity_key).where(*here)).rowcount == 1


def set_vouched(conn: Connection, token_hash: str, contact_id: int) -> None:
    """The site said that this browser is the contact's."""
    conn.execute(
        update(device)
        .where(device.c.token_hash == token_hash)
        .values(contact_id=contact_id, verified=1)
    )
