"""What a backup says of itself, and how its parts are written and compared.

Rules: each part has its size and SHA-256, over which it is written; what is written is on the disk
before anybody is told. A manifest is written last, so what has one is whole.
Not here: where a backup goes (``cli.backup``), where what it replaces goes (``cli.place``).
"""

from __future__ import annotations

import hashlib
import os
import re
import time
from collections.abc import Callable
from pathlib import Path
from typing import IO, Annotated

import msgspec

import kefu
from kefu.cli.options import texts
from kefu.cli.running import Unusable
from kefu.core.text import iso_time
from kefu.files.local import place_of, sync_folder
from kefu.storage.engine import file_of
from kefu.storage.snapshot import Contents

MANIFEST = "kefu-backup.json"
DATABASES = {"sqlite": "kefu.db", "postgresql": "kefu.pgdump"}
FORM = 1
FILE = re.compile(r"files/([0-9a-f]{2})/(?=\1)[0-9a-f]{32}")

_COPY_BYTES = 1_048_576

# A manifest may come from anybody, and what it says is told on a terminal.
Word = Annotated[str, msgspec.Meta(pattern=r"\A[ -~]*\Z", max_length=200)]
Time = Annotated[str, msgspec.Meta(pattern=r"\A[0-9TZ:.+-]{1,40}\Z")]
Count = Annotated[int, msgspec.Meta(ge=0, le=2**63 - 1)]


class Part(msgspec.Struct, frozen=True):
    """A file of a backup."""

    bytes: Count
    sha256: Word


class Manifest(msgspec.Struct, frozen=True):
    """What a backup says of itself."""

    form: Count
    kefu: Word  # the version that made it
    made_at: Time  # ISO 8601, UTC
    store: Word  # sqlite, postgresql
    revision: Word  # of the schema
    entries: Count  # messages, notes and activities
    parts: dict[Word, Part]  # by path


def manifest_of(kind: str, contents: Contents, parts: dict[str, Part]) -> Manifest:
    """What to write with ``parts``, of which some may be of files that nobody names any more."""
    wanted = wanted_parts(kind, contents)
    kept = {name: part for name, part in sorted(parts.items()) if name in wanted}
    now = iso_time(time.time_ns() // 1_000_000)
    return Manifest(FORM, kefu.__version__, now, kind, contents.revision, contents.entries, kept)


def wanted_parts(kind: str, contents: Contents) -> set[str]:
    """The names of all parts of a backup."""
    return {*map(path_of, contents.keys), DATABASES[kind]}


def encoded(manifest: Manifest) -> bytes:
    """A manifest as it is written."""
    return msgspec.json.format(msgspec.json.encode(manifest))


def kind_of(url: str) -> str:
    """Which kind of store this is, as a manifest calls it."""
    return "sqlite" if file_of(url) else "postgresql"


def path_of(key: str) -> str:
    """Where the file under ``key`` is in a backup, and in a data directory."""
    return f"files/{place_of(key)}"


def copy(source: IO[bytes], write: Callable[[bytes], object], size: int) -> Part:
    """Copy ``size`` bytes. Raises Unusable: there are fewer."""
    digest, left = hashlib.sha256(), size
    while left:
        read = source.read(min(left, _COPY_BYTES))
        if not read:
            raise Unusable(texts("backup_cut"))
        digest.update(read)
        write(read)
        left -= len(read)
    return Part(size, digest.hexdigest())


def part_of(path: Path) -> Part:
    """What a file holds. Raises OSError."""
    with path.open("rb") as source:
        return copy(source, len, os.fstat(source.fileno()).st_size)


def write_file(path: Path, source: IO[bytes], size: int) -> Part:
    """Write a file that its owner alone can read, and its folders; it is on the disk then."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        part = copy(source, file.write, size)
        file.flush()
        os.fsync(file.fileno())
    return part


def write_whole(path: Path, content: bytes) -> None:
    """Write a small file that is there with all of ``content`` or, as before, not at all."""
    part = path.with_name(f"{path.name}.part")
    try:
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    sync_folder(path.parent)
