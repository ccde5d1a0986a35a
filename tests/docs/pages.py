"""The pages of this repository, and how to take tables and examples out of them.

Not here: what has to be true of them (``test_*``), how a transcript is played (``transcripts``).
"""

from __future__ import annotations

import ast
import re
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
_FENCE = re.compile(r"^```(\S*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@cache
def all_pages() -> tuple[Path, ...]:
    """Every Markdown page that is in git or about to be, relative to the repository."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", "*.md"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return tuple(Path(name) for name in listed.split("\0") if name and (ROOT / name).is_file())


def read(page: str | Path) -> str:
    """The text of a page."""
    return (ROOT / page).read_text("utf-8")


def fenced(page: str | Path, language: str) -> list[str]:
    """The code blocks of a page that are marked as ``language``, in order."""
    return [body for marked, body in _FENCE.findall(read(page)) if marked == language]


def prose(page: str | Path) -> str:
    """The page without its code blocks."""
    return _FENCE.sub("", read(page))


def rows(page: str | Path, heading: str) -> Iterator[list[str]]:
    """The cells of each row of the first table under ``heading``, without its own headings."""
    _, _, section = read(page).partition(f"\n{heading}\n")
    assert section, f"{page} has no {heading!r}"
    table = re.search(r"(?:^\|.*\n)+", section, re.MULTILINE)
    assert table, f"{page} has no table under {heading!r}"
    for line in table[0].splitlines()[2:]:
        yield [cell.strip() for cell in line.strip("|").split("|")]


def named_tests(cell: str) -> list[tuple[str, str]]:
    """The tests that a cell names: file below ``tests``, name."""
    return re.findall(r"`([\w/]+\.py)::(\w+)`", cell)


@cache
def defined(file: str) -> frozenset[str]:
    """The functions of a file below ``tests``."""
    tree = ast.parse((ROOT / "tests" / file).read_text("utf-8"))
    functions = (ast.FunctionDef, ast.AsyncFunctionDef)
    return frozenset(node.name for node in tree.body if isinstance(node, functions))
