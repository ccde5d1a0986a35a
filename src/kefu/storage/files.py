"""Rows of files: who uploaded what, where its bytes are, and what nobody wants any more.

Rules: a file belongs to a conversation from the moment it is sent there; one that was never sent,
or was let go of, is an orphan after a while. An inbox's logo is nobody's and sent nowhere.
Not here: the bytes (``files``), what clients are told of a file (``desk.load_files``).
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, NamedTuple

from sqlalchemy import Connection, delete, or_, select, update

from kefu.core.errors import NotFound
from kefu.storage.numbering import add_row
from kefu.storage.schema import avatar, file, store

LOGO = "logo"  # whose owner this is: an inbox's
OLD_LOGO = "old logo"


class StoredFile(NamedTuple):
    """What is needed to hand a file out."""

    name: str
    type: str
    size: int  # bytes
    storage_key: str
    preview_key: str | None
    preview_size: int | None
    owner: str
    conversation_id: int | None  # None: it was not sent yet


def add_file(conn: Connection, **values: Any) -> int:
    """Store a row; ``values`` are its columns. Returns the id."""
    return add_row(conn, file, values)


def get_file(conn: Connection, file_id: int) -> StoredFile:
    """Where a file is. Raises NotFound: also for one that was let go of."""
    columns = [file.c[name] for name in StoredFile._fields]
    here = (file.c.id == file_id, file.c.owner != "")
    row = conn.execute(select(*columns).where(*here)).one_or_none()
    if row is None:
        raise NotFound
    return StoredFile(*row)


def claim_files(
    conn: Connection, ids: Collection[int], *, owners: Collection[str], conversation_id: int
) -> None:
    """Files that one of ``owners`` uploaded are sent in a conversation now.

    Raises NotFound: one of them is not there, is somebody else's, or was sent elsewhere.
    """
    free = or_(file.c.conversation_id.is_(None), file.c.conversation_id == conversation_id)
    mine = update(file).where(file.c.id.in_(ids), file.c.owner.in_(owners), free)
    claimed = conn.scalars(mine.values(conversation_id=conversation_id).returning(file.c.id))
    if set(claimed) != set(ids):
        raise NotFound


def release_files(conn: Connection, ids: Collection[int]) -> None:
    """What was sent with these files is no more: they can be fetched no longer, and are swept."""
    chosen = file.c.id.in_(ids)
    conn.execute(update(file).where(chosen).values(conversation_id=None, owner="", created_ms=0))


def find_logo(conn: Connection, file_id: int, inbox_id: int | None = None) -> StoredFile | None:
    """A logo that an inbox has or had until lately. ``inbox_id``: that this one has."""
    columns = [file.c[name] for name in StoredFile._fields]
    here = [file.c.id == file_id, file.c.owner.in_((LOGO, OLD_LOGO))]
    if inbox_id is not None:
        here = [file.c.id == file_id, file.c.owner == LOGO, file.c.inbox_id == inbox_id]
    row = conn.execute(select(*columns).where(*here)).one_or_none()
    return StoredFile(*row) if row else None


def retire_logos(conn: Connection, inbox_id: int, but: int | None, now_ms: int) -> None:
    """The inbox has none of its logos any more ``but`` this one; they are orphans in a while."""
    gone = (file.c.inbox_id == inbox_id, file.c.owner == LOGO, file.c.id != (but or 0))
    conn.execute(update(file).where(*gone).values(owner=OLD_LOGO, created_ms=now_ms))


def list_orphans(conn: Connection, before_ms: int, limit: int) -> list[tuple[int, list[str]]]:
    """Ids and keys of up to ``limit`` files from before this time that belong nowhere."""
    unsent = (file.c.conversation_id.is_(None), file.c.owner != LOGO)
    orphaned = (*unsent, file.c.created_ms < before_ms)
    columns = (file.c.id, file.c.storage_key, file.c.preview_key)
    rows = conn.execute(select(*columns).where(*orphaned).order_by(file.c.id).limit(limit)).all()
    return [(id, [key for key in keys if key]) for id, *keys in rows]


def delete_orphans(conn: Connection, ids: Collection[int]) -> set[int]:
    """Forget these files, unless they were sent meanwhile; returns which are forgotten."""
    here = (file.c.id.in_(ids), file.c.conversation_id.is_(None))
    return set(conn.scalars(delete(file).where(*here).returning(file.c.id)))


def known_keys(conn: Connection, keys: Collection[str]) -> set[str]:
    """Those of ``keys`` under which a file, a preview or an agent's picture is kept by a row."""
    found = set(conn.scalars(select(file.c.storage_key).where(file.c.storage_key.in_(keys))))
    previews = select(file.c.preview_key).where(file.c.preview_key.in_(keys))
    pictures = select(avatar.c.storage_key).where(avatar.c.storage_key.in_(keys))
    return found | {key for chosen in (previews, pictures) for key in conn.scalars(chosen) if key}


def get_secret(conn: Connection) -> bytes:
    """What this store's links are signed with."""
    return bytes.fromhex(conn.execute(select(store.c.secret)).scalar_one())
