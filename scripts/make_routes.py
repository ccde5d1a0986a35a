"""Write web/protocol/src/routes.ts: under which method and path each command is asked over HTTP.

Rules: the table of commands is the source. A visitor's page needs few of them, so they stand apart.
Not here: what commands take and answer (``make_types``), whether it is up to date (``tests/docs``).
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from kefu.actions.catalogue import COMMANDS
from kefu.actions.commands import Command

TARGET = Path(__file__).parents[1] / "web/protocol/src/routes.ts"
COMMAND = ".venv/bin/python -m scripts.make_routes"
_HEADER = f"""\
/**
 * Where each command is asked over HTTP, below `/api/v1`. Made of the table of commands.
 *
 * To make it again: {COMMAND}
 */
import type {{ CommandName }} from "./types";

/** By command: method and path; what stands in braces are fields of the form. */
export type Routes = Readonly<Partial<Record<CommandName, string>>>;
"""


def make() -> str:
    """The file's text."""
    visitors = [one for one in COMMANDS if one.who != "agent"]
    others = [one for one in COMMANDS if one.who == "agent"]
    return "\n".join(
        [
            _HEADER,
            "/** What a visitor's page may ask. */",
            "export const visitorRoutes: Routes = {",
            *_rows(visitors),
            "};\n",
            "/** Everything. */",
            "export const teamRoutes: Routes = {",
            "  ...visitorRoutes,",
            *_rows(others),
            "};\n",
        ]
    )


def _rows(commands: Iterable[Command]) -> list[str]:
    return [
        f'  "{one.name}": "{one.method} {one.path}",'
        for one in sorted(commands, key=lambda one: one.name)
    ]


if __name__ == "__main__":
    TARGET.write_text(make(), encoding="utf-8")
