"""The pages on the command line name every command and option, and no others."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
import typer

from kefu.cli.main import cli
from tests.docs.pages import ROOT, all_pages, read, rows

PAGES = ("docs/command-line.md", "docs/command-line.zh-CN.md")


def commands(group: Any, before: str = "") -> Iterator[tuple[str, Any]]:
    """Every command by its words."""
    for name, command in group.commands.items():
        if hasattr(command, "commands"):
            yield from commands(command, f"{before}{name} ")
        else:
            yield before + name, command


COMMANDS = dict(commands(typer.main.get_command(cli)))


def written(parameter: Any) -> str:
    """A parameter as the page lists it."""
    return str(parameter.metavar if parameter.param_type_name == "argument" else parameter.opts[0])


@pytest.mark.parametrize("page", PAGES)
def test_the_page_has_every_command(page: str):
    assert re.findall(r"^#+ `kefu ([\w ]+)`$", read(page), re.MULTILINE) == [*COMMANDS]


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("name", [name for name, command in COMMANDS.items() if command.params])
def test_the_page_lists_the_options_of_a_command(page: str, name: str):
    listed = [cells[0].strip("`").split()[0] for cells in rows(page, f"## `kefu {name}`")]
    assert listed == [written(option) for option in COMMANDS[name].params]


def test_the_page_shows_the_defaults_of_a_demo():
    shown = {
        cells[0].strip("`").split()[0]: cells[1].strip("`")
        for cells in rows("docs/command-line.md", "## `kefu demo`")
    }
    defaults = {option.opts[0]: option.default for option in COMMANDS["demo"].params}
    del defaults["--data"]  # a directory of the system's
    del defaults["--empty"]  # no value
    assert {name: shown[name] for name in defaults} == {
        name: str(default) for name, default in defaults.items()
    }


def test_every_make_target_that_a_page_names_is_there():
    targets = re.findall(r"^([a-z]+):.*##", (ROOT / "Makefile").read_text(), re.MULTILINE)
    named = {
        target
        for page in all_pages()
        for target in re.findall(r"(?:^    |`)make ([a-z]+)", read(page), re.MULTILINE)
    }
    assert named <= {*targets}
