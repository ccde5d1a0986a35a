"""The store in use: reads beside one writer that commits in groups.

Rules: everything that writes goes through one queue to one thread, in the order it was asked for.
The thread takes whatever is waiting, runs it in one transaction, commits once, and only then is
anybody answered, on the event loop, in the same order. Commits begin at least ``PACE_S`` apart. If
the store cannot take a group, nothing of the group is in it and everybody in the group is told
NotStored; the next group tries again. Nobody waits longer than the deadline, whatever hangs: whose
COMMIT was under way is told PerhapsStored, and a repeat under the same client id finds out. A
writer that has ended for ever is ``fault``: then the server has to end.
Why: docs/decisions/0005-group-commit.md, 0022-a-store-that-hangs.md.
Not here: statements (``messages``, ``conversations``), connections (``engine``), reads' threads
(``readers``).
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from enum import StrEnum
from queue import Empty, SimpleQueue
from threading import Lock, Thread
from typing import Any, TypeVar

import structlog
from sqlalchemy import Connection

from kefu.core.conversation import Message, NewMessage
from kefu.core.errors import ChatError, Fault, NotStored, TooMany, Unavailable
from kefu.storage.claims import Claim, StoreTaken
from kefu.storage.engine import (
    StoreUnusable,
    check_store,
    check_there,
    explained,
    reader_engine,
    store_name,
    writer_engine,
)
from kefu.storage.readers import NO_ANSWER, Readers, settle
from kefu.storage.writer import Said, Work, Writer, try_to_write

T = TypeVar("T")
Operation = tuple[Work, Callable[[Any], None]]  # the work, and what is told its result on the loop

# One commit begins at most this often. Whoever writes after a pause waits for nothing; under load
# groups get large, and a large group costs several times less per message.
PACE_S = 0.002
DEADLINE_S = 8.0  # a client's own patience is often 10 s
SILENT_S = 4.0  # without an answer the store is called silent; a wait for a lock is shorter
LOOK_S = 0.5  # between two looks at what takes too long
PROBE_S = 5.0  # without a write: does the store still take one?
PROBE_AGAIN_S = 1.0  # while it does not
CUT_S = 0.3  # for threads to end once they are cut off

log = structlog.get_logger()


class StoreLost(Fault):
    """The server ran and cannot go on with its store; started again, it may."""

    status = 1


class StoreState(StrEnum):
    """What the store answered last."""

    OK = "ok"
    SILENT = "silent"  # nothing yet, to something asked for seconds ago
    CANNOT_READ = "cannot_read"
    CANNOT_WRITE = "cannot_write"
    CLOSED = "closed"  # or about to be


class _Group:
    """What the writer has in its hands."""

    __slots__ = ("begun_s", "given_up", "operations")

    def __init__(self, operations: list[Operation]) -> None:
        self.operations = operations
        self.begun_s = time.monotonic()
        self.given_up = False  # everybody in it was refused


class Database:
    """A store that is open. All methods belong to the event loop that called ``start``.

    ``fault``: why nothing can be written any more, for ever; None: that is not so.
    """

    def __init__(
        self,
        url: str,
        *,
        lock_wait_s: float = 3.0,
        deadline_s: float = DEADLINE_S,
        max_pending: int = 10_000,
        readers: int = 4,
        claim: Claim | None = None,
    ) -> None:
        """Take note; ``start`` opens.

        Args:
            url: SQLAlchemy's form, ``sqlite:///FILE`` or ``postgresql+psycopg://…``.
            lock_wait_s: how long a group waits for another writer before it is refused.
            deadline_s: after which whoever reads or writes is refused, whatever the store does.
            max_pending: writes, and reads, that may wait; one more is refused with TooMany.
            readers: reads that run at the same time; more wait for their turn.
            claim: of a server, on this store.
        Raises:
            StoreUnusable: the URL is not one of a store.
        """
        self._url = url
        self._max_pending = max_pending
        self._deadline_s = max(deadline_s, lock_wait_s)
        claimed = claim.engine if claim else None
        self._write_engine = claimed or writer_engine(
            url, lock_wait_s=lock_wait_s, statement_s=self._deadline_s
        )
        self._writer = Writer(self._write_engine)
        self._thread = Thread(target=self._write_groups, name="kefu-write", daemon=True)
        self._readers = Readers(
            reader_engine(url, connections=readers, statement_s=self._deadline_s),
            threads=readers,
            deadline_s=self._deadline_s,
            most=max_pending,
        )
        self._queue: SimpleQueue[Operation | None] = SimpleQueue()
        self._handing = Lock()  # of ``_group`` and its ``given_up``
        self._group: _Group | None = None
        self._written = asyncio.Event()  # the writer has ended
        self._answered_s = 0.0  # when a group was answered last
        self._pending = 0
        self._closing = False
        self._look_again: asyncio.TimerHandle | None = None
        self.fault: Fault | None = None

    async def start(self) -> None:
        """Open the store. Raises StoreUnusable: it is not there or not of this version."""
        self._loop = asyncio.get_running_loop()
        checking = self._loop.run_in_executor(None, self._check)
        try:
            await asyncio.wait_for(asyncio.shield(checking), self._deadline_s)
        except (StoreUnusable, TimeoutError) as error:
            self._writer.cut_off()
            self._readers.give_all_up()
            await asyncio.wait([checking])
            checking.exception()  # the same, or what the cut led to
            self._readers.close()
            self._write_engine.dispose()
            if isinstance(error, StoreUnusable):
                raise
            raise StoreUnusable(
                "cannot use {store}: {reason}", store=store_name(self._url), reason=NO_ANSWER
            ) from error
        self._thread.start()
        self._answered_s = time.monotonic()
        self._look()

    async def close(self, deadline_s: float | None = None) -> None:
        """Finish what is waiting, answer it, then close. Anything later is Unavailable.

        ``deadline_s``: cut off a store that does not answer by then. A second call does nothing.
        """
        if self._closing:
            return
        self._closing = True
        finishing = self._loop.create_task(self._finish())
        _, unfinished = await asyncio.wait([finishing], timeout=deadline_s)
        if unfinished:
            self._readers.give_all_up()
            self._queue.put(None)
            if group := self._group:
                self._give_up(group)
            await asyncio.wait([finishing], timeout=CUT_S)
            finishing.cancel()
        if self._look_again:
            self._look_again.cancel()

    async def _finish(self) -> None:
        # Readers first: the last connection to a SQLite file puts its log away, and only a writer
        # can. After that the file alone is the whole store.
        await asyncio.to_thread(self._readers.close)
        self._queue.put(None)
        await self._written.wait()
        left = [*self._waiting()]  # of after_pending, or what a writer that died left
        self._answer(left, [NotStored() if work else None for work, _ in left])
        self._write_engine.dispose()

    @property
    def state(self) -> StoreState:
        """What the store answered last; asks it nothing."""
        if self._closing or self.fault:
            return StoreState.CLOSED
        group, oldest_s = self._group, self._readers.oldest_s()
        times = [oldest_s, group.begun_s if group else None]
        if any(at_s is not None and time.monotonic() - at_s > SILENT_S for at_s in times):
            return StoreState.SILENT
        if self._readers.trouble.lasts:
            return StoreState.CANNOT_READ
        return StoreState.CANNOT_WRITE if self._writer.trouble.lasts else StoreState.OK

    async def read(self, fn: Callable[[Connection], T]) -> T:
        """Run ``fn`` in a reading transaction of one snapshot, in another thread.

        ``fn`` may run twice if its connection had died. Raises what ``fn`` raises, TooMany, and
        Unavailable: the store cannot be read now.
        """
        if self._closing:
            raise Unavailable
        return await self._readers.read(fn)

    async def write(
        self, fn: Callable[[Connection], T], then: Callable[[T], None] | None = None
    ) -> T:
        """Run ``fn`` in the next group and return its result once that is committed.

        What ``fn`` raises undoes ``fn`` alone and is raised here. ``fn`` may run twice if the
        database interrupts the group, and is not undone if the caller is cancelled. ``then`` is
        told the result on the loop in the order of the commits, also when the caller is gone; it
        must not raise.
        Raises TooMany; NotStored, PerhapsStored.
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
        BadInput, TooMany, NotStored, PerhapsStored; or the one that the look of a ``Said`` raised.
        """
        self._submit(new, done)

    def after_pending(self, callback: Callable[[], None]) -> None:
        """Call ``callback`` when everything submitted so far is answered; now, if it is."""
        mark: Operation = (None, lambda _: callback())
        if not self._pending:
            callback()
        elif self.fault:
            self._answer_soon(mark, None)
        else:
            self._pending += 1
            self._queue.put(mark)

    def _submit(self, work: Work, done: Callable[[Any], None]) -> None:
        if self._closing or self.fault:
            self._answer_soon((work, done), NotStored())
        elif self._pending >= self._max_pending:
            self._answer_soon((work, done), TooMany())
        else:
            self._pending += 1
            self._queue.put((work, done))

    def _answer_soon(self, operation: Operation, result: ChatError | None) -> None:
        self._pending += 1
        self._loop.call_soon(self._answer, [operation], [result])

    def _answer(self, group: Sequence[Operation], results: Iterable[Any]) -> None:
        self._answered_s = time.monotonic()
        for (_, done), result in zip(group, results, strict=True):
            self._pending -= 1
            try:
                done(result)
            except Exception:  # one listener's fault must not cost the others their answers
                log.exception("answer_failed")

    def _refuse_all(self, group: _Group | None, refusal: type[Unavailable]) -> None:
        """``refusal`` is for ``group``, which the writer had; those behind it were not begun."""
        begun, behind = group.operations if group else [], [*self._waiting()]
        refusals = [refusal() for _ in begun] + [NotStored() for _ in behind]
        self._answer([*begun, *behind], refusals)

    def _look(self) -> None:
        """Now and then: give up what takes too long, and see that the writer is there."""
        # First, so that no fault below ends the looking.
        self._look_again = self._loop.call_later(LOOK_S, self._look)
        now_s, group = time.monotonic(), self._group
        self._readers.look(now_s)
        if not self._thread.is_alive():
            self._end(None)
        elif group and now_s - group.begun_s >= self._deadline_s:
            self._loop.call_soon(self._give_up, group)  # after answers that are on their way
        elif not (self._pending or self._closing):
            failing = self._writer.trouble.lasts
            if now_s - self._answered_s >= (PROBE_AGAIN_S if failing else PROBE_S):
                # Without trouble it is enough to begin and commit, as that alone asks the store.
                self._submit(try_to_write if failing else None, lambda _: None)

    def _give_up(self, group: _Group) -> None:
        """Refuse ``group``, if the writer still has it, and cut the writer off."""
        with self._handing:
            if self._group is not group:
                return
            first, group.given_up = not group.given_up, True
            self._writer.cut_off()
            refusal = self._writer.refusal
        if first:
            self._writer.trouble.failed(NO_ANSWER)
            self._refuse_all(group, refusal)

    def _end(self, fault: Fault | None) -> None:
        """The writer has ended: by ``fault``; None: nobody knows why, unless it is closed."""
        if self._written.is_set():
            return
        self._written.set()
        if not self._closing or fault:
            self.fault = fault or StoreLost(
                "what writes to the store has died, so Kefu ends; start it again"
            )
            log.critical("writer_ended", reason=str(self.fault))
            with self._handing:
                group, self._group = self._group, None
            begun = None if group and group.given_up else group
            self._refuse_all(begun, self._writer.refusal)

    def _check(self) -> None:
        check_there(self._url)
        self._writer.begin()
        with explained(self._url):
            with self._write_engine.begin() as conn:
                check_store(conn)
            self._readers.check()

    def _write_groups(self) -> None:
        """Commit group after group until ``close``. Runs in the writer thread."""
        fault: Fault | None = None
        try:
            self._commit_groups()
        except StoreTaken:
            fault = StoreLost(
                "{store}: another Kefu server has this store now, so this one ends",
                store=store_name(self._url),
            )
        finally:
            try:
                self._writer.close()
            finally:
                self._loop.call_soon_threadsafe(self._end, fault)

    def _commit_groups(self) -> None:
        next_s = 0.0
        while operation := self._queue.get():
            if (early_s := next_s - time.monotonic()) > 0:
                time.sleep(early_s)
            next_s = time.monotonic() + PACE_S
            self._commit(_Group([operation, *self._waiting()]))
            self._shorten_log()

    def _shorten_log(self) -> None:
        """As a group of nobody's: whoever waits behind it is refused by the deadline, too."""
        self._take(_Group([]))
        self._writer.shorten_log()
        with self._handing:
            self._group = None

    def _take(self, group: _Group) -> None:
        with self._handing:
            self._writer.begin()
            self._group = group

    def _commit(self, group: _Group) -> None:
        self._take(group)
        results: list[Any] | None = None
        try:
            results = self._writer.commit([work for work, _ in group.operations])
        except Unavailable as error:
            refusal = type(error)
        with self._handing:
            self._group = None
            if group.given_up:
                if results is not None:
                    log.warning("store_kept_what_was_refused", operations=len(results))
                return
        if results is None:
            behind = [*self._waiting()]  # who came meanwhile has waited for the same fault
            results = [refusal() for _ in group.operations] + [NotStored() for _ in behind]
            group.operations += behind
        self._loop.call_soon_threadsafe(self._answer, group.operations, results)

    def _waiting(self) -> Iterator[Operation]:
        while True:
            try:
                operation = self._queue.get_nowait()
            except Empty:
                return
            if operation is None:  # the end: leave it for the writer's loop
                self._queue.put(None)
                return
            yield operation
