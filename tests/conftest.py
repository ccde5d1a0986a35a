"""What holds for every test, and event loops for those that ask for them.

``@pytest.mark.asyncio(loop_factories=["clock"])`` runs a test on the loop of that name.
"""

from __future__ import annotations

import asyncio
import os
import resource
import shutil
from collections import Counter, defaultdict
from collections.abc import Callable, Coroutine, Mapping
from pathlib import Path
from typing import Any, TypeVar

import pytest
import structlog
import uvloop
from hypothesis import settings
from structlog.dev import ConsoleRenderer, plain_traceback

from tests.quick import hash_quickly

# A busy machine may take its time over one example; a test's own timeout is for what hangs.
settings.register_profile("kefu", deadline=None)
settings.load_profile("kefu")

# With all local variables, as they are drawn by themselves, one logged exception takes seconds.
structlog.configure(
    [
        *structlog.get_config()["processors"][:-1],
        ConsoleRenderer(exception_formatter=plain_traceback),
    ]
)

hash_quickly()

# In memory, where a commit waits for no disk. What shows the promise is on one: tests/promise.
MEMORY, LEAST_BYTES = Path("/dev/shm"), 4_000_000_000
if MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > LEAST_BYTES:
    os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(MEMORY))

# Attacks open more connections than the 1,024 files that most systems allow at first.
_, most_files = resource.getrlimit(resource.RLIMIT_NOFILE)
resource.setrlimit(resource.RLIMIT_NOFILE, (most_files, most_files))


T = TypeVar("T")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--update-fixtures",
        action="store_true",
        help="write anew what tests record: what clients are told "
        "(docs/protocol/fixtures/freshness), the answers that the API's description shows "
        "(src/kefu/gateways/rest/answers.json)",
    )


class ClockLoop(asyncio.SelectorEventLoop):
    """Time stands still until ``advance``; sockets and threads work as ever."""

    now_s = 1000.0

    def time(self) -> float:
        return self.now_s

    async def advance(self, seconds: float) -> None:
        """Moves the clock and runs what is due, and what follows from it at once."""
        self.now_s += seconds
        for _ in range(3):
            await asyncio.sleep(0)

    async def advance_until(self, awaited: Coroutine[Any, Any, T]) -> T:
        """Moves the clock on and on until ``awaited`` is there."""
        task = self.create_task(awaited)
        while not task.done():
            await self.advance(1.0)
        return await task


def clock() -> ClockLoop:
    """The running loop of a test that asked for this one."""
    loop = asyncio.get_running_loop()
    assert isinstance(loop, ClockLoop)
    return loop


LOOPS: dict[str, Callable[[], asyncio.AbstractEventLoop]] = {
    "asyncio": asyncio.new_event_loop,
    "uvloop": uvloop.new_event_loop,
    "clock": ClockLoop,
}


def pytest_asyncio_loop_factories(
    item: pytest.Item,
) -> Mapping[str, Callable[[], asyncio.AbstractEventLoop]]:
    mark = item.get_closest_marker("asyncio")
    if mark is not None and "loop_factories" in mark.kwargs:
        return LOOPS
    return {"asyncio": LOOPS["asyncio"]}


PAGES = Path(__file__).parent / "browser"


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Who runs one half of the tests does not read the other."""
    pages = collection_path.is_relative_to(PAGES)
    on_the_way = PAGES.is_relative_to(collection_path)
    half: str = config.option.markexpr
    others = half == "not browser" if pages else half == "browser" and not on_the_way
    return True if others else None


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Files that may take long first, by the most that one of their tests may take, then those of
    many tests: so that the processes that share them end together.

    Pages last, in whatever order the rest is: while Playwright's one browser lives its event
    loop counts as running in this thread, and no other could run there.
    """
    usual_s = float(config.getini("timeout"))
    longest_s: defaultdict[Path, float] = defaultdict(lambda: usual_s)
    for item in items:
        for mark in item.iter_markers("timeout"):
            longest_s[item.path] = max(longest_s[item.path], mark.args[0])
    count = Counter(item.path for item in items)
    items.sort(
        key=lambda item: (
            item.path.is_relative_to(PAGES),
            -longest_s[item.path],
            -count[item.path],
        )
    )
