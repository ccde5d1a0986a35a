"""The page on what breaks in others' widgets names for every row tests that are there."""

from __future__ import annotations

import re

import pytest

from tests.docs.pages import ROOT, defined, named_tests, read, rows

PAGE = "docs/faces.md"
ROWS = [
    (held, tests)
    for heading in re.findall(r"^## .+$", read(PAGE), re.MULTILINE)
    for held, tests in rows(PAGE, heading)
]
_OF_WEB = re.compile(r"`(web/[\w/.-]+\.test\.m?[tj]sx?)::([^`]+)`")


@pytest.mark.parametrize(("held", "tests"), ROWS, ids=[held for held, _ in ROWS])
def test_what_must_hold_is_held_by_tests_that_are_there(held: str, tests: str):
    named, sentences = named_tests(tests), _OF_WEB.findall(tests)
    assert len(named) + len(sentences) == tests.count("`") // 2 > 0
    assert [f"{file}::{name}" for file, name in named if name not in defined(file)] == []
    said = {file: (ROOT / file).read_text("utf-8") for file, _ in sentences}
    assert [words for file, words in sentences if words not in said[file]] == []
