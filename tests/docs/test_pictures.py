"""The documentation's pictures: few, light, and each shown on a page."""

from __future__ import annotations

import re

from tests.docs.pages import ROOT, all_pages, prose

MOST = 12
MOST_BYTES = 200_000
PICTURES = [*(ROOT / "docs" / "images").iterdir()]
_SHOWN = re.compile(r"!\[[^\]]+\]\(([^)\s]+)\)")  # one without words shows nothing to many


def test_there_are_few_pictures_and_none_is_heavy():
    assert 1 <= len(PICTURES) <= MOST
    assert [one.name for one in PICTURES if one.stat().st_size > MOST_BYTES] == []


def test_every_picture_is_shown_somewhere():
    shown = {
        (ROOT / page).parent.joinpath(link).resolve()
        for page in all_pages()
        for link in _SHOWN.findall(prose(page))
    }
    assert {*PICTURES} <= shown
