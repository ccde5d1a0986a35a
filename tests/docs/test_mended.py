"""The page on what was found names for every row tests that are there."""

from __future__ import annotations

import re

import pytest

from tests.docs.pages import ROOT, defined, named_tests, read, rows

PAGE = "docs/mended.md"
ROWS = [
    (found, tests)
    for heading in re.findall(r"^## .+$", read(PAGE), re.MULTILINE)
    for found, _, tests in rows(PAGE, heading)
]


@pytest.mark.parametrize(("found", "tests"), ROWS, ids=[found for found, _ in ROWS])
def test_what_was_found_is_held_by_tests_that_are_there(found: str, tests: str):
    named, files = named_tests(tests), re.findall(r"`(web/[\w/.-]+\.test\.m?[tj]s)`", tests)
    assert len(named) + len(files) == tests.count("`") // 2 > 0
    assert [f"{file}::{name}" for file, name in named if name not in defined(file)] == []
    assert [file for file in files if not (ROOT / file).is_file()] == []
