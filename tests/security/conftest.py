"""Servers that attacks run against: a demo with the limits that it publishes, and a desk."""

from __future__ import annotations

import itertools
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from types import SimpleNamespace

import httpx
import pytest

from tests.security.asking import ASKERS, TRANSPORTS, Asker, Rest
from tests.security.leaks import scanned
from tests.security.office import Office
from tests.serving import KefuServer

_numbers = itertools.count(1)


@pytest.fixture
def name() -> str:
    """A name that nobody has or had."""
    return f"某人{next(_numbers)}"


@pytest.fixture(scope="session")
def server(tmp_path_factory) -> Iterator[KefuServer]:
    with scanned(KefuServer(tmp_path_factory.mktemp("demo"))) as running:
        yield running


@pytest.fixture(scope="session")
def limits(server) -> SimpleNamespace:
    """What the server itself says its limits are."""
    return SimpleNamespace(**httpx.get(f"{server.base_url}/api/v1/limits", trust_env=False).json())


@pytest.fixture(scope="session")
def office(tmp_path_factory) -> Iterator[Office]:
    """A desk for attacks that leave nothing behind."""
    with opened(Office(tmp_path_factory.mktemp("office") / "data")) as running:
        yield running


@contextmanager
def opened(office: Office) -> Iterator[Office]:
    """Run ``office``; at the end, search all that it said."""
    with office:
        yield office
    leaks = [*office.heard.leaks(office.data_dir), *office.heard.leaks_of_log(office.log)]
    assert leaks == []


@pytest.fixture
async def rest(office) -> AsyncIterator[Rest]:
    async with Rest.open(office) as asker:
        yield asker


@pytest.fixture(params=TRANSPORTS)
async def asker(request: pytest.FixtureRequest, office) -> AsyncIterator[Asker]:
    """Each transport that takes commands."""
    async with ASKERS[request.param].open(office) as found:
        yield found
