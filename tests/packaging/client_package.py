"""The npm package ``@kefu/client``, made and installed where there is nothing else.

Not here: what it has to be like (``test_client_package``), what is done with it (``examples``).
"""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

from tests.packaging.building import ROOT

RUN = ROOT / "scripts" / "with-node"


def run(*command: str | Path, cwd: Path | None = None) -> str:
    """Run it to its end and return what it says; fail with all of it."""
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False)
    assert not done.returncode, done.stdout + done.stderr
    return done.stdout


def install_client(folder: Path) -> Path:
    """Pack the client, and install the archive in a fresh folder below ``folder``."""
    made, fresh = folder / "made", folder / "fresh"
    fresh.mkdir(parents=True)
    run(RUN, "node", ROOT / "web/tools/pack.mjs", made)
    run(RUN, "npm", "pack", made, "--silent", "--pack-destination", folder)
    [archive] = folder.glob("*.tgz")
    (fresh / "package.json").write_text('{"private": true, "type": "module"}', "utf-8")
    options = ("--silent", "--offline", "--no-audit", "--no-fund")
    run(RUN, "npm", "install", *options, "--prefix", fresh, archive)
    return fresh


def copy_example(name: str, fresh: Path) -> Path:
    """An example beside the installed package."""
    return Path(shutil.copy(ROOT / "examples" / name, fresh / name))
