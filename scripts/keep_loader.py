"""Keep the loader that was built as the one of this version: ``python -m scripts.keep_loader``.

Rules: sites name a released loader by its hash, so once the changelog has a version its loader is
never another. Until then it is replaced. The panel's script that it names is kept beside it.
Not here: building it (``web/tools``), giving it out (``kefu.site``).
"""

from __future__ import annotations

import sys
from pathlib import Path

import kefu
from kefu.widget.loaders import LIST, PANEL, panels, released

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / "src" / "kefu" / "loaders"  # of this checkout, whichever is installed
COMMAND = ".venv/bin/python -m scripts.keep_loader"


def keep(built: Path, folder: Path, version: str, changelog: str) -> str:
    """Keep ``built`` in ``folder``; returns what was done. Raises ValueError: it is released."""
    kept = folder / f"kefu-{version}.js"
    if kept.is_file() and kept.read_bytes() == built.read_bytes():
        return f"{kept.name} is this loader already."
    if kept.is_file() and f"\n## {version} " in changelog:
        raise ValueError(f"{kept.name} is released and stays as it is: raise the version first.")
    kept.write_bytes(built.read_bytes())
    _keep_panels(built.parent, folder)
    lines = [f"{one.name} {one.integrity}\n" for one in (*released(folder), *panels(folder))]
    (folder / LIST).write_text("".join(lines), "ascii")
    return f"{kept.name} is kept."


def _keep_panels(built: Path, folder: Path) -> None:
    """Those that the kept loaders name, and no other."""
    texts = (one.body.decode() for one in released(folder))
    named = {found[0] for text in texts for found in PANEL.finditer(text)}
    for one in panels(folder):
        if one.name not in named:
            (folder / one.name).unlink()
    for name in named - {one.name for one in panels(folder)}:
        (folder / name).write_bytes((built / name).read_bytes())


def main() -> None:
    """Keep it; exit with 1 and the reason if that cannot be."""
    built = ROOT / "src" / "kefu" / "pages" / "kefu.js"
    changelog = (ROOT / "CHANGELOG.md").read_text("utf-8")
    try:
        sys.stderr.write(keep(built, FOLDER, kefu.__version__, changelog) + "\n")
    except (OSError, ValueError) as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
