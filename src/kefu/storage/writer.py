"""One group of writes, one transaction.

Rules: a group is stored as a whole or not at all, and its results exist only after COMMIT. A write
function's own fault undoes that function alone; a fault of the database undoes the group. After
any fault the connection and the remembered ids are thrown away, so that the next group starts from
what is really stored.
Not here: who waits for what, threads, the event loop (``database``).
"""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Callable, Sequence
from itertools import groupby
from typing import Any, NamedTuple

import msgspec
import structlog
from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError, OperationalError

from kefu.core.conversation import Message, NewMessage
from kefu.core.errors import ChatError, NotStored, PerhapsStored, Unavailable
from kefu.storage import access
from kefu.storage.appending import Known, append_messages
from kefu.storage.claims import StoreTaken
from kefu.storage.desk import get_epoch
from kefu.storage.engine import LOG_BYTES, log_of, reason
from kefu.storage.lines import Lines
from kefu.storage.states import follow, may_move, news_of
from kefu.storage.trouble import Trouble


class Said(NamedTuple):
    """A message of somebody who is looked at again if anything was revoked after ``since``.

    A ChatError that ``look`` raises refuses the message.
    """

    new: NewMessage
    since: int
    look: Callable[[Connection], None]


Work = NewMessage | Said | Callable[[Connection], Any] | None  # None: nothing to do

INTERRUPTED = {"40001", "40P01"}  # SQLSTATE of a serialization failure and of a deadlock

LOG_LOOK_S = 1.0  # between two looks at the length of SQLite's log
LOG_SHARE = 0.1  # of the writer's time goes into it, at most
LOG_WAIT_MS = 250  # for readers, with a log of ``LOG_BYTES``; with a longer one, longer
MOST_LOG_WAIT_MS = 2_000
LONG_LOGS = 4  # times ``LOG_BYTES``: then the operator is told

log = structlog.get_logger()


class Writer:
    """The one connection that writes. Belongs to one thread, but for ``cut_off``."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._conn: Connection | None = None
        self._known = Known()
        self._committing = False
        self._lines = Lines(engine)
        self._thread: int | None = None
        self._cut_off = False
        self._log = log_of(engine)
        self._looks_s = 0.0
        self.trouble = Trouble("store_cannot_write", "store_writes_again")
        self.doubt = Trouble("store_may_keep_what_was_refused", "store_keeps_what_it_says_again")
        self.log_trouble = Trouble("store_log_stays_long", "store_log_is_short_again")

    def begin(self) -> None:
        """The next ``commit`` is of this thread, and nobody has given it up yet."""
        self._thread = threading.get_ident()
        self._cut_off = self._committing = False

    def cut_off(self) -> None:
        """End the ``commit`` under way, for whose result nobody waits any more; any thread may.

        Nothing more is begun for it. A COMMIT that was sent may still be stored (``refusal``).
        """
        self._cut_off = True
        self._lines.cut(self._thread)

    @property
    def refusal(self) -> type[Unavailable]:
        """What is true of a ``commit`` that was cut off, or whose thread has died."""
        return PerhapsStored if self._committing else NotStored

    def commit(self, group: Sequence[Work]) -> list[Any]:
        """Do the work in its order, commit it, return the results.

        The result of a message is what ``append_messages`` says, that of a function what it
        returned or the exception it raised.
        Raises NotStored: nothing of the group is; PerhapsStored: the connection broke or was cut
        off during COMMIT itself, so the database alone knows, and a repeat under the same client id
        finds out. StoreTaken: another server has the store now.
        """
        try:
            results = self._commit_or_reconnect(group)
        except DBAPIError as error:
            is_gone = self._overwrite(error)
            self.close()
            if not self._cut_off:  # else it is told already
                self.trouble.failed(reason(error))
            raise (NotStored if is_gone else PerhapsStored) from error
        except (StoreTaken, Unavailable):
            self.close()
            raise
        except Exception as error:  # a bug here must not end all writing
            self.close()
            log.exception("store_write_failed", operations=len(group))
            raise self.refusal from error
        self.trouble.worked()
        self.doubt.worked()
        return results

    def shorten_log(self) -> None:
        """Copy SQLite's log back and begin it anew, if it has grown long.

        SQLite does so by itself, but not as long as some reader always needs what is in the log: as
        soon as reads overlap without a pause, it would grow for ever. So whoever begins to read
        waits for nothing, and this thread waits for those who have begun. Blocks, the longer the
        longer the log has become.
        """
        if self._log is None or self._conn is None or time.monotonic() < self._looks_s:
            return
        begun_s = time.monotonic()
        self._looks_s = begun_s + LOG_LOOK_S
        try:
            size = self._log.stat().st_size
        except OSError:
            return
        if size <= LOG_BYTES:
            self.log_trouble.worked()
            return
        opened: sqlite3.Connection = self._conn.connection.driver_connection  # type: ignore[assignment]
        try:
            (before_ms,) = opened.execute("PRAGMA busy_timeout").fetchone()
            wait_ms = min(LOG_WAIT_MS * size // LOG_BYTES, MOST_LOG_WAIT_MS)
            opened.execute(f"PRAGMA busy_timeout={wait_ms}")
            try:
                busy, *_ = opened.execute("PRAGMA wal_checkpoint(RESTART)").fetchone()
            finally:
                opened.execute(f"PRAGMA busy_timeout={before_ms}")
        except sqlite3.Error as error:
            self.log_trouble.failed(getattr(error, "sqlite_errorname", type(error).__name__))
        else:
            if busy and size > LONG_LOGS * LOG_BYTES:
                self.log_trouble.failed("somebody reads without end")
        took_s = time.monotonic() - begun_s
        self._looks_s = max(self._looks_s, begun_s + took_s / LOG_SHARE)

    def close(self) -> None:
        """Forget the connection and all that was learnt through it."""
        self._known.forget()
        if self._conn is not None:
            conn, self._conn = self._conn, None
            conn.invalidate()
            conn.close()

    def _overwrite(self, fault: DBAPIError) -> bool:
        """Let a refused group be gone for good, before anybody is told that it was refused.

        Returns whether it is, after ``fault``.

        If the disk fails at the flush of COMMIT, SQLite takes the group back, but its pages stand
        complete at the end of the log: a process killed now would leave them to the next one, which
        takes them for committed. The next transaction is written over them, so one is written here;
        it need not be flushed to be what a next process reads.
        """
        if not self._committing:
            return True
        if self._conn is None or self._conn.dialect.name != "sqlite":
            return not fault.connection_invalidated  # what PostgreSQL says itself is so
        try:
            with self._conn.begin():
                try_to_write(self._conn)
        except DBAPIError as error:
            if _name(error) != "SQLITE_IOERR_FSYNC":
                self.doubt.failed(reason(error))
                # Without room for it, the mark that ends a group in the log was not written.
                return _name(fault) in ("SQLITE_FULL", "SQLITE_IOERR_WRITE", "SQLITE_BUSY")
        return True

    def _commit_or_reconnect(self, group: Sequence[Work]) -> list[Any]:
        """Try once more if the connection had died while idle, or the database chose a victim."""
        try:
            return self._transact(group)
        except DBAPIError as error:
            interrupted = getattr(error.orig, "sqlstate", None) in INTERRUPTED
            lost = error.connection_invalidated or interrupted
            if self._committing or self._cut_off or not lost:
                raise
            self.close()
        return self._transact(group)

    def _transact(self, group: Sequence[Work]) -> list[Any]:
        self._committing = False
        if self._conn is None:
            self._conn = self._engine.connect()
        if self._cut_off:
            raise NotStored
        with self._conn.begin():
            self._known.check(self._conn)
            results = self._run(self._conn, group)
            self._committing = True  # first: whoever cuts off looks in the other order
            if self._cut_off:
                self._committing = False
                raise NotStored
        return results

    def _run(self, conn: Connection, group: Sequence[Work]) -> list[Any]:
        results: list[Any] = []
        for is_said, run in groupby(group, lambda work: isinstance(work, NewMessage | Said)):
            works = list(run)
            if is_said:
                results += self._say(conn, works)
            else:
                results += [_run_alone(conn, work) if callable(work) else None for work in works]
                self._known.forget_touched(conn)
        return results

    def _say(self, conn: Connection, works: Sequence[Work]) -> list[Any]:
        """Append the messages of whoever may still say something."""
        refused = {i: fault for i, work in enumerate(works) if (fault := _ended(conn, work))}
        news = [
            work.new if isinstance(work, Said) else work
            for i, work in enumerate(works)
            if i not in refused and isinstance(work, NewMessage | Said)
        ]
        stored = iter(self._append(conn, news) if news else ())
        return [refused[i] if i in refused else next(stored) for i in range(len(works))]

    def _append(self, conn: Connection, news: Sequence[NewMessage]) -> list[Message | ChatError]:
        results = append_messages(conn, news, self._known)
        stored = [
            (i, result)
            for i, result in enumerate(results)
            if isinstance(result, Message) and not result.repeated
        ]
        moving = [one for _, one in stored if self._may_move(one)]
        if moving:
            # What is stored last is published last: a feed's cursor must not go back.
            i, newest = stored[-1]
            moves = [move for one in moving if (move := follow(conn, one))]
            then = news_of(conn, moves, get_epoch(conn)) if moves else ()
            results[i] = msgspec.structs.replace(newest, then=tuple(then))
        self._known.forget_touched(conn)
        return results

    def _may_move(self, message: Message) -> bool:
        place = self._known.conversations.get(message.conversation_key)
        return place is not None and may_move(
            message, place.status, offered=place.offered_ms is not None
        )


def _ended(conn: Connection, work: Work) -> Exception | None:
    """Why the message of this work is not to be stored. No look at the store but after an end."""
    if not isinstance(work, Said) or work.since >= access.newest_revoked_here(conn):
        return None
    fault: Exception | None = _run_alone(conn, work.look)
    return fault


def _name(error: DBAPIError) -> str:
    """What SQLite calls it."""
    return getattr(error.orig, "sqlite_errorname", "")


def try_to_write(conn: Connection) -> None:
    """Write something that changes nothing; a store that only begins and commits writes nothing."""
    conn.exec_driver_sql("UPDATE alembic_version SET version_num = version_num")


def _run_alone(conn: Connection, fn: Callable[[Connection], Any]) -> Any:
    try:
        with conn.begin_nested():
            return fn(conn)
    except OperationalError:  # the database's fault: the group cannot go on
        raise
    except Exception as error:  # noqa: BLE001 - whatever it is, it is raised where fn came from
        access.forget_revoked_here(conn)
        return error
