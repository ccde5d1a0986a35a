"""Pages point at what is there: links, anchors, files; and the code points at pages there are."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.docs.pages import ROOT, all_pages, prose

_LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
_CODE = re.compile(r"`([^`\n]+)`")
_PLACES = ("src/", "docs/", "tests/", "web/", "bench/", "scripts/", "requirements/", ".ci/")
_BASES = ("", "web/classic")  # a page on one part names files from there
_MENTIONED_PAGE = re.compile(r"docs/[\w/.-]+\.md")


def anchors(page: Path) -> set[str]:
    """The anchors of a page's headings, as GitHub makes them."""
    headings = re.findall(r"^#+ (.+)$", prose(page), re.MULTILINE)
    plain = (re.sub(r"[^\w\- ]", "", heading.lower()) for heading in headings)
    return {heading.replace(" ", "-") for heading in plain}


@pytest.mark.parametrize("page", all_pages(), ids=str)
def test_relative_links_lead_somewhere(page: Path):
    broken = []
    for link in _LINK.findall(prose(page)):
        if re.match(r"[a-z]+:", link):
            continue
        path, _, anchor = link.partition("#")
        target = (page.parent / path) if path else page
        found = (ROOT / target).exists()
        if not found or (anchor and anchor not in anchors(target)):
            broken.append(link)
    assert not broken


@pytest.mark.parametrize("page", all_pages(), ids=str)
def test_mentioned_files_are_there(page: Path):
    mentioned = [code for code in _CODE.findall(prose(page)) if code.startswith(_PLACES)]
    missing = [
        name
        for name in mentioned
        if not re.search(" |::", name)  # tests that are named stand below ``tests``
        and not any([*(ROOT / base).glob(name)] for base in _BASES)
    ]
    assert not missing


def test_pages_that_the_code_refers_to_are_there():
    sources = [*(ROOT / "src").rglob("*.py"), *(ROOT / "tests").rglob("*.py")]
    mentioned = {name for file in sources for name in _MENTIONED_PAGE.findall(file.read_text())}
    assert {name for name in mentioned if not (ROOT / name).is_file()} == set()


# Chinese has no blanks to break lines at; what a bench writes is a program's.
FILLED = [
    page for page in all_pages() if "zh-CN" not in str(page) and page.parent.name != "results"
]


@pytest.mark.parametrize("page", FILLED, ids=str)
def test_a_paragraph_is_filled(page: Path):
    """What was put into a line, and the paragraph not filled again, is long in the source."""
    lines = prose(page).splitlines()
    assert [line for line in lines if len(line) > 120 and not line.startswith(("|", "    "))] == []


def test_every_number_of_a_decision_is_a_decision_or_said_to_be_none():
    there = {int(page.name[:4]) for page in all_pages() if page.parent.name == "decisions"}
    index = (ROOT / "docs/README.md").read_text("utf-8")
    listed = {int(number) for number in re.findall(r"^- \[(\d+)\]\(decisions/", index, re.M)}
    passed = {int(number) for number in re.findall(r"^- (\d+) is no decision", index, re.M)}
    assert listed == there
    assert there | passed == {*range(1, max(there) + 1)}
