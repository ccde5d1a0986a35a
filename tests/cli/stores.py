"""Commands in this process, and small stores for them on both databases, without a server.

A process of its own is for what depends on one: its environment, its standard input, its end.
"""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from pathlib import Path

import pytest
from sqlalchemy import Connection, insert, text

from kefu.cli.main import cli
from kefu.cli.running import Unusable
from kefu.files.local import place_of
from kefu.storage.engine import StoreUnusable, open_for_reading, writer_engine
from kefu.storage.schema import file, inbox


def kefu(*words: object) -> str:
    """Run a command; what it said. Raises what it cannot do."""
    said = io.TextIOWrapper(io.BytesIO(), "utf-8", write_through=True)
    with redirect_stdout(said):
        cli([*map(str, words)], standalone_mode=False)
    return said.buffer.getvalue().decode()


def refusal(*words: object) -> str:
    """Run a command that cannot run; its one line."""
    with pytest.raises((Unusable, StoreUnusable)) as caught:
        kefu(*words)
    return str(caught.value)


class Store:
    """A store whose one inbox has a name that tells it from others, and whose one file has it, too.

    ``settings``: the words that make a command use it.
    """

    def __init__(self, url: str, data: Path) -> None:
        self.url, self.data = url, data
        data.mkdir(parents=True, exist_ok=True)
        config = data.with_name(f"{data.name}.toml")
        config.write_text(f"[storage]\ndata = {json.dumps(str(data))}\nurl = {json.dumps(url)}\n")
        self.settings = ("--config", config)

    def fill(self, name: str) -> None:
        """Make it the store of this name."""
        key = hashlib.md5(name.encode()).hexdigest()
        path = self.data / "files" / place_of(key)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name)
        self.write("DELETE FROM file", "DELETE FROM inbox")
        with self._writing() as conn:
            row = {"kind": "widget", "name": name, "settings": "{}", "created_ms": 0}
            id = conn.scalar(insert(inbox).values(row).returning(inbox.c.id))
            row = {"inbox_id": id, "owner": "a", "name": name, "type": "text/plain", "size": 3}
            conn.execute(insert(file).values(row | {"storage_key": key, "created_ms": 0}))

    def write(self, *statements: str) -> None:
        """Change it."""
        with self._writing() as conn:
            for statement in statements:
                conn.execute(text(statement))

    @contextmanager
    def _writing(self) -> Iterator[Connection]:
        engine = writer_engine(self.url, lock_wait_s=3)
        try:
            with engine.begin() as conn:
                yield conn
        finally:
            engine.dispose()

    def name(self) -> str:
        """Its name, if database and file agree."""
        with open_for_reading(self.url) as conn:
            ((name, key),) = conn.execute(
                text("SELECT inbox.name, storage_key FROM inbox JOIN file ON inbox_id = inbox.id")
            )
        assert (self.data / "files" / place_of(key)).read_text() == name
        return str(name)

    def asides(self) -> list[Path]:
        """The folders that restores moved what was there to."""
        return sorted(self.data.glob("before-restore-*"))

    def backups(self) -> list[Path]:
        """Those of them that are a backup."""
        return [one for one in self.asides() if (one / "kefu-backup.json").exists()]
