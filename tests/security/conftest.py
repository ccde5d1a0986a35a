"""Servers that attacks run against: one for a module, a demo with the limits that it publishes."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from types import SimpleNamespace

import httpx
import pytest

from tests.serving import KefuServer

_numbers = itertools.count(1)


@pytest.fixture
def name() -> str:
    """A name that nobody has or had."""
    return f"某人{next(_numbers)}"


@pytest.fixture(scope="module")
def server(tmp_path_factory) -> Iterator[KefuServer]:
    with KefuServer(tmp_path_factory.mktemp("demo")) as running:
        yield running


@pytest.fixture(scope="module")
def limits(server) -> SimpleNamespace:
    """What the server itself says its limits are."""
    return SimpleNamespace(**httpx.get(f"{server.base_url}/api/v1/limits", trust_env=False).json())
