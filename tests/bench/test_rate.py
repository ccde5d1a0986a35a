"""A desk's own rates: the short form runs; no figure is judged here."""

from pathlib import Path

import pytest

import bench
from bench.load import Timing
from bench.rate import BARE, markdown, measure

pytestmark = pytest.mark.timeout(240)


def test_a_short_run_measures_each_case_and_makes_a_table() -> None:
    here = Path(bench.__file__).parent.parent
    found = measure({"Kefu": here}, rounds=1, timing=Timing(0.1, 0.3), rates=(50,))
    assert list(found) == [f"{BARE}, –, 50", "Kefu, off, 50", "Kefu, on, 50", "Kefu, off, 0"]
    table = markdown(found).splitlines()
    assert len(table) == 2 + len(found)
    assert "| Kefu | on | 50 |" in table[4]
