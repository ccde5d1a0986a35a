"""The page on the command line names every command and option, and no others."""

from __future__ import annotations

import re

import pytest
import typer

from kefu.cli.main import cli
from tests.docs.pages import read, rows

PAGES = ("docs/command-line.md", "docs/zh-CN/README.md")
COMMANDS = typer.main.get_command(cli).commands  # type: ignore[attr-defined]


@pytest.mark.parametrize("page", PAGES)
def test_the_page_has_every_command(page: str):
    assert re.findall(r"^#+ `kefu (\w+)`$", read(page), re.MULTILINE) == [*COMMANDS]


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("name", [name for name, command in COMMANDS.items() if command.params])
def test_the_page_lists_the_options_of_a_command(page: str, name: str):
    level = "##" if page == PAGES[0] else "###"
    listed = {
        re.match(r"`(--[\w-]+)", cells[0])[1]: cells[1]
        for cells in rows(page, f"{level} `kefu {name}`")
    }  # type: ignore[index]
    assert listed.keys() == {option.opts[0] for option in COMMANDS[name].params}
