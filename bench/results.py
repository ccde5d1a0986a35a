"""What was measured, and where: the values between the measurements and their report.

A results file holds each mode with the machine, commit and date it was measured at, because
modes may be measured on different days and no figure is compared across modes.
Not here: how a figure came about (``bench.modes``) and what it should be (``bench.budget``).
"""

import json
import os
import platform
import sqlite3
import statistics
import subprocess
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

import psutil

from bench.load import Figures
from bench.servers import DATA, PEERS

_ROOT = Path(__file__).parent.parent


@dataclass
class Case:
    """One server at one size (pairs, connections or logins) and its figures, an entry a round."""

    server: str
    size: int
    rounds: list[Figures] = field(default_factory=list)

    def median(self, figure: str) -> float:
        return statistics.median(each[figure] for each in self.rounds)


@dataclass
class Measured:
    """One mode's cases and the circumstances they were measured in."""

    circumstances: dict[str, str]
    cases: list[Case]


Results = dict[str, Measured]  # by mode


def read(path: Path) -> Results:
    """The results stored at ``path``; none if there is no such file."""
    if not path.exists():
        return {}
    modes = json.loads(path.read_text())
    return {
        mode: Measured(entry["circumstances"], [Case(**case) for case in entry["cases"]])
        for mode, entry in modes.items()
    }


def write(results: Results, path: Path) -> None:
    modes = {mode: asdict(measured) for mode, measured in results.items()}
    path.write_text(json.dumps(modes, indent=1, ensure_ascii=False) + "\n")


def circumstances() -> dict[str, str]:
    """Machine, versions, commit and time, as a reader of the figures needs them."""
    return {
        "date": datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC"),
        "commit": _output("git", "-C", str(_ROOT), "describe", "--always", "--dirty"),
        "machine": f"{_processor()}, {os.cpu_count()} cores, {platform.platform(terse=True)}",
        "disk": _file_system(DATA),
        "load": f"{os.getloadavg()[0]:.2f} before the first run",
        "python": platform.python_version(),
        "node": _output("node", "--version"),
        "packages": ", ".join([*_python_packages(), *_node_packages()]),
    }


def _python_packages() -> list[str]:
    names = ("kefu", "uvloop", "uvicorn", "msgspec", "sqlalchemy")
    return [*(f"{name} {version(name)}" for name in names), f"SQLite {sqlite3.sqlite_version}"]


def _node_packages() -> list[str]:
    locked = json.loads((PEERS / "package-lock.json").read_text())["packages"]
    names = ("ws", "nodejs-websocket", "socket.io")
    return [f"{name} {locked[f'node_modules/{name}']['version']}" for name in names]


def _output(*command: str) -> str:
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return "unknown"
    return done.stdout.strip()


def _processor() -> str:
    info = Path("/proc/cpuinfo")
    lines = info.read_text().splitlines() if info.exists() else []
    names = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(names, platform.machine())


def _file_system(path: Path) -> str:
    mounts = [
        each for each in psutil.disk_partitions(all=True) if path.is_relative_to(each.mountpoint)
    ]
    mount = max(mounts, key=lambda each: len(each.mountpoint), default=None)
    return f"{mount.fstype} on {mount.device}" if mount else "unknown"
