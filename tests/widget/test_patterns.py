"""On which pages an invitation is shown: the cases that the loader is held to as well."""

from __future__ import annotations

import json
from time import process_time

import pytest

from kefu.widget.patterns import is_pattern, matches
from tests.docs.pages import ROOT

CASES = json.loads((ROOT / "docs/page-patterns.json").read_text())


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['pattern']} {case['url']}")
def test_a_pattern_means_its_pages_and_no_others(case):
    assert is_pattern(case["pattern"])
    assert matches(case["pattern"], case["url"]) is case["fits"]


@pytest.mark.parametrize("text", ["", "prices", "ftp://a.example/*", "javascript:*"])
def test_what_no_page_can_fit_is_no_pattern(text):
    assert not is_pattern(text)


def test_the_longest_pattern_on_the_longest_address_takes_no_time():
    begun = process_time()
    assert not matches("/" + "*a" * 149 + "b", "https://a.example/" + "a" * 4_000)
    assert process_time() - begun < 0.1
