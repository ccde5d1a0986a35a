"""The schema: made, compared, refused."""

from __future__ import annotations

import os
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from uuid import uuid4

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import text

from kefu.storage import migrations
from kefu.storage.database import Database
from kefu.storage.engine import StoreUnusable, open_for_reading, writer_engine
from kefu.storage.migrations import migrate, upgrade
from kefu.storage.schema import REVISION, metadata
from tests.databases import POSTGRESQL, postgresql
from tests.storage.chat import append, says, seqs


def set_revision(url: str, revision: str) -> None:
    engine = writer_engine(url, lock_wait_s=1)
    with engine.begin() as conn:
        conn.execute(text("UPDATE alembic_version SET version_num = :new"), {"new": revision})
    engine.dispose()


def is_described(name: str | None, kind: str, _parents: object) -> bool:
    """Whether it is in the metadata: the full-text index is not, and SQLite keeps it in tables."""
    return kind != "table" or not str(name).startswith(("message_search", "contact_search"))


@pytest.fixture
def url(empty_url: str) -> str:  # They change the schema itself: no store that others use again
    migrate(empty_url)
    return empty_url


def test_the_migrations_make_the_schema_that_the_code_describes(url: str):
    with open_for_reading(url) as conn:
        context = MigrationContext.configure(conn, opts={"include_name": is_described})
        assert compare_metadata(context, metadata) == []


def test_the_code_works_with_the_newest_migration():
    scripts = ScriptDirectory(str(Path(migrations.__file__).parent))
    assert scripts.get_heads() == [REVISION]


async def test_a_store_that_is_level_keeps_what_it_holds(database: Database, url: str):
    await append(database, says("a"))
    migrate(url)
    assert seqs(await append(database, says("a"), says("b"))) == [1, 2]


def test_the_queue_of_an_older_store_keeps_its_order(empty_url: str):
    """Three wait; the first was queued while the clock was ahead, the last has no entry yet."""
    engine = writer_engine(empty_url, lock_wait_s=1, create=True)
    with engine.begin() as conn:
        upgrade(conn, to="0002")
        for id, row in (
            (7, "'a', 'desk', 3, 0, 'queued', 900"),
            (8, "'b', 'desk', 1, 0, 'queued', 500"),
            (9, "'c', 'desk', 0, 0, 'queued', 600"),
            (10, "'d', 'desk', 1, 0, 'open', NULL"),
        ):
            conn.execute(
                text(
                    "INSERT INTO conversation (id, key, kind, last_seq, created_ms, status,"
                    f" queued_ms) VALUES ({id}, {row})"
                )
            )
            conn.execute(
                text(
                    "INSERT INTO participant (id, conversation_id, role, name)"
                    f" VALUES ({id}, {id}, 'system', 'K')"
                )
            )
        for entry in (
            "(1, 7, 1, 7, '', 400, 'activity')",
            "(2, 7, 2, 7, 'hm', 900, 'message')",
            "(3, 7, 3, 7, '', 900, 'activity')",
            "(4, 8, 1, 8, '', 450, 'activity')",
            "(5, 10, 1, 10, '', 450, 'activity')",
        ):
            conn.execute(
                text(
                    "INSERT INTO message (id, conversation_id, seq, sender_id, text, sent_ms, type)"
                    f" VALUES {entry}"
                )
            )
    engine.dispose()
    migrate(empty_url)
    with open_for_reading(empty_url) as conn:
        found = conn.execute(text("SELECT id, queued_id FROM conversation ORDER BY id"))
        assert [tuple(row) for row in found] == [(7, 3), (8, 4), (9, 0), (10, None)]


def test_words_that_an_older_store_holds_read_as_they_are_written_now(empty_url: str):
    said = '{"what":"tagged","values":{"attributes":{"how":"taken over"}}}'
    engine = writer_engine(empty_url, lock_wait_s=1, create=True)
    with engine.begin() as conn:
        upgrade(conn, to="0003")
        conn.execute(
            text(
                "INSERT INTO audit (at_ms, actor, act, subject) VALUES (1, 'agent#1', :act, 'x#1')"
            ),
            [{"act": act} for act in ("webhook.rotated", "agent.password", "agent.create")],
        )
        conn.execute(text("UPDATE audit SET actor = 'server' WHERE act = 'agent.password'"))
        conn.execute(text("UPDATE audit SET actor = 'agent#3' WHERE act = 'agent.create'"))
        for id, role in ((1, "admin"), (3, "bot")):
            row = {"id": id, "role": role}
            conn.execute(
                text(
                    "INSERT INTO agent (id, name, role, created_ms) VALUES (:id, :role, :role, 1)"
                ),
                row,
            )
        conn.execute(
            text(
                "INSERT INTO conversation (id, key, kind, last_seq, created_ms)"
                " VALUES (1, 'a', 'desk', 4, 0)"
            )
        )
        conn.execute(
            text(
                "INSERT INTO participant (id, conversation_id, role, name) VALUES (1, 1, 'x', 'K')"
            )
        )
        for seq, type, body in (
            (1, "activity", '{"what":"assigned","values":{"how":"taken over","from":3}}'),
            (2, "activity", '{"what":"queued","values":{"reason":"bot silent"}}'),
            (3, "activity", said),
            (4, "message", '{"quote":1}'),
        ):
            conn.execute(
                text(
                    "INSERT INTO message (id, conversation_id, seq, sender_id, text, sent_ms, type,"
                    " body) VALUES (:seq, 1, :seq, 1, 'taken over', 1, :type, :body)"
                ),
                {"seq": seq, "type": type, "body": body},
            )
    engine.dispose()
    migrate(empty_url)
    with open_for_reading(empty_url) as conn:
        acts = conn.execute(text("SELECT act FROM audit ORDER BY id")).scalars().all()
        actors = conn.execute(text("SELECT actor FROM audit ORDER BY id")).scalars().all()
        bodies = conn.execute(text("SELECT body, text FROM message ORDER BY id")).all()
    assert acts == ["webhook.rotate_secret", "agent.set_password", "agent.create"]
    assert actors == ["agent#1", "system", "bot#3"]
    assert [row.body for row in bodies] == [
        '{"what":"assigned","values":{"how":"taken_over","from":3}}',
        '{"what":"queued","values":{"reason":"bot_silent"}}',
        said,
        '{"quote":1}',
    ]
    assert {row.text for row in bodies} == {"taken over"}


def test_whoever_had_no_account_in_an_older_audit_trail_is_called_anyone(empty_url: str):
    """Also in a store that was brought to 0007 before this was noticed."""
    older = ["local", "agent", "agent#1", "operator", "server", "anyone"]
    engine = writer_engine(empty_url, lock_wait_s=1, create=True)
    with engine.begin() as conn:
        upgrade(conn, to="0006")
        conn.execute(
            text(
                "INSERT INTO audit (at_ms, actor, act, subject)"
                " VALUES (1, :actor, 'agent.set_password', 'agent#1')"
            ),
            [{"actor": actor} for actor in older],
        )
        upgrade(conn, to="0007")
    engine.dispose()
    migrate(empty_url)
    with open_for_reading(empty_url) as conn:
        actors = conn.execute(text("SELECT actor FROM audit ORDER BY id")).scalars().all()
    assert actors == ["anyone", "anyone", "agent#1", "operator", "system", "anyone"]


def test_a_file_that_others_could_read_is_its_owners_alone(tmp_path: Path):
    tmp_path.chmod(0o755)
    for name in ("kefu.db", "kefu.db-journal"):
        (tmp_path / name).touch(0o644)
        (tmp_path / name).chmod(0o644)
    before = os.umask(0)
    migrate(f"sqlite:///{tmp_path / 'kefu.db'}")
    migrate(f"sqlite:///{tmp_path / 'new.db'}")
    os.umask(before)
    left = {path.name: stat.S_IMODE(path.stat().st_mode) for path in tmp_path.iterdir()}
    assert left["kefu.db"] == left["new.db"] == 0o600
    assert set(left.values()) == {0o600}


def test_processes_that_start_at_once_migrate_once(empty_url: str):
    with ThreadPoolExecutor(4) as starters:
        for started in [starters.submit(migrate, empty_url) for _ in range(4)]:
            started.result()
    with open_for_reading(empty_url):
        pass


async def refusal(url: str) -> str:
    """What somebody is told who opens the store, in each way there is."""
    with pytest.raises(StoreUnusable) as starting:
        await Database(url).start()
    with pytest.raises(StoreUnusable) as reading, open_for_reading(url):
        pass
    assert str(starting.value) == str(reading.value)
    assert "\n" not in str(reading.value)
    return str(reading.value)


async def test_an_empty_store_is_not_used(empty_url: str, tmp_path: Path):
    (tmp_path / "kefu.db").touch()
    assert "holds no Kefu data yet" in await refusal(empty_url)


async def test_a_store_of_a_newer_kefu_is_left_alone(url: str):
    set_revision(url, "9999")
    assert "newer Kefu (schema 9999" in await refusal(url)
    with pytest.raises(StoreUnusable, match="newer Kefu"):
        migrate(url)


async def test_a_store_of_an_older_kefu_is_not_used_before_it_is_migrated(url: str):
    set_revision(url, "0000")
    assert "older Kefu (schema 0000" in await refusal(url)


@pytest.mark.parametrize("damage", [b"this is no database" * 1_000, b"\xff" * 100], ids=len)
async def test_a_file_that_is_no_database_is_refused(tmp_path: Path, damage: bytes):
    (tmp_path / "kefu.db").write_bytes(damage)
    url = f"sqlite:///{tmp_path / 'kefu.db'}"
    assert "kefu.db: file is not a database" in await refusal(url)
    with pytest.raises(StoreUnusable, match="file is not a database"):
        migrate(url)
    assert (tmp_path / "kefu.db").read_bytes() == damage


async def test_a_damaged_database_is_refused(tmp_path: Path):
    path = tmp_path / "kefu.db"
    migrate(f"sqlite:///{path}")
    whole = path.read_bytes()
    path.write_bytes(whole[:100] + b"\xff" * (len(whole) - 100))
    assert "malformed" in await refusal(f"sqlite:///{path}")


async def test_a_folder_that_is_not_there_is_named(tmp_path: Path):
    url = f"sqlite:///{tmp_path / 'nowhere' / 'kefu.db'}"
    assert "nowhere/kefu.db holds no Kefu data yet; start the server" in await refusal(url)
    with pytest.raises(StoreUnusable, match="unable to open database file"):
        migrate(url)


async def test_a_server_that_does_not_answer_is_named_without_the_password(free_port: int):
    url = f"postgresql://kefu:secret@127.0.0.1:{free_port}/kefu"
    told = await refusal(url)
    assert "PostgreSQL at 127.0.0.1, database kefu" in told
    assert "secret" not in told


@pytest.mark.postgres
async def test_a_database_that_does_not_exist_is_named():
    told = await refusal(f"postgresql://{POSTGRESQL}_is_not_there")
    assert "database test_is_not_there" in told


@pytest.mark.postgres
def test_a_database_that_cannot_hold_all_text_is_refused():
    name = f"kefu_{uuid4().hex}"
    with postgresql() as conn:
        conn.execute(f"CREATE DATABASE {name} ENCODING LATIN1 LOCALE 'C' TEMPLATE template0")
    try:
        with pytest.raises(StoreUnusable, match="encoded in LATIN1, not in UTF8"):
            migrate(f"postgresql://{POSTGRESQL.rpartition('/')[0]}/{name}")
    finally:
        with postgresql() as conn:
            conn.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.mark.parametrize(
    "url", ["", "kefu.db", "sqlite://", "sqlite:///:memory:", "mysql://localhost/kefu"]
)
def test_a_url_of_another_form_is_refused(url: str):
    with pytest.raises(StoreUnusable):
        Database(url)
