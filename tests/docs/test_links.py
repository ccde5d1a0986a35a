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
