"""What one client did and saw, in a file of its own that survives whatever else dies.

Rules: a text is noted before it is handed to the network and after it was shown. Each note is one
write of one line; ``sync`` puts them on the disk.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable
from pathlib import Path
from typing import IO

import msgspec

from tests.promise.checker import Evidence, Seen, Stored


class Journal:
    """The notes of the client ``name``."""

    def __init__(self, folder: Path, name: str) -> None:
        self.name = name
        self._file: IO[bytes] = (folder / f"{name}.jsonl").open("ab", buffering=0)

    def begin_session(self) -> None:
        """What is shown from here on came over a new connection."""
        self._note({"session": True})

    def sending(self, text: str) -> None:
        self._note({"sent": text})

    def shown(self, sender: str, text: str) -> None:
        self._note({"shown": [sender, text]})

    def sync(self) -> None:
        os.fsync(self._file.fileno())

    def close(self) -> None:
        self.sync()
        self._file.close()

    def _note(self, note: dict[str, object]) -> None:
        self._file.write(msgspec.json.encode(note) + b"\n")


def read_journals(
    folder: Path, history: Iterable[Stored], others: Collection[tuple[int, int]]
) -> Evidence:
    """Gather the journals in ``folder``, the stored history, and the numbers of other entries."""
    sent: dict[str, list[str]] = {}
    sessions: dict[str, list[list[Seen]]] = {}
    for path in sorted(folder.glob("*.jsonl")):
        texts = sent[path.stem] = []
        shown = sessions[path.stem] = []
        for line in path.read_bytes().splitlines():
            note = msgspec.json.decode(line)
            if "sent" in note:
                texts.append(note["sent"])
            elif "shown" in note:
                shown[-1].append(Seen(*note["shown"]))
            else:
                shown.append([])
    return Evidence(sent, sessions, list(history), others)


def read_history(lines: Iterable[str]) -> list[Stored]:
    """Read the lines of ``kefu history --json``."""
    rows = (msgspec.json.decode(line) for line in lines)
    return [Stored(row["conversation"], row["seq"], row["sender"], row["text"]) for row in rows]
