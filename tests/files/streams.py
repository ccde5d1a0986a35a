"""Uploads for tests."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import count
from pathlib import Path
from typing import Any, TypeVar

T = TypeVar("T")


async def sent(data: bytes, chunk_bytes: int = 65_536) -> AsyncIterator[bytes]:
    """The chunks of an upload as a server hands them on."""
    for start in range(0, len(data), chunk_bytes):
        yield data[start : start + chunk_bytes]


class Held:
    """An upload that stops after ``data`` and never goes on; ``reached`` says it got there."""

    def __init__(self, data: bytes) -> None:
        self.data, self.reached = data, asyncio.Event()

    async def __aiter__(self) -> AsyncIterator[bytes]:
        yield self.data
        self.reached.set()
        await asyncio.Event().wait()


class CancellingExecutor(ThreadPoolExecutor):
    """Threads for an event loop; ``cancel_at`` cancels a task when it asks for its n-th job."""

    asked, n = 0, 0
    task: asyncio.Task[Any] | None = None

    def cancel_at(self, task: asyncio.Task[Any], n: int) -> None:
        self.asked, self.n, self.task = 0, n, task

    def submit(self, *args: Any, **kwargs: Any) -> Future[Any]:
        future = super().submit(*args, **kwargs)
        self.asked += 1
        if self.task is not None and self.asked == self.n:
            self.task.cancel()
        return future


async def cancel_everywhere(
    start: Callable[[], Coroutine[Any, Any, T]],
) -> AsyncIterator[T | None]:
    """Run ``start`` again and again, cancelled at its first, second … wait for a thread; yield
    None each time, and at last what it returns if it is left alone.
    """
    with CancellingExecutor() as executor:
        asyncio.get_running_loop().set_default_executor(executor)
        for n in count(1):
            task = asyncio.create_task(start())
            executor.cancel_at(task, n)
            try:
                yield await task
            except asyncio.CancelledError:
                yield None
            else:
                return


def kept(root: Path) -> list[Path]:
    """All files below ``root``."""
    return [path for path in root.rglob("*") if path.is_file()]
