"""Figures become ratios, verdicts, tables and pictures."""

from pathlib import Path

import pytest

from bench.budget import GOALS, ratio
from bench.modes import BARE_COMMIT
from bench.plot import draw
from bench.report import markdown
from bench.results import Case, Measured, Results, circumstances, read, write


def talk(server: str, size: int, *cpu_us: float) -> Case:
    other = {"per_s": 1.0, "p50_ms": 1.0, "p99_ms": 2.0, "generator_share": 0.5}
    return Case(server, size, [{"cpu_us": each, **other} for each in cpu_us])


@pytest.fixture
def results() -> Results:
    modes = {
        "relay": [
            talk("Kefu", 500, 20.0, 30.0, 10.0),
            talk("relay on ws", 500, 40.0, 40.0, 40.0),
            talk("first tutorial's", 500, 20.0, 60.0, 20.0),
        ],
        "fixed": [talk(BARE_COMMIT, 500, 1.0), talk("Kefu", 500, 2.0)],
        "logins": [Case("Kefu", 50, [{"mib": 1.0, "frames": 9, "seconds": 0.1, "cpu_s": 0.1}])],
        "idle": [
            Case("Kefu, rooms", 100, [{"kib": 7.0, "start_mib": 60.0}]),
            Case("Kefu, direct", 100, [{"kib": 15.0, "start_mib": 60.0}]),
        ],
    }
    return {mode: Measured({"machine": "a test"}, cases) for mode, cases in modes.items()}


def test_a_ratio_is_the_median_of_the_rounds_ratios() -> None:
    # The machine was three times slower in the second round, for both.
    assert ratio(talk("a", 1, 10.0, 36.0, 12.0), talk("b", 1, 20.0, 60.0, 20.0), "cpu_us") == 0.6


def test_the_summary_tells_what_was_reached_and_what_missed(results: Results) -> None:
    lines = markdown(results).splitlines()
    assert "| rooms : relay on ws, 500 pairs | 0.5 × | ≤ 1 × | ≤ 0.7 × | aim |" in lines
    assert "| idle connection, rooms | 7 KiB | ≤ 10 KiB | ≤ 6.5 KiB | reached |" in lines
    assert "| idle connection, direct | 15 KiB | ≤ 14 KiB | ≤ 8 KiB | **missed** |" in lines


def test_what_was_not_measured_has_no_line(results: Results) -> None:
    values = {goal.what: goal.value(results) for goal in GOALS}
    assert values["rooms : relay on ws, 2,000 pairs"] is None
    assert values["bytes of 2,000 logins : second tutorial's"] is None
    assert "2,000 pairs" not in markdown(results)


def test_every_case_has_a_row_with_kefus_ratio(results: Results) -> None:
    assert "| first tutorial's | 500 | 20 | 1 | 1 | 2 | 0.5 | 0.5 |" in markdown(results)


def test_results_survive_being_stored(results: Results, tmp_path: Path) -> None:
    path = tmp_path / "latest.json"
    assert read(path) == {}
    write(results, path)
    assert read(path) == results


def test_every_mode_gets_a_picture(results: Results, tmp_path: Path) -> None:
    written = draw(results, tmp_path)
    assert [path.name for path in written] == [f"{mode}.png" for mode in results]
    assert all(path.read_bytes().startswith(b"\x89PNG") for path in written)


def test_the_circumstances_name_what_a_reader_needs() -> None:
    known = circumstances()
    assert {"date", "commit", "machine", "disk", "load", "python", "node"} <= set(known)
    assert "nodejs-websocket 1.7.2" in known["packages"]
