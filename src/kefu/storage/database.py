"""The store in use: reads beside one writer that commits in groups.

Rules: everything that writes goes through one queue to one thread, in the order it was asked for.
The thread takes whatever is waiting, runs it in one transaction, commits once, and only then is
anybody answered, on the event loop, in the same order. Commits begin at least ``PACE_S`` apart. If
the store cannot take a group, nothing of the group is in it and everybody in the group is told
Unavailable; the next group tries again.
Why: docs/decisions/0005-group-commit.md.
Not here: statements (``messages``, ``conversations``), connections (``engine``).
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from queue import SimpleQueue
from threading import Thread
from typing import Any, TypeVar

import structlog
from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from kefu.core.conversation import Message, NewMessage
from kefu.core.errors import ChatError, TooMany, Unavailable
from kefu.storage.claims import Claim
from kefu.storage.engine import (
    StoreUnusable,
    check_store,
    check_there,
    explained,
    reader_engine,
    reason,
    writer_engine,
)
from kefu.storage.writer import Said, Work, Writer

T = TypeVar("T")
Operation = tuple[Work, Callable[[Any], None]]  # the work, and what is told its result on the loop

# One commit begins at most this often. Whoever writes after a pause waits for nothing; under load
# groups get large, and a large group costs several times less per message.
PACE_S = 0.002

log = structlog.get_logger()


class Database:
    """A store that is open. All methods belong to the event loop that called ``start``."""

    def __init__(
        self,
        url: str,
        *,
        lock_wait_s: float = 3.0,
        max_pending: int = 10_000,
        readers: int = 4,
        claim: Claim | None = None,
    ) -> None:
        """Take note; ``start`` opens.

        Args:
            url: SQLAlchemy's form, ``sqlite:///FILE`` or ``postgresql+psycopg://…``.
            lock_wait_s: how long a group waits for another writer before it is refused.
            max_pending: writes that may wait; one more is refused with TooMany.
            readers: reads that run at the same time; more wait for their turn.
            claim: of a server, on this store.
        Raises:
            StoreUnusable: the URL is not one of a store.
        """
        self._url = url
        self._max_pending = max_pending
        claimed = claim.engine if claim else None
        self._write_engine = claimed or writer_engine(url, lock_wait_s=lock_wait_s)
        self._read_engine = reader_engine(url, connections=readers)
        self._readers = ThreadPoolExecutor(readers, thread_name_prefix="kefu-read")
        self._writer = Thread(target=self._write_groups, name="kefu-write", daemon=True)
        self._queue: SimpleQueue[Operation | None] = SimpleQueue()
        self._written = asyncio.Event()  # the writer has ended
        self._pending = 0
        self._closing = False

    async def start(self) -> None:
        """Open the store. Raises StoreUnusable: it is not there or not of this version."""
        self._loop = asyncio.get_running_loop()
        try:
            await self._loop.run_in_executor(self._readers, self._check)
        except StoreUnusable:
            self._release_readers()
            self._write_engine.dispose()
            raise
        self._writer.start()

    async def close(self, deadline_s: float | None = None) -> None:
        """Finish what is waiting, answer it, then close. Anything later is Unavailable.

        ``deadline_s``: give a store up that does not answer by then; its threads end with the
        process. A second call does nothing.
        """
        if self._closing:
            return
        self._closing = True
        with suppress(TimeoutError):
            await asyncio.wait_for(self._finish(), deadline_s)

    async def _finish(self) -> None:
        # Readers first: the last connection to a SQLite file puts its log away, and only a writer
        # can. After that the file alone is the whole store.
        await asyncio.to_thread(self._release_readers)
        self._queue.put(None)
        await self._written.wait()
        marks = [*self._waiting()]  # of after_pending: nothing else is let in while closing
        self._answer(marks, [None] * len(marks))
        self._write_engine.dispose()

    async def read(self, fn: Callable[[Connection], T]) -> T:
        """Run ``fn`` in a reading transaction of one snapshot, in another thread.

        Raises what ``fn`` raises, and Unavailable: the store cannot be read now.
        """
        if self._closing:
            raise Unavailable
        return await self._loop.run_in_executor(self._readers, self._read, fn)

    async def write(
        self, fn: Callable[[Connection], T], then: Callable[[T], None] | None = None
    ) -> T:
        """Run ``fn`` in the next group and return its result once that is committed.

        What ``fn`` raises undoes ``fn`` alone and is raised here. ``fn`` may run twice if the
        database interrupts the group, and is not undone if the caller is cancelled. ``then`` is
        told the result on the loop in the order of the commits, also when the caller is gone; it
        must not raise.
        Raises TooMany, Unavailable.
        """
        future: asyncio.Future[T] = self._loop.create_future()

        def done(result: T | Exception) -> None:
            if then and not isinstance(result, Exception):
                then(result)
            settle(future, result)

        self._submit(fn, done)
        return await future

    def run(self, fn: Callable[[Connection], T], done: Callable[[T | Exception], None]) -> None:
        """As ``write``, in order with the appends: ``done`` is told what ``write`` would raise."""
        self._submit(fn, done)

    def append(self, new: NewMessage | Said, done: Callable[[Message | ChatError], None]) -> None:
        """Store ``new`` with the next group; ``done`` is told the message once it is committed.

        ``done`` is called on the loop, never from within this call, in the order of the appends,
        and must not raise. It gets a ChatError instead if the message is not stored: Conflict,
        BadInput, TooMany, Unavailable; or the one that the look of a ``Said`` raised.
        """
        self._submit(new, done)

    def after_pending(self, callback: Callable[[], None]) -> None:
        """Call ``callback`` when everything submitted so far is answered; now, if it is."""
        if self._pending:
            self._pending += 1
            self._queue.put((None, lambda _: callback()))
        else:
            callback()

    def _submit(self, work: Work, done: Callable[[Any], None]) -> None:
        if self._closing:
            self._refuse((work, done), Unavailable())
        elif self._pending >= self._max_pending:
            self._refuse((work, done), TooMany())
        else:
            self._pending += 1
            self._queue.put((work, done))

    def _refuse(self, operation: Operation, refusal: ChatError) -> None:
        self._pending += 1
        self._loop.call_soon(self._answer, [operation], [refusal])

    def _answer(self, group: Sequence[Operation], results: Iterable[Any]) -> None:
        for (_, done), result in zip(group, results, strict=True):
            self._pending -= 1
            try:
                done(result)
            except Exception:  # one listener's fault must not cost the others their answers
                log.exception("answer_failed")

    def _release_readers(self) -> None:
        self._readers.shutdown()
        self._read_engine.dispose()

    def _check(self) -> None:
        check_there(self._url)
        with explained(self._url):
            with self._write_engine.begin() as conn:
                check_store(conn)
            with self._read_engine.connect() as conn:
                check_store(conn)

    def _read(self, fn: Callable[[Connection], T]) -> T:
        try:
            with self._read_engine.connect() as conn:
                return fn(conn)
        except DBAPIError as error:
            log.error("store_cannot_read", reason=reason(error))
            raise Unavailable() from error

    def _write_groups(self) -> None:
        """Commit group after group until ``close``. Runs in the writer thread."""
        writer = Writer(self._write_engine)
        next_s = 0.0
        while operation := self._queue.get():
            if (early_s := next_s - time.monotonic()) > 0:
                time.sleep(early_s)
            next_s = time.monotonic() + PACE_S
            group = [operation, *self._waiting()]
            try:
                results = writer.commit([work for work, _ in group])
            except Unavailable:
                # Who came meanwhile has waited for the same fault.
                group += self._waiting()
                results = [Unavailable() for _ in group]
            self._loop.call_soon_threadsafe(self._answer, group, results)
        writer.close()
        self._loop.call_soon_threadsafe(self._written.set)

    def _waiting(self) -> Iterator[Operation]:
        while not self._queue.empty():
            operation = self._queue.get()
            if operation is None:  # the end: leave it for the loop above
                self._queue.put(None)
                return
            yield operation


def settle(future: asyncio.Future[T], result: T | Exception) -> None:
    """Give ``future`` its result, unless nobody waits for it any more."""
    if future.cancelled():
        return
    if isinstance(result, Exception):
        future.set_exception(result)
    else:
        future.set_result(result)
