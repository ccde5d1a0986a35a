"""Connections to the store, set up so that a commit is durable and nobody waits for ever.

Rules: SQLite runs in WAL mode with ``synchronous=FULL`` and its transactions are begun here, by an
explicit BEGIN, never by the driver: a writer takes the lock when it begins (a deferred BEGIN that
turns into a write fails at once if another writer was faster), a reader never. Readers cannot
write and see one snapshot per transaction, on both databases. Whatever keeps a store from being
opened becomes one ``StoreUnusable`` with one line for the operator.
Not here: who uses the connections (``database``), the schema's changes (``migrations``).
"""

from __future__ import annotations

import re
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

from sqlalchemy import (
    URL,
    Connection,
    Engine,
    create_engine,
    event,
    inspect,
    make_url,
    text,
)
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError

from kefu.core.errors import Fault
from kefu.storage.schema import REVISION

VERSION_TABLE = "alembic_version"
KNOWN_REVISIONS = frozenset(f"{number:04}" for number in range(1, int(REVISION) + 1))
_REVISION = re.compile(r"\d{4}")
_FIRST_TABLES = ("contact", "conversation", "message", "participant")  # of the first schema

READ_WAIT_S = 3.0  # readers wait only for a migration or a recovery

_BUSY_S = 0.01  # between two tries for a lock

LOG_BYTES = 64 * 1024 * 1024  # SQLite's log is cut back to this when it is begun anew

_READER_PRAGMAS = ("foreign_keys=ON", "query_only=ON")
_WRITER_PRAGMAS = (
    "journal_mode=WAL",
    "synchronous=FULL",
    "foreign_keys=ON",
    "wal_autocheckpoint=4000",  # pages, 16 MiB: busy pages are copied back once, not each time
    f"journal_size_limit={LOG_BYTES}",
)

# A server that has gone silent is noticed, not waited for. What the URL says goes first.
_POSTGRESQL_BOUNDS: dict[str, str | int] = {
    "application_name": "kefu",
    "connect_timeout": 3,  # s
    "keepalives_idle": 10,  # s
    "keepalives_interval": 3,  # s
    "keepalives_count": 3,
    "tcp_user_timeout": 10_000,  # ms
}

# What people wrote is nothing for logs and tracebacks.
_EVERY_ENGINE: dict[str, Any] = {"hide_parameters": True, "max_overflow": 0}


class StoreUnusable(Fault):
    """The store cannot be opened as it is."""


def writer_engine(
    url: str, *, lock_wait_s: float, statement_s: float | None = None, create: bool = False
) -> Engine:
    """Return an engine whose transactions write.

    ``lock_wait_s`` bounds the wait for another writer's lock, ``statement_s`` the time that
    PostgreSQL gives one statement, also when nobody waits for it any more (None: no bound).
    ``create`` makes a SQLite file that is not there yet; without it, a missing file is an error.
    Opens no connection.
    Raises StoreUnusable: the URL is not one of a store.
    """
    parsed = _parse(url)
    if parsed.get_backend_name() == "sqlite":
        return _sqlite_engine(parsed, lock_wait_s, "rwc" if create else "rw")
    settings = {
        "lock_timeout": f"{lock_wait_s}s",
        # A server that has gone without a word must not keep its locks for hours.
        "tcp_keepalives_idle": "10",  # s
        "tcp_keepalives_interval": "3",  # s
        "tcp_keepalives_count": "3",
        # A prepared plan may be made while a table is empty; it must not scan it ever after.
        "enable_seqscan": "off",
        **_bounded(statement_s),
    }
    return _postgresql_engine(parsed, settings, pool_size=1)


def reader_engine(url: str, *, connections: int = 1, statement_s: float | None = None) -> Engine:
    """Return an engine whose transactions only read, each from one snapshot.

    ``statement_s``: as ``writer_engine`` has it.
    """
    parsed = _parse(url)
    if parsed.get_backend_name() == "sqlite":
        return _sqlite_engine(parsed, READ_WAIT_S, "ro", connections)
    settings = {"lock_timeout": f"{READ_WAIT_S}s", **_bounded(statement_s)}
    engine = _postgresql_engine(parsed, settings, pool_size=connections)
    return engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)


@contextmanager
def open_for_reading(url: str) -> Iterator[Connection]:
    """Open the store for one reader beside a running server; changes nothing, migrates nothing.

    Raises StoreUnusable: there is no store, or it is not of this version.
    """
    engine = reader_engine(url)
    try:
        check_there(url)
        with explained(url), engine.connect() as conn:
            check_store(conn)
            yield conn
    finally:
        engine.dispose()


def check_there(url: str) -> None:
    """Raise StoreUnusable if the store is a file that nobody has made yet."""
    parsed = _parse(url)
    if parsed.get_backend_name() == "sqlite" and not Path(parsed.database or "").exists():
        raise empty_store(_called(parsed))


def is_empty(url: str) -> bool:
    """Whether nobody has made the store yet. Raises StoreUnusable."""
    file = file_of(url)
    if file is not None and not file.exists():
        return True
    engine = reader_engine(url)
    try:
        with explained(url), engine.connect() as conn:
            return schema_revision(conn) is None
    finally:
        engine.dispose()


def check_store(conn: Connection) -> None:
    """Raise StoreUnusable unless the store can hold any text, in this code's schema."""
    store = _called(conn.engine.url)
    if conn.dialect.name == "postgresql":
        encoding = conn.scalar(text("SHOW server_encoding"))
        if encoding != "UTF8":
            raise StoreUnusable(
                "{store} is encoded in {encoding}, not in UTF8", store=store, encoding=encoding
            )
    found = schema_revision(conn)
    if found is None:
        raise empty_store(store)
    check_not_newer(store, found)
    if found < REVISION:
        raise StoreUnusable(
            "{store} was written by an older Kefu (schema {found}, this one needs {known}); "
            "start the server once to bring it up to date",
            store=store,
            found=found,
            known=REVISION,
        )


def check_not_newer(store: str, revision: str) -> None:
    """Raise StoreUnusable: a newer Kefu wrote what has this revision of the schema."""
    if revision > REVISION:
        raise StoreUnusable(
            "{store} was written by a newer Kefu (schema {found}, this one knows {known}); "
            "install that version",
            store=store,
            found=revision,
            known=REVISION,
        )


def schema_revision(conn: Connection) -> str | None:
    """Return the store's schema revision, None if it has no Kefu schema.

    Raises StoreUnusable: it has that of another program, which keeps its revision by the same name.
    """
    tables = inspect(conn)
    if not tables.has_table(VERSION_TABLE):
        return None
    found = str(conn.scalar(text("SELECT version_num FROM alembic_version")))
    if not (_REVISION.fullmatch(found) and all(map(tables.has_table, _FIRST_TABLES))):
        raise foreign_table(_called(conn.engine.url), VERSION_TABLE)
    return found


@contextmanager
def explained(url: str) -> Iterator[None]:
    """Turn the database's own errors into StoreUnusable, one line, without a password."""
    try:
        yield
    except DBAPIError as error:
        raise StoreUnusable(
            "cannot use {store}: {reason}", store=store_name(url), reason=reason(error)
        ) from error


def reason(error: DBAPIError) -> str:
    """The first line of what the database said: later ones may quote people's text."""
    return next(iter(str(error.orig).strip().splitlines()), type(error.orig).__name__)


def foreign_table(store: str, table: str) -> StoreUnusable:
    """A table has the name of one of Kefu's."""
    return StoreUnusable(
        "{store} has a table {table} of another program; give Kefu a database or schema of its own",
        store=store,
        table=table,
    )


def empty_store(store: str) -> StoreUnusable:
    """There is a place for a store, and nothing in it."""
    return StoreUnusable(
        "{store} holds no Kefu data yet; start the server once, or make it by "
        "kefu agent add or kefu inbox add",
        store=store,
    )


def store_name(url: str) -> str:
    """What the operator calls the store at ``url``. Raises StoreUnusable."""
    return _called(_parse(url))


def file_of(url: str) -> Path | None:
    """The SQLite file that ``url`` means, by its real path; None: it means no file.

    Raises StoreUnusable.
    """
    parsed = _parse(url)
    if parsed.get_backend_name() != "sqlite":
        return None
    return Path(parsed.database or "").absolute().resolve()


def beside(file: Path) -> list[Path]:
    """What SQLite may keep beside its file: two logs and an index of one."""
    return [file.with_name(file.name + end) for end in ("-wal", "-shm", "-journal")]


def log_of(engine: Engine) -> Path | None:
    """SQLite's log, beside the file by the name that it is opened by; None: another database."""
    if engine.dialect.name != "sqlite":
        return None
    file = Path(engine.url.database or "").absolute().resolve()
    return file.with_name(f"{file.name}-wal")


def _parse(url: str) -> URL:
    """``url`` as SQLAlchemy has it. Raises StoreUnusable: it is not one of a store."""
    try:
        parsed = make_url(url)
        backend = parsed.get_backend_name()
    except (ArgumentError, NoSuchModuleError) as error:
        raise StoreUnusable(
            "the database URL is not of the form sqlite:///FILE or postgresql+psycopg://HOST/NAME"
        ) from error
    if backend == "sqlite" and parsed.database in (None, "", ":memory:"):
        raise StoreUnusable("the database URL names no file; a store in memory keeps nothing")
    if backend == "postgresql":
        return parsed.set(drivername="postgresql+psycopg")
    if backend != "sqlite":
        raise StoreUnusable("{backend} is not supported: use SQLite or PostgreSQL", backend=backend)
    return parsed


def _called(url: URL) -> str:
    """What the operator calls this store: its file, or the server's address and database."""
    if url.get_backend_name() == "sqlite":
        return str(url.database)
    return f"PostgreSQL at {url.host or 'the local socket'}, database {url.database}"


def _sqlite_engine(url: URL, lock_wait_s: float, mode: str, pool_size: int = 1) -> Engine:
    address = f"file:{quote(str(Path(url.database or '').absolute()))}?mode={mode}"

    def connect() -> sqlite3.Connection:
        # The pool gives a connection to one thread at a time, not always to the same.
        opened = sqlite3.connect(
            address, uri=True, timeout=lock_wait_s, isolation_level=None, check_same_thread=False
        )
        try:
            for pragma in _READER_PRAGMAS if mode == "ro" else _WRITER_PRAGMAS:
                _set_pragma(opened, pragma, lock_wait_s)
        except sqlite3.Error:
            opened.close()
            raise
        return opened

    engine = create_engine(url, creator=connect, pool_size=pool_size, **_EVERY_ENGINE)
    begin = "BEGIN" if mode == "ro" else "BEGIN IMMEDIATE"
    event.listen(engine, "begin", lambda conn: conn.exec_driver_sql(begin))
    return engine


def _set_pragma(opened: sqlite3.Connection, pragma: str, lock_wait_s: float) -> None:
    """Set ``pragma``; SQLite does not wait by itself for the lock that turning WAL on takes."""
    until_s = time.monotonic() + lock_wait_s
    while True:
        try:
            opened.execute(f"PRAGMA {pragma}")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() > until_s:
                raise
            time.sleep(_BUSY_S)
        else:
            return


def _bounded(statement_s: float | None) -> dict[str, str]:
    return {} if statement_s is None else {"statement_timeout": f"{round(statement_s * 1000)}ms"}


def _postgresql_engine(url: URL, settings: dict[str, str], **pool: Any) -> Engine:
    """Return an engine for connections with ``settings``, PostgreSQL's own parameters."""
    bounds = {name: value for name, value in _POSTGRESQL_BOUNDS.items() if name not in url.query}
    engine = create_engine(url, connect_args=bounds, **pool, **_EVERY_ENGINE)

    @event.listens_for(engine, "connect")
    def set_up(opened: Any, _record: object) -> None:
        try:
            for name, value in settings.items():
                opened.execute("SELECT set_config(%s, %s, false)", (name, value))
            opened.execute(  # may be stricter, as the operator likes, but never off
                "SELECT set_config('synchronous_commit', 'on', false)"
                " WHERE current_setting('synchronous_commit') = 'off'"
            )
            opened.commit()
        except BaseException:  # the pool does not close what it could not set up
            opened.close()
            raise

    return engine
