"""A whole store as one file, and back: what backups are made of.

Rules: a snapshot is one moment of the store, taken while a server writes to it; SQLite copies its
pages under one reading transaction, PostgreSQL is read by its own ``pg_dump`` from an exported
snapshot. Only Kefu's own tables are read and replaced, whatever else is in their schema. Loading
needs a store that nobody uses, and is one transaction. Nothing here decides whether it may be done.
Not here: files of conversations, archives, what the operator is told (``cli.backup``).
"""

from __future__ import annotations

import os
import re
import shutil
import sqlite3
import subprocess
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import quote

from sqlalchemy import URL, Connection, func, inspect, make_url, select, text
from sqlalchemy.exc import DBAPIError

from kefu.storage.engine import (
    VERSION_TABLE,
    StoreUnusable,
    check_not_newer,
    check_there,
    empty_store,
    explained,
    file_of,
    foreign_table,
    reader_engine,
    schema_revision,
    store_name,
)
from kefu.storage.schema import file, message, metadata

Progress = Callable[[int, int], None]  # of how much is done, of how much; any unit

# Every table that a migration ever made; the two last are known to the database alone.
TABLES = frozenset({*metadata.tables, VERSION_TABLE, "message_search", "contact_search"})

_STEP_PAGES = 2_000  # copied between two words on progress: 8 MB
_LOCK_WAIT_S = 10
_LOOK_S = 5.0  # between two looks at whether the database answers
_MOST_SILENT = 4  # of these looks, until a program that waits for it is ended
_COMPLAINT = re.compile(r"\b(ERROR|FATAL|error):")


class NotLoaded(StoreUnusable):
    """Tables could not be replaced; the old ones are there, as they were."""


class Contents(NamedTuple):
    """What is in a snapshot."""

    revision: str  # of the schema
    entries: int  # messages, notes and activities
    keys: frozenset[str]  # under which its files are kept


def holds_data(url: str) -> bool:
    """Whether there is a store at ``url``.

    Raises StoreUnusable: it cannot be asked, or tables of the same names are not Kefu's.
    """
    path = file_of(url)
    if path is not None:
        return path.exists() and path.stat().st_size > 0  # also one that is damaged
    with _reading(url) as conn:
        return bool(_own_tables(conn))


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


def check_snapshot(path: Path, revision: str | None = None) -> Contents:
    """What is in a snapshot of SQLite.

    Raises StoreUnusable: it is damaged, too new, or not of the ``revision`` that is expected.
    """
    try:
        with closing(sqlite3.connect(_address(path, "ro"), uri=True)) as opened:
            ((found,),) = opened.execute("PRAGMA quick_check(1)").fetchall()
    except sqlite3.Error as error:
        found = str(error)
    if found != "ok":
        raise StoreUnusable("cannot use {store}: {reason}", store=path, reason=found)
    with _reading(_url_of(path)) as conn:
        contents = contents_of(conn)
    if revision not in (None, contents.revision):
        reason = f"schema {contents.revision}, not {revision}"
        raise StoreUnusable("cannot use {store}: {reason}", store=path, reason=reason)
    return contents


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


def settle(path: Path) -> Contents:
    """Make a SQLite store that nobody uses one file, without a log beside it; what is in it.

    Raises StoreUnusable: it is damaged, and left as it is.
    """
    contents = check_snapshot(path)
    try:
        with closing(sqlite3.connect(_address(path, "rw"), uri=True)) as opened:
            opened.execute("PRAGMA journal_mode=DELETE")
    except sqlite3.Error as error:
        raise StoreUnusable("cannot use {store}: {reason}", store=path, reason=error) from None
    return contents


def read_dump(url: str, source: Path, script: Path) -> None:
    """Read all that ``pg_dump`` wrote, into a script that ``load_script`` takes.

    Raises StoreUnusable: it cannot be read, or is of another schema than ``url`` means; or what is
    in that schema is not Kefu's.
    """
    with _reading(url) as conn:
        _own_tables(conn)
        schema = conn.scalar(text("SELECT current_schema()"))
    listed = _run_tool("pg_restore", ["--list", str(source)])
    if f" TABLE {schema} {VERSION_TABLE} " not in listed:
        raise StoreUnusable(
            "{source} holds no schema {schema}; restore it to a schema of its own name",
            source=source,
            schema=schema,
        )
    # Without the schema itself, which is there and may hold what is not ours.
    words = ["--no-owner", "--no-privileges", f"--schema={schema}", f"--file={script}"]
    _run_tool("pg_restore", [*words, str(source)])


def load_script(url: str, script: Path, revision: str) -> None:
    """Put what ``read_dump`` wrote in the place of Kefu's tables, in one transaction.

    Raises NotLoaded: the old tables are there as they were; StoreUnusable: that is not known.
    """
    try:
        with _reading(url) as conn:
            schema = conn.scalar(text("SELECT current_schema()"))
            tables = _own_tables(conn)
        before = _identity(url)
    except StoreUnusable as error:
        raise NotLoaded(error.template, **error.fields) from None
    names = ", ".join(_qualified(schema, table) for table in tables)
    version = _qualified(schema, VERSION_TABLE)
    check = (
        "DO $$BEGIN IF (SELECT version_num FROM {}) IS DISTINCT FROM '{}' THEN "
        "RAISE 'the dump is not of the schema that its backup names'; END IF; END$$"
    )
    words = ["--no-psqlrc", "--quiet", "--single-transaction", "--set=ON_ERROR_STOP=1"]
    words.append(f"--command=SET lock_timeout = '{_LOCK_WAIT_S}s'")
    words += [f"--command=DROP TABLE {names}"] if tables else []
    words += [f"--file={script}", f"--command={check.format(version, revision)}"]
    try:
        _run_tool("psql", words, url)
    except StoreUnusable as error:
        try:
            after = _identity(url)
        except StoreUnusable:
            raise error from None
        if after == before:
            raise NotLoaded(error.template, **error.fields) from None


def _identity(url: str) -> object:
    """What tells the tables of a schema from others of the same names; None: there are none.

    Waits until a transaction that replaces them has ended. Raises StoreUnusable.
    """
    with _reading(url) as conn:
        if not _own_tables(conn):
            return None
        schema = conn.scalar(text("SELECT current_schema()"))
        version = _qualified(schema, VERSION_TABLE)
        conn.execute(text(f"SELECT version_num FROM {version}")).all()  # noqa: S608 - our own name
        return conn.scalar(text("SELECT cast(cast(:name AS regclass) AS oid)"), {"name": version})


def _own_tables(conn: Connection) -> list[str]:
    """Kefu's tables in a schema that may have others. Raises StoreUnusable: some have the names of
    Kefu's and are not."""
    revision = schema_revision(conn)
    found = sorted(TABLES.intersection(inspect(conn).get_table_names()))
    if found and revision is None:
        raise foreign_table(store_name(conn.engine.url.render_as_string()), found[0])
    return found


def _qualified(schema: str | None, table: str) -> str:
    return ".".join('"{}"'.format((one or "").replace('"', '""')) for one in (schema, table))


def _dump(url: str, target: Path) -> Contents:
    with _reading(url) as conn:
        contents = contents_of(conn)
        moment = conn.scalar(text("SELECT pg_export_snapshot()"))
        schema = conn.scalar(text("SELECT current_schema()"))
        words = ["--format=custom", "--no-owner", "--no-privileges"]
        words += [f"--lock-wait-timeout={_LOCK_WAIT_S}s", f"--snapshot={moment}"]
        chosen = [f"--table={_qualified(schema, table)}" for table in _own_tables(conn)]
        try:
            _run_tool("pg_dump", [*words, *chosen, f"--file={target}"], url)
        except StoreUnusable:
            conn.invalidate()  # one that hangs does not answer to its end, either
            raise
    return contents


def _run_tool(tool: str, words: list[str], url: str | None = None) -> str:
    """Run one of PostgreSQL's programs, on the database; what it says. Raises StoreUnusable."""
    program = shutil.which(tool)
    if program is None:
        raise StoreUnusable(
            "{tool} is not there; install PostgreSQL's client programs, of the server's version "
            "or newer",
            tool=tool,
        )
    env = {**os.environ, "PGCONNECT_TIMEOUT": "10", "LC_MESSAGES": "C"}
    if url:
        parsed = make_url(url).set(drivername="postgresql")
        # The password goes by the environment: a program's words can be seen by every user.
        if parsed.password:
            env["PGPASSWORD"] = str(parsed.password)
        address = _without_password(parsed).render_as_string(hide_password=False)
        words = [f"--dbname={address}", *words]
    pipes: dict[str, Any] = dict.fromkeys(("stdout", "stderr"), subprocess.PIPE)
    with subprocess.Popen(  # noqa: S603 - the words are ours, the address is the operator's
        [program, *words], env=env, stdin=subprocess.DEVNULL, text=True, **pipes
    ) as running:
        try:
            told, complaint = _awaited(running, url)
        except BaseException:
            running.kill()
            raise
    if running.returncode:
        said = complaint.strip().splitlines() or [f"exit {running.returncode}"]
        # psql says notices before, and a line of the script.
        fault = next((line for line in said if _COMPLAINT.search(line)), said[0])
        fault = re.sub(r"^psql:[^:]*:\d+: ", "", fault)
        raise StoreUnusable("cannot use {store}: {reason}", store=tool, reason=fault)
    return told


def _awaited(running: subprocess.Popen[str], url: str | None) -> tuple[str, str]:
    """What a program says until its end, as long as the database that it works on answers.

    Raises StoreUnusable: that is silent.
    """
    silent = 0
    while silent < _MOST_SILENT:
        try:
            return running.communicate(timeout=_LOOK_S)
        except subprocess.TimeoutExpired:
            silent = silent + 1 if url and _is_silent(url) else 0
    raise StoreUnusable(
        "cannot use {store}: {reason}", store=store_name(url or ""), reason="no answer in time"
    )


def _is_silent(url: str) -> bool:
    """Whether the database takes a connection and answers nothing, not even a refusal."""
    engine = reader_engine(url)
    try:
        with engine.connect():
            return False
    except DBAPIError as error:
        return isinstance(error.orig, engine.dialect.loaded_dbapi.errors.ConnectionTimeout)
    finally:
        engine.dispose()


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
