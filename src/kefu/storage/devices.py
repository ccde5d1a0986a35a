"""Rows of visitors' browsers, as a contact's own.

Not here: whom a browser's token stands for (``access``).
"""

from __future__ import annotations

from typing import NamedTuple

from sqlalchemy import Connection, delete, exists, select

from kefu.storage.schema import chat_link, device


class Browser(NamedTuple):
    """A browser; ``linked``: a letter's link made it the contact's, and still stands."""

    id: int
    contact_id: int
    token_hash: str
    created_ms: int
    verified: int
    linked: bool


_LINKED = exists().where(chat_link.c.device_hash == device.c.token_hash).label("linked")
_COLUMNS = (
    *(device.c.id, device.c.contact_id, device.c.token_hash, device.c.created_ms),
    *(device.c.verified, _LINKED),
)


def list_devices(conn: Connection, contact_id: int) -> list[Browser]:
    """A contact's browsers, the oldest first."""
    chosen = select(*_COLUMNS).where(device.c.contact_id == contact_id).order_by(device.c.id)
    return [Browser(*row) for row in conn.execute(chosen)]


def find_device(conn: Connection, device_id: int) -> Browser | None:
    """The browser with this id."""
    row = conn.execute(select(*_COLUMNS).where(device.c.id == device_id)).one_or_none()
    return Browser(*row) if row else None


def drop_device(conn: Connection, device_id: int) -> None:
    """A browser is nobody's any more."""
    conn.execute(delete(device).where(device.c.id == device_id))
