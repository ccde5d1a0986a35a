"""One server on one store, and on one data directory: claimed before anything is touched.

Rules: a claim is the operating system's or the database's own lock, so it ends with the process,
also after kill -9, and leaves nothing to tidy. A SQLite file is claimed under its real path, by a
lock beside it; so whoever comes by a symbolic link or from another directory meets the same lock.
On PostgreSQL the lock belongs to the very connection that writes: a server that has lost its claim
cannot write, and takes the claim again with its next connection, or learns that another has it.
Whatever is no server (``kefu agent``, ``history``, ``backup``) claims nothing and works beside one.
For who must be sure that no server runs, such as a restore:

    with claim_store(settings.database_url, settings.data_dir):  # raises StoreTaken
        ...

Not here: the lock of those who write one after another (``appending.Known``), migrating
(``migrations``).
"""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Sequence
from contextlib import ExitStack, suppress
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from sqlalchemy import Engine, event

from kefu.storage.engine import StoreUnusable, explained, file_of, store_name, writer_engine
from kefu.storage.private import keep_private

DIRECTORY_LOCK = "kefu.lock"
FILE_LOCK = ".lock"  # after the database's own name
# PostgreSQL's lock of a server: "kefu" and the schema, so that two stores can share a database.
_KEY = (
    "(1801807477::bigint << 32) + coalesce("
    "(SELECT oid::bigint FROM pg_namespace WHERE nspname = current_schema()), 0)"
)
_TRY = f"SELECT pg_try_advisory_lock({_KEY})"
_HOLDER = (
    "SELECT pid, backend_start FROM pg_locks JOIN pg_stat_activity USING (pid)"  # noqa: S608
    " WHERE locktype = 'advisory' AND granted AND objsubid = 1"
    " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
    f" AND (classid::bigint << 32) + objid::bigint = {_KEY}"
)
_MYSELF = "SELECT pid, backend_start FROM pg_stat_activity WHERE pid = pg_backend_pid()"
_OWN_WAIT_S = 2.0  # for an earlier session of this server to end
_OWN_AGAIN_S = 0.02


class StoreTaken(StoreUnusable):
    """Another server has this store, or this data directory."""


class Claim:
    """A store that is this process's alone; ``close`` it, or use it in a ``with``.

    A block that ends by an error abandons it: what could not be done leaves nothing behind.
    ``engine``: on PostgreSQL the one whose connections hold the claim, for the writer; else None.
    """

    def __init__(self, held: ExitStack, engine: Engine | None, made: Sequence[Path]) -> None:
        self._held = held
        self._made = made
        self.engine = engine

    def abandon(self) -> None:
        """``close``, and take away the locks that were made for it, and the directories that were,
        if nothing is in them."""
        _take_away(self._made)
        self.close()

    def close(self) -> None:
        """Let others have it. A second call does nothing."""
        self._held.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if error is None:
            self.close()
        else:
            self.abandon()


def claim_store(
    url: str,
    data_dir: Path | None,
    *,
    lock_wait_s: float = 3.0,
    statement_s: float | None = None,
) -> Claim:
    """Claim the store at ``url`` and ``data_dir``, which is made if it is not there; None: no such.

    Changes nothing else. ``lock_wait_s``, ``statement_s``: of the engine (``writer_engine``).
    Raises StoreTaken: a server has one of both; StoreUnusable: one of both cannot be used.
    """
    file = file_of(url)
    engine = None
    made = _missing(data_dir) if data_dir else []
    with ExitStack() as held:
        try:
            if file is None:
                engine = writer_engine(url, lock_wait_s=lock_wait_s, statement_s=statement_s)
                _claim_session(engine, url, held)
            elif data_dir and file.parent == data_dir.absolute().resolve():
                _claim_directory(data_dir, held, made)
                data_dir = None
                _claim_file(file, held, made)
            else:
                _claim_file(file, held, made)
            if data_dir:
                _claim_directory(data_dir, held, made)
        except StoreUnusable:
            _take_away(made)
            raise
        return Claim(held.pop_all(), engine, made)


def _missing(path: Path) -> list[Path]:
    """``path`` and what is above it, as far as it is not there; the innermost first."""
    with suppress(OSError):  # whoever makes it will say what is wrong
        return [one for one in (path, *path.parents) if not one.exists()]
    return []


def _take_away(made: Sequence[Path]) -> None:
    """Remove these locks and directories, but not what somebody put into them.

    The locks go while this process holds them: whoever opened one meanwhile sees that it is gone
    (``_lock``).
    """
    for path in made:
        with suppress(OSError):
            if path.is_dir():
                path.rmdir()
            else:
                path.unlink()


def _claim_directory(path: Path, held: ExitStack, made: list[Path]) -> None:
    try:
        path.mkdir(parents=True, exist_ok=True, mode=0o700)
        taken = not _lock(path / DIRECTORY_LOCK, held, made)
    except OSError as error:
        raise StoreUnusable(
            "{path}: cannot use this directory: {reason}", path=path, reason=error.strerror
        ) from None
    if taken:
        raise StoreTaken(
            "{path}: another Kefu uses this directory; stop it or choose another with --data",
            path=path,
        )


def _claim_file(file: Path, held: ExitStack, made: list[Path]) -> None:
    try:
        taken = not _lock(file.with_name(file.name + FILE_LOCK), held, made)
        names = file.stat().st_nlink if file.exists() else 1
    except OSError as error:
        raise StoreUnusable(
            "cannot use {store}: {reason}", store=file, reason=error.strerror
        ) from None
    if taken:
        raise _taken(str(file))
    if names > 1:  # SQLite would keep another log under each name: https://sqlite.org/howtocorrupt
        raise StoreUnusable(
            "{store} has a second name (a hard link), under which another Kefu could open it "
            "unnoticed; remove one",
            store=file,
        )


def _lock(path: Path, held: ExitStack, made: list[Path]) -> bool:
    """Lock the file at ``path`` until ``held`` closes; False: somebody else has. Raises OSError.

    If it was not there, it goes before what is in ``made``, which is what it may lie in.
    """
    while True:
        handle, is_new = _opened(path)
        with ExitStack() as opened:
            opened.callback(os.close, handle)
            keep_private(path)
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return False
            if _is_at(handle, path):  # else whoever had it took it away
                if is_new:
                    made.insert(0, path)
                held.push(opened.pop_all())
                return True


def _opened(path: Path) -> tuple[int, bool]:
    """The file at ``path``, and whether it was made for that. Raises OSError."""
    flags = os.O_RDWR | os.O_CREAT | os.O_CLOEXEC
    try:
        return os.open(path, flags | os.O_EXCL, 0o600), True
    except FileExistsError:
        return os.open(path, flags, 0o600), False


def _is_at(handle: int, path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(handle), path.stat())
    except FileNotFoundError:
        return False


def _claim_session(engine: Engine, url: str, held: ExitStack) -> None:
    """Let the one connection of ``engine`` hold the claim, and whatever replaces it."""
    held.callback(engine.dispose)
    taking = _Taking(engine, store_name(url))
    event.listen(engine, "connect", taking)
    with explained(url):
        engine.connect().close()  # it stays in the pool, with its lock


class _Taking:
    """Takes the claim for each new connection of one engine."""

    def __init__(self, engine: Engine, store: str) -> None:
        self._broken = engine.dialect.loaded_dbapi.OperationalError
        self._store = store
        self._mine: object = None  # the session that had the claim last

    def __call__(self, opened: Any, _record: object) -> None:
        """Raises StoreTaken, and what the driver raises: not now."""
        try:
            self._take(opened)
        except BaseException:
            opened.close()
            raise

    def _take(self, opened: Any) -> None:
        until_s = time.monotonic() + _OWN_WAIT_S
        while not opened.execute(_TRY).fetchone()[0]:
            holder = opened.execute(_HOLDER).fetchone()
            if holder is not None and holder != self._mine:
                raise _taken(self._store)
            # The server may not know yet that the connection is gone on which we had it.
            if time.monotonic() > until_s:
                raise self._broken("an earlier session of this server does not end")
            if holder is not None:
                opened.execute("SELECT pg_terminate_backend(%s)", holder[:1])
            opened.commit()
            time.sleep(_OWN_AGAIN_S)
        self._mine = opened.execute(_MYSELF).fetchone()
        opened.commit()


def _taken(store: str) -> StoreTaken:
    return StoreTaken("{store}: another Kefu server uses this store; stop it first", store=store)
