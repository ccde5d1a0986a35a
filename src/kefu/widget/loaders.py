"""The loaders that were released: scripts that never change, for pages that name one by its hash.

Rules: each is a file of the package, ``kefu-VERSION.js``, and stays there for ever: a site that
pinned it loads that or nothing. A loader fetches its panel's script, ``kefu-panel-HASH.js``, by its
hash, so the panels of all that were released are kept as well. ``integrity.txt`` beside them holds
the hash of each, and a test holds the files to it.
Not here: the newest loader, ``/kefu.js``, and its panel, which are built with the pages.
"""

from __future__ import annotations

import base64
import hashlib
import re
from pathlib import Path
from typing import Final, NamedTuple

FOLDER: Final = Path(__file__).parents[1] / "loaders"
LIST: Final = "integrity.txt"  # a line for each: its name and its hash
_NAME: Final = re.compile(r"kefu-([0-9]+(?:\.[0-9]+){2})\.js")
PANEL: Final = re.compile(r"kefu-(panel-[0-9a-f]{8})\.js")


class Loader(NamedTuple):
    """One of them, or a panel, whose ``version`` is ``panel-HASH``.

    ``name``: of its file, and its address beneath the server's root.
    """

    name: str
    version: str
    body: bytes

    @property
    def integrity(self) -> str:
        """What a page names it by (Subresource Integrity)."""
        return f"sha384-{base64.b64encode(hashlib.sha384(self.body).digest()).decode()}"


def released(folder: Path = FOLDER) -> list[Loader]:
    """All of them, the oldest first."""
    names = filter(None, (_NAME.fullmatch(path.name) for path in folder.glob("*.js")))
    found = sorted(names, key=lambda name: [int(one) for one in name[1].split(".")])
    return [Loader(name[0], name[1], (folder / name[0]).read_bytes()) for name in found]


def panels(folder: Path = FOLDER) -> list[Loader]:
    """The panels' scripts of the released loaders."""
    names = filter(None, (PANEL.fullmatch(path.name) for path in folder.glob("*.js")))
    return [Loader(name[0], name[1], (folder / name[0]).read_bytes()) for name in names]
