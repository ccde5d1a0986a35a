"""Snapshots of PostgreSQL beside what is not Kefu's, and what happens to those that do not load."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import inspect, text

from kefu.storage import migrations, snapshot
from kefu.storage.engine import KNOWN_REVISIONS, StoreUnusable, reader_engine, writer_engine
from kefu.storage.migrations import migrate, upgrade
from tests.cli.stores import Store, kefu, refusal
from tests.databases import fresh_url
from tests.stalling import stalling_url

pytestmark = pytest.mark.postgres


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """A store of today, and a backup beside it of another."""
    with fresh_url("postgresql", tmp_path) as url:
        migrate(url)
        store = Store(url, tmp_path / "data")
        store.fill("of the backup")
        kefu("backup", tmp_path / "backup", *store.settings)
        store.fill("of today")
        yield store


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Store]:
    """A schema in which Kefu has never been."""
    with fresh_url("postgresql", tmp_path) as url:
        yield Store(url, tmp_path / "empty")


def tables(store: Store) -> set[str]:
    engine = reader_engine(store.url)
    with engine.connect() as conn:
        found = {*inspect(conn).get_table_names()}
    engine.dispose()
    return found


def rows(store: Store, table: str) -> list[tuple[object, ...]]:
    engine = reader_engine(store.url)
    with engine.connect() as conn:
        found = [tuple(row) for row in conn.execute(text(f"SELECT * FROM {table}"))]
    engine.dispose()
    return found


FOREIGN = ('CREATE TABLE "Their ""orders" (id int)', 'INSERT INTO "Their ""orders" VALUES (7)')


def test_tables_of_another_program_outlive_a_restore_and_are_in_no_backup(store, tmp_path):
    store.write(*FOREIGN)
    kefu("restore", tmp_path / "backup", "--replace", *store.settings)
    assert store.name() == "of the backup"
    (aside,) = store.asides()
    kefu("restore", aside, "--replace", *store.settings)
    assert store.name() == "of today"
    assert rows(store, '"Their ""orders"') == [(7,)]


@pytest.mark.parametrize(
    ("theirs", "table"),
    [
        (["CREATE TABLE session (id int)"], "session"),
        (["CREATE TABLE message (id int)", "CREATE TABLE contact (id int)"], "contact"),
        (["CREATE TABLE alembic_version AS SELECT '0003' AS version_num"], "alembic_version"),
        (
            [
                *(f"CREATE TABLE {name} (id int)" for name in ("contact", "conversation")),
                *(f"CREATE TABLE {name} (id int)" for name in ("message", "participant")),
                "CREATE TABLE alembic_version AS SELECT '1975ea83b712' AS version_num",
            ],
            "alembic_version",
        ),
    ],
    ids=["a table", "two tables", "a revision", "another revision"],
)
def test_tables_that_only_have_the_names_of_ours_are_left_alone(store, tmp_path, theirs, table):
    schema = store.url.partition("%3D")[2]
    moved = Store(store.url, tmp_path / "moved")
    store.write(f"ALTER SCHEMA {schema} RENAME TO {schema}_", f"CREATE SCHEMA {schema}")
    try:
        moved.write(*FOREIGN, *theirs)
        for words in (["--replace"], []):
            line = refusal("restore", tmp_path / "backup", *words, *moved.settings)
            assert f"has a table {table} of another program" in line
        assert rows(moved, '"Their ""orders"') == [(7,)]
        assert table in tables(moved)
        assert not moved.asides()
    finally:
        moved.write(f"DROP SCHEMA {schema} CASCADE", f"ALTER SCHEMA {schema}_ RENAME TO {schema}")


@pytest.mark.parametrize("command", [["backup", "b"], ["agent", "list"], ["inbox", "add", "a"]])
def test_a_revision_of_another_program_is_not_taken_for_ours(empty, tmp_path, command, monkeypatch):
    monkeypatch.chdir(tmp_path)
    empty.write("CREATE TABLE alembic_version AS SELECT '0003' AS version_num")
    line = refusal(*command, *empty.settings)
    assert "has a table alembic_version of another program" in line
    assert tables(empty) == {"alembic_version"}


def test_a_dump_of_another_schema_is_refused_before_anything_is_dropped(store, empty, tmp_path):
    migrate(empty.url)
    empty.fill("of another")
    line = refusal("restore", tmp_path / "backup", "--replace", *empty.settings)
    assert "restore it to a schema of its own name" in line
    assert empty.name() == "of another"
    assert not empty.asides()


def test_a_dump_that_cannot_be_read_is_refused_before_anything_is_dropped(store, tmp_path):
    url = store.url
    dump = tmp_path / "dump"
    dump.write_bytes((tmp_path / "backup/kefu.pgdump").read_bytes()[:-4_000])
    with pytest.raises(StoreUnusable, match="cannot use pg_restore: "):
        snapshot.read_dump(url, dump, tmp_path / "script")
    assert store.name() == "of today"


def test_a_load_that_fails_leaves_the_old_tables_in_place(store, tmp_path):
    store.write("CREATE VIEW theirs AS SELECT * FROM message")
    line = refusal("restore", tmp_path / "backup", "--replace", *store.settings)
    assert "because other objects depend on" in line
    assert line.endswith("nothing is restored, and everything is as it was")
    assert store.name() == "of today"
    assert not store.asides()
    assert not (store.data / "restore.unfinished").exists()

    store.write("DROP VIEW theirs")
    kefu("restore", tmp_path / "backup", "--replace", *store.settings)
    assert store.name() == "of the backup"


@pytest.mark.parametrize("tool", ["pg_restore", "psql"])
def test_a_tool_that_is_not_there_is_missed_before_anything_is_moved(
    store, tmp_path, monkeypatch, tool
):
    tools = tmp_path / "bin"
    tools.mkdir()
    for name in {"pg_dump", "pg_restore", "psql"} - {tool}:
        (tools / name).symlink_to(shutil.which(name) or "")
    monkeypatch.setenv("PATH", str(tools))
    line = refusal("restore", tmp_path / "backup", "--replace", *store.settings)
    assert line.startswith(f"{tool} is not there; install PostgreSQL's client programs")
    assert store.name() == "of today"
    assert not store.asides()


def test_a_database_that_hangs_ends_a_backup_with_one_line(store, tmp_path, monkeypatch):
    monkeypatch.setattr(snapshot, "_LOOK_S", 0.1)
    monkeypatch.setattr(snapshot, "_MOST_SILENT", 1)
    with stalling_url(store.url) as (way, url):
        way.when(b"COPY", way.stall)
        hanging = Store(f"{url}&connect_timeout=2", tmp_path / "hanging")
        line = refusal("backup", tmp_path / "b", *hanging.settings)
        way.go_on()
    assert line.startswith("cannot use PostgreSQL at 127.0.0.1")
    assert line.endswith("no answer in time")
    assert not (tmp_path / "b").exists()


def test_every_table_that_a_migration_ever_made_is_known(empty):
    for revision in sorted(KNOWN_REVISIONS):
        engine = writer_engine(empty.url, lock_wait_s=3)
        with engine.begin() as conn:
            upgrade(conn, to=revision)
        engine.dispose()
        assert tables(empty) <= snapshot.TABLES
    assert tables(empty) == snapshot.TABLES


def test_every_revision_is_known():
    versions = Path(migrations.__file__).parent / "versions"
    assert {path.name[:4] for path in versions.glob("*.py")} == KNOWN_REVISIONS
