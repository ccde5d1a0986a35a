"""The loaders that were released: scripts that never change, for pages that name one by its hash.

Rules: each is a file of the package, ``kefu-VERSION.js``, and stays there for ever: a site that
pinned it loads that or nothing. ``integrity.txt`` beside them holds the hash of each, and a test
holds the files to it.
Not here: the newest loader, ``/kefu.js``, which is built with the pages.
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


class Loader(NamedTuple):
    """One of them. ``name``: of its file, and its address beneath the server's root."""

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
