"""A restore loses nothing that was there, whatever fails and whenever it is killed."""

from __future__ import annotations

import itertools
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import datetime, tzinfo
from pathlib import Path
from tempfile import TemporaryDirectory, gettempdir

import pytest

from kefu.cli import place
from kefu.cli.running import UNFINISHED
from kefu.files.local import sync_folder
from tests.cli.stores import Store, kefu, refusal
from tests.databases import BACKENDS, ready_url
from tests.promise.test_store_trouble import may_mount

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


ONE_KIND = pytest.mark.parametrize("store", ["sqlite"], indirect=True)
DISKS = (Path("/dev/shm"), Path(gettempdir()))


def linked(store: Store, target: Path, words: Path) -> Path:
    """Let the files of a store lie in ``target``, to which ``words`` is the link."""
    files = store.data / "files"
    shutil.move(files, target)
    files.symlink_to(words)
    return files


@ONE_KIND
@pytest.mark.parametrize("way", ["relative", "absolute", "a link to a link"])
def test_a_link_to_the_files_stays_and_what_it_leads_to_is_moved_and_replaced(
    store, backup, tmp_path, way
):
    elsewhere = tmp_path / "big"
    words = {"relative": Path("../big"), "absolute": elsewhere}.get(way, tmp_path / "on the way")
    (tmp_path / "on the way").symlink_to(elsewhere)
    files = linked(store, elsewhere, words)
    kefu("restore", backup, "--replace", *store.settings)
    assert (files.is_symlink(), files.readlink(), store.name()) == (True, words, NEW)
    (aside,) = store.backups()
    assert not (aside / "files").is_symlink()
    kefu("restore", aside, "--replace", *store.settings)
    assert (files.is_symlink(), store.name()) == (True, OLD)


@ONE_KIND
def test_a_link_to_files_that_are_not_there_yet_leads_to_them_after_a_restore(
    store, backup, tmp_path
):
    files = linked(store, tmp_path / "big", tmp_path / "big")
    shutil.rmtree(tmp_path / "big")
    kefu("restore", backup, "--replace", *store.settings)
    assert (files.is_symlink(), store.name()) == (True, NEW)


@pytest.fixture
def other_disk(tmp_path: Path) -> Iterator[Path]:
    own = tmp_path.stat().st_dev
    others = [disk for disk in DISKS if disk.is_dir() and disk.stat().st_dev != own]
    if not others:
        (pytest.fail if os.environ.get("CI") else pytest.skip)("there is no second disk here")
    with TemporaryDirectory(dir=others[0]) as folder:
        yield Path(folder)


@ONE_KIND
@pytest.mark.parametrize("is_there", [True, False])
def test_files_on_another_disk_are_refused_before_anything_is_touched(
    store, backup, other_disk, is_there
):
    files = linked(store, other_disk / "files", other_disk / "files")
    before = {path: path.stat().st_mtime_ns for path in other_disk.rglob("*")}
    if not is_there:
        (other_disk / "files").rename(other_disk / "away")
    line = refusal("restore", backup, "--replace", *store.settings)
    assert line.startswith(f"{other_disk / 'files'} is a disk of its own, or on another than")
    if not is_there:
        (other_disk / "away").rename(other_disk / "files")
    assert {path: path.stat().st_mtime_ns for path in other_disk.rglob("*")} == before
    assert files.is_symlink()
    nothing_new(store)


if may_mount():

    @ONE_KIND
    def test_files_that_are_a_mount_are_refused_before_anything_is_touched(store, backup):
        # Of the same disk, as two volumes of a container are.
        mounted = 'mount --bind "$0" "$0" && exec "$@"'
        files = store.data / "files"
        command = ["unshare", "--mount", "sh", "-c", mounted, str(files)]
        command += [sys.executable, "-m", "kefu", "restore", str(backup), "--replace"]
        command += map(str, store.settings)
        env = {**os.environ, "LC_ALL": "C"}
        done = subprocess.run(command, capture_output=True, text=True, check=False, env=env)
        assert done.returncode == 2
        assert f"{files} is a disk of its own" in done.stderr
        nothing_new(store)


@ONE_KIND
@pytest.mark.parametrize("words", ["files", "../none/files", "../data.toml", ".."])
def test_a_link_that_no_files_can_be_put_behind_is_refused_in_words(store, backup, words):
    files = linked(store, store.data / "mine", Path(words))
    line = refusal("restore", backup, "--replace", *store.settings)
    assert line.startswith(str(Path(os.path.realpath(files))))
    files.unlink()
    (store.data / "mine").rename(files)
    nothing_new(store)


CHANGES = {"os.rename", "os.remove", "os.rmdir", "os.mkdir", "subprocess.Popen"}


Asked = Callable[[str, str], bool]


def any_step(event: str, path: str) -> bool:
    """Whatever changes something, by the event and what it changes."""
    return event in CHANGES or (event == "open" and path.endswith(".part"))


def postgresqls_own(event: str, path: str) -> bool:
    """What there is on PostgreSQL alone, where a step takes seconds: a program is called, or has
    ended and left a dump or new tables. The steps between are those of SQLite."""
    next_after_one = path.endswith(("/kefu.pgdump.part", "/restore.part/files"))
    return event == "subprocess.Popen" or (event == "os.rename" and next_after_one)


def stopped(step: int, how: str, counts: Asked, *words: object) -> int:
    """Run a restore in a process that is stopped before the ``step``th change that counts, after it
    has made a folder for what is there; its exit status, 0: it has come to its end before."""
    if child := os.fork():
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    left: int | None = None

    def hook(event: str, args: tuple[object, ...]) -> None:
        nonlocal left
        if left is None and event == "os.mkdir" and "before-restore-" in str(args[0]):
            left = step
        if left is None or not any_step(event, str(args[0])):
            return
        if left >= 0 and not counts(event, str(args[0])):
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
    """What a restore moved aside is what the next one restores, so each is seen to be whole."""
    counts = any_step if store.url.startswith("sqlite") else postgresqls_own
    source, there, wanted = backup, OLD, NEW
    for step in itertools.count():
        done = stopped(step, how, counts, "restore", source, "--replace", *store.settings)
        if (store.data / UNFINISHED).exists():
            assert "a restore was cut off" in refusal("inbox", "list", *store.settings)
            kefu("restore", source, *store.settings)
            assert not [*store.data.glob("restore.*"), *store.data.glob("*.restoring")]
        elif store.name() == there:
            continue
        assert store.name() == wanted

        source = store.backups()[0].rename(store.data.with_name(f"aside-{step}"))
        there, wanted = wanted, there
        for aside in store.asides():
            shutil.rmtree(aside)
        if not done:
            break
    kefu("restore", source, "--replace", *store.settings)
    assert store.name() == wanted
    assert not [*store.data.glob("restore.*"), *store.data.glob("*.restoring")]
    assert step >= 4


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
