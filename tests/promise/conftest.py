"""The promise is shown on a disk.

Other tests have their folders in memory (``tests/conftest.py``). Here each commit is waited for:
how long it takes decides what a kill meets.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest


@pytest.fixture
def tmp_path() -> Iterator[Path]:
    """As pytest's own; it goes with the test."""
    with TemporaryDirectory(prefix="kefu-tests-", ignore_cleanup_errors=True) as folder:
        yield Path(folder)
