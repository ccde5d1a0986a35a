"""A real ``kefu serve`` with settings of the test's choice, as a process of its own.

The settings file is in the data directory. Everything else is ``serving.KefuServer``'s.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.serving import KefuServer

Section = Mapping[str, Any]
TOKEN = "a-token-of-the-tests"
AGENT = "小李"
WITNESS = "证人"


class ConfiguredServer(KefuServer):
    """``kefu serve`` with both tutorial protocols on and ``TOKEN`` for two agents.

    ``sections`` are tables of the settings file by name; their values are scalars or lists, which
    TOML writes as JSON does. They replace or add to what is said above.
    """

    def __init__(self, data_dir: Path, **sections: Section) -> None:
        super().__init__(data_dir)
        server = {"port": self.port, "classic_port": self.classic_port}
        tables: dict[str, Section] = {
            "server": server | dict(sections.pop("server", {})),
            "storage": {"data": str(data_dir)} | dict(sections.pop("storage", {})),
            "rooms": {"enabled": True} | dict(sections.pop("rooms", {})),
            "rooms.tokens": {AGENT: TOKEN, WITNESS: TOKEN},
            "direct": {"enabled": True} | dict(sections.pop("direct", {})),
            **sections,
        }
        self._has_file = "url" not in tables["storage"]
        data_dir.mkdir(parents=True)
        self.config = data_dir / "kefu.toml"
        self.config.write_text("".join(map(_table, tables.items())), encoding="utf-8")

    def _command(self) -> list[str]:
        return [*self._program, "serve", "--config", str(self.config)]


def _table(named: tuple[str, Section]) -> str:
    name, values = named
    lines = [f'"{key}" = {json.dumps(value)}' for key, value in values.items()]
    return "\n".join([f"[{name}]", *lines, "", ""])
