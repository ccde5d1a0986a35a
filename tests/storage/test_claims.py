"""One server on one store: a second one is refused, by whatever name it comes."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import text

from kefu.storage.claims import Claim, StoreTaken, claim_store
from kefu.storage.database import Database
from kefu.storage.engine import StoreUnusable
from kefu.storage.migrations import migrate
from tests.databases import POSTGRESQL, fresh_url, postgresql
from tests.storage.chat import append, says, seqs


@pytest.fixture
def claim(url: str, tmp_path: Path) -> Iterator[Claim]:
    with claim_store(url, tmp_path / "data") as held:
        yield held


def test_a_second_server_is_refused_and_touches_nothing(claim: Claim, url: str, tmp_path: Path):
    with pytest.raises(StoreTaken, match="another Kefu server uses this store"):
        claim_store(url, tmp_path / "other")
    assert not (tmp_path / "other").exists()


def test_what_fails_under_a_claim_leaves_no_directory_that_was_made_for_it(
    url: str, tmp_path: Path
):
    with pytest.raises(ZeroDivisionError), claim_store(url, tmp_path / "new" / "data"):
        raise ZeroDivisionError
    assert not (tmp_path / "new").exists()
    held = claim_store(url, tmp_path / "new")
    (tmp_path / "new" / "note").write_text("mine")
    with pytest.raises(ZeroDivisionError), held:
        raise ZeroDivisionError
    assert (tmp_path / "new" / "note").read_text() == "mine"


def test_what_fails_under_a_claim_leaves_no_lock_that_was_made_for_it(tmp_path: Path):
    there = tmp_path / "there"
    there.mkdir()
    url = f"sqlite:///{there / 'kefu.db'}"
    with pytest.raises(ZeroDivisionError), claim_store(url, there):
        raise ZeroDivisionError
    assert not [*there.iterdir()]
    with claim_store(url, None):  # a server of which the other must leave the lock
        with pytest.raises(StoreTaken):
            claim_store(url, there)
        assert [one.name for one in there.iterdir()] == ["kefu.db.lock"]


def test_a_lock_that_was_there_stays_when_something_fails(tmp_path: Path):
    url = f"sqlite:///{tmp_path / 'kefu.db'}"
    claim_store(url, tmp_path).close()
    with pytest.raises(ZeroDivisionError), claim_store(url, tmp_path):
        raise ZeroDivisionError
    assert {one.name for one in tmp_path.iterdir()} == {"kefu.lock", "kefu.db.lock"}


def test_when_the_first_server_ends_the_second_may_start(url: str, tmp_path: Path):
    claim_store(url, tmp_path / "data").close()
    claim_store(url, tmp_path / "data").close()


def test_two_stores_have_a_server_each(url: str, claim: Claim, tmp_path: Path):
    backend = url.partition("+")[0].partition(":")[0]
    (tmp_path / "beside").mkdir()
    with fresh_url(backend, tmp_path / "beside") as other:
        claim_store(other, tmp_path / "other").close()


def test_one_data_directory_is_one_servers(claim: Claim, tmp_path: Path):
    with pytest.raises(StoreTaken, match="another Kefu uses this directory"):
        claim_store(f"sqlite:///{tmp_path / 'another.db'}", tmp_path / "data")


@pytest.mark.parametrize("way", ["symbolic link", "linked folder", "relative path", "dots"])
def test_a_file_is_the_same_by_any_of_its_names(
    way: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    kept = tmp_path / "kept"
    kept.mkdir()
    migrate(f"sqlite:///{kept / 'kefu.db'}")
    (tmp_path / "link.db").symlink_to(kept / "kefu.db")
    (tmp_path / "linked").symlink_to(kept)
    monkeypatch.chdir(kept)
    name = {
        "symbolic link": str(tmp_path / "link.db"),
        "linked folder": str(tmp_path / "linked" / "kefu.db"),
        "relative path": "kefu.db",
        "dots": str(kept / ".." / "kept" / "kefu.db"),
    }[way]
    straight, other = f"sqlite:///{kept / 'kefu.db'}", f"sqlite:///{name}"
    for first, second in ((straight, other), (other, straight)):
        with claim_store(first, tmp_path / "data"), pytest.raises(StoreTaken):
            claim_store(second, tmp_path / "other")


def test_a_file_with_a_hard_link_is_refused_before_two_servers_share_it(tmp_path: Path):
    migrate(f"sqlite:///{tmp_path / 'kefu.db'}")
    os.link(tmp_path / "kefu.db", tmp_path / "twin.db")
    for name in ("kefu.db", "twin.db"):
        with pytest.raises(StoreUnusable, match="hard link"):
            claim_store(f"sqlite:///{tmp_path / name}", tmp_path / "data")


def test_a_directory_that_cannot_be_used_is_named(tmp_path: Path):
    (tmp_path / "file").touch()
    with pytest.raises(StoreUnusable, match="cannot use this directory: File exists"):
        claim_store(f"sqlite:///{tmp_path / 'kefu.db'}", tmp_path / "file")
    with pytest.raises(StoreUnusable, match="No such file or directory"):
        claim_store(f"sqlite:///{tmp_path / 'nowhere' / 'kefu.db'}", tmp_path / "data")


HOLD = """
import sys, time
from pathlib import Path
from kefu.storage.claims import claim_store
claim = claim_store(sys.argv[1], Path(sys.argv[2]))
print("claimed", flush=True)
time.sleep(60)
"""


def test_a_killed_server_leaves_no_claim(url: str, tmp_path: Path):
    words = [sys.executable, "-c", HOLD, url, str(tmp_path / "data")]
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        assert server.stdout.readline() == "claimed\n"
        with pytest.raises(StoreTaken):
            claim_store(url, tmp_path / "data")
        server.send_signal(signal.SIGKILL)
        server.wait(10)
    claimed_soon(url, tmp_path / "data").close()


def claimed_soon(url: str, data_dir: Path) -> Claim:
    """PostgreSQL takes a moment to see that a connection was closed."""
    while True:
        try:
            return claim_store(url, data_dir)
        except StoreTaken:
            continue


@pytest.fixture
def own_database() -> Iterator[str]:
    """A PostgreSQL database of its own, brought up to date."""
    name = f"kefu_{uuid4().hex}"
    with postgresql() as conn:
        conn.execute(f"CREATE DATABASE {name}")
    url = f"postgresql://{POSTGRESQL.rpartition('/')[0]}/{name}"
    migrate(url)
    yield url
    with postgresql() as conn:
        conn.execute(f"DROP DATABASE {name} WITH (FORCE)")


def drop_connections(url: str) -> None:
    with postgresql() as conn:
        conn.execute(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = %s",
            (url.rpartition("/")[2],),
        )


@pytest.mark.postgres
async def test_a_server_takes_its_claim_again_when_postgresql_dropped_it(
    own_database: str, tmp_path: Path
):
    with claim_store(own_database, tmp_path / "data") as claim:
        database = Database(own_database, claim=claim)
        await database.start()
        drop_connections(own_database)
        assert seqs(await append(database, says("a"))) == [1]
        with pytest.raises(StoreTaken):
            claim_store(own_database, tmp_path / "other")
        await database.close()
    claim_store(own_database, tmp_path / "other").close()


@pytest.mark.postgres
def test_a_claim_that_an_own_lost_connection_still_holds_is_taken_from_it(
    own_database: str, tmp_path: Path
):
    with claim_store(own_database, tmp_path / "data") as claim:
        assert claim.engine is not None
        with claim.engine.connect() as conn:
            conn.detach()  # as after a broken network: open for PostgreSQL, gone for us
            lost = conn.connection.dbapi_connection
            with claim.engine.connect() as again:
                assert again.scalar(text("SELECT 1")) == 1
            assert lost is not None
        with pytest.raises(StoreTaken):
            claim_store(own_database, tmp_path / "other")


@pytest.mark.postgres
def test_a_claim_that_another_server_has_taken_meanwhile_is_lost(own_database: str, tmp_path: Path):
    with claim_store(own_database, tmp_path / "data") as claim:
        drop_connections(own_database)
        with claim_store(own_database, tmp_path / "other"):
            assert claim.engine is not None
            claim.engine.dispose()
            with pytest.raises(StoreTaken):
                claim.engine.connect()
