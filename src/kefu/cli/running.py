"""What must be right before a server runs: the ports, the files it may open.

Rules: each fault is one ``Unusable`` with one clear line that says what to do; nothing is half
started.
Not here: the server itself (``app``), the store that it claims (``storage.claims``).
"""

from __future__ import annotations

import errno
import os
import resource
import socket
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit

from kefu.cli.texts import Texts
from kefu.config import Settings

UNFINISHED = "restore.unfinished"  # in the data directory while a restore moves data
URL_FILE = "kefu.url"  # in the data directory while a server runs: its address
ANSWER_S = 1.0  # for a server on this machine


class Unusable(Exception):
    """The command cannot run as it was asked to: one line for stderr, exit 2."""


def check_whole(data_dir: Path, texts: Texts) -> None:
    """Raise Unusable if a restore was cut off: what is there is half of one store or of two."""
    if os.path.lexists(data_dir / UNFINISHED):
        raise Unusable(texts("restore_cut", path=data_dir))


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


def say_url(settings: Settings, url: str) -> None:
    """Leave word in the data directory of where the server is, for commands beside it."""
    with suppress(OSError):  # they fall back on the configured address
        (settings.data_dir / URL_FILE).write_text(url, "utf-8")


def unsay_url(settings: Settings) -> None:
    """Take that word back, at a stop."""
    with suppress(OSError):
        (settings.data_dir / URL_FILE).unlink()


def said_url(settings: Settings) -> str:
    """Where the server on this data is; "": nowhere, also if what it left there is of a crash."""
    with suppress(OSError, ValueError):
        url = (settings.data_dir / URL_FILE).read_text("utf-8")[:300].strip()
        place = urlsplit(url)
        socket.create_connection((place.hostname or "", place.port or 0), ANSWER_S).close()
        return url
    return ""


def raise_file_limit() -> int:
    """Use as many open files as the system lets us; returns how many.

    A connection is an open file, and the usual soft limit of 1,024 is far below the hard one.
    """
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    return int(min(hard, 1_048_576)) if hard != resource.RLIM_INFINITY else 1_048_576
