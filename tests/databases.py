"""Fresh stores for tests: a SQLite file, and a schema of its own in a real PostgreSQL.

``fresh_url`` gives an empty one, ``ready_url`` one that is up to date and has nothing in it: since
migrating takes most of a short test, it is done once; then a file is copied (``put_store``), a
schema emptied.

PostgreSQL is the one on 127.0.0.1:5432, database ``test``, user $PGUSER or else the one who runs
the tests. Without it those tests are skipped with the reason; in CI they fail.
"""

from __future__ import annotations

import atexit
import getpass
import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from functools import cache
from pathlib import Path
from tempfile import mkdtemp
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from psycopg.rows import dict_row
from psycopg.sql import SQL, Composable, Identifier, Literal, Placeholder

from kefu.storage.migrations import migrate
from kefu.storage.schema import metadata

BACKENDS = [
    pytest.param("sqlite"),
    pytest.param("postgresql", marks=pytest.mark.postgres),
]
POSTGRESQL = f"{os.environ.get('PGUSER') or getpass.getuser()}@127.0.0.1:5432/test"


@contextmanager
def fresh_url(backend: str, folder: Path) -> Iterator[str]:
    """Yield the URL of an empty store of ``backend``; a SQLite file lies in ``folder``."""
    if backend == "sqlite":
        yield f"sqlite:///{folder / 'kefu.db'}"
        return
    schema = f"kefu_{uuid4().hex}"
    with postgresql() as conn:
        conn.execute(f"CREATE SCHEMA {schema}")
    yield _url_of(schema)
    with postgresql() as conn:
        conn.execute(f"DROP SCHEMA {schema} CASCADE")


@contextmanager
def ready_url(backend: str, folder: Path) -> Iterator[str]:
    """Yield the URL of a store that is up to date and has nothing in it yet."""
    if backend == "sqlite":
        yield f"sqlite:///{put_store(folder)}"
        return
    schema = _idle.pop() if _idle else _Schema()
    _schemas[_url_of(schema.name)] = schema
    yield _url_of(schema.name)
    schema.empty()
    _idle.append(schema)


def put_store(folder: Path) -> Path:
    """Put a SQLite file that is up to date and has nothing in it into ``folder``."""
    return Path(shutil.copy(_migrated_file(), folder / "kefu.db"))


def back_up(url: str, folder: Path) -> Callable[[], None]:
    """Keep what the store at ``url``, of ``ready_url``, has now; return what puts it back.

    A file lies in ``folder`` meanwhile. It is put back when nobody has the store open.
    """
    if url in _schemas:
        rows = _schemas[url].read()
        return lambda: _schemas[url].put(rows)
    return back_up_file(Path(url.removeprefix("sqlite:///")), folder / "backup.db")


def back_up_file(file: Path, kept: Path) -> Callable[[], None]:
    """As docs/storage.md says how it is done, while a server has it open."""
    with closing(sqlite3.connect(file)) as conn:
        conn.execute("VACUUM INTO ?", (str(kept),))

    def put_back() -> None:
        shutil.copy(kept, file)
        for name in ("-wal", "-shm"):
            file.with_name(file.name + name).unlink(missing_ok=True)

    return put_back


_Rows = dict[str, list[dict[str, Any]]]


class _Schema:
    """A migrated schema of PostgreSQL that can be used again; it goes with the process."""

    def __init__(self) -> None:
        self.name = f"kefu_{uuid4().hex}"
        with postgresql() as conn:
            conn.execute(SQL("CREATE SCHEMA {}").format(Identifier(self.name)))
        atexit.register(self._drop)
        migrate(_url_of(self.name))
        with self._connection() as conn:
            found = conn.execute(
                "SELECT table_name FROM information_schema.tables WHERE table_schema = %s",
                (self.name,),
            )
            children_first = [table.name for table in reversed(metadata.sorted_tables)]
            others = {name for (name,) in found} - {*children_first, "alembic_version"}
            self._tables = [*others, *children_first]
            numbered = conn.execute(
                "SELECT table_name FROM information_schema.columns"
                " WHERE table_schema = %s AND is_identity = 'YES'",
                (self.name,),
            )
            self._numbered = [name for (name,) in numbered]
        self._rows = self.read()

    def empty(self) -> None:
        """Make it as new."""
        self.put(self._rows)

    def read(self) -> _Rows:
        """All that is in it."""
        with self._connection() as conn:
            return {name: self._read(conn, name) for name in reversed(self._tables)}

    def put(self, kept: _Rows) -> None:
        """Make it as it was when ``kept`` was read."""
        # At once: each would be a journey of its own, and this is done after every test.
        acts: list[Composable] = [SQL("SET LOCAL synchronous_commit TO off")]
        acts += [SQL("DELETE FROM {}").format(Identifier(name)) for name in self._tables]
        for name in self._numbered:
            most = max((row["id"] for row in kept[name]), default=0)
            restart = SQL("SELECT setval(pg_get_serial_sequence({}, 'id'), {}, false)")
            acts.append(restart.format(Literal(name), Literal(most + 1)))
        with self._connection() as conn, conn.transaction():
            conn.execute(SQL("; ").join(acts))
            for name, rows in kept.items():
                for row in rows:
                    columns = SQL(", ").join(map(Identifier, row))
                    values = SQL(", ").join(Placeholder() * len(row))
                    added = SQL("INSERT INTO {} ({}) VALUES ({})")
                    made = added.format(Identifier(name), columns, values)
                    conn.execute(made, list(row.values()))

    def _drop(self) -> None:
        with postgresql() as conn:
            conn.execute(SQL("DROP SCHEMA {} CASCADE").format(Identifier(self.name)))

    @contextmanager
    def _connection(self) -> Iterator[psycopg.Connection]:
        with postgresql() as conn:
            conn.execute(SQL("SET search_path TO {}").format(Identifier(self.name)))
            yield conn

    def _read(self, conn: psycopg.Connection, name: str) -> list[dict[str, Any]]:
        with conn.cursor(row_factory=dict_row) as cursor:
            return cursor.execute(SQL("SELECT * FROM {}").format(Identifier(name))).fetchall()


_idle: list[_Schema] = []
_schemas: dict[str, _Schema] = {}  # that were given out, by their URLs


@cache
def _migrated_file() -> Path:
    folder = Path(mkdtemp(prefix="kefu-tests-"))
    atexit.register(shutil.rmtree, folder)
    migrate(f"sqlite:///{folder / 'kefu.db'}")
    return folder / "kefu.db"


def _url_of(schema: str) -> str:
    return f"postgresql+psycopg://{POSTGRESQL}?options=-csearch_path%3D{schema}"


@contextmanager
def postgresql() -> Iterator[psycopg.Connection]:
    """Yield an autocommit connection to the test server."""
    try:
        conn = psycopg.connect(f"postgresql://{POSTGRESQL}", autocommit=True, connect_timeout=3)
    except psycopg.OperationalError as error:
        if os.environ.get("CI"):
            raise
        pytest.skip(f"no PostgreSQL: {str(error).splitlines()[0]}")
    with conn:
        yield conn
