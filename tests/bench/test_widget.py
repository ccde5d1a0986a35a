"""What the widget's benchmark makes of what a browser tells it."""

from __future__ import annotations

from bench.widget import middle, time_in


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
