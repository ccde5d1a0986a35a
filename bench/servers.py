"""The servers under test: how each is started, pinned to its core, and what it has used.

A server is a process of its own, told its ports, that prints ``ready`` once it listens; the
operating system's accounting of it and of its children is the only source of its figures.
Not here: what is said to a server (``bench.dialects``).
"""

import contextlib
import os
import select
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import psutil

# Where the system cannot pin a process, or has one core, the two share what there is.
_CORES = sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else []
SERVER_CORE, GENERATOR_CORE = _CORES[:1], _CORES[-1:]
PEERS = Path(__file__).parent / "peers"
_READY_TIMEOUT_S = 20
DATA = Path(__file__).parent.parent / "data"  # not /tmp: that may be memory, where fsync is free


class CannotRun(Exception):
    """A server cannot be started here; the text tells what to do about it."""


@dataclass(frozen=True)
class Kind:
    """One server that can be started: its key on the command line and its name in tables."""

    key: str
    label: str
    command: Callable[[int, int, Path], list[str]]  # port, classic port, empty data directory
    one_by_one: bool = False  # visitors must be seated one at a time


def _kefu(port: int, classic_port: int, data: Path) -> list[str]:
    executable = Path(sys.executable).with_name("kefu")
    if not executable.exists():
        raise CannotRun(f"{executable} is missing; run `make setup` first")
    where = ["--host", "127.0.0.1", "--port", str(port), "--classic-port", str(classic_port)]
    return [str(executable), "demo", *where, "--data", str(data)]


def _peer(script: str, *options: str) -> Callable[[int, int, Path], list[str]]:
    def command(port: int, classic_port: int, _data: Path) -> list[str]:
        node = shutil.which("node")
        if node is None:
            raise CannotRun("the peers need Node.js 18 or newer: `node` is not on the PATH")
        if not (PEERS / "node_modules").is_dir():
            raise CannotRun(f"the peers' packages are missing; run `npm ci --prefix {PEERS}` first")
        return [node, str(PEERS / script), str(port), str(classic_port), *options]

    return command


KEFU = Kind("kefu", "Kefu", _kefu)
RELAY = Kind("ws", "relay on ws", _peer("relay.cjs"))
ROOMS = Kind("nodejs-websocket", "first tutorial's", _peer("rooms.cjs"), one_by_one=True)
DIRECT = Kind("socket.io", "second tutorial's", _peer("direct.cjs"))
DIRECT_QUIET = Kind("socket.io", "second tutorial's", _peer("direct.cjs", "quiet"))


@dataclass(frozen=True)
class Server:
    """A running server."""

    kind: Kind
    port: int
    classic_port: int
    process: psutil.Process

    def cpu_s(self) -> float:
        """User and system time used so far by the server, its threads and its children."""
        times = [each.cpu_times() for each in self._family()]
        return float(sum(time.user + time.system for time in times))

    def rss_bytes(self) -> int:
        return int(sum(each.memory_info().rss for each in self._family()))

    def _family(self) -> list[psutil.Process]:
        return [self.process, *self.process.children(recursive=True)]


@contextlib.contextmanager
def running(kind: Kind) -> Iterator[Server]:
    """Start a server of ``kind`` on free ports with an empty data directory; kill it at the end.

    It is killed so that thousands of connections need not be closed one by one.
    Raises CannotRun with what the server said if it is not ready within 20 s.
    """
    with data_directory() as directory:
        port, classic_port = free_ports(2)
        log = directory / "stderr.log"
        command = kind.command(port, classic_port, directory)
        with log.open("wb") as stderr:
            child = subprocess.Popen(
                command,
                stdout=subprocess.PIPE,
                stderr=stderr,
                env=os.environ | {"KEFU_LIMITS": "off"},
                preexec_fn=partial(pin, SERVER_CORE),
            )
        try:
            _wait_ready(child, f"{kind.label}: {' '.join(command)}", log)
            yield Server(kind, port, classic_port, psutil.Process(child.pid))
        finally:
            child.kill()
            child.communicate()


@contextlib.contextmanager
def data_directory() -> Iterator[Path]:
    """An empty directory on the disk of this checkout, removed at the end."""
    DATA.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="bench-", dir=DATA) as directory:
        yield Path(directory)


def _wait_ready(child: subprocess.Popen[bytes], name: str, log: Path) -> None:
    assert child.stdout is not None
    readable, _, _ = select.select([child.stdout], [], [], _READY_TIMEOUT_S)
    line = child.stdout.readline() if readable else b""
    if not line.startswith(b"ready"):
        said = log.read_text(errors="replace").strip()[-2000:]
        raise CannotRun(f"{name} did not become ready: {said or line.decode() or 'no output'}")


def pin(cores: list[int]) -> None:
    """Keep this process on ``cores``; an empty list changes nothing."""
    if cores:
        os.sched_setaffinity(0, cores)


def free_ports(count: int) -> list[int]:
    with contextlib.ExitStack() as stack:
        sockets = [stack.enter_context(socket.socket()) for _ in range(count)]
        for each in sockets:
            each.bind(("127.0.0.1", 0))
        return [each.getsockname()[1] for each in sockets]
