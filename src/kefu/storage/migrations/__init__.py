"""Bringing a store's schema up to date, with Alembic, from code.

Rules: forwards only. Several processes may start at once: one migrates in one transaction, the
others wait for its lock and then find nothing left to do. A migration that was released is never
edited; the next one mends it.
Not here: the schema itself (``kefu.storage.schema``).
"""

from __future__ import annotations

from contextlib import suppress

from sqlalchemy import Connection

from kefu.storage.engine import (
    beside,
    check_store,
    explained,
    file_of,
    schema_revision,
    writer_engine,
)
from kefu.storage.private import keep_private, make_private
from kefu.storage.schema import REVISION

# PostgreSQL's lock for whoever migrates, one for each schema.
_ONE_AT_A_TIME = "SELECT pg_advisory_xact_lock(1801807477, hashtext(current_schema()))"
LOCK_WAIT_S = 30.0  # another process may be migrating a large store


def migrate(url: str) -> None:
    """Create the schema or bring it up to date; a store that is level is left alone.

    Raises StoreUnusable: the store cannot be opened or written, or a newer Kefu wrote it.
    """
    _keep_private(url)
    engine = writer_engine(url, lock_wait_s=LOCK_WAIT_S, create=True)
    try:
        with explained(url), engine.begin() as conn:
            take_turns(conn)
            if (schema_revision(conn) or "") < REVISION:
                upgrade(conn)
            check_store(conn)
    finally:
        engine.dispose()


def take_turns(conn: Connection) -> None:
    """Wait until nobody else migrates this store; SQLite's writers take turns anyway."""
    if conn.dialect.name == "postgresql":
        conn.exec_driver_sql(_ONE_AT_A_TIME)


def _keep_private(url: str) -> None:
    """A SQLite file, which is made if need be, and its logs are their owner's alone."""
    if file := file_of(url):
        with suppress(OSError):  # the database says it better
            make_private(file)
        keep_private(*beside(file))


def upgrade(conn: Connection, *, to: str = "head") -> None:
    """Run the missing migrations, up to one, inside the caller's transaction."""
    from alembic import command  # most starts find nothing to do, and are quicker without
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", "kefu.storage:migrations")
    config.attributes["connection"] = conn  # read by env.py
    command.upgrade(config, to)
