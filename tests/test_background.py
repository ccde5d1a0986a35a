"""What goes on beside people's requests does not die without a word."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs

import kefu.background
from kefu.actions import sweeps
from kefu.actions.indexing import Indexer
from kefu.actions.outbox import Outbox
from kefu.actions.revocations import Revocations
from kefu.app import assemble
from kefu.background import Background, beside
from kefu.config import Settings, demo
from kefu.storage.migrations import migrate


@pytest.fixture(autouse=True)
def short_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kefu.background, "PAUSE_S", 0.001)


@pytest.fixture
def demo_settings(tmp_path: Path) -> Settings:
    settings = demo(host="127.0.0.1", port=0, classic_port=0, data=str(tmp_path), env={})
    migrate(settings.database_url)
    return settings


@pytest.mark.parametrize(
    "work",
    [
        ("sweeps", sweeps, "mend_times"),
        ("revocations", Revocations, "look"),
        ("indexer", Indexer, "catch_up"),
        ("outbox", Outbox, "_rest"),
    ],
    ids=lambda work: work[0],
)
async def test_a_server_s_own_work_goes_on_after_a_fault_and_the_log_says_which(
    work: tuple[str, Any, str], demo_settings: Settings, monkeypatch: pytest.MonkeyPatch
):
    called, owner, name = work
    real, faults, worked = getattr(owner, name), [1, 1], asyncio.Event()

    async def faulty(*args: Any) -> Any:
        if faults:
            faults.pop()
            raise RuntimeError("a bug")
        worked.set()
        return await real(*args)

    monkeypatch.setattr(owner, name, faulty)
    with capture_logs() as lines:
        async with assemble(demo_settings) as server, asyncio.timeout(30):
            await worked.wait()
            assert server.ctx.database.fault is None
    failed = [line for line in lines if line["event"] == "background_failed"]
    assert [(line["work"], line["again_in_s"]) for line in failed] == [
        (called, 0.001),
        (called, 0.002),
    ]
    assert {type(line["exc_info"]) for line in failed} == {RuntimeError}


LOOKS = [
    ("sweeps", sweeps, "return_snoozed"),
    ("revocations", Revocations, "look"),
    ("indexer", Indexer, "catch_up"),
    ("outbox", Outbox, "look"),
]


@pytest.mark.parametrize("work", LOOKS, ids=lambda work: work[0])
async def test_a_stop_in_the_middle_of_a_look_at_the_store_logs_nothing(
    work: tuple[str, Any, str], demo_settings: Settings, monkeypatch: pytest.MonkeyPatch
):
    """It looks just before the store is closed, and would look again after."""
    _, owner, name = work
    real, begun, closed = getattr(owner, name), asyncio.Event(), asyncio.Event()

    async def slow(*args: Any) -> Any:
        begun.set()
        await closed.wait()
        return await real(*args)

    monkeypatch.setattr(owner, name, slow)
    with capture_logs() as lines:
        async with assemble(demo_settings) as server, asyncio.timeout(30):
            await begun.wait()
            await server.stop()
            closed.set()
            for _ in range(10):
                await asyncio.sleep(0)
    assert lines == []


async def test_a_cancellation_from_within_is_a_fault_and_not_the_end():
    again = asyncio.Event()
    turns: list[int] = []

    async def work() -> None:
        turns.append(1)
        if len(turns) == 1:
            raise asyncio.CancelledError
        again.set()
        await asyncio.Event().wait()

    async with beside("work", work), asyncio.timeout(30):
        await again.wait()


async def test_the_end_ends_the_work_and_waits_until_it_has_tidied_up():
    begun, tidied = asyncio.Event(), []

    async def work() -> None:
        try:
            begun.set()
            await asyncio.Event().wait()
        finally:
            await asyncio.sleep(0)
            tidied.append(1)

    async with beside("work", work):
        await begun.wait()
    assert tidied == [1]


async def test_work_that_ends_by_itself_is_not_begun_again():
    turns: list[int] = []

    async def work() -> None:
        turns.append(1)

    with capture_logs() as lines:
        async with beside("work", work):
            for _ in range(10):
                await asyncio.sleep(0)
    assert (turns, lines) == ([1], [])


async def test_a_short_task_that_fails_is_logged():
    async def greet() -> None:
        raise RuntimeError("a bug")

    with capture_logs() as lines:
        Background()(greet())
        for _ in range(10):
            await asyncio.sleep(0)
    (line,) = lines
    assert line["event"] == "background_failed"
    assert line["work"].endswith("greet")
