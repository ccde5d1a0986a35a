"""What must be right before a server runs: the directory, the lock on it, the ports.

Rules: each fault is one ``Unusable`` with one clear line that says what to do; nothing is half
started.
Not here: the server itself (``app``).
"""

from __future__ import annotations

import errno
import fcntl
import resource
import socket
from pathlib import Path
from typing import IO

from kefu.cli.texts import Texts
from kefu.config import Settings


class Unusable(Exception):
    """The command cannot run as it was asked to: one line for stderr, exit 2."""


def claim_directory(path: Path, texts: Texts) -> IO[bytes]:
    """Make ``path``, see that it can be written, and lock it: one server for one SQLite file.

    Returns the open lock file; the lock ends with the process, also after kill -9. Raises Unusable.
    """
    try:
        path.mkdir(parents=True, exist_ok=True, mode=0o700)
        lock = (path / "kefu.lock").open("ab")
    except OSError as error:
        raise Unusable(texts("bad_data", path=path, reason=texts.reason(error.strerror))) from None
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        lock.close()
        raise Unusable(texts("data_in_use", path=path)) from None
    return lock


def listen(settings: Settings, texts: Texts) -> list[socket.socket]:
    """Open the main port and, if there is one, the classic port. Raises Unusable."""
    server = settings.server
    ports = [server.port, *([server.classic_port] if server.classic_port else [])]
    sockets: list[socket.socket] = []
    for port in ports:
        try:
            sockets.append(_listen(server.host, port))
        except OSError as error:
            for opened in sockets:
                opened.close()
            taken = error.errno == errno.EADDRINUSE
            key = "port_taken" if taken else "bad_address"
            reason = texts.reason(error.strerror or error)
            raise Unusable(texts(key, host=server.host, port=port, reason=reason)) from None
    return sockets


def _listen(host: str, port: int) -> socket.socket:
    info = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    family, kind, protocol, _, address = info[0]
    listener = socket.socket(family, kind, protocol)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        listener.listen(2048)
    except OSError:
        listener.close()
        raise
    listener.setblocking(False)
    return listener


def url_of(host: str, listener: socket.socket) -> str:
    """The address to open in a browser."""
    port = listener.getsockname()[1]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def raise_file_limit() -> int:
    """Use as many open files as the system lets us; returns how many.

    A connection is an open file, and the usual soft limit of 1,024 is far below the hard one.
    """
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    return int(min(hard, 1_048_576)) if hard != resource.RLIM_INFINITY else 1_048_576
