"""The connections that threads wait on, so that a wait can be ended from outside.

Rules: a database that hangs, rather than being down, answers nothing and closes nothing: no timeout
of the driver ends the wait for it. So the connection is cut under the waiting thread, which then
meets an error like any other.
Not here: when to (``database``, ``readers``).
"""

from __future__ import annotations

import os
import socket
import sqlite3
import threading
import weakref
from contextlib import suppress
from typing import Any

from sqlalchemy import Engine, event


class _Line:
    """One connection; what is under way on it can be ended. Other threads may call it."""

    def __init__(self, opened: Any) -> None:
        self._file: sqlite3.Connection | None = None
        self._handle = -1
        if isinstance(opened, sqlite3.Connection):
            self._file = opened
        else:  # a handle of our own, since the driver may close its own at any moment
            self._handle = os.dup(opened.fileno())
            weakref.finalize(self, os.close, self._handle)

    def cut(self) -> None:
        with suppress(OSError, sqlite3.ProgrammingError):  # it is closed
            if self._file is not None:
                self._file.interrupt()
            else:
                with socket.socket(fileno=os.dup(self._handle)) as ours:
                    ours.shutdown(socket.SHUT_RDWR)


class Lines:
    """Which connection of one engine each thread uses."""

    def __init__(self, engine: Engine) -> None:
        self._lock = threading.Lock()
        self._of_thread: dict[int, _Line] = {}
        event.listen(engine, "connect", self._taken, insert=True)  # setting it up may hang, too
        event.listen(engine, "checkout", self._taken)
        event.listen(engine, "checkin", self._given_back)
        event.listen(engine, "close", self._closed)

    def cut(self, thread: int | None) -> None:
        """End what this thread waits for, if it waits for this engine's database."""
        with self._lock:
            if line := self._of_thread.get(thread or 0):
                line.cut()

    def cut_all(self) -> None:
        """End what any thread waits for."""
        with self._lock:
            for line in self._of_thread.values():
                line.cut()

    def _taken(self, opened: Any, record: Any, *_: object) -> None:
        with self._lock:
            if self not in record.info:
                record.info[self] = _Line(opened)
            self._of_thread[threading.get_ident()] = record.info[self]

    def _given_back(self, _opened: object, _record: object) -> None:
        with self._lock:
            self._of_thread.pop(threading.get_ident(), None)

    def _closed(self, _opened: object, record: Any) -> None:
        with self._lock:
            if line := record.info.pop(self, None):
                self._of_thread = {
                    thread: other for thread, other in self._of_thread.items() if other is not line
                }
