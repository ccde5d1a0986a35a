"""What a package says of itself."""

import re
import tomllib
from email import message_from_string

import pytest
from hatchling.metadata.core import ProjectMetadata
from hatchling.plugin.manager import PluginManager
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.packaging.building import ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
REQUIREMENTS = [Requirement(line) for line in PROJECT["dependencies"]]
# Numbered by date: nothing says which number breaks.
UNBOUNDED = {"argon2-cffi", "certifi", "structlog", "tzdata"}


@pytest.fixture(scope="module")
def metadata():
    project = ProjectMetadata(str(ROOT), PluginManager())
    from hatchling.metadata.spec import get_core_metadata_constructors

    latest = max(get_core_metadata_constructors().items())[1]
    return message_from_string(latest(project))


def test_the_readme_has_no_link_that_leads_nowhere_outside_the_repository(metadata):
    links = re.findall(r"\]\(([^)]*)\)", metadata.get_payload())
    assert [link for link in links if not link.startswith("https://")] == []
    assert "![" not in metadata.get_payload()
    assert "(docs/" not in metadata.get_payload()


def test_the_readme_of_a_package_is_for_who_has_the_package_alone(metadata):
    text = metadata.get_payload()
    parts = ["Your first minute", "What it does", "What is promised", "In production"]
    assert re.findall(r"^## (.*)$", text, re.MULTILINE) == parts
    for word in ("pip install", "    kefu demo", "    kefu serve", "kefu --help"):
        assert word in text
    for word in (".venv", "git clone", "make ", "Contributing", "中文"):
        assert word not in text


def test_the_readme_of_a_package_is_whole_sentences(metadata):
    """What a link leaves where it was all of a line is no sentence."""
    text = metadata.get_payload()
    for block in filter(None, map(str.strip, text.split("\n\n"))):
        if not block.startswith(("#", "|", "kefu ", "pip ")):
            assert block.endswith((".", ":")), block
            assert len(block.split()) > 5, block


def test_the_summary_names_nothing_that_is_not_there(metadata):
    names = {requirement.name for requirement in REQUIREMENTS}
    for product, library in {"Redis": "redis", "PostgreSQL": "psycopg", "SQLite": None}.items():
        assert product not in metadata["Summary"] or library is None or library in names


def test_it_says_who_made_it_and_what_it_is(metadata):
    assert metadata["Author"]
    assert metadata["Maintainer"]
    assert metadata["Keywords"]
    assert metadata["License-Expression"] == "MIT"
    assert len(metadata.get_all("Classifier")) > 5


@pytest.mark.parametrize("requirement", REQUIREMENTS, ids=lambda one: one.name)
def test_a_version_that_may_break_it_is_not_taken(requirement):
    bounded = any(one.operator == "<" for one in requirement.specifier)
    assert bounded != (requirement.name in UNBOUNDED)


@pytest.mark.parametrize("requirement", REQUIREMENTS, ids=lambda one: one.name)
def test_what_has_no_upper_bound_is_numbered_by_date_and_the_pages_name_it(requirement):
    if requirement.name in UNBOUNDED:
        [version] = [one.version for one in requirement.specifier]
        assert 2020 <= int(version.split(".")[0]) % 2000 + 2000 < 2100
        assert requirement.name in (ROOT / "docs" / "mended.md").read_text("utf-8")


def test_what_is_tested_is_what_may_be_installed():
    locked = (ROOT / "requirements" / "run.txt").read_text("utf-8")
    versions = {
        canonicalize_name(name): version
        for name, version in re.findall(r"^([\w.-]+)(?:\[[^\]]*\])?==([^\s;]+)", locked, re.M)
    }
    outside = [
        requirement.name
        for requirement in REQUIREMENTS
        if not requirement.specifier.contains(versions[canonicalize_name(requirement.name)])
    ]
    assert outside == []
