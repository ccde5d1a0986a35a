"""A way to PostgreSQL on which everything can come to a stop, as if the server hung.

While it is stalled, connections are taken and stay open, and nothing comes back: what a client sees
of a PostgreSQL that is frozen (SIGSTOP), whose disk hangs, or that is behind a broken network.
"""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress


class Stalling:
    """Relays from a free port of loopback to ``target`` as long as it flows."""

    def __init__(self, target: tuple[str, int]) -> None:
        self._target = target
        self._flows = threading.Event()
        self._flows.set()
        self._sockets: list[socket.socket] = []
        self._awaited: tuple[bytes, Callable[[], None]] | None = None
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def stall(self) -> None:
        self._flows.clear()

    def go_on(self) -> None:
        self._flows.set()

    def when(self, words: bytes, do: Callable[[], None]) -> None:
        """``do`` it once, as soon as the server has been sent ``words``."""
        self._awaited = (words, do)

    def drop(self) -> None:
        """End every connection."""
        for opened in self._sockets:
            with suppress(OSError):
                opened.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        for opened in [self._listener, *self._sockets]:
            with suppress(OSError):
                opened.shutdown(socket.SHUT_RDWR)
            opened.close()
        self._flows.set()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                near, _ = self._listener.accept()
                far = socket.create_connection(self._target)
                self._sockets += [near, far]
                for pair in ((near, far), (far, near)):
                    threading.Thread(target=self._pump, args=pair, daemon=True).start()

    def _pump(self, source: socket.socket, target: socket.socket) -> None:
        with suppress(OSError):
            while part := source.recv(65_536):
                self._flows.wait()
                if (awaited := self._awaited) and awaited[0] in part:
                    self._awaited = None
                    awaited[1]()
                target.sendall(part)
            self._flows.wait()  # a closed connection is no news as long as nothing flows
            target.shutdown(socket.SHUT_RDWR)


@contextmanager
def stalling_url(url: str) -> Iterator[tuple[Stalling, str]]:
    """The way to the PostgreSQL of the tests, and ``url`` by this way."""
    way = Stalling(("127.0.0.1", 5432))
    yield way, url.replace("127.0.0.1:5432", f"127.0.0.1:{way.port}")
    way.close()
