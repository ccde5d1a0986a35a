"""``kefu backup`` and ``kefu restore``: everything that is kept, in a folder or one ``.tar`` file.

Rules: a backup is made beside a running server and is one moment of the store; each of its parts
stands in the manifest with its size and SHA-256, and the manifest is written last, so what is cut
off is never taken for a backup. A restore touches nothing before the whole backup is read, checked
and lies on the store's own disk; what was there is moved aside, never deleted. While it moves, a
mark keeps every server from starting on half of it; the same command again ends it.
Not here: how a database is copied (``storage.snapshot``), options (``cli.main``).
"""

from __future__ import annotations

import fcntl
import hashlib
import io
import os
import shutil
import sys
import tarfile
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import IO, Protocol

import msgspec
import typer

from kefu.cli.manifest import (
    DATABASES,
    FILE,
    FORM,
    MANIFEST,
    Manifest,
    Part,
    encoded,
    kind_of,
    manifest_of,
    path_of,
    wanted_parts,
    write_file,
)
from kefu.cli.options import texts
from kefu.cli.place import Place
from kefu.cli.running import Unusable
from kefu.config import Settings
from kefu.files.local import sync_folder
from kefu.storage import snapshot
from kefu.storage.claims import claim_store
from kefu.storage.engine import KNOWN_REVISIONS, StoreUnusable

_MOST_MANIFEST = 1_073_741_824  # bytes: some millions of files
_OTHER_ARCHIVES = (".gz", ".tgz", ".zip", ".zst", ".xz", ".bz2", ".7z", ".db", ".sqlite")


class _Archive(Protocol):
    def add(self, name: str, source: IO[bytes], size: int) -> Part:
        """Copy ``size`` bytes under ``name``."""

    def finish(self) -> None:
        """Everything is there: give the backup its name."""


def make_backup(settings: Settings, target: str) -> str:
    """Back up to the folder or ``.tar`` file ``target``, ``-``: standard output.

    Returns what to say. Raises Unusable, StoreUnusable.
    """
    with _working(target):
        return _make_backup(settings, target)


def _make_backup(settings: Settings, target: str) -> str:
    url, files = settings.database_url, settings.data_dir / "files"
    kind = kind_of(url)
    with _archive(target) as (archive, scratch):
        progress = Progress()
        # Files before the database: what a row names is there by then. Those that come meanwhile
        # are taken after it.
        parts: dict[str, Part] = {}
        progress.say("backup_files")
        _add_files(archive, files, snapshot.list_keys(url), parts)
        progress.say("backup_database")
        contents = snapshot.take_snapshot(url, scratch, progress)
        _add_files(archive, files, contents.keys, parts)
        with scratch.open("rb") as source:
            size = scratch.stat().st_size
            parts[DATABASES[kind]] = archive.add(DATABASES[kind], source, size)
        manifest = manifest_of(kind, contents, parts)
        written = encoded(manifest)
        archive.add(MANIFEST, io.BytesIO(written), len(written))
        archive.finish()
    name = texts("backup_stdout") if target == "-" else target
    said = texts("backup_made", **_about(manifest), target=name)
    missing = len(wanted_parts(kind, contents)) - len(manifest.parts)
    return f"{said}\n{texts('backup_misses', count=missing)}" if missing else said


def restore_backup(settings: Settings, source: str, *, replace: bool) -> str:
    """Put a backup in the place of the store; returns what to say.

    ``replace``: data that is there is moved aside. Raises Unusable, StoreUnusable.
    """
    with _working(source):
        return _restore_backup(settings, source, replace=replace)


@contextmanager
def _working(where: str) -> Iterator[None]:
    """Turn what the system says into one line. Raises Unusable."""
    os.umask(0o077)  # whatever is made is its owner's alone
    try:
        yield
    except (tarfile.TarError, EOFError):
        raise Unusable(texts("restore_no_tar", source=where)) from None
    except BrokenPipeError:
        raise
    except OSError as error:
        path, reason = error.filename or where, texts.reason(error.strerror or error)
        raise Unusable(texts("backup_failed", path=path, reason=reason)) from None


def _restore_backup(settings: Settings, source: str, *, replace: bool) -> str:
    if not source:  # a variable of a script that was not set, not the directory that one is in
        raise Unusable(texts("restore_nothing"))
    url, data = settings.database_url, settings.data_dir
    with claim_store(url, data):
        place = Place(url, data)
        if not (replace or place.went_on) and place.is_taken():
            raise Unusable(texts("restore_taken", path=place.name))
        place.check_movable()
        try:
            manifest = _stage(source, place)
            place.check(manifest)
            _swap(place)
        finally:
            place.clean()
    told = [texts("restore_done", **_about(manifest), path=place.name)]
    if asides := place.asides():
        told.append(texts("restore_aside", path=", ".join(map(str, asides))))
    return "\n".join([*told, texts("restore_next")])


def _swap(place: Place) -> None:
    """Raises Unusable, which names the way back if there is any but the same command."""
    try:
        place.swap()
    except (OSError, StoreUnusable) as error:
        reason = texts.fault(error) if isinstance(error, StoreUnusable) else _reason(error)
        if not place.is_half():
            raise Unusable(texts("restore_undone", reason=reason)) from None
        backups = [path for path in place.asides() if (path / MANIFEST).exists()]
        key = "restore_stopped" if backups else "restore_again"
        raise Unusable(texts(key, reason=reason, path=next(iter(backups), ""))) from None


def _reason(error: OSError) -> object:
    reason = texts.reason(error.strerror or error)
    return texts("backup_failed", path=error.filename, reason=reason) if error.filename else reason


class Progress:
    """One line that is written over, for people who watch; nothing into a file or a pipe."""

    def __init__(self) -> None:
        self._shown = sys.stderr.isatty()

    def say(self, key: str) -> None:
        """What is done now."""
        if self._shown:
            typer.echo(texts(key), err=True)

    def __call__(self, done: int, total: int) -> None:
        """How much of it is done."""
        if self._shown and total:
            end = "\n" if done == total else ""
            typer.echo(f"\r{100 * done // total:3} %{end}", err=True, nl=False)


def _about(manifest: Manifest) -> dict[str, object]:
    size = sum(part.bytes for part in manifest.parts.values())
    return {
        "made_at": manifest.made_at,
        "entries": manifest.entries,
        "files": len(manifest.parts) - 1,
        "mb": f"{size / 1e6:.1f}",
    }


def _add_files(
    archive: _Archive, folder: Path, keys: Iterable[str], parts: dict[str, Part]
) -> None:
    """Add those that are not yet in ``parts``; one that is gone meanwhile is left out."""
    for name in sorted(map(path_of, keys)):
        if name in parts:
            continue
        with suppress(FileNotFoundError), (folder.parent / name).open("rb") as source:
            parts[name] = archive.add(name, source, os.fstat(source.fileno()).st_size)


class _Folder:
    """A backup as files; it has its name once it is whole."""

    def __init__(self, part: Path, target: Path) -> None:
        self._target, self._part = target, part
        part.mkdir(mode=0o700)

    def add(self, name: str, source: IO[bytes], size: int) -> Part:
        return write_file(self._part / name, source, size)

    def finish(self) -> None:
        for folder in {path.parent for path in self._part.rglob("*")}:
            sync_folder(folder)
        self._part.rename(self._target)
        sync_folder(self._target.parent)


class _Tar:
    """A backup as one file, or on standard output."""

    def __init__(self, stream: IO[bytes], finish: Callable[[], None]) -> None:
        self._tar = tarfile.TarFile(
            fileobj=_Counting(stream),  # type: ignore[arg-type]
            mode="w",
            format=tarfile.PAX_FORMAT,
        )
        self._finish = finish

    def add(self, name: str, source: IO[bytes], size: int) -> Part:
        head = tarfile.TarInfo(name)
        head.size, head.mode = size, 0o600
        reader = _Reader(source, size)
        self._tar.addfile(head, reader)  # type: ignore[arg-type]
        return reader.part()

    def finish(self) -> None:
        self._tar.close()
        self._finish()


class _Counting:
    """What ``tarfile`` needs of a file that may be a pipe. (Its own way for pipes writes once more
    when it is forgotten, and complains to the terminal if that fails.)"""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream, self._written = stream, 0

    def write(self, part: bytes) -> int:
        """Write all of it."""
        self._stream.write(part)
        self._written += len(part)
        return len(part)

    def tell(self) -> int:
        """How much was written."""
        return self._written


class _Reader:
    """Reads a file that may not change its size, and hashes it on the way."""

    def __init__(self, source: IO[bytes], size: int) -> None:
        self._source, self._size = source, size
        self._digest = hashlib.sha256()

    def read(self, size: int) -> bytes:
        """The next bytes."""
        read = self._source.read(size)
        self._digest.update(read)
        return read

    def part(self) -> Part:
        """What was read."""
        return Part(self._size, self._digest.hexdigest())


@contextmanager
def _archive(target: str) -> Iterator[tuple[_Archive, Path]]:
    """Where a backup goes, and where the copy of the database lies until it is in it.

    Nothing is left of one that fails. What a killed one left has the same names whatever the
    target's, so the next backup into the same folder removes it. Raises Unusable.
    """
    if target == "-":
        if sys.stdout.isatty():
            raise Unusable(texts("backup_terminal"))
        with _standard_output() as stream, tempfile.TemporaryDirectory(prefix="kefu-") as folder:
            yield _Tar(stream, stream.flush), Path(folder) / "database"
        return
    path = Path(target)
    if path.suffix in _OTHER_ARCHIVES:
        raise Unusable(texts("backup_form", path=path, suffix=path.suffix))
    whole = path.suffix == ".tar"
    if path.exists() and (whole or not path.is_dir() or any(path.iterdir())):
        raise Unusable(texts("backup_exists", path=path))
    part, scratch = (path.with_name(f"kefu-backup{end}") for end in (".part", ".database.part"))
    with _alone(scratch):
        try:
            _remove(part)
            if whole:
                with _new_file(part) as stream:
                    yield _Tar(stream, partial(_keep, stream, part, path)), scratch
            else:
                yield _Folder(part, path), scratch
        finally:
            _remove(part)
            _remove(scratch)


@contextmanager
def _alone(scratch: Path) -> Iterator[None]:
    """Make ``scratch``, locked: one backup at a time is written into a folder."""
    handle = os.open(scratch, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        os.ftruncate(handle, 0)
        yield
    except BlockingIOError:
        raise Unusable(texts("backup_under_way", path=scratch.parent)) from None
    finally:
        os.close(handle)


@contextmanager
def _standard_output() -> Iterator[IO[bytes]]:
    """Standard output for bytes; what it does not take is not tried again at the end."""
    stream = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    try:
        yield stream
    finally:
        with suppress(OSError):
            stream.close()


def _new_file(path: Path) -> IO[bytes]:
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")


def _keep(stream: IO[bytes], part: Path, path: Path) -> None:
    """The file is whole: give it its name."""
    stream.flush()
    os.fsync(stream.fileno())
    part.rename(path)
    sync_folder(path.parent)


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def _stage(source: str, place: Place) -> Manifest:
    """Lay a backup down beside the store, and see that all of it is there as it was made.

    Raises Unusable: it is none, it is damaged, or it is of the other kind of database.
    """
    place.clean()
    place.staged.mkdir(mode=0o700)
    found: dict[str, Part] = {}
    written: bytes | None = None
    with ExitStack() as stack:
        for name, stream, size in _read_parts(source, place.kind, stack):
            if name == MANIFEST:
                written = stream.read(min(size, _MOST_MANIFEST))
            elif name in DATABASES.values() or FILE.fullmatch(name):
                found[name] = write_file(place.path_of(name), stream, size)
    if written is None:
        raise Unusable(texts("restore_no_backup", source=source))
    manifest = _read_manifest(written, source, place.kind)
    for name in [DATABASES[place.kind], *manifest.parts]:
        if name not in found or found[name] != manifest.parts.get(name):
            raise Unusable(texts("restore_damaged", source=source, part=name))
    for name in found.keys() - manifest.parts.keys():  # let go of while the backup was made
        place.path_of(name).unlink()
    return manifest


def _read_manifest(written: bytes, source: str, kind: str) -> Manifest:
    try:
        manifest = msgspec.json.decode(written, type=Manifest)
    except msgspec.DecodeError:
        raise Unusable(texts("restore_damaged", source=source, part=MANIFEST)) from None
    if manifest.form != FORM or manifest.revision not in KNOWN_REVISIONS:
        raise Unusable(texts("restore_newer", source=source, version=manifest.kefu))
    if manifest.store != kind:
        raise Unusable(texts("restore_other_kind", source=source, kind=manifest.store))
    return manifest


def _read_parts(source: str, kind: str, stack: ExitStack) -> Iterator[tuple[str, IO[bytes], int]]:
    """Each file of a backup: its path in it, its content, its size. Raises Unusable."""
    root = Path(source)
    if source != "-" and root.is_dir():
        yield from _read_folder(root, kind)
        return
    raw = sys.stdin.buffer if source == "-" else stack.enter_context(root.open("rb"))
    try:
        tar = stack.enter_context(tarfile.TarFile.open(fileobj=raw, mode="r|*"))
    except TypeError:  # what ``tarfile`` makes of a gzip header that ends halfway
        raise tarfile.ReadError from None
    for member in tar:
        if member.isreg() and (content := tar.extractfile(member)):
            yield member.name, content, member.size


def _read_folder(root: Path, kind: str) -> Iterator[tuple[str, IO[bytes], int]]:
    """What the manifest of a folder names and, unlike it, may be the name of a part."""
    if not (root / MANIFEST).is_file():
        raise Unusable(texts("restore_no_backup", source=root))
    manifest = _read_manifest((root / MANIFEST).read_bytes(), str(root), kind)
    names = [one for one in manifest.parts if one in DATABASES.values() or FILE.fullmatch(one)]
    for name in [MANIFEST, *names]:
        with suppress(FileNotFoundError), (root / name).open("rb") as stream:
            yield name, stream, os.fstat(stream.fileno()).st_size
