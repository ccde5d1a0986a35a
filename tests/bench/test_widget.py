"""What the widget's benchmark makes of what a browser tells it."""

from __future__ import annotations

import pytest

from bench.widget import (
    BLOCKED,
    LONGEST,
    OPENED,
    PAINTED,
    ROWS,
    SCORE,
    SHIFT,
    SHOWN,
    TIME,
    WRITTEN,
    Step,
    measured,
    middle,
    table,
    time_in,
)
from tests.docs.pages import read


def node(id: int, url: str, *children: int) -> dict[str, object]:
    return {"id": id, "callFrame": {"url": url}, "children": list(children)}


def test_the_loaders_time_is_its_own_and_that_of_what_it_calls():
    profile = {
        "nodes": [
            node(1, "", 2, 5),
            node(2, "https://chat.example/kefu.js", 3),
            node(3, "", 4),  # the browser's own, called by the loader
            node(4, "https://shop.example/shop.js"),
            node(5, "https://shop.example/shop.js", 6),
            node(6, ""),
        ],
        "samples": [1, 2, 3, 4, 5, 6],
        "timeDeltas": [1_000_000, 1_000, 2_000, 4_000, 8_000, 16_000],
    }
    assert time_in(profile, "/kefu.js") == 7.0
    assert time_in(profile, "/none.js") == 0.0


def test_a_figure_of_several_runs_is_the_middle_with_its_ends():
    assert middle([30.4, 10.0, 20.6]) == "21 (10–30)"
    assert middle([0.0, 0.0]) == "0"
    assert middle([0.0, 0.25, 0.5]) == "0.250 (0.000–0.500)"
    assert middle([1.0, 2.5, 9.0]) == "2.5 (1.0–9.0)"


@pytest.mark.parametrize(("language", "page"), [("en", "widget.md"), ("zh-CN", "widget.zh-CN.md")])
def test_the_table_that_is_printed_is_the_one_of_the_page(language: str, page: str):
    printed = table(language, [""] * len(ROWS[language]))
    shown = read(f"docs/{page}")
    for line in printed.splitlines():
        assert line.removesuffix("|  |") in shown


def test_each_figure_stands_in_its_row():
    counted = {
        SHOWN: Step(requests=2, bytes=3072),
        OPENED: Step(requests=7, bytes=19456),
        WRITTEN: Step(requests=20, bytes=46592, kept=3),
    }
    spent = {TIME: [30.0], LONGEST: [0.0], SHIFT: [0.0]}
    one = {SCORE: [100.0], PAINTED: [800.0], BLOCKED: [0.0]}
    other = {SCORE: [99.0], PAINTED: [810.0], BLOCKED: [27.0]}
    column = measured(counted, spent, {"without": one, "with": other})
    assert column[:6] == ["0", "0", "2", "3.0 KiB", "19.0 KiB", "45.5 KiB"]
    assert column[6:9] == ["0", "30 ms", "< 50 ms"]
    assert column[9:] == ["100, 99", "800 ms, 810 ms", "0 ms, 27 ms"]
    assert "| the loader | 3 KiB | 3.0 KiB |" in table("en", column).splitlines()
    assert measured(counted, spent, {})[9:] == ["–", "–", "–"]
