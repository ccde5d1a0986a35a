"""A real ``kefu demo`` as a process of its own, for tests that need the whole of it.

Rules: ended by its own process id only; ports are free ones of loopback, kept over a restart, so
that clients find it again. What it writes to stderr is kept in the data directory.
Not here: clients.
"""

from __future__ import annotations

import os
import select
import signal
import socket
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

from tests.databases import put_store

READY_TIMEOUT_S = 60.0
STOP_TIMEOUT_S = 60.0
QUICK_KEFU = Path(__file__).with_name("quick.py")


class ServerFailed(Exception):
    """The server ended or kept silent instead of getting ready; says what it wrote to stderr."""


def free_ports(count: int) -> list[int]:
    """Return ports of loopback that were free a moment ago, all different."""
    probes = [socket.socket() for _ in range(count)]
    for probe in probes:
        probe.bind(("127.0.0.1", 0))
    ports: list[int] = [probe.getsockname()[1] for probe in probes]
    for probe in probes:
        probe.close()
    return ports


class KefuServer:
    """``kefu demo`` on two free ports, with its data in ``data_dir``.

    Used as a context manager it is started at the beginning and ended, whatever happened, at the
    end. ``process`` is the running or last process; before the first start there is none. A store
    that it would make is there, up to date and with nothing in it: migrating each anew takes a
    processor 0.3 s. Servers that make theirs: ``tests/cli/test_cli.py``, ``tests/packaging``.
    """

    is_quick = True  # with passwords (tests/quick.py)
    _has_file = True  # its store is the file in its data directory

    def __init__(self, data_dir: Path) -> None:
        self.data_dir = data_dir
        self.port, self.classic_port = free_ports(2)
        self.process: subprocess.Popen[str]
        self._args: tuple[str, ...] = ()
        self._env: dict[str, str] = {}

    @property
    def base_url(self) -> str:
        """The first port: everything."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def classic_url(self) -> str:
        """The tutorial's HTTP port: everything, too."""
        return f"http://127.0.0.1:{self.classic_port}"

    @property
    def log(self) -> str:
        """What the server wrote to stderr, over all its starts."""
        return self._log_file.read_text("utf-8", "replace") if self._log_file.exists() else ""

    def start(self, extra_args: Sequence[str] = (), env: Mapping[str, str] | None = None) -> None:
        """Start it and return when it is ready; ``env`` is added to the environment.

        Raises:
            ServerFailed: if it ends or is silent for READY_TIMEOUT_S.
        """
        self._args, self._env = tuple(extra_args), dict(env or {})
        self.data_dir.mkdir(parents=True, exist_ok=True)
        if self._has_file and not (self.data_dir / "kefu.db").exists():
            put_store(self.data_dir)
        with self._log_file.open("a", encoding="utf-8") as log:
            self.process = subprocess.Popen(
                self._command(),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
                env=os.environ | self._env,
            )
        assert self.process.stdout is not None
        readable, _, _ = select.select([self.process.stdout], [], [], READY_TIMEOUT_S)
        line = self.process.stdout.readline() if readable else ""
        if line.strip() != f"ready {self.base_url}":
            self.kill()
            raise ServerFailed(f"said {line!r} on stdout; stderr:\n{self.log}")

    def stop(self) -> int:
        """Ask it to end (SIGTERM), wait for that, and return its exit status."""
        return self._end(signal.SIGTERM)

    def kill(self) -> int:
        """End it without a warning (SIGKILL); what it did not store is lost."""
        return self._end(signal.SIGKILL)

    def restart(self) -> None:
        """Stop it and start it again on the same ports with the same arguments."""
        self.stop()
        self.start(self._args, self._env)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.kill()

    @property
    def _log_file(self) -> Path:
        return self.data_dir / "stderr.log"

    def _command(self) -> list[str]:
        ports = ["--port", str(self.port), "--classic-port", str(self.classic_port)]
        where = ["--host", "127.0.0.1", *ports, "--data", str(self.data_dir)]
        return [*self._program, "demo", "--empty", *where, *self._args]

    @property
    def _program(self) -> list[str]:
        how = ["-P", str(QUICK_KEFU)] if self.is_quick else ["-m", "kefu"]
        return [sys.executable, *how]

    def _end(self, how: signal.Signals) -> int:
        self.process.send_signal(how)
        status = self.process.wait(STOP_TIMEOUT_S)
        if self.process.stdout is not None:
            self.process.stdout.close()
        return status
