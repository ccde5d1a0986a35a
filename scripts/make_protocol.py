"""Write the table of commands in docs/protocol/realtime.md, and a fixture of each one's frame.

Rules: ``actions.catalogue`` is the source. Only the table between the page's two marks and the
files ``fixtures/realtime/command.*.json`` are written; all else there is written by hand.
Not here: whether they are up to date (tests/docs).
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec

from kefu.actions.catalogue import COMMANDS

PROTOCOL = Path(__file__).parents[1] / "docs/protocol"
PAGE = PROTOCOL / "realtime.md"
FIXTURES = PROTOCOL / "fixtures/realtime"
BEGIN, END = "<!-- commands: made by scripts.make_protocol -->", "<!-- end of commands -->"
_OWN: dict[str, dict[str, Any]] = {  # examples of the connection's own commands
    "hello": {"token": "kd_" + 43 * "A", "widget": "wk_shop"},
    "conversation.open": {"conversation": 17, "since": 40, "mark": "f7ce0f2f28c7"},
    "conversation.close": {"conversation": 17},
    "feed.open": {"cursor": "8bfa0ad7e460-411"},
    "feed.close": {},
    "ping": {},
}
_WHO = {"agent": "team", "visitor": "visitor", "both": "both", "anyone": "both"}


def page(text: str) -> str:
    """The page with the table of commands as it has to be."""
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    return before + BEGIN + "\n\n" + "\n".join(_table()) + "\n\n" + END + after


def fixtures() -> dict[str, str]:
    """The text of each command's file, by its name."""
    examples = _OWN | {command.name: command.example for command in COMMANDS}
    return {
        f"command.{name}.json": as_json(name, "client", {"id": 7, "do": name, **example})
        for name, example in examples.items()
    }


def as_json(name: str, direction: str, frame: dict[str, Any]) -> str:
    """One fixture's text."""
    fixture = {"name": name, "direction": direction, "frame": frame}
    return json.dumps(fixture, ensure_ascii=False, indent=2) + "\n"


def _table() -> Iterator[str]:
    yield "| Command | For | Fields | |"
    yield "|---|---|---|---|"
    for command in sorted(COMMANDS, key=lambda one: one.name):
        fields = ", ".join(_fields(command.form)) or "none"
        yield f"| `{command.name}` | {_WHO[command.who]} | {fields} | {command.summary} |"


def _fields(form: type[msgspec.Struct]) -> Iterator[str]:
    for field in msgspec.structs.fields(form):
        yield f"`{field.encode_name}`" if field.required else f"`{field.encode_name}`?"


def main() -> None:
    """Write both."""
    PAGE.write_text(page(PAGE.read_text("utf-8")), "utf-8")
    wanted = fixtures()
    for old in FIXTURES.glob("command.*.json"):
        if old.name not in wanted:
            old.unlink()
    for name, text in wanted.items():
        (FIXTURES / name).write_text(text, "utf-8")


if __name__ == "__main__":
    main()
