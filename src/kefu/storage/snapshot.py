"""A whole store as one file, and back: what backups are made of.

Rules: a snapshot is one moment of the store, taken while a server writes to it; SQLite copies its
pages under one reading transaction, PostgreSQL is read by its own ``pg_dump`` from an exported
snapshot. Loading needs a store that nobody uses. Nothing here decides whether it may be replaced.
Not here: files of conversations, archives, what the operator is told (``cli.backup``).
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote

from sqlalchemy import URL, Connection, MetaData, func, inspect, make_url, select, text

from kefu.storage.engine import (
    StoreUnusable,
    check_not_newer,
    check_there,
    empty_store,
    explained,
    file_of,
    is_empty,
    reader_engine,
    schema_revision,
    writer_engine,
)
from kefu.storage.schema import file, message

Progress = Callable[[int, int], None]  # of how much is done, of how much; any unit

_STEP_PAGES = 2_000  # copied between two words on progress: 8 MB
_LOCK_WAIT_S = 3.0


class Contents(NamedTuple):
    """What is in a snapshot."""

    revision: str  # of the schema
    entries: int  # messages, notes and activities
    keys: frozenset[str]  # under which its files are kept


def holds_data(url: str) -> bool:
    """Whether there is a store at ``url``. Raises StoreUnusable: it cannot be asked."""
    path = file_of(url)
    if path is not None:
        return path.exists() and path.stat().st_size > 0  # also one that is damaged
    return not is_empty(url)


def list_keys(url: str) -> frozenset[str]:
    """The keys of all files that the store knows now. Raises StoreUnusable."""
    with _reading(url) as conn:
        return contents_of(conn).keys


def take_snapshot(url: str, target: Path, progress: Progress) -> Contents:
    """Write one moment of the store to the file ``target``, which is empty or not there.

    Raises StoreUnusable, OSError.
    """
    source = file_of(url)
    if source is None:
        return _dump(url, target)
    with _reading(url):  # says in words what is wrong with it
        pass
    try:
        _copy_pages(source, target, progress)
        return check_snapshot(target)
    except sqlite3.Error as error:
        raise StoreUnusable("cannot use {store}: {reason}", store=source, reason=error) from None


def check_snapshot(path: Path) -> Contents:
    """What is in a snapshot of SQLite. Raises StoreUnusable: it is damaged, or too new."""
    try:
        with closing(sqlite3.connect(_address(path, "ro"), uri=True)) as opened:
            ((found,),) = opened.execute("PRAGMA quick_check(1)").fetchall()
    except sqlite3.Error as error:
        found = str(error)
    if found != "ok":
        raise StoreUnusable("cannot use {store}: {reason}", store=path, reason=found)
    with _reading(_url_of(path)) as conn:
        return contents_of(conn)


def contents_of(conn: Connection) -> Contents:
    """What is in a store. Raises StoreUnusable: nothing, or what only a newer Kefu knows."""
    revision = schema_revision(conn)
    store = str(conn.engine.url.database)
    if revision is None:
        raise empty_store(store)
    check_not_newer(store, revision)
    entries = conn.scalar(select(func.count()).select_from(message)) or 0
    keys: set[str] = set()
    if inspect(conn).has_table(file.name):  # the first schema had no files
        rows = conn.execute(select(file.c.storage_key, file.c.preview_key))
        keys = {key for row in rows for key in row if key}
    return Contents(revision, entries, frozenset(keys))


def load_dump(url: str, source: Path) -> None:
    """Put what ``pg_dump`` wrote into the database, whose tables are dropped first.

    Raises StoreUnusable: PostgreSQL does not take it.
    """
    engine = writer_engine(url, lock_wait_s=_LOCK_WAIT_S)
    try:
        with explained(url), engine.begin() as conn:
            schema = conn.scalar(text("SELECT current_schema()"))
            tables = MetaData()
            tables.reflect(conn)
            tables.drop_all(conn)
    finally:
        engine.dispose()
    words = ["--no-owner", "--no-privileges", "--single-transaction", "--exit-on-error"]
    # Without the schema itself, which is there and may hold what is not ours.
    _run_tool("pg_restore", url, [*words, f"--schema={schema}", str(source)])
    with _reading(url) as conn:
        contents_of(conn)  # raises if the dump was of a schema of another name


def _dump(url: str, target: Path) -> Contents:
    with _reading(url) as conn:
        contents = contents_of(conn)
        moment = conn.scalar(text("SELECT pg_export_snapshot()"))
        schema = conn.scalar(text("SELECT current_schema()"))
        words = ["--format=custom", "--no-owner", "--no-privileges"]
        chosen = [f"--snapshot={moment}", f'--schema="{schema}"', f"--file={target}"]
        _run_tool("pg_dump", url, [*words, *chosen])
    return contents


def _run_tool(tool: str, url: str, words: list[str]) -> None:
    """Run one of PostgreSQL's programs on the database. Raises StoreUnusable."""
    program = shutil.which(tool)
    if program is None:
        raise StoreUnusable(
            "{tool} is not there; install PostgreSQL's client programs, of the server's version "
            "or newer",
            tool=tool,
        )
    parsed = make_url(url).set(drivername="postgresql")
    # The password goes by the environment: a program's words can be seen by every user.
    env = {**os.environ, "PGCONNECT_TIMEOUT": "10"}
    if parsed.password:
        env["PGPASSWORD"] = str(parsed.password)
    address = _without_password(parsed).render_as_string(hide_password=False)
    done = subprocess.run(  # noqa: S603 - the words are ours, the address is the operator's
        [program, f"--dbname={address}", *words], env=env, capture_output=True, text=True
    )
    if done.returncode:
        said = (done.stderr.strip().splitlines() or [f"exit {done.returncode}"])[0]
        raise StoreUnusable("cannot use {store}: {reason}", store=tool, reason=said)


def _without_password(url: URL) -> URL:
    return URL.create(
        url.drivername, url.username, None, url.host, url.port, url.database, url.query
    )


def _copy_pages(source: Path, target: Path, progress: Progress) -> None:
    """Copy as SQLite's backup does. A transaction that is held keeps a writer from starting it
    anew."""
    reader = sqlite3.connect(_address(source, "ro"), uri=True, isolation_level=None)
    with closing(reader), closing(sqlite3.connect(target)) as writer:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM sqlite_schema").fetchone()

        def told(_status: int, remaining: int, total: int) -> None:
            progress(total - remaining, total)

        reader.backup(writer, pages=_STEP_PAGES, progress=told)
        writer.execute("PRAGMA journal_mode=DELETE")  # one file, whoever opens it
        reader.execute("ROLLBACK")


def _address(path: Path, mode: str) -> str:
    return f"file:{quote(str(path.absolute()))}?mode={mode}"


def _url_of(path: Path) -> str:
    return f"sqlite:///{quote(str(path.absolute()))}"


@contextmanager
def _reading(url: str) -> Iterator[Connection]:
    """A reading transaction on a store of any schema. Raises StoreUnusable."""
    check_there(url)
    engine = reader_engine(url)
    try:
        with explained(url), engine.connect() as conn:
            yield conn
    finally:
        engine.dispose()
