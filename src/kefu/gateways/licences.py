"""The Python packages that Kefu needs, as they are installed here, and what they are under.

Rules: of the package's own metadata, of Kefu's requirements and of theirs. Versions are not told:
which ones a server runs is nobody's business but its operator's (``pip list``).
Not here: the packages that the pages carry, whose licences are there in full (``web/tools``).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib import metadata

_NEEDED = re.compile(r"([A-Za-z0-9][A-Za-z0-9._-]*)(?:\[([^\]]*)\])?")
_EXTRA = re.compile(r"""\bextra *== *["']([^"']*)""")
_CLASSIFIER = "License :: "
_MOST_CHARS = 80  # of a licence's name; some write the whole text there


def python_packages() -> str:
    """A line each: the package and its licence, by name. "": Kefu itself is not installed."""
    found: dict[str, str] = {}
    waiting = [("kefu", frozenset[str]())]
    seen = {*waiting}
    while waiting:
        name, extras = waiting.pop()
        try:
            package = metadata.distribution(name)
        except metadata.PackageNotFoundError:
            continue  # not for this system, or this Python
        found[name] = f"{package.name}: {_licence(package)}"
        new = {*_needed(package, extras)} - seen
        seen |= new
        waiting += new
    found.pop("kefu", None)
    return "".join(f"{line}\n" for _, line in sorted(found.items()))


def _needed(
    package: metadata.Distribution, extras: frozenset[str]
) -> Iterator[tuple[str, frozenset[str]]]:
    """What a package needs with these extras: names, and the extras of them."""
    for line in package.requires or ():
        extra, needed = _EXTRA.search(line), _NEEDED.match(line)
        if needed and (extra is None or extra[1] in extras):
            of_it = frozenset(filter(None, re.split(r"[ ,]+", needed[2] or "")))
            yield re.sub(r"[-_.]+", "-", needed[1]).lower(), of_it


def _licence(package: metadata.Distribution) -> str:
    told = package.metadata
    for field in ("License-Expression", "License"):
        for named in told.get_all(field) or ():
            if named.strip() and len(named) <= _MOST_CHARS and "\n" not in named:
                return str(named).strip()
    classified = [one for one in told.get_all("Classifier") or () if one.startswith(_CLASSIFIER)]
    return ", ".join(one.rpartition(" :: ")[2] for one in classified) or "-"
