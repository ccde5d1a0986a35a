"""Reading the store in threads, each read within a deadline.

Rules: whoever asks is answered by the deadline, also if the database hangs, every thread is stuck
or more wait than can be served. What is then still under way is cut off, so that its thread is of
use again. A read is tried once more if its connection had died while idle.
Not here: what is read, writing (``database``).
"""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Generic, TypeVar

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError

from kefu.core.errors import TooMany, Unavailable
from kefu.storage.engine import check_store, reason
from kefu.storage.lines import Lines
from kefu.storage.trouble import Trouble

T = TypeVar("T")
NO_ANSWER = "no answer in time"


class _Reading(Generic[T]):
    """One read, on its way through a thread."""

    __slots__ = ("asked_s", "fn", "future", "given_up", "thread")

    def __init__(self, fn: Callable[[Connection], T], future: asyncio.Future[T]) -> None:
        self.fn = fn
        self.future = future
        self.asked_s = time.monotonic()
        self.thread: int | None = None  # while one works on it
        self.given_up = False


class Readers:
    """Threads that read. All methods but ``check`` belong to one event loop."""

    def __init__(self, engine: Engine, *, threads: int, deadline_s: float, most: int) -> None:
        """``most``: reads that may be under way or wait; one more is refused with TooMany."""
        self._engine = engine
        self._deadline_s = deadline_s
        self._most = most
        self._lines = Lines(engine)
        self._lock = threading.Lock()  # of the readings' ``thread``
        self._asked: dict[_Reading[Any], None] = {}  # in the order of the asking
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="kefu-read")
        self.trouble = Trouble("store_cannot_read", "store_reads_again")

    async def read(self, fn: Callable[[Connection], T]) -> T:
        """Run ``fn`` in a reading transaction of one snapshot.

        Raises what ``fn`` raises, and TooMany, Unavailable.
        """
        if len(self._asked) >= self._most:
            raise TooMany
        loop = asyncio.get_running_loop()
        future: asyncio.Future[T] = loop.create_future()
        reading = _Reading(fn, future)
        self._asked[reading] = None
        self._threads.submit(self._work, reading, loop)
        return await future

    def check(self) -> None:
        """Raise StoreUnusable if the store is not of this version; blocks."""
        with self._engine.connect() as conn:
            check_store(conn)

    def oldest_s(self) -> float | None:
        """When (monotonic s) the read was asked for that waits longest; None: none waits."""
        return next((reading.asked_s for reading in self._asked), None)

    def look(self, now_s: float) -> None:
        """Refuse what has waited for too long, and cut it off; to be called now and then."""
        for reading in [*self._asked]:
            if now_s - reading.asked_s < self._deadline_s:
                return
            self._give_up(reading)

    def give_all_up(self) -> None:
        """Refuse and cut off whatever is under way."""
        for reading in [*self._asked]:
            self._give_up(reading)
        self._lines.cut_all()

    def close(self) -> None:
        """Wait for what is under way, then close the connections. Blocks."""
        self._threads.shutdown()
        self._engine.dispose()

    def _give_up(self, reading: _Reading[Any]) -> None:
        if not reading.given_up:
            reading.given_up = True
            self.trouble.failed(NO_ANSWER)
            settle(reading.future, Unavailable())
        with self._lock:  # else it could be another read's thread by then
            if reading.thread is not None:
                self._lines.cut(reading.thread)

    def _work(self, reading: _Reading[Any], loop: asyncio.AbstractEventLoop) -> None:
        with self._lock:
            reading.thread = threading.get_ident()
        result: object = Unavailable()  # of what ends even a thread
        try:
            result = self._read(reading)
        except Exception as error:  # noqa: BLE001 - it is raised where ``fn`` came from
            result = error
        finally:
            with self._lock:
                reading.thread = None
            loop.call_soon_threadsafe(self._told, reading, result)

    def _read(self, reading: _Reading[T]) -> T:
        try:
            try:
                result = self._once(reading)
            except DBAPIError as error:
                if reading.given_up or not error.connection_invalidated:
                    raise
                result = self._once(reading)
        except DBAPIError as error:
            if not reading.given_up:
                self.trouble.failed(reason(error))
            raise Unavailable from error
        self.trouble.worked()
        return result

    def _once(self, reading: _Reading[T]) -> T:
        if reading.given_up or reading.future.cancelled():
            raise Unavailable  # nobody waits for it any more
        with self._engine.connect() as conn:
            return reading.fn(conn)

    def _told(self, reading: _Reading[Any], result: object) -> None:
        del self._asked[reading]
        settle(reading.future, result)


def settle(future: asyncio.Future[T], result: T | Exception | object) -> None:
    """Give ``future`` its result, unless it has one or nobody waits for it any more."""
    if future.done():
        return
    if isinstance(result, Exception):
        future.set_exception(result)
    else:
        future.set_result(result)  # type: ignore[arg-type]
