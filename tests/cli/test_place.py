"""A restore loses nothing that was there, whatever fails and whenever it is killed."""

from __future__ import annotations

import itertools
import os
import shutil
import sys
from collections.abc import Iterator
from datetime import datetime, tzinfo
from pathlib import Path

import pytest

from kefu.cli import place
from kefu.cli.running import UNFINISHED
from kefu.files.local import sync_folder
from tests.cli.stores import Store, kefu, refusal
from tests.databases import BACKENDS, ready_url

NEW, OLD = "of the backup", "of today"


@pytest.fixture(autouse=True)
def _mask() -> Iterator[None]:
    """The commands set it, for their process."""
    mask = os.umask(0o022)
    yield
    os.umask(mask)


@pytest.fixture(params=BACKENDS)
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """A store that has gone on since its backup, ``backup`` beside it."""
    (tmp_path / "data").mkdir()
    with ready_url(request.param, tmp_path / "data") as url:
        store = Store(url, tmp_path / "data")
        store.fill(NEW)
        kefu("backup", tmp_path / "backup", *store.settings)
        store.fill(OLD)
        yield store


@pytest.fixture
def backup(store: Store, tmp_path: Path) -> Path:
    return tmp_path / "backup"


def nothing_new(store: Store) -> None:
    """Everything is as it was, and nothing else is there."""
    assert store.name() == OLD
    assert not [*store.asides(), *store.data.glob("restore.*")]


@pytest.mark.parametrize("mark", ["", "\n", "files", ".", "../..", "before-restore-1\nfiles\n"])
def test_a_mark_that_no_restore_wrote_says_nothing_of_what_was_moved(store, backup, mark):
    (store.data / UNFINISHED).write_text(mark)
    assert "--replace" in refusal("restore", backup, *store.settings)
    assert store.name() == OLD
    kefu("restore", backup, "--replace", *store.settings)
    assert store.name() == NEW
    (aside,) = store.asides()
    kefu("restore", aside, "--replace", *store.settings)
    assert store.name() == OLD


@pytest.mark.parametrize("taken", ["a folder", "full"])
def test_a_folder_of_the_same_second_is_left_alone(store, backup, taken, monkeypatch):
    class Stopped(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> Stopped:
            return cls(2026, 11, 29, 2, tzinfo=tz)

    monkeypatch.setattr(place, "datetime", Stopped)
    first = store.data / "before-restore-20261129T020000"
    (first / "files").mkdir(parents=True)
    if taken == "full":
        for name in ("kefu.db", "kefu.db-wal", "kefu.pgdump", "files/1"):
            (first / name).write_text("mine")
    before = {path: path.stat().st_mtime_ns for path in first.rglob("*")}

    assert f"{first}-1" in kefu("restore", backup, "--replace", *store.settings)
    assert store.name() == NEW
    assert {path: path.stat().st_mtime_ns for path in first.rglob("*")} == before
    kefu("restore", f"{first}-1", "--replace", *store.settings)
    assert store.name() == OLD
    assert Path(f"{first}-2").is_dir()


def test_what_was_moved_aside_is_itself_a_backup(store, backup):
    kefu("restore", backup, "--replace", *store.settings)
    (aside,) = store.asides()
    kefu("restore", aside, "--replace", *store.settings)
    assert store.name() == OLD


def test_a_place_with_nothing_in_it_leaves_no_folder(tmp_path):
    with ready_url("sqlite", tmp_path) as url:
        store = Store(url, tmp_path / "data")
        store.fill(NEW)
        kefu("backup", tmp_path / "backup", *store.settings)
    other = Store(f"sqlite:///{tmp_path / 'other/kefu.db'}", tmp_path / "other")
    kefu("restore", tmp_path / "backup", *other.settings)
    assert other.name() == NEW
    assert not other.asides()


CHANGES = {"os.rename", "os.remove", "os.rmdir", "os.mkdir", "subprocess.Popen"}


def stopped(step: int, how: str, *words: object) -> int:
    """Run a restore in a process that is stopped before the ``step``th change after it has made a
    folder for what is there; its exit status, 0: it has come to its end before."""
    if child := os.fork():
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    left: int | None = None

    def hook(event: str, args: tuple[object, ...]) -> None:
        nonlocal left
        if left is None and event == "os.mkdir" and "before-restore-" in str(args[0]):
            left = step
        written = event == "open" and str(args[0]).endswith(".part")
        if left is None or not (written or event in CHANGES):
            return
        left -= 1
        if left < 0 and how == "killed":
            os._exit(9)
        if left == -1 or (left < 0 and how == "fails from there on"):
            raise OSError(28, "No space left on device")

    try:
        sys.addaudithook(hook)
        kefu(*words)
        os._exit(0)
    finally:
        os._exit(2)


@pytest.mark.timeout(240)
@pytest.mark.parametrize("how", ["killed", "fails once"])
def test_a_restore_that_is_stopped_at_any_step_loses_nothing(store, backup, how):
    stop_at_every_step(store, backup, how)


@pytest.mark.parametrize("store", ["sqlite"], indirect=True)
def test_nor_does_one_that_cannot_be_undone(store, backup):
    stop_at_every_step(store, backup, "fails from there on")


def stop_at_every_step(store: Store, backup: Path, how: str) -> None:
    for step in itertools.count():
        done = stopped(step, how, "restore", backup, "--replace", *store.settings)
        if (store.data / UNFINISHED).exists():
            assert "a restore was cut off" in refusal("inbox", "list", *store.settings)
            kefu("restore", backup, *store.settings)
        elif store.name() == OLD:
            continue
        assert store.name() == NEW

        kefu("restore", store.backups()[0], "--replace", *store.settings)
        assert store.name() == OLD
        assert not [*store.data.glob("restore.*"), *store.data.glob("*.restoring")]
        for aside in store.asides():
            shutil.rmtree(aside)
        if not done:
            break
    assert step > 5


def test_a_restore_that_fails_leaves_everything_as_it_was(store, backup, monkeypatch):
    def full(*_args: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(place, "write_whole", full)
    line = refusal("restore", backup, "--replace", *store.settings)
    assert line == "No space left on device; nothing is restored, and everything is as it was"
    nothing_new(store)


def test_a_restore_that_came_to_its_end_does_not_say_that_it_did_not(store, backup, monkeypatch):
    def failing(folder: Path) -> None:
        if folder == store.data and store.asides() and not (folder / UNFINISHED).exists():
            raise OSError(5, "Input/output error")
        sync_folder(folder)

    (store.data / UNFINISHED).write_text("before-restore-20261129T020000\n")
    monkeypatch.setattr(place, "sync_folder", failing)
    assert "before-restore-20261129T020000" in kefu("restore", backup, *store.settings)
    assert store.name() == NEW


HALF = [
    ("history",),
    ("backup", "b.tar"),
    ("agent", "list"),
    ("agent", "role", "a", "admin"),
    ("agent", "add", "a@kefu.example", "--name", "A", "--link"),
    ("inbox", "list"),
    ("inbox", "show", "a"),
    ("inbox", "set", "a", "--inactive"),
    ("inbox", "add", "a"),
]


@pytest.mark.parametrize("words", HALF, ids=" ".join)
def test_half_a_store_is_used_by_no_command(tmp_path, words):
    store = Store(f"sqlite:///{tmp_path / 'data/kefu.db'}", tmp_path / "data")
    (store.data / UNFINISHED).touch()
    assert "a restore was cut off" in refusal(*words, *store.settings)
    assert "a restore was cut off" in refusal(*words, "--data", store.data)
    assert [path.name for path in store.data.iterdir()] == [UNFINISHED]
