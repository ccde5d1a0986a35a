"""Chinese pages list the same codes, names and programs as the English ones.

Not here: settings, command-line options and tables of states, which are held to the code itself.
"""

from __future__ import annotations

import re

import pytest

from tests.docs.pages import fenced, read

PAGES = (
    "docs/webhooks",
    "docs/mail",
    "docs/promise",
    "docs/upgrading",
    "docs/protocol/rest",
    "docs/protocol/realtime",
)
_GENERATED = re.compile(r"<!-- commands:.*?<!-- end of commands -->", re.DOTALL)
_NAMED = re.compile(r"^\| (?:`([^`]+)`|(\d{3,4})) \|(?: (\d{3}) \|)?", re.MULTILINE)


def named(page: str) -> list[tuple[str, ...]]:
    """What the tables of a page are about: names in code, statuses, close codes."""
    return _NAMED.findall(_GENERATED.sub("", read(page)))


@pytest.mark.parametrize("page", PAGES)
def test_the_tables_of_both_languages_are_about_the_same(page: str):
    assert named(f"{page}.zh-CN.md") == named(f"{page}.md")


@pytest.mark.parametrize("language", ["python", "js"])
@pytest.mark.parametrize("page", PAGES)
def test_the_programs_of_both_languages_are_the_same(page: str, language: str):
    def code(of: str) -> list[str]:
        return [re.sub(r" *//.*", "", program) for program in fenced(of, language)]

    assert code(f"{page}.zh-CN.md") == code(f"{page}.md")


@pytest.mark.parametrize("page", PAGES)
def test_both_languages_have_the_same_sections(page: str):
    def levels(of: str) -> list[str]:
        return re.findall(r"^#+(?= \S)", re.sub(r"```.*?```", "", read(of), flags=re.DOTALL), re.M)

    assert levels(f"{page}.zh-CN.md") == levels(f"{page}.md")
