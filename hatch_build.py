"""Hatchling's hook: a wheel or an sdist has the pages in it, or is not built.

Rules: the pages are not in git, so it is this hook that adds them. Fresh ones are taken as they
are: a wheel made of an sdist needs no Node.js. Where Node.js is missing, it becomes a requirement
of the build, in the version that is locked. An editable install leaves the pages to ``make``. A
wheel has the documentation in it, too.
Not here: how pages are built (``scripts/build_pages.py``).
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

ROOT = Path(__file__).resolve().parent
PAGES = ROOT / "src" / "kefu" / "pages"
sys.path.insert(0, str(ROOT / "scripts"))

from build_pages import NotBuilt, build_pages, find_node, pages_are_fresh  # noqa: E402


def documents() -> list[Path]:
    """What people read, and the examples: a wheel has them at the same places beneath a folder."""
    examples = [
        path
        for path in (ROOT / "examples").rglob("*")
        if path.is_file() and path.parent.name != "__pycache__"
    ]
    return sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *examples])


class PagesHook(BuildHookInterface[Any]):
    """Builds the pages before they are gathered."""

    def dependencies(self) -> list[str]:
        """What the build needs beside what ``pyproject.toml`` says."""
        if pages_are_fresh(ROOT) or find_node():
            return []
        locked = (ROOT / "requirements" / "node.txt").read_text("utf-8")
        return [locked.split()[0]]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Build them; end the build if that cannot be."""
        if version == "editable":
            return
        try:
            build_pages(ROOT)
        except NotBuilt as reason:
            self.app.abort(str(reason))
        included = build_data["force_include"]
        included[str(PAGES)] = "src/kefu/pages" if self.target_name == "sdist" else "kefu/pages"
        if self.target_name == "wheel":
            for path in documents():
                included[str(path)] = f"kefu/docs/{path.relative_to(ROOT).as_posix()}"
