"""Where a store is, and how another is put in its place.

Rules: nothing that was there is deleted or written over. All of it is moved into a folder beside,
each part to a name that is free; the folder then gets a manifest and is itself a backup. Only when
the journal says that nothing old is in the place any more is anything new put there. The journal is
the mark that keeps every command off a store while it is moved; it is written whole or not at all,
and one of any other form says nothing. What fails is undone; what is killed is gone on with, and a
folder that was filled is not touched again: what is found later goes into another.
PostgreSQL's tables are replaced in one transaction (``storage.snapshot``), so a database is never
half of anything, also for a server that does not see the mark.
Not here: reading and checking a backup (``cli.backup``).
"""

from __future__ import annotations

import errno
import os
import re
import shutil
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from kefu.cli.manifest import (
    DATABASES,
    MANIFEST,
    Manifest,
    Part,
    encoded,
    kind_of,
    manifest_of,
    part_of,
    wanted_parts,
    write_whole,
)
from kefu.cli.options import texts
from kefu.cli.running import UNFINISHED, Unusable
from kefu.files.local import sync_folder
from kefu.storage import snapshot
from kefu.storage.engine import StoreUnusable, beside, file_of, store_name

_FOLDER = r"before-restore-\d{8}T\d{6}(?:-\d+)?"
_MOVED = " moved"
_JOURNAL = re.compile(rf"(?:{_FOLDER}{_MOVED}\n)*{_FOLDER}(?:{_MOVED})?\n")


class Journal:
    """The folders that restores have moved old data to since the last that ended, and whether all
    of it is in the last of them. Empty: no restore was cut off, as far as can be known."""

    def __init__(self, data: Path) -> None:
        self._path = data / UNFINISHED
        self._lines: list[str] = []
        self.was_there = self.is_there()
        with suppress(FileNotFoundError, UnicodeDecodeError):
            written = self._path.read_bytes().decode("ascii")
            if _JOURNAL.fullmatch(written):
                self._lines = written.splitlines()
        self.went_on = bool(self._lines)  # from a restore that was cut off

    def is_there(self) -> bool:
        """Whether there is a mark, of whatever form."""
        return os.path.lexists(self._path)

    @property
    def folders(self) -> list[str]:
        """Their names, the oldest first."""
        return [line.removesuffix(_MOVED) for line in self._lines]

    @property
    def filling(self) -> str | None:
        """The folder that old data is being moved to; None: nothing old is left to move."""
        last = self._lines[-1] if self._lines else _MOVED
        return None if last.endswith(_MOVED) else last

    def begin(self, folder: str) -> None:
        """Old data will be moved to ``folder``."""
        self._write([*self._lines, folder])

    def end(self) -> None:
        """All of it was."""
        self._write([*self._lines[:-1], self._lines[-1] + _MOVED])

    def reopen(self) -> None:
        """It is being moved back."""
        self._write([line.removesuffix(_MOVED) for line in self._lines])

    def remove(self) -> None:
        """The store is whole."""
        self._path.unlink(missing_ok=True)
        with suppress(OSError):  # one that a loss of power brings back is only in the way
            sync_folder(self._path.parent)

    def _write(self, lines: list[str]) -> None:
        write_whole(self._path, "".join(f"{line}\n" for line in lines).encode("ascii"))
        self._lines = lines


class Place:
    """A database and files, each with a place beside it on its disk to lay the new one down."""

    def __init__(self, url: str, data: Path) -> None:
        self._url, self._data = url, data
        self.kind, self.name = kind_of(url), store_name(url)
        self.staged = data / "restore.part"
        self._probe = data / "restore.probe"
        # Where they are, if that is a link: it stays, as one to the database does.
        self.files = Path(os.path.realpath(data / "files"))
        self.database = file_of(url)
        if self.database:
            self.staged_database = self.database.with_name(f"{self.database.name}.restoring")
        else:
            self.staged_database = self.staged / DATABASES[self.kind]
        self._script = self.staged / "load.sql"
        self._journal = Journal(data)
        self._moved: list[tuple[Path, Path]] = []  # by this restore: old data, from and to
        self._put: list[tuple[Path, Path]] = []  # the same of new data
        self._loaded = False  # the tables of PostgreSQL are, or may be, the new ones
        self._revision = ""

    @property
    def went_on(self) -> bool:
        """Whether a restore was cut off here, which this one ends."""
        return self._journal.went_on

    def is_taken(self) -> bool:
        """Whether there is anything that a restore would replace."""
        files = self.files.exists() and any(path.is_file() for path in self.files.rglob("*"))
        return snapshot.holds_data(self._url) or files

    def check_movable(self) -> None:
        """See, by changing nothing, that the files can be moved aside and others to their place.

        Raises Unusable: they are a disk of their own, or on another, or not to be reached.
        """
        try:
            if self.files.is_dir():
                self._try_to_move()
            elif (self._data / "files").is_symlink():
                self._probe.mkdir(mode=0o700, exist_ok=True)
                _there_and_back(self._probe, self.files)  # a link that leads to nothing yet
        except OSError as error:
            apart = error.errno in (errno.EXDEV, errno.EBUSY)
            reason = texts.reason(error.strerror or error)
            about = {"path": self.files, "data": self._data, "reason": reason}
            raise Unusable(texts("restore_apart" if apart else "backup_failed", **about)) from None
        finally:
            with suppress(OSError):
                (self._probe / "full").rmdir()
            with suppress(OSError):
                self._probe.rmdir()

    def _try_to_move(self) -> None:
        """Ask the system to put the files over a folder that is not empty, which it refuses last,
        after whatever else is in the way. Raises OSError."""
        (self._probe / "full").mkdir(mode=0o700, parents=True, exist_ok=True)
        try:
            _there_and_back(self.files, self._probe)
        except OSError as error:
            if error.errno not in (errno.ENOTEMPTY, errno.EEXIST):
                raise

    def path_of(self, name: str) -> Path:
        """Where a part of a backup is laid down at first."""
        if name == DATABASES[self.kind]:
            return self.staged_database
        return self.staged / name

    def check(self, manifest: Manifest) -> None:
        """See that what was laid down can be used, and is on the disk. Raises StoreUnusable."""
        self._revision = manifest.revision
        if self.kind == "sqlite":
            snapshot.check_snapshot(self.staged_database, manifest.revision)
        else:
            snapshot.read_dump(self._url, self.staged_database, self._script)
        (self.staged / "files").mkdir(mode=0o700, exist_ok=True)
        self._give_to_owner(self.staged_database, self.staged, *self.staged.rglob("*"))
        for folder in (self.staged, *self.staged.rglob("*")):
            if folder.is_dir():
                sync_folder(folder)

    def swap(self) -> None:
        """Move the old data aside and the new into its place. Raises OSError, StoreUnusable."""
        try:
            self._move_old()
            self._put_new()
        except BaseException:
            if not (self._journal.was_there or self._loaded):
                self._undo()
            raise
        self._journal.remove()

    def is_half(self) -> bool:
        """Whether a restore has to be ended before anything else."""
        return self._journal.is_there()

    def asides(self) -> list[Path]:
        """Where what was there before is; each is a backup, if it could be read."""
        found = [self._data / name for name in self._journal.folders]
        return [folder for folder in found if folder.exists()]

    def clean(self) -> None:
        """Leave nothing behind that was laid down."""
        shutil.rmtree(self.staged, ignore_errors=True)
        self.staged_database.unlink(missing_ok=True)

    def _move_old(self) -> None:
        """After this nothing old is in the place, but for the tables of PostgreSQL."""
        if name := self._journal.filling:
            aside = self._data / name
            aside.mkdir(mode=0o700, exist_ok=True)
        else:
            aside = self._new_folder()
            try:
                self._journal.begin(aside.name)
            except BaseException:
                aside.rmdir()
                raise
        contents = None
        if self.database is None:
            contents = self._dump(aside)
        else:
            for path in (*reversed(beside(self.database)), self.database):
                end = path.name.removeprefix(self.database.name)
                _move(path, _free(aside / f"{DATABASES[self.kind]}{end}"), self._moved)
        _move(self.files, _free(aside / "files"), self._moved)
        self._make_backup_of(aside, contents)
        self._give_to_owner(aside, *aside.glob("*"))
        if not any(aside.iterdir()):
            aside.rmdir()
        self._journal.end()

    def _new_folder(self) -> Path:
        """One that was never there: a clock may have been put back."""
        name = f"before-restore-{datetime.now(UTC):%Y%m%dT%H%M%S}"
        for number in range(1_000):
            folder = self._data / (f"{name}-{number}" if number else name)
            with suppress(FileExistsError):
                folder.mkdir(mode=0o700)
                sync_folder(self._data)
                return folder
        raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(folder))

    def _dump(self, aside: Path) -> snapshot.Contents | None:
        """PostgreSQL's tables into ``aside``, from where they are not moved: an earlier dump in it
        is of the same tables, since these are replaced only after the journal's next word."""
        if not snapshot.holds_data(self._url):
            return None
        dump = aside / DATABASES[self.kind]
        part = dump.with_name(f"{dump.name}.part")
        contents = snapshot.take_snapshot(self._url, part, lambda _done, _total: None)
        with part.open("rb") as file:
            os.fsync(file.fileno())
        part.rename(dump)
        return contents

    def _make_backup_of(self, aside: Path, contents: snapshot.Contents | None) -> None:
        """Write the manifest that makes a backup of what was moved; what cannot be read stays as it
        is, without one."""
        database = aside / DATABASES[self.kind]
        if not database.exists():
            return
        parts: dict[str, Part] = {}
        try:
            found = contents or snapshot.settle(database)
            for name in wanted_parts(self.kind, found):
                with suppress(FileNotFoundError):
                    parts[name] = part_of(aside / name)
        except (OSError, StoreUnusable, Unusable):
            return
        write_whole(aside / MANIFEST, encoded(manifest_of(self.kind, found, parts)))

    def _put_new(self) -> None:
        if self.database is None:
            try:
                self._loaded = True
                snapshot.load_script(self._url, self._script, self._revision)
            except snapshot.NotLoaded:
                self._loaded = False
                raise
        else:
            _move(self.staged_database, self.database, self._put)
        _move(self.staged / "files", self.files, self._put)

    def _undo(self) -> None:
        """Make everything as it was; if that fails, the mark and what was moved stay."""
        with suppress(OSError):
            asides = self.asides()
            _take_back(self._put)
            self._journal.reopen()  # killed here, the next restore moves it all aside again
            _take_back(self._moved)
            for aside in asides:
                (aside / MANIFEST).unlink(missing_ok=True)
            self._journal.remove()
            for aside in asides:  # nothing but a dump of tables that are in their place
                (aside / DATABASES["postgresql"]).unlink(missing_ok=True)
                (aside / f"{DATABASES['postgresql']}.part").unlink(missing_ok=True)
                aside.rmdir()

    def _give_to_owner(self, *paths: Path) -> None:
        """The server, which is not root, must be able to use what root has laid down."""
        owner = self._data.stat()
        for path in paths if os.geteuid() == 0 else ():
            os.chown(path, owner.st_uid, owner.st_gid, follow_symlinks=False)


def _there_and_back(source: Path, target: Path) -> None:
    source.rename(target)
    target.rename(source)


def _free(path: Path) -> Path:
    """``path``, or a name like it that nothing has."""
    number, found = 0, path
    while os.path.lexists(found):
        number += 1
        found = path.with_name(f"{path.name}.{number}")
    return found


def _take_back(moves: list[tuple[Path, Path]]) -> None:
    for source, target in reversed(moves):
        if not os.path.lexists(source):  # else it was not moved yet, or not to its end
            _move(target, source, [])


def _move(source: Path, target: Path, moves: list[tuple[Path, Path]]) -> None:
    """Move what is at ``source``, if anything is, to where nothing is; remember it in ``moves``."""
    if not os.path.lexists(source):
        return
    moves.append((source, target))
    if os.path.lexists(target):
        raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(target))
    try:
        source.rename(target)
    except OSError as error:  # the database is on another disk than the data directory
        if error.errno != errno.EXDEV or source.is_dir():
            raise
        part = target.with_name(f"{target.name}.part")
        shutil.copy2(source, part)
        with part.open("rb") as file:
            os.fsync(file.fileno())
        part.rename(target)
        sync_folder(target.parent)
        source.unlink()
    sync_folder(target.parent)
    sync_folder(source.parent)
