"""The benchmark's command line."""

import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bench.__main__ import app


def test_help_shows_examples() -> None:
    result = CliRunner().invoke(app, ["--help"])
    assert result.exit_code == 0
    assert "python -m bench --quick" in result.output


@pytest.mark.parametrize("option", ["--only", "--servers"])
def test_an_unknown_name_is_refused_with_the_known_ones(option: str) -> None:
    result = CliRunner().invoke(app, [option, "relay,nonsense"])
    assert result.exit_code == 2
    assert "nonsense" in result.output


@pytest.mark.node
def test_a_quick_run_prints_tables_and_keeps_nothing_unless_told(tmp_path: Path) -> None:
    command = ["--quick", "--only", "relay", "--servers", "ws", "--out", str(tmp_path)]
    # A process of its own, because the benchmark pins the one it runs in.
    done = subprocess.run([sys.executable, "-m", "bench", *command], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert "| relay on ws | 20 |" in done.stdout
    kept = sorted(path.name for path in tmp_path.iterdir())
    assert kept == ["latest.json", "latest.md", "relay.png"]
