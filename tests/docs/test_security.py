"""The page on security names every case, and tests that there are; each test of a case is named."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tests.docs.pages import ROOT, defined, named_tests, read, rows

PAGE, HEADING = "docs/security.md", "## What is tested"
ENDS = {PAGE: "## What ends with access", "docs/security.zh-CN.md": "## 失去权限时，什么随之结束"}
CASES = [f"S{number:02}" for number in range(1, 35)]
WITHOUT = {"S18"}  # there is nothing that could be attacked so


def named() -> Iterator[tuple[str, str, str]]:
    """Each case with each file and test that it names."""
    for case, _, tests in rows(PAGE, HEADING):
        for file, name in named_tests(tests):
            yield case, file, name


def test_every_named_test_is_there():
    assert [f"{file}::{name}" for _, file, name in named() if name not in defined(file)] == []


def test_every_case_has_a_row_and_a_test():
    told = {case for row in rows(PAGE, HEADING) for case in re.findall(r"S\d\d", row[0])}
    assert told == {*CASES}
    assert {case for row, _, _ in named() for case in re.findall(r"S\d\d", row)} == told - WITHOUT


def test_every_test_of_a_case_stands_in_its_row():
    """A test says by its name which cases it is of."""
    listed = {(case, name) for row, _, name in named() for case in re.findall(r"S\d\d", row)}
    missing = []
    for file in (ROOT / "tests/security").glob("test_*.py"):
        for name in defined(f"security/{file.name}"):
            cases = {f"S{number}" for number in re.findall(r"_s(\d\d)(?=_)", name)}
            if name.startswith("test_") and not any((case, name) in listed for case in cases):
                missing += [name] if cases else []
    assert missing == []


def test_the_page_is_known_to_whoever_reports_a_hole():
    assert PAGE in read("SECURITY.md")


def test_both_languages_say_the_same_of_what_ends_with_access():
    english, chinese = (
        [[cell.startswith("–") for cell in row[1:]] for row in rows(page, heading)]
        for page, heading in ENDS.items()
    )
    assert chinese == english
