"""The cases of freshness as files, by which clients in other languages prove the same.

``docs/protocol/fixtures/freshness/COMMAND.json`` is a list of cases: what one audience had of a
conversation (``stale``; null: it did not know of it), the frames that it heard (``events``), and
what it must have then (``fresh``).

Rules: what is drawn by chance, or counted over all tests, gets a name of its place in the file, so
that a file only changes when what clients are told does.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import msgspec

from kefu.core.signals import ReceiptsChanged
from kefu.gateways.realtime import codec
from tests.reducer import Copy, Side

FOLDER = Path(__file__).parents[2] / "docs/protocol/fixtures/freshness"
COMMAND = ".venv/bin/python -m pytest tests/actions/test_freshness.py --update-fixtures"

_DRAWN = re.compile(r"\bc[0-9]+\b")  # ``acts.fresh_id``
_CURSOR = re.compile(r'"cursor":"[^"]*-([0-9]+)"')


class Recording:
    """What was told of one command."""

    def __init__(self, command: str) -> None:
        self._path = FOLDER / f"{command}.json"
        self._command = command
        self._cases: list[dict[str, Any]] = []

    def add(
        self, side: Side, stale: dict[int, Copy], told: list[msgspec.Struct], fresh: dict[int, Copy]
    ) -> None:
        """One side's part, for each conversation that it was told something of."""
        for id in sorted(fresh):
            frames = [_frame(one) for one in told if getattr(one, "conversation", None) == id]
            if not frames:
                continue
            first = _first_told(stale.get(id), fresh[id])
            self._cases.append(
                {
                    "command": self._command,
                    "audience": side,
                    "stale": _shown(stale.get(id), first),
                    "events": frames,
                    "fresh": _shown(fresh[id], first),
                }
            )

    def check(self, *, update: bool) -> None:
        """Raise AssertionError: the file says something else. ``update``: write it anew."""
        if not self._cases:
            return
        made = self._made()
        if update:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._path.write_text(made, "utf-8")
        committed = self._path.read_text("utf-8") if self._path.exists() else ""
        assert made == committed, (
            f"What clients are told by {self._command} changed. If that is meant, run\n"
            f"  {COMMAND}\nand commit {FOLDER.name}/{self._path.name} with it."
        )

    def _made(self) -> str:
        lines = [msgspec.json.encode(case).decode() for case in self._cases]
        return _named("[\n" + ",\n".join(lines) + "\n]\n")


def _named(text: str) -> str:
    """``text`` with names instead of what was drawn."""
    names: dict[str, str] = {}

    def name(found: re.Match[str]) -> str:
        return names.setdefault(found[0], f"id{len(names) + 1}")

    return _DRAWN.sub(name, _CURSOR.sub(r'"cursor":"mark-\1"', text))


def _first_told(stale: Copy | None, fresh: Copy) -> int:
    """The number of the oldest message to show: a client has the newest page, not all."""
    if stale is None:
        return 0
    changed = [seq for seq, one in fresh.messages.items() if stale.messages.get(seq) != one]
    return min([max(stale.messages), *changed])


def _shown(copy: Copy | None, first: int) -> dict[str, Any] | None:
    if copy is None:
        return None
    messages = [one for seq, one in copy.messages.items() if seq >= first]
    return {"conversation": copy.state, "messages": messages}


def _frame(told: msgspec.Struct) -> msgspec.Raw:
    on = ReceiptsChanged.on if isinstance(told, ReceiptsChanged) else None
    return msgspec.Raw(codec.signal(told, on) if on else codec.event(told))
