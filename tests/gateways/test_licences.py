"""The Python packages that are installed beside Kefu are named with their licences."""

from __future__ import annotations

import re
import tomllib

import pytest

from kefu.gateways import licences
from tests.docs.pages import ROOT
from tests.gateways.conftest import House


@pytest.fixture(scope="module")
def listed() -> dict[str, str]:
    """Licences, by the packages' names."""
    lines = [line.partition(": ") for line in licences.python_packages().splitlines()]
    return {re.sub(r"[-_.]+", "-", name).lower(): licence for name, _, licence in lines}


def test_every_package_that_kefu_needs_is_listed_and_nothing_else(listed: dict[str, str]):
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    needed = {re.split(r"[^a-z0-9-]", line)[0] for line in project["dependencies"]}
    locked = (ROOT / "requirements" / "run.txt").read_text("utf-8")
    installed = set(re.findall(r"^([a-z0-9-]+)(?:\[[^]]*\])?==", locked, re.MULTILINE))
    assert needed <= listed.keys() <= installed
    assert "psycopg-binary" in listed  # by an extra of one
    assert "anyio" in listed  # by another package
    assert "kefu" not in listed


def test_each_has_a_licence_of_one_line(listed: dict[str, str]):
    assert [name for name, licence in listed.items() if licence in ("", "-")] == []
    assert all(len(licence) < 100 for licence in listed.values())


async def test_the_list_is_where_the_page_of_licences_says(house: House):
    server = await house.serve_production()
    assert "/licenses/python.txt" in (await server.get("/licenses")).text
    told = await server.get("/licenses/python.txt")
    assert told.headers["content-type"] == "text/plain; charset=utf-8"
    assert told.text == licences.python_packages()


def test_it_does_not_say_which_versions_a_server_runs():
    assert not re.search(r"==|\d+\.\d+\.\d+", licences.python_packages())
